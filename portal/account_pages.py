"""One's own account: what it may do, and its password."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.people import LEAST_PASSWORD
from domain.problems import Problem
from portal.desk import TheDesk
from portal.faults import status_of
from portal.pages import show
from portal.visitor import Somebody, remember
from services import accounts, clock, sign_in

router = APIRouter()


@router.get("/account", response_class=HTMLResponse)
def account_page(request: Request, account: Somebody, *, first: bool = False) -> HTMLResponse:
    """Roles and password; ``first`` greets somebody whom a link has just let in."""
    return show(
        request,
        "account.html",
        account=account,
        first=first,
        least=LEAST_PASSWORD,
        problem=None,
        mismatch=False,
    )


@router.post("/account/password", response_class=HTMLResponse)
def set_password(
    request: Request,
    desk: TheDesk,
    account: Somebody,
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
    old: Annotated[str, Form()] = "",
) -> Response:
    """Set one's password; other browsers that are signed in with it are signed out, this one goes on."""
    problem: Problem | None = None
    if password == again:
        try:
            if account.has_password:
                sign_in.by_password(desk.engine, account.login, old, at=clock.now())
            accounts.set_password(desk.engine, account.id, password, by=account.name, at=clock.now())
            entered = sign_in.by_password(desk.engine, account.login, password, at=clock.now())
        except Problem as refused:
            problem = refused
        else:
            answer = RedirectResponse("/", status_code=303)
            remember(desk, answer, entered.token)
            return answer
    return show(
        request,
        "account.html",
        422 if problem is None else status_of(problem),
        account=account,
        first=False,
        least=LEAST_PASSWORD,
        problem=problem,
        mismatch=password != again,
    )
