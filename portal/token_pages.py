"""Tokens of the API (接口令牌): made, shown once, taken back; the administrator's business."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.problems import Problem
from domain.tokens import MOST_DAYS, MOST_NAME, SCOPE_NAMES, Scope
from models.engine import reading, writing
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.pages import show
from portal.visitor import Administrator
from services import clock, tokens

router = APIRouter()

_LASTING = (30, 90, 180, MOST_DAYS)
"""Days that the form offers."""


@router.get("/tokens", response_class=HTMLResponse)
def tokens_page(request: Request, desk: TheDesk, _account: Administrator) -> HTMLResponse:
    """Every token, and the form for one more."""
    return _tokens(request, desk)


@router.post("/tokens", response_class=HTMLResponse)
def make_token(
    request: Request,
    desk: TheDesk,
    account: Administrator,
    unit: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    scope: Annotated[list[str] | None, Form()] = None,
    days: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Make a token, and show it this one time."""
    scopes = [one for one in Scope if one.value in (scope or [])]
    lasting = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            made, secret = tokens.make(
                session,
                plan,
                unit=unit,
                name=name,
                scopes=scopes,
                days=lasting,
                by=account.name,
                at=clock.now(),
            )
    except Problem as problem:
        return _tokens(request, desk, problem, unit=unit, name=name, scopes=scopes, days=lasting)
    return show(request, "token.html", made=made, secret=secret, owner=plan.units_by_id[made.unit].name)


@router.post("/tokens/{held}/revoke", response_class=HTMLResponse)
def revoke_token(desk: TheDesk, account: Administrator, held: int) -> Response:
    """Take a token back."""
    with writing(desk.engine) as session:
        tokens.revoke(session, held, by=account.name, at=clock.now())
    return RedirectResponse("/tokens", status_code=303)


def _tokens(
    request: Request,
    desk: Desk,
    problem: Problem | None = None,
    *,
    unit: str = "",
    name: str = "",
    scopes: list[Scope] | None = None,
    days: int = MOST_DAYS,
) -> HTMLResponse:
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        found = tokens.everything(session)
    return show(
        request,
        "tokens.html",
        200 if problem is None else status_of(problem),
        tokens=found,
        at=clock.now(),
        units=plan.units,
        unit_names={one.id: one.name for one in plan.units},
        scope_names=SCOPE_NAMES,
        lasting=_LASTING,
        most_name=MOST_NAME,
        problem=problem,
        unit=unit,
        name=name,
        scopes=scopes or [],
        days=days,
    )
