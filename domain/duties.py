"""From plan and year to work items: what each unit owes, from when, until when. Pure.

An item's key ``plan/duty/unit/period`` is stable, so that opening twice opens once. Worked dates stand in
``docs/rules.md`` and in the case files of ``tests/plans``.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict

from domain.cadence import (
    Festivals,
    HalfYearly,
    Monthly,
    Once,
    Quarterly,
    Standing,
    Yearly,
    last_day,
    on_year,
)
from domain.periods import PartOfYear, parts_of_year
from domain.plan import Duty, Plan
from domain.problems import Problem, ProblemKind
from domain.workdays import WorkCalendar


class Occurrence(BaseModel):
    """One time that a duty falls due, for whichever units owe it.

    Attributes:
        period: stable code of the period: ``2025``, ``2025H1``, ``2025Q3``, ``2025-07``, ``2025-children``, ``once``.
        label: the period as people say it: 2025年第三季度.
        opens: first day on which it can be reported.
        due: last day that is in time, worked or not.
        act_by: last working day in time, by which an office must have acted.
        assumed: whether ``act_by`` or a festival's date rests on an assumption about the calendar.
    """

    model_config = ConfigDict(frozen=True)

    period: str
    label: str
    opens: date
    due: date
    act_by: date
    assumed: bool = False


class Extended(BaseModel):
    """More time that the office granted for one item (延期), once: until when, and the last working day by then.

    ``on`` is the day of the decision, before which nobody knew of it.
    """

    model_config = ConfigDict(frozen=True)

    on: date
    until: date
    act_by: date
    assumed: bool = False


class WorkItem(BaseModel):
    """What one unit owes for one duty in one period; its occurrence is the plan's, whatever was granted."""

    model_config = ConfigDict(frozen=True)

    key: str
    plan: str
    duty: str
    measure: int | None
    unit: str
    year: int
    occurrence: Occurrence
    extended: Extended | None = None

    @property
    def due(self) -> date:
        """The last day in time: the granted one where there is one."""
        return self.extended.until if self.extended else self.occurrence.due

    @property
    def act_by(self) -> date:
        """The last working day in time."""
        return self.extended.act_by if self.extended else self.occurrence.act_by


def occurrences(plan: Plan, duty: Duty, year: int, calendar: WorkCalendar) -> tuple[Occurrence, ...]:
    """Every time that ``duty`` falls due in ``year``, in order of the due day.

    Nothing is owed that was over before the notice was issued, nor outside the plan or the duty's own span. An
    occurrence that began before the issue opens on the day of issue.

    Raises:
        Problem: 105 for a year outside the plan; 201 where the calendar does not reach and the plan forbids assuming;
            202 for a festival whose holiday is not announced, which nobody can assume.
    """
    if year not in plan.years:
        raise Problem(ProblemKind.YEAR_OUTSIDE_PLAN, year=year, first=plan.start, last=plan.end)
    first = max(filter(None, (plan.start, plan.document.issued, duty.active_from)))
    last = min(filter(None, (plan.end, duty.active_until)))
    if not first.year <= year <= last.year:
        return ()  # the calendar need not reach years in which nothing is owed
    found = []
    for occurrence in _raw(plan, duty, year, calendar):
        if not first <= occurrence.due <= last:
            continue
        if _too_soon_after_issue(plan, duty, occurrence):
            continue
        found.append(occurrence.model_copy(update={"opens": max(occurrence.opens, first)}))
    return tuple(sorted(found, key=lambda o: (o.due, o.period)))


def work_items(plan: Plan, year: int, calendar: WorkCalendar) -> tuple[WorkItem, ...]:
    """Every item that falls due in ``year``, by duty, period and unit in the plan's order."""
    return tuple(
        WorkItem(
            key=f"{plan.id}/{duty.id}/{unit}/{occurrence.period}",
            plan=plan.id,
            duty=duty.id,
            measure=duty.measure,
            unit=unit,
            year=year,
            occurrence=occurrence,
        )
        for duty in plan.duties
        for occurrence in occurrences(plan, duty, year, calendar)
        for unit in plan.duty_units(duty)
    )


