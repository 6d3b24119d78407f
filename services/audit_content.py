"""Whether what units handed in, and the office's verdicts, are still what the audit chain saw come in."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, true
from sqlmodel import Session, col

from domain.canonical import entry_sha256
from domain.entries import FigureEntry, ItemEntry, Passage, State
from domain.facts import Verdict
from models.attachments import of_all_submissions, of_submissions
from models.tables import AuditLineRow, FigureRow, PassageRow, ReviewRow, SubmissionRow, WorkItemRow

VERDICT_OF = {"accept": Verdict.ACCEPTED.value, "return": Verdict.RETURNED.value}
"""Actions in the chain that are verdicts."""


@dataclass(frozen=True)
class ContentFault:
    """A version that is not what the chain says was handed in or decided, and why; ``line`` is 0 without a line."""

    key: str
    version: int
    line: int
    reason: str


@dataclass(frozen=True)
class _Line:
    """What a line of the chain says of a submission: the item, the version, and its digest or verdict."""

    seq: int
    key: str
    version: int
    says: str


_NO_LINE = _Line(0, "", 0, "")


def check_contents(session: Session, among: Collection[int] | None = None) -> tuple[ContentFault, ...]:
    """Every stored version whose content, digest or verdict differs from what the chain says, or that is gone.

    The chain itself is the business of :func:`services.audit.verify`.

    Args:
        session: of :func:`models.engine.reading`.
        among: numbers of the versions to look at; None for all.
    """
    submitted, decided = _lines(session, {"submit": ""}), _lines(session, VERDICT_OF)
    passages, figures = _passages(session, among), _figures(session, among)
    attached = of_all_submissions(session) if among is None else of_submissions(session, among)
    reviews = select(ReviewRow).where(_one_of(ReviewRow.submission_id, among))
    verdicts = {row.submission_id: row.verdict for row in session.scalars(reviews)}
    rows = (
        select(SubmissionRow, col(WorkItemRow.key))
        .join(WorkItemRow, col(WorkItemRow.id) == col(SubmissionRow.item_id))
        .where(_one_of(SubmissionRow.id, among))
    )
    faults: list[ContentFault] = []
    there: set[int] = set()
    for row, key in session.execute(rows.order_by(col(SubmissionRow.id))):
        number = row.id or 0
        there.add(number)
        entry = ItemEntry(
            key=key,
            state=State(row.state),
            passages=tuple(passages.get(number, ())),
            figures=tuple(figures.get(number, ())),
            attachments=tuple(file.sha256 for file in attached.get(number, ())),
        )
        line, decision = submitted.get(number, _NO_LINE), decided.get(number, _NO_LINE)
        reasons = _reasons(row, entry_sha256(entry), line)
        faults += (ContentFault(key, row.version, line.seq, reason) for reason in reasons)
        if verdicts.get(number, "") != decision.says:
            faults.append(ContentFault(key, row.version, decision.seq, "审核结论与审计记录不同"))
    told = submitted.keys() if among is None else submitted.keys() & set(among)
    gone = [submitted[number] for number in sorted(told - there)]
    faults += (ContentFault(line.key, line.version, line.seq, "此次提交已不在库中") for line in gone)
    return tuple(faults)


def _reasons(row: SubmissionRow, digest: str, line: _Line) -> Iterator[str]:
    if digest != row.content_sha256:
        yield "内容与提交时不同"
    if line is _NO_LINE:
        yield "没有对应的审计记录"
    elif (line.says, line.version) != (row.content_sha256, row.version):
        yield "校验值或版次与审计记录不同"


def _lines(session: Session, actions: Mapping[str, str]) -> dict[int, _Line]:
    """Lines of these actions, by the submission that they tell of; ``says`` is the action's word, or the digest."""
    lines = select(AuditLineRow).where(col(AuditLineRow.action).in_(actions)).order_by(col(AuditLineRow.seq))
    found: dict[int, _Line] = {}
    for row in session.scalars(lines):
        detail = json.loads(row.detail)
        says = actions[row.action] or detail["content_sha256"]
        found[detail["submission"]] = _Line(row.seq, row.subject, detail["version"], says)
    return found


def _one_of(column: int | None, among: Collection[int] | None) -> ColumnElement[bool]:
    """Whether a number is among some; always, where none are named."""
    return true() if among is None else col(column).in_(among)


def _passages(session: Session, among: Collection[int] | None) -> dict[int, list[Passage]]:
    found: defaultdict[int, list[Passage]] = defaultdict(list)
    rows = select(col(PassageRow.submission_id), col(PassageRow.slot), col(PassageRow.text)).where(
        _one_of(PassageRow.submission_id, among)
    )
    for submission, slot, text in session.execute(rows):
        found[submission].append(Passage(slot=slot, text=text))
    return {number: sorted(each, key=lambda p: p.slot) for number, each in found.items()}


def _figures(session: Session, among: Collection[int] | None) -> dict[int, list[FigureEntry]]:
    found: defaultdict[int, list[FigureEntry]] = defaultdict(list)
    columns = (FigureRow.submission_id, FigureRow.indicator, FigureRow.value, FigureRow.remark)
    rows = select(*(col(column) for column in columns)).where(_one_of(FigureRow.submission_id, among))
    for submission, indicator, value, remark in session.execute(rows):
        found[submission].append(FigureEntry(indicator=indicator, value=value, remark=remark))
    return {number: sorted(each, key=lambda f: f.indicator) for number, each in found.items()}
