"""Drafts: kept as somebody types, in the background where scripts run, and by a button where they do not."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from domain.entries import Fault
from domain.form import Form, read_form
from domain.plan import Plan
from domain.problems import ProblemKind
from domain.workdays import BEIJING
from models.engine import reading, writing
from portal.unit.fields import by_field, fields_of, texts, typed_form
from portal.unit.item_page import Sent, State, sheet_of, show_item, whole_number
from portal.unit.room import Room, TheRoom
from portal.unit.upload import file_in, with_file
from services import clock, drafts, intake
from services.drafts import Saved

router = APIRouter()

_AT_ONCE = frozenset(
    {ProblemKind.FIGURE_FAR_OFF, ProblemKind.FIGURE_INVALID, ProblemKind.FIGURE_CELL_INVALID}
)
"""What is said of a figure while somebody is still typing; that others are missing is not."""


@dataclass(frozen=True)
class _Kept:
    """What became of what was typed; ``hints`` are doubts about figures, which keep nothing from being saved."""

    plan: Plan
    saved: Saved
    hints: tuple[Fault, ...]


@router.post("/units/{unit}/items/{number}/draft", response_class=HTMLResponse)
def save_draft(request: Request, room: TheRoom, number: int, sent: Sent) -> Response:
    """Keep what was typed; told as JSON to a script of ours, as a page to everybody else."""
    form = typed_form(sent)
    if file_in(sent) is not None:
        sheet = sheet_of(room, number)
        form, faults = with_file(room, sheet.key, sent, form)
        if faults:
            state = State(form, whole_number(sent, "revision"), faults, status=422)
            return show_item(request, room, sheet, state)
    kept = _keep(room, number, form, whole_number(sent, "revision"), whole_number(sent, "seen"))
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse(_told(room, number, form, kept))
    if kept.saved.stored and not kept.saved.faults:
        return RedirectResponse(room.item(number), status_code=303)
    return show_item(request, room, sheet_of(room, number), state_after(form, kept.saved))


@router.post("/units/{unit}/items/{number}/discard", response_class=HTMLResponse)
def discard_draft(room: TheRoom, number: int) -> Response:
    """Throw one's own draft away and begin anew from what was handed in last."""
    with writing(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        key = room.own(session, plan, number).item.key
        drafts.discard(session, plan, key, unit=room.unit, account=room.account.id)
    return RedirectResponse(room.item(number), status_code=303)


@router.get("/units/{unit}/items/{number}/colleagues/{colleague}", response_class=HTMLResponse)
def colleague_page(request: Request, room: TheRoom, number: int, colleague: int) -> HTMLResponse:
    """A colleague's draft of the same item, to be read and copied from."""
    with reading(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        own = room.own(session, plan, number)
        others = drafts.of_item(session, own, account=room.account.id).colleagues
    item = own.item
    found = next((one for one in others if one.account == colleague), None)
    if found is None:
        raise HTTPException(404)
    duty = plan.duties_by_id.get(item.duty)
    return room.show(
        request,
        "unit_colleague.html",
        plan,
        colleague=found,
        fields=fields_of(plan, duty, room.unit, found.draft.form, last={}),
        title=duty.title if duty else item.duty,
        period=item.occurrence.label,
        address=room.item(number),
    )


def state_after(form: Form, saved: Saved) -> State:
    """The form after a saving that did not take everything: as it was typed, going on from the draft as it stands."""
    other = None if saved.stored or saved.draft is None else saved.draft.form
    note = "" if saved.stored else ("gone" if saved.draft is None else "stale")
    revision = saved.draft.revision if saved.draft else 0
    return State(form, revision, saved.faults, other=other, note=note, status=422 if saved.stored else 409)


def keep(session: Session, plan: Plan, room: Room, key: str, form: Form, revision: int, seen: int) -> Saved:
    """Save somebody's draft in a transaction that writes."""
    return drafts.save(
        session,
        plan,
        key,
        unit=room.unit,
        account=room.account.id,
        content=form,
        base_revision=revision,
        at=clock.now(),
        seen_version=seen,
    )


def _keep(room: Room, number: int, form: Form, revision: int, seen: int) -> _Kept:
    with writing(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        own = room.own(session, plan, number)
        key = own.item.key
        saved = keep(session, plan, room, key, form, revision, seen)
    with reading(room.desk.engine) as session:
        duty = plan.duties_by_id.get(own.item.duty)
        entry, faults = read_form(plan, duty, room.unit, key, form)
        if entry is not None:
            faults += intake.check(session, plan, entry, unit=room.unit, at=clock.now())
    typed = {name for name, text in texts(form).items() if text}
    return _Kept(
        plan,
        saved,
        tuple(fault for fault in faults if fault.field in typed and fault.problem.kind in _AT_ONCE),
    )


def _told(room: Room, number: int, form: Form, kept: _Kept) -> dict[str, object]:
    """What the script on the page needs to know."""
    saved, mine = kept.saved, texts(form)
    other = {} if saved.stored or saved.draft is None else texts(saved.draft.form)
    problems = by_field((*saved.faults, *kept.hints))
    return {
        "stored": saved.stored,
        "gone": saved.draft is None,
        "revision": saved.draft.revision if saved.draft else 0,
        "at": f"{saved.draft.saved_at.astimezone(BEIJING):%H:%M:%S}" if saved.draft else "",
        "faults": {
            name: "".join(f"{one.title}{one.mend}" for one in told) for name, told in problems.items() if name
        },
        "refused": sorted({fault.field for fault in saved.faults if fault.field}),
        "beside": {name: text for name, text in other.items() if text != mine.get(name, "")},
        "outdated": saved.outdated,
        "colleagues": [
            {
                "name": one.name,
                "at": f"{one.draft.saved_at.astimezone(BEIJING):%H:%M}",
                "address": f"{room.item(number)}/colleagues/{one.account}",
            }
            for one in saved.colleagues
        ],
    }
