"""The receipt (回执) of what was handed in, to be kept or printed."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from domain.entries import STATE_NAMES
from domain.workdays import BEIJING
from models.engine import reading
from portal.unit.room import TheRoom
from services.items import own_item
from services.receipts import find_receipt

router = APIRouter()

DOORS = {"page": "网上填报", "excel": "Excel 填报表", "api": "接口"}


@router.get("/units/{unit}/receipts/{receipt}", response_class=HTMLResponse)
def receipt_page(request: Request, room: TheRoom, receipt: str) -> HTMLResponse:
    """A receipt of the unit's own."""
    with reading(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        slip = find_receipt(session, plan, receipt, unit=room.unit)
        number, _ = own_item(session, plan, slip.receipt.key, room.unit)
    duty = plan.duties_by_id.get(slip.duty)
    at = slip.receipt.at.astimezone(BEIJING)
    return room.show(
        request,
        "unit_receipt.html",
        plan,
        slip=slip,
        title=duty.title if duty else slip.duty,
        at=f"{at.year}年{at.month}月{at.day}日 {at:%H:%M:%S}",
        door=DOORS.get(slip.door, slip.door),
        state_name=STATE_NAMES[slip.state],
        annual=duty is not None and duty.role == "annual-report",
        item=room.item(number),
        plan_name=plan.name,
        office=plan.leading_group.office.name,
    )
