"""Good cases of a unit: nominated here, with what the office made of each."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.entry_check import MOST_TEXT
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from portal.faults import status_of
from portal.terms import choices
from portal.unit.item_page import cited
from portal.unit.room import Room, TheRoom
from services import clock, good_cases

router = APIRouter()

Words = Annotated[str, Form()]
_NUMBER = re.compile("[0-9]{1,3}")


@router.get("/units/{unit}/cases", response_class=HTMLResponse)
def cases_page(request: Request, room: TheRoom) -> HTMLResponse:
    """The form, and the unit's own cases."""
    return _show(request, room)


@router.post("/units/{unit}/cases", response_class=HTMLResponse)
def nominate(
    request: Request,
    room: TheRoom,
    title: Words = "",
    text: Words = "",
    measure: Words = "",
    period: Words = "",
) -> Response:
    """Nominate a case."""
    try:
        with writing(room.desk.engine) as session:
            plan, _ = room.desk.in_force(session)
            good_cases.nominate(
                session,
                plan,
                unit=room.unit,
                measure=_measure(measure),
                period=period,
                title=title,
                text=text,
                by=room.account.name,
                at=clock.now(),
            )
    except Problem as problem:
        typed = {"title": title, "text": text, "measure": measure, "period": period}
        return _show(request, room, problem, typed)
    return RedirectResponse(f"{room.address}/cases#own", status_code=303)


def _measure(text: str) -> int | None:
    """A measure as the form sends it; None for what serves all."""
    if text and not _NUMBER.fullmatch(text):
        raise Problem(ProblemKind.CASE_MEASURE)
    return int(text) if text else None


def _show(
    request: Request, room: Room, problem: Problem | None = None, typed: dict[str, str] | None = None
) -> HTMLResponse:
    with reading(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        found = good_cases.of_unit(session, plan, plan.unit(room.unit).id)
    return room.show(
        request,
        "unit_cases.html",
        plan,
        200 if problem is None else status_of(problem),
        about=plan,
        found=found,
        own_measures=plan.unit_measures(room.unit),
        terms=choices(plan, clock.today()),
        cites=cited(plan, plan.rules.cases.cites),
        least=plan.rules.cases.least_characters,
        most=MOST_TEXT,
        most_title=good_cases.MOST_TITLE,
        problem=problem,
        typed=typed or {},
    )
