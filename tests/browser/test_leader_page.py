"""The leader's page on a screen and on a phone."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tests.browser.window import Window
from tests.portal.browser import ZHENG_MING
from tests.portal.handed_in import VISITS_LATER, number_of
from tests.portal.supervised import soon, supervised_morning


@pytest.mark.parametrize("phone", [False, True], ids=["screen", "phone"])
def test_a_leader_sees_at_a_glance_how_it_stands(window: Callable[..., Window], *, phone: bool) -> None:
    window(phone=phone).enter(ZHENG_MING).go("/leader").look("leader-phone" if phone else "leader")


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
