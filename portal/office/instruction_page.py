"""Leaders' instructions before the office: which wait for an answer, which were answered; and one entered for a leader."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.problems import Problem, ProblemKind
from models.engine import writing
from portal.desk import TheDesk
from portal.office.item_page import show_item
from portal.office.scene import scene
from portal.pages import show
from portal.visitor import OfficeAccount
from services import clock, instructions
from services.workcalendar import work_calendar

router = APIRouter()

Words = Annotated[str, Form()]
PageNumber = Annotated[int, Query(ge=1, le=100_000, alias="page")]


@router.get("/office/instructions", response_class=HTMLResponse)
def instructions_page(
    request: Request, desk: TheDesk, _account: OfficeAccount, number: PageNumber = 1
) -> HTMLResponse:
    """What waits for an answer, the earliest deadline first; then what was answered, newest first."""
    with scene(desk) as now:
        waiting = instructions.unanswered(now.session, now.plan)
        answered, more = instructions.answered(now.session, now.plan, number=number)
    return show(
        request,
        "office_instructions.html",
        now=now,
        waiting=waiting,
        answered=answered,
        number=number,
        more=more,
    )


@router.post("/office/items/{number}/instruction", response_class=HTMLResponse)
def instruct(
    request: Request,
    desk: TheDesk,
    account: OfficeAccount,
    number: int,
    leader: Words = "",
    text: Words = "",
    deadline: Words = "",
) -> Response:
    """Enter a leader's instruction on an item, and go back to it."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            instructions.give(
                session,
                plan,
                number,
                leader=leader,
                text=text,
                deadline=day_of(deadline),
                calendar=work_calendar(plan.rules.calendar.beyond_known),
                by=account.name,
                at=clock.now(),
            )
    except Problem as problem:
        typed = {"leader": leader, "text": text, "deadline": deadline}
        return show_item(request, desk, account, number, problem=problem, typed=typed)
    return RedirectResponse(f"/office/items/{number}#supervision", status_code=303)


def day_of(text: str) -> date:
    """A deadline as browsers send it.

    Raises:
        Problem: 1307 for what is no day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem(
            ProblemKind.INSTRUCTION_DEADLINE, deadline=text[:20] or "空", reason="没有写成日期"
        ) from None
