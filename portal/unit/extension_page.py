"""Asking for more time (延期)."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.entry_check import MOST_TEXT
from domain.extensions import last_until
from domain.problems import Problem, ProblemKind
from models.engine import writing
from portal.faults import status_of
from portal.unit.item_page import sheet_of
from portal.unit.room import Room, TheRoom
from portal.unit.sheet import Sheet
from services import clock, extensions

router = APIRouter()


@router.get("/units/{unit}/items/{number}/extension", response_class=HTMLResponse)
def extension_page(request: Request, room: TheRoom, number: int) -> HTMLResponse:
    """The form, or why more time cannot be asked for."""
    return _show(request, room, sheet_of(room, number))


@router.post("/units/{unit}/items/{number}/extension", response_class=HTMLResponse)
def ask(
    request: Request,
    room: TheRoom,
    number: int,
    until: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Ask, and go back to the item, which shows what became of it."""
    sheet = sheet_of(room, number)
    try:
        day = _day(until, sheet)
        with writing(room.desk.engine) as session:
            plan, _ = room.desk.in_force(session)
            by, at = room.account.name, clock.now()
            extensions.ask(session, plan, sheet.key, unit=room.unit, until=day, reason=reason, by=by, at=at)
    except Problem as problem:
        return _show(request, room, sheet, problem, until=until, reason=reason)
    return RedirectResponse(f"{room.item(number)}#extension", status_code=303)


def _day(text: str, sheet: Sheet) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        item = sheet.facts.item
        last = last_until(sheet.plan, item)
        raise Problem(
            ProblemKind.EXTENSION_DATE, until="（未写明或不存在的日期）", due=item.due, last=last
        ) from error


def _show(
    request: Request,
    room: Room,
    sheet: Sheet,
    problem: Problem | None = None,
    *,
    until: str = "",
    reason: str = "",
) -> HTMLResponse:
    item = sheet.facts.item
    return room.show(
        request,
        "unit_extension.html",
        sheet.plan,
        200 if problem is None else status_of(problem),
        sheet=sheet,
        item=item,
        first=item.due + timedelta(days=1),
        last=last_until(sheet.plan, item),
        problem=problem,
        until=until,
        reason=reason,
        most=MOST_TEXT,
        address=room.item(sheet.number),
        office=sheet.plan.leading_group.office.name,
    )
