"""Files of strangers: what is taken, what is refused, and that nothing of a child comes in or is repeated."""

import subprocess
import sys
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from services.attaching.inspector import Kind, inspect, inspect_apart
from tests.services.attached_files import ID_NUMBER, pdf, repacked, word, workbook

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def places(data: bytes) -> list[str]:
    seen = inspect(data)
    assert seen.refused == ""
    assert ID_NUMBER not in str(seen)
    return [each.place for each in seen.found]


def refusal(data: bytes) -> str:
    seen = inspect(data)
    assert seen.found == ()
    assert seen.refused
    return seen.refused


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (word(), Kind.WORD),
        (workbook(), Kind.WORKBOOK),
        (pdf(), Kind.PDF),
        ("走访情况\n台账齐全\n".encode(), Kind.TEXT),
        ("乡镇,台账\n东山镇,齐全\n".encode("gb18030"), Kind.TEXT),
        ("\ufeff走访情况".encode("utf-16"), Kind.TEXT),
    ],
)
def test_harmless_files_come_in_as_what_they_are(data: bytes, kind: Kind) -> None:
    seen = inspect(data)
    assert (seen.kind, seen.refused, seen.found) == (kind, "", ())


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空文件"),
        (b"\xff\xd8\xff\xe0JFIF", "不收图片"),
        (b"\x89PNG\r\n\x1a\n", "不收图片"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧格式"),
        (b"MZ\x90\x00", "程序"),
        (b"Rar!\x1a\x07", "压缩包"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "网页"),
        (b"<svg xmlns='x' onload='alert(1)'/>", "网页"),
        (bytes(range(256)), "无法识别"),
        (b"PK\x03\x04" + bytes(200), "不完整"),
    ],
)
def test_a_file_is_what_its_content_says(data: bytes, says: str) -> None:
    assert says in refusal(data)


def _in_table(document: Document) -> None:
    table = document.add_table(2, 3)
    table.cell(1, 2).text = f"号码{ID_NUMBER}"


def _in_header(document: Document) -> None:
    document.sections[0].header.paragraphs[0].text = ID_NUMBER


def _split_in_runs(document: Document) -> None:
    paragraph = document.add_paragraph()
    for part in (ID_NUMBER[:7], ID_NUMBER[7:]):
        paragraph.add_run(part).font.hidden = True


def _struck_out(document: Document) -> None:
    text = f'<w:p xmlns:w="{W}"><w:del w:id="1"><w:r><w:delText>{ID_NUMBER}</w:delText></w:r></w:del></w:p>'
    document.element.body.insert(0, parse_xml(text))


def _in_a_box(document: Document) -> None:
    box = f'<w:txbxContent xmlns:w="{W}"><w:p><w:r><w:t>{ID_NUMBER}</w:t></w:r></w:p></w:txbxContent>'
    document.add_paragraph("旁注").add_run()._r.append(parse_xml(box))  # noqa: SLF001 - python-docx makes no boxes


def _in_properties(document: Document) -> None:
    document.core_properties.subject = ID_NUMBER


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (lambda d: d.add_paragraph(f"走访了{ID_NUMBER}"), "正文第 2 段"),
        (_in_table, "第 1 个表格第 2 行第 3 列"),
        (_in_header, "页眉"),
        (_split_in_runs, "正文第 2 段"),
        (_struck_out, "正文第 1 段"),
        (_in_a_box, "文本框"),
        (_in_properties, "文档属性"),
    ],
)
def test_a_child_is_found_wherever_a_document_hides_it(
    edit: Callable[[Document], object], place: str
) -> None:
    assert places(word(edit)) == [place]


def _hidden_sheet(book: Workbook) -> None:
    sheet = book.create_sheet("_stamp")
    sheet["B4"] = ID_NUMBER
    sheet.sheet_state = "veryHidden"


def _as_number(book: Workbook) -> None:
    book["台账"]["C2"] = int("110105194912310020")


