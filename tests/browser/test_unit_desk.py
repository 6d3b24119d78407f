"""A liaison who has never seen the platform, from the link in a reminder to the receipt."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from tests.browser.window import Window
from tests.portal import unit_items
from tests.portal.browser import GAO_YUAN, XU_JING, ZHOU_LAN
from tests.portal.unit_items import BUILD, CHECKUPS, TEXT

Windows = Callable[..., Window]


def open_item(window: Window, title: str = "建成统一台账") -> Page:
    """Come in by a link and choose an item from the list."""
    window.enter(GAO_YUAN)
    window.page.get_by_role("link", name="我的事项").click()
    window.page.get_by_role("link", name=re.compile(f"^{title}")).click()
    return window.page


def test_a_liaison_comes_in_types_loses_the_network_goes_on_hands_in_and_mends_what_is_returned(
    window: Windows, store: Engine
) -> None:
    gao = window()
    gao.enter(GAO_YUAN).go("/units/civil").look("unit-desk")
    page = open_item(gao)
    status = page.locator("#draft-status")
    page.get_by_label("进展情况").press_sequentially("已建成")
    expect(status).to_have_text(re.compile(r"已保存 \d\d:\d\d:\d\d"))
    page.context.set_offline(True)
    page.get_by_label("进展情况").press_sequentially("统一台账，")
    expect(status).to_have_text(re.compile("网络已中断"))
    gao.complaints.clear()  # the browser notes that it reached nobody
    page.context.set_offline(False)
    expect(status).to_have_text(re.compile(r"已保存 \d\d:\d\d:\d\d"))
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    gao.complaints.clear()

    page.goto(page.url)  # closed and opened again
    expect(page.get_by_label("进展情况")).to_have_value("已建成统一台账，")
    page.get_by_role("button", name="先检查").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("完成情况")
    expect(summary).to_be_focused()
    gao.complaints.clear()
    gao.look("unit-form-faults")
    page.get_by_label("已完成").check()
    page.get_by_label("进展情况").fill(TEXT)
    expect(status).to_have_text(re.compile(r"已保存 \d\d:\d\d:\d\d"))
    gao.look("unit-form")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="报送回执")).to_be_visible()
    gao.look("unit-receipt")

    unit_items.send_back(store, "请写明覆盖的村数。")
    page.get_by_role("link", name="查看这个事项").click()
    expect(page.get_by_text("请写明覆盖的村数。").first).to_be_visible()
    gao.look("unit-returned")
    page.get_by_label("进展情况").fill(TEXT + "覆盖 36 个村。")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("第 2 版", exact=True)).to_be_visible()
    page.get_by_role("link", name="查看这个事项").click()
    page.get_by_text("第 2 版：").click()
    page.get_by_role("link", name="第 2 版与第 1 版的差别").click()
    expect(page.get_by_text("覆盖 36 个村。", exact=True).first).to_be_visible()
    gao.look("unit-version")


def test_two_windows_show_each_others_text_and_lose_neither(window: Windows) -> None:
    gao = window()
    first = open_item(gao)
    second = first.context.new_page()
    second.goto(first.url)
    first.get_by_label("进展情况").fill("第一个窗口")
    expect(first.locator("#draft-status")).to_have_text(re.compile("已保存"))
    second.get_by_label("进展情况").fill("第二个窗口")
    expect(second.locator("#draft-status")).to_have_text(re.compile("另一个窗口保存过不同的内容"))
    expect(second.locator("[data-beside='passage:progress']")).to_contain_text("第一个窗口")
    second.get_by_label("进展情况").fill("第一个窗口和第二个窗口")
    second.get_by_role("button", name="保存草稿").click()
    expect(second.locator("#draft-status")).to_have_text(re.compile("已保存"))
    second.goto(first.url)
    expect(second.get_by_label("进展情况")).to_have_value("第一个窗口和第二个窗口")


def test_what_must_not_be_written_is_told_beside_the_field_while_one_types(window: Windows) -> None:
    page = open_item(window())
    page.get_by_label("进展情况").fill("身份证号11010519491231002X")
    expect(page.locator("#fault-passage-progress")).to_contain_text("能够识别儿童身份")
    expect(page.get_by_label("进展情况")).to_have_value("身份证号11010519491231002X")
    page.get_by_label("进展情况").fill("已逐户核对")
    expect(page.locator("#fault-passage-progress")).to_be_hidden()


def test_typing_goes_on_being_saved_after_signing_in_again_in_another_window(window: Windows) -> None:
    gao = window()
    page = open_item(gao)
    other = page.context.new_page()
    other.goto(f"{gao.portal}/account")
    other.get_by_role("button", name="退出").click()
    page.get_by_label("进展情况").fill("登录超时以后写的话")
    status = page.locator("#draft-status")
    expect(status).to_have_text(re.compile("登录已超时"))
    other.goto(gao.link(GAO_YUAN))
    other.get_by_role("button", name="进入平台").click()
    expect(status).to_have_text(re.compile("已保存"))
    other.goto(page.url)
    expect(other.get_by_label("进展情况")).to_have_value("登录超时以后写的话")


def test_every_page_of_a_unit_is_one_for_everybody(window: Windows, store: Engine) -> None:
    unit_items.hand_in(store, CHECKUPS, figures={"pupils": 1200, "checked": 1180})
    unit_items.accept(store, CHECKUPS)
    xu = window().enter(XU_JING)
    for page in ("finished", "history", "workbook", "reports"):
        xu.go(f"/units/edu/{page}").look(f"unit-{page}")
    xu.go(unit_items.address(store, CHECKUPS)).look("unit-accepted")
    xu.go(unit_items.address(store, "linhe-2025/report/edu/2025")).look("unit-yearly")
    zhou = window().enter(ZHOU_LAN)
    zhou.go(unit_items.address(store, "linhe-2025/counselling/women/2025")).look("unit-figures")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_way_is_one_for_phones_and_needs_no_script(
    window: Windows, store: Engine, *, scripts: bool
) -> None:
    gao = window(phone=True, scripts=scripts)
    page = open_item(gao)
    gao.look("unit-form-phone")
    page.get_by_label("进展情况").fill(TEXT)
    if not scripts:
        page.get_by_role("button", name="保存草稿").click()
        expect(page.locator("#draft-status")).to_contain_text("草稿保存于")
    page.get_by_label("已完成").check()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="报送回执")).to_be_visible()
    gao.look("unit-receipt-phone")
    page.get_by_role("link", name="回到我的事项").click()
    gao.look("unit-desk-phone")
    assert f"/items/{unit_items.number(store, BUILD)}" in page.content()
