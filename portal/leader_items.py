"""What leaders look into and act on: late items, an item with what was done about it, instructions, and the ranking."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.people import Account, Role
from domain.piles import Pile
from domain.plan import Plan
from domain.problems import Problem
from domain.scoring import CRITERION_NAMES
from domain.status import STAGE_NAMES, light, stage
from models.engine import writing
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.office.address import AMeasure, measures
from portal.office.instruction_page import day_of
from portal.office.scene import scene
from portal.pages import show
from portal.terms import AskedTerm, choices, term_asked
from portal.visitor import LeaderAccount, needs
from services import clock, facts, good_cases, instructions
from services.items import key_of
from services.scoring import ranking
from services.urging import urges_of
from services.workcalendar import work_calendar
from services.worklist import Filters, work_list

router = APIRouter()

Leader = Annotated[Account, Depends(needs(Role.LEADER))]
"""The account of a leader: nobody else writes an instruction in a leader's name from here."""
Words = Annotated[str, Form()]
PageNumber = Annotated[int, Query(ge=1, le=100_000, alias="page")]


def item_name(plan: Plan, unit: str, duty: str, period_label: str) -> str:
    """An item in words: 东山镇：每季度走访（2025年第一季度）."""
    known, owed = plan.units_by_id.get(unit), plan.duties_by_id.get(duty)
    return f"{known.name if known else unit}：{owed.title if owed else duty}（{period_label}）"


@router.get("/leader/items", response_class=HTMLResponse)
def items_page(
    request: Request,
    desk: TheDesk,
    _account: LeaderAccount,
    unit: str = "",
    measure: Annotated[AMeasure | None, Query()] = None,
    number: PageNumber = 1,
) -> HTMLResponse:
    """Late items, of all or of a unit or measure; each leads to its page, where an instruction may be given."""
    with scene(desk) as now:
        own = (now.plan.unit(unit).id,) if unit else ()
        filters = Filters(pile=Pile.LATE, units=own, measures=measures(measure))
        found = work_list(now.session, now.plan, now.day, now.calendar, filters, number=number)
        urges = urges_of(now.session, [line.number for line in found.lines])
    return show(
        request,
        "leader_items.html",
        now=now,
        found=found,
        unit=unit,
        measure=measure or "",
        stages=STAGE_NAMES,
        urges=urges,
        turn=lambda page: f"/leader/items?unit={unit}&measure={measure or ''}&page={page}",
    )


@router.get("/leader/items/{number}", response_class=HTMLResponse)
def item_page(request: Request, desk: TheDesk, account: LeaderAccount, number: int) -> HTMLResponse:
    """How an item stands and what was done about it; nothing of what was handed in."""
    return _show_item(request, desk, account, number)


@router.post("/leader/items/{number}/instruction", response_class=HTMLResponse)
def instruct(
    request: Request,
    desk: TheDesk,
    account: Leader,
    number: int,
    text: Words = "",
    deadline: Words = "",
) -> Response:
    """Give an instruction on an item."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            instructions.give(
                session,
                plan,
                number,
                leader=account.name,
                text=text,
                deadline=day_of(deadline),
                calendar=work_calendar(plan.rules.calendar.beyond_known),
                by=account.name,
                at=clock.now(),
            )
    except Problem as problem:
        return _show_item(request, desk, account, number, problem, {"text": text, "deadline": deadline})
    return RedirectResponse(f"/leader/items/{number}", status_code=303)


@router.get("/leader/ranking", response_class=HTMLResponse)
def ranking_page(
    request: Request, desk: TheDesk, _account: LeaderAccount, period: AskedTerm = ""
) -> HTMLResponse:
    """Units by their score over a term."""
    with scene(desk) as now:
        code = term_asked(period, now.plan, now.day).code
        found = ranking(now.session, now.plan, code, now.day, now.calendar)
    return show(
        request,
        "leader_ranking.html",
        found=found,
        terms=choices(now.plan, now.day),
        names=CRITERION_NAMES,
    )


@router.get("/leader/cases", response_class=HTMLResponse)
def cases_page(request: Request, desk: TheDesk, _account: LeaderAccount) -> HTMLResponse:
    """The good cases that were selected."""
    with scene(desk) as now:
        found = good_cases.decided(now.session, now.plan, selected=True)
    return show(request, "leader_cases.html", now=now, found=found)


def _show_item(
    request: Request,
    desk: Desk,
    account: Account,
    number: int,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    with scene(desk) as now:
        key = key_of(now.session, now.plan, number)
        found = facts.item_facts(now.session, now.plan, key)
        urges = urges_of(now.session, [number]).get(number, ())
        given = instructions.of_item(now.session, number)
    if found is None:
        raise LookupError(key)  # it was there a moment ago, in the same transaction
    item = found.item
    return show(
        request,
        "leader_item.html",
        200 if problem is None else status_of(problem),
        now=now,
        item=item,
        number=number,
        name=item_name(now.plan, item.unit, item.duty, item.occurrence.label),
        stage=STAGE_NAMES[stage(found)],
        light=light(found, now.day, now.plan.rules.lights, now.calendar),
        days=(now.day - item.due).days,
        times_returned=found.times_returned,
        urges=urges,
        instructions=given,
        may_instruct=account.may(Role.LEADER),
        problem=problem,
        typed=typed or {},
    )
