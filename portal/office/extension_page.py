"""Requests for more time: granted to a day, or refused with a reason."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.problems import Problem, ProblemKind
from models.engine import writing
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.office.scene import scene
from portal.pages import show
from portal.visitor import OfficeAccount
from services import clock, extensions
from services.workcalendar import work_calendar

router = APIRouter()

Words = Annotated[str, Form()]


@router.get("/office/extensions", response_class=HTMLResponse)
def extensions_page(request: Request, desk: TheDesk, _account: OfficeAccount) -> HTMLResponse:
    """What waits for a decision, longest waiting first."""
    return _page(request, desk)


@router.post("/office/extensions/{asked}/grant", response_class=HTMLResponse)
def grant(
    request: Request,
    desk: TheDesk,
    account: OfficeAccount,
    asked: int,
    until: Words = "",
    reason: Words = "",
) -> Response:
    """Grant a request, to the day on the form."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            extensions.grant(
                session,
                plan,
                asked,
                by=account.name,
                at=clock.now(),
                calendar=work_calendar(plan.rules.calendar.beyond_known),
                until=_day(until),
                reason=reason,
            )
    except Problem as problem:
        return _page(request, desk, problem, asked, reason)
    return RedirectResponse("/office/extensions", status_code=303)


@router.post("/office/extensions/{asked}/refuse", response_class=HTMLResponse)
def refuse(
    request: Request, desk: TheDesk, account: OfficeAccount, asked: int, reason: Words = ""
) -> Response:
    """Refuse a request, with a reason."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            extensions.refuse(session, plan, asked, by=account.name, at=clock.now(), reason=reason)
    except Problem as problem:
        return _page(request, desk, problem, asked, reason)
    return RedirectResponse("/office/extensions", status_code=303)


def _page(
    request: Request, desk: Desk, problem: Problem | None = None, number: int = 0, reason: str = ""
) -> HTMLResponse:
    with scene(desk) as now:
        waiting = extensions.undecided(now.session, now.plan)
    return show(
        request,
        "office_extensions.html",
        200 if problem is None else status_of(problem),
        now=now,
        waiting=waiting,
        most=timedelta(days=now.plan.rules.extensions.most_days),
        day_after=timedelta(days=1),
        problem=problem,
        number=number,
        reason=reason,
    )


def _day(text: str) -> date | None:
    """A day as browsers send it; None for the one that was asked for."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Problem(
            ProblemKind.CELL_INVALID, found="无法识别的日期", expected="写成 2025-12-01 的样子"
        ) from None