def open_items(plan: Plan, year: int, as_of: date, calendar: WorkCalendar) -> tuple[WorkItem, ...]:
    """The items of ``year`` that are open on ``as_of`` or were before it."""
    return tuple(i for i in work_items(plan, year, calendar) if i.occurrence.opens <= as_of)


def past_due(plan: Plan, years: Iterable[int], as_of: date, calendar: WorkCalendar) -> int:
    """How many items of ``years`` had their last day in time before ``as_of``, whatever has become of them."""
    return sum(
        len(plan.duty_units(duty))
        for year in years
        for duty in plan.duties
        for occurrence in occurrences(plan, duty, year, calendar)
        if occurrence.due < as_of
    )


def report_due(plan: Plan, year: int) -> date:
    """Last day in time for the yearly progress report; the year's last day where the plan asks for none."""
    annual = plan.annual_duty
    if annual is None or not isinstance(annual.cadence, Yearly):
        return date(year, 12, 31)
    return last_day(on_year(annual.cadence.due, year), annual.cadence.bound)


def _too_soon_after_issue(plan: Plan, duty: Duty, occurrence: Occurrence) -> bool:
    """Whether a recurring period was all but over when the notice came out (``rules.opening``)."""
    if isinstance(duty.cadence, Once):
        return False
    days = timedelta(days=plan.rules.opening.skip_if_due_within_days)
    return occurrence.due < plan.document.issued + days


def _raw(plan: Plan, duty: Duty, year: int, calendar: WorkCalendar) -> Iterator[Occurrence]:
    """Occurrences of ``year`` before the plan's own span is applied."""
    cadence = duty.cadence
    match cadence:
        case Once():
            due = last_day(cadence.due, cadence.bound)
            if due.year == year:
                opens = cadence.opens or plan.document.issued
                yield _occurrence("once", f"{due.year}年（一次性）", opens, due, calendar)
        case Yearly():
            due = last_day(on_year(cadence.due, year), cadence.bound)
            yield _occurrence(str(year), f"{year}年", on_year(cadence.opens, year), due, calendar)
        case Standing():
            opens, due = date(year, 1, 1), report_due(plan, year)
            yield _occurrence(str(year), f"{year}年", opens, due, calendar)
        case HalfYearly() | Quarterly() | Monthly():
            yield from _parts_of_year(cadence.every, year, calendar)
        case Festivals():
            yield from _festivals(cadence, year, calendar)


def _parts_of_year(every: PartOfYear, year: int, calendar: WorkCalendar) -> Iterator[Occurrence]:
    for part in parts_of_year(every, year):
        yield _occurrence(part.code, part.label, part.start, part.end, calendar)


def _festivals(cadence: Festivals, year: int, calendar: WorkCalendar) -> Iterator[Occurrence]:
    """A festival's visits are due by the day itself, or the day before its statutory holiday begins."""
    for festival in cadence.festivals:
        if festival.on is not None:
            due = on_year(festival.on, year)
        else:
            start = calendar.holiday_start(festival.holiday or "", year)
            if start is None:
                raise Problem(
                    ProblemKind.FESTIVAL_UNKNOWN, festival=f"{year}年{festival.name}", last=calendar.last
                )
            due = start - timedelta(days=1)
        opens = due - timedelta(days=cadence.lead_days)
        yield _occurrence(f"{year}-{festival.id}", f"{year}年{festival.name}", opens, due, calendar)


def _occurrence(period: str, label: str, opens: date, due: date, calendar: WorkCalendar) -> Occurrence:
    act_by = calendar.last_workday(due)
    return Occurrence(
        period=period,
        label=label,
        opens=opens,
        due=due,
        act_by=act_by.date,
        assumed=act_by.assumed,
    )
