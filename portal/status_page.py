"""The page that says how it stands, and the address by which the supervisor sees that pages are served."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.templating import Jinja2Templates
from sqlalchemy import text

from domain.problems import Problem, ProblemKind
from domain.status import LIGHT_NAMES, LIGHT_SIGNS
from models.engine import reading
from portal.desk import TheDesk
from services import clock
from services.situation import situation
from tasks import engine_runs

router = APIRouter()
pages = Jinja2Templates(directory=Path(__file__).parent / "templates")
pages.env.globals.update(light_names=LIGHT_NAMES, light_signs=LIGHT_SIGNS)
pages.env.trim_blocks = pages.env.lstrip_blocks = True


@router.get("/", response_class=HTMLResponse)
def status_page(request: Request, desk: TheDesk) -> HTMLResponse:
    """How the plan and the platform stand at this moment; says what to do where no plan is in force."""
    try:
        found = situation(desk.settings, desk.engine, clock.now(), engine_runs.troubles)
    except Problem as problem:
        status = 200 if problem.kind is ProblemKind.PLAN_NOT_IN_FORCE else 503
        return pages.TemplateResponse(request, "problem.html", {"problem": problem}, status_code=status)
    return pages.TemplateResponse(request, "status.html", {"now": found})


@router.get("/health", response_class=PlainTextResponse)
def health(desk: TheDesk) -> str:
    """Answers once the store does."""
    with reading(desk.engine) as session:
        session.execute(text("SELECT 1"))
    return "ok\n"
