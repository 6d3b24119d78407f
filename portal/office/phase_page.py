"""The phases on a line of time, what blocks each, and the office's right to close one with a reason."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.gates import PHASE_LIGHTS, PHASE_NAMES
from domain.milestones import MILESTONE_LIGHTS, MILESTONE_NAMES
from domain.piles import Pile
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.waiting import unit_names
from models.engine import writing
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.office.address import ItemsQuery
from portal.office.scene import scene
from portal.office.timeline import timeline
from portal.pages import show
from portal.visitor import OfficeAccount
from services import clock, gates
from services.blockers import Blocker, blockers
from services.workcalendar import work_calendar

router = APIRouter()

Words = Annotated[str, Form()]


@router.get("/office/phases", response_class=HTMLResponse)
def phases_page(request: Request, desk: TheDesk, _account: OfficeAccount) -> HTMLResponse:
    """Every phase: its milestones, who still owes, what is carried over."""
    return _page(request, desk)


@router.post("/office/phases/{phase}/close", response_class=HTMLResponse)
def close(
    request: Request, desk: TheDesk, account: OfficeAccount, phase: str, reason: Words = "", sure: Words = ""
) -> Response:
    """Close a phase; it takes a tick besides the reason, for it cannot be undone."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            _see_sure(plan, phase, sure=bool(sure))
            gates.close_phase(
                session,
                plan,
                phase,
                reason=reason,
                by=account.name,
                at=clock.now(),
                calendar=work_calendar(plan.rules.calendar.beyond_known),
            )
    except Problem as problem:
        return _page(request, desk, problem, phase, reason)
    return RedirectResponse("/office/phases", status_code=303)


def _see_sure(plan: Plan, phase: str, *, sure: bool) -> None:
    if not sure:
        name = next((one.name for one in plan.phases if one.id == phase), phase)
        raise Problem(ProblemKind.PHASE_UNCONFIRMED, phase=name)


def _page(
    request: Request, desk: Desk, problem: Problem | None = None, phase: str = "", reason: str = ""
) -> HTMLResponse:
    with scene(desk) as now:
        found = gates.phase_gates(now.session, now.plan, now.day, now.calendar)
        milestones = [m.milestone for gate in found for m in gate.milestones]
        blocking = blockers(now.session, now.plan, now.day, milestones)
    return show(
        request,
        "office_phases.html",
        200 if problem is None else status_of(problem),
        now=now,
        gates=found,
        blocking=blocking,
        line=timeline(now.plan, found, now.day),
        phase_names=PHASE_NAMES,
        phase_lights=PHASE_LIGHTS,
        milestone_names=MILESTONE_NAMES,
        milestone_lights=MILESTONE_LIGHTS,
        owing=lambda blocker: unit_names(now.plan, blocker.units),
        items=_items,
        problem=problem,
        closing=phase,
        reason=reason,
    )


def _items(blocker: Blocker) -> str:
    """Address of the items that block."""
    query = ItemsQuery(pile=Pile.UNFINISHED, duty=blocker.duty, period=blocker.period)
    return query.address("/office/items")
