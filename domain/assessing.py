"""When the assessment of a phase (阶段评估) comes by itself: the working day after the phase is over. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.plan import Phase, Plan
from domain.workdays import WorkCalendar

WITHIN = timedelta(days=14)
"""How long after a phase's end its assessment comes by itself; what was missed by then is for the office to order."""


def assessed_phases(plan: Plan) -> tuple[Phase, ...]:
    """The phases whose assessment comes by itself, in order of their end: those not over before the notice came out."""
    found = (phase for phase in plan.phases if phase.end >= plan.document.issued)
    return tuple(sorted(found, key=lambda phase: phase.end))


def assessment_day(phase: Phase, calendar: WorkCalendar) -> date:
    """The first working day after a phase's end; where that is not known, Monday to Friday are worked."""
    return calendar.assuming.add_workdays(phase.end, 1).date


def to_be_assessed(plan: Plan, day: date, calendar: WorkCalendar) -> Iterator[Phase]:
    """The phases whose assessment comes by itself on a day, unless it is there already."""
    for phase in assessed_phases(plan):
        if assessment_day(phase, calendar) <= day <= phase.end + WITHIN:
            yield phase


def days_of_assessing(phase: Phase) -> tuple[date, ...]:
    """Every day on which a phase's assessment may come by itself, worked or not."""
    return tuple(phase.end + timedelta(days=n) for n in range(1, WITHIN.days + 1))
