"""Clause 5 (paper, margins, type area, lines and characters, colour) and what stands outside the type area."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from services.layout_check import faces
from services.layout_check.anatomy import (
    AREA_HEIGHT,
    BODY_SIZE,
    Anatomy,
)
from services.layout_check.findings import Finding, judged, places, unknown
from services.layout_check.geometry import MILLIMETRE, Line, Sheet, is_han
from services.layout_check.headings import part_heading
from services.layout_check.pages import Placed, is_black, is_red

_ERROR = 1.0
"""误差不超过 1 mm (6.1)."""
_NUMBERED = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d{1,2}[.．]")
_WIDE = "，。、；：？！（）《》〈〉“”‘’【】〔〕「」"


def paper(found: Anatomy) -> Iterator[Finding]:
    """5.1: A4, upright or turned."""
    sizes = Counter(
        (round(min(s.width, s.height) / MILLIMETRE, 1), round(max(s.width, s.height) / MILLIMETRE, 1))
        for s in found.sheets
    )
    wrong = [size for size in sizes if abs(size[0] - 210) > _ERROR or abs(size[1] - 297) > _ERROR]
    told = "、".join(f"{w:g}×{h:g} mm" for w, h in (wrong or sizes))
    yield judged("5.1", "幅面", told, "A4，210×297 mm", met=not wrong)


def margins(found: Anatomy) -> Iterator[Finding]:
    """5.2.1: margins above and at the binding, width and height of the type area."""
    first, top = "上白边（天头）", found.top_margin / MILLIMETRE
    if any(found.body_of(sheet) for sheet in found.sheets[1 : found.body_end]):
        yield judged("5.2.1", first, f"{top:.1f} mm", "37 mm ±1 mm", met=abs(top - 37) <= _ERROR)
    else:
        yield unknown("5.2.1", first, "37 mm ±1 mm", "没有自首行起排正文的页面")
    for parity, name in ((1, "单页"), (0, "双页")):
        area, part, expected = found.areas[parity], f"订口（{name}）", "28 mm ±1 mm"
        if not area.measured:
            yield unknown("5.2.1", part, expected, f"{name}没有足够的正文")
            continue
        width = found.sheets[0].width
        binding = (area.left if parity else width - area.right) / MILLIMETRE
        note = "" if parity else "双面印制时，双页的订口在右"
        yield judged("5.2.1", part, f"{binding:.1f} mm", expected, met=abs(binding - 28) <= _ERROR, note=note)
    widths = [(a.right - a.left) / MILLIMETRE for a in found.areas.values() if a.measured]
    if widths:
        told = "、".join(dict.fromkeys(f"{width:.1f} mm" for width in widths))
        met = all(abs(width - 156) <= _ERROR for width in widths)
        yield judged("5.2.1", "版心宽", told, "156 mm", met=met)
    else:
        yield unknown("5.2.1", "版心宽", "156 mm", "没有足够的正文")
    yield _height(found)


def _height(found: Anatomy) -> Finding:
    """How much of the type area's height the fullest page takes; a further line must not fit.

    Only pages count whose text goes on overleaf: before a heading, a table or the signature a page may be shorter.
    """
    used = {
        sheet.number: lines[0].upper - lines[-1].lower
        for sheet in _body_pages(found)
        if len(lines := found.body_of(sheet)) > 1 and _goes_on(found, sheet)
    }
    expected = "225 mm"
    fullest = max(used, key=lambda number: used[number], default=0)
    # What the rows of word processors keep over the first and under the last line belongs to the type area.
    height = used.get(fullest, 0.0)
    height = min(height + found.row - found.body_size, max(height, AREA_HEIGHT))
    spare = AREA_HEIGHT - height
    met = -_ERROR * MILLIMETRE <= spare < found.row
    if not used:
        return unknown("5.2.1", "版心高", expected, "没有排满的正文页")
    return judged("5.2.1", "版心高", f"{height / MILLIMETRE:.1f} mm", expected, met=met, note="按最满的一页")


def _goes_on(found: Anatomy, sheet: Sheet) -> bool:
    """Whether text goes on overleaf with no more than a paragraph's end between, and is not the last before a signature."""
    following = found.sheets[sheet.number : sheet.number + 1]
    if not following or any(one.sheet is following[0] for one in _closing(found)):
        return False
    lines, frames = found.body_of(following[0]), found.framed[following[0].number]
    over = max((top for _, top in frames), default=0.0)
    return bool(lines) and lines[0].y > over and not _NUMBERED.match(lines[0].text)


def outside(found: Anatomy) -> Iterator[Finding]:
    """7.1: nothing but page numbers stands outside the type area."""
    strays = [
        (sheet.number, line.text)
        for sheet in found.sheets
        for line in sheet.lines
        if not _is_folio(found, sheet, line)
        and line.text not in found.running
        and not _within(found, sheet, line)
    ]
    note = (
        "每页版心外另有标记“" + "”“".join(sorted(found.running)) + "”，标准未作规定" if found.running else ""
    )
    yield judged(
        "7.1", "版心以外", places(strays) or "除页码外无文字", "除页码外无文字", met=not strays, note=note
    )


def _is_folio(found: Anatomy, sheet: Sheet, line: Line) -> bool:
    folio = found.folios.get(sheet.number)
    return line is found.astray.get(sheet.number) or (folio is not None and folio.line is line)


