"""Taking over what a unit hands in: the one door behind every door (page, Excel, API).

All or nothing: either every entry is stored as a new version, or none is and every fault is told.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session

from domain.canonical import clean_entry, clean_text, entry_sha256
from domain.entries import Fault, ItemEntry, Refused
from domain.entry_check import check_entry, shown
from domain.plan import Plan
from domain.plausibility import LastFigure
from domain.problems import Problem, ProblemKind
from domain.workdays import BEIJING
from models import queries
from models.queries import Latest
from models.tables import FigureRow, PassageRow, SubmissionRow, WorkItemRow
from services import audit

MOST_NAME = 60
"""Characters of a person's name."""


@dataclass(frozen=True)
class Receipt:
    """What a unit gets for an item that it handed in (回执).

    Attributes:
        number: the receipt's number, which leads back to the submission.
        key: the item.
        version: which version this is, from 1.
        at: when it came in.
        content_sha256: digest of what was handed in.
        unchanged: whether it was in already, word for word, so that nothing was stored.
    """

    number: str
    key: str
    version: int
    at: datetime
    content_sha256: str
    unchanged: bool


@dataclass(frozen=True)
class _Sender:
    """Who hands in, when and by which door."""

    unit: str
    by: str
    at: datetime
    door: str
    file_sha256: str | None
    actor: str


def submit(  # noqa: PLR0913 - what a submission consists of; each is a different thing
    session: Session,
    plan: Plan,
    entries: Sequence[ItemEntry],
    *,
    unit: str,
    by: str,
    at: datetime,
    door: str,
    file_sha256: str | None = None,
    actor: str | None = None,
) -> tuple[Receipt, ...]:
    """Store what a unit hands in, one new version an item, in the order given.

    What equals an item's newest version stores nothing and gives the receipt of that version. An item that was
    returned, or not reviewed yet, may be handed in again; one that was accepted may where the office allowed a
    correction.

    Args:
        session: of :func:`models.engine.writing`; the transaction must end with an error where this raises.
        plan: the plan in force.
        entries: one for each item.
        unit: id of the unit.
        by: name of the person who hands in.
        at: the moment, aware of its zone.
        door: ``excel``, ``page``, ``api``.
        file_sha256: digest of the file that it came in.
        actor: whom the audit names, where that is not ``by`` alone; at most 60 characters.

    Raises:
        Refused: with every fault; nothing was stored.
        Problem: 103 for a unit that the plan does not know.
    """
    by = clean_text(by)
    sender = _Sender(plan.unit(unit).id, by, at, door, file_sha256, actor or by)
    clean = [clean_entry(entry) for entry in entries]
    if not clean:
        return ()
    items = queries.items_by_key(session, {e.key for e in clean}, lock=True)
    latest = queries.latest_submissions(session, _ids(items))
    _examine(session, plan, sender, clean, items, latest)
    return _store(session, sender, clean, items, latest)


def check(
    session: Session, plan: Plan, entries: Sequence[ItemEntry], *, unit: str, by: str, at: datetime
) -> None:
    """Look at what a unit would hand in, as :func:`submit` would, and store nothing.

    Args:
        session: any.
        plan: the plan in force.
        entries: one for each item.
        unit: id of the unit.
        by: name of the person who would hand in.
        at: the moment, aware of its zone.

    Raises:
        Refused: with every fault.
        Problem: 103 for a unit that the plan does not know.
    """
    by = clean_text(by)
    sender = _Sender(plan.unit(unit).id, by, at, "", None, by)
    clean = [clean_entry(entry) for entry in entries]
    if not clean:
        return
    items = queries.items_by_key(session, {e.key for e in clean})
    latest = queries.latest_submissions(session, _ids(items))
    _examine(session, plan, sender, clean, items, latest)


def _ids(items: Mapping[str, WorkItemRow]) -> list[int]:
    return [row.id for row in items.values() if row.id is not None]


def _examine(
    session: Session,
    plan: Plan,
    sender: _Sender,
    entries: Sequence[ItemEntry],
    items: Mapping[str, WorkItemRow],
    latest: Mapping[int, Latest],
) -> None:
    """Raise what is wrong with clean entries."""
    last = queries.last_figures(session, _ids(items))
    closed = _closed(session, latest.values())
    faults = [*_sender_faults(sender, entries), *_twice(entries)]
    for entry in entries:
        faults += _faults(plan, sender, entry, items.get(entry.key), latest, last, closed)
    if faults:
        raise Refused(tuple(faults))


def _sender_faults(sender: _Sender, entries: Sequence[ItemEntry]) -> list[Fault]:
    if sender.by and len(sender.by) <= MOST_NAME:
        return []
    return [Fault(entries[0].key, None, Problem(ProblemKind.PERSON_MISSING, role="填报人", limit=MOST_NAME))]


