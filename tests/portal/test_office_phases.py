"""Phases before the office: what blocks them, and closing one; the rates; more time asked for."""

import re
from datetime import date
from html import unescape

import pytest
from sqlalchemy import Engine

from models.engine import reading, writing
from services import audit, extensions
from tests import cast
from tests.linhe import linhe
from tests.portal.browser import LUO_MIN, Browser
from tests.portal.handed_in import LEDGER, accept, busy_morning, hand_in, number_of
from tests.portal.test_office_lists import workbook

BUILT = "linhe-2025/ledger-build/{}/once"
CLOSE = "/office/phases/base/close"
OTHER, THIRD = (LEDGER.replace("liulin", unit) for unit in ("hekou", "chengguan"))
"""The same of two other units."""


@pytest.fixture
def office(browser: Browser) -> Browser:
    """罗敏 of the office."""
    return browser.sign_in(LUO_MIN)


def ask(store: Engine, key: str = LEDGER, unit: str = "liulin") -> int:
    """马健 asks on 1 June 2025 for time until 20 July; the number of the request."""
    with writing(store) as session:
        return extensions.ask(
            session,
            linhe(),
            key,
            unit=unit,
            until=date(2025, 7, 20),
            reason="汛期道路中断，入户推迟。",
            by="马健",
            at=cast.moment("2025-06-01 09:00"),
        ).number


def test_a_milestone_names_who_still_blocks_it(office: Browser, store: Engine) -> None:
    told = office.get("/office/phases").text
    assert "：县民政局、河口镇、柳林乡、城关街道</p>" in told
    hand_in(store, BUILT.format("hekou"))
    accept(store, BUILT.format("hekou"))
    told = office.get("/office/phases").text
    assert "：县民政局、柳林乡、城关街道</p>" in told
    (address,) = re.findall(r'<a href="(/office/items\?[^"]*ledger-build[^"]*)"', told)
    assert "<small>3 项</small>" in office.get(unescape(address)).text
    assert "自前一阶段结转" in told
    assert 'aria-label="各阶段的起止时间和节点，详见下文"' in told


def test_a_phase_is_closed_with_a_reason_and_a_tick_and_only_once(office: Browser, store: Engine) -> None:
    fields = {"reason": "台账并入第二阶段建设。", "sure": "1"}
    for missing, number in (({"sure": ""}, 908), ({"reason": " "}, 904)):
        refused = office.send(CLOSE, fields | missing)
        assert (refused.status_code, f"〔{number}〕" in refused.text) == (422, True)
    assert "台账并入第二阶段建设。</textarea>" in office.send(CLOSE, fields | {"sure": ""}).text
    assert office.send(CLOSE, fields).status_code == 303
    told = office.get("/office/phases").text
    assert "罗敏于" in told
    assert "台账并入第二阶段建设。" in told
    assert f'action="{CLOSE}"' not in told
    assert "〔903〕" in office.send(CLOSE, fields).text
    assert "〔901〕" in office.send("/office/phases/nowhere/close", fields).text
    with reading(store) as session:
        (line,) = audit.lines_of(session, "linhe-2025/base", last=9)
    assert (line.actor, line.action) == ("罗敏", "close-phase")


def test_time_that_is_granted_moves_the_due_day_on_the_list(office: Browser, store: Engine) -> None:
    number = ask(store)
    told = office.get("/office/extensions").text
    assert "汛期道路中断，入户推迟。" in told
    assert 'value="2025-07-20" min="2025-07-01" max="2025-07-30"' in told
    wrong = office.send(f"/office/extensions/{number}/grant", {"until": "2025-09-01"})
    assert (wrong.status_code, "〔424〕" in wrong.text) == (422, True)
    assert "〔513〕" in office.send(f"/office/extensions/{number}/grant", {"until": "soon"}).text
    listed = "/office/items?unit=liulin&duty=ledger&period=2025H1"
    assert "2025年6月30日" in office.get(listed).text
    assert office.send(f"/office/extensions/{number}/grant", {"until": "2025-07-10"}).status_code == 303
    assert "2025年7月10日" in office.get(listed).text
    assert "没有等待办理的延期申请" in office.get("/office/extensions").text
    item = office.get(f"/office/items/{number_of(store, LEDGER)}").text
    assert "原为 2025年6月30日，已延期" in item
    assert "同意延至 2025年7月10日" in item
    assert "〔429〕" in office.send(f"/office/extensions/{number}/refuse", {"reason": "请按期报送。"}).text


