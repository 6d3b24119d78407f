"""Taking a message to send it: what is decided and recorded before anything leaves the machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from domain.channels import GROUPS, Channel
from domain.messages import MessageState
from domain.people import Role
from domain.workdays import BEIJING
from models import channel_windows, message_queue
from models.message_items import Told, told_of
from models.message_queue import Outcome
from models.messages import ContactAddressRow, ContactRow, MessageEventRow, MessageRow
from services import accounts
from services.delivery.composing import ABOUT_ITEMS, MAIL, Addressee
from services.delivery.mailroom import Mailroom
from services.sign_in import make_link

REPORTED = "已报送或已改期，不再提醒"
LEFT = "联系人已停用，未发送"
NO_ADDRESS = "联系人在这个渠道没有地址"


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to send.

    Attributes:
        message: as it was claimed.
        told: of what it is to tell.
        whom: to whom; None where the contact has no address on the channel any more.
    """

    message: MessageRow
    told: Sequence[Told]
    whom: Addressee | None


@dataclass(frozen=True)
class Full:
    """That the channel takes no more before a moment."""

    until: datetime


def take(
    session: Session, room: Mailroom, channel: Channel, number: int, worker: str, now: datetime
) -> Claimed | Full | None:
    """Take a message; None where there is nothing to send: somebody was faster, or nothing of it is owed any more.

    What is not owed any more falls out of it; a message of which nothing is left is dropped. Where the channel is full,
    the transaction must be given up.

    Args:
        session: of :func:`models.engine.writing`.
        room: where it is sent from.
        channel: by which it goes.
        number: of the message.
        worker: who takes it.
        now: the moment.
    """
    message = message_queue.claim(session, number, worker, now)
    if message is None:
        return None
    contact = session.get_one(ContactRow, message.contact_id)
    told = told_of(session, number)
    before = _first_sent(session, number)
    owed = told
    if before is None and message.kind in ABOUT_ITEMS:
        owed = [one for one in told if one.still_owed]
        if told and not owed:
            _drop(session, message, worker, now, REPORTED)
            return None
    if not contact.active:
        _drop(session, message, worker, now, LEFT)
        return None
    full = channel_windows.take(session, channel.name, now, channel.per_minute, channel.per_day)
    if full is not None:
        return Full(full)
    found = _address(session, channel, contact)
    if found is None:
        return Claimed(message, owed, None)
    token = _token(session, room, channel, contact, now)
    day = (before or now).astimezone(BEIJING).date()
    whole = len(owed) == len(told) and day == message.day
    return Claimed(message, owed, Addressee(contact, channel, found, day, token, whole))


def _address(session: Session, channel: Channel, contact: ContactRow) -> str | None:
    """Where the channel reaches the contact; None where it does not any more."""
    wanted = select(col(ContactAddressRow.address)).where(
        col(ContactAddressRow.contact_id) == contact.id, col(ContactAddressRow.channel) == channel.name
    )
    return session.scalars(wanted).one_or_none()


def _token(session: Session, room: Mailroom, channel: Channel, contact: ContactRow, now: datetime) -> str:
    """What signs the contact in; empty for whoever could do more with it than hand in for a unit.

    Only a liaison gets one, by a channel that reaches that person alone: a mailbox that somebody else reads must not open
    the office's desk.
    """
    if (
        not room.desk.portal
        or contact.account_id is None
        or channel.kind not in MAIL
        or channel.kind in GROUPS
    ):
        return ""
    account = accounts.get(session, contact.account_id)
    mere_liaison = all(grant.role is Role.LIAISON for grant in account.grants)
    if not (account.active and mere_liaison and contact.unit in account.units):
        return ""
    return make_link(session, room.key, account.id, by="系统", at=now)


def _first_sent(session: Session, number: int) -> datetime | None:
    """When the message may have gone out before: it must say the same again, so that a copy is known; None for never."""
    state = col(MessageEventRow.state)
    events = select(state, col(MessageEventRow.at)).where(col(MessageEventRow.message_id) == number)
    claimed = None
    for found, at in session.execute(events.order_by(col(MessageEventRow.id))):
        if found == MessageState.CLAIMED:
            claimed = at
        elif found == MessageState.DOUBTFUL:
            return claimed
    return None


def _drop(session: Session, message: MessageRow, worker: str, now: datetime, why: str) -> None:
    message_queue.finish(session, message, worker, now, Outcome(MessageState.DROPPED, why))
