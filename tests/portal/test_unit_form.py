"""An item's form: what is typed is never lost, what must not be written never stored."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from domain.people import Grant, Role
from models.engine import writing
from services import accounts, clock
from tests.linhe import linhe
from tests.portal import unit_items
from tests.portal.browser import GAO_YUAN, XU_JING, ZHOU_LAN, Browser
from tests.portal.unit_items import CHECKUPS, ID_NUMBER, TEXT, press, typed

FIELDS = ("passage:progress", "figure:pupils", "remark:pupils")


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
        at = clock.now()
        accounts.add(session, linhe(), login="shilei", name="石磊", grants=grants, by="周岚", at=at)
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
