"""One's own addresses (接收地址): where somebody with an account is sent reminders, for each post that they hold."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.people import Account
from domain.problems import Problem
from models.engine import reading, writing
from portal.contact_pages import addresses_in
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.pages import show
from portal.visitor import Somebody
from services import clock, contacts

router = APIRouter()

Texts = Annotated[list[str] | None, Form()]


@router.get("/account/addresses", response_class=HTMLResponse)
def addresses_page(
    request: Request, desk: TheDesk, account: Somebody, *, saved: bool = False
) -> HTMLResponse:
    """The posts that are theirs, each with its addresses, to be changed."""
    return _addresses(request, desk, account, saved=saved)


@router.post("/account/addresses/{contact}", response_class=HTMLResponse)
def change_addresses(
    request: Request,
    desk: TheDesk,
    account: Somebody,
    contact: int,
    channel: Texts = None,
    address: Texts = None,
) -> Response:
    """Change the addresses of one of one's own posts; anybody else's is as if it were not there."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            contacts.change_own(
                session, plan, contact, account, addresses_in(channel or [], address or []), at=clock.now()
            )
    except Problem as problem:
        return _addresses(request, desk, account, problem)
    return RedirectResponse("/account/addresses?saved=1", status_code=303)


def _addresses(
    request: Request, desk: Desk, account: Account, problem: Problem | None = None, *, saved: bool = False
) -> HTMLResponse:
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        own = contacts.of_account(session, plan, account.id)
    return show(
        request,
        "addresses.html",
        200 if problem is None else status_of(problem),
        contacts=own,
        unit_names={unit.id: unit.name for unit in plan.units},
        problem=problem,
        saved=saved,
    )
