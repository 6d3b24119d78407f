"""A message to 高原 of 县民政局 in the ledger, in the state that a page is asked about."""

from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, update
from sqlmodel import col

from domain.messages import MessageKind, MessageState
from models.engine import writing
from models.message_queue import Outcome, move
from models.messages import MessageRow
from services import clock
from services.enqueue import enqueue
from tests.linhe import linhe
from tests.portal.browser import GAO_YUAN
from tests.portal.people_told import contact_of


def leave(
    engine: Engine,
    state: MessageState = MessageState.GIVEN_UP,
    error: str = "邮件服务器不接受收件地址",
    **how: Any,
) -> int:
    """Leave one there; returns its number."""
    at, contact = clock.now(), contact_of(engine, GAO_YUAN)
    with writing(engine) as session:
        owed: dict[str, Any] = {
            "kind": MessageKind.URGE,
            "subject": f"urge/{uuid4()}",
            "contact": contact,
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
