"""Forgetting (到期删除): what messages said, and who those were who have left; that they were told, when and how, stays."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select, update
from sqlmodel import col

from domain.messages import WAITING, MessageState
from models.channel_windows import forget_windows
from models.engine import writing
from models.messages import ContactAddressRow, ContactRow, MessageRow
from services import audit

_UNDER_WAY = [state.value for state in (*WAITING, MessageState.CLAIMED)]
_COUNTED = timedelta(days=2)


@dataclass(frozen=True)
class Forgotten:
    """How many messages lost their content, and how many contacts their name and addresses."""

    messages: int
    contacts: int


def forget(engine: Engine, plan_id: str, *, kept: timedelta, by: str, at: datetime) -> Forgotten:
    """Forget what is older than it may be kept; may be repeated.

    A contact is forgotten once it is out of use and no message to it is younger.

    Args:
        engine: the store.
        plan_id: of the plan.
        kept: how long things are kept.
        by: who or what forgets.
        at: the moment.
    """
    before = at - kept
    old = update(MessageRow).where(
        col(MessageRow.plan_id) == plan_id,
        col(MessageRow.made_at) < before,
        col(MessageRow.content).is_not(None),
        col(MessageRow.state).not_in(_UNDER_WAY),
    )
    younger = select(col(MessageRow.contact_id)).where(col(MessageRow.made_at) >= before)
    left = update(ContactRow).where(
        col(ContactRow.plan_id) == plan_id,
        col(ContactRow.active).is_(False),
        col(ContactRow.name) != "",
        col(ContactRow.made_at) < before,
        col(ContactRow.id).not_in(younger),
    )
    with writing(engine) as session:
        messages = session.scalars(old.values(content=None, error="").returning(col(MessageRow.id))).all()
        contacts = session.scalars(left.values(name="", account_id=None).returning(col(ContactRow.id))).all()
        if contacts:
            session.execute(delete(ContactAddressRow).where(col(ContactAddressRow.contact_id).in_(contacts)))
        forget_windows(session, at - _COUNTED)
        if messages or contacts:
            detail: audit.Detail = {"messages": len(messages), "contacts": len(contacts)}
            subject = f"{plan_id}/messages"
            audit.record(session, at=at, actor=by, action="forget", subject=subject, detail=detail)
    return Forgotten(len(messages), len(contacts))
