"""The commendation list: what scores and good cases propose, and the list once it is fixed."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.problems import Problem, ProblemKind
from models.engine import writing
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.office.scene import scene
from portal.office.sheets import sheet
from portal.pages import show
from portal.visitor import OfficeAccount
from services import clock, commendation
from services.workcalendar import work_calendar

router = APIRouter()

_COLUMNS = [
    *(("单位", 22.0), ("个人", 12.0), ("名次", 8.0)),
    *(("得分", 10.0), ("入选案例", 10.0), ("事由", 60.0)),
]


async def _sent(request: Request) -> FormData:
    return await request.form()


@router.get("/office/commendation", response_class=HTMLResponse)
def commendation_page(request: Request, desk: TheDesk, _account: OfficeAccount) -> HTMLResponse:
    """What is proposed; or the list, once it is fixed."""
    return _page(request, desk)


@router.get("/office/commendation.xlsx")
def commendation_workbook(desk: TheDesk, account: OfficeAccount) -> Response:
    """The list as a spreadsheet, units first; empty while it is not fixed."""
    with scene(desk) as now:
        phase, found = commendation.phase_of(now.plan), commendation.fixed(now.session, now.plan)
    lines = (*found.units, *found.people) if found else ()
    title = f"{now.plan.short_name}：{phase.name}阶段表扬名单"
    rows = ((one.unit, one.person, one.rank, one.points, one.cases, one.merit) for one in lines)
    return sheet(desk, account, "表扬名单", title, _COLUMNS, rows)


@router.post("/office/commendation", response_class=HTMLResponse)
def fix(
    request: Request, desk: TheDesk, account: OfficeAccount, sent: Annotated[FormData, Depends(_sent)]
) -> Response:
    """Fix the list as it is on the form."""
    typed = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
    units = {one: typed.get(f"merit:{one}", "") for one in sent.getlist("unit") if isinstance(one, str)}
    try:
        _see_confirmed(typed)
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            commendation.fix(
                session,
                plan,
                units=units,
                people=commendation.people_of(plan, typed.get("people", "")),
                reason=typed.get("reason", ""),
                calendar=work_calendar(plan.rules.calendar.beyond_known),
                by=account.name,
                at=clock.now(),
            )
    except Problem as problem:
        return _page(request, desk, problem, typed, tuple(units))
    return RedirectResponse("/office/commendation", status_code=303)


def _see_confirmed(typed: Mapping[str, str]) -> None:
    if "sure" not in typed:
        raise Problem(ProblemKind.COMMENDATION_UNCONFIRMED)


def _page(
    request: Request,
    desk: Desk,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
    chosen: tuple[str, ...] | None = None,
) -> HTMLResponse:
    with scene(desk) as now:
        phase = next((p for p in now.plan.phases if p.id == now.plan.rules.commendation.phase), None)
        found = commendation.fixed(now.session, now.plan)
        proposed = (
            commendation.propose(now.session, now.plan, now.day, now.calendar)
            if phase is not None and found is None
            else ()
        )
    return show(
        request,
        "office_commendation.html",
        200 if problem is None else status_of(problem),
        now=now,
        phase=phase,
        found=found,
        proposed=proposed,
        span=commendation.span(now.plan) if phase else None,
        cites=now.plan.rules.commendation.cites,
        problem=problem,
        typed=typed or {},
        ticked=[one.place.unit_id for one in proposed if one.proposed] if chosen is None else chosen,
    )
