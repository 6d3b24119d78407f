"""The pages of contacts: the office keeps the list, a liaison their own addresses."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import load_workbook

from models.engine import reading
from services import clock, contacts
from tests.linhe import linhe
from tests.portal.browser import ADMIN, GAO_YUAN, LUO_MIN, XU_JING, Browser
from tests.portal.people_told import contact_of

ADDRESS = {"channel": ["outbox", "短信"], "address": ["hekou", "13800000000"]}


def listed(browser: Browser) -> list[tuple[str, str, list[str]]]:
    with reading(browser.engine) as session:
        found = contacts.everybody(session, linhe())
    return [(one.unit, one.name, [a.address for a in one.addresses]) for one in found]


def test_the_office_puts_somebody_on_the_list_and_takes_them_off_again(browser: Browser) -> None:
    browser.sign_in(LUO_MIN)
    fields = {"name": "孙莉", "post": "liaison", "unit": "hekou", **ADDRESS}
    assert browser.send("/contacts", fields).status_code == 303
    assert listed(browser) == [("hekou", "孙莉", ["hekou", "13800000000"])]
    (number,) = re.findall(r'href="/contacts/(\d+)"', browser.get("/contacts").text)
    page = browser.get(f"/contacts/{number}").text
    assert 'value="13800000000"' in page
    changed = {"name": "孙莉", "active": "1", "channel": ["短信", "outbox"], "address": ["13800000001", ""]}
    refused = browser.send(f"/contacts/{number}", changed)
    assert refused.status_code == 422
    assert "〔1103〕" in refused.text
    assert 'value="13800000001"' in refused.text
    changed["channel"] = ["短信", ""]
    assert browser.send(f"/contacts/{number}", changed).status_code == 303
    assert listed(browser) == [("hekou", "孙莉", ["13800000001"])]
    assert browser.send(f"/contacts/{number}/forget").status_code == 422
    assert browser.send(f"/contacts/{number}/forget", {"sure": "1"}).status_code == 303
    assert listed(browser) == []
    assert browser.get(f"/contacts/{number}").status_code == 404


def test_what_is_wrong_is_said_and_what_was_typed_stays(browser: Browser) -> None:
    browser.sign_in(LUO_MIN)
    for fields, number in (
        ({"name": "", "post": "liaison", "unit": "hekou"}, 418),
        ({"name": "孙莉", "post": "liaison", "unit": ""}, 1102),
        ({"name": "孙莉", "post": "liaison", "unit": "hekou", "login": "admin"}, 1106),
        ({"name": "孙莉", "post": "liaison", "unit": "hekou", "channel": ["a"], "address": ["x y"]}, 1103),
    ):
        answer = browser.send("/contacts", fields)
        assert answer.status_code == 422
        assert f"〔{number}〕" in answer.text
        assert f'value="{fields["name"]}"' in answer.text


def test_the_page_names_the_posts_that_cannot_be_reached(browser: Browser) -> None:
    page = browser.sign_in(ADMIN).get("/contacts").text
    assert "还没有收件地址的岗位" in page
    assert "河口镇" in page
    contact_of(browser.engine, GAO_YUAN)
    assert "县民政局" not in browser.get("/contacts").text.split("已登记")[0].split("单位分管领导")[0]


def test_the_list_is_taken_along_and_brought_back(browser: Browser) -> None:
    browser.sign_in(LUO_MIN)
    contact_of(browser.engine, GAO_YUAN)
    data = browser.get("/contacts.xlsx").content
    workbook = load_workbook(io.BytesIO(data))
    ws = workbook.worksheets[0]
    ws["C4"].value = "周河"
    ws["E4"].value = "liaison-of-next"
    filled = io.BytesIO()
    workbook.save(filled)
    answer = browser.send("/contacts/import", files={"file": ("联系人.xlsx", filled.getvalue())})
    assert "新登记 1 人，更新 1 人" in answer.text
    assert "周河" in [name for _, name, _ in listed(browser)]
    broken = browser.send("/contacts/import", files={"file": ("联系人.xlsx", b"PK")})
    assert (broken.status_code, "〔502〕" in broken.text) == (422, True)
    assert browser.send("/contacts/import").status_code == 422
    ws["B4"].value = "站长"
    filled = io.BytesIO()
    workbook.save(filled)
    faulty = browser.send("/contacts/import", files={"file": ("联系人.xlsx", filled.getvalue())})
    assert faulty.status_code == 422
    assert "C4" in faulty.text


def test_the_office_pauses_the_ladder_and_reads_what_is_wrong_with_a_pause(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2025, 7, 10))
    browser.sign_in(LUO_MIN)
    assert "/office/pauses" in browser.get("/contacts").text
    page = browser.get("/office/pauses").text
    assert "2025年7月14日至2025年7月25日" in page  # the plan's own
    assert "方案规定" in page
    days = {"first": "2099-08-01", "last": "2099-08-05", "unit": "hekou", "reason": "抗旱期间集中力量"}
    for change, number in (
        ({"last": "2099-07-31"}, 1110),
        ({"reason": " "}, 1111),
        ({"duty": "nothing"}, 1112),
        ({"first": "八月"}, 513),
    ):
        answer = browser.send("/office/pauses", {**days, **change})
        assert (answer.status_code, f"〔{number}〕" in answer.text) == (422, True)
    assert browser.send("/office/pauses", days).status_code == 303
    assert "抗旱期间集中力量" in browser.get("/office/pauses").text


def test_a_liaison_sees_and_changes_their_own_addresses(
    browse: Callable[[], Browser], browser: Browser
) -> None:
    number = contact_of(browser.engine, GAO_YUAN)
    gao, xu = browser.sign_in(GAO_YUAN), browse().sign_in(XU_JING)
    assert "县民政局　单位联络员" in gao.get("/account/addresses").text
    assert "还没有把您登记为联系人" in xu.get("/account/addresses").text
    assert xu.send(f"/account/addresses/{number}", ADDRESS).status_code == 404
    refused = gao.send(f"/account/addresses/{number}", {"channel": ["短信"], "address": [""]})
    assert (refused.status_code, "〔1103〕" in refused.text) == (422, True)
    assert gao.send(f"/account/addresses/{number}", ADDRESS).status_code == 303
    assert listed(browser) == [("civil", "高原本人", ["hekou", "13800000000"])]
    assert "已保存" in gao.get("/account/addresses?saved=1").text
