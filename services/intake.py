"""Taking over what a unit hands in: the one door behind every door (page, Excel).

All or nothing: either every entry is stored as a new version, or none is and every fault is told.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
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
from models import attachments, queries
from models.desk import SubmissionAttachmentRow
from models.queries import Latest
from models.tables import FigureRow, PassageRow, SubmissionRow, WorkItemRow
from services import audit

MOST_NAME = 60
"""Characters of a person's name."""
MOST_ATTACHMENTS = 10
"""Files that may be handed in with one version."""


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


@dataclass(frozen=True)
class _Files:
    """Files that may be handed in (ids by item and digest), and the digests handed in with the newest version."""

    known: Mapping[int, Mapping[str, int]]
    before: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(cls, session: Session, items: Collection[int], latest: Mapping[int, Latest]) -> "_Files":
        """What the store has of some items."""
        put = attachments.of_items(session, items)
        newest = {item: one.submission.id or 0 for item, one in latest.items() if item in put}
        handed_in = attachments.of_submissions(session, newest.values()) if newest else {}
        return cls(
            {item: {row.sha256: row.id or 0 for row in rows} for item, rows in put.items()},
            {item: tuple(row.sha256 for row in handed_in.get(n, ())) for item, n in newest.items()},
        )

    def resolved(self, entry: ItemEntry, item: WorkItemRow | None) -> ItemEntry:
        """The entry with the attachments of the version before, where its door has none."""
        if entry.attachments is not None or item is None:
            return entry
        return entry.model_copy(update={"attachments": self.before.get(item.id or 0, ())})

    def ids(self, entry: ItemEntry, item: int) -> list[int]:
        """Ids of the entry's attachments."""
        return [self.known[item][digest] for digest in entry.attachments or ()]

    def faults(self, entry: ItemEntry, item: WorkItemRow | None, unit: str) -> Iterator[Fault]:
        """Too many files, and those that nobody has put to the item."""
        if item is None or item.unit != unit or not entry.attachments:
            return
        if len(entry.attachments) > MOST_ATTACHMENTS:
            problem = Problem(ProblemKind.ATTACHMENTS_TOO_MANY, most=MOST_ATTACHMENTS)
            yield Fault(entry.key, "attachments", problem)
        if not set(entry.attachments) <= self.known.get(item.id or 0, {}).keys():
            yield Fault(entry.key, "attachments", Problem(ProblemKind.ATTACHMENT_UNKNOWN))


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
        door: ``excel``, ``page``...
        file_sha256: digest of the file that it came in.

    Raises:
        Refused: with every fault; nothing was stored.
        Problem: 103 for a unit that the plan does not know.
    """
    sender = _Sender(plan.unit(unit).id, clean_text(by), at, door, file_sha256)
    clean = [clean_entry(entry) for entry in entries]
    if not clean:
        return ()
    items = queries.items_by_key(session, {e.key for e in clean}, lock=True)
    ids = [row.id for row in items.values() if row.id is not None]
    latest = queries.latest_submissions(session, ids)
    files = _Files.of(session, ids, latest)
    clean = [files.resolved(entry, items.get(entry.key)) for entry in clean]
    last = queries.last_figures(session, ids)
    closed = _closed(session, latest.values())
    faults = [*_sender_faults(sender, clean), *_twice(clean)]
    for entry in clean:
        faults += _faults(plan, sender, entry, items.get(entry.key), latest, last, closed)
        faults += files.faults(entry, items.get(entry.key), sender.unit)
    if faults:
        raise Refused(tuple(faults))
    return _store(session, sender, clean, items, latest, files)


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
    files: _Files,
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
    _store_content(session, fresh, files)
    receipts |= {entry.key: _receipt(entry.key, row, unchanged=False) for entry, row in fresh}
    subjects = [(entry.key, _detail(entry, row)) for entry, row in fresh]
    audit.record_all(session, at=sender.at, actor=sender.by, action="submit", subjects=subjects)
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


def _store_content(session: Session, fresh: Sequence[tuple[ItemEntry, SubmissionRow]], files: _Files) -> None:
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
    attached = [
        {"submission_id": row.id, "attachment_id": number}
        for entry, row in fresh
        for number in files.ids(entry, row.item_id)
    ]
    if figures:
        session.execute(insert(FigureRow), figures)
    if attached:
        session.execute(insert(SubmissionAttachmentRow), attached)


def _detail(entry: ItemEntry, row: SubmissionRow) -> audit.Detail:
    detail: dict[str, str | int | None] = {
        "submission": row.id,
        "version": row.version,
        "door": row.door,
        "content_sha256": row.content_sha256,
        "file_sha256": row.file_sha256,
    }
    if entry.attachments:
        detail |= {"attachments": len(entry.attachments), "attachment_sha256": " ".join(entry.attachments)}
    return detail


def _receipt(key: str, row: SubmissionRow, *, unchanged: bool) -> Receipt:
    at = row.at.astimezone(BEIJING)
    return Receipt(f"{at:%Y%m%d}-{row.id:06}", key, row.version, at, row.content_sha256, unchanged)
