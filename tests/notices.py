"""Fictional notices of invented districts, as text, as Word documents with lists that number themselves, and as PDF."""

import io
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from weasyprint import HTML

NOTICES = Path(__file__).parent / "data" / "notices"
YUNXI, DANJIANG, QINGHE = (NOTICES / f"{name}.txt" for name in ("yunxi", "danjiang", "qinghe"))

_LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
_STYLE = """
@page {
  size: A4; margin: 30mm 26mm;
  @bottom-center { content: "— " counter(page) " —" }
  @top-left { content: "云溪区文件" }
}
body { font: 16pt "Noto Serif CJK SC"; text-align: justify }
p { margin: 0; white-space: pre-wrap }
p.body { text-indent: 2em }
p.centre { text-align: center }
"""


def as_pdf(text: str) -> bytes:
    """A notice laid out on pages, with running heads, page numbers and indented paragraphs."""
    paragraphs = []
    for line in filter(None, text.splitlines()):
        flush = line.endswith("：")
        centred = (
            len(line) < 30 and not line.endswith(("。", "：")) and "、" not in line and "）" not in line[:4]
        )
        kind = "flush" if flush else "centre" if centred else "body"
        paragraphs.append(f'<p class="{kind}">{escape(line)}</p>')
    return bytes(HTML(string=f"<style>{_STYLE}</style>{''.join(paragraphs)}").write_pdf())


def wrapped(text: str, width: int = 28) -> str:
    """A notice as a program takes it out of a PDF: indented, broken into lines of one width, with page numbers."""
    lines: list[str] = []
    for paragraph in filter(None, text.splitlines()):
        rest = paragraph if paragraph.endswith("：") else "　　" + paragraph
        while rest:
            at, reach = 0, 0.0
            while at < len(rest) and reach < width:
                reach += 0.5 if rest[at].isascii() else 1
                at += 1
            lines.append(rest[:at])
            rest = rest[at:]
            if len(lines) % 20 == 0:
                lines.append(f"— {len(lines) // 20} —")
    return "\n".join(lines)


def as_word(paragraphs: Iterable[tuple[int | None, str]], rows: Iterable[tuple[str, ...]] = ()) -> bytes:
    """A Word document: paragraphs on a level of an automatic list, or on none; then a table."""
    document = Document()
    _list(document)
    for level, text in paragraphs:
        paragraph = document.add_paragraph(text)
        if level is not None:
            properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no public way to lists
            properties.append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
            )
    table: Any = None
    for row in rows:
        if table is None:
            table = document.add_table(rows=0, cols=len(row))
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _list(document: Any) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (kind, text) in enumerate(_LEVELS)
    )
    numbering = document.part.numbering_part.element
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>')
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    assert numbering.find(qn("w:num")) is not None
