"""What becomes of a message that did not go out: tried again, given up, taken over by another channel, or in doubt."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from domain.channels import Channel, next_try
from domain.messages import MessageKind, MessageState
from domain.plan import Plan
from models.message_items import told_of
from models.message_queue import Outcome
from models.messages import ContactAddressRow, ContactRow, MessageRow
from services.delivery.channels_file import Channels
from services.delivery.letter import Undelivered
from services.enqueue import enqueue

Allowed = Callable[[datetime], datetime]
"""The first moment from another one on at which messages may go out."""

_AT_ONCE = timedelta()
AGAIN = "对方认得同一消息的编号，按原编号再发一次"


def outcome_of(
    channel: Channel, message: MessageRow, failure: Undelivered, now: datetime, allowed: Allowed
) -> Outcome:
    """What a failure makes of a message."""
    if failure.unsure:
        return Outcome(MessageState.DOUBTFUL, f"{failure.reason}；不能确定对方是否收到")
    again = None if failure.permanent else next_try(channel, message.attempts, now)
    if again is None:
        tried = "" if failure.permanent else f"（已试 {message.attempts} 次）"
        return Outcome(MessageState.GIVEN_UP, failure.reason + tried)
    return Outcome(MessageState.FAILED, failure.reason, allowed(max(again, now + (failure.wait or _AT_ONCE))))


def repeated(channel: Channel, message: MessageRow, earliest: datetime, allowed: Allowed) -> Outcome | None:
    """A message in doubt, to be sent again by itself; None where the other side would not know it for a copy by then."""
    again = allowed(earliest)
    if message.claimed_at is None or message.attempts >= channel.tries:
        return None
    if abs(again - message.claimed_at) >= channel.copies_known:
        return None
    return Outcome(MessageState.PLANNED, AGAIN, again)


def stand_in(
    session: Session,
    plan: Plan,
    channels: Channels,
    message: MessageRow,
    *,
    next_at: datetime,
    at: datetime,
) -> int | None:
    """Have another channel take a message over that was given up; returns the new message's number.

    None where the contact cannot be reached otherwise, or was told all of it there already.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        channels: as the office set them up.
        message: what was given up.
        next_at: before this moment it does not go out.
        at: the moment.
    """
    contact = session.get_one(ContactRow, message.contact_id)
    if not contact.active or message.content is None:
        return None
    tried = set(_tried(session, message))
    named = channels.by_name.get(message.channel)
    order = {name: place for place, name in enumerate(named.failover if named else ())}
    rows = select(ContactAddressRow).where(col(ContactAddressRow.contact_id) == contact.id)
    addresses = [
        one for one in session.scalars(rows) if one.channel in channels.by_name and one.channel not in tried
    ]
    for one in sorted(addresses, key=lambda a: (order.get(a.channel, len(order)), a.rank)):
        items = [(told.number, told.due, told.rung) for told in told_of(session, message.id or 0)]
        return enqueue(
            session,
            plan,
            kind=MessageKind(message.kind),
            subject=message.subject,
            contact=message.contact_id,
            channel=one.channel,
            day=message.day,
            next_at=next_at,
            content=json.loads(message.content),
            items=items,
            by="系统",
            at=at,
            stands_in_for=message.id,
        )
    return None


def _tried(session: Session, message: MessageRow) -> Iterator[str]:
    """The channels by which this was tried before, back to the first."""
    one: MessageRow | None = message
    while one is not None:
        yield one.channel
        one = session.get(MessageRow, one.stands_in_for) if one.stands_in_for else None
