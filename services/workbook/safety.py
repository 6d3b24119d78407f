"""Looking a form over before the spreadsheet library opens it: is it a workbook at all, and is it harmless."""

from domain.problems import Problem, ProblemKind
from services.office_package import SEND_AGAIN, Format, UnreadableError, UnsafeError, inspect_package

MAX_FILE = 10 * 1024 * 1024
"""Bytes of a file."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_SAVE_AGAIN = "请用 Excel 或 WPS 打开原填报表，另存为“Excel 工作簿（*.xlsx）”后重新报送。"

WORKBOOK = Format(
    main="xl/workbook.xml",
    missing="这不是 Excel 工作簿",
    save_again=_SAVE_AGAIN,
    others={"xl/workbook.bin": "这是 .xlsb 格式", "content.xml": "这是 .ods 格式"},
    refused=(
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
    ),
    xml_kinds=frozenset(
        {
            "worksheet",
            "chartsheet",
            "sharedStrings",
            "styles",
            "theme",
            "comments",
            "table",
            "officeDocument",
        }
    ),
)


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
        inspect_package(data, WORKBOOK)
    except UnreadableError as error:
        raise _unreadable(name, error.reason, error.mend) from error
    except UnsafeError as error:
        raise _refused(name, error.found) from error


def _check_kind(data: bytes, name: str) -> None:
    """Tell by its first bytes what a file is, whatever its name says."""
    if not data:
        raise _unreadable(name, "文件是空的", SEND_AGAIN)
    if len(data) > MAX_FILE:
        raise _refused(name, f"超过 {MAX_FILE // 1024 // 1024} MB 的内容")
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise _unreadable(name, "文件设有打开密码", "请在 Excel 或 WPS 中取消密码后重新报送。")
        raise _unreadable(name, "这是旧的 .xls 格式", _SAVE_AGAIN)
    if not data.startswith(_ZIP):
        raise _unreadable(name, _guess(data), _SAVE_AGAIN)


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


def _unreadable(name: str, reason: str, mend: str) -> Problem:
    return Problem(ProblemKind.WORKBOOK_UNREADABLE, file=name, reason=reason, mend=mend)


def _refused(name: str, found: str) -> Problem:
    return Problem(ProblemKind.WORKBOOK_UNSAFE, file=name, found=found)
