"""Reports, circulars, assessments of phases: ordered, watched, read, released, and compared with the last release."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from sqlmodel import Session
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from domain.people import Account
from domain.periods import parts_of_year
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.report.circular.material import see_period
from domain.report.phase import see_phase
from models.engine import reading, writing
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.pages import show
from portal.papers import paper_for
from portal.visitor import LeaderAccount, OfficeAccount, Somebody
from services import acknowledging, audit, clock, filed_reports
from services.filed_reports import Filed, Paper
from services.running import running
from tasks import report_runs

router = APIRouter()

MOST_WORDS = 60
"""Characters of a number of a document, or of a name."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_CHANGES = 50
"""Places that a page tells of one document; more is a new report rather than a changed one."""


@router.get("/office/reports", response_class=HTMLResponse)
def reports_page(request: Request, desk: TheDesk, _account: OfficeAccount) -> HTMLResponse:
    """Every filed report."""
    return _reports(request, desk)


@router.post("/office/reports", response_class=HTMLResponse)
def order_report(
    request: Request,
    desk: TheDesk,
    account: OfficeAccount,
    year: Annotated[int, Form()],
    as_of: Annotated[date, Form()],
    number: Annotated[str, Form(max_length=MOST_WORDS)] = "",
    signatory: Annotated[str, Form(max_length=MOST_WORDS)] = "",
) -> Response:
    """Have a year's reports made, and go to where that can be watched."""
    try:
        with reading(desk.engine) as session:
            plan, _ = desk.in_force(session)
        _see_year(plan, year)
        run = report_runs.order(
            running(desk.settings.home),
            plan.id,
            year=year,
            as_of=as_of,
            number=number.strip(),
            signatory=signatory.strip(),
            by=account.name,
        )
    except Problem as problem:
        return _reports(request, desk, problem)
    return _ordered(desk, account, f"{plan.id}/{year}", as_of, run)


@router.post("/office/circulars", response_class=HTMLResponse)
def order_circular(
    request: Request,
    desk: TheDesk,
    account: OfficeAccount,
    period: Annotated[str, Form(max_length=MOST_WORDS)],
    as_of: Annotated[date, Form()],
    number: Annotated[str, Form(max_length=MOST_WORDS)] = "",
) -> Response:
    """Have the circular of a period made, and go to where that can be watched; of one not over yet an interim one."""
    try:
        with reading(desk.engine) as session:
            plan, _ = desk.in_force(session)
        wanted, day = see_period(plan, period, as_of, clock.today())
        run = report_runs.order_circular(
            running(desk.settings.home),
            plan.id,
            period=wanted.code,
            as_of=day,
            number=number.strip(),
            by=account.name,
        )
    except Problem as problem:
        return _reports(request, desk, problem)
    return _ordered(desk, account, f"{plan.id}/{wanted.code}", day, run)


@router.post("/office/phase-assessments", response_class=HTMLResponse)
def order_phase(
    request: Request,
    desk: TheDesk,
    account: OfficeAccount,
    phase: Annotated[str, Form(max_length=MOST_WORDS)],
    as_of: Annotated[date, Form()],
    number: Annotated[str, Form(max_length=MOST_WORDS)] = "",
    signatory: Annotated[str, Form(max_length=MOST_WORDS)] = "",
) -> Response:
    """Have the assessment of a phase made, and go to where that can be watched; of one not over yet an interim one."""
    try:
        with reading(desk.engine) as session:
            plan, _ = desk.in_force(session)
        wanted = see_phase(plan, phase, as_of)
        run = report_runs.order_phase(
            running(desk.settings.home),
            plan.id,
            phase=wanted.id,
            as_of=as_of,
            number=number.strip(),
            signatory=signatory.strip(),
            by=account.name,
        )
    except Problem as problem:
        return _reports(request, desk, problem)
    return _ordered(desk, account, f"{plan.id}/{wanted.id}", as_of, run)


@router.get("/office/reports/runs/{run}", response_class=HTMLResponse)
def run_page(request: Request, desk: TheDesk, _account: OfficeAccount, run: UUID) -> HTMLResponse:
    """How a report that was ordered comes on."""
    found = report_runs.look(running(desk.settings.home), run)
    return show(request, "report_run.html", run=found)


