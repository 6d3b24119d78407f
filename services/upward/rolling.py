"""A report over districts, step by step: read the frame, check the packages, write, render and file."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML

from domain.plan import ReportSpec
from domain.problems import Problem, ProblemKind
from domain.report.blocks import Document, Part
from domain.report.material import Issue
from domain.report.snapshot import sha256
from domain.rollup.frame import Frame, draft
from domain.rollup.report import RollUp, consolidated
from domain.rollup.senders import Sender, in_order
from services import report_folder
from services.documents import document_pdf
from services.pdf_checks import check_pdf
from services.plan_files import read_plan_files
from services.plan_wording import in_chinese
from services.plans import located
from services.report_folder import SNAPSHOT, file_name, word_name
from services.upward.reading import Package, read_package, see_consistent, sender
from services.word.document import document_docx

_WIDTH = 4096
_BLANK_SPEC = {
    "heading": "（发文机关标志）",
    "number_prefix": "（机关代字）",
    "issuer": "（发文机关）",
    "addressee": "（主送机关）",
    "printer": "（印发机关）",
    "subject": "留守儿童和困境儿童关爱服务质量提升三年行动",
}
_HEAD = (
    "汇总口径：由 guanai rollup --draft 根据收到的上报包起草。请填写 region 和 report，",
    "核对 districts 的 key（签名公钥指纹，请与各地区当面或电话核对），",
    "再核对各项举措、指标的对应关系（sources）：同一件事叫法不同的，请并为一项。",
)


class _Frozen(Part):
    """What a report over districts was rendered from."""

    year: int
    region: str
    packages: tuple[str, ...]
    document: Document


_FROZEN = TypeAdapter(_Frozen)


@dataclass(frozen=True)
class Rolled:
    """A report over districts as filed."""

    folder: Path
    pdf: Path
    districts: int
    missing: tuple[str, ...]
    unmatched: int


def read_frame(path: Path) -> Frame:
    """The frame in a YAML file.

    Raises:
        Problem: 101 where there is no such file; 1809 for one with faults, each with its line.
    """
    if not path.is_file():
        raise Problem(ProblemKind.PLAN_NOT_FOUND, path=path)
    read = read_plan_files(path.name, [path])
    faults = [str(fault) for fault in read.faults]
    if not faults:
        try:
            return Frame.model_validate(read.data)
        except ValidationError as error:
            faults = [str(located(read, finding)) for finding in in_chinese(error, read.data)]
    raise Problem(ProblemKind.FRAME_FAULTY, file=path.name, faults="\n".join(faults))


def read_packages(
    paths: Sequence[Path], seen: Callable[[Path], None] = lambda _: None
) -> tuple[Package, ...]:
    """Every package, checked; ``seen`` hears of each as it is done.

    Raises:
        Problem: 1810 with everything that is wrong, where anything is; 1807, 1808 as :func:`see_consistent`.
    """
    found: list[Package] = []
    faults: list[Problem] = []
    for path in paths:
        try:
            found.append(read_package(path))
        except Problem as problem:
            faults.append(problem)
        seen(path)
    if faults:
        raise _all(faults)
    see_consistent(found)
    return tuple(found)


def draft_frame(packages: Sequence[Package], target: Path) -> None:
    """Write a frame to start from; it names where everything comes from, and leaves the letterhead to be filled in.

    Raises:
        Problem: 1802 for a package without a summary; 1811 where the file is there already.
    """
    senders = [sender(package, None) for package in packages]
    frame = draft("（填写地区名称）", ReportSpec(**_BLANK_SPEC), [(s.summary, s.key) for s in senders])
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.allow_unicode = True
    try:
        with target.open("x", encoding="utf-8") as file:
            file.writelines(f"# {line}\n" for line in _HEAD)
            yaml.dump(json.loads(frame.model_dump_json(exclude_defaults=True)), file)
    except FileExistsError:
        raise Problem(ProblemKind.FILE_THERE, file=target) from None


def roll_up(packages: Sequence[Package], frame: Frame, day: date, out: Path, issue: Issue) -> Rolled:
    """Write, render and file the report over districts; the same packages, frame and day give the same bytes.

    Raises:
        Problem: 1802, 1806, as :func:`services.upward.reading.sender`, all of them in 1810; 702 to 706 where it cannot be
            rendered as it must be.
    """
    year = see_consistent(packages)
    rollup = RollUp(frame, year, day, in_order(frame, _senders(packages, frame)), issue)
    document = consolidated(rollup)
    frozen = _Frozen(
        year=year,
        region=frame.region,
        packages=tuple(s.snapshot for s in rollup.senders),
        document=document,
    )
    content = _FROZEN.dump_json(frozen, indent=2) + b"\n"
    digest = sha256(content)
    with report_folder.only_one(out):
        folder = report_folder.report_folder(out, f"{frame.region}{year}年度汇总报告", digest)
        name = f"{file_name(document.title)}.pdf"
        if not folder.filed:
            report_folder.prepare(folder)
            report_folder.put(folder, SNAPSHOT, content)
            pdf = document_pdf(document, "annual", digest)
            if reasons := check_pdf(pdf):
                raise Problem(ProblemKind.REPORT_FAULTY, file=name, reasons="；".join(reasons))
            report_folder.put(folder, name, pdf)
            report_folder.put(folder, word_name(name), document_docx(document, digest, 0))
            report_folder.seal(folder, {"region": frame.region, "year": year, "snapshot_sha256": digest})
    return Rolled(
        folder=folder.final,
        pdf=folder.final / name,
        districts=len(packages),
        missing=rollup.matching.missing,
        unmatched=len(rollup.matching.unmatched),
    )


def _senders(packages: Sequence[Package], frame: Frame) -> list[Sender]:
    found: list[Sender] = []
    faults: list[Problem] = []
    for package in packages:
        try:
            found.append(sender(package, frame))
        except Problem as problem:
            faults.append(problem)
    if faults:
        raise _all(faults)
    return found


def _all(faults: Sequence[Problem]) -> Problem:
    told = "\n".join(str(fault) for fault in faults)
    return Problem(ProblemKind.PACKAGES_FAULTY, count=len(faults), faults=told)
