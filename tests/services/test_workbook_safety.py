"""Files that must not get as far as the spreadsheet library; every one of them is made here for real."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from domain.problems import Problem, ProblemKind
from services import office_package
from services.workbook import safety
from services.workbook.safety import inspect
from tests.services.workbook_forms import blank, read, repacked

SHEET = "xl/worksheets/sheet2.xml"


def refusal(data: bytes) -> Problem:
    with pytest.raises(Problem) as caught:
        read(data)
    return caught.value


def with_member(name: str, content: bytes = b"x") -> bytes:
    return repacked(blank(), {name: content})


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    return repacked(blank(), replace={SHEET: change})


def test_a_form_as_it_was_handed_out_is_harmless() -> None:
    inspect(blank(), "表.xlsx")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls 格式"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "密码",
        ),
        ("编号,事项\n1-1,走访\n".encode("gb18030"), "文本文件"),
        ("\ufeff编号,事项\n".encode(), "文本文件"),
        (b"<!DOCTYPE html><html><table></table></html>", "网页文件"),
        (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel">', "网页文件"),
        (b'<?xml version="1.0"?><Workbook/>', "XML 文件"),
        (b"%PDF-1.7\n%\x00", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "不是 Excel"),
    ],
)
def test_a_file_that_only_bears_the_name_is_told_what_it_is(data: bytes, says: str) -> None:
    problem = refusal(data)
    assert problem.kind is ProblemKind.WORKBOOK_UNREADABLE
    assert says in problem.title


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95, 0.999])
def test_a_truncated_file_is_refused(part: float) -> None:
    problem = refusal(blank()[: int(len(blank()) * part)])
    assert problem.kind is ProblemKind.WORKBOOK_UNREADABLE
    assert "不完整" in problem.title


def test_a_file_with_flipped_bytes_is_refused() -> None:
    data = bytearray(blank())
    for position in range(200, 1200):
        data[position] ^= 0x5A
    assert refusal(bytes(data)).kind is ProblemKind.WORKBOOK_UNREADABLE


@pytest.mark.parametrize(
    ("member", "says"),
    [
        ("xl/vbaProject.bin", "宏"),
        ("XL/VBAPROJECT.BIN", "宏"),
        ("xl\\vbaProject.bin", "宏"),
        ("xl/macrosheets/sheet1.xml", "宏"),
        ("customUI/customUI.xml", "宏"),
        ("xl/externalLinks/externalLink1.xml", "链接"),
        ("xl/connections.xml", "外部数据"),
        ("xl/embeddings/oleObject1.bin", "对象"),
        ("xl/activeX/activeX1.bin", "控件"),
        ("xl/media/image1.jpeg", "图片"),
        ("xl/cellimages.xml", "图片"),
        ("xl/charts/chart1.xml", "图表"),
        ("xl/pivotTables/pivotTable1.xml", "数据透视表"),
    ],
)
def test_macros_links_objects_and_photographs_are_refused(member: str, says: str) -> None:
    problem = refusal(with_member(member, b"<x/>"))
    assert problem.kind is ProblemKind.WORKBOOK_UNSAFE
    assert says in problem.title


def test_a_macro_workbook_renamed_to_xlsx_is_refused() -> None:
    def macro(types: bytes) -> bytes:
        return types.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )

    problem = refusal(repacked(blank(), replace={"[Content_Types].xml": macro}))
    assert (problem.kind, problem.details["found"]) == (ProblemKind.WORKBOOK_UNSAFE, "宏")


def test_a_link_to_another_file_is_refused_but_one_to_a_web_page_is_not() -> None:
    link = '<Relationships xmlns="x"><Relationship Id="r1" Type="http://o/{}" Target="{}" TargetMode="External"/>'
    where = "xl/worksheets/_rels/sheet2.xml.rels"
    harmless = link.format("hyperlink", "https://example.org") + "</Relationships>"
    harmful = link.format("externalLinkPath", "file:///c:/secret.xlsx") + "</Relationships>"
    inspect(with_member(where, harmless.encode()), "表.xlsx")
    assert "链接" in refusal(with_member(where, harmful.encode())).title


def test_a_sheet_that_hides_under_another_suffix_is_refused() -> None:
    link = b'<Relationships xmlns="x"><Relationship Id="r" Type="http://o/worksheet" Target="evil.vml"/></Relationships>'
    assert "来历不明" in refusal(with_member("xl/_rels/more.xml.rels", link)).title


def test_a_text_box_or_picture_frame_is_refused_and_an_emptied_drawing_is_not() -> None:
    namespace = 'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    empty = f"<xdr:wsDr {namespace}/>".encode()
    boxed = f"<xdr:wsDr {namespace}><xdr:twoCellAnchor/></xdr:wsDr>".encode()
    inspect(with_member("xl/drawings/drawing1.xml", empty), "表.xlsx")
    assert "文本框" in refusal(with_member("xl/drawings/drawing1.xml", boxed)).title


def test_an_entity_bomb_is_refused_before_it_unfolds() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def arm(sheet: bytes) -> bytes:
        head, mark, rest = sheet.partition(b"<worksheet")
        return head + bomb + mark + rest

    assert "实体" in refusal(with_sheet(arm)).title


def test_an_entity_that_reads_a_local_file_is_refused() -> None:
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'
    assert "实体" in refusal(with_member("docProps/more.xml", entity)).title


def test_a_document_type_in_another_encoding_is_refused_too() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'
    assert "实体" in refusal(with_member("docProps/more.xml", text.encode("utf-16"))).title


def test_broken_xml_is_refused() -> None:
    assert refusal(with_sheet(lambda sheet: sheet[:-30])).kind is ProblemKind.WORKBOOK_UNREADABLE


def test_a_bomb_of_one_member_is_refused_by_its_ratio() -> None:
    assert "过大" in refusal(with_member("xl/bomb.xml", bytes(2 * 1024 * 1024))).title


def test_a_bomb_of_many_members_is_refused_by_their_sum() -> None:
    noise = b"".join(struct.pack(">I", n * 2654435761 % 2**32) + bytes(60) for n in range(7000))
    many = {f"xl/part{n}.bin": noise for n in range(office_package.MAX_UNPACKED // len(noise) + 1)}
    assert "过大" in refusal(repacked(blank(), many)).title


def test_too_many_members_are_refused() -> None:
    many = {f"xl/part{n}.xml": b"<x/>" for n in range(office_package.MAX_MEMBERS)}
    assert "过多" in refusal(repacked(blank(), many)).title


def test_a_directory_that_lies_about_a_size_is_refused() -> None:
    data = bytearray(with_member("xl/bomb.xml", b"<x>" + bytes(300_000) + b"</x>"))
    entry = data.rfind(b"xl/bomb.xml") - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    data[entry + 24 : entry + 28] = struct.pack("<I", 10)
    assert refusal(bytes(data)).kind is ProblemKind.WORKBOOK_UNREADABLE


def test_two_members_of_one_name_are_refused() -> None:
    out = io.BytesIO(blank())
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, b"<x/>")
    assert "重名" in refusal(out.getvalue()).title


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(blank())
    entry = data.rfind(b"PK\x01\x02")
    data[entry + 8] |= 1
    assert "密码" in refusal(bytes(data)).title


@pytest.mark.parametrize("element", ["mergeCell", "hyperlink"])
def test_a_range_over_the_whole_sheet_is_refused_before_it_becomes_cells(element: str) -> None:
    def stretch(sheet: bytes) -> bytes:
        plural = f"{element}s"
        return sheet.replace(
            b"</sheetData>", f'</sheetData><{plural}><{element} ref="A1:XFD1048576"/></{plural}>'.encode()
        )

    assert "范围过大" in refusal(with_sheet(stretch)).title


@pytest.mark.parametrize(
    ("member", "says"),
    [("xl/workbook.bin", "xlsb"), ("content.xml", "ods"), ("word/document.xml", "不是 Excel")],
)
def test_other_packages_are_told_apart(member: str, says: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, b"<x/>")
    assert says in refusal(out.getvalue()).title


def test_a_file_above_the_limit_is_refused_unread() -> None:
    assert "MB" in refusal(b"PK\x03\x04" + bytes(safety.MAX_FILE)).title
