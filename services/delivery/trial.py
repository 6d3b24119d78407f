"""Trying a channel out: one message to oneself."""

from datetime import datetime
from uuid import uuid4

from domain.messages import MessageKind, MessageState, Post
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from models.messages import ContactRow, MessageRow
from services import audit
from services.delivery.adapters import make_adapter
from services.delivery.composing import Addressee, compose
from services.delivery.letter import Receipt, Undelivered
from services.delivery.mailroom import Mailroom


def send_trial(room: Mailroom, name: str, to: str, *, by: str, at: datetime) -> Receipt:
    """Send a message to an address, past the queue; it is in the audit chain and not in the ledger.

    Args:
        room: where it is sent from.
        name: of the channel.
        to: the address there.
        by: who tries it.
        at: the moment.

    Raises:
        Problem: 1502, 1503 for the channel; 1504 for a template at fault; 1511 where it did not go out.
    """
    channel = room.channels.get(name)
    made = {"plan_id": room.plan.id, "made_at": at, "made_by": by}
    contact = ContactRow.model_validate({**made, "id": 0, "post": Post.OFFICE, "name": by})
    message = MessageRow.model_validate(
        {
            **made,
            "uid": str(uuid4()),
            "kind": MessageKind.TEST,
            "contact_id": 0,
            "channel": name,
            "day": at.date(),
            "state": MessageState.CLAIMED,
            "next_at": at,
            "content": "{}",
        }
    )
    with reading(room.engine) as session:
        letter = compose(session, room.desk, message, (), Addressee(contact, channel, to, at.date()), at)
    adapter = make_adapter(channel, room.home)
    try:
        receipt = adapter.send(letter)
    except Undelivered as failure:
        raise Problem(ProblemKind.TRIAL_FAILED, name=name, reason=failure.reason) from failure
    finally:
        adapter.close()
    with writing(room.engine) as session:
        detail: audit.Detail = {"channel": name, "uid": message.uid}
        audit.record(
            session, at=at, actor=by, action="message-test", subject=f"{room.plan.id}/messages", detail=detail
        )
    return receipt
