"""Clauses 7.5 (page numbers) and 8 (tables across the page)."""

import re
from collections.abc import Iterator

from services.layout_check.anatomy import Anatomy
from services.layout_check.faces import LABELS, played
from services.layout_check.findings import Finding, absent, judged, places, unknown
from services.layout_check.geometry import MILLIMETRE, Sheet
from services.layout_check.pages import Folio

_FORM = re.compile(r"[—–―─]\d+[—–―─]")


def page_numbers(found: Anatomy) -> Iterator[Finding]:
    """7.5: 4号半角宋体 between dashes, 7 mm under the type area, odd ones at the right and even ones at the left."""
    folios = list(found.folios.values())
    if not folios:
        yield judged("7.5", "页码", "版心下没有页码", "— 1 —", met=False)
        return
    misformed = [(f.sheet.number, f.line.text) for f in folios if not _FORM.fullmatch(f.line.text)]
    yield judged("7.5", "页码形式", places(misformed) or "— 1 —", "数字左右各一条一字线", met=not misformed)
    yield _face(folios)
    sides = [(f.sheet.number, told) for f in folios if (told := _side(found, f))]
    expected = "单页居右空一字，双页居左空一字"
    yield judged("7.5", "页码左右", places(sides) or expected, expected, met=not sides)
    downs = {f.sheet.number: _down(found, f) for f in folios if _FORM.fullmatch(f.line.text)}
    if not downs:
        yield unknown("7.5", "页码上下", "一字线上距版心下边缘 7 mm", "页码没有一字线")
        return
    off = [(number, f"{down:.1f} mm") for number, down in downs.items() if abs(down - 7) > 1]
    told = places(off) or f"{min(downs.values()):.1f}—{max(downs.values()):.1f} mm"
    yield judged("7.5", "页码上下", told, "一字线上距版心下边缘 7 mm", met=not off)
    yield _order(found)


def _face(folios: list[Folio]) -> Finding:
    expected = "4 号（14 磅）半角宋体"
    wrong, fonts, sizes = [], dict[str, None](), dict[str, None]()
    for folio in folios:
        for glyph in folio.line.glyphs:
            face = played(glyph.font)
            label = LABELS.get(face.key, "")
            standing = "，以开源字体代替" if face.standing_in else ""
            fonts[f"{label}（{glyph.font}{standing}）" if label else glyph.font] = None
            sizes[f"{glyph.size:.4g}"] = None
            if face.key not in {"songti", "xiaobiaosong"} or not 13.5 <= glyph.size <= 14.3:
                wrong.append(folio.sheet.number)
                break
    told = "、".join(fonts) + "，" + "、".join(sizes) + " 磅"
    return judged("7.5", "页码字体字号", told, expected, met=not wrong)


def _side(found: Anatomy, folio: Folio) -> str:
    """What is wrong with where a number stands between left and right; nothing where all is well."""
    area, line = found.area(folio.sheet), folio.line
    odd = folio.sheet.number % 2
    away = (area.right - line.right if odd else line.left - area.left) / line.size
    if abs(away - 1) <= 0.5:
        return ""
    return f"距{'右' if odd else '左'}边 {away:.1f} 字"


def _down(found: Anatomy, folio: Folio) -> float:
    """From the type area's lower edge to the dash, in millimetres."""
    dash = folio.line.glyphs[0]
    return (found.area(folio.sheet).bottom - dash.top) / MILLIMETRE


def _order(found: Anatomy) -> Finding:
    """Numbers run on without a gap; a blank page before 版记 and that page carry none."""
    values = {number: folio.value for number, folio in found.folios.items()}
    offset = {value - number for number, value in values.items()}
    bare = [s for s in found.sheets if s.number not in values]
    blank = {s.number for s in found.sheets if not any(found.text_lines(s)) and not found.framed[s.number]}
    closing = {one.sheet.number for one in found.imprint}
    excused = blank | set(found.astray) | {number for number in closing if number - 1 in blank}
    missing = [(s.number, "无页码") for s in bare if s.number not in excused]
    numbered_blank = [(number, "空白页有页码") for number in blank & set(values)]
    faults = missing + numbered_blank
    told = places(faults) or ("连续" if len(offset) == 1 else "不连续")
    expected = "附件与正文连续编排；空白页及其后版记页不编"
    return judged("7.5", "页码连续", told, expected, met=not faults and len(offset) == 1)


def turned_tables(found: Anatomy) -> Iterator[Finding]:
    """8: a table across the page has its head at the left of the page held upright, whose number stays in its place.

    On an odd page that is the binding side, on an even one the outer edge.
    """
    expected = "页码位置与其他页一致；单页表头在订口一边，双页在切口一边"
    across = [s for s in found.sheets if s.landscape or s.upward > 20]
    wrong_way = [s for s in found.sheets if not s.landscape and _downward(s) > 20]
    if not across and not wrong_way:
        yield absent("8", "横排表格", expected, "没有横排的页面")
        return
    faults = [(s.number, "表头方向相反") for s in wrong_way]
    faults += [(number, "页码不在竖放时版心下方") for number in found.astray]
    silent = [s for s in across if s.landscape and s.number not in {*found.folios, *found.astray}]
    if silent and not faults:
        numbers = "、".join(str(s.number) for s in silent)
        yield unknown("8", "横排表格", expected, f"第{numbers}页横排而没有页码，看不出装订方向")
        return
    told = places(faults) or f"{len(across)} 页横排，表头在竖放时的左边，页码随竖放的页面"
    yield judged("8", "横排表格", told, expected, met=not faults)


def _downward(sheet: Sheet) -> int:
    return sum(len(line.glyphs) for line in sheet.downward)
