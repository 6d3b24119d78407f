"""Reads the pages of a PDF back by a library that has no part in making ours (PDFium)."""

import ctypes
import math
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from services.layout_check.geometry import Box, Colour, Glyph, Sheet, lines_of

Matrix = tuple[float, float, float, float, float, float]


def read_sheets(pdf: bytes) -> tuple[Sheet, ...]:
    """Every page of a PDF.

    Raises:
        pypdfium2.PdfiumError: where it cannot be opened.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        return tuple(_sheet(page, number) for number, page in enumerate(document, start=1))


def _sheet(page: Any, number: int) -> Sheet:
    width, height = page.get_size()
    shown = _shown(page, width, height)
    by_turn: dict[int, list[Glyph]] = {0: [], 1: [], 2: [], 3: []}
    for turn, glyph in _glyphs(page, shown, height):
        by_turn[turn].append(glyph)
    return Sheet(
        number=number,
        width=width,
        height=height,
        lines=lines_of(by_turn[0]),
        downward=lines_of(by_turn[3]),
        upward=len(by_turn[1]),
        shapes=tuple(_shapes(page.raw, None, shown)),
    )


def _shown(page: Any, width: float, height: float) -> Matrix:
    """From the page's own space to the page as shown: its box and its turning."""
    left, bottom, _, _ = page.get_cropbox()
    turned: dict[int, Matrix] = {
        0: (1, 0, 0, 1, -left, -bottom),
        90: (0, -1, 1, 0, -bottom, height + left),
        180: (-1, 0, 0, -1, width + left, height + bottom),
        270: (0, 1, -1, 0, width + bottom, -left),
    }
    return turned[page.get_rotation()]


def _through(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _joined(inner: Matrix, outer: Matrix) -> Matrix:
    """First ``inner``, then ``outer``."""
    origin = _through(outer, inner[4], inner[5])
    x = _through(outer, inner[0] + inner[4], inner[1] + inner[5])
    y = _through(outer, inner[2] + inner[4], inner[3] + inner[5])
    return (x[0] - origin[0], x[1] - origin[1], y[0] - origin[0], y[1] - origin[1], *origin)


def _glyphs(page: Any, shown: Matrix, height: float) -> Iterator[tuple[int, Glyph]]:
    """Every visible character with its quarter turns to the left; those of three turns as they would read."""
    text = page.get_textpage()
    names: dict[bytes, str] = {}
    for index in range(text.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(text, index))
        generated = pdfium.FPDFText_IsGenerated(text, index) == 1
        if generated or character.isspace() or unicodedata.category(character) in {"Cf", "Cc"}:
            continue
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        along = _joined((matrix.a, matrix.b, matrix.c, matrix.d, 0, 0), shown)
        turn = round(math.atan2(along[1], along[0]) / (math.pi / 2)) % 4
        origin = _through(shown, x.value, y.value)
        loose = _corners(text.get_charbox(index, loose=True), shown)
        tight = _corners(text.get_charbox(index), shown)
        if turn == 3:  # as the page turned to the left would show it
            origin, right, top = (height - origin[1], origin[0]), height - loose[1], tight[2]
        else:
            right, top = loose[2], tight[3]
        yield (
            turn,
            Glyph(
                text=character,
                x=origin[0],
                y=origin[1],
                right=right,
                top=top,
                size=pdfium.FPDFText_GetFontSize(text, index) * math.hypot(along[0], along[1]),
                font=_font(text, index, names),
                colour=_colour(pdfium.FPDFText_GetFillColor, text, index),
            ),
        )


def _corners(box: Sequence[float], shown: Matrix) -> tuple[float, float, float, float]:
    one, other = _through(shown, box[0], box[1]), _through(shown, box[2], box[3])
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _font(text: Any, index: int, names: dict[bytes, str]) -> str:
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(text, index, name, len(name), ctypes.c_int())
    if name.value not in names:
        try:
            told = name.value.decode()
        except UnicodeDecodeError:  # as writers of Chinese systems name them
            told = name.value.decode("gb18030", "replace")
        head, plus, rest = told.partition("+")
        names[name.value] = rest if plus and len(head) == 6 else told
    return names[name.value]


def _colour(ask: Any, *args: Any) -> Colour:
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    ask(*args, red, green, blue, opacity)
    return red.value, green.value, blue.value


def _shapes(page: Any, form: Any, outer: Matrix) -> Iterator[Box]:
    """Drawn shapes that show, also within forms."""
    count = pdfium.FPDFPage_CountObjects(page) if form is None else pdfium.FPDFFormObj_CountObjects(form)
    for index in range(count):
        item = (
            pdfium.FPDFPage_GetObject(page, index)
            if form is None
            else pdfium.FPDFFormObj_GetObject(form, index)
        )
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            own = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(item, own)
            inner = (own.a, own.b, own.c, own.d, own.e, own.f)
            yield from _shapes(page, item, _joined(inner, outer))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield from _path(item, outer)


def _path(item: Any, outer: Matrix) -> Iterator[Box]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    ask = pdfium.FPDFPageObj_GetFillColor if fill.value else pdfium.FPDFPageObj_GetStrokeColor
    colour = _colour(ask, item)
    if not (fill.value or stroke.value) or min(colour) > 250:
        return
    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(item, *sides)
    shown = [side.value for side in sides]
    if not fill.value:
        shown = _stroked(item, shown)
    for clip in _clips(item):
        shown = [*map(max, shown[:2], clip[:2]), *map(min, shown[2:], clip[2:])]
    if shown[0] < shown[2] and shown[1] < shown[3]:
        yield Box(*_corners(shown, outer), colour)


def _stroked(item: Any, bounds: list[float]) -> list[float]:
    """What a stroke covers: PDFium's bounds of it are wider by its whole width on every side."""
    width, matrix = ctypes.c_float(), pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetStrokeWidth(item, width)
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    thick = width.value * math.hypot(matrix.a, matrix.b)
    left, bottom, right, top = bounds[0] + thick, bounds[1] + thick, bounds[2] - thick, bounds[3] - thick
    level, plumb = top - bottom < 0.1, right - left < 0.1  # such a stroke ends where its path does
    beside, above = 0.0 if level else thick / 2, 0.0 if plumb else thick / 2
    return [left - beside, bottom - above, right + beside, top + above]


def _clips(item: Any) -> Iterator[tuple[float, float, float, float]]:
    """The boxes around what a shape is cut to: borders are often whole frames, cut to one side."""
    clip = pdfium.FPDFPageObj_GetClipPath(item)
    for path in range(max(pdfium.FPDFClipPath_CountPaths(clip), 0)):
        xs, ys = [], []
        for place in range(max(pdfium.FPDFClipPath_CountPathSegments(clip, path), 0)):
            x, y = ctypes.c_float(), ctypes.c_float()
            segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, place)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            xs.append(x.value)
            ys.append(y.value)
        if xs:
            yield min(xs), min(ys), max(xs), max(ys)
