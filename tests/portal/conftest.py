"""The portal of 临河县, with its people and the whole of 2025 open."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from models.engine import make_engine, writing
from portal.app import create_app
from portal.desk import Desk
from services import clock
from services.opening import open_year
from services.plan_versions import adopt
from services.settings import read_settings
from services.workcalendar import work_calendar
from tests.linhe import LINHE, linhe
from tests.portal.browser import GAO_YUAN, XU_JING, Browser, make_people
from tests.stores import Fill, Templates


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of 临河县 with nothing in it."""
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GUANAI_PLAN", str(LINHE))
    for name in ("GUANAI_DATABASE_URL", "GUANAI_DATABASE_URL_FILE", "GUANAI_PORTAL_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


@pytest.fixture
def portal_content() -> Fill:
    """What is in the store from the beginning."""
    return county_of_today


def county_of_today(engine: Engine) -> None:
    """The plan in force from now on."""
    fill(engine, clock.now())


def fill(engine: Engine, at: datetime) -> None:
    """The plan in force from ``at`` on, the whole of 2025 open, and everybody's account."""
    plan, day = linhe(), date(2025, 12, 31)
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    with writing(engine) as session:
        version = adopt(session, plan, at=at, actor="周岚")
        open_year(session, plan, version, 2025, as_of=day, calendar=calendar, at=at, actor="周岚")
    make_people(engine, plan)


@pytest.fixture
def store(home: Path, templates: Templates, portal_content: Fill) -> Iterator[Engine]:
    """The store with the plan in force, the whole of 2025 open, and everybody's account."""
    engine = make_engine(read_settings().store_url)
    if engine.dialect.name == "sqlite":
        shutil.copy(templates.sqlite(portal_content), engine.url.database or home)
    else:
        portal_content(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def app(store: Engine) -> FastAPI:
    """The portal."""
    del store  # made before the portal opens it
    return create_app()


@pytest.fixture
def browse(app: FastAPI, store: Engine) -> Iterator[Callable[[], Browser]]:
    """Opens another browser before the portal."""
    desk: Desk = app.state.desk
    with ExitStack() as stack:

        def another() -> Browser:
            client = stack.enter_context(TestClient(app, raise_server_exceptions=False))
            return Browser(client, desk.key, store)

        yield another


@pytest.fixture
def browser(browse: Callable[[], Browser]) -> Browser:
    """A browser in which nobody is signed in."""
    return browse()


@pytest.fixture
def gao(browser: Browser) -> Browser:
    """高原 before the desk of 县民政局."""
    return browser.sign_in(GAO_YUAN)


@pytest.fixture
def xu(browse: Callable[[], Browser]) -> Browser:
    """许静 of 县教育局, whose check-ups have figures."""
    return browse().sign_in(XU_JING)
