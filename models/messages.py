"""Whom messages go to, the messages themselves, and the ledger (台账) of everything that came of each.

Contacts and what messages said are forgotten after a set time; that somebody was told of what, when, by which channel and
with which result stays: triggers of the migrations refuse to change or remove those rows.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from models.people import NAME
from models.tables import Row
from models.types import Moment

CHANNEL = 30
"""Characters of a channel's name."""


class ContactRow(Row, table=True):
    """Somebody to be told (联系人); ``name`` is empty once it is forgotten.

    ``unit`` is the unit's id for posts that are held in a unit, else empty; ``post`` as :class:`domain.messages.Post`.
    ``account_id`` is the account that a sign-in link in a message is for; None for whoever does not sign in.
    """

    __tablename__ = "contact"
    __table_args__ = (Index(None, "plan_id", "unit", "post"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: str = Field(max_length=60)
    unit: str = Field(default="", max_length=60)
    post: str = Field(max_length=20)
    name: str = Field(max_length=NAME)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    active: bool = True
    made_at: datetime = Field(sa_type=Moment)
    made_by: str = Field(max_length=NAME)


class ContactAddressRow(Row, table=True):
    """Where a channel reaches a contact; of several, the one with the lowest ``rank`` is tried first."""

    __tablename__ = "contact_address"
    __table_args__ = (UniqueConstraint("contact_id", "channel"),)

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id")
    channel: str = Field(max_length=CHANNEL)
    address: str = Field(max_length=320)
    rank: int = 0


class LadderPauseRow(Row, table=True):
    """That the ladder stays silent from one day to another (暂缓提醒); empty ``unit`` or ``duty`` means all of them."""

    __tablename__ = "ladder_pause"

    id: int | None = Field(default=None, primary_key=True)
    plan_id: str = Field(max_length=60)
    unit: str = Field(default="", max_length=60)
    duty: str = Field(default="", max_length=60)
    first: date
    last: date
    reason: str = Field(sa_type=Text)
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class MessageRow(Row, table=True):
    """One message to one contact by one channel, about one or several items.

    Attributes:
        uid: stable and unique; what the channel is given to know a copy by (Message-ID).
        kind: as :class:`domain.messages.MessageKind`.
        subject: what it is about besides items, as ``report/12`` or ``instruction/3``; empty for the ladder.
        day: for which it is owed.
        state: as :class:`domain.messages.MessageState`.
        attempts: how often sending was begun.
        next_at: before this moment nobody sends it.
        claimed_by: the sender that has it, or had it last.
        error: what the last attempt met, in words for the office.
        stands_in_for: the message by another channel that failed and that this one takes over from.
        content: what it says, as JSON; None once it is forgotten.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index(None, "state", "next_at"),
        Index(None, "contact_id", "day"),
        Index(None, "plan_id", "subject"),
        CheckConstraint(
            "state IN ('planned', 'claimed', 'sent', 'delivered', 'doubtful', 'failed', 'given-up', 'dropped')",
            name="state",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=36, unique=True)
    plan_id: str = Field(max_length=60)
    kind: str = Field(max_length=20)
    subject: str = Field(default="", max_length=120)
    contact_id: int = Field(foreign_key="contact.id")
    channel: str = Field(max_length=CHANNEL)
    day: date
    state: str = Field(max_length=20)
    attempts: int = 0
    next_at: datetime = Field(sa_type=Moment)
    claimed_by: str | None = Field(default=None, max_length=NAME)
    claimed_at: datetime | None = Field(default=None, sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Moment)
    error: str = Field(default="", sa_type=Text)
    stands_in_for: int | None = Field(default=None, foreign_key="message.id")
    content: str | None = Field(default=None, sa_type=Text)
    made_at: datetime = Field(sa_type=Moment)
    made_by: str = Field(max_length=NAME)


class MessageItemRow(Row, table=True):
    """That a message tells of an item, on a rung of the ladder towards a due day: to one contact by one channel, once.

    An extension moves the due day, and with it the ladder begins anew.
    """

    __tablename__ = "message_item"
    __table_args__ = (
        UniqueConstraint("item_id", "due", "rung", "contact_id", "channel"),
        Index(None, "message_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id")
    item_id: int = Field(foreign_key="work_item.id")
    due: date
    rung: str = Field(max_length=60)
    contact_id: int = Field(foreign_key="contact.id")
    channel: str = Field(max_length=CHANNEL)


class MessageEventRow(Row, table=True):
    """What became of a message at a moment: a line of the ledger."""

    __tablename__ = "message_event"
    __table_args__ = (Index(None, "message_id"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id")
    at: datetime = Field(sa_type=Moment)
    state: str = Field(max_length=20)
    by: str = Field(max_length=NAME)
    detail: str = Field(default="", sa_type=Text)


class ChannelWindowRow(Row, table=True):
    """How many messages a channel has taken in a stretch of time; all senders count here together."""

    __tablename__ = "channel_window"

    channel: str = Field(max_length=CHANNEL, primary_key=True)
    starts_at: datetime = Field(sa_type=Moment, primary_key=True)
    seconds: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    taken: int
