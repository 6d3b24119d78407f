"""From the charts of a report to shapes with coordinates, so that templates place and never reckon.

All measures are points in a drawing as wide as the type area (156 mm). Tones differ in darkness, not in hue alone, so
that a chart is as readable on a grey print.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Literal

from domain.numerals import chinese_date
from domain.report.blocks import BarChart, Mark, Timeline
from domain.status import Light

WIDTH = 440.0
INK, FAINT = "#1a1a1a", "#9a9a9a"
TONES = ("#1f4e79", "#9db8d2", "#e3eaf1", "#5b7f9f")
"""Fill of each series, dark and light in turn; each has an outline of ink, so that the lightest still shows."""
LIGHT_FILLS = {
    Light.GREY: "#ffffff",
    Light.GREEN: "#2e6b3f",
    Light.BLUE: "#5b8fc7",
    Light.YELLOW: "#f2c230",
    Light.RED: "#b3261e",
}

_TEXT, _SMALL = 10.5, 9.0
_SMALL_LINE = 10.5
_ROW = 20.0
_GAP = 6.0
_SPARE = 5.0
"""Kept free at both ends, since another font may set words wider than reckoned, and what stands outside is cut off."""
_LEGEND = 22.0
_MOST_LABEL = 160.0
_EDGE = 5.0
_NEVER_FIRST = "，。、；：）》”"


@dataclass(frozen=True)
class Rect:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    shape: Literal["rect"] = "rect"


@dataclass(frozen=True)
class Line:
    """A straight line; ``dashed`` where it marks a moment."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str
    dashed: bool = False
    shape: Literal["line"] = "line"


@dataclass(frozen=True)
class Diamond:
    """A milestone: a square on its point, given as the points of an SVG polygon."""

    points: str
    fill: str
    shape: Literal["diamond"] = "diamond"


@dataclass(frozen=True)
class Label:
    """Live text; ``y`` is its baseline."""

    x: float
    y: float
    text: str
    size: float = _TEXT
    anchor: Literal["start", "middle", "end"] = "start"
    fill: str = INK
    shape: Literal["label"] = "label"


Shape = Rect | Line | Diamond | Label


@dataclass(frozen=True)
class Drawing:
    """A chart ready to be written as SVG: ``title`` goes over it, ``alt`` is read out in its stead."""

    title: str
    alt: str
    width: float
    height: float
    shapes: tuple[Shape, ...]


def text_width(text: str, size: float = _TEXT) -> float:
    """Roughly how wide a text is set: Chinese characters are square, others half as wide."""
    return sum(size if ord(char) > 0x2E7F or char in "—“”…" else size / 2 for char in text)


def draw_bars(chart: BarChart) -> Drawing:
    """Horizontal bars: stacked where the series are parts of a whole, else one under the other for each label."""
    widest = max((text_width(bar.label) for bar in chart.bars), default=0.0)
    left = _SPARE + min(_MOST_LABEL, widest) + _GAP
    right = max((text_width(_beside(chart, bar.texts)) for bar in chart.bars), default=0.0) + _GAP + _SPARE
    scale = (WIDTH - left - right) / float(_greatest(chart) or 1)
    lanes = 1 if chart.stacked else len(chart.series)
    row = _ROW if lanes == 1 else _SMALL_LINE * lanes + 8.0
    top = _LEGEND if len(chart.series) > 1 else 4.0
    shapes: list[Shape] = list(_legend(chart.series))
    for place, bar in enumerate(chart.bars):
        y = top + place * row
        lines = _folded(bar.label, _MOST_LABEL)
        for line, text in enumerate(lines):
            baseline = y + row / 2 + 3.7 + (line - (len(lines) - 1) / 2) * _SMALL_LINE
            size = _TEXT if len(lines) == 1 else _SMALL
            shapes.append(Label(left - _GAP, baseline, text, size, anchor="end"))
        lane = (row - 8.0) / lanes
        if chart.stacked:
            edges = [left, *(left + float(total) * scale for total in accumulate(bar.values))]
            shapes += [
                Rect(_r(a), y + 4, _r(b - a), lane, TONES[n % len(TONES)])
                for n, (a, b) in enumerate(pairwise(edges))
                if b > a
            ]
            shapes.append(Label(_r(edges[-1] + _GAP), y + row / 2 + 3.7, _beside(chart, bar.texts)))
            continue
        for n, (value, text) in enumerate(zip(bar.values, bar.texts, strict=True)):
            length = float(value) * scale
            lane_top = y + 4 + n * lane
            shapes.append(Rect(left, lane_top, _r(length), lane - 1, TONES[n % len(TONES)]))
            size = _TEXT if lanes == 1 else _SMALL
            shapes.append(Label(_r(left + length + _GAP), lane_top + lane / 2 + 3.2, text, size))
    height = top + len(chart.bars) * row + 4
    shapes.append(Line(left, top, left, height - 4, INK))
    return Drawing(chart.title, chart.alt, WIDTH, _r(height), tuple(shapes))


