"""Coming in for the first time, and the next morning."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from models.engine import reading
from services import accounts
from tests.browser.window import Window
from tests.linhe import linhe
from tests.portal.browser import ADMIN, GAO_YUAN, PASSWORD
from tests.portal.systems import make_token

Windows = Callable[..., Window]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_somebody_comes_in_by_a_link_sets_a_password_and_comes_back_with_it(
    window: Windows, *, scripts: bool
) -> None:
    gao = window(scripts=scripts)
    page = gao.page
    page.goto(gao.link(GAO_YUAN))
    gao.look("enter")
    page.get_by_role("button", name="进入平台").click()
    gao.look("welcome")
    page.get_by_label("新密码").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    page.get_by_role("button", name="保存密码").click()
    page.get_by_role("button", name="退出").click()
    gao.look("sign-in")
    page.get_by_label("登录名").fill(GAO_YUAN)
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    assert "登录名或密码不对" in (page.get_by_role("alert").text_content() or "")
    gao.complaints.clear()  # the browser notes the 401
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="高原").wait_for()


def test_the_administrator_looks_after_accounts_with_the_keyboard_and_at_twice_the_size(
    window: Windows,
) -> None:
    admin = window().enter(ADMIN)
    admin.go("/people").look("people")
    page = admin.page
    page.set_viewport_size({"width": 640, "height": 450})  # 1280 wide at 200 %
    admin.look("people-large")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_the_pages_of_accounts_and_tokens_are_as_every_page_must_be(window: Windows, store: Engine) -> None:
    make_token(store, linhe(), "hekou")
    with reading(store) as session:
        found = accounts.find(session, GAO_YUAN)
    assert found is not None
    admin = window().enter(ADMIN)
    for path, picture in (
        (f"/people/{found.id}", "person"),
        ("/tokens", "tokens"),
        ("/api/v1/docs", "api-docs"),
    ):
        admin.go(path).look(picture)
    page = admin.go("/tokens").page
    page.get_by_label("代哪个单位").select_option("hekou")
    page.get_by_label("名称").fill("市平台")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="生成").click()
    page.get_by_label("令牌").wait_for()
    admin.look("token")
    page.set_viewport_size({"width": 640, "height": 450})  # 1280 wide at 200 %
    for path, picture in (("/tokens", "tokens-large"), ("/api/v1/docs", "api-docs-large")):
        admin.go(path).look(picture)


def test_the_platforms_page_is_one_for_phones_too(window: Windows) -> None:
    window(phone=True).enter(ADMIN).go("/platform").look("platform-phone")
