"""A circular in real browsers: the office releases it, a liaison acknowledges it, the office sees who has not."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from domain.messages import Post
from services import clock
from tests.browser.window import Window
from tests.linhe import linhe
from tests.portal.browser import GAO_YUAN, LUO_MIN
from tests.services.circular_files import add_contacts, file_circular

Windows = Callable[..., Window]


def test_a_circular_goes_from_the_office_to_a_unit_and_back(
    window: Windows, store: Engine, tmp_path: Path
) -> None:
    add_contacts(store, linhe(), ["civil", "edu", "health"], clock.now())
    add_contacts(store, linhe(), ["civil"], clock.now(), post=Post.UNIT_LEADER)
    number = file_circular(store, linhe(), tmp_path, clock.now())
    luo = window().enter(LUO_MIN).go("/office/reports").look("reports")
    luo.page.get_by_role("link", name="2025年第三季度通报").click()
    luo.look("circular-before-release")
    luo.page.get_by_role("button", name="发布给各单位").click()
    luo.page.get_by_text("8 个单位中 0 个已签收").wait_for()

    gao = window(phone=True).enter(GAO_YUAN).go("/units/civil").look("unit-desk-circular")
    gao.page.get_by_role("link", name="2025年第三季度通报").click()
    gao.look("acknowledge")
    gao.page.get_by_role("button", name="代表县民政局签收").click()
    gao.page.get_by_text("县民政局已由高原于").wait_for()

    luo.go(f"/office/reports/{number}/receipts")
    luo.page.get_by_role("button", name="催未签收的单位").click()
    luo.page.get_by_text("（已催 1 次）").first.wait_for()
    luo.look("receipts")
