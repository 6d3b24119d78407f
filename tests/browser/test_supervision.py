"""Supervision in a real browser: every page of it as it is seen, an instruction and its answer, an appeal."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from tests.browser.window import Window
from tests.portal import unit_items
from tests.portal.browser import GAO_YUAN, LUO_MIN, ZHENG_MING
from tests.portal.handed_in import VISITS_LATER, number_of
from tests.portal.supervised import portal_content, soon, supervised_morning
from tests.portal.unit_items import BUILD

__all__ = ["portal_content"]  # a fixture that is taken over as it is

Windows = Callable[..., Window]


def test_the_pages_of_supervision_are_as_every_page_must_be(window: Windows, store: Engine) -> None:
    supervised_morning(store)
    luo = window().enter(LUO_MIN)
    for path, picture in (
        ("/office/supervision?period=2025", "office-supervision"),
        ("/office/supervision/civil?period=2025", "office-unit-supervision"),
        ("/office/instructions", "office-instructions"),
        ("/office/appeals", "office-appeals"),
        ("/office/cases", "office-cases"),
        ("/office/commendation", "office-commendation"),
        (f"/office/items/{number_of(store, BUILD)}", "office-item-urged"),
        ("/office/items?unit=civil", "office-items-urged"),
    ):
        luo.go(path).look(picture)


@pytest.mark.parametrize("phone", [False, True], ids=["screen", "phone"])
def test_a_leader_looks_into_what_is_late_and_gives_an_instruction(
    window: Callable[..., Window], store: Engine, *, phone: bool
) -> None:
    supervised_morning(store)
    own = window(phone=phone).enter(ZHENG_MING)
    on = "-phone" if phone else ""
    own.go("/leader").look(f"leader-supervision{on}")
    own.go("/leader/items?unit=civil").look(f"leader-items{on}")
    own.go(f"/leader/items/{number_of(store, VISITS_LATER)}").look(f"leader-item{on}")
    own.page.get_by_label("批示内容").fill("请河口镇本周内完成走访并补报。")
    own.page.get_by_label("反馈期限").fill(soon().isoformat())
    own.page.get_by_role("button", name="下达批示").click()
    own.page.get_by_text("请河口镇本周内完成走访并补报。").wait_for()
    own.look(f"leader-item-instructed{on}")
    for path in ("ranking?period=2025", "cases"):
        own.go(f"/leader/{path}").look(f"leader-{path.partition('?')[0]}{on}")


@pytest.mark.parametrize("phone", [False, True], ids=["screen", "phone"])
def test_a_unit_sees_what_is_asked_of_it_answers_and_appeals(
    window: Windows, store: Engine, *, phone: bool
) -> None:
    supervised_morning(store)
    gao, on = window(phone=phone).enter(GAO_YUAN), "-phone" if phone else ""
    gao.go("/units/civil").look(f"unit-desk-urged{on}")
    page = gao.go(unit_items.address(store, BUILD)).look(f"unit-item-instructed{on}").page
    page.locator("#instructions").get_by_label("办理情况").fill("已补建台账，三个乡镇街道全部录入。")
    page.get_by_role("button", name="反馈", exact=True).click()
    expect(page.get_by_text("已补建台账，三个乡镇街道全部录入。")).to_be_visible()
    page = gao.go("/units/civil/supervision?period=2025").page
    page.get_by_text("有异议？").first.click()
    gao.look(f"unit-supervision{on}")
    page.get_by_label("申诉理由").first.fill("因系统维护未能按时报送，有通知为证。")
    page.get_by_role("button", name="提出申诉").first.click()
    expect(page.get_by_text("因系统维护未能按时报送，有通知为证。")).to_be_visible()
    gao.go("/units/civil/cases").look(f"unit-cases{on}")