def test_time_is_refused_with_a_reason(office: Browser, store: Engine) -> None:
    number = ask(store)
    refused = office.send(f"/office/extensions/{number}/refuse", {"reason": ""})
    assert (refused.status_code, "〔431〕" in refused.text) == (422, True)
    assert office.send(f"/office/extensions/{number}/refuse", {"reason": "请按期报送。"}).status_code == 303
    item = office.get(f"/office/items/{number_of(store, LEDGER)}").text
    assert "不同意" in item
    assert "请按期报送。" in item
    assert "〔428〕" in office.send("/office/extensions/99/refuse", {"reason": "请按期报送。"}).text


def test_what_was_decided_is_a_list_that_can_be_narrowed_and_taken_along(
    office: Browser, store: Engine
) -> None:
    decided, waiting = "/office/extensions/decided", ask(store, OTHER, "hekou")
    granted, refused = (ask(store, key, key.split("/")[2]) for key in (LEDGER, THIRD))
    office.send(f"/office/extensions/{granted}/grant", {"until": "2025-07-10", "reason": "=A1"})
    office.send(f"/office/extensions/{refused}/refuse", {"reason": "请按期报送。"})

    def listed(query: str) -> list[int]:
        told = office.get(f"{decided}?{query}").text
        return [int(number) for number in re.findall(r'<th scope="row"><a href="/office/items/(\d+)">', told)]

    items = {number_of(store, key): key for key in (LEDGER, OTHER, THIRD)}
    for query, keys in (
        ("", [THIRD, LEDGER]),
        ("outcome=granted", [LEDGER]),
        ("outcome=refused&year=2025", [THIRD]),
        ("outcome=waiting", [OTHER]),
        ("unit=liulin", [LEDGER]),
        ("unit=hekou", []),
        ("measure=none", []),
        ("year=2026", []),
        ("page=2", []),
    ):
        assert [items[number] for number in listed(query)] == keys, query
    assert "不同意" in office.get(f"{decided}?outcome=refused").text
    rows = [[c.value for c in row] for row in workbook(office, f"{decided}.xlsx").iter_rows(min_row=3)]
    assert [(row[0], row[9], row[10], row[11]) for row in rows] == [
        ("城关街道", "不同意", None, "请按期报送。"),
        ("柳林乡", "同意", "2025-07-10", "=A1"),
    ]
    assert waiting


def test_the_rates_can_be_taken_along_as_numbers(office: Browser, store: Engine) -> None:
    busy_morning(store)
    rows = [
        [c.value for c in row]
        for row in workbook(office, "/office/rates.xlsx?year=2025&kind=township").iter_rows(min_row=3)
    ]
    units, measures = ([row for row in rows if row[0] == kind] for kind in ("单位", "举措"))
    told = office.get("/office/rates?year=2025&kind=township").text
    assert [row[1] for row in units] == ["河口镇", "柳林乡"]
    assert len(units) + len(measures) == len(rows)
    for _, name, due, count, percent, *_ in units:
        assert (due, round(count * 100 / due, 1)) == (due, percent)
        assert f"{percent:g}%<small>{count}/{due}</small>" in told, name


def test_units_are_sorted_by_a_rate_and_lead_to_their_items(office: Browser, store: Engine) -> None:
    busy_morning(store)
    told = office.get("/office/rates?order=completeness&kind=township&year=2025").text
    units = told.split('<section id="units">')[1].split("</section>")[0]
    rows = re.findall(
        r'<th scope="row"><a href="([^"]+)">([^<]+)</a></th><td class="figure">(\d+)</td>', units
    )
    assert [(unit, due) for _, unit, due in rows] == [
        ("柳林乡", "10"),
        ("河口镇", "10"),
    ]  # 0 and 2 of 10 are in
    assert "<small>10 项</small>" in office.get(unescape(rows[0][0])).text
    assert re.findall(r'<option value="([^"]*)" selected>', units) == ["completeness", "township", "2025"]
    assert 'href="/office/rates?order=quality&amp;kind=township&amp;year=2025"' in units


def test_the_trend_is_drawn_with_its_numbers_beside(office: Browser, store: Engine) -> None:
    busy_morning(store)
    told = office.get("/office/rates").text
    assert told.count("<polyline") == 3
    assert "style=" not in told
    trend = told.split('<section id="trend">')[1].split("</section>")[0]
    assert re.findall(r'<th scope="row">([^<]+)</th><td class="figure">(\d+)</td>', trend) == [
        ("2025年第一季度", "2"),
        ("2025年第二季度", "30"),
        ("2025年第三季度", "10"),
        ("2025年第四季度", "13"),
    ]
