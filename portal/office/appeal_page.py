"""Appeals against scores: upheld or refused, with a reason."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.problems import Problem
from models.engine import writing
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.office.scene import scene
from portal.pages import show
from portal.visitor import OfficeAccount
from services import appeals, clock

router = APIRouter()

MOST_DECIDED = 30
"""How many decided ones are shown."""
Words = Annotated[str, Form()]


@router.get("/office/appeals", response_class=HTMLResponse)
def appeals_page(request: Request, desk: TheDesk, _account: OfficeAccount) -> HTMLResponse:
    """What waits for a decision, longest waiting first, and what was decided last."""
    return _page(request, desk)


@router.post("/office/appeals/{asked}/uphold", response_class=HTMLResponse)
def uphold(
    request: Request, desk: TheDesk, account: OfficeAccount, asked: int, reason: Words = ""
) -> Response:
    """Uphold an appeal: its line no longer counts."""
    return _decide(request, desk, account.name, asked, reason, upheld=True)


@router.post("/office/appeals/{asked}/refuse", response_class=HTMLResponse)
def refuse(
    request: Request, desk: TheDesk, account: OfficeAccount, asked: int, reason: Words = ""
) -> Response:
    """Refuse an appeal."""
    return _decide(request, desk, account.name, asked, reason, upheld=False)


def _decide(request: Request, desk: Desk, by: str, asked: int, reason: str, *, upheld: bool) -> Response:
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            appeals.decide(session, plan, asked, upheld=upheld, reason=reason, by=by, at=clock.now())
    except Problem as problem:
        return _page(request, desk, problem, asked, reason)
    return RedirectResponse("/office/appeals", status_code=303)


def _page(
    request: Request, desk: Desk, problem: Problem | None = None, number: int = 0, reason: str = ""
) -> HTMLResponse:
    with scene(desk) as now:
        waiting = appeals.undecided(now.session, now.plan)
        decided = appeals.decided(now.session, now.plan, most=MOST_DECIDED)
    return show(
        request,
        "office_appeals.html",
        200 if problem is None else status_of(problem),
        now=now,
        waiting=waiting,
        decided=decided,
        problem=problem,
        number=number,
        reason=reason,
    )
