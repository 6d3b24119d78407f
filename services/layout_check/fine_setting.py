"""What a good printer sees to beside the standard: where lines and pages may not end, and tables that run on."""

from collections.abc import Iterator
from itertools import pairwise

from services.layout_check import faces
from services.layout_check.anatomy import Anatomy
from services.layout_check.findings import Finding, absent, judged, places
from services.layout_check.geometry import Line, Sheet
from services.layout_check.headings import stands_alone
from services.layout_check.pages import Placed

CLAUSE = "排印"
_NOT_FIRST = "，。、；：？！）》〉」』】〕”’…％%‰℃～·"
_NOT_LAST = "（《〈「『【〔“‘"
_MEASURES = "年月日号次项名条场人季个元万亿％%‰℃"


def line_ends(found: Anatomy) -> Iterator[Finding]:
    """避头尾, also in tables' notes; numbers with their measure words; nothing hung out into the margin."""
    lines = [(sheet.number, line) for sheet in found.sheets for line in _own(found, sheet)]
    first = [(n, line.text) for n, line in lines if line.text[0] in _NOT_FIRST and len(line.text) > 1]
    told = places(first) or "无"
    yield judged(CLAUSE, "行首标点", told, "句号、逗号、后括号等不在行首", met=not first)
    last = [(n, line.text[-8:]) for n, line in lines if line.text[-1] in _NOT_LAST]
    yield judged(CLAUSE, "行末标点", places(last) or "无", "前括号、前引号不在行末", met=not last)
    hung = [one.place for one in found.body if one.line.right > found.area(one.sheet).right + 2.0]
    yield judged(CLAUSE, "悬挂标点", places(hung) or "无", "标点不伸出版心", met=not hung)
    parted = [
        (one.sheet.number, one.line.text[-4:] + "／" + following.line.text[:3])
        for one, following in pairwise(found.body)
        if _parts_a_number(one.line, following.line) and _run_on(found, following)
    ]
    yield judged(CLAUSE, "数字与单位", places(parted) or "无分行", "数字不拆开，与单位不分行", met=not parted)


def _own(found: Anatomy, sheet: Sheet) -> list[Line]:
    folio = found.folios.get(sheet.number)
    return [x for x in found.text_lines(sheet) if folio is None or x is not folio.line]


def _parts_a_number(line: Line, following: Line) -> bool:
    end, start = line.text[-1], following.text[0]
    return end.isascii() and end.isdigit() and (start in _MEASURES or (start.isascii() and start.isdigit()))


def _run_on(found: Anatomy, following: Placed) -> bool:
    """Whether a line goes on with the paragraph of the one before."""
    return abs(following.line.left - found.area(following.sheet).left) < 4.5


def page_ends(found: Anatomy) -> Iterator[Finding]:
    """No heading at a page's foot, no page with one line."""
    heads = []
    for sheet in found.sheets[: found.body_end]:
        lines = found.body_of(sheet)
        under = min((low for low, _ in found.framed[sheet.number]), default=sheet.height)
        if lines and under > lines[-1].y and stands_alone(lines[-1], found.area(sheet).right):
            heads.append((sheet.number, lines[-1].text))
    yield judged(CLAUSE, "页末标题", places(heads) or "无", "标题不单独留在页末", met=not heads)
    lone = [
        (sheet.number, lines[0].text)
        for sheet in found.sheets[1:]
        if len(lines := _text_of(found, sheet)) == 1 and not found.framed[sheet.number]
    ]
    yield judged(CLAUSE, "一行一页", places(lone) or "无", "一页不只有一行正文", met=not lone)


def _text_of(found: Anatomy, sheet: Sheet) -> list[Line]:
    """The text of a page, of which signature and 版记 are no part."""
    closing = {
        id(one.line) for one in (*found.imprint, found.issuer_line, found.date_line) if one is not None
    }
    return [line for line in found.text_lines(sheet) if id(line) not in closing]


def tables(found: Anatomy) -> Iterator[Finding]:
    """A table that goes on over the page repeats its head, and no row is cut by the page's end."""
    runs = [(above, below) for above, below in pairwise(found.sheets) if _goes_on(found, above, below)]
    if not runs:
        yield absent(CLAUSE, "续表表头", "续页重复表头", "没有跨页的表格")
        return
    headless = [
        (below.number, first.text)
        for above, below in runs
        for first in _rows(found, below)[:1]
        if first.text not in {row.text for row in _rows(found, above)} and not _is_head(first)
    ]
    told = places(headless) or f"{len(runs)} 处跨页，均重复表头"
    yield judged(CLAUSE, "续表表头", told, "续页重复表头", met=not headless)


def _columns(sheet: Sheet, band: tuple[float, float]) -> tuple[int, ...]:
    """Where the upright rules of a table stand, to a point."""
    inside = [b for b in sheet.shapes if b.plumb and band[0] - 1 <= b.bottom and b.top <= band[1] + 1]
    return tuple(sorted({round((b.left + b.right) / 2 / 2) for b in inside}))


def _goes_on(found: Anatomy, above: Sheet, below: Sheet) -> bool:
    """Whether the last table of a page is the first thing on the next: nothing between, and the same columns."""
    over, under = found.framed[above.number], found.framed[below.number]
    if not over or not under or above.landscape != below.landscape:
        return False
    last, first = min(over), max(under)
    foot = [line for line in found.text_lines(above) if line.y < last[0]]
    head = [line for line in found.text_lines(below) if line.y > first[1]]
    columns = _columns(above, last), _columns(below, first)
    return not foot and not head and _shift(*columns)


def _shift(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two tables have columns of the same widths, wherever their pages' margins put them."""
    moved = [b - a for a, b in zip(one, other, strict=False)]
    return len(one) == len(other) > 1 and max(moved) - min(moved) <= 1


def _rows(found: Anatomy, sheet: Sheet) -> list[Line]:
    return [line for line in sheet.lines if found.is_framed(sheet, line)]


def _is_head(row: Line) -> bool:
    """Whether a row is set as heads are: then another table of the same columns begins here, and none goes on."""
    return faces.all_in(faces.counted(row.glyphs), "heiti")
