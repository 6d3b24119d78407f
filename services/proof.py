"""Whether a report's PDF says what its data says, whether its figures add up, and whether the store agrees."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pikepdf
import pypdfium2
from sqlalchemy import select
from sqlmodel import Session, col

from domain.aggregate import unit_figures, year_to_date
from domain.cadence import on_year
from domain.counts import Shown
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.report.blocks import FigureRef, Paragraph
from domain.report.ledger import FigureLine, SourceLine, reckoned_again
from domain.report.sums import DISTRICT
from models.tables import ReportRow, SubmissionRow
from services.audit_content import check_contents
from services.documents import document_pdf
from services.evidence import Evidence
from services.facts import year_facts

MOST_NAMED = 5
"""Places of one kind that a check names; the rest is counted."""


class Verdict(StrEnum):
    """What a check came to."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


VERDICT_NAMES = {Verdict.RIGHT: "相符", Verdict.WRONG: "不符", Verdict.UNKNOWN: "无法核对"}


@dataclass(frozen=True)
class Check:
    """One thing that was checked, with what was found in words."""

    title: str
    verdict: Verdict
    found: str


@dataclass(frozen=True)
class Traced:
    """A figure with the versions that it comes from.

    ``digests`` are of the versions' content, by number; empty where the store is not at hand.
    """

    figure: FigureLine
    sources: tuple[SourceLine, ...]
    digests: Mapping[int, str]


def check_pdf_itself(pdf: Path, evidence: Evidence) -> Iterator[Check]:
    """What can be checked without the store: the file against the data in it, and the data against itself."""
    yield _mark(pdf, evidence)
    yield _pages(pdf, evidence)
    yield _prose(evidence)
    yield _sums(evidence)


def check_store(session: Session, plan: Plan, evidence: Evidence) -> Iterator[Check]:
    """What the store says of the same report and figures.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        evidence: of the PDF.
    """
    if plan.id != evidence.plan:
        yield Check("归档记录", Verdict.UNKNOWN, f"报告属于方案 {evidence.plan}，本系统是 {plan.id}")
        return
    filed = select(ReportRow).where(
        col(ReportRow.plan_id) == plan.id, col(ReportRow.snapshot_sha256) == evidence.snapshot_sha256
    )
    row = session.scalars(filed.limit(1)).one_or_none()
    if row is None:
        yield Check("归档记录", Verdict.WRONG, "本系统没有归档过这份快照")
    else:
        yield Check("归档记录", Verdict.RIGHT, f"{row.filed_at:%Y-%m-%d %H:%M} 归档，第 {row.id} 号")
    yield _contents(session, evidence)
    yield _collected(session, plan, evidence)


def trace(evidence: Evidence, mark: str, session: Session | None = None) -> tuple[Traced, ...]:
    """A figure of the report by its mark, with where it comes from; newest year first.

    Args:
        evidence: of the PDF.
        mark: as it is printed behind the figure.
        session: of the store, for the digests of versions; None where it is not at hand.

    Raises:
        Problem: 1904 for a mark that the report does not have.
    """
    found = evidence.ledger.of_mark(mark)
    if not found:
        raise Problem(ProblemKind.MARK_UNKNOWN, mark=mark, title=evidence.document.title)
    numbers = {number for figure in found for number in figure.sources}
    digests: dict[int, str] = {}
    if session is not None:
        rows = select(col(SubmissionRow.id), col(SubmissionRow.content_sha256)).where(
            col(SubmissionRow.id).in_(numbers)
        )
        digests = {number or 0: digest for number, digest in session.execute(rows)}
    return tuple(Traced(figure, evidence.ledger.sources_of(figure), digests) for figure in found)


def _mark(pdf: Path, evidence: Evidence) -> Check:
    with pikepdf.open(pdf) as document:
        own = bytes(document.trailer.ID[0]) if "/ID" in document.trailer else b""
    right = own == bytes.fromhex(evidence.snapshot_sha256)[:16]
    found = f"快照 {evidence.snapshot_sha256[:16]}…" if right else "文件的标识与所附数据的指纹不同"
    return Check("所附数据", Verdict.RIGHT if right else Verdict.WRONG, found)


