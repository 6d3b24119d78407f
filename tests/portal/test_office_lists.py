"""Lists and the matrix: filters in the address, counts that agree, workbooks in which a text stays a text."""

import io
import re
from html import unescape

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Engine

from models.engine import reading
from portal.office import item_list
from services import audit
from tests.portal.browser import LUO_MIN, Browser
from tests.portal.handed_in import LEDGER, VISITS, busy_morning, hand_in, send_back

TOTAL = re.compile(r"<h1>(.*)<small>(\d+) 项")
CELL = re.compile(r'<td><a href="([^"]+)" title="[^"]*：共 (\d+) 项，完成 (\d+)，逾期 (\d+)，待审核 (\d+)">')


@pytest.fixture
def office(browser: Browser, store: Engine) -> Browser:
    """罗敏 of the office, on a busy morning."""
    busy_morning(store)
    return browser.sign_in(LUO_MIN)


def total(office: Browser, address: str) -> int:
    found = TOTAL.search(office.get(unescape(address)).text)
    assert found is not None
    return int(found[2])


def workbook(office: Browser, address: str) -> Worksheet:
    answer = office.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    return load_workbook(io.BytesIO(answer.content)).active


def test_filters_stand_in_the_address_and_come_back_in_the_form(office: Browser) -> None:
    every = total(office, "/office/items")
    assert every == 55
    for address, title, count in (
        ("/office/items?unit=hekou", "河口镇", 10),
        ("/office/items?unit=hekou&measure=4", "河口镇，04 走访困难家庭", 3),
        ("/office/items?measure=none", "保障措施", 8),
        ("/office/items?duty=visits&period=2025H1", "“走访困难家庭”，2025H1", 3),
        ("/office/items?pile=to-review", "待审核", 3),
        ("/office/items?light=green", "已完成", 1),
        ("/office/items?year=2026", "2026年", 0),
        ("/office/items?text=%E8%B5%B0%E8%AE%BF&unit=", "含“走访”", 9),
        (
            "/office/items?pile=owed&first=2025-06-30&last=2025-06-30",
            "待报送，2025-06-30 至 2025-06-30到期",
            24,
        ),
    ):
        told = office.get(address).text
        found = TOTAL.search(told)
        assert found is not None
        assert (found[1], int(found[2])) == (title, count), address
    told = office.get("/office/items?pile=late&unit=hekou&light=red&year=2025&order=unit").text
    chosen = re.findall(r'<option value="([^"]*)" selected>', told)
    assert chosen == ["late", "red", "hekou", "2025", "unit"]


def test_an_address_that_means_nothing_is_not_taken_for_another(office: Browser) -> None:
    for wrong in ("pile=bogus", "light=pink", "unit=nowhere", "year=soon", "page=0", "measure=x", "first=1"):
        assert office.get(f"/office/items?{wrong}").status_code == 404, wrong
        if wrong[:4] not in ("pile", "unit", "firs"):
            assert office.get(f"/office/matrix?{wrong}").status_code == 404, wrong


def test_pages_of_a_list_hold_every_item_once(office: Browser) -> None:
    seen: list[str] = []
    address = "/office/items?year=2025"
    while address:
        told = office.get(unescape(address)).text
        seen += re.findall(r'<th scope="row"><a href="(/office/items/\d+)">', told)
        address = next(iter(re.findall(r'rel="next" href="([^"]+)"', told)), "")
    assert len(seen) == len(set(seen)) == 55
    assert "没有这一页" in office.get("/office/items?page=9").text


def test_a_workbook_holds_the_whole_filtered_list_and_is_written_down(office: Browser, store: Engine) -> None:
    sheet = workbook(office, "/office/items.xlsx?unit=hekou")
    assert [row[1].value for row in sheet.iter_rows(min_row=3)] == ["河口镇"] * 10
    assert "河口镇（截至" in str(sheet["A1"].value)
    assert sheet.max_row == 12
    assert workbook(office, "/office/items.xlsx").max_row == 57
    with reading(store) as session:
        (line,) = audit.lines(session, last=1)
    assert (line.actor, line.action, line.subject) == ("罗敏", "download", "linhe-2025/事项清单")


def test_a_workbook_that_cannot_hold_all_says_so(office: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_list, "MOST_ROWS", 7)
    sheet = workbook(office, "/office/items.xlsx")
    assert sheet.max_row == 9
    assert "只列出前 7 项" in str(sheet["A1"].value)


def test_what_a_unit_writes_is_no_formula_in_a_workbook(office: Browser, store: Engine) -> None:
    for key, by in ((LEDGER, '=HYPERLINK("http://x","a")'), (VISITS, "@SUM(1+1)*cmd|' /C calc'!A0")):
        figures = {"children": 210} if key == LEDGER else {"families": 120, "visited": 117}
        hand_in(store, key, figures, by=by, text="已完成。")
    send_back(store, LEDGER, version=2, reason="+1+1")
    cells = [cell for row in workbook(office, "/office/items.xlsx").iter_rows() for cell in row]
    texts = {cell.value: cell for cell in cells if isinstance(cell.value, str)}
    assert not [cell for cell in cells if cell.data_type == "f"]
    for text in ('=HYPERLINK("http://x","a")', "@SUM(1+1)*cmd|' /C calc'!A0", "+1+1"):
        assert texts[text].quotePrefix


def test_each_cell_of_the_matrix_counts_what_its_list_holds(office: Browser) -> None:
    cells = CELL.findall(office.get("/office/matrix").text)
    assert sum(int(items) for _, items, *_ in cells) == 55
    assert sum(int(waiting) for *_, waiting in cells) == 3
    for address, items, finished, late, _ in cells[::3]:
        assert total(office, address) == int(items)
        assert total(office, f"{address}&pile=late") == int(late)
        assert total(office, f"{address}&pile=finished") == int(finished)


def test_the_matrix_is_read_without_colour_and_filtered_by_its_address(office: Browser) -> None:
    told = office.get("/office/matrix?kind=township&measure=4&light=red&year=2025").text
    assert re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)', told) == ["河口镇", "柳林乡"]
    assert re.findall(r"<abbr title=\"([^\"]+)\">([^<]+)", told) == [("走访困难家庭", "04")]
    assert '<span aria-hidden="true">逾</span><span class="unseen">逾期，' in told
    assert "year=2025" in CELL.findall(told)[0][0]
    assert re.findall(r'<option value="([^"]*)" selected>', told) == ["township", "4", "red", "2025"]
    assert "没有符合条件的单位" in office.get("/office/matrix?kind=court").text


def test_the_matrix_is_taken_along_whole(office: Browser) -> None:
    sheet = workbook(office, "/office/matrix.xlsx")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows[0][:3] == ["单位", "类别", "01 建好乡村书屋"]
    assert [row[0] for row in rows[1:]][-1] == "城关街道"
    assert len(rows) == 9
    hekou = next(row for row in rows if row[0] == "河口镇")
    assert hekou[2 + 3] == "逾 逾期1/3"  # two are in of three that measure 4 asks for
