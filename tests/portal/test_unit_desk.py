"""A unit's desk: from the list through the form to the receipt, and back again."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from sqlalchemy import Engine

from domain.people import Grant, Role
from domain.workdays import BEIJING
from models.engine import reading, writing
from services import accounts, audit, clock
from services.filed_reports import filed
from tests import cast
from tests.linhe import linhe
from tests.portal import unit_items
from tests.portal.browser import GAO_YUAN, XU_JING, ZHOU_LAN, Browser
from tests.portal.systems import release_reports
from tests.portal.unit_items import BUILD, CHECKUPS, LEDGER, ROOT, TEXT, press, typed
from tests.statements import asked

ID_NUMBER = "11010519491231002X"
"""The textbook example of GB 11643, nobody's."""


@pytest.fixture
def gao(browser: Browser) -> Browser:
    """高原 before the desk of 县民政局."""
    return browser.sign_in(GAO_YUAN)


def acts(engine: Engine) -> list[tuple[str, str, str]]:
    """Who did what to what, newest last."""
    with reading(engine) as session:
        return [(line.actor, line.action, line.subject) for line in audit.lines(session, last=100)]


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


def test_two_windows_of_a_person_are_told_of_each_other_and_neither_loses_its_text(
    gao: Browser, store: Engine
) -> None:
    path = unit_items.address(store)
    before = unit_items.hidden(gao.get(path).text)
    gao.send(f"{path}/draft", {**before, **typed("第一个窗口写的话")})
    other = gao.send(f"{path}/draft", {**before, **typed("第二个窗口写的话")})
    assert other.status_code == 409
    assert "您在另一个窗口保存过不同的内容" in other.text
    assert "第二个窗口写的话</textarea>" in other.text
    assert '<p class="words">第一个窗口写的话</p>' in other.text
    merged = typed("第一个窗口写的话第二个窗口写的话")
    assert gao.send(f"{path}/draft", {**unit_items.hidden(other.text), **merged}).status_code == 303
    assert "第一个窗口写的话第二个窗口写的话</textarea>" in gao.get(path).text


def test_a_colleague_in_the_same_form_is_named_and_their_text_can_be_read(
    gao: Browser, store: Engine
) -> None:
    path, colleague = unit_items.address(store), gao.account(XU_JING)
    unit_items.draft(store, colleague, "另一位同志写的话")
    gao_page = gao.get(path).text
    assert "许静的草稿" in gao_page
    assert f'href="{path}/colleagues/{colleague}"' in gao_page
    assert "另一位同志写的话" in gao.get(f"{path}/colleagues/{colleague}").text
    assert gao.get(f"{path}/colleagues/{gao.account(ZHOU_LAN)}").status_code == 404


def test_nobody_passes_over_a_version_that_a_colleague_has_handed_in_meanwhile(
    gao: Browser, store: Engine
) -> None:
    path = unit_items.address(store)
    fields = {**unit_items.hidden(gao.get(path).text), **typed("我写的另一份进展")}
    unit_items.hand_in(store, by="孙莉")
    answer = gao.send(f"{path}/submit", fields)
    assert answer.status_code == 422
    assert "本单位已报送第 1 版（孙莉" in answer.text
    assert TEXT in answer.text
    assert "我写的另一份进展</textarea>" in answer.text
    after = {**unit_items.hidden(answer.text), **typed("两份合在一起的进展")}
    assert gao.send(f"{path}/submit", after).status_code == 303


def test_the_script_is_told_in_json_what_became_of_its_saving(gao: Browser, store: Engine) -> None:
    path = unit_items.address(store)
    csrf = gao.csrf(path)
    headers = {"accept": "application/json", "x-csrf-token": csrf}

    def save(text: str, revision: int) -> dict[str, object]:
        fields = {**typed(text), "revision": str(revision), "seen": "0"}
        told: dict[str, object] = gao.client.post(f"{path}/draft", data=fields, headers=headers).json()
        return told

    first = save("已建成", 0)
    assert first["stored"] is True
    assert re.fullmatch(r"\d\d:\d\d:\d\d", str(first["at"]))
    stale = save("别的话", 0)
    assert (stale["stored"], stale["beside"]) == (False, {"passage:progress": "已建成"})
    refused = save(f"身份证号{ID_NUMBER}", int(str(first["revision"])))
    assert refused["refused"] == ["passage:progress"]
    assert ID_NUMBER not in str(refused)


@pytest.fixture
def xu(browse: Callable[[], Browser]) -> Browser:
    """许静 of 县教育局, whose check-ups have figures."""
    return browse().sign_in(XU_JING)


FIELDS = ("passage:progress", "figure:pupils", "remark:pupils")


