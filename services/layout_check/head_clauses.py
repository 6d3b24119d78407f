"""Clauses 7.2 (版头) and 7.3.1 to 7.3.3 (title, addressee, text and its headings)."""

import re
from collections.abc import Iterator
from itertools import pairwise

from services.layout_check import faces
from services.layout_check.anatomy import (
    AREA_WIDTH,
    BODY_SIZE,
    Anatomy,
    Letterhead,
)
from services.layout_check.findings import Finding, absent, judged, places, unknown
from services.layout_check.geometry import MILLIMETRE, Glyph, Line
from services.layout_check.pages import is_red

_HEADINGS = (
    ("第一层标题", re.compile(r"[一二三四五六七八九十]+、"), "heiti", "黑体"),
    ("第二层标题", re.compile(r"（[一二三四五六七八九十]+）"), "kaiti", "楷体"),
    ("第三层标题", re.compile(r"\d{1,2}[.．](?!\d)"), "fangsong", "仿宋体"),
    ("第四层标题", re.compile(r"（\d{1,2}）"), "fangsong", "仿宋体"),
)
_NUMBER = re.compile(r"〔(\d{4})〕(\d*)号")
_CHARACTER = BODY_SIZE * 0.986
"""What a character takes of a line: 156 mm / 28."""


def letterhead(found: Anatomy) -> Iterator[Finding]:
    """7.2: the issuer's mark, number, signatory and red rule."""
    head = found.letterhead
    if head is None:
        why = "首页没有红色发文机关标志和分隔线，按无版头的材料检查"
        yield absent("7.2", "版头", "发文机关标志、发文字号、红色分隔线", why)
        return
    yield from _mark(found, head)
    yield from _number(found, head)
    yield _rule(found, head)


def _mark(found: Anatomy, head: Letterhead) -> Iterator[Finding]:
    expected = "红色，居中，上边缘至版心上边缘 35 mm，推荐小标宋体"
    if not head.mark:
        yield judged("7.2.4", "发文机关标志", "未见红色标志", expected, met=False)
        return
    area, first = found.areas[1], head.mark[0]
    down = (area.top - first.upper) / MILLIMETRE
    aside = ((first.left + first.right) - (area.left + area.right)) / 2 / MILLIMETRE
    fonts = faces.counted(g for line in head.mark for g in line.glyphs)
    met = abs(down - 35) <= 1 and abs(aside) <= 1 and faces.all_in(fonts, "xiaobiaosong")
    told = f"红色，{faces.told(fonts)}，距版心上边缘 {down:.1f} mm，偏中 {abs(aside):.1f} mm"
    yield judged("7.2.4", "发文机关标志", told, expected, met=met)


def _number(found: Anatomy, head: Letterhead) -> Iterator[Finding]:
    line, area = head.number, found.areas[1]
    if line is None:
        yield judged("7.2.5", "发文字号", "未见发文字号", "机关代字〔年份〕序号号", met=False)
        return
    form = _NUMBER.search(line.text)
    if form is None or (form[2] and form[2].startswith("0")):
        yield judged("7.2.5", "发文字号", line.text[:20], "年份全称、六角括号，序号不编虚位", met=False)
    elif not form[2]:
        yield unknown("7.2.5", "发文字号", "年份全称、六角括号，序号不编虚位", "序号留空待填")
    else:
        yield judged("7.2.5", "发文字号", form[0], "年份全称、六角括号，序号不编虚位", met=True)
    if head.mark:
        rows = (head.mark[-1].lower - line.upper) / found.row
        part, expected = "发文字号位置", "发文机关标志下空二行"
        yield judged("7.2.5", part, f"空 {rows:.1f} 行", expected, met=1.6 <= rows <= 2.8)
    signatory = line.text.find("签发人")
    if signatory < 0:
        aside = ((line.left + line.right) - (area.left + area.right)) / 2 / MILLIMETRE
        told = f"偏中 {abs(aside):.1f} mm"
        yield judged("7.2.5", "发文字号左右", told, "居中（无签发人）", met=abs(aside) <= 1.5)
        yield absent("7.2.6", "签发人", "上行文标注签发人", "没有签发人，按下行文、平行文检查")
        return
    left, right = (line.left - area.left) / _CHARACTER, (area.right - line.right) / _CHARACTER
    expected = "上行文居左空一字"
    yield judged("7.2.5", "发文字号左右", f"居左空 {left:.1f} 字", expected, met=abs(left - 1) <= 0.4)
    yield from _signatory(line, signatory, right)


def _signatory(line: Line, start: int, right: float) -> Iterator[Finding]:
    name = line.glyphs[start + 4 :]
    if not name:
        yield unknown("7.2.6", "签发人", "居右空一字，姓名用 3 号楷体", "姓名留空待填")
        return
    fonts = faces.counted(name)
    met = abs(right - 1) <= 0.4 and faces.all_in(fonts, "kaiti", but=0.5)
    told = f"居右空 {right:.1f} 字，姓名{faces.told(fonts)}"
    yield judged("7.2.6", "签发人", told, "居右空一字，姓名用 3 号楷体", met=met)


