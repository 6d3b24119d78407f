"""One item before the office: what was asked, what came in, what changed, and the verdict."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.engine import reading, writing
from services import attachments, audit, clock
from services.running import Running, publish, sole
from tests.linhe import linhe
from tests.portal.browser import LUO_MIN, ZHOU_LAN, Browser
from tests.portal.handed_in import (
    CHECKUPS,
    LEDGER,
    LESSONS,
    VISITS,
    accept,
    allow_correction,
    hand_in,
    number_of,
    send_back,
)

EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


@pytest.fixture
def office(browser: Browser) -> Browser:
    """罗敏 of the office."""
    return browser.sign_in(LUO_MIN)


def page(store: Engine, key: str) -> str:
    return f"/office/items/{number_of(store, key)}"


def lines(store: Engine, key: str) -> list[tuple[str, str]]:
    with reading(store) as session:
        return [(line.actor, line.action) for line in audit.lines_of(session, key, last=20)]


def test_an_item_tells_what_is_asked_where_the_notice_says_so_and_what_it_waits_for(
    office: Browser, store: Engine
) -> None:
    told = office.get(page(store, VISITS)).text
    for words in (
        "每半年走访一次。",
        "临政办发〔2025〕3号",
        "三（三）4 第1句（走访困难家庭）",
        "该单位还没有报送",
    ):
        assert words in told
    assert "等待河口镇完成2025年上半年“更新统一台账”" in told
    assert lines(store, VISITS) == []  # nothing of a unit's was seen


def test_a_view_of_what_was_handed_in_is_written_down(office: Browser, store: Engine) -> None:
    hand_in(store, VISITS, {"families": 120, "visited": (118, "两户外出")})
    told = office.get(page(store, VISITS)).text
    for words in ("120 户", "118 户", "两户外出", "已逐户走访，并登记台账。", "孙莉", "页面"):
        assert words in told
    assert lines(store, VISITS) == [("罗敏", "view"), ("孙莉", "submit")]


def test_versions_are_shown_with_what_changed_between_them(office: Browser, store: Engine) -> None:
    hand_in(store, LEDGER, {"children": 210}, by="马健", text="台账已更新。")
    send_back(store, LEDGER)
    hand_in(store, LEDGER, {"children": 212}, by="马健", text="台账已于6月更新。")
    told = office.get(page(store, LEDGER)).text
    assert "<del>210</del><ins>212</ins>" in told
    assert "台账已<ins>于6月</ins>更新。" in told
    assert "请补充台账更新的日期。" in told
    first = office.get(f"{page(store, LEDGER)}?version=1").text
    assert "<ins>212</ins>" not in first
    assert "这不是最新的一版" in first
    assert 'name="version"' not in first  # no verdict on what is not the newest
    assert office.get(f"{page(store, LEDGER)}?version=3").status_code == 404


def test_a_version_is_accepted_and_then_may_be_corrected(office: Browser, store: Engine) -> None:
    hand_in(store, CHECKUPS, {"pupils": 5200, "checked": 5100}, by="许静")
    path = page(store, CHECKUPS)
    answer = office.send(f"{path}/accept", {"version": 1})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert "审核通过" in office.get(path).text
    assert "〔422〕" in office.send(f"{path}/correction", {"version": 1, "reason": " "}).text
    assert office.send(f"{path}/correction", {"version": 1, "reason": "体检人数有误。"}).status_code == 303
    assert "已允许更正" in office.get(path).text
    assert [action for _, action in lines(store, CHECKUPS) if action != "view"] == [
        "allow-correction",
        "accept",
        "submit",
    ]


def test_a_version_is_sent_back_with_a_reason_and_not_without(office: Browser, store: Engine) -> None:
    hand_in(store, LEDGER, {"children": 210}, by="马健")
    path = page(store, LEDGER)
    refused = office.send(f"{path}/return", {"version": 1, "reason": "  "})
    assert (refused.status_code, "〔407〕" in refused.text) == (422, True)
    child = office.send(f"{path}/return", {"version": 1, "reason": "请核对11010519491231002X一户"})
    assert "〔601〕" in child.text
    assert office.send(f"{path}/return", {"version": 1, "reason": "请补充更新日期。"}).status_code == 303
    told = office.get(path).text
    assert "已退回，等待该单位补正" in told
    assert "请补充更新日期。" in told


def test_nobody_reviews_their_own_and_the_page_says_whose_turn_it_is(
    browse: Callable[[], Browser], store: Engine
) -> None:
    hand_in(store, LESSONS, by="周岚")
    zhou, path = browse().sign_in(ZHOU_LAN), page(store, LESSONS)
    told = zhou.get(path).text
    assert "不能由您审核。请由办公室另一位同志办理" in told
    assert f'action="{path}/accept"' not in told
    for act in ("accept", "return"):
        refused = zhou.send(f"{path}/{act}", {"version": 1, "reason": "请补充。"})
        assert (refused.status_code, "〔405〕" in refused.text) == (422, True)
    assert browse().sign_in(LUO_MIN).send(f"{path}/accept", {"version": 1}).status_code == 303
    assert "〔421〕" in zhou.send(f"{path}/correction", {"version": 1, "reason": "开课次数有误。"}).text


def test_a_verdict_on_a_version_that_is_no_longer_the_newest_is_refused(
    office: Browser, store: Engine
) -> None:
    hand_in(store, LEDGER, {"children": 210}, by="马健", text="台账已更新。")
    hand_in(store, LEDGER, {"children": 211}, by="马健", text="台账已再次更新。")
    refused = office.send(f"{page(store, LEDGER)}/accept", {"version": 1})
    assert refused.status_code == 422
    assert "〔408〕" in refused.text
    assert "台账已再次更新。" in refused.text  # and shows the newest


def test_what_somebody_else_decided_meanwhile_is_not_decided_again(office: Browser, store: Engine) -> None:
    hand_in(store, LEDGER, {"children": 210}, by="马健")
    accept(store, LEDGER)
    assert "〔406〕" in office.send(f"{page(store, LEDGER)}/accept", {"version": 1}).text
    allow_correction(store, LEDGER)
    assert (
        "〔420〕" in office.send(f"{page(store, LEDGER)}/correction", {"version": 1, "reason": "人数"}).text
    )


def test_after_a_verdict_one_goes_back_to_the_queue_and_nowhere_else(office: Browser, store: Engine) -> None:
    for key, back, onwards in (
        (LEDGER, "/office/review?unit=liulin", "/office/review?unit=liulin"),
        (VISITS, "https://example.org/office/review", page(store, VISITS)),
    ):
        figures = {"children": 210} if key == LEDGER else {"families": 120, "visited": 118}
        hand_in(store, key, figures)
        answer = office.send(f"{page(store, key)}/accept", {"version": 1, "back": back})
        assert answer.headers["location"] == onwards


def test_an_attachment_is_sent_as_a_file_and_its_reading_written_down(
    office: Browser, store: Engine, home: Path
) -> None:
    checked = attachments.check("走访台账.txt", "各村已完成走访。".encode())
    with writing(store) as session:
        put = attachments.store(
            session, linhe(), home, LEDGER, checked, unit="liulin", by="马健", at=clock.now()
        )
    path = f"/office/attachments/{put.number}"
    assert "〔445〕" in office.get(path).text  # a draft's file is the unit's own
    hand_in(store, LEDGER, {"children": 210}, by="马健", files=(checked.sha256,))
    assert f'<a href="{path}">走访台账.txt</a>' in office.get(page(store, LEDGER)).text
    answer = office.get(path)
    assert answer.content == "各村已完成走访。".encode()
    assert answer.headers["content-disposition"].startswith("attachment")
    assert lines(store, LEDGER)[0] == ("罗敏", "read-attachment")


def test_what_units_write_is_shown_as_text_everywhere(office: Browser, store: Engine) -> None:
    hand_in(store, VISITS, {"families": (120, EVIL), "visited": 118}, by=EVIL, text=f"走访{EVIL}")
    send_back(store, VISITS, reason=f"请补充{EVIL}")
    hand_in(store, VISITS, {"families": (120, EVIL), "visited": 117}, by=EVIL, text=f"又走访{EVIL}")
    for path in (
        page(store, VISITS),
        "/office",
        "/office/review",
        "/office/items?unit=hekou",
        "/office/items?text=%3Cscript%3Ealert(1)",
        "/office/review?text=%22%3E%3Cscript%3Ealert(1)",
    ):
        told = office.get(path).text
        assert not re.search(r"<script|<img", told), path


def test_runs_are_led_to_only_from_the_machine_itself(office: Browser, store: Engine, home: Path) -> None:
    with sole(home):
        publish(home, Running(pid=1, started=clock.now(), portal="", engine="http://127.0.0.1:4200"))
        path = page(store, VISITS)
        assert "运行记录" not in office.get(path).text
        here = office.client.get(path, headers={"host": "127.0.0.1:8600"}).text
        assert (
            'href="http://127.0.0.1:4200/runs?type=span&amp;seconds=-7776000&amp;'
            'flow-run-search=04%20%E8%B5%B0%E8%AE%BF%E5%9B%B0%E9%9A%BE%E5%AE%B6%E5%BA%AD"'
        ) in here
        assert "只能在运行平台的这台机器上打开" in here


def test_an_item_that_is_not_there_is_told_as_such(office: Browser) -> None:
    assert office.get("/office/items/999999").status_code == 404
    answer = office.send("/office/items/999999/accept", {"version": 1})
    assert (answer.status_code, "〔401〕" in answer.text) == (404, True)
