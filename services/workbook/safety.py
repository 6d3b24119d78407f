"""Looking a file over before any spreadsheet library opens it: is it a workbook at all, and is it harmless.

Everything here works on bytes that a stranger may have made. Limits stand well above any real form (about 30 KiB)
and well below what would hurt a small machine.
"""

import io
import zipfile
import zlib
from xml.etree.ElementTree import ParseError  # only the exception

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from openpyxl.utils.cell import range_boundaries

from domain.problems import Problem, ProblemKind

MAX_FILE = 10 * 1024 * 1024
"""Bytes of a file."""
MAX_UNPACKED = 40 * 1024 * 1024
"""Bytes of all its members together."""
MAX_MEMBER = 20 * 1024 * 1024
MAX_MEMBERS = 400
MAX_RATIO = 150
"""How many times a member of more than ``RATIO_FROM`` bytes may grow when unpacked."""
RATIO_FROM = 512 * 1024
MAX_RANGE = 5_000
"""Cells in one merged range, link or comment; openpyxl makes an object of each."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_SAVE_AGAIN = "请用 Excel 或 WPS 打开原填报表，另存为“Excel 工作簿（*.xlsx）”后重新报送。"
_SEND_AGAIN = "请重新拷贝或重新发送原文件。"

_REFUSED_PARTS = (
    ("xl/vba", "宏"),
    ("xl/macrosheets/", "宏"),
    ("xl/dialogsheets/", "宏"),
    ("customui/", "宏"),
    ("xl/externallinks/", "指向其他文件的链接"),
    ("xl/connections.xml", "外部数据连接"),
    ("xl/querytables/", "外部数据连接"),
    ("xl/webextensions/", "加载项"),
    ("xl/embeddings/", "嵌入的对象"),
    ("xl/activex/", "控件"),
    ("xl/ctrlprops/", "控件"),
    ("xl/media/", "图片"),
    ("xl/cellimages", "图片"),
    ("xl/charts/", "图表"),
    ("xl/diagrams/", "图形"),
    ("xl/pivot", "数据透视表"),
)
_XML_KINDS = {
    "worksheet", "chartsheet", "sharedStrings", "styles", "theme", "comments", "table", "officeDocument",
}  # fmt: skip


def inspect(data: bytes, name: str) -> None:
    """Refuse whatever is no harmless .xlsx workbook.

    Args:
        data: the whole file.
        name: what to call it in messages.

    Raises:
        Problem: 502 where it cannot be read as a workbook; 504 where it holds what a form must not (macros,
            pictures, links, too much data).
    """
    _check_kind(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_sizes(members, name)
            _check_parts(members, name)
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels")):
                    _check_xml(archive.read(member), name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise _unreadable(name, "文件不完整或已损坏", _SEND_AGAIN) from error


def _check_kind(data: bytes, name: str) -> None:
    """Tell by its first bytes what a file is, whatever its name says."""
    if not data:
        raise _unreadable(name, "文件是空的", _SEND_AGAIN)
    if len(data) > MAX_FILE:
        raise _refused(name, f"超过 {MAX_FILE // 1024 // 1024} MB 的内容")
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise _unreadable(name, "文件设有打开密码", "请在 Excel 或 WPS 中取消密码后重新报送。")
        raise _unreadable(name, "这是旧的 .xls 格式", _SAVE_AGAIN)
    if not data.startswith(_ZIP):
        raise _unreadable(name, _guess(data), _SAVE_AGAIN)
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise _unreadable(name, "文件不完整（可能传输中断）", _SEND_AGAIN)


def _guess(data: bytes) -> str:
    """What a file that is no archive seems to be."""
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"mime-version")) or b"<html" in start:
        return "这是网页文件，只是改了扩展名"
    if start.startswith(b"<?xml"):
        return "这是 XML 文件，只是改了扩展名"
    if start.startswith(b"%pdf"):
        return "这是 PDF 文件，只是改了扩展名"
    if b"\0" not in data[:2048]:
        return "这是文本文件（如 CSV），只是改了扩展名"
    return "这不是 Excel 工作簿"


def _check_sizes(members: list[zipfile.ZipInfo], name: str) -> None:
    """The directory's own figures; zipfile never unpacks more of a member than they say."""
    if len(members) > MAX_MEMBERS:
        raise _refused(name, "过多的内部文件")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise _refused(name, "过大的压缩内容")
    for member in members:
        grown = member.file_size / max(member.compress_size, 1)
        if member.file_size > MAX_MEMBER or (member.file_size > RATIO_FROM and grown > MAX_RATIO):
            raise _refused(name, "过大的压缩内容")
        if member.flag_bits & 0x1:
            raise _unreadable(name, "文件设有密码", "请取消密码后重新报送。")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _unreadable(name, "压缩方式不是 Excel 所用的", _SAVE_AGAIN)


