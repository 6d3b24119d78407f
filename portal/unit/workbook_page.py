"""The Excel form: out with what is open, and in again, all of it or nothing."""

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import HTMLResponse, Response

from domain.plan import Plan
from domain.problems import Problem
from models.engine import reading, writing
from portal.faults import status_of
from portal.unit.item_page import Sent
from portal.unit.room import Room, TheRoom
from services import audit, clock
from services.history import history
from services.tries import UPLOAD
from services.workbook.delivery import Edition, forms
from services.workbook.export import render
from services.workbook.layout import file_name
from services.workbook.receiving import Outcome, Sender, receive_bytes
from services.workbook.safety import MAX_FILE

router = APIRouter()

MOST_ITEMS = 300
"""Versions among which the items of a form are looked for."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/units/{unit}/workbook", response_class=HTMLResponse)
def workbook_page(request: Request, room: TheRoom, year: int | None = None) -> Response:
    """The form of a year as a file; without a year, the page from which it is got and handed in."""
    if year is None:
        return _show(request, room, room.plan())
    at = clock.now()
    with reading(room.desk.engine) as session:
        plan, version = room.desk.in_force(session)
        ((_, form),) = forms(session, plan, year, at.date(), [plan.unit(room.unit).id])
    if form is None:
        return _show(request, room, plan, nothing=year)
    data = render(form, version.sha256, at)
    with writing(room.desk.engine) as session:
        subject = f"{plan.id}/workbook/{room.unit}/{year}"
        detail: audit.Detail = {"size": len(data)}
        audit.record(
            session, at=at, actor=room.account.name, action="download", subject=subject, detail=detail
        )
    name = quote(file_name(form.unit_name, year))
    return Response(
        data, media_type=XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    )


@router.post("/units/{unit}/workbook", response_class=HTMLResponse)
def receive(request: Request, room: TheRoom, sent: Sent) -> HTMLResponse:
    """Take a filled-in form over, or tell everything that is wrong with it by sheet and cell."""
    with reading(room.desk.engine) as session:
        plan, version = room.desk.in_force(session)
    upload = sent.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return _show(request, room, plan, no_file=True)
    try:
        room.desk.tries.count(UPLOAD, str(room.account.id))
    except Problem as problem:
        return _show(request, room, plan, problem=problem)
    sender = Sender(clock.now(), by=room.account.name, unit=plan.unit(room.unit).id)
    edition = Edition(plan, version.sha256)
    name = upload.filename.replace("\\", "/").rpartition("/")[2]
    outcome = receive_bytes(room.desk.engine, edition, name, upload.file.read(MAX_FILE + 1), sender)
    periods = _periods(room, plan) if outcome.receipts else {}
    return _show(request, room, plan, outcome=outcome, problem=outcome.problem, periods=periods)


def _periods(room: Room, plan: Plan) -> dict[str, str]:
    """The periods of what was handed in last, as people say them, by the item's key."""
    with reading(room.desk.engine) as session:
        newest = history(session, plan, room.unit, size=MOST_ITEMS).versions
    return {version.key: version.period for version in newest}


def _show(  # noqa: PLR0913 - what the page may have to say; mostly one of them
    request: Request,
    room: Room,
    plan: Plan,
    *,
    outcome: Outcome | None = None,
    problem: Problem | None = None,
    periods: Mapping[str, str] | None = None,
    nothing: int | None = None,
    no_file: bool = False,
) -> HTMLResponse:
    status = 200
    if problem is not None:
        status = status_of(problem)
    elif no_file or nothing or (outcome is not None and outcome.refused):
        status = 422
    today = clock.today()
    years = [year for year in plan.years if year <= today.year] or [plan.start.year]
    return room.show(
        request,
        "unit_workbook.html",
        plan,
        status,
        outcome=outcome,
        problem=problem,
        periods=periods or {},
        nothing=nothing,
        no_file=no_file,
        years=years,
        titles={duty.id: duty.title for duty in plan.duties},
        most_megabytes=MAX_FILE // 1024 // 1024,
    )
