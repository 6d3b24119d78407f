"""The year's wheel of duties as one A3 page to hang on the wall: vector shapes with coordinates, HTML and PDF."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Literal

from domain.plan import Plan
from domain.wheel import DateLine, Tone, Wheel, wheel
from domain.workdays import BEIJING, WorkCalendar
from services import rendering
from services.charts import INK
from services.rendering import Metadata
from services.wheel_geometry import Circle, Words, width_of
from services.wheel_layout import GAP, MONTHS, RIM, Layout, PlacedRing, angle_of, lay_out

PAGE = 420.0, 297.0
_CENTRE = Circle(147.0, 148.5)
_PANEL, _RIGHT = 297.0, 409.0
_TOP, _FOOT = 66.0, 264.0
_WHITE, _GREY, _RED = "#ffffff", "#6b7280", "#b3261e"
_FULL = 6.283185307179586
_FILLS: dict[Tone, tuple[str, str]] = {
    "month": ("#dbe7f3", "#c9daec"),
    "quarter": ("#d7ebe6", "#c2e0d8"),
    "half-year": ("#e3ecd2", "#d5e3bb"),
    "festival": ("#f6d5c3", "#f6d5c3"),
    "year": ("#efe3c4", "#efe3c4"),
    "report": ("#e9b3ad", "#e9b3ad"),
    "milestone": (_RED, _RED),
    "phase": ("#d9dbe6", "#c6c9da"),
}
_LEGEND: tuple[tuple[Tone, str], ...] = (
    ("month", "每月"),
    ("quarter", "每季度"),
    ("half-year", "每半年"),
    ("festival", "重要节日"),
    ("year", "限期事项"),
    ("report", "年度报告"),
    ("milestone", "阶段节点"),
    ("phase", "阶段"),
)
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Band:
    """A piece of a ring as an SVG path."""

    path: str
    fill: str
    stroke: str = _WHITE


@dataclass(frozen=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str
    width: float


@dataclass(frozen=True)
class Diamond:
    """A square on its point, as SVG points."""

    points: str
    fill: str


@dataclass(frozen=True)
class Text:
    """A straight line of words; ``y`` is the baseline."""

    x: float
    y: float
    text: str
    size: float
    fill: str = INK
    anchor: Literal["start", "middle", "end"] = "start"
    role: Literal["heiti", "xiaobiaosong", "songti"] = "heiti"


@dataclass(frozen=True)
class Sheet:
    """The page: shapes in the order of drawing, in millimetres."""

    title: str
    alt: str
    width: float
    height: float
    bands: tuple[Band, ...]
    strokes: tuple[Stroke, ...]
    diamonds: tuple[Diamond, ...]
    words: tuple[Words, ...]
    texts: tuple[Text, ...]


def draw_wheel_files(plan: Plan, year: int, calendar: WorkCalendar, out: Path) -> tuple[Path, Path]:
    """Draw a year's wheel into a folder.

    Returns:
        The HTML page and the PDF; the same bytes for the same plan, year, calendar and fonts.

    Raises:
        Problem: 105 for a year outside the plan; 201 or 202 where the calendar does not reach; 702 to 706 as
            :func:`services.rendering.render_pdf`.
    """
    sheet = draw_wheel(wheel(plan, year, calendar))
    html = rendering.environment().get_template("wheel/wheel.html").render(sheet=sheet)
    metadata = Metadata(
        title=sheet.title,
        author=plan.leading_group.office.name,
        identifier=sha256(html.encode()).digest()[:16],
        created=datetime.combine(date(year, 1, 1), time(), BEIJING),
        subject=plan.name,
    )
    pages = out / f"年度职责轮盘-{year}.html", out / f"年度职责轮盘-{year}.pdf"
    pages[0].write_text(html, encoding="utf-8")
    pages[1].write_bytes(rendering.render_pdf(html, metadata))
    return pages


def draw_wheel(drawn: Wheel) -> Sheet:
    """The shapes of a wheel and of the list of dates beside it."""
    layout = lay_out(drawn)
    return Sheet(
        title=f"{drawn.plan}{drawn.year}年度职责轮盘",
        alt=f"{drawn.year}年各月、各季度、各节日应办的职责，以及节点和年度报告的日期。",
        width=PAGE[0],
        height=PAGE[1],
        bands=tuple(_bands(drawn.year, layout)),
        strokes=tuple(_strokes(drawn.year, layout)),
        diamonds=tuple(_diamonds(layout)),
        words=tuple(_words(drawn.year, layout)),
        texts=(*_core(drawn), *_ring_names(layout), *_heading(drawn), *_dates(drawn), *_foot(drawn)),
    )


def _bands(year: int, layout: Layout) -> Iterator[Band]:
    for month in range(1, 13):
        start, end = _month(year, month)
        fill = "#3b5b7d" if month % 2 else "#4d6f93"
        yield Band(_CENTRE.band(RIM - MONTHS, RIM, start, end), fill)
    for ring in layout.rings:
        yield Band(_CENTRE.band(ring.inner, ring.outer, GAP, _FULL - GAP), "#f7f7f5", "#f7f7f5")
    for ring in layout.rings:
        if ring.ring.kind != "marks":
            yield from _pieces(ring)
    for place, (tone, _) in enumerate(_LEGEND):
        if tone != "milestone":
            x, y = _legend_place(place)
            yield Band(f"M{x:.2f} {y - 2.8:.2f}h5v3.4h-5Z", _FILLS[tone][0], _GREY)


def _pieces(ring: PlacedRing) -> Iterator[Band]:
    inset = 0.0 if ring.ring.kind == "sectors" else 0.35
    for place, placed in enumerate(ring.placed):
        path = _CENTRE.band(placed.inner + inset, placed.outer - inset, placed.start, placed.end)
        yield Band(path, _FILLS[placed.span.tone][place % 2])


def _strokes(year: int, layout: Layout) -> Iterator[Stroke]:
    """A hair between months through every ring whose words do not run across months."""
    for ring in layout.rings:
        if ring.ring.kind == "sectors":
            continue
        for month in range(2, 13):
            angle, _ = _month(year, month)
            (x1, y1), (x2, y2) = _CENTRE.point(ring.inner, angle), _CENTRE.point(ring.outer, angle)
            yield Stroke(round(x1, 2), round(y1, 2), round(x2, 2), round(y2, 2), "#e4e4e0", 0.12)
    yield Stroke(_PANEL, _TOP - 6, _RIGHT, _TOP - 6, INK, 0.3)
    yield Stroke(_PANEL, _FOOT + 4, _RIGHT, _FOOT + 4, INK, 0.3)


def _diamonds(layout: Layout) -> Iterator[Diamond]:
    for ring in layout.rings:
        if ring.ring.kind == "marks":
            for placed in ring.placed:
                radius = (placed.inner + placed.outer) / 2
                fill = _RED if placed.span.tone == "report" else INK
                yield Diamond(_CENTRE.diamond(radius, placed.start, layout.size * 0.5), fill)
    place = next(n for n, (tone, _) in enumerate(_LEGEND) if tone == "milestone")
    x, y = _legend_place(place)
    yield Diamond(f"{x + 2.5},{y - 3.0} {x + 4.4},{y - 1.1} {x + 2.5},{y + 0.8} {x + 0.6},{y - 1.1}", INK)


def _words(year: int, layout: Layout) -> Iterator[Words]:
    for month in range(1, 13):
        start, end = _month(year, month)
        yield _CENTRE.words(f"{month}月", 4.4, RIM - MONTHS / 2, (start + end) / 2, _WHITE)
    for ring in layout.rings:
        for placed in ring.placed:
            fill = _RED if ring.ring.kind == "marks" and placed.span.tone == "report" else INK
            for label in placed.labels:
                yield _CENTRE.words(label.text, layout.size, label.radius, label.middle, fill)


def _ring_names(layout: Layout) -> Iterator[Text]:
    for ring in layout.rings:
        radius = (ring.inner + ring.outer) / 2
        name = ring.ring.title
        size = min(3.4, 2 * ring.inner * GAP * 0.86 / len(name))
        yield Text(_CENTRE.x, _CENTRE.y - radius + 0.36 * size, name, round(size, 2), _GREY, "middle")


def _core(drawn: Wheel) -> Iterator[Text]:
    x, y = _CENTRE.x, _CENTRE.y
    yield Text(x, y + 2.5, str(drawn.year), 15, INK, "middle", "xiaobiaosong")
    yield Text(x, y + 10.5, "年度职责轮盘", 4.6, INK, "middle")


def _heading(drawn: Wheel) -> Iterator[Text]:
    yield Text(_PANEL, 27, "年度职责轮盘", 13, _RED, role="xiaobiaosong")
    yield Text(_RIGHT, 27, f"{drawn.year}年", 8, INK, "end", "xiaobiaosong")
    size = min(4.6, (_RIGHT - _PANEL) / max(width_of(drawn.plan, 1.0), 1.0))
    yield Text(_PANEL, 36, drawn.plan, round(size, 2))
    for place, (_, name) in enumerate(_LEGEND):
        x, y = _legend_place(place)
        yield Text(x + 6.5, y, name, 3.3)
    yield Text(_PANEL, _TOP - 1, "本年日期", 4.0)


def _legend_place(place: int) -> tuple[float, float]:
    """Where an entry of the legend begins: four in a row."""
    return _PANEL + place % 4 * 28.0, 46.0 + place // 4 * 6.2


def _dates(drawn: Wheel) -> Iterator[Text]:
    """Two lines a date: what, and whose; smaller where there are many."""
    room = _FOOT - _TOP - 2
    row = min(11.5, room / max(len(drawn.dates), 1))
    for place, line in enumerate(drawn.dates):
        yield from _date(line, _TOP + 2 + place * row, row)


def _date(line: DateLine, top: float, row: float) -> Iterator[Text]:
    size, small = min(3.6, row * 0.4), min(2.8, row * 0.31)
    colour = _RED if line.tone == "report" else INK
    left = _PANEL + 25.0
    first, second = top + row * 0.42, top + row * 0.80
    yield Text(_PANEL, first, _day(line.due), round(size, 2), colour)
    title = f"◆{line.title}" if line.tone == "milestone" else line.title
    fit = min(size, (_RIGHT - left) / max(width_of(title, 1.0), 1.0))
    yield Text(left, first, title, round(fit, 2), colour)
    yield Text(left, second, line.who, round(small, 2), _GREY, role="songti")
    if line.act_by != line.due:
        words = f"最后工作日 {_day(line.act_by)}"
        yield Text(_RIGHT, second, words, round(small, 2), _GREY, "end", "songti")


def _foot(drawn: Wheel) -> Iterator[Text]:
    due = drawn.report_due
    lines = [
        f"常态化职责 {drawn.standing} 项，全年推进，{due.month}月{due.day}日前随年度报告一并报送。",
        "每月、每季度、每半年的职责，截止日为期末最后一天，遇非工作日请提前办结。",
        f"依据：{drawn.number}。",
    ]
    if drawn.assumed:
        lines.append("部分日期按周一至周五推定，以国务院办公厅放假安排为准。")
    for place, words in enumerate(lines):
        yield Text(_PANEL, _FOOT + 9.5 + place * 4.6, words, 2.9, role="songti")


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日 周{_WEEKDAYS[day.weekday()]}"


def _month(year: int, month: int) -> tuple[float, float]:
    """Where a month begins and ends on the wheel."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return angle_of(date(year, month, 1)), angle_of(following - timedelta(days=1), after=True)