@pytest.mark.parametrize("button", ["draft", "submit"])
@pytest.mark.parametrize("field", FIELDS)
def test_what_identifies_a_child_is_refused_by_field_before_it_is_stored(
    xu: Browser, store: Engine, caplog: pytest.LogCaptureFixture, field: str, button: str
) -> None:
    path = unit_items.address(store, CHECKUPS)
    figures = {"figure:pupils": "100", "remark:pupils": "", "figure:checked": "90", "remark:checked": ""}
    fields = {**typed("已完成体检"), **figures, field: ID_NUMBER}
    answer = press(xu, path, button, fields)
    assert answer.status_code == 422
    assert f'<a href="#{field.replace(":", "-")}">' in answer.text
    assert "〔601〕" in answer.text
    assert answer.text.count(ID_NUMBER) == 1  # in the field itself, to be mended
    assert ID_NUMBER not in xu.get(path).text
    assert ID_NUMBER not in caplog.text
    assert "还没有报送过" in xu.get("/units/edu/history").text


def test_what_is_no_figure_is_told_beside_it_as_it_was_typed(xu: Browser, store: Engine) -> None:
    path = unit_items.address(store, CHECKUPS)
    answer = press(xu, path, "check", {**typed(), "figure:pupils": "很多", "figure:checked": ""})
    assert '<a href="#figure-pupils">在校儿童数</a>' in answer.text
    assert 'value="很多"' in answer.text
    assert (
        answer.text.count("〔412〕") == 1
    )  # the one that is missing; what was not understood is not missing


def test_a_figure_far_off_the_last_is_doubted_in_words_at_once(
    browse: Callable[[], Browser], store: Engine
) -> None:
    before, now = (f"linhe-2025/campus-checks/police/2025Q{quarter}" for quarter in (1, 2))
    with writing(store) as session:
        grants = [Grant(Role.LIAISON, "police")]
        add: dict[str, Any] = {
            "login": "shilei",
            "name": "石磊",
            "grants": grants,
            "by": "周岚",
            "at": clock.now(),
        }
        accounts.add(session, linhe(), **add)
    shi, path = browse().sign_in("shilei"), unit_items.address(store, now)
    sent = press(shi, unit_items.address(store, before), "submit", {**typed(), "figure:hazards": "10"})
    assert sent.status_code == 303
    assert "上期　2025年第一季度：10 处" in shi.get(path).text
    far = {**typed(), "figure:hazards": "100"}
    answer = press(shi, path, "check", far)
    assert '<a href="#figure-hazards">隐患数</a>' in answer.text
    assert "〔413〕" in answer.text
    headers = {"accept": "application/json"}
    told = press(shi, path, "draft", far, headers=headers).json()
    assert told["stored"] is True
    assert "相差较大" in told["faults"]["figure:hazards"]
    assert "检查通过" in press(shi, path, "check", {**far, "remark:hazards": "扩大了排查范围"}).text


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


SCRIPT = "<script>alert(1)</script>"


def test_markup_that_somebody_types_is_shown_as_text_wherever_it_appears(xu: Browser, store: Engine) -> None:
    path = unit_items.address(store, CHECKUPS)
    fields = {
        **typed(SCRIPT),
        **{f"figure:{one}": "90" for one in ("pupils", "checked")},
        **{f"remark:{one}": SCRIPT for one in ("pupils", "checked")},
    }
    unit_items.draft(store, xu.account(GAO_YUAN), f"</textarea>{SCRIPT}", CHECKUPS)
    pages = [press(xu, path, "check", {**fields, "figure:pupils": SCRIPT, "state": SCRIPT}).text]
    press(xu, path, "draft", fields)
    pages.append(xu.get(path).text)
    pages.append(xu.get(f"{path}/colleagues/{xu.account(GAO_YUAN)}").text)
    sent = press(xu, path, "submit", fields)
    pages.append(xu.get(sent.headers["location"]).text)
    unit_items.send_back(store, SCRIPT, CHECKUPS)
    pages += [xu.get(path).text, xu.get("/units/edu").text, xu.get("/units/edu/history").text]
    pages.append(xu.send(f"{path}/extension", {"until": SCRIPT, "reason": SCRIPT}).text)
    for page in pages:
        assert SCRIPT not in page
    shown = ["&lt;script&gt;alert(1)" in page for page in pages]
    assert shown == [True, True, True, False, True, True, True, True]  # a receipt repeats nothing


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


