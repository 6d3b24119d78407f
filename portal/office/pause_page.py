"""Pauses of the ladder (暂缓提醒): from one day to another nobody is reminded of a unit, a duty, or anything."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.problems import Problem, ProblemKind
from models.engine import writing
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.office.scene import scene
from portal.pages import show
from portal.visitor import OfficeAccount
from services import clock, pauses

router = APIRouter()


class PauseForm(BaseModel):
    """What is typed about a pause."""

    first: str = ""
    last: str = ""
    unit: str = ""
    duty: str = ""
    reason: str = ""


@router.get("/office/pauses", response_class=HTMLResponse)
def pauses_page(request: Request, desk: TheDesk, _account: OfficeAccount) -> HTMLResponse:
    """The pauses that are not over, and the form for one more."""
    return _page(request, desk)


@router.post("/office/pauses", response_class=HTMLResponse)
def add_pause(
    request: Request, desk: TheDesk, account: OfficeAccount, typed: Annotated[PauseForm, Form()]
) -> Response:
    """Silence the ladder for some days."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            pauses.pause(
                session,
                plan,
                first=_day(typed.first),
                last=_day(typed.last),
                unit=typed.unit,
                duty=typed.duty,
                reason=typed.reason,
                by=account.name,
                at=clock.now(),
            )
    except Problem as problem:
        return _page(request, desk, problem, typed)
    return RedirectResponse("/office/pauses", status_code=303)


def _page(
    request: Request, desk: Desk, problem: Problem | None = None, typed: PauseForm | None = None
) -> HTMLResponse:
    with scene(desk) as now:
        found = pauses.pauses_to_come(now.session, now.plan, now.day)
        of_plan = [one for one in now.plan.rules.ladder.pauses if one.last >= now.day]
    return show(
        request,
        "office_pauses.html",
        200 if problem is None else status_of(problem),
        now=now,
        pauses=found,
        of_plan=of_plan,
        problem=problem,
        typed=typed or PauseForm(first=str(now.day), last=str(now.day)),
    )


def _day(text: str) -> date:
    """A day as browsers send it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem(
            ProblemKind.CELL_INVALID, found="无法识别的日期", expected="写成 2025-12-01 的样子"
        ) from None
