"""The one way into the ledger of messages (消息台账): a message, its items and its first event, together or not at all.

Nothing is owed twice: what somebody was told of an item on a rung by a channel falls out of any later message, and a
message about something else than items (a circular) is owed once to a contact by a channel. The database holds to that,
so that two who enqueue at once do not make two of one.

Whoever enqueues because a person asked for it records that act in the audit chain; the ledger keeps an event of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from sqlalchemy import delete, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from domain.canonical import canonical_json
from domain.messages import MessageKind, MessageState
from domain.plan import Plan
from models.messages import MessageEventRow, MessageItemRow, MessageRow

ToldOf = tuple[int, date, str]
"""An item's number, the due day that it was told under, and the rung."""

_CHUNK = 500
"""So many messages are in memory at once, and go to the database in one trip."""


@dataclass(frozen=True)
class Owed:
    """A message to be enqueued.

    Attributes:
        kind: what makes it be owed.
        contact: number of the contact.
        channel: name of the channel.
        day: for which it is owed.
        next_at: before this moment nobody sends it.
        content: what it says beside its items, for :func:`services.delivery.composing.compose`.
        items: of what it tells; empty for a message that is about something else.
        subject: what it is about besides items, as ``report/12``; empty for the ladder.
        stands_in_for: number of the message that failed and that this one takes over from.
    """

    kind: MessageKind
    contact: int
    channel: str
    day: date
    next_at: datetime
    content: Mapping[str, Any]
    items: Sequence[ToldOf] = ()
    subject: str = ""
    stands_in_for: int | None = None


def enqueue(  # noqa: PLR0913 - what a message consists of; each is a different thing
    session: Session,
    plan: Plan,
    *,
    kind: MessageKind,
    subject: str,
    contact: int,
    channel: str,
    day: date,
    next_at: datetime,
    content: Mapping[str, Any],
    items: Sequence[ToldOf],
    by: str,
    at: datetime,
) -> int | None:
    """Put one message into the ledger; returns its number, or None where nothing of it is owed any more.

    None means: of every item the contact was told by this channel on this rung; or, without items, that the same
    subject was told already.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        kind: what makes it be owed.
        subject: what it is about besides items; empty for the ladder.
        contact: number of the contact.
        channel: name of the channel.
        day: for which it is owed.
        next_at: before this moment nobody sends it.
        content: what it says beside its items, as JSON can hold it.
        items: number, due day and rung of each item that it tells of.
        by: who or what enqueues.
        at: the moment.
    """
    owed = Owed(kind, contact, channel, day, next_at, content, items, subject)
    return next(iter(_enqueue(session, plan, [owed], by, at)), None)


def enqueue_all(session: Session, plan: Plan, owed: Iterable[Owed], *, by: str, at: datetime) -> int:
    """As :func:`enqueue` for a stream of messages, which is never in memory as a whole; returns how many are new.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        owed: the messages.
        by: who or what enqueues.
        at: the moment.
    """
    stream = iter(owed)
    new = 0
    while chunk := list(islice(stream, _CHUNK)):
        new += len(_enqueue(session, plan, chunk, by, at))
    return new


def _enqueue(session: Session, plan: Plan, owed: Sequence[Owed], by: str, at: datetime) -> list[int]:
    """Put messages into the ledger; returns the numbers of those that are new, in their order."""
    by_uid = {_uid(plan, one): one for one in owed}
    rows = [_row(plan, uid, one) | {"made_at": at, "made_by": by} for uid, one in by_uid.items()]
    made = _insert(session, MessageRow, ["uid"]).returning(col(MessageRow.uid), col(MessageRow.id))
    numbers = {uid: number for uid, number in session.execute(made, rows) if number is not None}
    items = [
        _item(numbers[uid], one, told) for uid, one in by_uid.items() if uid in numbers for told in one.items
    ]
    telling: set[int] = set()
    if items:
        unique = ["item_id", "due", "rung", "contact_id", "channel"]
        kept = _insert(session, MessageItemRow, unique).returning(col(MessageItemRow.message_id))
        telling = set(session.scalars(kept, items))
    idle = [number for uid, number in numbers.items() if by_uid[uid].items and number not in telling]
    if idle:
        session.execute(delete(MessageRow).where(col(MessageRow.id).in_(idle)))
    new = sorted(set(numbers.values()) - set(idle))
    if new:
        state = MessageState.PLANNED.value
        events = [{"message_id": number, "at": at, "state": state, "by": by, "detail": ""} for number in new]
        session.execute(insert(MessageEventRow), events)
    return new


def _insert(session: Session, table: type[MessageRow | MessageItemRow], unique: Sequence[str]) -> Any:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table).on_conflict_do_nothing(index_elements=unique)


def _uid(plan: Plan, owed: Owed) -> str:
    """An id of its own; for a message about a subject and no items the same each time, so that it is owed once."""
    if owed.items or not owed.subject:
        return str(uuid4())
    return str(
        uuid5(NAMESPACE_URL, f"guanai:{plan.id}/{owed.kind}/{owed.subject}/{owed.contact}/{owed.channel}")
    )


def _row(plan: Plan, uid: str, owed: Owed) -> dict[str, Any]:
    return {
        "uid": uid,
        "plan_id": plan.id,
        "kind": owed.kind.value,
        "subject": owed.subject,
        "contact_id": owed.contact,
        "channel": owed.channel,
        "day": owed.day,
        "state": MessageState.PLANNED.value,
        "attempts": 0,
        "next_at": owed.next_at,
        "error": "",
        "stands_in_for": owed.stands_in_for,
        "content": canonical_json(owed.content),
    }


def _item(number: int, owed: Owed, told: ToldOf) -> dict[str, Any]:
    item, due, rung = told
    return {
        "message_id": number,
        "item_id": item,
        "due": due,
        "rung": rung,
        "contact_id": owed.contact,
        "channel": owed.channel,
    }
