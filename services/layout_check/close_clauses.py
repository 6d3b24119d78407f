"""Clauses 7.3.4 to 7.3.7 (list of annexes, signature, annexes) and 7.4 (版记)."""

import re
from collections.abc import Iterator

from services.layout_check import faces
from services.layout_check.anatomy import BODY_SIZE, Anatomy
from services.layout_check.findings import Finding, absent, judged, places
from services.layout_check.geometry import MILLIMETRE, Line
from services.layout_check.pages import Placed

_CHARACTER = BODY_SIZE * 0.986
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_ITEM = re.compile(r"(?:附件[：:])?(?:(\d+)[.．])?(.*)")


def annex_list(found: Anatomy) -> Iterator[Finding]:
    """7.3.4: one line under the text, indented by two characters, numbered, without marks at the end."""
    lines, expected = found.annex_list, "正文下空一行，左空二字，“附件：1.×××”，名称后无标点"
    if not lines:
        if found.annexes:
            yield judged("7.3.4", "附件说明", "有附件而无附件说明", expected, met=False)
        else:
            yield absent("7.3.4", "附件说明", expected, "没有附件")
        return
    first, faults = lines[0], []
    indent = (first.line.left - found.area(first.sheet).left) / _CHARACTER
    if abs(indent - 2) > 0.4:
        faults.append(f"左空 {indent:.1f} 字")
    before = [one for one in found.body if one.sheet is first.sheet and one.line.y > first.line.y]
    if before:
        blank = (before[-1].line.y - first.line.y) / found.row - 1
        if abs(blank - 1) > 0.4:
            faults.append(f"上空 {blank:.1f} 行")
    items = list(_items(lines))
    faults += [f"“{name[-8:]}”后有标点" for _, name, _ in items if re.search(r"[，。；、.]$", name)]
    if len(items) > 1 and [number for number, _, _ in items] != [str(n + 1) for n in range(len(items))]:
        faults.append("顺序号不连续")
    faults += [f"“{text[:8]}”未与上行首字对齐" for _, _, aligned in items for text in aligned]
    told = "；".join(faults) or f"{len(items)} 项，左空 {indent:.1f} 字"
    yield judged("7.3.4", "附件说明", told, expected, met=not faults)


def _items(lines: tuple[Placed, ...]) -> Iterator[tuple[str, str, list[str]]]:
    """Each annex listed: its number, its name, and lines of it that do not begin under the name's first character."""
    number, name, start, crooked = "", "", 0.0, list[str]()
    for one in lines:
        shape = _ITEM.fullmatch(one.line.text)
        if shape and (shape[1] or one is lines[0]):
            if name:
                yield number, name, crooked
            number, name, crooked = shape[1] or "", shape[2], []
            start = one.line.glyphs[min(shape.start(2), len(one.line.glyphs) - 1)].x
        else:
            name += one.line.text
            if abs(one.line.left - start) > 0.5 * BODY_SIZE:
                crooked.append(one.line.text)
    yield number, name, crooked


def signature(found: Anatomy) -> Iterator[Finding]:
    """7.3.5: issuer and date at the right, the date in full, never alone on a page."""
    day, issuer = found.date_line, found.issuer_line
    expected = "成文日期右空四字、署名居中其上；或署名右空二字、日期首字右移二字"
    if day is None or issuer is None:
        why = "没有单独成行的署名和成文日期"
        if found.letterhead is None:
            yield absent("7.3.5", "署名和成文日期", expected, why)
        else:
            yield judged("7.3.5", "署名和成文日期", why, expected, met=False)
        return
    yield _placed(found, issuer.line, day)
    year, month, date = _DATE.fullmatch(day.line.text).groups()  # type: ignore[union-attr]  # by how it was found
    met = len(year) == 4 and not month.startswith("0") and not date.startswith("0")
    yield judged("7.3.5.4", "成文日期", day.line.text, "年月日标全，不编虚位", met=met)
    others = [line for line in day.sheet.lines if line.y > issuer.line.y and not _only_mark(found, line)]
    told = "与正文或附件说明同页" if others else "单独在一页"
    yield judged("7.3.5.5", "署名所在页", told, "不与正文分离", met=bool(others))


