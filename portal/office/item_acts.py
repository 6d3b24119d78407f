"""Verdicts on one item: accept it, send it back, let it be corrected."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.people import Account
from domain.plan import Plan
from domain.problems import Problem
from models.engine import writing
from portal.desk import Desk, TheDesk
from portal.office.item_page import show_item
from portal.visitor import OfficeAccount
from services import clock, review
from services.items import of_number

router = APIRouter()

Seen = Annotated[int, Form(ge=1, alias="version")]
"""The version that was before whoever decides."""
Reason = Annotated[str, Form(alias="reason")]
Back = Annotated[str, Form(alias="back")]
"""Where to go afterwards: an address of the office's desk."""

Act = Callable[[Session, Plan, str], object]


@router.post("/office/items/{number}/accept", response_class=HTMLResponse)
def accept(
    request: Request, desk: TheDesk, account: OfficeAccount, number: int, version: Seen = 1, back: Back = ""
) -> Response:
    """Accept the newest version."""

    def act(session: Session, plan: Plan, key: str) -> None:
        review.accept(session, plan, key, version=version, reviewer=account.name, at=clock.now())

    return _done(request, desk, account, number, act, back=back)


@router.post("/office/items/{number}/return", response_class=HTMLResponse)
def send_back(
    request: Request,
    desk: TheDesk,
    account: OfficeAccount,
    number: int,
    version: Seen = 1,
    reason: Reason = "",
    back: Back = "",
) -> Response:
    """Send the newest version back."""

    def act(session: Session, plan: Plan, key: str) -> None:
        review.send_back(
            session, plan, key, version=version, reviewer=account.name, at=clock.now(), reason=reason
        )

    return _done(request, desk, account, number, act, back=back, reason=reason)


@router.post("/office/items/{number}/correction", response_class=HTMLResponse)
def allow_correction(
    request: Request,
    desk: TheDesk,
    account: OfficeAccount,
    number: int,
    version: Seen = 1,
    reason: Reason = "",
) -> Response:
    """Let the unit correct what was accepted."""

    def act(session: Session, plan: Plan, key: str) -> None:
        review.allow_correction(
            session, plan, key, version=version, by=account.name, at=clock.now(), reason=reason
        )

    return _done(request, desk, account, number, act, reason=reason)


def _done(
    request: Request,
    desk: Desk,
    account: Account,
    number: int,
    act: Act,
    *,
    back: str = "",
    reason: str = "",
) -> Response:
    """Do it and go on; what is refused is said on the item's page, with what was typed."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            act(session, plan, of_number(session, plan, number).item.key)
    except Problem as problem:
        return show_item(request, desk, account, number, problem=problem, typed={"reason": reason})
    onwards = back if back.startswith("/office/review") else f"/office/items/{number}"
    return RedirectResponse(onwards, status_code=303)
