"""The leader's page: one screen that says how the phases stand, what is red and whose it is, and the PDFs to read."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from models.engine import reading
from portal.desk import TheDesk
from portal.leader_items import item_name
from portal.pages import show
from portal.visitor import LeaderAccount
from services import clock, commendation, filed_reports, good_cases, instructions
from services.overview import overview
from services.workcalendar import work_calendar

router = APIRouter()

MOST_ANSWERED = 5
"""How many instructions that were answered last are shown."""


@router.get("/leader", response_class=HTMLResponse)
def leader_page(request: Request, desk: TheDesk, _account: LeaderAccount) -> HTMLResponse:
    """How it stands today."""
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        calendar = work_calendar(plan.rules.calendar.beyond_known)
        found = overview(session, plan, clock.today(), calendar)
        reports = filed_reports.filed(session, plan.id, released=True)
        given = instructions.unanswered(session, plan)
        answered, _ = instructions.answered(session, plan)
        list_ = commendation.fixed(session, plan)
        cases = len(good_cases.decided(session, plan, selected=True))
    papers = {report.id: filed_reports.papers(report)[0] for report in reports}
    return show(
        request,
        "leader.html",
        now=found,
        reports=reports,
        papers=papers,
        given=given,
        answered=answered[:MOST_ANSWERED],
        names=lambda one: item_name(plan, one.unit, one.duty, one.period_label),
        commendation=list_,
        cases=cases,
    )
