"""Contacts and their addresses, and the office's pauses, as services ask for them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlmodel import Session, col

from models.messages import ContactAddressRow, ContactRow, LadderPauseRow
from models.tables import Row as Base

_CONTACT, _ADDRESS = (Base.metadata.tables[name].c for name in ("contact", "contact_address"))


def reachable(plan_id: str) -> Select[Any]:
    """Everybody in use who has an address: contact_id, unit, post, and the channel that is tried first."""
    place = func.row_number().over(partition_by=_ADDRESS.contact_id, order_by=(_ADDRESS.rank, _ADDRESS.id))
    first = select(_ADDRESS.contact_id, _ADDRESS.channel, place.label("place")).subquery("first").c
    return (
        select(_CONTACT.id.label("contact_id"), _CONTACT.unit, _CONTACT.post, first.channel)
        .join(first.contact_id.table, first.contact_id == _CONTACT.id)
        .where(_CONTACT.plan_id == plan_id, _CONTACT.active, first.place == 1)
    )


def held_posts(session: Session, plan_id: str) -> Sequence[Row[Any]]:
    """Unit and post of everybody who can be reached, each once."""
    known = reachable(plan_id).subquery().c
    return session.execute(select(known.unit, known.post).distinct()).all()


def contacts(session: Session, plan_id: str, units: Sequence[str] | None = None) -> Sequence[ContactRow]:
    """Contacts that are not forgotten, those in use first, by unit, post and name; of some units where they are named."""
    wanted = select(ContactRow).where(col(ContactRow.plan_id) == plan_id, col(ContactRow.name) != "")
    if units is not None:
        wanted = wanted.where(col(ContactRow.unit).in_(units))
    order = (col(ContactRow.active).desc(), col(ContactRow.unit), col(ContactRow.post), col(ContactRow.id))
    return session.scalars(wanted.order_by(*order)).all()


def addresses(session: Session, ids: Sequence[int]) -> Sequence[ContactAddressRow]:
    """The addresses of contacts, those tried first first."""
    wanted = select(ContactAddressRow).where(col(ContactAddressRow.contact_id).in_(ids))
    return session.scalars(wanted.order_by(col(ContactAddressRow.rank), col(ContactAddressRow.id))).all()


def pauses(session: Session, plan_id: str, last: date) -> Sequence[LadderPauseRow]:
    """The office's pauses that are not over by a day, in the order in which they were made."""
    wanted = select(LadderPauseRow).where(
        col(LadderPauseRow.plan_id) == plan_id, col(LadderPauseRow.last) >= last
    )
    return session.scalars(wanted.order_by(col(LadderPauseRow.id))).all()
