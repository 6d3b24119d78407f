"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.problems import Problem
from models.engine import reading, writing
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.pages import home, show
from portal.visitor import TheVisitor, forget, remember
from services import clock, sign_in
from services.plan_versions import current
from services.tries import SIGN_IN

router = APIRouter()

Next = Annotated[str, Form(alias="next")]


@router.get("/", response_class=HTMLResponse)
def start(who: TheVisitor) -> Response:
    """To where somebody begins; to the sign-in page where nobody is signed in."""
    return RedirectResponse(home(who.account) if who.account else "/sign-in", status_code=303)


@router.get("/sign-in", response_class=HTMLResponse)
def sign_in_page(request: Request, desk: TheDesk, who: TheVisitor, next: str = "") -> Response:  # noqa: A002 - the name in the address
    """The sign-in page; whoever is signed in goes on."""
    if who.account is not None:
        return RedirectResponse(_inside(next) or home(who.account), status_code=303)
    return _form(request, desk, next)


@router.post("/sign-in", response_class=HTMLResponse)
def do_sign_in(
    request: Request,
    desk: TheDesk,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    wanted: Next = "",
) -> Response:
    """Sign in; the session gets a token of its own."""
    try:
        desk.tries.count(SIGN_IN, request.client.host if request.client else "")
        entered = sign_in.by_password(desk.engine, login, password, at=clock.now())
    except Problem as problem:
        return _form(request, desk, wanted, login=login, problem=problem)
    answer = RedirectResponse(_inside(wanted) or home(entered.account), status_code=303)
    remember(desk, answer, entered.token)
    return answer


@router.get("/enter/{token}", response_class=HTMLResponse)
def link_page(request: Request, desk: TheDesk, token: str) -> HTMLResponse:
    """Say whom the link signs in, and offer the button; the look alone signs nobody in, for mail scanners look too."""
    with reading(desk.engine) as session:
        link = sign_in.look_at_link(session, desk.key, token, at=clock.now())
        names = _unit_names(desk, session, link.account.units)
    return show(request, "enter.html", account=link.account, units=names, token=token)


@router.post("/enter/{token}", response_class=HTMLResponse)
def do_enter(request: Request, desk: TheDesk, token: str) -> Response:
    """Sign in by the link."""
    desk.tries.count(SIGN_IN, request.client.host if request.client else "")
    with writing(desk.engine) as session:
        entered = sign_in.by_link(session, desk.key, token, at=clock.now())
    first = "" if entered.account.has_password else "/account?first=1"
    answer = RedirectResponse(first or home(entered.account), status_code=303)
    remember(desk, answer, entered.token)
    return answer


@router.post("/sign-out", response_class=HTMLResponse)
def sign_out(desk: TheDesk, who: TheVisitor) -> Response:
    """Sign out."""
    with writing(desk.engine) as session:
        sign_in.sign_out(session, who.token, at=clock.now())
    answer = RedirectResponse("/sign-in", status_code=303)
    forget(desk, answer)
    return answer


def _form(
    request: Request, desk: Desk, wanted: str, *, login: str = "", problem: Problem | None = None
) -> HTMLResponse:
    with reading(desk.engine) as session:
        found = current(session, desk.plan_id)
    return show(
        request,
        "sign_in.html",
        200 if problem is None else status_of(problem),
        plan=found[0].name if found else "",
        wanted=_inside(wanted),
        login=login,
        problem=problem,
    )


def _inside(address: str) -> str:
    """An address on this site as given; empty for any other, to which nobody is to be led astray."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside and address.isprintable() else ""


def _unit_names(desk: Desk, session: Session, units: tuple[str, ...]) -> list[str]:
    found = current(session, desk.plan_id)
    return [found[0].units_by_id[unit].name for unit in units if found and unit in found[0].units_by_id]
