"""The queue of what waits for a verdict; several may be accepted at once where nothing about them is out of the ordinary."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.entries import STATE_NAMES
from domain.flags import FLAG_NAMES
from domain.people import Account
from domain.problems import Problem
from models.engine import writing
from portal.desk import Desk, TheDesk
from portal.office.address import AMeasure, Text, measures
from portal.office.address import Query as Base
from portal.office.scene import Scene, scene
from portal.pages import show
from portal.visitor import OfficeAccount
from services import clock, review
from services.review_queue import PAGE, Asked, Waiting, queue

router = APIRouter()

ADDRESS = "/office/review"
BEGINNING = 120
"""Characters of a text that the queue shows."""


class ReviewQuery(Base):
    """Which versions are shown; ``done`` is how many were accepted just now."""

    unit: str | None = None
    measure: AMeasure | None = None
    duty: str | None = None
    text: Text = ""
    done: int = 0

    def asked(self, now: Scene) -> Asked:
        """The same for the store."""
        unit = now.plan.unit(self.unit).id if self.unit else None
        return Asked(unit=unit, measure=measures(self.measure), duty=self.duty, text=self.text)


@router.get(ADDRESS, response_class=HTMLResponse)
def review_page(
    request: Request, desk: TheDesk, account: OfficeAccount, asked: Annotated[ReviewQuery, Query()]
) -> HTMLResponse:
    """A page of the queue, longest waiting first."""
    return _page(request, desk, account, asked)


@router.post(ADDRESS, response_class=HTMLResponse)
def accept_several(
    request: Request,
    desk: TheDesk,
    account: OfficeAccount,
    chosen: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Accept those that were ticked, each by itself; what cannot be accepted is told, and the others stand."""
    wanted = dict(pair for text in chosen or [] if (pair := _pair(text)) is not None)
    with scene(desk) as now:
        own = Asked(items=tuple(wanted))
        found = queue(now.session, now.plan, own, size=PAGE).waiting if wanted else ()
    problems: list[tuple[Waiting, Problem]] = []
    done = 0
    for one in found:
        if one.flags:
            continue  # it was not offered for ticking, or has changed since: it is still in the queue
        try:
            with writing(desk.engine) as session:
                plan, _ = desk.in_force(session)
                review.accept(
                    session, plan, one.key, version=wanted[one.item], reviewer=account.name, at=clock.now()
                )
            done += 1
        except Problem as problem:
            problems.append((one, problem))
    if problems or done < len(wanted):
        return _page(request, desk, account, ReviewQuery(done=done), problems, left=len(wanted) - done)
    return RedirectResponse(ReviewQuery().address(ADDRESS, done=done), status_code=303)


def _page(
    request: Request,
    desk: Desk,
    account: Account,
    asked: ReviewQuery,
    problems: list[tuple[Waiting, Problem]] | None = None,
    left: int = 0,
) -> HTMLResponse:
    with scene(desk) as now:
        found = queue(now.session, now.plan, asked.asked(now), number=asked.page)
    return show(
        request,
        "office_review.html",
        422 if left else 200,
        now=now,
        asked=asked,
        turn=lambda page: asked.address(ADDRESS, page=page, done=0),
        queue=found,
        name=account.name,
        state_names=STATE_NAMES,
        flag_names=FLAG_NAMES,
        indicators=now.plan.indicators_by_id,
        beginning=BEGINNING,
        problems=problems or [],
        left=left,
        back=asked.address(ADDRESS, page=asked.page, done=0),
        tickable=[one for one in found.waiting if not one.flags and not one.own_of(account.name)],
    )


def _pair(text: str) -> tuple[int, int] | None:
    """Item and version as a tick sends them: ``12:1``."""
    item, _, version = text.partition(":")
    if not (item.isascii() and item.isdigit() and version.isascii() and version.isdigit()):
        return None
    return int(item[:9]), int(version[:9])
