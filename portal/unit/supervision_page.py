"""A unit's own supervision: its score with the working, appeals, and answers to leaders' instructions."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.problems import Problem, ProblemKind
from domain.scoring import CRITERION_NAMES, Criterion, LineId
from domain.terms import Term
from models.engine import reading, writing
from portal.faults import status_of
from portal.terms import AskedTerm, choices, term_asked
from portal.unit.room import Room, TheRoom
from services import appeals, clock, instructions
from services.supervision import supervision
from services.workcalendar import work_calendar

router = APIRouter()

Words = Annotated[str, Form()]
Number = Annotated[int, Form(ge=0, lt=2**31)]


@router.get("/units/{unit}/supervision", response_class=HTMLResponse)
def supervision_page(request: Request, room: TheRoom, period: AskedTerm = "") -> HTMLResponse:
    """How the unit does in a term, line by line."""
    return _show(request, room, period)


@router.post("/units/{unit}/appeals", response_class=HTMLResponse)
def appeal(
    request: Request,
    room: TheRoom,
    item: Number = 0,
    criterion: Words = "",
    ref: Number = 0,
    reason: Words = "",
    period: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Dispute a line of the score."""
    try:
        line = _line(criterion, ref)
        with writing(room.desk.engine) as session:
            plan, _ = room.desk.in_force(session)
            appeals.appeal(
                session,
                plan,
                item,
                line,
                unit=room.unit,
                reason=reason,
                calendar=work_calendar(plan.rules.calendar.beyond_known),
                by=room.account.name,
                at=clock.now(),
            )
    except Problem as problem:
        typed = {"line": f"{item}-{criterion}-{ref}", "reason": reason}
        return _show(request, room, period, problem, typed)
    return RedirectResponse(f"{room.address}/supervision?period={period}#lines", status_code=303)


@router.post("/units/{unit}/instructions/{asked}/answer", response_class=HTMLResponse)
def answer(request: Request, room: TheRoom, asked: int, text: Words = "") -> Response:
    """Say what was done on a leader's instruction, and go back to its item."""
    try:
        with writing(room.desk.engine) as session:
            plan, _ = room.desk.in_force(session)
            by, at = room.account.name, clock.now()
            found = instructions.answer(session, plan, asked, unit=room.unit, text=text, by=by, at=at)
    except Problem as problem:
        return _show_answer(request, room, asked, problem, text)
    return RedirectResponse(f"{room.item(found.item)}#instructions", status_code=303)


def _line(criterion: str, ref: int) -> LineId:
    if criterion not in tuple(Criterion):
        raise Problem(ProblemKind.APPEAL_NO_LINE)
    return LineId(Criterion(criterion), ref)


def _show(
    request: Request,
    room: Room,
    period: str,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    today = clock.today()
    with reading(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        calendar = work_calendar(plan.rules.calendar.beyond_known)
        term: Term = term_asked(period, plan, today)
        found = supervision(session, plan, room.unit, term.code, today, calendar)
    return room.show(
        request,
        "unit_supervision.html",
        plan,
        200 if problem is None else status_of(problem),
        found=found,
        term=term,
        terms=choices(plan, today),
        titles={duty.id: duty.title for duty in plan.duties},
        names=CRITERION_NAMES,
        rules=plan.rules.scoring,
        office=plan.leading_group.office.name,
        today=today,
        problem=problem,
        typed=typed or {"line": "", "reason": ""},
    )


def _show_answer(request: Request, room: Room, asked: int, problem: Problem, text: str) -> HTMLResponse:
    """The form of an answer again, with what was typed and what is wrong with it."""
    with reading(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        found = instructions.of_unit(session, plan, asked, room.unit)
    return room.show(
        request,
        "unit_answer.html",
        plan,
        status_of(problem),
        one=found,
        today=clock.today(),
        problem=problem,
        text=text,
    )
