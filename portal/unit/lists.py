"""A unit's lists: what it owes, what is finished, what it has handed in, and its own reports."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from domain.piles import Pile
from domain.problems import Problem
from models.engine import reading
from portal.unit.room import TheRoom, wait_words
from services import acknowledging, clock, filed_reports, instructions
from services.filed_reports import Filed, Paper
from services.history import history
from services.intake import receipt_number
from services.orders import ANNUAL
from services.unit_desk import PART_NAMES, unit_desk
from services.urging import urges_of
from services.workcalendar import work_calendar
from services.worklist import Filters, work_list

router = APIRouter()

PageNumber = Annotated[int, Query(ge=1, le=100_000, alias="page")]


@router.get("/units/{unit}", response_class=HTMLResponse)
def desk_page(request: Request, room: TheRoom) -> HTMLResponse:
    """What the unit has before it, most urgent first."""
    with reading(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        calendar = work_calendar(plan.rules.calendar.beyond_known)
        found = unit_desk(session, plan, plan.unit(room.unit).id, clock.today(), calendar)
        given = instructions.unanswered(session, plan, room.unit)
        urges = urges_of(session, [line.number for lines in found.parts.values() for line in lines])
        circulars = acknowledging.own(session, plan, plan.unit(room.unit).id)
    waits = {key: [wait_words(plan, wait, room.unit) for wait in own] for key, own in found.waits.items()}
    return room.show(
        request,
        "unit_desk.html",
        plan,
        desk=found,
        circulars=[one.report for one in circulars if one.acknowledged is None],
        names=PART_NAMES,
        waits=waits,
        measures=plan.measures_by_number,
        today=clock.today(),
        plan_name=plan.short_name,
        given=given,
        titles={duty.id: duty.title for duty in plan.duties},
        urges=urges,
    )


@router.get("/units/{unit}/finished", response_class=HTMLResponse)
def finished_page(request: Request, room: TheRoom, number: PageNumber = 1) -> HTMLResponse:
    """What is accepted as finished, newest first."""
    with reading(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        calendar = work_calendar(plan.rules.calendar.beyond_known)
        filters = Filters(pile=Pile.FINISHED, units=(plan.unit(room.unit).id,))
        page = work_list(session, plan, clock.today(), calendar, filters, descending=True, number=number)
    measures = plan.measures_by_number
    return room.show(request, "unit_finished.html", plan, page=page, measures=measures)


@router.get("/units/{unit}/history", response_class=HTMLResponse)
def history_page(request: Request, room: TheRoom, number: PageNumber = 1) -> HTMLResponse:
    """Every version that was handed in, newest first, with its receipt."""
    with reading(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        page = history(session, plan, plan.unit(room.unit).id, number=number)
    receipts = {version.id: receipt_number(version.id, version.at) for version in page.versions}
    return room.show(request, "unit_history.html", plan, page=page, receipts=receipts)


@dataclass(frozen=True)
class OwnReport:
    """A released report with the unit's own PDF; None where it cannot be read now."""

    report: Filed
    paper: Paper | None


@router.get("/units/{unit}/reports", response_class=HTMLResponse)
def reports_page(request: Request, room: TheRoom) -> HTMLResponse:
    """The circulars that the office has released, and the unit's own PDFs of released reports."""
    with reading(room.desk.engine) as session:
        plan, _ = room.desk.in_force(session)
        found = filed_reports.filed(session, plan.id, released=True, kind=ANNUAL)
        circulars = acknowledging.own(session, plan, plan.unit(room.unit).id)
    own = [OwnReport(report, _own_paper(report, room.unit)) for report in found]
    return room.show(request, "unit_reports.html", plan, reports=own, circulars=circulars)


def _own_paper(report: Filed, unit: str) -> Paper | None:
    try:
        return next((paper for paper in filed_reports.papers(report) if paper.unit == unit), None)
    except Problem:  # its folder is gone, which the office is told on its own page
        return None