def _only_mark(found: Anatomy, line: Line) -> bool:
    return line.text in found.running


def _placed(found: Anatomy, issuer: Line, day: Placed) -> Finding:
    area, date = found.area(day.sheet), day.line
    right = (area.right - date.right) / _CHARACTER
    aside = ((issuer.left + issuer.right) - (date.left + date.right)) / 2 / _CHARACTER
    overhang = ((issuer.right - issuer.left) - (date.right - date.left)) / 2 / _CHARACTER - 4
    flush = overhang > 0 and abs(issuer.right - area.right) < 0.5 * _CHARACTER
    sealed = abs(aside) < 0.6 and (abs(right - 4) < 0.5 or flush)
    shifted = (date.left - issuer.left) / _CHARACTER
    issuer_right = (area.right - issuer.right) / _CHARACTER
    plain = (abs(issuer_right - 2) < 0.5 and abs(shifted - 2) < 0.5) or (
        abs(right - 2) < 0.5 and issuer.right < date.right
    )
    told = f"日期右空 {right:.1f} 字，署名与日期中线相差 {abs(aside):.1f} 字"
    expected = "成文日期右空四字、署名居中其上；或署名右空二字、日期首字右移二字"
    note = "署名过长，右端齐版心" if sealed and flush else ""
    return judged("7.3.5", "署名和成文日期", told, expected, met=sealed or plain, note=note)


def annexes(found: Anatomy) -> Iterator[Finding]:
    """7.3.7: each on a page of its own, 附件 in 3号黑体 at its upper left, its title on the third line."""
    expected = "3 号黑体，顶格，版心左上角第一行"
    if not found.annexes:
        yield absent("7.3.7", "附件", expected, "没有附件")
        return
    wrong = [one.place for one in found.annexes if not _mark_is_right(found, one)]
    told = faces.told(faces.counted(g for one in found.annexes for g in one.line.glyphs))
    measured = f"{told}：{places(wrong)}" if wrong else told
    yield judged("7.3.7", "附件顺序号", measured, expected, met=not wrong)
    rows, titles = [], []
    for one in found.annexes:
        head = _title_of(found, one)
        if head:
            rows.append((one, (one.line.y - head[0].y) / found.row + 1))
            titles.append("".join(line.text for line in head))
    off = [(one.sheet.number, f"第 {row:.1f} 行") for one, row in rows if not 2.5 < row < 3.6]
    told = places(off) or "第三行，居中"
    yield judged(
        "7.3.7", "附件标题", told, "居中编排在版心第三行", met=not off and len(rows) == len(found.annexes)
    )
    listed = [name for _, name, _ in _items(found.annex_list)] if found.annex_list else []
    same = listed == titles
    expected = "与附件说明一致"
    told = f"{len(titles)} 个附件" + ("" if same else f"，附件说明 {len(listed)} 项，名称或个数不一致")
    yield judged("7.3.7", "附件名称", told, expected, met=same)


def _mark_is_right(found: Anatomy, one: Placed) -> bool:
    area, sheet = found.area(one.sheet), one.sheet
    if sheet.landscape:
        left, top = area.bottom, sheet.height - area.left
    else:
        left, top = area.left, area.top
    at_corner = abs(one.line.left - left) < 4 and top - one.line.upper < found.row
    return (
        at_corner and 15.4 <= one.line.size <= 16.3 and faces.all_in(faces.counted(one.line.glyphs), "heiti")
    )


def _title_of(found: Anatomy, one: Placed) -> list[Line]:
    """The title of an annex: lines under its mark, in the middle, all of one size."""
    under = [line for line in found.text_lines(one.sheet) if line.y < one.line.y]
    area, sheet = found.area(one.sheet), one.sheet
    middle = (area.bottom + area.top) / 2 if sheet.landscape else (area.left + area.right) / 2
    head: list[Line] = []
    for line in under:
        centred = abs((line.left + line.right) / 2 - middle) < 3 * MILLIMETRE
        if not centred or (head and abs(line.size - head[0].size) > 0.5):
            break
        head.append(line)
    return head


