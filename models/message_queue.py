"""The queue of messages as senders use it: looked through in pages, claimed one by one, recorded once.

A claim is a conditional UPDATE that changes one row or gives up, so that two senders never have the same message.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, distinct, func, insert, or_, select, tuple_, update
from sqlmodel import Session, col

from domain.messages import WAITING, MessageState
from models.messages import MessageEventRow, MessageRow

Place = tuple[datetime, int]
"""Where a message stands in the queue: from when on it may be sent, and its number."""

_LAST = 500
_WAITING = [state.value for state in WAITING]


@dataclass(frozen=True)
class Outcome:
    """What a message has come to.

    Attributes:
        detail: in words, for the ledger.
        next_at: when it is tried again; None where it is not.
        sent: whether it went out.
    """

    state: MessageState
    detail: str = ""
    next_at: datetime | None = None
    sent: bool = False


def due_page(
    session: Session, plan_id: str, channel: str, now: datetime, after: Place | None, size: int
) -> Sequence[Place]:
    """The next messages of a channel that may be sent by now, in the order of the queue."""
    place = (col(MessageRow.next_at), col(MessageRow.id))
    wanted = select(*place).where(_due(plan_id, now), col(MessageRow.channel) == channel)
    if after is not None:
        wanted = wanted.where(tuple_(*place) > after)
    found = session.execute(wanted.order_by(*place).limit(size))
    return [(next_at, number) for next_at, number in found if number is not None]


def due_channels(session: Session, plan_id: str, now: datetime) -> Sequence[str]:
    """The channels that have messages that may be sent by now."""
    named = select(distinct(col(MessageRow.channel))).where(_due(plan_id, now))
    return session.scalars(named.order_by(col(MessageRow.channel))).all()


def claim(session: Session, number: int, worker: str, now: datetime) -> MessageRow | None:
    """Take a message for oneself; None where somebody was faster, or it waits no more."""
    waiting = (col(MessageRow.id) == number) & _waiting(now)
    taken = {
        "state": MessageState.CLAIMED.value,
        "claimed_by": worker,
        "claimed_at": now,
        "attempts": col(MessageRow.attempts) + 1,
    }
    statement = update(MessageRow).where(waiting).values(taken).returning(col(MessageRow.id))
    if session.execute(statement).first() is None:
        return None
    note(session, number, now, worker, Outcome(MessageState.CLAIMED))
    return session.get_one(MessageRow, number, populate_existing=True)


def finish(session: Session, message: MessageRow, worker: str, now: datetime, outcome: Outcome) -> bool:
    """Record what came of a claim; says whether it was still ours.

    Where others had to take the sender for dead meanwhile, what it knows still ends the doubt, unless the message was
    claimed anew; then only the event is added.
    """
    ours = (
        (col(MessageRow.id) == message.id)
        & (col(MessageRow.claimed_by) == worker)
        & (col(MessageRow.attempts) == message.attempts)
        & col(MessageRow.state).in_([MessageState.CLAIMED.value, MessageState.DOUBTFUL.value])
    )
    number = message.id or 0
    changed = move(session, ours, number, now, worker, outcome)
    if not changed:
        note(session, number, now, worker, outcome)
    return changed


def move(
    session: Session,
    which: ColumnElement[bool],
    number: int,
    now: datetime,
    by: str,
    outcome: Outcome,
) -> bool:
    """Bring a message to a state and note it, if it is one of ``which``; says whether it was."""
    values: dict[str, Any] = {"state": outcome.state.value, "error": "" if outcome.sent else outcome.detail}
    if outcome.next_at is not None:
        values["next_at"] = outcome.next_at
    if outcome.sent:
        values["sent_at"] = now
    changed = update(MessageRow).where(which, col(MessageRow.id) == number).values(values)
    if session.execute(changed.returning(col(MessageRow.id))).first() is None:
        return False
    note(session, number, now, by, outcome)
    return True


def put_off(session: Session, number: int, now: datetime, by: str, outcome: Outcome) -> None:
    """Have a waiting message wait longer; the ledger gets a line only where the reason is a new one."""
    waiting = _waiting(now)
    known = (
        session.scalar(select(col(MessageRow.error)).where(col(MessageRow.id) == number)) == outcome.detail
    )
    if not known:
        move(session, waiting, number, now, by, outcome)
        return
    later = update(MessageRow).where(waiting, col(MessageRow.id) == number)
    session.execute(later.values(next_at=outcome.next_at))


def still(attempts: int, state: MessageState) -> ColumnElement[bool]:
    """That a message is in a state since a certain attempt, for :func:`move`."""
    return (col(MessageRow.attempts) == attempts) & (col(MessageRow.state) == state.value)


def note(session: Session, number: int, now: datetime, by: str, outcome: Outcome) -> None:
    """Add a line to the ledger."""
    line = {
        "message_id": number,
        "at": now,
        "state": outcome.state.value,
        "by": by,
        "detail": outcome.detail,
    }
    session.execute(insert(MessageEventRow), [line])


def hanging(session: Session, plan_id: str, before: datetime, after: datetime) -> Sequence[MessageRow]:
    """Claims from before one moment, or from after another one that is still to come, where the clock was set back."""
    claimed_at = col(MessageRow.claimed_at)
    wanted: Select[tuple[MessageRow]] = select(MessageRow).where(
        col(MessageRow.plan_id) == plan_id,
        col(MessageRow.state) == MessageState.CLAIMED.value,
        or_(claimed_at < before, claimed_at > after),
    )
    return session.scalars(wanted.order_by(col(MessageRow.id)).limit(1000)).all()


def next_due(session: Session, plan_id: str) -> datetime | None:
    """When the next message may be sent; None where none waits."""
    wanted = select(col(MessageRow.next_at)).where(
        col(MessageRow.plan_id) == plan_id, col(MessageRow.state).in_(_WAITING)
    )
    return session.scalars(wanted.order_by(col(MessageRow.next_at)).limit(1)).first()


def waiting_since(session: Session, plan_id: str, before: datetime) -> tuple[int, datetime | None]:
    """How many messages might have gone out before a moment and were never tried, and since when the first of them."""
    wanted = select(func.count(), func.min(col(MessageRow.next_at))).where(
        col(MessageRow.plan_id) == plan_id,
        col(MessageRow.state) == MessageState.PLANNED.value,
        col(MessageRow.attempts) == 0,
        col(MessageRow.next_at) < before,
    )
    count, oldest = session.execute(wanted).one()
    return count, oldest


def newest_event(session: Session) -> datetime | None:
    """The latest moment among the lines that were added to the ledger last; None for an empty ledger."""
    newest = select(col(MessageEventRow.at)).order_by(col(MessageEventRow.id).desc()).limit(_LAST)
    return max(session.scalars(newest), default=None)


def _waiting(now: datetime) -> ColumnElement[bool]:
    return col(MessageRow.state).in_(_WAITING) & (col(MessageRow.next_at) <= now)


def _due(plan_id: str, now: datetime) -> ColumnElement[bool]:
    return (col(MessageRow.plan_id) == plan_id) & _waiting(now)