def _pages(pdf: Path, evidence: Evidence) -> Check:
    """Hold the words of each page against the same document typeset anew."""
    again = document_pdf(evidence.document, evidence.kind, evidence.snapshot_sha256)
    said, meant = _words(pdf), _words(again)
    if len(said) != len(meant):
        return Check("页面文字", Verdict.WRONG, f"文件有 {len(said)} 页，按数据应为 {len(meant)} 页")
    wrong = [str(n) for n, (one, other) in enumerate(zip(said, meant, strict=True), start=1) if one != other]
    if wrong:
        return Check("页面文字", Verdict.WRONG, f"与数据不同的页：{_some(wrong)}")
    return Check("页面文字", Verdict.RIGHT, f"{len(said)} 页，与按数据重新排版的一致")


def _prose(evidence: Evidence) -> Check:
    lines = {f.id: f for f in evidence.ledger.figures if f.year == evidence.year}
    paragraphs = [b for b in evidence.document.blocks if isinstance(b, Paragraph)]
    refs = [run for paragraph in paragraphs for run in paragraph.runs if isinstance(run, FigureRef)]
    wrong = [ref.id for ref in refs if ref.id not in lines or lines[ref.id].text != ref.text]
    if wrong:
        return Check("正文数字", Verdict.WRONG, f"与数字表不同的编号：{_some(wrong)}")
    return Check("正文数字", Verdict.RIGHT, f"{len(refs)} 处，都与数字表一致")


def _sums(evidence: Evidence) -> Check:
    found = list(reckoned_again(evidence.ledger))
    if not found:
        return Check("合计与比率", Verdict.RIGHT, "没有合计数和比率")
    wrong = [f"{one.figure.year}年 {one.figure.id}" for one in found if one.wrong]
    if wrong:
        return Check("合计与比率", Verdict.WRONG, f"复算不符：{_some(wrong)}")
    done = sum(one.value is not None for one in found)
    rest = f"；{len(found) - done} 个的组成部分未全部公布，无法复算" if done < len(found) else ""
    return Check("合计与比率", Verdict.RIGHT if done else Verdict.UNKNOWN, f"复算 {done} 个，均相符{rest}")


def _contents(session: Session, evidence: Evidence) -> Check:
    """Whether the versions that figures come from are still what the audit chain saw come in."""
    listed = {(s.submission, s.version) for s in evidence.ledger.sources}
    numbers = {number for number, _ in listed}
    known = select(col(SubmissionRow.id), col(SubmissionRow.version)).where(
        col(SubmissionRow.id).in_(numbers)
    )
    there = {(number, version) for number, version in session.execute(known)}
    gone = [str(number) for number, _ in sorted(listed - there)]
    if gone:
        return Check("原始记录", Verdict.WRONG, f"库中没有的提交号：{_some(gone)}")
    faults = [
        f"{fault.key} 第 {fault.version} 版（{fault.reason}）" for fault in check_contents(session, numbers)
    ]
    if faults:
        return Check("原始记录", Verdict.WRONG, f"与审计记录不符：{_some(faults)}")
    return Check("原始记录", Verdict.RIGHT, f"{len(listed)} 个版次都在，内容与审计记录一致")


def _collected(session: Session, plan: Plan, evidence: Evidence) -> Check:
    """Hold units' published figures against what their accepted versions add up to."""
    facts = [f for year in plan.years if year <= evidence.year for f in year_facts(session, plan, year)]
    until = evidence.until or evidence.as_of
    raw: dict[tuple[int, str, str], Decimal | None] = {}
    for year in {f.year for f in evidence.ledger.figures}:
        day = on_year(f"{until:%m-%d}", year) if until.year == evidence.year else until
        span = year_to_date(year, day)
        for (indicator, unit), figure in unit_figures(plan, facts, span, evidence.as_of).items():
            raw[year, indicator, unit] = figure.value
    own = [
        f
        for f in evidence.ledger.figures
        if f.owner != DISTRICT and not f.parts and isinstance(f.released, Shown)
    ]
    wrong = [
        f"{f.year}年 {f.id}"
        for f in own
        if isinstance(f.released, Shown) and raw.get((f.year, f.indicator, f.owner)) != f.released.value
    ]
    if wrong:
        return Check("单位数字", Verdict.WRONG, f"与库中审核通过的数字不同：{_some(wrong)}")
    return Check("单位数字", Verdict.RIGHT, f"{len(own)} 个公布数，都与库中审核通过的一致")


def _words(pdf: Path | bytes) -> list[str]:
    """The characters of each page; how they are parted into pieces is the reader's business."""
    with pypdfium2.PdfDocument(pdf) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def _some(names: list[str]) -> str:
    rest = f"等 {len(names)} 处" if len(names) > MOST_NAMED else ""
    return "、".join(names[:MOST_NAMED]) + rest
