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
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            paragraphs += 1
            place = f"正文第{paragraphs}段"
            pieces = (numbering.label(block) + _text(block)).split("\n")
            yield from (Line(piece.strip(), ((0, place),)) for piece in pieces)
        elif isinstance(block, Table):
            tables += 1
            yield from _rows(block, tables)


def _text(paragraph: Paragraph) -> str:
    """The text without what was struck out in revisions; line breaks kept."""
    return paragraph.text.replace("\t", "  ")


def _rows(table: Table, number: int) -> Iterator[Line]:
    """The rows of a table; a cell that spans several rows or columns says its text in each."""
    above: list[str] = []
    for r, row in enumerate(table.rows, start=1):
        cells: list[str] = []
        for element in row._tr.tc_lst:  # noqa: SLF001 - python-docx has no public way to a row's own cells
            text = "".join("".join(node.text or "" for node in element.iter(qn("w:t"))).split())
            if element.vMerge == "continue":
                text = above[len(cells)] if len(cells) < len(above) else ""
            cells += [text] * min(element.grid_span, MOST_COLUMNS)
        above = cells[:MOST_COLUMNS]
        if any(cells):
            yield Line(ROW + ROW.join(cells), ((0, f"第{number}个表第{r}行"),))
