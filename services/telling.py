"""Telling somebody at once of something that a person decided: who can be reached, and the messages to them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from domain.ladder import next_moment
from domain.messages import MessageKind, Post
from domain.plan import Plan
from domain.workdays import WorkCalendar
from models import contacts
from services.enqueue import Owed, ToldOf, enqueue_all


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
    known = contacts.reachable(plan.id).subquery().c
    rows = (
        select(*known)
        .where(known.unit.in_(units), known.post.in_([post.value for post in posts]))
        .order_by(known.contact_id)
    )
    found: defaultdict[str, list[Reached]] = defaultdict(list)
    for row in session.execute(rows):
        found[row.unit].append(Reached(row.contact_id, Post(row.post), row.channel))
    return found


@dataclass(frozen=True)
class Notice:
    """What is to be told: to whom, what it says beside its items, and the items; see :class:`services.enqueue.Owed`.

    ``subject`` is by which the ledger of messages finds it; empty for none.
    """

    to: Reached
    content: Mapping[str, Any]
    items: Sequence[ToldOf]
    subject: str = ""


def tell(
    session: Session,
    plan: Plan,
    kind: MessageKind,
    notices: Iterable[Notice],
    *,
    calendar: WorkCalendar,
    by: str,
    at: datetime,
) -> int:
    """Put messages into the ledger that go out as soon as the plan's hours allow; returns how many are new.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        kind: what makes them be owed.
        notices: one for each person.
        calendar: working days.
        by: who decided.
        at: the moment.
    """
    next_at = next_moment(plan.rules.ladder.hours, at, calendar.assuming)
    owed = (
        Owed(
            kind=kind,
            contact=one.to.contact,
            channel=one.to.channel,
            day=at.date(),
            next_at=next_at,
            content=one.content,
            items=one.items,
            subject=one.subject,
        )
        for one in notices
    )
    return enqueue_all(session, plan, owed, by=by, at=at)
