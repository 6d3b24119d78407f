"""The assessment of a phase on the pages: the office orders it, reads and releases it; then the leaders read it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.report.material import Issue
from services.orders import phase_order
from tests.linhe import linhe
from tests.portal.browser import GAO_YUAN, LUO_MIN, ZHENG_MING, Browser
from tests.portal.systems import file_report


@pytest.fixture
def assessment(store: Engine, tmp_path: Path) -> int:
    """The assessment of the first phase, filed and not released."""
    order = phase_order(linhe().phase("base"), date(2026, 3, 2), tmp_path, Issue(sample=True))
    return file_report(store, linhe(), order)


def test_the_office_orders_one_only_of_a_phase_that_has_begun(browser: Browser) -> None:
    browser.sign_in(LUO_MIN)
    page = browser.get("/office/reports").text
    assert "生成阶段评估" in page
    assert '<option value="base">' in page
    for phase, day, number in (
        ("third", "2026-03-02", "901"),
        ("raise", "2025-10-15", "1410"),
        ("base", "2026-03-02", "713"),  # no engine runs here
    ):
        answer = browser.send("/office/phase-assessments", {"phase": phase, "as_of": day})
        assert f"〔{number}〕" in answer.text


def test_it_waits_for_the_office_and_is_then_for_the_leaders_and_for_no_unit(
    browse: Callable[[], Browser], assessment: int
) -> None:
    office, leader, liaison = (
        browse().sign_in(LUO_MIN),
        browse().sign_in(ZHENG_MING),
        browse().sign_in(GAO_YUAN),
    )
    paper = f"/reports/{assessment}/papers/0"
    assert "打基础阶段评估" in office.get("/office/reports").text
    assert "待发布的阶段评估" in office.get("/office").text
    assert [who.get(paper).status_code for who in (office, leader, liaison)] == [200, 403, 403]
    page = office.get(f"/office/reports/{assessment}").text
    assert "发布给领导" in page
    assert "综合报告" not in page
    assert office.send(f"/office/reports/{assessment}/release").status_code == 303
    assert "待发布的阶段评估" not in office.get("/office").text
    assert "领导已可阅读" in office.get(f"/office/reports/{assessment}").text
    assert f'href="{paper}"' in leader.get("/leader").text
    assert [who.get(paper).status_code for who in (office, leader, liaison)] == [200, 200, 403]
    assert "没有带编号的数字" in leader.get(f"{paper}/figures").text
    assert "阶段评估" not in liaison.get("/units/civil/reports").text
