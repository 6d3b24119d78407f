"""A message to 高原 of 县民政局 in the ledger, in the state that a page is asked about."""

from typing import Any

from sqlalchemy import Engine, update
from sqlmodel import col

from domain.messages import MessageKind, MessageState, Post
from models.engine import writing
from models.message_queue import Outcome, move
from models.messages import ContactRow, MessageRow
from services import clock
from services.enqueue import enqueue
from tests.linhe import linhe


def leave(
    engine: Engine,
    state: MessageState = MessageState.GIVEN_UP,
    error: str = "邮件服务器不接受收件地址",
    **how: Any,
) -> int:
    """Leave one there; returns its number."""
    at = clock.now()
    with writing(engine) as session:
        contact = ContactRow(
            plan_id=linhe().id, unit="civil", post=Post.LIAISON, name="高原", made_at=at, made_by="周岚"
        )
        session.add(contact)
        session.flush()
        owed: dict[str, Any] = {
            "kind": MessageKind.URGE,
            "subject": f"urge/{contact.id}",
            "contact": contact.id,
            "channel": "outbox",
            "day": at.date(),
            "next_at": at,
            "content": {"title": "请尽快报送", "paragraphs": ["请于本周内报送。"]},
            "items": [],
        }
        number = enqueue(session, linhe(), **(owed | how), by="周岚", at=at)
        assert number is not None
        outcome = Outcome(state, error, sent=state is MessageState.SENT)
        move(session, col(MessageRow.id) == number, number, at, "系统", outcome)
        session.execute(update(MessageRow).where(col(MessageRow.id) == number).values(attempts=1))
    return number
