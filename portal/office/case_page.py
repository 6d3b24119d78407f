"""Good cases that units nominated: selected or not, with a reason; the selected ones as a spreadsheet."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.problems import Problem
from models.engine import writing
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.office.scene import Scene, scene
from portal.office.sheets import sheet
from portal.pages import show
from portal.visitor import OfficeAccount
from services import clock, good_cases
from services.good_cases import GoodCase
from services.workbook.table import Value

router = APIRouter()

Words = Annotated[str, Form()]
_COLUMNS = [
    *(("单位", 22.0), ("任务举措", 24.0), ("期间", 16.0), ("题目", 30.0), ("正文", 80.0)),
    *(("推荐人", 12.0), ("评定理由", 30.0), ("评定日期", 12.0)),
]


@router.get("/office/cases", response_class=HTMLResponse)
def cases_page(request: Request, desk: TheDesk, _account: OfficeAccount) -> HTMLResponse:
    """What waits to be judged, the selected list, and what was not selected."""
    return _page(request, desk)


@router.get("/office/cases.xlsx")
def cases_workbook(
    desk: TheDesk, account: OfficeAccount, phase: Annotated[str, Query(max_length=60)] = ""
) -> Response:
    """The selected cases, all of them or those that tell of a phase."""
    with scene(desk) as now:
        found = good_cases.decided(now.session, now.plan, selected=True)
    asked = next((one for one in now.plan.phases if one.id == phase), None)
    if asked is not None:
        found = tuple(case for case in found if case.tells_of(asked))
    of = asked.name if asked else "全部阶段"
    title = f"{now.plan.short_name}：优秀案例（{of}，截至 {now.day}，共 {len(found)} 篇）"
    return sheet(desk, account, "优秀案例", title, _COLUMNS, _rows(now, found))


@router.post("/office/cases/{asked}/select", response_class=HTMLResponse)
def select(
    request: Request, desk: TheDesk, account: OfficeAccount, asked: int, reason: Words = ""
) -> Response:
    """Select a case."""
    return _decide(request, desk, account.name, asked, reason, selected=True)


@router.post("/office/cases/{asked}/decline", response_class=HTMLResponse)
def decline(
    request: Request, desk: TheDesk, account: OfficeAccount, asked: int, reason: Words = ""
) -> Response:
    """Do not select a case."""
    return _decide(request, desk, account.name, asked, reason, selected=False)


def _decide(request: Request, desk: Desk, by: str, asked: int, reason: str, *, selected: bool) -> Response:
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            good_cases.decide(session, plan, asked, selected=selected, reason=reason, by=by, at=clock.now())
    except Problem as problem:
        return _page(request, desk, problem, asked, reason)
    return RedirectResponse("/office/cases", status_code=303)


def _page(
    request: Request, desk: Desk, problem: Problem | None = None, number: int = 0, reason: str = ""
) -> HTMLResponse:
    with scene(desk) as now:
        waiting = good_cases.undecided(now.session, now.plan)
        selected = good_cases.decided(now.session, now.plan, selected=True)
        others = good_cases.decided(now.session, now.plan, selected=False)
    return show(
        request,
        "office_cases.html",
        200 if problem is None else status_of(problem),
        now=now,
        waiting=waiting,
        selected=selected,
        others=others,
        cites=now.plan.rules.cases.cites,
        problem=problem,
        number=number,
        reason=reason,
    )


def _rows(now: Scene, found: tuple[GoodCase, ...]) -> Iterator[tuple[Value, ...]]:
    for case in found:
        unit, measure = now.unit_name(case.unit), case.measure_name(now.plan)
        told = (unit, measure, case.term_label, case.title, case.text, case.by)
        if case.verdict is not None:
            yield (*told, case.verdict.reason, case.verdict.at.date())
