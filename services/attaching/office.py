"""Reading Word and Excel files: every part that holds text, shown or hidden."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element  # only the type

from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from services.attaching.pieces import Headings, Piece, UnfitError
from services.office_package import Format, UnreadableError, UnsafeError, inspect_package, part_names
from services.workbook.safety import WORKBOOK
from services.workbook.writer import readable

MAX_CELLS = 200_000
"""Cells of one sheet, blank ones included, that are gone through."""

WORD = Format(
    main="word/document.xml",
    missing="这不是 Word 文档",
    save_again="请用 Word 或 WPS 另存为“Word 文档（*.docx）”后重新上传。",
    others={"content.xml": "这是 .odt 格式"},
    refused=(
        ("word/vba", "宏"),
        ("customui/", "宏"),
        ("word/webextensions/", "加载项"),
        ("word/embeddings/", "嵌入的对象"),
        ("word/activex/", "控件"),
        ("word/media/", "图片"),
    ),
    xml_kinds=frozenset(
        {
            "officeDocument", "styles", "theme", "header", "footer", "footnotes", "endnotes", "comments",
            "numbering", "settings", "glossaryDocument", "aFChunk",
        }
    ),
)  # fmt: skip

SHEETS = replace(WORKBOOK, save_again="请用 Excel 或 WPS 另存为“Excel 工作簿（*.xlsx）”后重新上传。")

_TEXT = {"t", "delText", "instrText"}
_PLACES = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注", "comments": "批注"}
_OWN_READER = (
    "xl/worksheets/",
    "xl/sharedstrings",
    "xl/comments",
    "xl/styles",
    "xl/theme",
    "xl/_rels",
    "xl/tables/",
)


def is_word(data: bytes) -> bool:
    """Whether an archive claims to be a Word document."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.startswith("word/") for name in part_names(archive.infolist()))
    except zipfile.BadZipFile:
        return False


def read_word(data: bytes) -> Iterator[Piece | Headings]:
    """Every paragraph of a Word document: text, tables, boxes, headers, notes, comments, what was struck out.

    Raises:
        UnfitError: for what is no harmless document.
    """
    _inspect(data, WORD)
    for name, root in _parts(data):
        if name == WORD.main:
            yield from _Body(root).pieces()
        elif name.startswith("word/"):
            place = next(
                (p for start, p in _PLACES.items() if name.startswith(f"word/{start}")), "文档其他部分"
            )
            yield from (Piece(place, text) for text in map(_text, _paragraphs(root)) if text)
        elif name.startswith("docprops/"):
            yield from (Piece("文档属性", text) for text in root.itertext() if text.strip())


def read_workbook(data: bytes) -> Iterator[Piece | Headings]:
    """Every cell of a workbook with its note, hidden sheets too, and what formulas last gave.

    Raises:
        UnfitError: for what is no harmless workbook.
    """
    _inspect(data, SHEETS)
    for computed in (False, True):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions of WPS and Excel that openpyxl does not know
            workbook = load_workbook(io.BytesIO(data), keep_links=False, data_only=computed)
        for ws in workbook.worksheets:
            yield from _sheet(ws, computed=computed)
    for name, root in _parts(data):
        if not name.startswith(_OWN_READER):
            yield from (Piece("文档属性或名称", text) for text in root.itertext() if text.strip())


def _inspect(data: bytes, kind: Format) -> None:
    try:
        inspect_package(data, kind)
    except UnreadableError as error:
        raise UnfitError(f"{error.reason}；{error.mend.rstrip('。')}") from error
    except UnsafeError as error:
        raise UnfitError(f"含有{error.found}，请删去后重新上传") from error


def _parts(data: bytes) -> Iterator[tuple[str, Element]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        for name, member in zip(part_names(members), members, strict=True):
            if name.endswith(".xml"):
                yield name, fromstring(archive.read(member), forbid_dtd=True)


def _sheet(ws: Worksheet, *, computed: bool) -> Iterator[Piece | Headings]:
    if ws.max_row * ws.max_column > MAX_CELLS:
        raise UnfitError(f"工作表“{ws.title}”过大，请删去空行空列后重新上传")
    alone: list[str] = []
    if not computed:
        yield Piece("工作表名称", ws.title)
        for part in (
            ws.oddHeader,
            ws.oddFooter,
            ws.evenHeader,
            ws.evenFooter,
            ws.firstHeader,
            ws.firstFooter,
        ):
            yield from (
                Piece("页眉页脚", one.text) for one in (part.left, part.center, part.right) if one.text
            )
    for cells in ws.iter_rows():
        for cell in cells:
            place = f"工作表“{ws.title}”单元格 {cell.coordinate}"
            if cell.comment is not None:
                yield Piece(place, readable(cell.comment.text or ""))
            value = readable(cell.value) if isinstance(cell.value, str) else cell.value
            if isinstance(value, str):
                alone.append(value)
            if value is not None and (not computed or cell.data_type != "f"):
                yield Piece(place, value)
    yield Headings(f"工作表“{ws.title}”", tuple(alone))


class _Body:
    """The text of a document in its order; tables are told by row and column."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._paragraphs = 0
        self._tables = 0

    def pieces(self) -> Iterator[Piece | Headings]:
        """Every paragraph, and the headings of every table."""
        yield from self._walk(self._root, "")

    def _walk(self, node: Element, place: str) -> Iterator[Piece | Headings]:
        for child in node:
            match _local(child):
                case "p":
                    yield from self._paragraph(child, place)
                case "tbl":
                    yield from self._table(child)
                case _:
                    yield from self._walk(child, place)

    def _paragraph(self, node: Element, place: str) -> Iterator[Piece | Headings]:
        if not place:
            self._paragraphs += 1
        text = _text(node)
        if text:
            yield Piece(place or f"正文第 {self._paragraphs} 段", text)
        yield from self._walk(
            node, place or "文本框"
        )  # paragraphs of boxes stand inside the one they hang on

    def _table(self, node: Element) -> Iterator[Piece | Headings]:
        self._tables += 1
        name, alone = f"第 {self._tables} 个表格", []
        rows = [row for row in node.iter() if _local(row) == "tr"]
        for r, row in enumerate(rows, start=1):
            for c, cell in enumerate((one for one in row if _local(one) in {"tc", "sdt"}), start=1):
                alone.append("".join(map(_text, _paragraphs(cell))))
                for paragraph in _paragraphs(cell):
                    text = _text(paragraph)
                    if text:
                        yield Piece(f"{name}第 {r} 行第 {c} 列", text)
        yield Headings(name, tuple(alone))


def _paragraphs(root: Element) -> Iterator[Element]:
    return (node for node in root.iter() if _local(node) == "p")


def _text(paragraph: Element) -> str:
    """The text of a paragraph itself, without those that stand inside it."""
    found: list[str] = []
    for child in paragraph:
        match _local(child):
            case "p":
                continue
            case "tab" | "br" | "cr":
                found.append("\t")
            case name if name in _TEXT:
                found.append(child.text or "")
            case _:
                found.append(_text(child))
    return "".join(found)


def _local(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]
