"""The assessment of a phase (阶段评估) out of the store; and which one is to be made by itself on a day."""

from datetime import date

from sqlmodel import Session

from domain.assessing import to_be_assessed
from domain.plan import Phase, Plan
from domain.report.material import Issue, Material
from domain.report.phase import freeze_phase, see_phase
from domain.report.single import SingleSnapshot
from models.reports import filed_after
from services.facts import year_facts
from services.gates import closings
from services.orders import PHASE
from services.plan_versions import PlanVersion
from services.workcalendar import work_calendar


def frozen(
    session: Session, plan: Plan, version: PlanVersion, name: str, as_of: date, issue: Issue
) -> SingleSnapshot:
    """The assessment of a phase, seen from a day, out of the store.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        version: its version.
        name: id or name of the phase.
        as_of: the day; one within the phase makes it an interim one.
        issue: how it goes out.

    Raises:
        Problem: 901, 1410 as :func:`domain.report.phase.see_phase`.
    """
    phase = see_phase(plan, name, as_of)
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    years = [year for year in plan.years if year <= phase.end.year]
    history = tuple(f for year in years for f in year_facts(session, plan, year))
    material = Material(plan, calendar, phase.end.year, as_of, history, issue)
    return freeze_phase(material, phase, closings(session, plan), version.sha256)


def due(session: Session, plan: Plan, day: date) -> Phase | None:
    """The phase whose assessment is to be made by itself by a day and is not filed yet; None for none."""
    found = to_be_assessed(plan, day, work_calendar())
    return next((phase for phase in found if not filed(session, plan, phase)), None)


def filed(session: Session, plan: Plan, phase: Phase) -> bool:
    """Whether an assessment of a phase is filed that was made after its end."""
    return filed_after(session, plan.id, PHASE, phase.id, phase.end)
