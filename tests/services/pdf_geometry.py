"""What stands where on the pages of a PDF, read back by a second library (pdfium)."""

import ctypes
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

MILLIMETRE = 72 / 25.4
_SOURCE_MARK = 11.0
"""Size of the largest source mark: 8 pt, counted in the 1/96 inches that WeasyPrint draws in."""


@dataclass(frozen=True)
class Glyph:
    """A character as printed: origin on the baseline, advance to the right; points from the page's lower left."""

    text: str
    x: float
    y: float
    right: float


@dataclass(frozen=True)
class Line:
    """The characters of one baseline, from left to right."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def left(self) -> float:
        return self.glyphs[0].x

    @property
    def right(self) -> float:
        return self.glyphs[-1].right

    @property
    def y(self) -> float:
        return self.glyphs[0].y


def pages(pdf: bytes) -> list[list[Line]]:
    """The lines of each page, from top to bottom; characters smaller than the body (source marks) are left out."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_lines(page) for page in document]


def texts(pdf: bytes) -> list[str]:
    """The extracted text of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def ink(pdf: bytes, page: int, box: tuple[float, float, float, float]) -> float:
    """The share of dark pixels in a box (left, bottom, right, top in points) of a page, from 0 to 1."""
    with pypdfium2.PdfDocument(pdf) as document:
        scale = 3
        image = document[page].render(scale=scale).to_pil().convert("L")
    left, bottom, right, top = (round(side * scale) for side in box)
    part = image.crop((left, image.height - top, right, image.height - bottom))
    histogram = part.histogram()
    return float(sum(histogram[:128]) / sum(histogram))


def _lines(page: pypdfium2.PdfPage) -> list[Line]:
    by_baseline: dict[float, list[Glyph]] = defaultdict(list)
    for glyph, size in _glyphs(page):
        if size > _SOURCE_MARK:
            by_baseline[round(glyph.y, 1)].append(glyph)
    return [
        Line(tuple(sorted(glyphs, key=lambda glyph: glyph.x)))
        for _, glyphs in sorted(by_baseline.items(), reverse=True)
    ]


def _glyphs(page: pypdfium2.PdfPage) -> Iterator[tuple[Glyph, float]]:
    text = page.get_textpage()
    for index in range(text.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(text, index))
        if character.isspace() or pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        right = text.get_charbox(index, loose=True)[2]
        yield Glyph(character, x.value, y.value, right), pdfium.FPDFText_GetFontSize(text, index)
