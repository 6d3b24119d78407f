"""A unit's desk: from the list through the form to the receipt, and back again."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from domain.people import Grant, Role
from domain.workdays import BEIJING
from models.engine import reading, writing
from services import accounts, clock, review
from services.filed_reports import filed
from tests import cast
from tests.linhe import linhe
from tests.portal import unit_items
from tests.portal.browser import GAO_YUAN, Browser
from tests.portal.systems import release_reports
from tests.portal.unit_items import BUILD, CHECKUPS, ID_NUMBER, LEDGER, ROOT, TEXT, acts, press, typed
from tests.statements import asked


def test_a_liaison_begins_with_what_their_unit_owes_and_sees_nothing_of_anothers(gao: Browser) -> None:
    assert gao.get("/").headers["location"] == ROOT
    page = gao.get(ROOT).text
    assert "<h1>县民政局" in page
    assert "逾期未报（4 项）" in page
    assert "2025年9月30日截止" in page
    assert re.search("超过 \\d+ 天", page)
    assert "在校儿童体检" not in page
    assert gao.get("/units/edu").status_code == 403


def test_an_item_goes_from_list_to_draft_to_check_to_receipt_and_comes_back(
    gao: Browser, store: Engine
) -> None:
    path = unit_items.address(store)
    assert f'href="{path}"' in gao.get(ROOT).text
    page = gao.get(path).text
    for words in ("2025年10月1日前建成。", "临政办发〔2025〕3号", "四（一）“打基础", "建立统一台账"):
        assert words in page

    assert press(gao, path, "draft", typed("已建成统一台账，")).headers["location"] == path
    page = gao.get(path).text
    assert "草稿保存于" in page
    assert "已建成统一台账，</textarea>" in page

    faulty = press(gao, path, "check", {"state": "done", "passage:progress": ""})
    assert '<a href="#passage-progress">进展情况</a>' in faulty.text
    assert (
        'aria-describedby="hint-passage-progress fault-passage-progress" aria-invalid="true"' in faulty.text
    )
    assert "检查通过" in press(gao, path, "check", typed()).text
    assert gao.get(f"{ROOT}/history").text.count("第 1 版") == 0

    sent = press(gao, path, "submit", typed())
    assert sent.status_code == 303
    receipt = gao.get(sent.headers["location"]).text
    now = clock.now().astimezone(BEIJING)
    for words in ("报送回执", f"{now.year}年{now.month}月{now.day}日", "高原", "第 1 版", "网上填报"):
        assert words in receipt
    assert re.search("SHA-256：[0-9a-f]{64}", receipt)
    assert "等待审核（1 项）" in gao.get(ROOT).text
    assert sent.headers["location"] in gao.get(f"{ROOT}/history").text

    unit_items.send_back(store, "请写明覆盖的村数。")
    assert "请写明覆盖的村数。" in gao.get(ROOT).text
    page = gao.get(path).text
    assert "罗敏于" in page
    assert "请写明覆盖的村数。" in page
    assert f"{TEXT}</textarea>" in page  # one goes on from what was handed in
    assert "内容与第 1 版完全相同" in press(gao, path, "submit", typed()).text
    again = press(gao, path, "submit", typed(TEXT + "覆盖 36 个村。"))
    assert "第 2 版" in gao.get(again.headers["location"]).text

    unit_items.accept(store, version=2)
    page = gao.get(path).text
    assert "已审核通过，不能再改" in page
    assert "<textarea" not in page
    assert "已完成（1 项）" in gao.get(f"{ROOT}/finished").text
    assert ("高原", "view", BUILD) in acts(store)


def test_a_second_click_gives_the_same_receipt(gao: Browser, store: Engine) -> None:
    path = unit_items.address(store)
    fields = {**unit_items.hidden(gao.get(path).text), **typed()}
    first, second = (gao.send(f"{path}/submit", fields).headers["location"] for _ in range(2))
    assert first == second
    assert gao.get(f"{ROOT}/history").text.count("第 1 版") == 1


def test_another_units_numbers_lead_nowhere(gao: Browser, store: Engine) -> None:
    theirs = unit_items.number(store, CHECKUPS)
    receipt = unit_items.hand_in(store, "linhe-2025/lessons/women/2025", by="周岚").number
    file = unit_items.attach(store, CHECKUPS).number
    for path in (
        f"/items/{theirs}",
        f"/items/{theirs}/extension",
        f"/items/{theirs}/colleagues/1",
        f"/items/{2**40}",
        f"/receipts/{receipt}",
        f"/attachments/{file}",
    ):
        assert gao.get(ROOT + path).status_code == 404, path
    for button in ("draft", "discard", "check", "submit", "attachments", "extension"):
        assert gao.send(f"{ROOT}/items/{theirs}/{button}", typed()).status_code == 404, button


def test_more_time_is_asked_for_and_its_state_stands_on_the_item(
    gao: Browser, store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: cast.moment("2025-09-15 10:00"))
    gao.sign_in(GAO_YUAN)
    path = unit_items.address(store)
    assert f"{path}/extension" in gao.get(path).text
    assert "不晚于 2025年10月30日" in gao.get(f"{path}/extension").text
    wrong = gao.send(f"{path}/extension", {"until": "2026-10-30", "reason": "系统对接未完成"})
    assert wrong.status_code == 422
    assert "系统对接未完成</textarea>" in wrong.text
    child = gao.send(f"{path}/extension", {"until": "2025-10-20", "reason": f"身份证{ID_NUMBER}"})
    assert "〔601〕" in child.text
    sent = gao.send(f"{path}/extension", {"until": "2025-10-20", "reason": "系统对接未完成"})
    assert sent.status_code == 303
    assert "等待办公室答复" in gao.get(path).text
    assert [one[1:] for one in unit_items.asked_for(store, BUILD)] == [("系统对接未完成", "高原")]


def test_whoever_reports_for_several_units_goes_from_one_to_the_other(
    browse: Callable[[], Browser], store: Engine
) -> None:
    with writing(store) as session:
        accounts.add(
            session,
            linhe(),
            login="sunli",
            name="孙莉",
            grants=[Grant(Role.LIAISON, "hekou"), Grant(Role.LIAISON, "liulin")],
            by="周岚",
            at=clock.now(),
        )
    page = browse().sign_in("sunli").get("/units/liulin").text
    assert '<a href="/units/hekou">河口镇</a>' in page
    assert '<a href="/units/liulin" aria-current="true">柳林乡</a>' in page
    waits = "等待本单位先完成2025年上半年“更新统一台账”（走访使用统一台账）"
    assert waits in page
    visits = unit_items.address(store, "linhe-2025/visits/liulin/2025H1")
    assert waits in browse().sign_in("sunli").get(visits).text


def test_what_the_office_lets_a_unit_correct_is_on_its_list_with_the_reason(
    gao: Browser, store: Engine
) -> None:
    path = unit_items.address(store)
    unit_items.hand_in(store)
    unit_items.accept(store)
    with writing(store) as session:
        review.allow_correction(
            session, linhe(), BUILD, version=1, by="罗敏", at=clock.now(), reason="村数有误，请核对。"
        )
    assert "可更正（1 项）" in gao.get(ROOT).text
    assert "村数有误，请核对。" in gao.get(path).text
    assert "内容与第 1 版完全相同" in press(gao, path, "submit", typed()).text
    sent = press(gao, path, "submit", typed(TEXT + "覆盖 35 个村。"))
    assert "第 2 版" in gao.get(sent.headers["location"]).text
    assert "等待审核（1 项）" in gao.get(ROOT).text


def test_a_unit_reads_its_own_of_what_is_released(gao: Browser, store: Engine, tmp_path: Path) -> None:
    assert "还没有发布的报告" in gao.get(f"{ROOT}/reports").text
    report = release_reports(store, linhe(), tmp_path)
    with reading(store) as session:
        assert [one.id for one in filed(session, "linhe-2025", released=True)] == [report]
    links = re.findall(r'href="(/reports/[^"]+)"', gao.get(f"{ROOT}/reports").text)
    assert links == [f"/reports/{report}/papers/2", f"/reports/{report}/papers/2/figures"]
    assert gao.get(links[0]).status_code == 200


def test_the_questions_to_the_store_do_not_grow_with_what_the_unit_has(
    app: FastAPI, gao: Browser, store: Engine
) -> None:
    engine = app.state.desk.engine
    before = len(asked(engine, lambda: gao.get(ROOT)))
    item = unit_items.address(store)
    first = len(asked(engine, lambda: gao.get(item)))
    for version in range(1, 6):
        unit_items.hand_in(store, text=f"{TEXT}第{version}次")
    unit_items.hand_in(store, LEDGER)
    assert len(asked(engine, lambda: gao.get(ROOT))) <= before
    later = len(asked(engine, lambda: gao.get(item)))
    unit_items.hand_in(store, text=f"{TEXT}最后一次")
    assert len(asked(engine, lambda: gao.get(item))) == later
    assert before <= 16
    assert first <= 30
