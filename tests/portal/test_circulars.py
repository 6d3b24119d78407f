"""A circular on the pages: the office releases it and sees who has acknowledged; units read and acknowledge it."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine, select

from models.engine import reading
from models.messages import MessageRow
from services import audit, clock
from tests.linhe import linhe
from tests.portal.browser import ADMIN, GAO_YUAN, LUO_MIN, XU_JING, ZHENG_MING, ZHOU_LAN, Browser
from tests.portal.circulars import release_circular
from tests.services.circular_files import add_contacts, file_circular


@pytest.fixture
def circular(store: Engine, tmp_path: Path) -> int:
    """A released circular."""
    return release_circular(store, linhe(), tmp_path)


def messages(engine: Engine) -> int:
    with reading(engine) as session:
        return len(session.scalars(select(MessageRow)).all())


def test_the_office_releases_a_circular_to_the_units(browser: Browser, store: Engine, tmp_path: Path) -> None:
    add_contacts(store, linhe(), ["civil"], clock.now())
    number = file_circular(store, linhe(), tmp_path, clock.now())
    browser.sign_in(LUO_MIN)
    assert "2025年第三季度通报" in browser.get("/office/reports").text
    before = browser.get(f"/office/reports/{number}").text
    assert "发布给各单位" in before
    assert "签收情况" not in before
    assert browser.send(f"/office/reports/{number}/release").status_code == 303
    assert "8 个单位中 0 个已签收" in browser.get(f"/office/reports/{number}").text
    assert messages(store) == 1


def test_what_lies_before_the_office_is_on_its_day(browser: Browser, store: Engine, tmp_path: Path) -> None:
    browser.sign_in(LUO_MIN)
    assert "待发布的通报" not in browser.get("/office").text
    number = file_circular(store, linhe(), tmp_path, clock.now())
    told = browser.get("/office").text
    assert f'href="/office/reports/{number}"' in told
    assert "待发布的通报" in told
    browser.send(f"/office/reports/{number}/release")
    told = browser.get("/office").text
    assert "待发布的通报" not in told
    assert f'href="/office/reports/{number}/receipts"' in told


def test_nobody_else_reads_a_circular_before_it_is_released(
    browse: Callable[[], Browser], store: Engine, tmp_path: Path
) -> None:
    number = file_circular(store, linhe(), tmp_path, clock.now())
    for login, expected in ((LUO_MIN, 200), (GAO_YUAN, 403), (ZHENG_MING, 403)):
        assert browse().sign_in(login).get(f"/reports/{number}/papers/0").status_code == expected
    gao = browse().sign_in(GAO_YUAN)
    assert gao.get(f"/ack/{number}").status_code != 200
    assert "第三季度通报" not in gao.get("/units/civil").text
    assert gao.send(f"/ack/{number}", {"unit": "civil"}).status_code != 303


def test_a_liaison_finds_the_circular_on_the_desk_reads_and_acknowledges_it_once(
    gao: Browser, circular: int
) -> None:
    assert f'href="/ack/{circular}"' in gao.get("/units/civil").text
    page = gao.get(f"/ack/{circular}").text
    assert "县民政局尚未签收" in page
    assert "县教育局" not in page
    assert gao.get(f"/reports/{circular}/papers/0").headers["content-type"] == "application/pdf"
    assert gao.send(f"/ack/{circular}", {"unit": "civil"}).headers["location"] == f"/ack/{circular}"
    assert "县民政局已由高原于" in gao.get(f"/ack/{circular}").text
    again = gao.send(f"/ack/{circular}", {"unit": "civil"})
    assert again.status_code == 422
    assert "〔1408〕" in again.text
    assert "待签收的通报" not in gao.get("/units/civil").text
    assert "高原于" in gao.get("/units/civil/reports").text
    with reading(gao.engine) as session:
        assert [line.actor for line in audit.lines(session, last=9) if line.action == "acknowledge"] == [
            "高原"
        ]


def test_nobody_acknowledges_for_another_unit(browse: Callable[[], Browser], circular: int) -> None:
    for login in (XU_JING, ZHOU_LAN, LUO_MIN, ZHENG_MING, ADMIN):
        assert browse().sign_in(login).send(f"/ack/{circular}", {"unit": "civil"}).status_code == 403


def test_a_link_in_a_message_leads_each_to_where_they_belong(
    browse: Callable[[], Browser], circular: int
) -> None:
    assert (
        browse().sign_in(LUO_MIN).get(f"/ack/{circular}").headers["location"] == f"/office/reports/{circular}"
    )
    leader = browse().sign_in(ZHENG_MING)
    assert leader.get(f"/ack/{circular}").headers["location"] == f"/reports/{circular}/papers/0"
    assert f"/reports/{circular}/papers/0" in leader.get("/leader").text
    assert browse().get(f"/ack/{circular}").headers["location"].startswith("/sign-in")


def test_the_office_sees_who_has_not_acknowledged_and_urges_them_once_a_day(
    browse: Callable[[], Browser], circular: int, store: Engine
) -> None:
    browse().sign_in(GAO_YUAN).send(f"/ack/{circular}", {"unit": "civil"})
    office = browse().sign_in(LUO_MIN)
    page = office.get(f"/office/reports/{circular}/receipts").text
    assert "8 个单位中，1 个已签收，7 个尚未签收" in page
    assert "没有联络方式，请直接联系" in page
    assert messages(store) == 2
    assert office.send(f"/office/reports/{circular}/urge").status_code == 303
    assert messages(store) == 3
    assert "（已催 1 次）" in office.get(f"/office/reports/{circular}/receipts").text
    refused = office.send(f"/office/reports/{circular}/urge")
    assert "〔1409〕" in refused.text
    assert messages(store) == 3


def test_the_list_of_receipts_can_be_taken_along(browse: Callable[[], Browser], circular: int) -> None:
    browse().sign_in(GAO_YUAN).send(f"/ack/{circular}", {"unit": "civil"})
    answer = browse().sign_in(LUO_MIN).get(f"/office/reports/{circular}/receipts.xlsx")
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(min_row=3, values_only=True))
    assert len(rows) == 8
    assert [row[:3] for row in rows if row[1] == "是"] == [("县民政局", "是", "高原")]
    assert {row[5] for row in rows if row[0] == "县妇联"} == {"没有联络方式"}


def test_a_circular_is_ordered_only_where_there_can_be_one(browser: Browser) -> None:
    browser.sign_in(LUO_MIN)
    assert "生成通报" in browser.get("/office/reports").text
    for period, number in (("nonsense", "1401"), ("2024Q1", "1402"), ("2025Q3", "713")):
        answer = browser.send("/office/circulars", {"period": period, "as_of": "2025-10-15"})
        assert f"〔{number}〕" in answer.text
