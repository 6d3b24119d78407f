"""Urging by hand: one item from its page, several from a list."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.problems import Problem
from models.engine import writing
from portal.desk import TheDesk
from portal.faults import status_of
from portal.office.item_page import show_item
from portal.pages import show
from portal.visitor import OfficeAccount
from services import clock
from services.urging import urge
from services.workcalendar import work_calendar

router = APIRouter()

Reason = Annotated[str, Form(alias="reason")]
Leader = Annotated[bool, Form(alias="leader")]
"""Whether the unit's leader is told as well."""
Chosen = Annotated[list[int] | None, Form(alias="item", max_length=1000)]


@router.post("/office/items/{number}/urge", response_class=HTMLResponse)
def urge_one(
    request: Request,
    desk: TheDesk,
    account: OfficeAccount,
    number: int,
    reason: Reason = "",
    *,
    leader: Leader = False,
) -> Response:
    """Urge an item, and go back to it."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            calendar = work_calendar(plan.rules.calendar.beyond_known)
            by, at = account.name, clock.now()
            urge(session, plan, [number], reason=reason, leader=leader, calendar=calendar, by=by, at=at)
    except Problem as problem:
        typed = {"urge": reason}
        return show_item(request, desk, account, number, problem=problem, typed=typed)
    return RedirectResponse(f"/office/items/{number}#supervision", status_code=303)


@router.post("/office/urges", response_class=HTMLResponse)
def urge_several(
    request: Request,
    desk: TheDesk,
    account: OfficeAccount,
    item: Chosen = None,
    reason: Reason = "",
    *,
    leader: Leader = False,
    back: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Urge the items that are ticked, and say what became of each."""
    found, refusal = None, None
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            calendar = work_calendar(plan.rules.calendar.beyond_known)
            by, at, items = account.name, clock.now(), item or []
            found = urge(session, plan, items, reason=reason, leader=leader, calendar=calendar, by=by, at=at)
    except Problem as problem:
        refusal = problem
    return show(
        request,
        "office_urged.html",
        200 if refusal is None else status_of(refusal),
        found=found,
        problem=refusal,
        chosen=item or [],
        reason=reason,
        leader=leader,
        back=back if back.startswith("/office/items") else "/office/items",
    )