@router.get("/office/reports/{report}", response_class=HTMLResponse)
def report_page(request: Request, desk: TheDesk, _account: OfficeAccount, report: int) -> HTMLResponse:
    """One report: its papers, and what it says differently from the last one that was released."""
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        reports = filed_reports.filed(session, plan.id)
        found = filed_reports.one(session, plan.id, report)
        receipts = acknowledging.standing(session, plan, report) if _told(found) else ()
    last, changes = filed_reports.changes_since_release(reports, found)
    return show(
        request,
        "report.html",
        report=found,
        papers=filed_reports.papers(found),
        receipts=receipts,
        acknowledged=sum(one.acknowledged is not None for one in receipts),
        last=last,
        changes=changes,
        most=MOST_CHANGES,
    )


@router.post("/office/reports/{report}/release", response_class=HTMLResponse)
def release(desk: TheDesk, account: OfficeAccount, report: int) -> Response:
    """Let the leaders read it; a circular goes out to the units."""
    with writing(desk.engine) as session:
        plan, _ = desk.in_force(session)
        acknowledging.release(
            session, plan, report, folders=desk.settings.own_folders, by=account.name, at=clock.now()
        )
    return RedirectResponse(f"/office/reports/{report}", status_code=303)


@router.get("/reports/{report}/papers/{paper}")
def read_paper(desk: TheDesk, account: Somebody, report: int, paper: int) -> FileResponse:
    """A PDF: the office reads all; leaders what is released; a unit its own of that, and circulars."""
    with reading(desk.engine) as session:
        found, wanted = paper_for(session, desk, account, report, paper)
    with writing(desk.engine) as session:
        _record(session, desk, account, found, wanted)
    return FileResponse(
        wanted.path,
        media_type="application/pdf",
        filename=f"{wanted.title}.pdf",
        content_disposition_type="inline",
    )


@router.get("/reports/{report}/papers/{paper}/word")
def edit_paper(desk: TheDesk, account: LeaderAccount, report: int, paper: int) -> FileResponse:
    """The same as a Word file, for whoever edits it: the office, and the leaders once it is released."""
    with reading(desk.engine) as session:
        found, wanted = paper_for(session, desk, account, report, paper)
    word = filed_reports.word_file(wanted)
    with writing(desk.engine) as session:
        _record(session, desk, account, found, wanted, word=True)
    return FileResponse(word, media_type=WORD, filename=f"{wanted.title}.docx")


def _reports(request: Request, desk: Desk, problem: Problem | None = None) -> HTMLResponse:
    today = clock.today()
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        found = filed_reports.filed(session, plan.id)
    begun = [year for year in plan.years if year <= today.year]
    first = max(plan.start, plan.document.issued)
    every = plan.rules.circular.every
    parts = [part for year in begun for part in parts_of_year(every, year)]
    periods = [part for part in parts if part.start <= today and part.end >= first and part.start <= plan.end]
    phases = [phase for phase in plan.phases if phase.start <= today]
    return show(
        request,
        "reports.html",
        200 if problem is None else status_of(problem),
        reports=found,
        years=begun[::-1],
        periods=periods[::-1],
        chosen=next((part for part in periods[::-1] if part.end < today), None),
        phases=sorted(phases, key=lambda phase: phase.start, reverse=True),
        scheduled=plan.rules.circular.after_workdays if plan.rules.circular.scheduled else None,
        today=today,
        problem=problem,
    )


def _see_year(plan: Plan, year: int) -> None:
    if year not in plan.years:
        raise Problem(ProblemKind.YEAR_OUTSIDE_PLAN, year=year, first=plan.start, last=plan.end)


def _told(report: Filed) -> bool:
    """Whether it is a circular that has gone out."""
    return report.is_circular and report.released_at is not None


def _ordered(desk: Desk, account: Account, subject: str, as_of: date, run: UUID) -> Response:
    """Write down who ordered what, and lead to where it can be watched."""
    with writing(desk.engine) as session:
        audit.record(
            session,
            at=clock.now(),
            actor=account.name,
            action="order-report",
            subject=subject,
            detail={"as_of": as_of.isoformat(), "run": str(run)},
        )
    return RedirectResponse(f"/office/reports/runs/{run}", status_code=303)


def _record(
    session: Session, desk: Desk, account: Account, report: Filed, paper: Paper, *, word: bool = False
) -> None:
    detail: audit.Detail = {"paper": paper.number, "snapshot": report.snapshot}
    audit.record(
        session,
        at=clock.now(),
        actor=account.name,
        action="download",
        subject=f"{desk.plan_id}/report/{report.id}",
        detail={**detail, "form": "docx"} if word else detail,
    )
