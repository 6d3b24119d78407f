"""The leader's page on a screen and on a phone."""

from collections.abc import Callable

import pytest

from tests.browser.window import Window
from tests.portal.browser import ZHENG_MING


@pytest.mark.parametrize("phone", [False, True], ids=["screen", "phone"])
def test_a_leader_sees_at_a_glance_how_it_stands(window: Callable[..., Window], *, phone: bool) -> None:
    window(phone=phone).enter(ZHENG_MING).go("/leader").look("leader-phone" if phone else "leader")
