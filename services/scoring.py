"""Scores of units over a term and their ranking (计分排名): three queries for all units, and the working for each."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from sqlmodel import Session

from domain.plan import Plan
from domain.scoring import (
    Criterion,
    Happening,
    ItemScore,
    LineId,
    ScoredItem,
    UnitScore,
    ranks,
    score_item,
    score_unit,
)
from domain.status import Stage
from domain.terms import Term, term
from domain.workdays import WorkCalendar
from models import scores
from models.states import seen
from services.plan_versions import demanded_since


@dataclass(frozen=True)
class Place:
    """A unit's place; ``rank`` and the score's points are None where it owed nothing. ``unit`` is its name."""

    rank: int | None
    unit_id: str
    unit: str
    score: UnitScore

    @property
    def points(self) -> Decimal | None:
        """The score."""
        return self.score.points


@dataclass(frozen=True)
class Ranking:
    """Every unit of the plan by its score over a term at the end of a day.

    The highest first, equals in the plan's order, and last those that owed nothing.
    """

    term: Term
    as_of: date
    places: tuple[Place, ...]

    def of(self, unit: str) -> Place | None:
        """The place of a unit by its id; None where the plan has it no more."""
        return next((place for place in self.places if place.unit_id == unit), None)


def ranking(session: Session, plan: Plan, period: str, as_of: date, calendar: WorkCalendar) -> Ranking:
    """All units by their score; the same few queries, however much fell due.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        period: code of the term: ``2026Q3``, ``2026H2`` or ``2026``.
        as_of: the day at whose end everything is looked at.
        calendar: working days.

    Raises:
        Problem: 201 where the calendar does not reach; 1301 for no such term.
    """
    return ranking_over(session, plan, term(period), as_of, calendar)


def ranking_over(session: Session, plan: Plan, over: Term, as_of: date, calendar: WorkCalendar) -> Ranking:
    """As :func:`ranking`, over any stretch of time."""
    by_unit = _scores(session, plan, over, as_of, calendar)
    own = [by_unit.get(unit.id) or UnitScore(unit.id, ()) for unit in plan.units]
    placed = ranks([score.points for score in own])
    places = [
        Place(rank, unit.id, unit.name, score)
        for rank, unit, score in zip(placed, plan.units, own, strict=True)
    ]
    places.sort(key=lambda place: (place.rank is None, place.rank or 0))
    return Ranking(over, as_of, tuple(places))


def unit_score(
    session: Session, plan: Plan, unit: str, period: str, as_of: date, calendar: WorkCalendar
) -> UnitScore:
    """One unit's score with its working, without anybody else's; arguments and errors as for :func:`ranking`.

    Raises:
        Problem: 103 for a unit that the plan does not know.
    """
    own = plan.unit(unit).id
    found = _scores(session, plan, term(period), as_of, calendar, own)
    return found.get(own) or UnitScore(own, ())


def _scores(
    session: Session, plan: Plan, over: Term, as_of: date, calendar: WorkCalendar, unit: str | None = None
) -> dict[str, UnitScore]:
    """The scores by unit; units of which nothing fell due and no case was selected are missing.

    What was over before it could be demanded (补录) does not count.
    """
    items = seen(session, plan.id, as_of)
    asked = (over.start, over.end, as_of, unit)
    happened: defaultdict[int, list[Happening]] = defaultdict(list)
    struck: defaultdict[int, set[LineId]] = defaultdict(set)
    for row in scores.happenings(session, items, *asked):
        own = LineId(Criterion(row.criterion), row.ref)
        if row.struck:
            struck[row.item_id].add(own)
        else:
            happened[row.item_id].append(Happening(own, row.day))
    since = demanded_since(session, plan)
    between = cache(calendar.workdays_between)  # of few due days, each with many items
    by_unit: defaultdict[str, list[ItemScore]] = defaultdict(list)
    for row in scores.fell_due(session, items, *asked):
        if since.backfill(row.unit, row.duty, row.due):
            continue
        item = ScoredItem(
            number=row.item_id,
            unit=row.unit,
            duty=row.duty,
            measure=row.measure,
            period_label=row.period_label,
            due=row.due,
            stage=Stage(row.stage),
            first=row.first_day,
            happenings=tuple(happened[row.item_id]),
            struck=frozenset(struck[row.item_id]),
        )
        by_unit[row.unit].append(score_item(item, plan.rules.scoring, as_of, between))
    cases: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for row in scores.cases(session, plan.id, *asked):
        cases[row.unit][row.id] = row.title
    return {
        one: score_unit(one, by_unit.get(one, ()), cases.get(one, {}), plan.rules.scoring)
        for one in {**by_unit, **cases}
    }
