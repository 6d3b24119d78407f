"""How the platform itself does, and the address by which the supervisor sees that pages are served."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from sqlalchemy import text

from models.engine import reading
from portal.desk import TheDesk
from portal.pages import show
from portal.visitor import Overseer
from services import clock
from services.situation import situation
from tasks import engine_runs

router = APIRouter()


@router.get("/platform", response_class=HTMLResponse)
def platform_page(request: Request, desk: TheDesk, _account: Overseer) -> HTMLResponse:
    """How the plan and the platform stand at this moment."""
    found = situation(desk.settings, desk.engine, clock.now(), engine_runs.troubles)
    return show(request, "platform.html", now=found)


@router.get("/health", response_class=PlainTextResponse)
def health(desk: TheDesk) -> str:
    """Answers once the store does."""
    with reading(desk.engine) as session:
        session.execute(text("SELECT 1"))
    return "ok\n"
