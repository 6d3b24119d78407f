"""What the ladder owes, found by the set: one statement for all items, rungs and contacts, read as a stream."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import merge
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Result,
    Row,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlmodel import Session

from domain.ladder import Reach
from domain.messages import MessageKind, MessageState
from domain.owed import Hold, Pair, Silence
from domain.since import Since
from domain.status import OWED
from models.contacts import reachable
from models.states import Seen, values_of
from models.tables import Row as Base

_MESSAGE, _TOLD = (Base.metadata.tables[name].c for name in ("message", "message_item"))

_BATCH = 1000
"""Rows of the stream that are fetched at once."""
_MOST_PARTS = 200
"""Parts of one statement; SQLite takes 500."""


@dataclass(frozen=True)
class Step:
    """A rung of a ladder as it stands on a day, for the duties that it is the ladder of.

    Attributes:
        reach: the rung and the due days that stand on it.
        duties: ids of duties.
        higher: ids of all rungs that are higher.
        unit_posts: who is told in units.
        district_posts: who is told besides.
    """

    reach: Reach
    duties: tuple[str, ...]
    higher: tuple[str, ...]
    unit_posts: tuple[str, ...]
    district_posts: tuple[str, ...]


@dataclass(frozen=True)
class Holding:
    """A hold whose waiting items stand on the rung of ``step`` towards ``due``; ``number`` tells it from others."""

    number: int
    hold: Hold
    step: Step
    due: date


@dataclass(frozen=True)
class Asked:
    """What is asked: the items as seen on ``as_of``, what is demanded of whom, and what is passed over in silence."""

    plan_id: str
    as_of: date
    items: Seen
    since: Since
    silence: Silence
    daily_limit: int


def owing(session: Session, asked: Asked, duties: Sequence[str], last: date) -> Sequence[tuple[Pair, date]]:
    """Duty and period, and due day up to ``last``, of items of some duties of which something is to be told."""
    item = asked.items.c
    rows = select(item.duty, item.period, item.due).where(
        *_told_of(asked), item.duty.in_(duties), item.due <= last
    )
    order = (item.due, item.duty, item.period)
    return [((duty, period), due) for duty, period, due in session.execute(rows.distinct().order_by(*order))]


def owed(
    session: Session, asked: Asked, steps: Iterable[Step], held: Sequence[Pair], holdings: Iterable[Holding]
) -> Iterator[Row[Any]]:
    """What is to be told to whom, by contact and then from the highest rung down: a stream, however much it is.

    Rows hold contact_id, unit, post and channel of the contact; item_id; due; rung; days (the rung's working days); and
    holding, the number of the hold for whose sake it is told, -1 for the item's own.

    Args:
        session: any.
        asked: which items, and what of them.
        steps: the ladders.
        held: duties and periods whose units are not told, because others hold them up.
        holdings: why these others are told.
    """
    item = asked.items.c
    contact = _contacts(asked)
    parts: list[Select[Any]] = []
    for step in steps:
        reach = step.reach
        within = [item.duty.in_(step.duties), item.due <= reach.last]
        if reach.first is not None:
            within.append(item.due >= reach.first)
        free = [~tuple_(item.duty, item.period).in_(held)] if held else []
        parts += [
            _part(asked, contact, step, item.due, -1, posts, (*within, *more))
            for posts, more in (
                (step.unit_posts, (contact.unit == item.unit, *free)),
                (step.district_posts, (contact.unit == "",)),
            )
            if posts
        ]
    for one in holdings:
        duty, period = one.hold.by
        of_holder = (
            *(item.duty == duty, item.period == period, item.due <= one.due),
            contact.unit == item.unit,
        )
        parts.append(
            _part(asked, contact, one.step, literal(one.due), one.number, one.step.unit_posts, of_holder)
        )
    streams = [_stream(session, parts[n : n + _MOST_PARTS]) for n in range(0, len(parts), _MOST_PARTS)]
    return iter(streams[0]) if len(streams) == 1 else merge(*streams, key=_place)


def _stream(session: Session, parts: Sequence[Select[Any]]) -> Result[Any]:
    together = union_all(*parts).subquery("together").c
    stream = select(*together).order_by(
        together.contact_id, together.days.desc(), together.due, together.item_id, together.holding
    )
    return session.execute(stream, execution_options={"yield_per": _BATCH})


def _place(row: Row[Any]) -> tuple[Any, ...]:
    """Where a row stands in a stream."""
    return row.contact_id, -row.days, row.due, row.item_id, row.holding


def at_limit(session: Session, plan_id: str, day: date, most: int) -> int:
    """How many contacts have had as many messages for a day as anybody is to get."""
    full = _full(plan_id, day, most).subquery()
    return session.scalar(select(func.count()).select_from(full)) or 0


def _part(
    asked: Asked,
    contact: Any,
    step: Step,
    due: ColumnElement[date],
    number: int,
    posts: Sequence[str],
    conditions: Iterable[ColumnElement[bool]],
) -> Select[Any]:
    """Items and contacts to be told of them on a rung, without what was told before."""
    item, rung = asked.items.c, step.reach.rung
    before = and_(
        _TOLD.item_id == item.item_id,
        _TOLD.due == due,
        or_(
            _TOLD.rung.in_(step.higher),
            and_(_TOLD.rung == rung.id, _TOLD.contact_id == contact.contact_id),
        ),
    )
    return (
        select(
            contact.contact_id,
            contact.unit,
            contact.post,
            contact.channel,
            item.item_id,
            due.label("due"),
            literal(rung.id).label("rung"),
            literal(rung.workdays).label("days"),
            literal(number).label("holding"),
        )
        .join_from(asked.items.source, contact.contact_id.table, contact.post.in_(posts))
        .where(*_told_of(asked), *conditions, ~exists().where(before))
    )


def _contacts(asked: Asked) -> Any:
    """Everybody who can be reached and has not had the day's last message yet."""
    everybody = reachable(asked.plan_id).cte("reachable").c
    full = _full(asked.plan_id, asked.as_of, asked.daily_limit)
    return select(*everybody).where(everybody.contact_id.not_in(full)).cte("to_be_told").c


def _full(plan_id: str, day: date, most: int) -> Select[Any]:
    """Contacts who have had their messages of a day.

    A second try by another channel is no second message, and one that was never sent is none.
    """
    return (
        select(_MESSAGE.contact_id)
        .where(_MESSAGE.plan_id == plan_id, _MESSAGE.day == day)
        .where(_MESSAGE.kind != MessageKind.TEST.value, _MESSAGE.stands_in_for.is_(None))
        .where(_MESSAGE.state != MessageState.DROPPED.value)
        .group_by(_MESSAGE.contact_id)
        .having(func.count() >= most)
    )


def _told_of(asked: Asked) -> list[ColumnElement[bool]]:
    """What an item must be to be told of: owed, demanded, and not passed over in silence."""
    item, silence = asked.items.c, asked.silence
    found = [*asked.items.conditions, item.stage.in_(values_of(OWED)), item.due >= asked.since.day]
    for column, later in ((item.unit, asked.since.units), (item.duty, asked.since.duties)):
        for day in sorted(set(later.values())):
            names = sorted(name for name, on in later.items() if on == day)
            found.append(~and_(column.in_(names), item.due < day))
    for column, quiet in ((item.unit, silence.units), (item.duty, silence.duties)):
        if quiet:
            found.append(column.not_in(sorted(quiet)))
    if silence.pairs:
        found.append(~tuple_(item.unit, item.duty).in_(sorted(silence.pairs)))
    return found
