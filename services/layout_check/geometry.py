"""What stands where on the pages of a PDF, as :mod:`services.layout_check.reading` reads it back.

Lengths are points (1/72 inch); x runs to the right and y upwards from the lower left corner of the page as shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

MILLIMETRE = 72 / 25.4
_ONE_BASELINE = 1.2
"""How far baselines of one line may lie apart, in points."""
_RAISED = 0.7
"""A character smaller than this share of its neighbours, off their baseline, is a mark and no text."""
_THIN = 3.0
"""Thickest stroke that counts as a rule."""

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as printed: origin on the baseline, advance to the right; ``top`` is where its ink ends above.

    ``font`` is the name in the file without its subset's letters, ``size`` the size on paper.
    """

    text: str
    x: float
    y: float
    right: float
    top: float
    size: float
    font: str
    colour: Colour


@dataclass(frozen=True)
class Line:
    """The characters of one baseline, from left to right; never empty."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        """Its characters without spaces."""
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def left(self) -> float:
        """Where its first character begins."""
        return self.glyphs[0].x

    @property
    def right(self) -> float:
        """Where its last character ends."""
        return self.glyphs[-1].right

    @property
    def y(self) -> float:
        """Its baseline."""
        return self.glyphs[0].y

    @cached_property
    def size(self) -> float:
        """The size of most of its characters."""
        return most(glyph.size for glyph in self.glyphs)

    @property
    def upper(self) -> float:
        """Upper edge of the square that a Chinese character fills."""
        return self.y + 0.88 * self.size

    @property
    def lower(self) -> float:
        """Lower edge of that square."""
        return self.y - 0.12 * self.size


@dataclass(frozen=True)
class Box:
    """A drawn shape that shows: a rule where it is thin, else a box."""

    left: float
    bottom: float
    right: float
    top: float
    colour: Colour

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def thickness(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    @property
    def level(self) -> bool:
        """Whether it is a rule across the page."""
        return self.thickness <= _THIN < self.width

    @property
    def plumb(self) -> bool:
        """Whether it is a rule down the page."""
        return self.width <= _THIN < self.thickness


@dataclass(frozen=True)
class Sheet:
    """One page as shown.

    Attributes:
        number: counted from 1.
        lines: text that reads as the page is shown, from top to bottom.
        downward: text that runs down the page, where it would read with the page turned a quarter to the left.
        upward: how many characters run up the page.
        shapes: rules and boxes.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    downward: tuple[Line, ...]
    upward: int
    shapes: tuple[Box, ...]

    @property
    def landscape(self) -> bool:
        """Whether it is wider than high."""
        return self.width > self.height

    def from_top(self, y: float) -> float:
        """How far a height lies under the upper edge, in millimetres."""
        return (self.height - y) / MILLIMETRE


def most(values: Iterable[float]) -> float:
    """The commonest of some measures, told to a tenth; the smallest of several."""
    counted: dict[float, int] = {}
    for value in values:
        key = round(value, 1)
        counted[key] = counted.get(key, 0) + 1
    return max(sorted(counted), key=lambda key: counted[key])


def is_han(text: str) -> bool:
    """Whether a character is a Chinese one, whose font the standard names."""
    return (
        "\u3400" <= text <= "\u9fff" or "\uf900" <= text <= "\ufaff" or "\U00020000" <= text <= "\U0003ffff"
    )


def lines_of(glyphs: Sequence[Glyph]) -> tuple[Line, ...]:
    """Glyphs by their baselines, from top to bottom, without raised marks."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: -one.y):
        if rows and rows[-1][0].y - glyph.y < _ONE_BASELINE:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    lines = [Line(tuple(sorted(row, key=lambda glyph: glyph.x))) for row in rows]
    return tuple(line for place, line in enumerate(lines) if not _is_mark(line, lines, place))


def _is_mark(line: Line, lines: Sequence[Line], place: int) -> bool:
    """Whether a line is nothing but raised marks of a line just under or over it."""
    near = [*lines[max(place - 2, 0) : place], *lines[place + 1 : place + 3]]
    return any(
        line.size < _RAISED * other.size
        and abs(other.y - line.y) < 0.6 * other.size
        and other.left - line.size < line.left
        and line.right < other.right + 3 * line.size * len(line.glyphs)
        for other in near
    )
