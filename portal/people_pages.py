"""People (人员与账号): who has an account, in which roles; links for whoever cannot come in.

The administrator decides on accounts; the office may only give liaisons and leaders a new link, which lets in nobody with
more rights than its own.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.people import Account, Grant, Role
from domain.plan import Plan, Unit
from domain.problems import Problem
from models.engine import reading, writing
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.pages import show
from portal.visitor import Administrator, NotAllowed, Overseer
from services import accounts, clock, sign_in
from services.links import link_address

router = APIRouter()

Roles = Annotated[list[str] | None, Form()]
Units = Annotated[list[str] | None, Form()]


@router.get("/people", response_class=HTMLResponse)
def people_page(request: Request, desk: TheDesk, account: Overseer) -> HTMLResponse:
    """Everybody, and for the administrator the form for one more."""
    return _people(request, desk, account)


@router.post("/people", response_class=HTMLResponse)
def add_person(
    request: Request,
    desk: TheDesk,
    account: Administrator,
    login: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    role: Roles = None,
    unit: Units = None,
) -> Response:
    """Make an account, and show the link that lets its owner in."""
    grants = _grants(role or [], unit or [])
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            made = accounts.add(
                session, plan, login=login, name=name, grants=grants, by=account.name, at=clock.now()
            )
    except Problem as problem:
        return _people(request, desk, account, problem, login=login, name=name, grants=grants)
    return RedirectResponse(f"/people/{made.id}", status_code=303)


@router.get("/people/{number}", response_class=HTMLResponse)
def person_page(request: Request, desk: TheDesk, _account: Administrator, number: int) -> HTMLResponse:
    """One account, to be changed."""
    return _person(request, desk, number)


@router.post("/people/{number}", response_class=HTMLResponse)
def change_person(
    request: Request,
    desk: TheDesk,
    account: Administrator,
    number: int,
    role: Roles = None,
    unit: Units = None,
    active: Annotated[str, Form()] = "",
) -> Response:
    """Give an account other roles, or take it out of use."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            accounts.change(
                session,
                plan,
                number,
                grants=_grants(role or [], unit or []),
                active=bool(active),
                by=account.name,
                at=clock.now(),
            )
    except Problem as problem:
        return _person(request, desk, number, problem)
    return RedirectResponse("/people", status_code=303)


@router.post("/people/{number}/link", response_class=HTMLResponse)
def make_link(request: Request, desk: TheDesk, account: Overseer, number: int) -> HTMLResponse:
    """Make a link that signs somebody in once; it is shown this one time."""
    with writing(desk.engine) as session:
        owner = accounts.get(session, number)
        if not account.may(Role.ADMINISTRATOR) and owner.may(Role.ADMINISTRATOR, Role.OFFICE):
            raise NotAllowed
        token = sign_in.make_link(session, desk.key, number, by=account.name, at=clock.now())
    address = link_address(desk.settings.portal_url or str(request.base_url), token)
    return show(request, "link.html", owner=owner, address=address, hours=sign_in.LINK_HOURS)


def _grants(roles: list[str], units: list[str]) -> list[Grant]:
    """The roles ticked on a form; each unit chosen makes a liaison."""
    known = {role.value: role for role in Role if role is not Role.LIAISON}
    grants = [Grant(known[role]) for role in roles if role in known]
    return grants + [Grant(Role.LIAISON, unit) for unit in units if unit]


def _people(
    request: Request,
    desk: Desk,
    account: Account,
    problem: Problem | None = None,
    *,
    login: str = "",
    name: str = "",
    grants: list[Grant] | None = None,
) -> HTMLResponse:
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        everybody = accounts.everybody(session)
    return show(
        request,
        "people.html",
        200 if problem is None else status_of(problem),
        people=everybody,
        units=_units(plan),
        unit_names={unit.id: unit.name for unit in plan.units},
        may_change=account.may(Role.ADMINISTRATOR),
        problem=problem,
        login=login,
        name=name,
        grants=grants or [],
    )


def _person(request: Request, desk: Desk, number: int, problem: Problem | None = None) -> HTMLResponse:
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        owner = accounts.get(session, number)
    return show(
        request,
        "person.html",
        200 if problem is None else status_of(problem),
        owner=owner,
        units=_units(plan),
        grants=owner.grants,
        problem=problem,
    )


def _units(plan: Plan) -> list[Unit]:
    """The units that report, in the plan's order."""
    return list(plan.units)
