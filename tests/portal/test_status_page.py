"""The status page as a browser gets it."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from models.engine import open_store, writing
from portal.app import create_app
from services import clock
from services.opening import open_year
from services.plan_versions import adopt
from services.plans import load_plan
from services.running import PartState, Running, publish, sole
from services.settings import read_settings
from services.standing import MOST
from services.workcalendar import work_calendar
from tests.linhe import LINHE


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of 临河县 with nothing in it."""
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GUANAI_PLAN", str(LINHE))
    return tmp_path / "home"


@pytest.fixture
def page(home: Path) -> Iterator[TestClient]:
    """A browser before an empty store."""
    del home
    with TestClient(create_app()) as browser:
        yield browser


@pytest.fixture
def store(home: Path) -> Iterator[Engine]:
    """The store with the plan in force and the whole of 2025 open, long overdue."""
    del home
    engine, plan = open_store(read_settings().store_url), load_plan(LINHE)
    calendar, at = work_calendar(plan.rules.calendar.beyond_known), clock.now()
    with writing(engine) as session:
        version = adopt(session, plan, at=at, actor="周岚")
        day = plan.start.replace(month=12, day=31)
        open_year(session, plan, version, 2025, as_of=day, calendar=calendar, at=at, actor="周岚")
    yield engine
    engine.dispose()


def test_before_the_plan_is_in_force_the_page_says_what_to_do(page: TestClient) -> None:
    told = page.get("/")
    assert told.status_code == 200
    assert "guanai open" in told.text


def test_the_page_tells_phases_measures_and_what_is_late(store: Engine, page: TestClient) -> None:
    del store
    told = page.get("/").text
    assert '<html lang="zh-CN">' in told
    for words in (
        "打基础",
        "促提升",
        "1. 建好乡村书屋",
        "8. 建立统一台账",
        "逾期未报",
        "河口镇",
        "平台没有在运行",
    ):
        assert words in told
    assert told.count("<tr><td>") <= 3 * MOST
    assert "用 guanai status --all 可查看全部" in told  # more is late than the page lists


def test_the_page_shows_the_parts_and_what_is_amiss(store: Engine, page: TestClient, home: Path) -> None:
    del store
    parts = (
        PartState(name="engine", title="流程引擎", pid=None, up=False, restarts=1, note="意外结束（信号 9）"),
        PartState(name="portal", title="页面", pid=7, up=True),
    )
    started = clock.now() - timedelta(days=1)
    with sole(home) as alone:
        assert alone
        publish(home, Running(pid=1, started=started, portal="", engine="http://127.0.0.1:1", parts=parts))
        told = page.get("/").text
    assert "“流程引擎”意外结束（信号 9）。" in told
    assert 'class="verdict level-3"' in told
    assert 'href="http://127.0.0.1:1"' in told
    assert "平台没有在运行" in page.get("/").text  # it ended in the meantime


def test_nothing_on_the_page_comes_from_elsewhere(store: Engine, page: TestClient) -> None:
    del store
    answer = page.get("/")
    assert "<script" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert answer.headers["Cache-Control"] == "no-store"
    assert page.get("/static/guanai.css").status_code == 200


def test_health_answers_while_the_store_does(page: TestClient) -> None:
    assert page.get("/health").text == "ok\n"


def test_the_portal_does_not_load_prefect(home: Path) -> None:
    del home
    code = "import sys, portal.app; portal.app.create_app(); print('prefect' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
