"""The days on which a plan makes something happen by itself. Pure.

On any other day a round would find what the last one found: nothing opens, turns overdue, begins, ends or closes. So
a rehearsal may leave those days out; a test plays every day and finds the same.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.assessing import assessed_phases, assessment_day
from domain.cadence import last_day
from domain.duties import Occurrence, occurrences, report_due
from domain.plan import Plan
from domain.workdays import WorkCalendar

ONE_DAY = timedelta(days=1)
QUARTERS = (3, 6, 9, 12)
REPORT_AFTER = timedelta(days=5)
"""From the last day in time to the day on which the office draws up the report: late units are still in it."""
JUDGING_WORKDAYS = 5
"""Working days after a phase's end on which the office closes what did not close by itself."""


def plan_days(plan: Plan, calendar: WorkCalendar, first: date, last: date) -> frozenset[date]:
    """Every day from ``first`` to ``last`` on which the plan itself brings something about.

    Raises:
        Problem: 201 or 202 where the calendar does not reach.
    """
    days = {first, last, *_duty_days(plan, calendar, last), *_phase_days(plan, calendar, last)}
    days |= {end + ONE_DAY for end in quarter_ends(plan.document.issued, last)}
    days |= {report_day(plan, year) for year in plan.years}
    return frozenset(day for day in days if first <= day <= last)


def red_day(plan: Plan, occurrence: Occurrence, calendar: WorkCalendar) -> date:
    """The first day on which an item that nobody handed in shows red."""
    return calendar.add_workdays(occurrence.due, plan.rules.lights.red_after_workdays + 1).date


def all_occurrences(plan: Plan, calendar: WorkCalendar, last: date) -> Iterator[tuple[str, Occurrence]]:
    """Every duty's occurrences that have opened by ``last``."""
    for year in plan.years:
        if year > last.year:
            return
        for duty in plan.duties:
            for occurrence in occurrences(plan, duty, year, calendar):
                if occurrence.opens <= last:
                    yield duty.id, occurrence


def quarter_ends(first: date, last: date) -> tuple[date, ...]:
    """The last days of quarters from ``first`` to ``last``."""
    ends = (
        date(year + month // 12, month % 12 + 1, 1) - ONE_DAY
        for year in range(first.year, last.year + 1)
        for month in QUARTERS
    )
    return tuple(end for end in ends if first <= end <= last)


def report_day(plan: Plan, year: int) -> date:
    """The day on which a year's report is drawn up."""
    return report_due(plan, year) + REPORT_AFTER


def judging_day(end: date, calendar: WorkCalendar) -> date:
    """The day on which the office closes a phase that ended on ``end`` and did not close by itself."""
    return calendar.add_workdays(end, JUDGING_WORKDAYS).date


def _duty_days(plan: Plan, calendar: WorkCalendar, last: date) -> Iterator[date]:
    for _, occurrence in all_occurrences(plan, calendar, last):
        yield occurrence.opens
        yield occurrence.act_by
        if occurrence.due <= last:
            yield red_day(plan, occurrence, calendar)


def _phase_days(plan: Plan, calendar: WorkCalendar, last: date) -> Iterator[date]:
    for phase in plan.phases:
        yield phase.start
        yield phase.end + ONE_DAY
        if phase.end <= last:
            yield judging_day(phase.end, calendar)
        yield from (last_day(m.due, m.bound) + ONE_DAY for m in phase.milestones)
    yield from (assessment_day(phase, calendar) for phase in assessed_phases(plan))