def imprint(found: Anatomy) -> Iterator[Finding]:
    """7.4: at the foot of the last page, an even one; three rules, copies, printer and day of printing."""
    lines, expected = found.imprint, "公文最后一面（双面印制为双页）的版心下端"
    if not lines:
        why = "没有“×年×月×日印发”的一行"
        if found.letterhead is None:
            yield absent("7.4", "版记", expected, why)
        else:
            yield judged("7.4", "版记", why, expected, met=False)
        return
    sheet = lines[0].sheet
    met = sheet is found.sheets[-1] and sheet.number % 2 == 0
    yield judged("7.4", "版记所在页", f"第 {sheet.number} 页，共 {len(found.sheets)} 页", expected, met=met)
    yield _rules(found, lines)
    yield from _words(found, lines)


def _rules(found: Anatomy, lines: tuple[Placed, ...]) -> Finding:
    sheet, area = lines[0].sheet, found.area(lines[0].sheet)
    top, foot = lines[0].line.upper, lines[-1].line.lower
    rules = sorted(
        (
            box
            for box in sheet.shapes
            if box.level and box.width > 280 and foot - 2 * found.row < box.bottom < top + found.row
        ),
        key=lambda box: -box.top,
    )
    expected = "与版心等宽；首末条 0.35 mm，中间 0.25 mm；末条与版心下边缘重合"
    if len(rules) < 2:
        return judged("7.4.1", "版记分隔线", f"{len(rules)} 条", expected, met=False)
    thick = [box.thickness / MILLIMETRE for box in rules]
    down = (area.bottom - rules[-1].bottom) / MILLIMETRE
    wide = all(
        abs(box.width - (area.right - area.left)) < 3 and abs(box.left - area.left) < 3 for box in rules
    )
    outer = abs(thick[0] - 0.35) < 0.06 and abs(thick[-1] - 0.35) < 0.06
    inner = all(abs(one - 0.25) < 0.06 for one in thick[1:-1])
    told = "、".join(f"{one:.2f}" for one in thick) + f" mm；末条距版心下边缘 {abs(down):.1f} mm"
    told += "" if wide else "；与版心不等宽"
    return judged("7.4.1", "版记分隔线", told, expected, met=wide and outer and inner and abs(down) <= 1)


def _words(found: Anatomy, lines: tuple[Placed, ...]) -> Iterator[Finding]:
    area = found.area(lines[0].sheet)
    fonts = faces.counted(g for one in lines for g in one.line.glyphs)
    size = lines[-1].line.size
    met = faces.all_in(fonts, "fangsong") and 13.5 <= size <= 14.3
    yield judged("7.4.2、7.4.3", "版记字体字号", f"{faces.told(fonts)}，{size:g} 磅", "4 号仿宋体", met=met)
    copies = "".join(one.line.text for one in lines[:-1])
    expected = "“抄送：”，左右各空一字，句号结尾"
    if copies:
        left = (lines[0].line.left - area.left) / size
        met = abs(left - 1) < 0.4 and copies.startswith("抄送：") and copies.endswith("。")
        told = f"左空 {left:.1f} 字，“{copies[:3]}…{copies[-1]}”"
        yield judged("7.4.2", "抄送机关", told, expected, met=met)
    else:
        yield absent("7.4.2", "抄送机关", expected, "没有抄送机关")
    last = lines[-1].line
    left, right = (last.left - area.left) / size, (area.right - last.right) / size
    form = re.search(r"\d{4}年[1-9]\d?月[1-9]\d?日印发$", last.text)
    told = f"左空 {left:.1f} 字，右空 {right:.1f} 字，{form[0] if form else last.text[-12:]}"
    met = form is not None and abs(left - 1) < 0.4 and abs(right - 1) < 0.4
    yield judged("7.4.3", "印发机关和印发日期", told, "左右各空一字，日期后加“印发”", met=met)
