"""Telling somebody at once of something that a person decided: who can be reached, and the messages to them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from domain.messages import MessageKind, Post
from domain.plan import Plan
from models.messages import ContactRow
from services.enqueue import Owed, ToldOf, enqueue_all

_CONTACT, _ADDRESS = (ContactRow.metadata.tables[name].c for name in ("contact", "contact_address"))


@dataclass(frozen=True)
class Reached:
    """Somebody in a unit who can be told, by the channel that is tried first."""

    contact: int
    post: Post
    channel: str


def reached(
    session: Session, plan: Plan, units: Collection[str], posts: Collection[Post]
) -> Mapping[str, Sequence[Reached]]:
    """By unit: everybody in these posts who can be told; a unit in which nobody can be is missing. One query."""
    place = func.row_number().over(partition_by=_ADDRESS.contact_id, order_by=(_ADDRESS.rank, _ADDRESS.id))
    first = select(_ADDRESS.contact_id, _ADDRESS.channel, place.label("place")).subquery("first").c
    rows = (
        select(_CONTACT.id, _CONTACT.unit, _CONTACT.post, first.channel)
        .join(first.contact_id.table, first.contact_id == _CONTACT.id)
        .where(_CONTACT.plan_id == plan.id, _CONTACT.active, first.place == 1)
        .where(_CONTACT.unit.in_(units), _CONTACT.post.in_([post.value for post in posts]))
        .order_by(_CONTACT.id)
    )
    found: defaultdict[str, list[Reached]] = defaultdict(list)
    for row in session.execute(rows):
        found[row.unit].append(Reached(row.id, Post(row.post), row.channel))
    return found


@dataclass(frozen=True)
class Notice:
    """What is to be told: to whom, what it says beside its items, and the items; see :class:`services.enqueue.Owed`."""

    to: Reached
    content: Mapping[str, Any]
    items: Sequence[ToldOf]


def tell(
    session: Session, plan: Plan, kind: MessageKind, notices: Iterable[Notice], *, by: str, at: datetime
) -> int:
    """Put messages into the ledger that go out as soon as they may; returns how many are new.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        kind: what makes them be owed.
        notices: one for each person.
        by: who decided.
        at: the moment.
    """
    owed = (
        Owed(
            kind=kind,
            contact=one.to.contact,
            channel=one.to.channel,
            day=at.date(),
            next_at=at,
            content=one.content,
            items=one.items,
        )
        for one in notices
    )
    return enqueue_all(session, plan, owed, by=by, at=at)