def _rule(found: Anatomy, head: Letterhead) -> Finding:
    expected = "红色，与版心等宽，居中，在发文字号之下 4 mm"
    if head.rule is None:
        return judged("7.2.7", "红色分隔线", "未见红色分隔线", expected, met=False)
    rule, area = head.rule, found.areas[1]
    aside = ((rule.left + rule.right) - (area.left + area.right)) / 2 / MILLIMETRE
    width = rule.width / MILLIMETRE
    met = abs(width - AREA_WIDTH / MILLIMETRE) <= 1 and abs(aside) <= 1
    told = f"红色，宽 {width:.1f} mm，偏中 {abs(aside):.1f} mm"
    if head.number is not None:
        down = (head.number.lower - rule.top) / MILLIMETRE
        met = met and abs(down - 4) <= 1
        told += f"，在发文字号之下 {down:.1f} mm"
    return judged("7.2.7", "红色分隔线", told, expected, met=met and is_red(rule.colour))


def title(found: Anatomy) -> Iterator[Finding]:
    """7.3.1: 2号小标宋, in the middle, two lines under the red rule, its lines a trapezoid or a lozenge."""
    lines, area = found.title, found.areas[1]
    if not lines:
        yield unknown("7.3.1", "标题", "2 号小标宋体，居中", "首页没有居中且大于正文的文字")
        return
    fonts = faces.counted(g for line in lines for g in line.glyphs)
    met = faces.all_in(fonts, "xiaobiaosong")
    yield judged("7.3.1", "标题字体", faces.told(fonts), "小标宋体", met=met)
    size = lines[0].size
    yield judged("7.3.1", "标题字号", f"{size:g} 磅", "2 号（22 磅）", met=20.8 <= size <= 22.3)
    aside = max(abs((x.left + x.right) - (area.left + area.right)) / 2 / MILLIMETRE for x in lines)
    yield judged("7.3.1", "标题居中", f"偏中 {aside:.1f} mm", "居中", met=aside <= 1)
    if found.letterhead is not None and found.letterhead.rule is not None:
        rows = (found.letterhead.rule.bottom - lines[0].upper) / found.row
        part, expected = "标题位置", "红色分隔线下空二行"
        yield judged("7.3.1", part, f"空 {rows:.1f} 行", expected, met=1.6 <= rows <= 2.6)
    if len(lines) > 1:
        yield _shape(lines)


def _shape(lines: tuple[Line, ...]) -> Finding:
    """A trapezoid grows or shrinks line by line, a lozenge grows and then shrinks; no line is a mere remnant."""
    widths = [(line.right - line.left) / line.size for line in lines]
    steps = [round(below - above) for above, below in pairwise(widths)]
    signs = [step > 0 for step in steps]
    met = 0 not in steps and signs == sorted(signs, reverse=True) and min(widths) > max(widths) / 3
    told = "、".join(f"{width:.0f}" for width in widths) + " 字"
    return judged("7.3.1", "标题回行", told, "排列成梯形或菱形", met=met, note="词意是否完整须由人看")


def addressee(found: Anatomy) -> Iterator[Finding]:
    """7.3.2: at the left edge, one line under the title, ended by a colon."""
    line, expected = found.addressee, "标题下空一行，居左顶格，末尾为全角冒号"
    if line is None:
        if found.letterhead is None:
            yield absent("7.3.2", "主送机关", expected, "无版头的材料不一定有主送机关")
        else:
            yield judged("7.3.2", "主送机关", "标题下没有顶格并以冒号结尾的一行", expected, met=False)
        return
    rows = (found.title[-1].lower - line.upper) / found.row
    told = f"空 {rows:.1f} 行，以“{line.text[-1]}”结尾"
    first = found.sheets[0]
    if any(line.y < low and high < found.title[-1].y for low, high in found.framed[first.number]):
        yield unknown("7.3.2", "主送机关", expected, "标题与主送机关之间有加框的提示，为尚未定稿的文本")
        return
    met = 0.6 <= rows <= 1.9 and line.text.endswith("：")
    yield judged("7.3.2", "主送机关", told, expected, met=met)


def text(found: Anatomy) -> Iterator[Finding]:
    """7.3.3: text on the first page, paragraphs indented by two characters, headings in their faces."""
    first = [one for one in found.running_text if one.sheet.number == 1]
    yield judged("7.3.3", "首页显示正文", f"{len(first)} 行", "公文首页必须显示正文", met=bool(first))
    odd = [
        one.place
        for one in found.running_text
        if not any(abs(found.area(one.sheet).left + n * _CHARACTER - one.line.left) < 4.5 for n in (0, 2))
    ]
    yield judged("7.3.3", "段首", places(odd) or "左空二字，回行顶格", "左空二字，回行顶格", met=not odd)
    yield from _headings(found)


def _headings(found: Anatomy) -> Iterator[Finding]:
    starts = [
        one
        for one in found.running_text
        if abs(one.line.left - found.area(one.sheet).left - 2 * _CHARACTER) < 4.5
    ]
    for part, pattern, key, label in _HEADINGS:
        lines = [one for one in starts if pattern.match(one.line.text)]
        if not lines:
            yield absent("7.3.3", part, f"3 号{label}", "没有这一层标题")
            continue
        heads = [(one, _head_of(one.line)) for one in lines]
        wrong = [
            one.place
            for one, glyphs in heads
            if (fonts := faces.counted(glyphs)) and not faces.all_in(fonts, key)
        ]
        told = faces.told(faces.counted(g for _, glyphs in heads for g in glyphs))
        measured = f"{told}：{places(wrong)}" if wrong else told
        yield judged("7.3.3", part, measured, f"3 号{label}", met=not wrong)


def _head_of(line: Line) -> tuple[Glyph, ...]:
    """The heading at a line's start: up to its full stop, else the whole line."""
    end = line.text.find("。")
    return line.glyphs if end < 0 else line.glyphs[:end]
