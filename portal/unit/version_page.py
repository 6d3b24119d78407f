"""One version of what the unit handed in: what changed since the one before it, and its files."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from domain.entries import STATE_NAMES
from domain.entry_check import slots
from models.engine import reading
from portal.unit.room import TheRoom
from services import attachments, clock, facts, viewing
from services.changes import change
from services.intake import receipt_number

router = APIRouter()


@router.get("/units/{unit}/items/{number}/versions/{version}", response_class=HTMLResponse)
def version_page(request: Request, room: TheRoom, number: int, version: int) -> HTMLResponse:
    """A version beside the one before it."""
    with reading(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        own = room.own(session, plan, number)
        found = change(facts.own_facts(session, own), version, attachments.of_item(session, own))
    if found is None:
        raise HTTPException(404)
    viewing.leave_line(
        room.desk.engine, own.item.key, found.shown, actor=room.account.name, at=clock.now(), door="page"
    )
    duty = plan.duties_by_id.get(own.item.duty)
    return room.show(
        request,
        "unit_version.html",
        plan,
        found=found,
        title=duty.title if duty else own.item.duty,
        period=own.item.occurrence.label,
        address=room.item(number),
        receipt=receipt_number(found.shown.id, found.shown.at),
        state_names=STATE_NAMES,
        names={**slots(plan, duty, room.unit), **{i.id: i.name for i in plan.indicators}},
        counted_in={i.id: i.unit for i in plan.indicators},
    )
