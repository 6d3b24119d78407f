"""The office's morning in a real browser: every page of the desk as it is seen, and a verdict from the queue."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from domain.messages import MessageState
from models.engine import writing
from services import clock, extensions
from tasks.report_runs import STEPS
from tests.browser.engine import RUN, making_a_report
from tests.browser.window import Window
from tests.linhe import linhe
from tests.portal import messages
from tests.portal.browser import GAO_YUAN, LUO_MIN
from tests.portal.handed_in import CHECKUPS, LEDGER, busy_morning, hand_in, number_of
from tests.portal.people_told import contact_of
from tests.portal.test_office_phases import ask

Windows = Callable[..., Window]


def test_the_desk_is_as_every_page_must_be(window: Windows, store: Engine) -> None:
    busy_morning(store)
    hand_in(store, LEDGER, {"children": 212}, by="马健", text="台账已于6月20日更新。新增两户。")
    doubtful = messages.leave(
        store, MessageState.DOUBTFUL, "消息已发出，但对方没有应答；不能确定对方是否收到"
    )
    messages.leave(store)
    luo = window().enter(LUO_MIN).go("/")
    assert luo.page.url.endswith("/office")
    for path, picture in (
        ("/office", "office-day"),
        ("/office/matrix", "office-matrix"),
        ("/office/phases", "office-phases"),
        ("/office/rates", "office-rates"),
        ("/office/items?pile=late", "office-items"),
        (f"/office/items/{number_of(store, LEDGER)}", "office-item"),
        (f"/office/items/{number_of(store, CHECKUPS)}", "office-item-accepted"),
        ("/office/review", "office-review"),
        ("/office/extensions", "office-extensions"),
        ("/office/messages", "office-messages"),
        (f"/office/messages/{doubtful}", "office-message"),
        ("/office/pauses", "office-pauses"),
        ("/contacts", "contacts"),
        (f"/contacts/{contact_of(store, GAO_YUAN)}", "contact"),
    ):
        luo.go(path).look(picture)
    luo.page.set_viewport_size({"width": 640, "height": 450})  # 1280 wide at 200 %
    for path, picture in (
        ("/office", "office-day-large"),
        ("/office/matrix", "office-matrix-large"),
        ("/contacts", "contacts-large"),
    ):
        luo.go(path).look(picture)


def test_what_was_decided_and_a_report_that_is_being_made_are_as_every_page_must_be(
    window: Windows, store: Engine, home: Path
) -> None:
    number = ask(store)
    with writing(store) as session:
        extensions.refuse(session, linhe(), number, by="罗敏", at=clock.now(), reason="请按期报送。")
    luo = window().enter(LUO_MIN)
    luo.go("/office/extensions/decided").look("office-decided")
    done = dict.fromkeys(STEPS[:2], "COMPLETED")
    for state, steps in (
        ("RUNNING", {**done, STEPS[2]: "RUNNING"}),
        ("FAILED", {**done, STEPS[2]: "FAILED"}),
    ):
        with making_a_report(home, state, steps):
            luo.go(f"/office/reports/runs/{RUN}").look(f"report-{state.lower()}")


def test_a_tile_leads_to_the_queue_and_a_tick_accepts(window: Windows, store: Engine) -> None:
    busy_morning(store)
    luo = window(scripts=False).enter(LUO_MIN).go("/")
    page = luo.page
    page.get_by_role("link", name="待审核 3").click()
    page.get_by_role("checkbox", name="选中河口镇的走访困难家庭（2025年上半年）").check()
    page.get_by_label("选中县妇联的维权课堂（2025年）").check()
    page.get_by_role("button", name="通过所选").click()
    page.get_by_text("已通过 2 份").wait_for()
    assert page.get_by_role("checkbox").count() == 0  # what is left bears a flag
    assert luo.complaints == []
