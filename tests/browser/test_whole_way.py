"""The whole way in real browsers: a link, a draft, a break, a submission, its return, a verdict, the report, its reader."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services import clock
from services.settings import read_settings
from tests.browser.window import Window
from tests.portal.browser import LUO_MIN, XU_JING, ZHENG_MING
from tests.reports import make_report

CHECKUPS = re.compile("^在校儿童体检")


def open_checkups(xu: Window) -> Page:
    """The form of 县教育局's check-ups, from its list."""
    xu.go("/units/edu").page.get_by_role("link", name=CHECKUPS).click()
    return xu.page


@pytest.mark.slow(25)
def test_what_a_liaison_types_reaches_the_leader(window: Callable[..., Window], tmp_path: Path) -> None:
    xu, luo, zheng = window(), window(), window(phone=True)

    # the liaison comes in by the link, types, closes the window, and finds it all again
    page = open_checkups(xu.enter(XU_JING))
    page.get_by_label("进展情况").fill("全县中小学体检已完成。")
    expect(page.locator("#draft-status")).to_have_text(re.compile("已保存"))
    page.goto("about:blank")
    page = open_checkups(xu)
    expect(page.get_by_label("进展情况")).to_have_value("全县中小学体检已完成。")
    page.get_by_label("已完成").check()
    page.get_by_label("在校儿童数（人）").fill("2,000")
    page.get_by_label("已体检儿童数（人）").fill("１９８０")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="报送回执")).to_be_visible()

    # the office finds it in the queue and sends it back
    luo.enter(LUO_MIN).go("/office/review").page.get_by_role("link", name=re.compile("在校儿童体检")).click()
    luo.page.get_by_label("退回理由").fill("请写明未体检的安排。")
    luo.page.get_by_role("button", name="退回", exact=True).click()
    luo.page.wait_for_load_state()

    # the liaison reads why, and mends it
    page = open_checkups(xu)
    expect(page.get_by_text("请写明未体检的安排。").first).to_be_visible()
    page.get_by_label("进展情况").fill("全县中小学体检已完成，缺检的安排在九月补检。")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("第 2 版", exact=True)).to_be_visible()

    # the office accepts it; the report is made, read and released
    luo.go("/office/review").page.get_by_role("link", name=re.compile("在校儿童体检")).click()
    luo.page.get_by_role("button", name="通过", exact=True).click()
    luo.page.wait_for_load_state()
    make_report(read_settings(), tmp_path / "reports", day=clock.today())
    luo.go("/office/reports").page.get_by_role("link", name=re.compile("2025 年度报告")).click()
    luo.page.get_by_role("button", name="发布给领导").click()
    expect(luo.page.get_by_text("领导已可阅读")).to_be_visible()
    luo.look("office-report")

    # the leader reads it on a phone
    zheng.enter(ZHENG_MING).go("/leader")
    link = zheng.page.get_by_role("link", name=re.compile("报告")).first
    paper = zheng.page.request.get(zheng.portal + (link.get_attribute("href") or ""))
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body().startswith(b"%PDF-")
    assert xu.complaints == luo.complaints == zheng.complaints == []
