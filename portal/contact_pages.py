"""Contacts (联系人): whom messages go to, for the office and the administrator; one by one, or as a list in Excel."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.messages import OF_UNITS, Post
from domain.people import Role
from domain.problems import Problem
from models.engine import reading, writing
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.pages import show
from portal.unit.item_page import Sent
from portal.unit.upload import file_in
from portal.visitor import Overseer, visitor
from services import audit, clock, contacts
from services.addresses import Address
from services.contact_sheet import ContactFaults, Imported, import_contacts, render_contacts
from services.reach import gaps
from services.tries import UPLOAD
from services.workbook.safety import MAX_FILE

router = APIRouter()

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def addresses_in(channel: Sequence[str], address: Sequence[str]) -> list[Address]:
    """The addresses typed on a form, row by row; a row without both is no row."""
    rows = zip(channel, address, strict=False)
    return [Address(one.strip(), other.strip()) for one, other in rows if one.strip() or other.strip()]


class ContactForm(BaseModel):
    """What is typed about a contact; ``channel`` and ``address`` row by row."""

    name: str = ""
    post: str = Post.LIAISON.value
    unit: str = ""
    login: str = ""
    active: str = ""
    channel: list[str] = []
    address: list[str] = []

    @property
    def addresses(self) -> list[Address]:
        """The addresses that were typed."""
        return addresses_in(self.channel, self.address)


Typed = Annotated[ContactForm, Form()]


@router.get("/contacts", response_class=HTMLResponse)
def contacts_page(request: Request, desk: TheDesk, _account: Overseer) -> HTMLResponse:
    """Everybody, the posts that nobody can be reached in, and the forms for one more and for a list."""
    return _contacts(request, desk)


@router.post("/contacts", response_class=HTMLResponse)
def add_contact(request: Request, desk: TheDesk, account: Overseer, typed: Typed) -> Response:
    """Put somebody on the list."""
    post = next((one for one in Post if one.value == typed.post), Post.LIAISON)
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            contacts.add(
                session,
                plan,
                unit=typed.unit if post in OF_UNITS else "",
                post=post,
                name=typed.name,
                addresses=typed.addresses,
                login=typed.login,
                by=account.name,
                at=clock.now(),
                acting=account,
            )
    except Problem as problem:
        return _contacts(request, desk, problem, typed=typed)
    return RedirectResponse("/contacts", status_code=303)


@router.get("/contacts.xlsx")
def contacts_workbook(desk: TheDesk, account: Overseer) -> Response:
    """The list as a workbook, to be filled in and sent back."""
    at = clock.now()
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        data = render_contacts(session, plan, (), at)
    with writing(desk.engine) as session:
        subject, detail = f"{plan.id}/contacts", {"bytes": len(data)}
        audit.record(session, at=at, actor=account.name, action="download", subject=subject, detail=detail)
    name = quote(f"联系人{at:%Y%m%d}.xlsx")
    return Response(
        data, media_type=XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    )


@router.post("/contacts/import", response_class=HTMLResponse)
def import_list(request: Request, desk: TheDesk, account: Overseer, sent: Sent) -> HTMLResponse:
    """Take a list over, or tell everything that is wrong with it by cell."""
    upload = file_in(sent)
    if upload is None:
        return _contacts(request, desk, no_file=True)
    name = (upload.filename or "").replace("\\", "/").rpartition("/")[2]
    try:
        desk.tries.count(UPLOAD, str(account.id))
        with reading(desk.engine) as session:
            plan, _ = desk.in_force(session)
        data = upload.file.read(MAX_FILE + 1)
        by, at = account.name, clock.now()
        done = import_contacts(desk.engine, plan, name, data, by=by, at=at, acting=account)
    except Problem as problem:
        return _contacts(request, desk, problem)
    return _contacts(request, desk, done=done)


@router.get("/contacts/{contact}", response_class=HTMLResponse)
def contact_page(request: Request, desk: TheDesk, _account: Overseer, contact: int) -> HTMLResponse:
    """One contact, to be changed."""
    return _contact(request, desk, contact)


@router.post("/contacts/{contact}", response_class=HTMLResponse)
def change_contact(
    request: Request, desk: TheDesk, account: Overseer, contact: int, typed: Typed
) -> Response:
    """Change how somebody is called and reached, or take them off the list."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            contacts.change(
                session,
                plan,
                contact,
                name=typed.name,
                addresses=typed.addresses,
                login=typed.login,
                active=bool(typed.active),
                by=account.name,
                at=clock.now(),
                acting=account,
            )
    except Problem as problem:
        return _contact(request, desk, contact, problem, typed.addresses)
    return RedirectResponse("/contacts", status_code=303)


@router.post("/contacts/{contact}/forget", response_class=HTMLResponse)
def forget_contact(
    request: Request, desk: TheDesk, account: Overseer, contact: int, sure: Annotated[str, Form()] = ""
) -> Response:
    """Remove somebody's name and addresses for good, once it is confirmed."""
    if not sure:
        return _contact(request, desk, contact, unsure=True)
    with writing(desk.engine) as session:
        plan, _ = desk.in_force(session)
        contacts.forget(session, plan, contact, by=account.name, at=clock.now(), acting=account)
    return RedirectResponse("/contacts", status_code=303)


def _contacts(
    request: Request,
    desk: Desk,
    problem: Problem | None = None,
    *,
    typed: ContactForm | None = None,
    done: Imported | None = None,
    no_file: bool = False,
) -> HTMLResponse:
    who = visitor(request, desk).account
    may_pause = who is not None and who.may(Role.OFFICE)
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        found = contacts.everybody(session, plan)
        without = gaps(session, plan)
        logins = contacts.logins(session, found)
    status = 422 if no_file else 200
    return show(
        request,
        "contacts.html",
        status if problem is None else status_of(problem),
        contacts=found,
        logins=logins,
        unit_names={unit.id: unit.name for unit in plan.units},
        units=plan.units,
        without=without,
        typed=typed or ContactForm(),
        problem=problem,
        faults=problem.faults if isinstance(problem, ContactFaults) else (),
        adding=typed is not None,
        may_pause=may_pause,
        done=done,
        no_file=no_file,
        most_megabytes=MAX_FILE // 1024 // 1024,
    )


def _contact(
    request: Request,
    desk: Desk,
    number: int,
    problem: Problem | None = None,
    typed: list[Address] | None = None,
    *,
    unsure: bool = False,
) -> HTMLResponse:
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        found = contacts.get(session, plan, number)
        logins = contacts.logins(session, [found])
    status = 422 if unsure else 200
    return show(
        request,
        "contact.html",
        status if problem is None else status_of(problem),
        contact=found,
        addresses=list(found.addresses) if typed is None else typed,
        login=logins.get(found.account or 0, ""),
        unit_names={unit.id: unit.name for unit in plan.units},
        problem=problem,
        unsure=unsure,
    )
