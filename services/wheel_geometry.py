"""Points, arcs and words on a circle, in millimetres; angles in radians, clockwise from the top."""

from dataclasses import dataclass
from math import cos, degrees, pi, sin

from services.charts import text_width

_SQUARE = "·◆"
"""Signs that Chinese fonts set as wide as a character."""
_MIDDLE = 0.36
"""From the baseline of a line of Chinese to its middle, in parts of its size."""


@dataclass(frozen=True)
class Circle:
    """A centre; everything is reckoned around it."""

    x: float
    y: float

    def point(self, radius: float, angle: float) -> tuple[float, float]:
        """The point at an angle."""
        return self.x + radius * sin(angle), self.y - radius * cos(angle)

    def band(self, inner: float, outer: float, start: float, end: float) -> str:
        """The SVG path of a piece of a ring."""
        large = int(end - start > pi)
        a, b = self.point(outer, start), self.point(outer, end)
        c, d = self.point(inner, end), self.point(inner, start)
        return (
            f"M{a[0]:.2f} {a[1]:.2f}A{outer:.2f} {outer:.2f} 0 {large} 1 {b[0]:.2f} {b[1]:.2f}"
            f"L{c[0]:.2f} {c[1]:.2f}A{inner:.2f} {inner:.2f} 0 {large} 0 {d[0]:.2f} {d[1]:.2f}Z"
        )

    def diamond(self, radius: float, angle: float, size: float) -> str:
        """The SVG points of a square on its point."""
        x, y = self.point(radius, angle)
        corners = ((0, -size), (size, 0), (0, size), (-size, 0))
        return " ".join(f"{x + dx:.2f},{y + dy:.2f}" for dx, dy in corners)

    def words(self, text: str, size: float, radius: float, middle: float, fill: str) -> "Words":
        """A line of words around ``radius``, centred on an angle; upright in the lower half as well."""
        under = upside_down(middle)
        turn = pi if under else 0.0
        way = -1.0 if under else 1.0
        baseline = radius + _MIDDLE * size * (1 if under else -1)
        offset = -width_of(text, size) / 2
        xs, ys, turns = [], [], []
        for character in text:
            wide = width_of(character, size)
            angle = middle + way * (offset + wide / 2) / radius
            x, y = self.point(baseline, angle)
            along = angle + turn
            xs.append(f"{x - cos(along) * wide / 2:.2f}")
            ys.append(f"{y - sin(along) * wide / 2:.2f}")
            turns.append(f"{degrees(along):.2f}")
            offset += wide
        return Words(text, " ".join(xs), " ".join(ys), " ".join(turns), round(size, 2), fill)


@dataclass(frozen=True)
class Words:
    """Live text, each character with its place and turn, as SVG takes them."""

    text: str
    xs: str
    ys: str
    turns: str
    size: float
    fill: str


def width_of(text: str, size: float) -> float:
    """How wide a line of words is set in the faces of the wheel."""
    return text_width(text, size) + sum(size / 2 for character in text if character in _SQUARE)


def upside_down(angle: float) -> bool:
    """Whether words that read clockwise would stand on their heads there."""
    return pi / 2 < angle % (2 * pi) < 3 * pi / 2


def arc_width(text: str, size: float, radius: float) -> float:
    """How wide a line of words is around a circle, as an angle."""
    return width_of(text, size) / radius