def draw_columns(chart: BarChart, *, height: float = 190.0) -> Drawing:
    """Standing columns, side by side for each label: the same figures in two years, for instance."""
    top = (_LEGEND if len(chart.series) > 1 else 4.0) + 14.0
    foot = height - 30.0
    greatest = max((max(bar.values, default=Decimal(0)) for bar in chart.bars), default=Decimal(0))
    scale = (foot - top) / float(greatest or 1)
    share = WIDTH / max(len(chart.bars), 1)
    column = min(34.0, share * 0.7 / max(len(chart.series), 1))
    shapes: list[Shape] = list(_legend(chart.series))
    for place, bar in enumerate(chart.bars):
        middle = (place + 0.5) * share
        start = middle - column * len(bar.values) / 2
        for n, (value, text) in enumerate(zip(bar.values, bar.texts, strict=True)):
            size = float(value) * scale
            x = start + n * column
            fill = TONES[n % len(TONES)]
            shapes.append(Rect(_r(x + 1), _r(foot - size), _r(column - 2), _r(size), fill))
            shapes.append(Label(_r(x + column / 2), _r(foot - size - 4), text, _SMALL, anchor="middle"))
        for line, text in enumerate(_folded(bar.label, share - 4, _SMALL)):
            shapes.append(Label(_r(middle), foot + 12 + line * 11, text, _SMALL, anchor="middle"))
    shapes.append(Line(0, foot, WIDTH, foot, INK))
    return Drawing(chart.title, chart.alt, WIDTH, height, tuple(shapes))


def draw_timeline(chart: Timeline) -> Drawing:
    """Phases as bars over one axis of time, milestones under them one a line, and the day of the report across."""
    start = min(stretch.start for stretch in chart.stretches)
    end = max(stretch.end for stretch in chart.stretches)
    axis = _Axis(start, end)
    bar, row = 26.0, 15.0
    shapes: list[Shape] = []
    for n, stretch in enumerate(sorted(chart.stretches, key=lambda s: s.start)):
        x, width = axis.x(stretch.start), axis.x(stretch.end) - axis.x(stretch.start)
        dark = n % 2 == 0
        shapes.append(Rect(x, 16, _r(width), bar, TONES[0] if dark else TONES[1]))
        lines = _folded(stretch.label, width - 4, _SMALL)
        for line, text in enumerate(lines):
            baseline = 16 + bar / 2 + 3.2 + (line - (len(lines) - 1) / 2) * _SMALL_LINE
            fill = "#ffffff" if dark else INK
            middle = _r(x + width / 2)
            shapes.append(Label(middle, baseline, text, _SMALL, anchor="middle", fill=fill))
    for year in range(start.year, end.year + 1):
        if start <= date(year, 1, 1) <= end:
            x = axis.x(date(year, 1, 1))
            shapes.append(Line(x, 12, x, 16 + bar, FAINT))
            shapes.append(Label(x + 2, 10, f"{year}年", _SMALL, fill="#555555"))
    top = 16 + bar
    if start <= chart.today <= end:
        shapes += _today(axis.x(chart.today), chart.today, top)
        top += 12
    y = top + 14
    for mark in sorted(chart.marks, key=lambda mark: (mark.day, mark.label)):
        shapes += (told := list(_milestone(axis, mark, y)))
        y += row + (len(told) - 2) * _SMALL_LINE
    return Drawing(chart.title, chart.alt, WIDTH, _r(y - 4), tuple(shapes))


