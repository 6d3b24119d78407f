"""Asking channels that deliver later what became of what they took over."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

from sqlalchemy import select
from sqlmodel import Session, col

from domain.channels import Channel, ChannelKind
from domain.messages import MessageState
from models import message_queue
from models.engine import reading, writing
from models.message_queue import Outcome, still
from models.messages import ContactAddressRow, MessageEventRow, MessageRow
from services.delivery import failing
from services.delivery.adapters import make_adapter
from services.delivery.letter import Undelivered
from services.delivery.mailroom import Mailroom

RECEIPT = "回执号 "
"""What the ledger puts before the reference by which a channel is asked."""
LATER = frozenset({ChannelKind.DINGTALK_APP})
"""Kinds that take a message over and deliver it later."""
_ASKED_FOR = timedelta(hours=23)
"""DingTalk answers for a day."""
_MOST = 500


@runtime_checkable
class Telling(Protocol):
    """A channel that can be asked."""

    def arrived(self, reference: str, to: str, at: datetime) -> bool:
        """Whether what it took over has arrived.

        Raises:
            Undelivered: where it did not.
        """

    def close(self) -> None:
        """Let go of whatever was kept open."""


def confirm(room: Mailroom, channel: Channel, *, worker: str, at: datetime) -> int:
    """Ask what became of the messages of the last day; returns of how many it is known now."""
    with reading(room.engine) as session:
        asked = _asked(session, room.plan.id, channel.name, at - _ASKED_FOR)
    if not asked:
        return 0
    adapter = make_adapter(channel, Path(room.home))
    if not isinstance(adapter, Telling):
        return 0
    known = 0
    try:
        for message, to, reference in asked:
            outcome = _outcome(adapter, reference, to, at)
            if outcome is None:
                continue
            with writing(room.engine) as session:
                sent = still(message.attempts, MessageState.SENT)
                if message_queue.move(session, sent, message.id or 0, at, worker, outcome):
                    known += 1
                    if outcome.state is MessageState.GIVEN_UP:
                        failing.stand_in(
                            session, room.plan, room.channels, message, next_at=room.allowed(at), at=at
                        )
    finally:
        adapter.close()
    return known


def _outcome(adapter: Telling, reference: str, to: str, at: datetime) -> Outcome | None:
    try:
        return Outcome(MessageState.DELIVERED, sent=True) if adapter.arrived(reference, to, at) else None
    except Undelivered as failure:
        return None if failure.channel or failure.unsure else Outcome(MessageState.GIVEN_UP, failure.reason)


def _asked(
    session: Session, plan_id: str, channel: str, since: datetime
) -> list[tuple[MessageRow, str, str]]:
    """Messages that were taken over, each with its address and its reference."""
    wanted = (
        select(MessageRow, col(ContactAddressRow.address), col(MessageEventRow.detail))
        .join(MessageEventRow, col(MessageEventRow.message_id) == col(MessageRow.id))
        .join(ContactAddressRow, col(ContactAddressRow.contact_id) == col(MessageRow.contact_id))
        .where(
            col(MessageRow.plan_id) == plan_id,
            col(MessageRow.channel) == channel,
            col(ContactAddressRow.channel) == channel,
            col(MessageRow.state) == MessageState.SENT.value,
            col(MessageRow.sent_at) >= since,
            col(MessageEventRow.state) == MessageState.SENT.value,
            col(MessageEventRow.detail).startswith(RECEIPT),
        )
        .order_by(col(MessageRow.id))
        .limit(_MOST)
    )
    return [(row, to, told.removeprefix(RECEIPT)) for row, to, told in session.execute(wanted)]