def _in_note(book: Workbook) -> None:
    book["台账"]["A1"].comment = Comment(ID_NUMBER, "李明")


def _in_page_foot(book: Workbook) -> None:
    book["台账"].oddFooter.center.text = ID_NUMBER


def _in_title(book: Workbook) -> None:
    book.properties.title = ID_NUMBER


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (_hidden_sheet, "工作表“_stamp”单元格 B4"),
        (_as_number, "工作表“台账”单元格 C2"),
        (_in_note, "工作表“台账”单元格 A1"),
        (_in_page_foot, "页眉页脚"),
        (_in_title, "文档属性或名称"),
    ],
)
def test_a_child_is_found_wherever_a_workbook_hides_it(
    edit: Callable[[Workbook], object], place: str
) -> None:
    assert place in places(workbook(edit))


def test_what_a_formula_last_gave_is_read_too() -> None:
    data = workbook(lambda book: book["台账"].__setitem__("B2", '="1101051949"&"1231002X"'))
    sheet = (
        b'<sheetData><row r="2"><c r="B2" t="str"><f>"1"</f><v>'
        + ID_NUMBER.encode()
        + b"</v></c></row></sheetData>"
    )
    name = "xl/worksheets/sheet1.xml"
    head = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    )
    assert places(repacked(data, {name: head + sheet + b"</worksheet>"})) == ["工作表“台账”单元格 B2"]


def _note(document: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=ID_NUMBER
    )
    document.pages[0].Annots = pikepdf.Array([note])


def test_a_child_is_found_on_its_page_and_in_its_notes() -> None:
    assert places(pdf("All done.", f"No. {ID_NUMBER}")) == ["第 2 页"]
    assert places(pdf("All done.", edit=_note)) == ["批注、表单、书签或文档属性"]


def test_a_child_in_a_text_file_is_told_by_its_lines() -> None:
    text = "\n".join([*["已走访"] * 25, f"号码 {ID_NUMBER}"])
    assert places(text.encode("gb18030")) == ["第 21—26 行"]


ROSTER = ("序号", "姓名", "性别", "身份证号码", "监护人")


def _roster(document: Document) -> None:
    table = document.add_table(2, len(ROSTER))
    for column, title in enumerate(ROSTER):
        table.cell(0, column).text = title
    table.cell(1, 1).text = "王小明"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (word(_roster), "第 1 个表格"),
        (workbook(lambda book: book["台账"].append(ROSTER)), "工作表“台账”"),
        ("序号,儿童姓名,监护人姓名\n1,王小明,王大明\n".encode(), "文件"),
    ],
)
def test_a_list_of_children_is_known_by_its_headings(data: bytes, place: str) -> None:
    (found,) = inspect(data).found
    assert found.place == place
    assert "花名册" in found.reason


def test_a_list_of_who_was_trained_is_no_list_of_children() -> None:
    assert places("姓名,单位,职务\n赵强,民政局,科长\n".encode()) == []


@pytest.mark.parametrize(
    ("member", "says"),
    [
        ("word/vbaProject.bin", "宏"),
        ("word/media/image1.png", "图片"),
        ("word/embeddings/oleObject1.bin", "嵌入的对象"),
        ("word/activeX/activeX1.bin", "控件"),
        ("customUI/customUI14.xml", "宏"),
    ],
)
def test_macros_pictures_and_objects_in_a_document_are_refused(member: str, says: str) -> None:
    assert says in refusal(repacked(word(), {member: b"<x/>"}))


