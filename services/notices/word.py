"""The paragraphs of a Word document, with the numbers that Word makes by itself, and its tables."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from domain.drafting.lines import ROW, Line
from domain.problems import Problem, ProblemKind
from services.attaching.office import WORD
from services.notices.counting import Numbering
from services.office_package import UnreadableError, UnsafeError, inspect_package

NOTICE_WORD = replace(
    WORD,
    save_again="请用 Word 或 WPS 另存为“Word 文档（*.docx）”后再试。",
    refused=tuple((start, what) for start, what in WORD.refused if what != "图片"),
    text_only=True,  # letterheads and seals are pictures
)
MOST_COLUMNS = 40

_PARAGRAPH, _TABLE, _WORDS, _BOX = (qn(f"w:{name}") for name in ("p", "tbl", "t", "txbxContent"))
_AROUND = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:smartTag")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PASSED_OVER = {_BOX, _FALLBACK, qn("w:del"), qn("w:moveFrom")}
_SIGNS = {qn("w:tab"): "  ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


def read_word(file: str, data: bytes) -> list[Line]:
    """Every paragraph as a line; every row of a table as one, its cells parted by ``ROW``.

    Raises:
        Problem: 1501 for what is no harmless document.
    """
    try:
        inspect_package(data, NOTICE_WORD)
        document = Document(io.BytesIO(data))
    except UnreadableError as error:
        raise Problem(
            ProblemKind.NOTICE_UNREADABLE, file=file, reason=error.reason, mend=error.mend
        ) from error
    except UnsafeError as error:
        raise Problem(
            ProblemKind.NOTICE_UNREADABLE, file=file, reason=f"含有{error.found}", mend="请删去后另存再试。"
        ) from error
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Problem(
            ProblemKind.NOTICE_UNREADABLE, file=file, reason="Word 文档不完整", mend=NOTICE_WORD.save_again
        ) from error
    return list(_lines(document))


def _lines(document: Any) -> Iterator[Line]:
    numbering = Numbering(document)
    paragraphs = tables = 0
    for block in _blocks(document.element.body):
        if block.tag == _PARAGRAPH:
            paragraphs += 1
            place = f"正文第{paragraphs}段"
            for box in _boxes(block):
                yield from _split(box, f"{place}的文本框")
            yield from _split(numbering.label(Paragraph(block, document)) + _text(block), place)
        else:
            tables += 1
            yield from _rows(Table(block, document), tables)


def _split(text: str, place: str) -> Iterator[Line]:
    """The lines of a paragraph, which may be broken by hand."""
    return (Line(piece.strip(), ((0, place),)) for piece in text.split("\n"))


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in their order; what stands in a content control too."""
    for child in parent:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif child.tag in _AROUND:
            yield from _blocks(child)


def _boxes(paragraph: Any) -> Iterator[str]:
    """The text of boxes that hang on a paragraph: letterheads often stand in one."""
    for box in paragraph.iter(_BOX):
        if not any(
            above.tag == _FALLBACK for above in box.iterancestors()
        ):  # the same once more, for old programs
            yield "\n".join(_text(inner) for inner in box.iter(_PARAGRAPH))


def _text(node: Any) -> str:
    """The text of a paragraph itself, with what revisions put in and without what they struck out."""
    found: list[str] = []
    for child in node:
        if child.tag in _PASSED_OVER:
            continue
        found.append(_SIGNS.get(child.tag) or (child.text or "" if child.tag == _WORDS else _text(child)))
    return "".join(found)


def _rows(table: Table, number: int) -> Iterator[Line]:
    """The rows of a table; a cell that spans several rows or columns says its text in each."""
    above: list[str] = []
    for r, row in enumerate(table.rows, start=1):
        cells: list[str] = []
        for element in row._tr.tc_lst:  # noqa: SLF001 - python-docx has no public way to a row's own cells
            text = "".join("".join(_text(inner) for inner in element.iter(_PARAGRAPH)).split())
            if element.vMerge == "continue":
                text = above[len(cells)] if len(cells) < len(above) else ""
            cells += [text] * min(element.grid_span, MOST_COLUMNS)
        above = cells[:MOST_COLUMNS]
        if any(cells):
            yield Line(ROW + ROW.join(cells), ((0, f"第{number}个表第{r}行"),))
