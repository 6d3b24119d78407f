"""The ledger of messages, filtered and in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from domain.messages import MessageKind, MessageState
from models.messages import ContactRow, MessageEventRow, MessageItemRow, MessageRow


@dataclass(frozen=True)
class Filters:
    """Which messages; None and empty ask for nothing.

    Attributes:
        troubled: those that the office should look at: in doubt, failed, or given up with nothing that stands in.
        doubted: those that ever were in doubt, whatever came of it.
        first: owed for this day or later.
        last: owed for this day or earlier.
    """

    number: int | None = None
    troubled: bool = False
    doubted: bool = False
    state: MessageState | None = None
    kind: MessageKind | None = None
    channel: str = ""
    unit: str = ""
    subject: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Row:
    """A message in the ledger.

    Attributes:
        items: of how many items it tells.
        doubted: whether it was ever in doubt.
        taken_over: number of the message that stands in for it; None for none.
    """

    number: int
    uid: str
    kind: MessageKind
    subject: str
    contact: str
    post: str
    unit: str
    channel: str
    day: date
    state: MessageState
    attempts: int
    next_at: datetime
    sent_at: datetime | None
    acknowledged_at: datetime | None
    error: str
    made_by: str
    content: str | None
    stands_in_for: int | None
    items: int
    doubted: bool
    taken_over: int | None


_STAND_IN = aliased(MessageRow)
_TAKEN_OVER = (
    select(func.max(col(_STAND_IN.id)))
    .where(col(_STAND_IN.stands_in_for) == col(MessageRow.id))
    .correlate(MessageRow)
    .scalar_subquery()
)
_ITEMS = (
    select(func.count())
    .select_from(MessageItemRow)
    .where(col(MessageItemRow.message_id) == col(MessageRow.id))
    .correlate(MessageRow)
    .scalar_subquery()
)
_DOUBTED = (
    select(col(MessageEventRow.id))
    .where(
        col(MessageEventRow.message_id) == col(MessageRow.id),
        col(MessageEventRow.state) == MessageState.DOUBTFUL.value,
    )
    .correlate(MessageRow)
    .exists()
)


def rows(session: Session, plan_id: str, filters: Filters, *, offset: int, limit: int) -> Sequence[Row]:
    """Messages of a plan, newest first."""
    wanted: Select[Any] = (
        select(MessageRow, ContactRow, _ITEMS, _DOUBTED, _TAKEN_OVER)
        .join(ContactRow, col(ContactRow.id) == col(MessageRow.contact_id))
        .where(*_asked(plan_id, filters))
        .order_by(col(MessageRow.id).desc())
    )
    return [_row(*found) for found in session.execute(wanted.offset(offset).limit(limit))]


def count(session: Session, plan_id: str, filters: Filters) -> int:
    """How many there are."""
    wanted = select(func.count()).select_from(MessageRow)
    if filters.unit:
        wanted = wanted.join(ContactRow, col(ContactRow.id) == col(MessageRow.contact_id))
    return session.scalar(wanted.where(*_asked(plan_id, filters))) or 0


def events(session: Session, number: int) -> Sequence[MessageEventRow]:
    """What became of a message, in order."""
    wanted = select(MessageEventRow).where(col(MessageEventRow.message_id) == number)
    return session.scalars(wanted.order_by(col(MessageEventRow.id))).all()


def waiting(session: Session, plan_id: str) -> Sequence[tuple[str, MessageState, int, datetime]]:
    """What is under way, by channel and state: how many messages, and the earliest moment at which one may be sent."""
    channel, state = col(MessageRow.channel), col(MessageRow.state)
    open_states = [MessageState.PLANNED, MessageState.CLAIMED, MessageState.FAILED, MessageState.DOUBTFUL]
    wanted = (
        select(channel, state, func.count(), func.min(col(MessageRow.next_at)))
        .where(col(MessageRow.plan_id) == plan_id, state.in_([one.value for one in open_states]))
        .group_by(channel, state)
        .order_by(channel, state)
    )
    return [(name, MessageState(found), number, at) for name, found, number, at in session.execute(wanted)]


def _asked(plan_id: str, filters: Filters) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = [col(MessageRow.plan_id) == plan_id]
    if filters.troubled:
        looked_at = col(MessageRow.state).in_([MessageState.DOUBTFUL.value, MessageState.FAILED.value])
        lost = and_(col(MessageRow.state) == MessageState.GIVEN_UP.value, _TAKEN_OVER.is_(None))
        asked.append(or_(looked_at, lost))
    if filters.doubted:
        asked.append(_DOUBTED)
    equal: list[tuple[Any, Any]] = [
        (MessageRow.id, filters.number),
        (MessageRow.state, filters.state.value if filters.state else None),
        (MessageRow.kind, filters.kind.value if filters.kind else None),
        (MessageRow.channel, filters.channel or None),
        (MessageRow.subject, filters.subject or None),
        (ContactRow.unit, filters.unit or None),
    ]
    asked += [col(column) == value for column, value in equal if value is not None]
    if filters.first is not None:
        asked.append(col(MessageRow.day) >= filters.first)
    if filters.last is not None:
        asked.append(col(MessageRow.day) <= filters.last)
    return asked


def _row(message: MessageRow, contact: ContactRow, items: int, doubted: Any, taken_over: int | None) -> Row:
    return Row(
        number=message.id or 0,
        uid=message.uid,
        kind=MessageKind(message.kind),
        subject=message.subject,
        contact=contact.name,
        post=contact.post,
        unit=contact.unit,
        channel=message.channel,
        day=message.day,
        state=MessageState(message.state),
        attempts=message.attempts,
        next_at=message.next_at,
        sent_at=message.sent_at,
        acknowledged_at=message.acknowledged_at,
        error=message.error,
        made_by=message.made_by,
        content=message.content,
        stands_in_for=message.stands_in_for,
        items=items,
        doubted=bool(doubted),
        taken_over=taken_over,
    )