def _within(found: Anatomy, sheet: Sheet, line: Line) -> bool:
    slack = _ERROR * MILLIMETRE
    area = found.area(sheet)
    if sheet.landscape:  # the upright page turned to the left: its foot is at the left, its left side on top
        left, right = area.bottom - slack, area.top + slack
        top, bottom = sheet.height - area.left + slack, sheet.height - area.right - slack
    else:
        left, right = area.left - slack, area.right + slack
        top, bottom = area.top + slack, area.bottom - slack
    ends = line.right - (0.5 * line.size if line.text[-1] in _WIDE else 0)  # half of a mark is white
    return left <= line.left and ends <= right and bottom <= line.lower and line.upper <= top + slack


def _body_pages(found: Anatomy) -> list[Sheet]:
    """Pages of nothing but body text, the first (with its head) left out."""
    return [
        sheet
        for sheet in found.sheets[1 : found.body_end]
        if not found.framed[sheet.number]
        and len(found.body_of(sheet)) == len(list(found.text_lines(sheet))) > 1
        and not any(one.sheet is sheet for one in (*found.annex_list, *_closing(found)))
    ]


def _closing(found: Anatomy) -> list[Placed]:
    return [one for one in (found.issuer_line, found.date_line) if one is not None]


def lines_and_characters(found: Anatomy) -> Iterator[Finding]:
    """5.2.3: 22 lines of 28 characters that fill the type area."""
    counts = Counter(len(found.body_of(sheet)) for sheet in _body_pages(found))
    row = found.row / MILLIMETRE
    fitting = int((AREA_HEIGHT + 0.5 * MILLIMETRE - found.body_size) / found.row) + 1
    if counts:
        most = max(counts)
        short = sum(n for count, n in counts.items() if count < most)
        told = f"满页 {most} 行，行距 {row:.2f} mm"
        note = f"{counts[most]} 页排满；{short} 页因标题、图表移至下页或段落到此为止而不足" if short else ""
        met = most == 22 or (most < 22 and fitting == 22 and counts[most] < 2)
    else:
        told, note, met = f"行距 {row:.2f} mm，每面可排 {fitting} 行", "没有只排正文的整页", fitting == 22
    yield judged("5.2.3", "每面行数", told, "22 行，撑满版心", met=met and 10.0 <= row <= 10.6, note=note)
    yield _characters(found)


def _characters(found: Anatomy) -> Finding:
    full: Counter[int] = Counter()
    steps: list[float] = []
    for one in found.running_text:
        glyphs, area = one.line.glyphs, found.area(one.sheet)
        if abs(one.line.right - area.right) > 3 or not all(is_han(g.text) or g.text in _WIDE for g in glyphs):
            continue
        indent = round((one.line.left - area.left) / BODY_SIZE)
        full[len(glyphs) + indent] += 1
        steps += [b.x - a.x for a, b in pairwise(glyphs) if is_han(a.text) and is_han(b.text)]
    expected = "28 字，撑满版心"
    if sum(full.values()) < 3:
        return unknown("5.2.3", "每行字数", expected, "没有足够的整行")
    count = max(full)
    told = f"{count} 字，字距 {median(steps) / MILLIMETRE:.2f} mm"
    fewer = sum(full.values()) - full[count]
    note = f"{fewer} 行因避头尾或数字不拆开而少排" if fewer else ""
    return judged("5.2.3", "每行字数", told, expected, met=count == 28, note=note)


def body_type(found: Anatomy) -> Iterator[Finding]:
    """5.2.2 and 7.3.3: the body in 3号仿宋."""
    glyphs = [g for one in found.running_text for g in part_heading(one.line)[1]]
    fonts = faces.counted(glyphs)
    if not fonts:
        yield unknown("5.2.2、7.3.3", "正文字体", "仿宋体", "没有可读取的正文文字")
        return
    met = faces.all_in(fonts, "fangsong", but=0.05)
    yield judged("5.2.2、7.3.3", "正文字体", faces.told(fonts), "仿宋体", met=met)
    size = found.body_size
    yield judged("5.2.2、7.3.3", "正文字号", f"{size:g} 磅", "3 号（16 磅）", met=15.4 <= size <= 16.3)


def colour(found: Anatomy) -> Iterator[Finding]:
    """5.2.4: text is black, but for the issuer's mark."""
    strays = [
        one.place
        for one in found.placed
        if one.line.size > found.body_size - 0.4
        and not all(is_black(glyph.colour) for glyph in one.line.glyphs)
        and not (one.sheet.number == 1 and one.line.y > found.head_end and is_red(one.line.glyphs[0].colour))
    ]
    note = "图表和加框内容不在此列"
    yield judged("5.2.4", "文字颜色", places(strays) or "黑色", "黑色", met=not strays, note=note)


def grid(found: Anatomy) -> Iterator[Finding]:
    """Lines of all pages stand on one grid, so that the two sides of a leaf do not show through each other."""
    places_ = [
        (one.sheet.number, ((one.sheet.height - one.line.y) - found.top_margin) % found.row)
        for one in found.running_text
    ]
    part, expected = "行格", "各页正文在同一行格上"
    if len({number for number, _ in places_}) < 2:
        yield unknown("排印", part, expected, "不足两页正文")
        return
    middle = median(place for _, place in places_)
    away = [(number, min(abs(o - middle), found.row - abs(o - middle))) for number, o in places_]
    off = {number: distance for number, distance in away if distance > MILLIMETRE}
    told = f"最大相差 {max(distance for _, distance in away) / MILLIMETRE:.2f} mm"
    note = "第" + "、".join(map(str, off)) + "页" if off else ""
    yield judged("排印", part, told, expected, met=not off, note=note)
