"""Circulars that were released: a unit reads and acknowledges them (签收); the office sees who has, and urges the others."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.messages import POST_NAMES, STATE_NAMES, MessageState, Post
from domain.people import Account, Role
from domain.problems import Problem
from models.engine import reading, writing
from models.reports import Told
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.office.sheets import sheet
from portal.pages import show
from portal.visitor import NotAllowed, OfficeAccount, Somebody
from services import acknowledging, clock, filed_reports
from services.acknowledging import UnitStanding

router = APIRouter()


@router.get("/ack/{circular}", response_class=HTMLResponse)
def acknowledge_page(request: Request, desk: TheDesk, account: Somebody, circular: int) -> Response:
    """A circular before a unit's liaison, to be read and acknowledged; the office is led to its own page of it."""
    if not account.units:
        if account.may(Role.OFFICE):
            return RedirectResponse(f"/office/reports/{circular}", status_code=303)
        if account.may(Role.LEADER):
            return RedirectResponse(f"/reports/{circular}/papers/0", status_code=303)
        raise NotAllowed
    return _page(request, desk, account, circular)


@router.post("/ack/{circular}", response_class=HTMLResponse)
def acknowledge(
    request: Request,
    desk: TheDesk,
    account: Somebody,
    circular: int,
    unit: Annotated[str, Form(max_length=60)],
) -> Response:
    """Acknowledge it for a unit, once."""
    if unit not in account.units:
        raise NotAllowed
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            acknowledging.acknowledge(session, plan, circular, unit, by=account.name, at=clock.now())
    except Problem as problem:
        return _page(request, desk, account, circular, problem)
    return RedirectResponse(f"/ack/{circular}", status_code=303)


@router.get("/office/reports/{circular}/receipts", response_class=HTMLResponse)
def receipts_page(request: Request, desk: TheDesk, _account: OfficeAccount, circular: int) -> HTMLResponse:
    """Unit by unit: who was told how, and who has acknowledged."""
    return _receipts(request, desk, circular)


@router.get("/office/reports/{circular}/receipts.xlsx")
def receipts_workbook(desk: TheDesk, account: OfficeAccount, circular: int) -> Response:
    """The same as a workbook."""
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        found = acknowledging.released(session, plan, circular)
        units = acknowledging.standing(session, plan, circular)
    return sheet(
        desk,
        account,
        "通报签收情况",
        f"{found.title}签收情况（截至 {clock.today()}）",
        [
            ("单位", 24.0),
            ("是否签收", 12.0),
            ("签收人", 14.0),
            ("签收时间", 20.0),
            ("催签收次数", 12.0),
            ("送达情况", 60.0),
        ],
        [_row(one) for one in units],
    )


@router.post("/office/reports/{circular}/urge", response_class=HTMLResponse)
def urge(request: Request, desk: TheDesk, account: OfficeAccount, circular: int) -> Response:
    """Urge the units that have not acknowledged."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            acknowledging.urge(
                session, plan, circular, folders=desk.settings.own_folders, by=account.name, at=clock.now()
            )
    except Problem as problem:
        return _receipts(request, desk, circular, problem)
    return RedirectResponse(f"/office/reports/{circular}/receipts", status_code=303)


def told_words(one: Told) -> str:
    """What became of a message: 单位联络员李明（mail）：已发出; the same of an urging: 催签收，单位联络员李明."""
    name = one.name or "（姓名已按期清除）"
    about = "催签收，" if one.urging else ""
    return (
        f"{about}{POST_NAMES[Post(one.post)]}{name}（{one.channel}）：{STATE_NAMES[MessageState(one.state)]}"
    )


def _page(
    request: Request, desk: Desk, account: Account, circular: int, problem: Problem | None = None
) -> HTMLResponse:
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        found = acknowledging.released(session, plan, circular)
        units = [one for one in acknowledging.standing(session, plan, circular) if one.unit in account.units]
    return show(
        request,
        "acknowledge.html",
        200 if problem is None else status_of(problem),
        report=found,
        paper=filed_reports.papers(found)[0],
        units=units,
        problem=problem,
    )


def _receipts(request: Request, desk: Desk, circular: int, problem: Problem | None = None) -> HTMLResponse:
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        found = acknowledging.released(session, plan, circular)
        units = acknowledging.standing(session, plan, circular)
    silent = [one for one in units if one.acknowledged is None]
    return show(
        request,
        "receipts.html",
        200 if problem is None else status_of(problem),
        report=found,
        units=units,
        silent=silent,
        unreachable=[one.name for one in silent if not one.told],
        told_words=told_words,
        problem=problem,
    )


def _row(one: UnitStanding) -> tuple[str | int, ...]:
    own = one.acknowledged
    when = "" if own is None else f"{own.at:%Y-%m-%d %H:%M}"
    words = "；".join(told_words(told) for told in one.told) or "没有联络方式"
    return (one.name, "否" if own is None else "是", "" if own is None else own.by, when, one.urged, words)