def _today(x: float, day: date, foot: float) -> Iterator[Shape]:
    """The day that the report speaks of: a line over the phases, its words in a row of their own below them."""
    yield Line(x, 12, x, foot + 12, "#b3261e", dashed=True)
    right = x > WIDTH / 2
    anchor: Literal["start", "end"] = "end" if right else "start"
    words = f"报告日 {chinese_date(day)}"
    yield Label(x - 4 if right else x + 4, foot + 11, words, _SMALL, anchor=anchor, fill="#b3261e")


def _milestone(axis: "_Axis", mark: Mark, y: float) -> Iterator[Shape]:
    """A milestone with its words beside it, on the right where there is room for them, else where there is more."""
    x, half = axis.x(mark.day), 4.5
    points = f"{_r(x - half)},{y} {x},{_r(y - half)} {_r(x + half)},{y} {x},{_r(y + half)}"
    yield Diamond(points, LIGHT_FILLS[mark.light])
    words = f"{mark.day:%Y}.{mark.day.month}.{mark.day.day} {mark.label}"
    before, after = x - half - 4, WIDTH - x - half - 4
    right = text_width(words, _SMALL) <= after or after >= before
    place = x + half + 4 if right else before
    for line, text in enumerate(_folded(words, after if right else before, _SMALL)):
        yield Label(_r(place), y + 3.2 + line * _SMALL_LINE, text, _SMALL, anchor="start" if right else "end")


@dataclass(frozen=True)
class _Axis:
    start: date
    end: date

    def x(self, day: date) -> float:
        """Where a day's beginning lies across the drawing; a milestone on the first or last day has its room too."""
        share = (day - self.start) / max(self.end - self.start, timedelta(days=1))
        return _r(_EDGE + (WIDTH - 2 * _EDGE) * share)


def _beside(chart: BarChart, texts: tuple[str, ...]) -> str:
    """The words at the end of a stacked bar, in the order of the legend."""
    return "／".join(texts) if chart.stacked else max(texts, key=text_width, default="")


def _greatest(chart: BarChart) -> Decimal:
    measure = sum if chart.stacked else max
    return max((Decimal(measure(bar.values)) for bar in chart.bars if bar.values), default=Decimal(0))


def _legend(series: tuple[str, ...]) -> Iterator[Shape]:
    """A key of tones over the chart; none where there is one series only."""
    if len(series) < 2:
        return
    x = 0.0
    for n, name in enumerate(series):
        yield Rect(x, 2, 10, 10, TONES[n % len(TONES)])
        yield Label(x + 14, 11, name)
        x += 14 + text_width(name) + 16


def _folded(text: str, width: float, size: float = _TEXT) -> list[str]:
    """A label in one line, or in two where one is too long; what no two lines hold is cut and marked by …."""
    if text_width(text, size) <= width:
        return [text]
    half = (len(text) + 1) // 2
    while half < len(text) and text[half] in _NEVER_FIRST:
        half += 1
    return [_cut(text[:half], width, _SMALL), _cut(text[half:], width, _SMALL)]


def _cut(text: str, width: float, size: float = _SMALL) -> str:
    if text_width(text, size) <= width:
        return text
    while text and text_width(text, size) + size > width:
        text = text[:-1]
    return f"{text}…"


def _r(number: float) -> float:
    """Two decimals are finer than any printer, and keep drawings the same on every machine."""
    return round(number, 2)
