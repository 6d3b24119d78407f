"""Taking over what a unit hands in: the one door behind every door (page, Excel, API).

All or nothing: either every entry is stored as a new version, or none is and every fault is told.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert
from sqlmodel import Session, col

from domain.canonical import clean_entry, clean_text, entry_sha256
from domain.entries import Fault, ItemEntry, Refused
from domain.entry_check import shown
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.workdays import BEIJING
from models.desk import DraftRow, SubmissionAttachmentRow
from models.queries import Latest
from models.tables import FigureRow, PassageRow, SubmissionRow, WorkItemRow
from services import audit
from services.known import Files, Known

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
    account: int | None = None,
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
        account: the account that hands in, whose drafts of these items go; None where it comes without one.
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
    known = Known.of(session, {e.key for e in clean}, lock=True)
    clean = [known.resolved(entry) for entry in clean]
    faults = [*_sender_faults(sender.by, clean[0].key), *_twice(clean)]
    for entry in clean:
        faults += known.faults(plan, sender.unit, at.astimezone(BEIJING).date(), entry)
    if faults:
        raise Refused(tuple(faults))
    receipts = _store(session, sender, clean, known)
    if account is not None:
        items = {row.id for row in known.items.values()}
        done = delete(DraftRow).where(col(DraftRow.item_id).in_(items), col(DraftRow.account_id) == account)
        session.execute(done)
    return receipts


def check(
    session: Session, plan: Plan, entry: ItemEntry, *, unit: str, at: datetime, by: str | None = None
) -> tuple[Fault, ...]:
    """Every fault for which :func:`submit` would refuse an entry now; nothing is stored.

    Args:
        session: any.
        plan: the plan in force.
        entry: what would be handed in.
        unit: id of the unit.
        at: the moment, aware of its zone.
        by: name of the person who would hand in; not looked at where it is None.

    Raises:
        Problem: 103 for a unit that the plan does not know.
    """
    known = Known.of(session, [entry.key])
    clean = known.resolved(clean_entry(entry))
    faults = known.faults(plan, plan.unit(unit).id, at.astimezone(BEIJING).date(), clean)
    return (*(() if by is None else _sender_faults(clean_text(by), entry.key)), *faults)


def _sender_faults(by: str, key: str) -> list[Fault]:
    if by and len(by) <= MOST_NAME:
        return []
    return [Fault(key, None, Problem(ProblemKind.PERSON_MISSING, role="填报人", limit=MOST_NAME))]


def _twice(entries: Sequence[ItemEntry]) -> list[Fault]:
    times = Counter(entry.key for entry in entries)
    return [
        Fault(key, None, Problem(ProblemKind.ENTRY_TWICE, name=shown(key)))
        for key, n in times.items()
        if n > 1
    ]


def _store(
    session: Session,
    sender: _Sender,
    entries: Sequence[ItemEntry],
    known: Known,
) -> tuple[Receipt, ...]:
    receipts: dict[str, Receipt] = {}
    fresh: list[tuple[ItemEntry, SubmissionRow]] = []
    for entry in entries:
        row = _submission(sender, entry, known.items[entry.key], known.latest)
        newest = known.latest.get(row.item_id)
        if newest and newest.submission.content_sha256 == row.content_sha256:
            receipts[entry.key] = receipt_of(entry.key, newest.submission, unchanged=True)
        else:
            fresh.append((entry, row))
    session.add_all(row for _, row in fresh)
    session.flush()
    _store_content(session, fresh, known.files)
    receipts |= {entry.key: receipt_of(entry.key, row, unchanged=False) for entry, row in fresh}
    subjects = [(entry.key, _detail(entry, row)) for entry, row in fresh]
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


def _store_content(session: Session, fresh: Sequence[tuple[ItemEntry, SubmissionRow]], files: Files) -> None:
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


def receipt_of(key: str, row: SubmissionRow, *, unchanged: bool) -> Receipt:
    """The receipt of a stored version."""
    at = row.at.astimezone(BEIJING)
    return Receipt(receipt_number(row.id or 0, at), key, row.version, at, row.content_sha256, unchanged)


def receipt_number(submission: int, at: datetime) -> str:
    """The number of a submission's receipt: the day in 北京时间, and the submission."""
    return f"{at.astimezone(BEIJING):%Y%m%d}-{submission:06}"
