"""Attachments: put to an item without losing what is typed beside them, and read again."""

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from domain.entries import Fault
from domain.form import MOST_FILES
from domain.problems import Problem
from models.engine import writing
from portal.tries import UPLOAD
from portal.unit.draft_page import keep, state_after
from portal.unit.fields import ATTACHMENTS, typed_form
from portal.unit.item_page import Sent, State, sheet_of, show_item, whole_number
from portal.unit.room import TheRoom
from services import attachments, clock

router = APIRouter()


@router.post("/units/{unit}/items/{number}/attachments", response_class=HTMLResponse)
def attach(request: Request, room: TheRoom, number: int, sent: Sent) -> Response:
    """Put a file to the item, choose it, and keep what was typed as a draft."""
    form, sheet = typed_form(sent), sheet_of(room, number)
    revision, seen = whole_number(sent, "revision"), whole_number(sent, "seen")
    upload = sent.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return show_item(request, room, sheet, State(form, revision, note="no-file", status=422))
    try:
        room.desk.tries.count(UPLOAD, str(room.account.id))
        checked = attachments.check(upload.filename, upload.file.read(attachments.MOST_BYTES + 1))
        with writing(room.desk.engine) as session:
            plan, _ = room.desk.in_force(session)
            home, by, at = room.desk.settings.home, room.account.name, clock.now()
            attachments.store(session, plan, home, sheet.key, checked, unit=room.unit, by=by, at=at)
    except Problem as problem:
        faults = (Fault(sheet.key, ATTACHMENTS, problem),)
        return show_item(request, room, sheet, State(form, revision, faults, status=422))
    chosen = tuple(dict.fromkeys((*form.attachments, checked.sha256)))[-MOST_FILES:]
    form = form.model_copy(update={"attachments": chosen})
    with writing(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        saved = keep(session, plan, room, sheet.key, form, revision, seen)
    if saved.stored and not saved.faults:
        return RedirectResponse(f"{room.item(number)}#attachments", status_code=303)
    return show_item(request, room, sheet_of(room, number), state_after(form, saved))


@router.get("/units/{unit}/attachments/{attachment}")
def read_attachment(room: TheRoom, attachment: int) -> FileResponse:
    """A file that the unit has put to an item of its own; the chain tells who read it."""
    with writing(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        home, by = room.desk.settings.home, room.account.name
        found, path = attachments.read(session, plan, home, attachment, by=by, at=clock.now(), unit=room.unit)
    return FileResponse(path, media_type="application/octet-stream", filename=found.name)
