"""The platform's page as a browser gets it."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from portal.app import create_app
from services import clock
from services.running import PartState, Running, publish, sole
from services.standing import MOST
from tests.portal.browser import LUO_MIN, Browser


@pytest.fixture
def office(browser: Browser) -> Browser:
    """罗敏 of the office before the platform's page."""
    return browser.sign_in(LUO_MIN)


def test_before_the_plan_is_in_force_the_portal_still_lets_in(home: Path) -> None:
    del home
    with TestClient(create_app()) as page:
        told = page.get("/")
    assert told.status_code == 200
    assert "登录" in told.text


def test_the_page_tells_phases_measures_and_what_is_late(office: Browser) -> None:
    told = office.get("/platform").text
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


def test_the_page_shows_the_parts_and_what_is_amiss(office: Browser, home: Path) -> None:
    parts = (
        PartState(name="engine", title="流程引擎", pid=None, up=False, restarts=1, note="意外结束（信号 9）"),
        PartState(name="portal", title="页面", pid=7, up=True),
    )
    started = clock.now() - timedelta(days=1)
    with sole(home) as alone:
        assert alone
        publish(home, Running(pid=1, started=started, portal="", engine="http://127.0.0.1:1", parts=parts))
        told = office.get("/platform").text
    assert "“流程引擎”意外结束（信号 9）。" in told
    assert 'class="verdict level-3"' in told
    assert 'href="http://127.0.0.1:1"' in told
    assert "平台没有在运行" in office.get("/platform").text  # it ended in the meantime


def test_nothing_on_the_page_comes_from_elsewhere(office: Browser) -> None:
    answer = office.get("/platform")
    assert "<script" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert answer.headers["Cache-Control"] == "no-store"
    assert office.get("/static/guanai.css").status_code == 200


def test_health_answers_while_the_store_does(browser: Browser) -> None:
    assert browser.get("/health").text == "ok\n"


def test_the_portal_does_not_load_prefect(home: Path) -> None:
    del home
    code = "import sys, portal.app; portal.app.create_app(); print('prefect' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
