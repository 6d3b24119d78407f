"""What a PDF must be before it is filed."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont

_GLYPH_TO_TEXT = re.compile(rb"<([0-9a-fA-F]{4})> <[0-9a-fA-F]*>")
_SUBSET_NAME = re.compile(r"/[A-Z]{6}\+")


def check_pdf(pdf: bytes | Path) -> list[str]:
    """What is wrong with a finished PDF, in words for the log; an empty list where it may be filed.

    It must open and have pages, a title, tags with a language, bookmarks, and say that it is PDF/A-3a; each font must be
    embedded as a subset, and no character may be printed as an empty box.
    """
    try:
        document = pikepdf.open(io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf)
    except (pikepdf.PdfError, OSError) as error:
        return [f"文件打不开（{error}）"]
    with document:
        return [*_document_faults(document), *_font_faults(document)]


def _document_faults(document: pikepdf.Pdf) -> Iterator[str]:
    root: Any = document.Root
    if not document.pages:
        yield "没有页面"
    if not str(document.docinfo.get("/Title", "")):
        yield "没有标题"
    if not root.get("/MarkInfo", {}).get("/Marked", False) or "/StructTreeRoot" not in root:
        yield "没有结构标签"
    if not str(root.get("/Lang", "")):
        yield "没有注明语言"
    if int(root.get("/Outlines", {}).get("/Count", 0)) == 0:
        yield "没有书签"
    described = document.open_metadata()
    archival = (described.get("pdfaid:part"), described.get("pdfaid:conformance")) == ("3", "A")
    if not archival or "/OutputIntents" not in root:
        yield "没有声明为 PDF/A-3a，或缺少色彩说明"


def _font_faults(document: pikepdf.Pdf) -> Iterator[str]:
    fonts = {font.objgen: font for page in document.pages for font in _page_fonts(page)}
    if not fonts:
        yield "没有文字"
    for font in fonts.values():
        name = str(font.get("/BaseFont", ""))
        program = _program(font)
        if program is None:
            yield f"字体 {name} 没有嵌入"
        elif not _SUBSET_NAME.match(name):
            yield f"字体 {name} 没有取子集"
        elif absent := _absent_glyphs(font, program):
            yield f"字体 {name} 中缺 {absent} 个字"


def _page_fonts(page: pikepdf.Page) -> Iterator[Any]:
    yield from page.resources.get("/Font", {}).values()


def _program(font: Any) -> bytes | None:
    """The embedded font file; None where there is none."""
    for descendant in font.get("/DescendantFonts", [font]):
        descriptor = descendant.get("/FontDescriptor", {})
        for key in ("/FontFile2", "/FontFile3", "/FontFile"):
            if key in descriptor:
                return bytes(descriptor[key].read_bytes())
    return None


def _absent_glyphs(font: Any, program: bytes) -> int:
    """How many characters the text uses that the font has no glyph for (WeasyPrint numbers them behind the last)."""
    if "/ToUnicode" not in font:
        return 0
    with TTFont(io.BytesIO(program)) as face:
        glyphs = face["maxp"].numGlyphs
    used = {int(code, 16) for code in _GLYPH_TO_TEXT.findall(font.ToUnicode.read_bytes())}
    return sum(1 for code in used if code >= glyphs)
