"""A year of the small plan in which all sorts of things happen to its items, by the services as in an office."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from domain.duties import WorkItem, work_items
from domain.entries import FigureEntry, ItemEntry, Passage, State
from domain.entry_check import indicators, slots
from domain.plan import Plan
from domain.problems import Problem
from domain.workdays import BEIJING
from models.engine import writing
from services.extensions import ask, grant, refuse
from services.intake import submit
from services.opening import open_year
from services.plan_versions import adopt
from services.review import accept, allow_correction, send_back
from tests import cast

STATES = (State.DONE, State.DONE, State.NO_OCCASION, State.UNDER_WAY, State.NOT_STARTED)

Turn = tuple[datetime, str, int]
"""When something happens to an item: the version that the unit hands in, or less than 0 where the office speaks on it."""


def live_through(engine: Engine, plan: Plan, seed: int) -> None:
    """Open 2025 and let it happen, in order of the moments: in time or late, returned, unreviewed, or not at all."""
    rng = Random(seed)  # noqa: S311 - no secret
    calendar = cast.calendar()
    with writing(engine) as session:
        at = cast.moment("2025-01-01 00:30")
        version = adopt(session, plan, at=at, actor=cast.ZHAO_QIANG)
        last = date(2025, 12, 31)
        open_year(session, plan, version, 2025, as_of=last, calendar=calendar, at=at, actor=cast.ZHAO_QIANG)
    items = {item.key: item for item in work_items(plan, 2025, calendar)}
    _extend(engine, plan, rng, items)
    turns = list(_first(rng, items))
    heapify(turns)
    with writing(engine) as session:
        while turns:
            at, key, version_number = heappop(turns)
            for turn in _happens(session, plan, rng, items[key], at, version_number):
                heappush(turns, turn)


def _extend(engine: Engine, plan: Plan, rng: Random, items: dict[str, WorkItem]) -> None:
    """More time for some, decided at once, days later, or refused."""
    for item in items.values():
        if rng.random() < 0.75:
            continue
        asked = _at(rng, max(item.occurrence.opens, item.due - timedelta(days=rng.randint(0, 10))))
        decided: dict[str, Any] = {
            "by": cast.ZHAO_QIANG,
            "at": _at(rng, asked.date() + timedelta(days=rng.randint(1, 9))),
        }
        until = item.due + timedelta(days=rng.randint(1, 15))
        with suppress(Problem), writing(engine) as session:  # beyond what may be granted
            wanted: dict[str, Any] = {
                "until": until,
                "reason": "汛期道路中断",
                "by": cast.LI_MING,
                "at": asked,
            }
            number = ask(session, plan, item.key, unit=item.unit, **wanted).number
            if rng.random() < 0.7:
                grant(session, plan, number, calendar=cast.calendar(), **decided)
            elif rng.random() < 0.7:
                refuse(session, plan, number, reason="时间仍然充裕", **decided)


def _first(rng: Random, items: dict[str, WorkItem]) -> Iterator[Turn]:
    for key, item in items.items():
        if rng.random() < 0.8:
            day = max(item.occurrence.opens, item.due + timedelta(days=rng.randint(-12, 6)))
            yield _at(rng, day), key, 1


def _happens(
    session: Session, plan: Plan, rng: Random, item: WorkItem, at: datetime, version: int
) -> Iterator[Turn]:
    later = _at(rng, at.date() + timedelta(days=rng.randint(1, 9)))
    if version > 0:
        entry = _entry(plan, item, rng.choice(STATES), version)
        submit(session, plan, [entry], unit=item.unit, by=cast.LI_MING, at=at, door="page")
        if rng.random() < 0.15:
            yield later, item.key, version + 1  # before the office has spoken
        elif rng.random() < 0.85:
            yield later, item.key, -version
        return
    if rng.random() < 0.7:
        accept(session, plan, item.key, version=-version, reviewer=cast.ZHAO_QIANG, at=at)
        if rng.random() < 0.3:
            reason = {"reason": "数字有误，请更正", "by": cast.ZHAO_QIANG}
            allow_correction(session, plan, item.key, version=-version, at=at + timedelta(hours=1), **reason)
            if rng.random() < 0.8:
                yield later, item.key, 1 - version
        return
    send_back(session, plan, item.key, version=-version, reviewer=cast.ZHAO_QIANG, at=at, reason="请补充说明")
    if rng.random() < 0.8:
        yield later, item.key, 1 - version


def _entry(plan: Plan, item: WorkItem, state: State, version: int) -> ItemEntry:
    duty = plan.duties_by_id[item.duty]
    slot = next(iter(slots(plan, duty, item.unit)))
    figures = (FigureEntry(indicator=i.id, value=Decimal(50)) for i in indicators(plan, duty, item.unit))
    text = f"第{version}次报送，各项工作正在推进"
    return ItemEntry(
        key=item.key, state=state, passages=(Passage(slot=slot, text=text),), figures=tuple(figures)
    )


def _at(rng: Random, day: date) -> datetime:
    """Some moment of a day, often near midnight, where days in UTC and in 北京时间 differ."""
    return datetime.combine(day, rng.choice([time(0, 5), time(7, 59), time(8, 1), time(23, 55)]), BEIJING)