def test_files_are_attached_chosen_and_read_again_and_a_name_leads_nowhere(
    gao: Browser, store: Engine
) -> None:
    path = unit_items.address(store)
    page = press(gao, path, "attachments", typed()).text
    assert "还没有选择文件" in page
    assert f"{TEXT}</textarea>" in page
    file = ("../../../etc/台账说明.txt", "各村台账已核对。".encode(), "text/plain")
    sent = press(gao, path, "attachments", typed(), files={"file": file})
    assert sent.headers["location"] == f"{path}#attachments"
    page = gao.get(path).text
    assert f"{TEXT}</textarea>" in page  # what was typed beside it is kept
    (digest,) = re.findall('name="attachments" value="([0-9a-f]{64})" checked> 台账说明.txt', page)
    (link,) = re.findall(f'href="({ROOT}/attachments/[0-9]+)"', page)
    read = gao.get(link)
    assert read.content.decode() == "各村台账已核对。"
    assert read.headers["content-disposition"].startswith("attachment; filename*=")
    assert ".." not in read.headers["content-disposition"]
    receipt = press(gao, path, "submit", {**typed(), "attachments": [digest]})
    assert "1 个" in gao.get(receipt.headers["location"]).text
    assert ("高原", "read-attachment", BUILD) in acts(store)


def test_a_file_with_an_id_number_is_refused_with_the_place_and_the_text_stays(
    gao: Browser, store: Engine
) -> None:
    path = unit_items.address(store)
    file = ("名单.txt", f"身份证号：{ID_NUMBER}".encode(), "text/plain")
    answer = press(gao, path, "attachments", typed(), files={"file": file})
    assert answer.status_code == 422
    assert "〔442〕" in answer.text
    assert ID_NUMBER not in answer.text
    assert f"{TEXT}</textarea>" in answer.text


def filled_workbook(data: bytes, text: str) -> bytes:
    """The unit's form with one item filled in."""
    book = load_workbook(io.BytesIO(data))
    sheet = book["事项进展"]
    heads = {cell.value: cell.column for cell in sheet[3]}
    row = next(r for r in range(4, sheet.max_row + 1) if sheet.cell(r, heads["事项"]).value == "建成统一台账")
    sheet.cell(row, heads["完成情况"]).value = "已完成"
    sheet.cell(row, heads["进展情况"]).value = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_excel_form_goes_out_and_comes_in_whole_or_with_every_fault_by_cell(
    gao: Browser, store: Engine
) -> None:
    got = gao.get(f"{ROOT}/workbook?year=2025")
    assert got.status_code == 200
    faulty = filled_workbook(got.content, f"身份证号{ID_NUMBER}")
    answer = gao.send(f"{ROOT}/workbook", files={"file": ("../填报表.xlsx", faulty, "application/zip")})
    assert answer.status_code == 422
    assert "<td>事项进展</td>" in answer.text
    assert "〔601〕" in answer.text
    assert ID_NUMBER not in answer.text
    assert ".." not in answer.text
    good = filled_workbook(got.content, TEXT)
    answer = gao.send(f"{ROOT}/workbook", files={"file": ("填报表.xlsx", good, "application/zip")})
    assert "已收下，共 1 项" in answer.text
    (receipt,) = re.findall(f'href="({ROOT}/receipts/[0-9-]+)"', answer.text)
    page = gao.get(receipt).text
    assert "Excel 填报表" in page
    assert "高原" in page
    again = gao.send(f"{ROOT}/workbook", files={"file": ("填报表.xlsx", good, "application/zip")})
    assert "已经收过" in again.text
    assert ("高原", "download", "linhe-2025/workbook/civil/2025") in acts(store)


def test_another_units_form_and_no_file_are_refused(gao: Browser, browse: Callable[[], Browser]) -> None:
    theirs = browse().sign_in(XU_JING).get("/units/edu/workbook?year=2025").content
    answer = gao.send(f"{ROOT}/workbook", files={"file": ("填报表.xlsx", theirs, "application/zip")})
    assert "〔507〕" in answer.text
    assert "还没有选择文件" in gao.send(f"{ROOT}/workbook").text
    assert "2027 年没有可以用填报表填报的事项" in gao.get(f"{ROOT}/workbook?year=2027").text


def test_files_may_not_be_sent_without_end(gao: Browser) -> None:
    for _ in range(30):
        gao.send(f"{ROOT}/workbook", files={"file": ("a.xlsx", b"x", "application/zip")})
    answer = gao.send(f"{ROOT}/workbook", files={"file": ("a.xlsx", b"x", "application/zip")})
    assert answer.status_code == 429


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


def test_a_unit_reads_its_own_of_what_is_released(gao: Browser, store: Engine, tmp_path: Path) -> None:
    assert "还没有发布的报告" in gao.get(f"{ROOT}/reports").text
    report = release_reports(store, linhe(), tmp_path)
    with reading(store) as session:
        assert [one.id for one in filed(session, "linhe-2025", released=True)] == [report]
    links = re.findall(r'href="(/reports/[^"]+)"', gao.get(f"{ROOT}/reports").text)
    assert links == [f"/reports/{report}/papers/2"]
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