def test_a_macro_document_renamed_to_docx_is_refused() -> None:
    types = (
        b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
        b'PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    )
    assert "宏" in refusal(repacked(word(), {"[Content_Types].xml": types}))


@pytest.mark.parametrize("data", [word(), workbook()])
def test_bombs_are_refused_before_they_unfold(data: bytes) -> None:
    assert "过大" in refusal(repacked(data, {"docProps/more.xml": bytes(30 * 1024 * 1024)}))
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    assert "实体" in refusal(repacked(data, {"docProps/more.xml": entities}))


def test_a_document_that_fetches_another_is_refused() -> None:
    link = (
        b'<Relationships xmlns="x"><Relationship Id="r" Type="http://o/attachedTemplate" '
        b'Target="https://example.org/x.dotm" TargetMode="External"/></Relationships>'
    )
    assert "链接" in refusal(repacked(word(), {"word/_rels/settings.xml.rels": link}))


def _image(document: pikepdf.Pdf) -> None:
    image = document.make_stream(b"\xff\xff\xff", Width=1, Height=1, BitsPerComponent=8)
    image.Type, image.Subtype, image.ColorSpace = (
        pikepdf.Name.XObject,
        pikepdf.Name.Image,
        pikepdf.Name.DeviceRGB,
    )
    document.pages[0].Resources.XObject = pikepdf.Dictionary(I=image)


def _inline_image(document: pikepdf.Pdf) -> None:
    content = b"BT /F1 9 Tf (ok) Tj ET q 9 0 0 9 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI Q"
    document.pages[0].Contents = document.make_stream(content)


def _only_drawn(document: pikepdf.Pdf) -> None:
    document.pages[0].Contents = document.make_stream(b"0 0 m 90 90 l S")


def _script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _launch(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    link = pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    document.pages[0].Annots = pikepdf.Array([link])


def _file_within(document: pikepdf.Pdf) -> None:
    document.attachments["list.txt"] = ID_NUMBER.encode()


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (_image, "图片"),
        (_inline_image, "图片"),
        (_only_drawn, "扫描页"),
        (_script, "脚本"),
        (_launch, "自动动作"),
        (_file_within, "嵌有其他文件"),
    ],
)
def test_a_pdf_with_what_cannot_be_read_or_would_run_is_refused(
    edit: Callable[[pikepdf.Pdf], object], says: str
) -> None:
    assert says in refusal(pdf("ok", edit=edit))


@pytest.mark.parametrize("user", ["", "secret"])
def test_an_encrypted_pdf_is_refused(user: str) -> None:
    assert "密码" in refusal(pdf("ok", encryption=pikepdf.Encryption(owner="owner", user=user)))


@pytest.mark.parametrize(
    "data",
    [
        pdf().replace(b"%PDF-", b"%PDF-1.7 <html><script>alert(1)</script>\n%", 1),
        pdf() + b"<html><script>alert(1)</script></html>",
        pdf() + workbook(),
        repacked(workbook(), {"%PDF-1.7": b"%%EOF"}),
    ],
)
def test_a_file_that_is_two_kinds_at_once_is_refused(data: bytes) -> None:
    assert "不属于 PDF" in refusal(data) or "两种文件" in refusal(data)


def test_a_damaged_pdf_is_refused() -> None:
    assert "损坏" in refusal(b"%PDF-1.7\n" + pdf()[400:])


def test_a_pdf_that_unfolds_to_more_than_the_memory_ends_its_own_process_only() -> None:
    packer = zlib.compressobj(9)
    first, again = (
        packer.compress(bytes(16 * 1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    )
    packed = first + again * 149 + packer.flush()  # 2.4 GB of zeros

    def arm(document: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(document, packed)
        stream.write(packed, filter=pikepdf.Name.FlateDecode)
        document.pages[0].Contents = document.make_indirect(stream)

    assert "内存" in inspect_apart(pdf("ok", edit=arm)).refused


def test_a_process_that_dies_refuses_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert inspect_apart(word()).kind is Kind.WORD
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert "已损坏" in inspect_apart(word()).refused


def test_the_process_says_nothing_of_what_it_found() -> None:
    command = [sys.executable, "-m", "services.attaching.inspector"]
    done = subprocess.run(command, input=ID_NUMBER.encode(), capture_output=True, check=True)
    assert b"found" in done.stdout
    assert ID_NUMBER.encode() not in done.stdout + done.stderr
