"""What a circular (调度通报) says, out of the store; and which one is to be made by itself on a day."""

from dataclasses import replace
from datetime import date

from sqlmodel import Session

from domain.periods import Period, period_with
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.report.circular.document import freeze_circular
from domain.report.circular.material import CircularMaterial, Ranked, see_period
from domain.report.material import Issue
from domain.report.single import SingleSnapshot
from domain.workdays import Beyond, WorkCalendar
from models.reports import filed_after
from models.states import opened_in
from services.facts import year_facts
from services.orders import CIRCULAR
from services.plan_versions import PlanVersion, demanded_since
from services.scoring import ranking
from services.workcalendar import work_calendar


def frozen(
    session: Session, plan: Plan, version: PlanVersion, code: str, as_of: date, issue: Issue
) -> SingleSnapshot:
    """The circular of a period, seen from a day, out of the store.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        version: its version.
        code: of the period, as ``2026Q3``.
        as_of: the day; one within the period makes it an interim one.
        issue: how it goes out.

    Raises:
        Problem: 1401, 1402, 1404 as :func:`domain.report.circular.material.see_period`; 1405 where nothing has fallen
            due by then.
    """
    period, day = see_period(plan, code, as_of, as_of)
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    years = [year for year in plan.years if year <= day.year]
    history = tuple(f for year in years for f in year_facts(session, plan, year))
    material = CircularMaterial(
        plan=plan,
        calendar=calendar,
        period=period,
        as_of=day,
        since=demanded_since(session, plan),
        history=history,
        issue=issue,
        ranking=_ranking(session, plan, period, day, calendar),
    )
    if not any(f.item.due <= material.until for f in material.known):
        raise Problem(ProblemKind.CIRCULAR_NOTHING, day=day, period=period.label)
    return freeze_circular(material, version.sha256)


def due(session: Session, plan: Plan, day: date) -> Period | None:
    """The period whose circular is to be made by itself by a day and is not filed yet; None for none.

    Only the one before the period in which the day lies: what was missed before that is for the office to order. None
    either while nothing has fallen due yet, as after the first weeks of a plan: there is nothing to tell.
    """
    rules = plan.rules.circular
    if not rules.scheduled:
        return None
    period = period_with(rules.every, day).before
    calendar = replace(work_calendar(), beyond=Beyond.ASSUME_WEEKDAYS)
    outside = period.end < max(plan.start, plan.document.issued) or period.start > plan.end
    if outside or day < calendar.add_workdays(period.end, rules.after_workdays).date:
        return None
    there = filed_after(session, plan.id, CIRCULAR, period.code, period.end)
    return period if not there and opened_in(session, plan.id, plan.start, period.end) else None


def _ranking(
    session: Session, plan: Plan, period: Period, day: date, calendar: WorkCalendar
) -> tuple[Ranked, ...]:
    """The units by their score over the period."""
    found = ranking(session, plan, period.code, day, calendar)
    return tuple(Ranked(one.unit_id, one.rank, one.points) for one in found.places)
