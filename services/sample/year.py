"""The plot of a demonstration: earlier years as they went, then one year by Excel with its late, silent and careless."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from domain.duties import WorkItem, report_due, work_items
from domain.plan import Plan
from domain.workdays import WorkCalendar
from services.sample.behaviour import amended, with_an_id_number
from services.sample.desk import Desk

AFTER_TERM = timedelta(days=5)
"""From the last day in time to the day of the report: long enough for late units to be in it."""


@dataclass(frozen=True)
class Round:
    """Items that must be handed in by the same working day, by unit."""

    day: date
    items: dict[str, tuple[WorkItem, ...]]

    def holds(self, duty: str) -> bool:
        """Whether a duty falls due in this round."""
        return any(item.duty == duty for items in self.items.values() for item in items)


def report_day(plan: Plan, year: int) -> date:
    """The day from which the demonstration's report is seen."""
    return report_due(plan, year) + AFTER_TERM


def rounds(plan: Plan, calendar: WorkCalendar, year: int, until: date) -> list[Round]:
    """The year's items by the working day by which they must be handed in."""
    items = [i for i in work_items(plan, year, calendar) if i.occurrence.act_by <= until]
    items.sort(key=lambda i: (i.occurrence.act_by, i.unit, i.key))
    return [
        Round(day, {unit: tuple(own) for unit, own in groupby(due, key=lambda i: i.unit)})
        for day, due in groupby(items, key=lambda i: i.occurrence.act_by)
    ]


def past(desk: Desk, year: int) -> Iterator[Round]:
    """An earlier year: everything in time and accepted; yields each round when it is done."""
    for one in rounds(desk.plan, desk.calendar, year, date(year, 12, 31)):
        desk.open(year, one.day)
        desk.hand_in(one.items, one.day)
        yield one


def by_workbook(desk: Desk, year: int, one: Round) -> None:
    """One round by Excel: forms out and in, then the office's review."""
    desk.open(year, one.day)
    forms = desk.forms(year, one.day, list(one.items))
    annual = desk.plan.annual_duty
    cast = desk.behaviour.cast
    yearly = annual is not None and one.holds(annual.id)
    absent = cast.silent | cast.late | {cast.unreviewed} if yearly else frozenset()
    trips = []
    for unit, items in one.items.items():
        form = forms[unit]
        remembered = [item for item in items if yearly or not desk.behaviour.forgets(item)]
        if form is not None and remembered and unit not in absent:
            trips.append(desk.trip(form, remembered, one.day))
            if yearly and unit == cast.careless:
                desk.send([desk.trip(form, remembered, one.day, with_an_id_number)])
    desk.send(trips)
    desk.review(year, one.day, sends_back=cast.returned, leaves=cast.unreviewed)
    if yearly:
        _stragglers(desk, year, one)


def _stragglers(desk: Desk, year: int, one: Round) -> None:
    """After the yearly term: what was sent back comes again, late reports come in, one is not reviewed any more."""
    cast = desk.behaviour.cast
    due = report_due(desk.plan, year)
    plot = ((cast.returned, 1), *((unit, 2) for unit in sorted(cast.late)), (cast.unreviewed, 4))
    for unit, days in plot:
        day = due + timedelta(days=days)
        form = desk.forms(year, day, [unit])[unit]
        if form is not None and unit in one.items:
            change = amended if unit == cast.returned else None
            desk.send([desk.trip(form, one.items[unit], day, change)])
        desk.review(year, day, leaves=cast.unreviewed)
