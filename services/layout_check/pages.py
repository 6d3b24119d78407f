"""The pages of a document by what a reader tells apart at once: frames, page numbers, marks in the margin, text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from services.layout_check.geometry import MILLIMETRE, Colour, Line, Sheet

_FOLIO = re.compile(r"[—－–―─\-]*(\d+)[—－–―─\-]*")


@dataclass(frozen=True)
class Placed:
    """A line with the page that it stands on."""

    sheet: Sheet
    line: Line

    @property
    def place(self) -> tuple[int, str]:
        """Page and words, as findings name them."""
        return self.sheet.number, self.line.text


@dataclass(frozen=True)
class Folio:
    """A page number: its line, in the frame of the upright page."""

    sheet: Sheet
    line: Line
    value: int


def is_black(colour: Colour) -> bool:
    """Whether a colour prints as black."""
    return max(colour) < 60


def is_red(colour: Colour) -> bool:
    """Whether a colour is the red of a letterhead."""
    return colour[0] > 140 and max(colour[1:]) < 90


class Pages:
    """A document by its pages; each thing is looked for once, when it is asked for."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.sheets = tuple(sheets)

    @cached_property
    def framed(self) -> dict[int, tuple[tuple[float, float], ...]]:
        """By page, the heights that tables, figures and framed notices take."""
        return {sheet.number: tuple(_bands(sheet)) for sheet in self.sheets}

    def is_framed(self, sheet: Sheet, line: Line) -> bool:
        """Whether a line stands in a table, figure or frame."""
        middle = (line.upper + line.lower) / 2
        return any(bottom < middle < top for bottom, top in self.framed[sheet.number])

    @cached_property
    def folios(self) -> dict[int, Folio]:
        """The number of each page that has one where page numbers stand: below, by the page held upright."""
        found = {}
        for sheet in self.sheets:
            lines = sheet.downward if sheet.landscape else sheet.lines
            for line in reversed(lines):
                shape = _FOLIO.fullmatch(line.text)
                if shape and line.y < 35 * MILLIMETRE:
                    found[sheet.number] = Folio(sheet, line, int(shape[1]))
                    break
        return found

    @cached_property
    def astray(self) -> dict[int, Line]:
        """By page across, a page number that stands where it would on a page read as it is shown, as on screens."""
        return {
            sheet.number: line
            for sheet in self.sheets
            if sheet.landscape and sheet.number not in self.folios
            for line in sheet.lines
            if _FOLIO.fullmatch(line.text) and self._in_margin(sheet, line)
        }

    @cached_property
    def running(self) -> frozenset[str]:
        """Words that stand in the margin of every page alike: a mark of the copy and no part of the document."""
        margins = [[line for line in sheet.lines if self._in_margin(sheet, line)] for sheet in self.sheets]
        if len(margins) == 1:  # then only its colour tells it from the document's own text
            return frozenset(line.text for line in margins[0] if not is_black(line.glyphs[0].colour))
        return frozenset.intersection(*(frozenset(line.text for line in lines) for lines in margins))

    def _in_margin(self, sheet: Sheet, line: Line) -> bool:
        head, foot = (22, 24) if sheet.landscape else (34, 26)
        return sheet.from_top(line.lower) < head or line.upper < foot * MILLIMETRE

    def text_lines(self, sheet: Sheet) -> Iterator[Line]:
        """The lines of a page without its number, running marks and what stands in frames."""
        folio = self.folios.get(sheet.number)
        for line in sheet.lines:
            is_folio = folio is not None and line is folio.line
            if not is_folio and line.text not in self.running and not self.is_framed(sheet, line):
                yield line

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """Every such line of the document."""
        return tuple(Placed(sheet, line) for sheet in self.sheets for line in self.text_lines(sheet))


def _bands(sheet: Sheet) -> Iterator[tuple[float, float]]:
    """Heights taken by drawn shapes that touch or overlap, where together they are more than a rule."""
    head, foot = sheet.height - (22 if sheet.landscape else 34) * MILLIMETRE, 22 * MILLIMETRE
    shapes = [
        box
        for box in sheet.shapes
        if box.thickness < 0.9 * sheet.height and foot < box.top and box.bottom < head
    ]
    yield from _merged((box.bottom, box.top) for box in shapes)


def _merged(spans: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    low = high = None
    for bottom, top in sorted(spans):
        if high is None or low is None or bottom > high + 1:
            if low is not None and high is not None and high - low > 8:
                yield low, high
            low, high = bottom, top
        else:
            high = max(high, top)
    if low is not None and high is not None and high - low > 8:
        yield low, high
