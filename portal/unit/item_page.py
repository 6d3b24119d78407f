"""An item's page: why it is owed, how it stands, its form, and what was handed in before."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.canonical import decimal_text
from domain.entries import STATE_NAMES, Fault, Refused
from domain.entry_check import MOST_TEXT, slots
from domain.form import Form, read_form
from domain.plan import Plan
from models.engine import reading, writing
from portal.unit.fields import fields_of, typed_form
from portal.unit.room import Room, TheRoom
from portal.unit.sheet import Sheet, leave_line, load
from services import clock, intake
from services.attachments import MOST_BYTES
from services.intake import Receipt, receipt_number
from services.known import MOST_ATTACHMENTS

router = APIRouter()

DOOR = "page"
_NUMBER = re.compile("[0-9]{1,10}")


async def _sent(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_sent)]
"""What a browser sends with the item's form."""


def whole_number(sent: FormData, name: str) -> int:
    """A number that the page itself put into the form; 0 where it is none."""
    value = sent.get(name)
    return int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else 0


@dataclass(frozen=True)
class State:
    """How the form stands beside what is in the store.

    Attributes:
        form: what stands in it.
        revision: of the draft that it goes on from; 0 for none.
        faults: what is wrong with it.
        other: what another window holds.
        note: ``checked``, ``overtaken``, ``same``, ``stale`` or ``gone``: what the page has to say first; or empty.
        status: HTTP status.
    """

    form: Form
    revision: int
    faults: tuple[Fault, ...] = ()
    other: Form | None = None
    note: str = ""
    status: int = 200


@router.get("/units/{unit}/items/{number}", response_class=HTMLResponse)
def item_page(request: Request, room: TheRoom, number: int) -> HTMLResponse:
    """The item, with the form as it was left."""
    sheet = sheet_of(room, number)
    leave_line(room, sheet)
    return show_item(request, room, sheet, State(sheet.started, sheet.draft.revision if sheet.draft else 0))


@router.post("/units/{unit}/items/{number}/check", response_class=HTMLResponse)
def check(request: Request, room: TheRoom, number: int, sent: Sent) -> HTMLResponse:
    """What is wrong with what was typed, in words beside the fields; nothing is stored."""
    form = typed_form(sent)
    with reading(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        sheet = load(session, plan, room, number)
        entry, faults = read_form(plan, sheet.duty, room.unit, sheet.key, form)
        if entry is not None:
            found = intake.check(session, plan, entry, unit=room.unit, at=clock.now(), by=room.account.name)
            faults = together(faults, found)
    state = State(form, whole_number(sent, "revision"), faults, note="" if faults else "checked")
    return show_item(request, room, sheet, state)


@router.post("/units/{unit}/items/{number}/submit", response_class=HTMLResponse)
def submit(request: Request, room: TheRoom, number: int, sent: Sent) -> Response:
    """Hand in and go to the receipt; the same again, as by a second click, leads to the same receipt."""
    form, sheet = typed_form(sent), sheet_of(room, number)
    entry, faults = read_form(sheet.plan, sheet.duty, room.unit, sheet.key, form)
    note = ""
    if entry is None or faults:
        if entry is not None:
            with reading(room.desk.engine) as session:
                plan, _ = room.desk.in_force(session)
                at, by = clock.now(), room.account.name
                found = intake.check(session, plan, entry, unit=room.unit, at=at, by=by)
            faults = together(faults, found)
    else:
        try:
            with writing(room.desk.engine) as session:
                plan, _ = room.desk.in_force(session)
                (receipt,) = intake.submit(
                    session,
                    plan,
                    [entry],
                    unit=room.unit,
                    by=room.account.name,
                    at=clock.now(),
                    door=DOOR,
                    account=room.account.id,
                )
                _see_new(sheet, receipt, whole_number(sent, "seen"))
        except Refused as refused:
            faults = refused.faults
        except _NotTakenError as not_taken:
            note, sheet = not_taken.note, sheet_of(room, number)
        else:
            return RedirectResponse(f"{room.address}/receipts/{receipt.number}", status_code=303)
    state = State(form, whole_number(sent, "revision"), faults, note=note, status=422)
    return show_item(request, room, sheet, state)


class _NotTakenError(Exception):
    """Ends a transaction whose submission the person would not have wanted, had they known."""

    def __init__(self, note: str) -> None:
        self.note = note


def _see_new(sheet: Sheet, receipt: Receipt, seen: int) -> None:
    """Stop what would pass over a colleague's version unseen, and what says nothing new to the office."""
    if not receipt.unchanged and receipt.version != seen + 1:
        raise _NotTakenError("overtaken")
    reviewed = sheet.latest is not None and sheet.latest.review is not None and not sheet.closed
    if receipt.unchanged and reviewed:
        raise _NotTakenError("same")


def sheet_of(room: Room, number: int) -> Sheet:
    """An item of the unit; errors as for :func:`portal.unit.sheet.load`."""
    with reading(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        return load(session, plan, room, number)


def together(faults: tuple[Fault, ...], found: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Both kinds of faults; a field that could not be understood is not called empty as well."""
    known = {fault.field for fault in faults}
    return (*faults, *(fault for fault in found if fault.field not in known))


def show_item(request: Request, room: Room, sheet: Sheet, state: State) -> HTMLResponse:
    """The item's page."""
    plan, duty = sheet.plan, sheet.duty
    fields = fields_of(
        plan, duty, room.unit, state.form, last=sheet.last, faults=state.faults, other=state.other
    )
    return room.show(
        request,
        "unit_item.html",
        plan,
        state.status,
        sheet=sheet,
        item=sheet.facts.item,
        days=(sheet.today - sheet.facts.item.due).days,
        address=room.item(sheet.number),
        form=state.form,
        fields=fields,
        revision=state.revision,
        note=state.note,
        waits=[wait.words(plan) for wait in sheet.waits],
        cites=cited(plan, duty.cites) if duty else (),
        state_names=STATE_NAMES,
        slot_names=slots(plan, duty, room.unit),
        indicator_names={i.id: (i.name, i.unit) for i in plan.indicators},
        receipts={one.version: receipt_number(one.id, one.at) for one in sheet.facts.submissions},
        decimal_text=decimal_text,
        most_megabytes=MOST_BYTES // 1024 // 1024,
        most_files=MOST_ATTACHMENTS,
        most_text=MOST_TEXT,
    )


def cited(plan: Plan, cites: tuple[str, ...]) -> tuple[str, ...]:
    """Where the notice says something: 三（六）8“建立统一台账”第 1 句."""
    titles = {paragraph.id: paragraph.title for paragraph in plan.outline}
    told = []
    for cite in cites:
        paragraph, _, sentence = cite.partition("#")
        title = titles.get(paragraph, "")
        told.append(paragraph + (f"“{title}”" if title else "") + (f"第 {sentence} 句" if sentence else ""))
    return tuple(told)
