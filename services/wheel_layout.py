"""Where everything of a wheel lies: rings sized so that all words fit, lanes packed so that none overlap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import pi, radians

from domain.wheel import Ring, Span, Wheel
from services.wheel_geometry import arc_width, upside_down, width_of

RIM = 136.0
"""Radius of the wheel in millimetres."""
MONTHS = 8.0
"""Breadth of the rim that bears the months."""
CORE = 27.0
"""Radius that is kept free for the year."""
GAP = radians(8)
"""Half of what is left open at the top, between the year's end and its beginning, for the names of the rings."""
SIZES = tuple(size / 10 for size in range(35, 13, -1))
"""Sizes of words to try, the largest first."""
_LINE, _PAD, _BETWEEN = 1.45, 0.45, 1.2
_MOST_LINES = 10
_SEPARATOR = "·"


@dataclass(frozen=True)
class Label:
    """A line of words around a radius, centred on an angle."""

    text: str
    radius: float
    middle: float


@dataclass(frozen=True)
class Placed:
    """A span with its piece of ring and its words; for a mark, ``start`` and ``end`` are the same."""

    span: Span
    inner: float
    outer: float
    start: float
    end: float
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class PlacedRing:
    """A ring from ``outer`` inwards to ``inner``."""

    ring: Ring
    inner: float
    outer: float
    placed: tuple[Placed, ...]


@dataclass(frozen=True)
class Layout:
    """All rings, and the size of their words."""

    size: float
    rings: tuple[PlacedRing, ...]


def angle_of(day: date, *, after: bool = False) -> float:
    """Where a day begins on the wheel, or ends (``after``)."""
    first = date(day.year, 1, 1)
    days = (date(day.year + 1, 1, 1) - first).days
    return GAP + ((day - first).days + after) / days * (2 * pi - 2 * GAP)


def lay_out(wheel: Wheel) -> Layout:
    """The layout with the largest words that fit; with the smallest, where even those reach into the core."""
    for size in SIZES:
        rings = _rings(wheel, size)
        if rings and rings[-1].inner >= CORE:
            return Layout(size, rings)
    return Layout(SIZES[-1], _rings(wheel, SIZES[-1]))


def _rings(wheel: Wheel, size: float) -> tuple[PlacedRing, ...]:
    outer = RIM - MONTHS - _BETWEEN
    found = []
    for ring in wheel.rings:
        placed = _sectors(ring, outer, size) if ring.kind == "sectors" else _lanes(ring, outer, size)
        inner = min((p.inner for p in placed), default=outer)
        found.append(PlacedRing(ring, inner, outer, placed))
        outer = inner - _BETWEEN
    return tuple(found)


def _sectors(ring: Ring, outer: float, size: float) -> tuple[Placed, ...]:
    """Every sector as broad as the one with the most lines of words."""
    for lines in range(1, _MOST_LINES + 1):
        inner = outer - (lines * _LINE + 2 * _PAD) * size
        wrapped = [_wrapped(span, max(inner, 1.0), size) for span in ring.spans]
        if max(map(len, wrapped)) <= lines:
            break
    return tuple(
        _sector(span, texts, inner, outer, size) for span, texts in zip(ring.spans, wrapped, strict=True)
    )


def _sector(span: Span, texts: Sequence[str], inner: float, outer: float, size: float) -> Placed:
    start, end = angle_of(span.start), angle_of(span.end, after=True)
    middle = (start + end) / 2
    down = -1 if upside_down(middle) else 1
    labels = tuple(
        Label(
            text,
            (inner + outer) / 2 + ((len(texts) - 1) / 2 - line) * _LINE * size * down,
            middle,
        )
        for line, text in enumerate(texts)
    )
    return Placed(span, inner, outer, start, end, labels)


def _wrapped(span: Span, radius: float, size: float) -> list[str]:
    """The words of a sector in lines; between titles where possible, else within them."""
    room = (angle_of(span.end, after=True) - angle_of(span.start)) * radius - 2 * _PAD * size
    lines = [""]
    for title in span.words:
        joined = f"{lines[-1]}{_SEPARATOR}{title}" if lines[-1] else title
        if width_of(joined, size) <= room:
            lines[-1] = joined
            continue
        pieces = _cut(title, room, size)
        lines = [*(lines if lines[-1] else lines[:-1]), *pieces]
    return lines


def _cut(text: str, room: float, size: float) -> list[str]:
    pieces = [""]
    for character in text:
        if pieces[-1] and width_of(pieces[-1] + character, size) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _lanes(ring: Ring, outer: float, size: float) -> tuple[Placed, ...]:
    """Lane after lane inwards: each takes as many of the spans as lie beside each other, words included."""
    waiting = sorted(ring.spans, key=lambda s: (s.end, s.start))
    breadth = (_LINE + _PAD) * size
    found: list[Placed] = []
    while waiting:
        inner = max(outer - breadth, 1.0)
        radius = (inner + outer) / 2
        taken: list[Span] = []
        until = GAP
        extents = sorted(_extents(waiting, radius, size), key=lambda e: (e[1], e[0]))
        last = extents[-1][2]  # words longer than the wheel get a lane of their own
        for start, end, span, middle in extents:
            if start >= until - 1e-9 or (not taken and span is last):
                taken.append(span)
                until = end + size / 2 / radius
                label = Label(span.words[0], radius, middle)
                band = _angles(span, ring.kind)
                found.append(Placed(span, inner, outer, *band, (label,)))
        waiting = [span for span in waiting if span not in taken]
        outer = inner
    return tuple(found)


def _extents(spans: Sequence[Span], radius: float, size: float) -> Iterator[tuple[float, float, Span, float]]:
    """What a span takes of a lane, from where to where, and the middle of its words."""
    for span in spans:
        mark = span.tone in ("milestone", "report") and span.start == span.end
        start, end = _angles(span, "marks" if mark else "arcs")
        space = (size if mark else 0.5 * size) / radius
        wide = arc_width(span.words[0], size, radius)
        if not mark and wide + 2 * space <= end - start:
            yield start, end, span, end - space - wide / 2
        elif (mark and start - space - wide >= GAP) or end + space + wide > 2 * pi - GAP:
            yield start - space - wide, end + (space if mark else 0), span, start - space - wide / 2
        else:
            yield start - (space if mark else 0), end + space + wide, span, end + space + wide / 2


def _angles(span: Span, kind: str) -> tuple[float, float]:
    """A piece of ring from the first day to the last; a mark stands in the middle of its day."""
    start, end = angle_of(span.start), angle_of(span.end, after=True)
    return ((start + end) / 2, (start + end) / 2) if kind == "marks" else (start, end)
