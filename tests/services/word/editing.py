"""A report as a Word file, and what people do to it in it: by python-docx, which saves it as another program does."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from domain.report.blocks import Annex, Document
from domain.report.edits import Edits, edits
from domain.report.passages import Passage
from domain.report.snapshot import Snapshot, freeze, sha256, to_bytes
from services.word.document import document_docx
from services.word.reading import read_edited
from tests.domain.report import tiedong
from tests.services.sample_document import LETTERHEAD, TITLE, body, charts, completion_table, indicator_table


@cache
def snapshot() -> Snapshot:
    """The shipped plan's reports of a good year."""
    return freeze(tiedong.material(), "0" * 64)


@cache
def digest() -> str:
    return sha256(to_bytes(snapshot()))


@cache
def report() -> bytes:
    """The consolidated report as it is filed."""
    return document_docx(snapshot().consolidated, digest(), 0)


def edited(change: Callable[[WordDocument], object], data: bytes = b"") -> bytes:
    """The file after a change, saved."""
    document = docx.Document(io.BytesIO(data or report()))
    change(document)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


@cache
def small() -> bytes:
    """A document of every kind of block, made up, which LibreOffice has saved again as ``tests/data/word/libreoffice.docx``.

    Where its words or marks change, save it anew: ``soffice --convert-to docx``.
    """
    document = Document(
        title=TITLE,
        subtitle="副题",
        author="甲区民政局",
        day=date(2026, 1, 5),
        sample=True,
        face=("3个单位尚未报送。", "另有2项未审核。"),
        letterhead=LETTERHEAD,
        blocks=(*body(2), indicator_table(3)),
        annexes=(
            Annex(number=1, title="任务举措完成情况表", landscape=True, blocks=(completion_table(4),)),
            Annex(number=2, title="时间节点完成情况", blocks=tuple(charts())),
        ),
    )
    return document_docx(document, "0123456789abcdef" * 4, 0)


@cache
def passages() -> tuple[Passage, ...]:
    """What the consolidated report says as it is filed."""
    return read_edited(report()).passages


def compared(data: bytes) -> Edits:
    """What was changed in a file."""
    return edits(passages(), read_edited(data).passages)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def control(document: WordDocument, place: int = 0) -> Any:
    """A content control of a figure in the text."""
    return list(document.element.body.iter(qn("w:sdt")))[place]


def words_of(element: Any) -> str:
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


def type_over(element: Any, words: str) -> None:
    """Give an element other words, as one who types into it does."""
    first, *rest = element.iter(qn("w:t"))
    first.text = words
    for node in rest:
        node.text = ""


def paragraph_of(element: Any) -> Any:
    while element.tag != qn("w:p"):
        element = element.getparent()
    return element


def cell_mark(document: WordDocument, place: int = 0) -> Any:
    """The bookmark of a table's figure."""
    marks = document.element.body.iter(qn("w:bookmarkStart"))
    return [mark for mark in marks if mark.get(qn("w:name")).startswith("_T_")][place]