def _check_parts(members: list[zipfile.ZipInfo], name: str) -> None:
    """Which parts are there, by their names; case and slashes may be anything."""
    names = [member.filename.replace("\\", "/").lstrip("/").lower() for member in members]
    if len(set(names)) != len(names):
        raise _refused(name, "重名的内部文件")
    for part in names:
        for prefix, what in _REFUSED_PARTS:
            if part.startswith(prefix) or part.endswith("vbaproject.bin"):
                raise _refused(name, "宏" if part.endswith("vbaproject.bin") else what)
    if "xl/workbook.xml" in names and "[content_types].xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise _unreadable(name, "这是 .xlsb 格式", _SAVE_AGAIN)
    if "content.xml" in names:
        raise _unreadable(name, "这是 .ods 格式", _SAVE_AGAIN)
    raise _unreadable(name, "这不是 Excel 工作簿", _SAVE_AGAIN)


def _check_xml(data: bytes, name: str) -> None:
    """Parse a part without building anything: no DTD, no entities, nothing of what a form must not hold."""
    parser = DefusedXMLParser(target=_Watcher(name), forbid_dtd=True)
    try:
        parser.feed(data)
        parser.close()
    except DefusedXmlException as error:
        raise _refused(name, "实体定义（DTD）") from error
    except (ParseError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise _unreadable(name, "文件内容已损坏", _SEND_AGAIN) from error


class _Watcher:
    """Sees every element of a part go by, and refuses what must not be there.

    It looks at every part alike: which part is a sheet, a drawing or a list of links is for the file to claim.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """One element with its attributes."""
        match tag.rpartition("}")[2]:
            case "Relationship":
                self._relationship(attributes)
            case "Override" | "Default":
                self._content_type(attributes)
            case "mergeCell" | "hyperlink" | "comment" if _cells(attributes.get("ref", "A1")) > MAX_RANGE:
                raise _refused(self._name, "范围过大的合并单元格、链接或批注")
            case "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor":
                raise _refused(self._name, "图片、图形或文本框")
            case "oleObject":
                raise _refused(self._name, "嵌入的对象")

    def close(self) -> None:
        """Nothing was built."""

    def _relationship(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        if attributes.get("TargetMode", "").lower() == "external":
            if kind != "hyperlink":
                raise _refused(self._name, "指向其他文件的链接")
        elif kind in _XML_KINDS and not attributes.get("Target", "").lower().endswith(".xml"):
            raise _refused(
                self._name, "来历不明的内部文件"
            )  # it would be parsed without having been looked at

    def _content_type(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "").lower()
        if "macroenabled" in kind:
            raise _refused(self._name, "宏")
        if kind.endswith("+xml") and not attributes.get("PartName", ".xml").lower().endswith(".xml"):
            raise _refused(self._name, "来历不明的内部文件")


def _cells(reference: str) -> int:
    left, top, right, bottom = range_boundaries(reference)
    if left is None or top is None or right is None or bottom is None:
        return MAX_RANGE + 1  # whole rows or columns
    return int((right - left + 1) * (bottom - top + 1))


def _unreadable(name: str, reason: str, mend: str) -> Problem:
    return Problem(ProblemKind.WORKBOOK_UNREADABLE, file=name, reason=reason, mend=mend)


def _refused(name: str, found: str) -> Problem:
    return Problem(ProblemKind.WORKBOOK_UNSAFE, file=name, found=found)
