"""Files of a unit: attachments and the Excel form, good and bad ones."""

import io
import re
from collections.abc import Callable

from openpyxl import load_workbook
from sqlalchemy import Engine

from tests.portal import unit_items
from tests.portal.browser import XU_JING, Browser
from tests.portal.unit_items import BUILD, ID_NUMBER, ROOT, TEXT, acts, press, typed


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


def test_a_file_that_was_chosen_and_not_uploaded_goes_with_the_draft_and_with_what_is_handed_in(
    gao: Browser, store: Engine
) -> None:
    path = unit_items.address(store)
    one, two = (("file", (f"{name}.txt", name.encode(), "text/plain")) for name in ("台账", "照料"))
    assert "您选的文件没有上传" in press(gao, path, "check", typed(), files=[one]).text
    assert press(gao, path, "draft", typed(), files=[one]).status_code == 303
    chosen = re.findall('name="attachments" value="([0-9a-f]{64})" checked', gao.get(path).text)
    sent = press(gao, path, "submit", {**typed(), "attachments": chosen}, files=[two])
    assert "2 个" in gao.get(sent.headers["location"]).text
    bad = ("file", ("照片.txt", b"\xff\xd8\xff", "image/jpeg"))
    for button in ("draft", "submit"):
        answer = press(gao, path, button, typed("改过的进展情况"), files=[bad])
        assert answer.status_code == 422
        assert "〔441〕" in answer.text
        assert "改过的进展情况</textarea>" in answer.text


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


def test_each_version_shows_what_changed_and_keeps_its_own_files(gao: Browser, store: Engine) -> None:
    path, old = unit_items.address(store), unit_items.attach(store)
    unit_items.hand_in(store, attachments=(old.sha256,))
    unit_items.send_back(store, "请写明户数。")
    unit_items.hand_in(store, text=f"{TEXT}共三百二十户。", attachments=())
    page = gao.get(path).text
    link = f'href="{ROOT}/attachments/{old.number}"'
    assert page.split("第 1 版：")[1].count(link) == 1
    assert re.findall(f'href="({path}/versions/[0-9]+)"', page) == [f"{path}/versions/2"]
    second, first = (gao.get(f"{path}/versions/{version}").text for version in (2, 1))
    assert "<ins>共三百二十户。</ins>" in second
    assert f"附件：<del>{old.name}</del>" in second
    assert link not in second
    assert link in first
    assert "请写明户数。" in first
    assert "相比</h2>" not in first
    assert acts(store)[-2:] == [("高原", "view", BUILD)] * 2
    for nowhere in ("0", "3", "x"):
        assert gao.get(f"{path}/versions/{nowhere}").status_code == 404


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
