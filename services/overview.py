"""What a leader wants to know at a glance: how the phases stand, which measures are red, and whose that is."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from domain.plan import SAFEGUARDS, Plan
from domain.status import Light, spans
from domain.workdays import WorkCalendar
from models import lists
from models.lists import Wanted
from models.states import seen
from services.standing import Standing, standing

MOST_UNITS = 12
"""Units that are named for a measure; the rest is counted."""


@dataclass(frozen=True)
class RedMeasure:
    """A measure with items that are overdue.

    Attributes:
        number: None for what serves all measures.
        title: number and title; 保障措施 for what serves all measures.
        items: how many items are overdue.
        units: names of the units whose they are, those with most first; at most :data:`MOST_UNITS`.
        more: how many further units there are.
    """

    number: int | None
    title: str
    items: int
    units: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class Overview:
    """The plan on one screen; ``red`` begins with the measure that has most."""

    standing: Standing
    red: tuple[RedMeasure, ...]


def overview(session: Session, plan: Plan, as_of: date, calendar: WorkCalendar) -> Overview:
    """How everything stands at the end of a day; one query besides those of a standing.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        as_of: the day.
        calendar: working days.
    """
    red = Wanted(spans=spans(Light.RED, as_of, plan.rules.lights, calendar))
    rows = lists.stages(session, seen(session, plan.id, as_of), ["measure", "unit"], red)
    found: dict[int | None, dict[str, int]] = {}
    for row in rows:
        of_measure = found.setdefault(row.measure, {})
        of_measure[row.unit] = of_measure.get(row.unit, 0) + row.items
    measures = [_red(plan, number, units) for number, units in found.items()]
    measures.sort(key=lambda measure: (-measure.items, measure.title))
    return Overview(standing(session, plan, as_of, calendar), tuple(measures))


def _red(plan: Plan, number: int | None, units: dict[str, int]) -> RedMeasure:
    known = plan.measures_by_number.get(number) if number is not None else None
    title = SAFEGUARDS if number is None else f"{number}. {known.title if known else '已取消的举措'}"
    most_first = sorted(units, key=lambda unit: (-units[unit], unit))
    names = [plan.units_by_id[unit].name if unit in plan.units_by_id else unit for unit in most_first]
    return RedMeasure(
        number, title, sum(units.values()), tuple(names[:MOST_UNITS]), max(0, len(names) - MOST_UNITS)
    )
