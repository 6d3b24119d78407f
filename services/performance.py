"""Completeness, timeliness and quality (完整率、及时率、一次合格率): overall, by measure, by unit, and over time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row
from sqlmodel import Session

from domain.plan import SAFEGUARDS, Plan, UnitKind
from domain.rates import COMPLETE, Rates, counted
from domain.status import Stage
from models import lists
from models.lists import Wanted

PAGE = 50
"""How many units a page shows."""


class Step(StrEnum):
    """How long the periods of a trend are."""

    QUARTER = "quarter"
    YEAR = "year"


class RatesOrder(StrEnum):
    """What units are sorted by."""

    PLAN = "plan"
    COMPLETENESS = "completeness"
    TIMELINESS = "timeliness"
    QUALITY = "quality"


class UnitRates(BaseModel):
    """How a unit performs; ``unit`` is its name."""

    model_config = ConfigDict(frozen=True)

    unit_id: str
    unit: str
    rates: Rates


class UnitRatesPage(BaseModel):
    """A page of units, counted from 1; ``total`` is how many units all pages have together."""

    model_config = ConfigDict(frozen=True)

    number: int
    size: int
    total: int
    units: tuple[UnitRates, ...]

    @property
    def pages(self) -> int:
        """How many pages there are; one where no unit is shown."""
        return max(1, -(-self.total // self.size))


class MeasureRates(BaseModel):
    """How a measure performs; ``number`` is None for the duties that serve all measures (保障措施)."""

    model_config = ConfigDict(frozen=True)

    number: int | None
    title: str
    rates: Rates


class Point(BaseModel):
    """The rates of what fell due in one period; ``label`` as people say it."""

    model_config = ConfigDict(frozen=True)

    start: date
    label: str
    rates: Rates


def unit_rates(  # noqa: PLR0913 - what a page of it consists of; each is a different thing
    session: Session,
    plan: Plan,
    as_of: date,
    *,
    order: RatesOrder = RatesOrder.PLAN,
    kinds: Sequence[UnitKind] = (),
    measures: Sequence[int | None] = (),
    year: int | None = None,
    number: int = 1,
    size: int = PAGE,
) -> UnitRatesPage:
    """A page of units with their rates over what was due by ``as_of``; one query.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        as_of: the day.
        order: the plan's, or by a rate, the worst first; units that owed nothing then come last.
        kinds: only units of these kinds; all where it is empty.
        measures: only these; None stands for what serves all.
        year: only what fell due in it.
        number: of the page, from 1; one that there is not is empty.
        size: how many units a page shows.
    """
    shown = [unit for unit in plan.units if not kinds or unit.kind in kinds]
    own = slice((number - 1) * size, number * size)
    asked = shown[own] if order is RatesOrder.PLAN else shown
    every = len(asked) == len(plan.units)
    wanted = Wanted(
        units=() if every else tuple(unit.id for unit in asked), measures=tuple(measures), year=year
    )
    rows = lists.tallies(session, plan.id, as_of, ["unit"], wanted) if asked else ()
    found = {row.unit: row for row in rows}
    if order is not RatesOrder.PLAN:
        asked = sorted(asked, key=lambda unit: _share(found.get(unit.id), order))[own]
    return UnitRatesPage(
        number=number,
        size=size,
        total=len(shown),
        units=tuple(
            UnitRates(
                unit_id=unit.id, unit=unit.name, rates=_together([found[unit.id]] if unit.id in found else [])
            )
            for unit in asked
        ),
    )


def _share(row: Row[Any] | None, order: RatesOrder) -> tuple[float, int]:
    """Sorts worst first, of equals the one that owes most, and last those of whom nothing was due."""
    if row is None:
        return 2.0, 0
    count = {
        RatesOrder.COMPLETENESS: row.complete,
        RatesOrder.TIMELINESS: row.timely,
        RatesOrder.QUALITY: row.quality,
    }
    return count[order] / row.items, -row.items


def measure_rates(
    session: Session, plan: Plan, as_of: date, *, units: Sequence[str] = (), year: int | None = None
) -> tuple[MeasureRates, ...]:
    """Each measure of which anything was due by ``as_of``, in the plan's order, then what serves all; one query.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        as_of: the day.
        units: only these; all where it is empty.
        year: only what fell due in it.
    """
    rows = lists.tallies(session, plan.id, as_of, ["measure"], Wanted(units=tuple(units), year=year))
    found = {row.measure: _together([row]) for row in rows}
    titles: list[tuple[int | None, str]] = [(m.number, m.title) for m in plan.measures]
    return tuple(
        MeasureRates(number=number, title=title, rates=found[number])
        for number, title in [*titles, (None, SAFEGUARDS)]
        if number in found
    )


def trend(
    session: Session,
    plan: Plan,
    as_of: date,
    step: Step = Step.QUARTER,
    *,
    units: Sequence[str] = (),
    measures: Sequence[int | None] = (),
) -> tuple[Point, ...]:
    """The rates of what fell due in each quarter or year, oldest first, as of a day; periods without anything are missing.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        as_of: the day; what falls due later counts for nothing.
        step: how long a period is.
        units: only these; all where it is empty.
        measures: only these; None stands for what serves all.
    """
    wanted = Wanted(units=tuple(units), measures=tuple(measures))
    together: defaultdict[date, list[Row[Any]]] = defaultdict(list)
    for row in lists.tallies(session, plan.id, as_of, ["due"], wanted):
        together[_start(row.due, step)].append(row)
    return tuple(
        Point(start=start, label=_label(start, step), rates=_together(rows))
        for start, rows in sorted(together.items())
    )


def rates_of(rows: Iterable[Row[Any]], as_of: date) -> Rates:
    """The rates over rows of :func:`models.states.groups`."""
    due = [row for row in rows if row.last_day <= as_of]

    def items(holds: Callable[[Stage], bool]) -> int:
        return sum(row.items for row in due if holds(Stage(row.stage)))

    return counted(
        due=sum(row.items for row in due),
        complete=items(lambda stage: stage in COMPLETE),
        timely=sum(row.timely for row in due),
        quality=sum(row.good for row in due),
        pending=sum(row.pending for row in due),
        returned=items(lambda stage: stage is Stage.RETURNED),
    )


def _together(rows: Sequence[Row[Any]]) -> Rates:
    return counted(
        due=sum(row.items for row in rows),
        complete=sum(row.complete for row in rows),
        timely=sum(row.timely for row in rows),
        quality=sum(row.quality for row in rows),
        pending=sum(row.pending for row in rows),
        returned=sum(row.returned for row in rows),
    )


def _start(day: date, step: Step) -> date:
    return date(day.year, 1, 1) if step is Step.YEAR else date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _label(start: date, step: Step) -> str:
    if step is Step.YEAR:
        return f"{start.year}年"
    return f"{start.year}年第{'一二三四'[(start.month - 1) // 3]}季度"
