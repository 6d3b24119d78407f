"""The office's day: every count is that of the list it leads to, and the page costs the same however much is open."""

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from models.engine import writing
from portal.desk import Desk
from services import clock, extensions
from services.opening import open_year
from services.plan_versions import current
from services.running import PartState, Running, publish, sole
from services.workcalendar import work_calendar
from tests import cast
from tests.linhe import linhe
from tests.portal.browser import LUO_MIN, Browser
from tests.portal.handed_in import CHECKUPS, VISITS, VISITS_LATER, busy_morning, number_of
from tests.portal.supervised import instruct, nominate
from tests.statements import asked

TILE = re.compile(r'<a href="([^"]+)"><span class="title">([^<]+)</span> <span class="count">(\d+)</span>')


@pytest.fixture
def office(browser: Browser) -> Browser:
    """罗敏 of the office."""
    return browser.sign_in(LUO_MIN)


def tiles(office: Browser) -> dict[str, tuple[int, str]]:
    """Counts and addresses by their titles."""
    found = TILE.findall(office.get("/office").text)
    return {title: (int(count), unescape(address)) for address, title, count in found}


def open_this_year(store: Engine) -> None:
    """The whole of the year after: twice as much is open."""
    plan = linhe()
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    with writing(store) as session:
        version = current(session, plan.id)
        assert version is not None
        day = date(2026, 12, 31)
        open_year(session, plan, version[1], 2026, as_of=day, calendar=calendar, at=clock.now(), actor="周岚")


def test_the_office_begins_with_its_day(office: Browser) -> None:
    assert office.get("/").headers["location"] == "/office"


def test_each_tile_counts_what_its_list_holds(office: Browser, store: Engine) -> None:
    busy_morning(store)
    open_this_year(store)
    with writing(store) as session:
        extensions.ask(
            session,
            linhe(),
            "linhe-2025/stocktaking/hekou/2025H1",
            unit="hekou",
            until=date(2025, 7, 20),
            reason="汛期道路中断，盘点推迟。",
            by="孙莉",
            at=cast.moment("2025-06-01 09:00"),
        )
    instruct(store, VISITS_LATER)
    nominate(store)
    found = tiles(office)
    assert [*found] == [
        *("逾期", "今日到期", "即将到期", "待审核", "已退回", "延期申请", "可更正"),
        *("批示待反馈", "案例待评定", "消息失败或存疑", "平台异常"),
    ]
    for title, (count, address) in found.items():
        if title != "平台异常":
            heading = re.search(r"<h1>.*<small>(\d+) ", office.get(address).text)
            assert heading is not None, title
            assert int(heading[1]) == count, title
    assert {title: count for title, (count, _) in found.items()} | {
        "逾期": 0,
        "今日到期": 0,
        "即将到期": 0,
    } == {
        **dict.fromkeys(found, 0),
        "待审核": 3,
        "已退回": 1,
        "延期申请": 1,
        "可更正": 1,
        "批示待反馈": 1,
        "案例待评定": 1,
    }


def test_what_is_due_today_is_counted_by_itself(
    office: Browser, store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_morning(store)
    monkeypatch.setattr(clock, "today", lambda: date(2025, 6, 30))
    count, address = tiles(office)["今日到期"]
    shown = office.get(address).text
    assert f"<small>{count} 项</small>" in shown
    assert count == shown.count('<td class="number">2025年6月30日</td>') > 0


def test_the_worst_units_come_first_and_lead_to_what_they_owe(office: Browser, store: Engine) -> None:
    busy_morning(store)
    told = office.get("/office").text
    late = [int(n) for n in re.findall(r'<td class="figure">(\d+) 项</td>', told)]
    assert late == sorted(late, reverse=True)
    (address,) = re.findall(r'<a href="([^"]+)">城关街道</a>', told)
    assert f"<small>{late[0]} 项</small>" in office.get(unescape(address)).text


def test_what_came_in_last_is_told_first(office: Browser, store: Engine) -> None:
    assert "还没有单位报送" in office.get("/office").text
    busy_morning(store)
    told = office.get("/office").text
    first, checkups, visits = (
        told.index(f'href="/office/items/{number_of(store, key)}"')
        for key in ("linhe-2025/lessons/women/2025", CHECKUPS, VISITS)
    )
    assert first < checkups < visits


def test_a_part_that_is_down_is_counted_and_said(office: Browser, home: Path) -> None:
    part = PartState(
        name="engine", title="流程引擎", pid=None, up=False, restarts=1, note="意外结束（信号 9）"
    )
    with sole(home):
        started = clock.now()  # what should have run has time yet
        publish(home, Running(pid=1, started=started, portal="", engine="http://127.0.0.1:1", parts=(part,)))
        assert tiles(office)["平台异常"] == (1, "/platform")
        assert "“流程引擎”意外结束" in office.get("/office").text
    assert tiles(office)["平台异常"][0] == 0


@pytest.mark.parametrize(
    "path", ["/office", "/office/matrix", "/office/review", "/office/phases", "/office/rates"]
)
def test_a_page_asks_as_little_of_the_store_when_twice_as_much_is_open(
    app: FastAPI, store: Engine, path: str
) -> None:
    desk: Desk = app.state.desk
    office = Browser(TestClient(app), desk.key, store).sign_in(LUO_MIN)  # no watch runs beside it

    def cold() -> int:
        return len(asked(desk.engine, lambda: office.get(path)))

    office.get(path)  # the plan and its versions are read once in a process
    busy_morning(store)
    before = cold()
    open_this_year(store)
    assert cold() == before
    assert before < 60
