"""Plans from their files: load one, or say what is wrong with it and in which line."""

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from domain.cadence import Festivals
from domain.notice import NoticeParagraph, outline, parse_notice
from domain.plan import Plan
from domain.plan_check import Finding, check, check_outline
from domain.problems import Problem, ProblemKind
from services.notices import read_lines
from services.plan_files import Loc, Place, PlanFault, PlanFiles, Value, read_plan_files
from services.plan_wording import in_chinese
from services.workcalendar import holiday_names


def load_plan(path: Path) -> Plan:
    """The plan in the folder or file ``path``, checked whole; read again once a file has changed.

    Raises:
        Problem: 101 where there is none; 102 where it has faults, which :func:`check_plan` lists.
    """
    files = [(file, file.stat()) for file in plan_files(path)]
    return _load_plan(path, tuple((file, stat.st_mtime_ns, stat.st_size) for file, stat in files))


@lru_cache(maxsize=4)
def _load_plan(path: Path, _files: tuple[tuple[Path, int, int], ...]) -> Plan:
    """Kept, for pages ask at each view, and reading costs more than all that a page asks of the store."""
    plan, faults = _examine(path)
    if plan is None or faults:
        raise Problem(ProblemKind.PLAN_FAULTY, path=path, count=len(faults))
    return plan


def check_plan(path: Path, notice: Iterable[NoticeParagraph] | None = None) -> list[PlanFault]:
    """Everything wrong with the plan in the folder or file ``path``, in the order of files and lines.

    Entries are compared with each other, and with the ``notice`` where it is given, only once each can be read.

    Raises:
        Problem: 101 where there is no plan.
    """
    _, faults = _examine(path, notice)
    return sorted(faults, key=lambda fault: (fault.file, fault.line or 0))


def plan_files(path: Path) -> list[Path]:
    """The files that make up the plan at ``path``, in the order of their names.

    Raises:
        Problem: 101 where there are none.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path] if path.is_file() else []
    if not files:
        raise Problem(ProblemKind.PLAN_NOT_FOUND, path=path)
    return files


def read_notice(path: Path) -> tuple[NoticeParagraph, ...]:
    """The paragraphs of the notice in a file: text, Word or PDF.

    Raises:
        Problem: 107 where there is no such file; 1501, 1502 where it cannot be read.
    """
    return parse_notice("\n".join(line.text for line in read_lines(path)))


def outline_yaml(notice: Iterable[NoticeParagraph]) -> str:
    """A plan's ``outline`` file for a notice: ids, headings and digests, one paragraph a line."""
    lines = [
        "# 通知各段的编号、标题和每句的指纹，不存正文；由 guanai plan outline 生成，请勿手改。",
        "outline:",
    ]
    for paragraph in outline(notice):
        number, title, sentences = (
            json.dumps(value, ensure_ascii=False)  # JSON is YAML, quoted: a digest may look like a number
            for value in (paragraph.id, paragraph.title, paragraph.sentences)
        )
        lines.append(f"  - {{id: {number}, title: {title}, sentences: {sentences}}}")
    return "\n".join(lines) + "\n"


def located(read: PlanFiles, finding: Finding) -> PlanFault:
    """A finding with the file and the line of its entry, or of the nearest one around it."""
    place = _place(read, finding.loc)
    file, line = (place.file, place.line) if place else (read.name, None)
    return PlanFault(file, line, _words(read.data, finding.loc), finding.message, finding.mend)


def _examine(
    path: Path, notice: Iterable[NoticeParagraph] | None = None
) -> tuple[Plan | None, list[PlanFault]]:
    read = read_plan_files(path.resolve().name, plan_files(path))
    if read.faults:
        return None, read.faults
    try:
        plan = Plan.model_validate(read.data)
    except ValidationError as error:
        return None, [located(read, finding) for finding in in_chinese(error, read.data)]
    findings = [*check(plan), *_unknown_holidays(plan)]
    if notice is not None:
        findings += check_outline(plan, notice)
    return plan, [located(read, finding) for finding in findings]


def _unknown_holidays(plan: Plan) -> list[Finding]:
    known = holiday_names()
    return [
        Finding(
            ("duties", number, "cadence", "festivals", at, "holiday"),
            f"日历中没有法定节假日“{festival.holiday}”。",
            f"请从{'、'.join(known)}中选用，或改写固定日期 on。",
        )
        for number, duty in enumerate(plan.duties)
        if isinstance(duty.cadence, Festivals)
        for at, festival in enumerate(duty.cadence.festivals)
        if festival.holiday is not None and festival.holiday not in known
    ]


def _place(read: PlanFiles, loc: Loc) -> Place | None:
    for length in range(len(loc), 0, -1):
        if loc[:length] in read.places:
            return read.places[loc[:length]]
    return None


def _words(data: Value, loc: Loc) -> str:
    """The way to an entry as people would say it: list items by their id, number or name where they have one."""
    words = []
    for part in loc:
        inner: Value = None
        if isinstance(data, dict):
            inner = data.get(str(part))
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            inner = data[part]
        words.append(_item_name(inner, part) if isinstance(part, int) else part)
        data = inner
    return " › ".join(words)


def _item_name(item: Value, index: int) -> str:
    if isinstance(item, dict):
        for key in ("id", "number", "name"):
            if item.get(key) is not None:
                return str(item[key])
    return f"第{index + 1}项"