def _twice(entries: Sequence[ItemEntry]) -> list[Fault]:
    times = Counter(entry.key for entry in entries)
    return [
        Fault(key, None, Problem(ProblemKind.ENTRY_TWICE, name=shown(key)))
        for key, n in times.items()
        if n > 1
    ]


def _closed(session: Session, latest: Collection[Latest]) -> set[int]:
    """Ids of the accepted versions that may not be corrected; they close their items."""
    accepted = {newest.submission.id or 0 for newest in latest if newest.accepted}
    return accepted - queries.corrections(session, accepted) if accepted else accepted


def _faults(
    plan: Plan,
    sender: _Sender,
    entry: ItemEntry,
    item: WorkItemRow | None,
    latest: Mapping[int, Latest],
    last: Mapping[int, Mapping[str, LastFigure]],
    closed: Collection[int],
) -> Sequence[Fault]:
    """Every fault of one entry; none for what is in already."""
    if item is None or item.id is None or item.plan_id != plan.id:
        return [Fault(entry.key, None, Problem(ProblemKind.ITEM_UNKNOWN, key=shown(entry.key)))]
    if item.unit != sender.unit:
        name = plan.units_by_id[sender.unit].name
        return [Fault(entry.key, None, Problem(ProblemKind.ITEM_NOT_YOURS, key=item.key, unit=name))]
    newest = latest.get(item.id)
    if newest and newest.submission.content_sha256 == entry_sha256(entry):
        return []
    if newest and newest.submission.id in closed:
        return [Fault(entry.key, None, Problem(ProblemKind.ITEM_CLOSED, key=item.key))]
    if sender.at.astimezone(BEIJING).date() < item.opens:
        problem = Problem(ProblemKind.ITEM_NOT_OPEN, key=item.key, opens=item.opens)
        return [Fault(entry.key, None, problem)]
    return check_entry(plan, plan.duties_by_id.get(item.duty), item.unit, entry, last.get(item.id, {}))


def _store(
    session: Session,
    sender: _Sender,
    entries: Sequence[ItemEntry],
    items: Mapping[str, WorkItemRow],
    latest: Mapping[int, Latest],
) -> tuple[Receipt, ...]:
    receipts: dict[str, Receipt] = {}
    fresh: list[tuple[ItemEntry, SubmissionRow]] = []
    for entry in entries:
        row = _submission(sender, entry, items[entry.key], latest)
        newest = latest.get(row.item_id)
        if newest and newest.submission.content_sha256 == row.content_sha256:
            receipts[entry.key] = _receipt(entry.key, newest.submission, unchanged=True)
        else:
            fresh.append((entry, row))
    session.add_all(row for _, row in fresh)
    session.flush()
    _store_content(session, fresh)
    receipts |= {entry.key: _receipt(entry.key, row, unchanged=False) for entry, row in fresh}
    subjects = [(entry.key, _detail(row)) for entry, row in fresh]
    audit.record_all(session, at=sender.at, actor=sender.actor, action="submit", subjects=subjects)
    return tuple(receipts[entry.key] for entry in entries)


def _submission(
    sender: _Sender, entry: ItemEntry, item: WorkItemRow, latest: Mapping[int, Latest]
) -> SubmissionRow:
    newest = latest.get(item.id or 0)
    return SubmissionRow(
        item_id=item.id or 0,
        version=newest.submission.version + 1 if newest else 1,
        state=entry.state.value,
        by=sender.by,
        at=sender.at,
        door=sender.door,
        content_sha256=entry_sha256(entry),
        file_sha256=sender.file_sha256,
    )


def _store_content(session: Session, fresh: Sequence[tuple[ItemEntry, SubmissionRow]]) -> None:
    passages = [
        {"submission_id": row.id, "slot": p.slot, "text": p.text}
        for entry, row in fresh
        for p in entry.passages
    ]
    figures = [
        {"submission_id": row.id, "indicator": f.indicator, "value": f.value, "remark": f.remark}
        for entry, row in fresh
        for f in entry.figures
    ]
    if passages:
        session.execute(insert(PassageRow), passages)
    if figures:
        session.execute(insert(FigureRow), figures)


def _detail(row: SubmissionRow) -> audit.Detail:
    return {
        "submission": row.id,
        "version": row.version,
        "door": row.door,
        "content_sha256": row.content_sha256,
        "file_sha256": row.file_sha256,
    }


def _receipt(key: str, row: SubmissionRow, *, unchanged: bool) -> Receipt:
    at = row.at.astimezone(BEIJING)
    number = receipt_number(row.id or 0, at)
    return Receipt(number, key, row.version, at, row.content_sha256, unchanged)


def receipt_number(submission: int, at: datetime) -> str:
    """The number of a submission's receipt: the day on which it came in, and the submission's own number."""
    return f"{at.astimezone(BEIJING):%Y%m%d}-{submission:06}"
