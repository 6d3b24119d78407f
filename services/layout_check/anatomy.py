"""The parts of an official document, found on its pages by where and how they stand; nothing is known of its maker."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from services.layout_check.geometry import MILLIMETRE, Box, Line, Sheet, is_han, most
from services.layout_check.pages import Pages, Placed, is_red

ROW = 225 * MILLIMETRE / 22
AREA_WIDTH, AREA_HEIGHT = 156 * MILLIMETRE, 225 * MILLIMETRE
_INDENT = 2 * AREA_WIDTH / 28
BODY_SIZE = 16.0
"""3号, in points."""
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_ANNEX_MARK = re.compile(r"附件\d*")
_NUMBER = re.compile(r"[〔\[（(［【]\d{4}[〕\]）)］】].*?号")
_PRINTED = re.compile(r"年\d{1,2}月\d{1,2}日印发")


@dataclass(frozen=True)
class Area:
    """The type area of a page, in points; ``measured`` where text shows its sides, else as the standard has it."""

    left: float
    right: float
    bottom: float
    top: float
    measured: bool = True


@dataclass(frozen=True)
class Letterhead:
    """版头: the issuer's mark, the line of number and signatory, and the red rule under it, so far as they are there."""

    mark: tuple[Line, ...]
    number: Line | None
    rule: Box | None


class Anatomy(Pages):
    """A document taken apart; each part is looked for once, when it is asked for."""

    @cached_property
    def letterhead(self) -> Letterhead | None:
        """版头; None where the first page bears neither a red mark nor a red rule."""
        first = self.sheets[0]
        rules = [box for box in first.shapes if is_red(box.colour) and box.level and box.width > 280]
        mark = tuple(
            line
            for line in self.text_lines(first)
            if is_red(line.glyphs[0].colour) and line.size > 22 and first.from_top(line.y) < 148
        )
        if not (rules or mark):
            return None
        rule = max(rules, key=lambda box: box.top, default=None)
        under = mark[-1].lower if mark else first.height
        over = rule.bottom if rule else 0.0
        lines = [
            line for line in self.text_lines(first) if over < line.y < under and _NUMBER.search(line.text)
        ]
        return Letterhead(mark, lines[-1] if lines else None, rule)

    @cached_property
    def head_end(self) -> float:
        """The height on the first page under which the document's main part begins."""
        head = self.letterhead
        if head is None:
            return self.sheets[0].height
        if head.rule is not None:
            return head.rule.bottom
        return (head.number or head.mark[-1]).lower

    @cached_property
    def title(self) -> tuple[Line, ...]:
        """The lines of the title: the first of the main part that stand in its middle, all of one size."""
        middle = (self.areas[1].left + self.areas[1].right) / 2
        found: list[Line] = []
        for line in self.text_lines(self.sheets[0]):
            if line.y >= self.head_end:
                continue
            centred = abs((line.left + line.right) / 2 - middle) < 3 * MILLIMETRE
            if not centred or (found and abs(line.size - found[0].size) > 0.5):
                break
            if line.size < self.body_size + 1 and not found:
                break
            found.append(line)
        return tuple(found)

    @cached_property
    def subtitle(self) -> tuple[Line, ...]:
        """Lines of the body's size that stand in the middle between title and text."""
        middle, found = (self.areas[1].left + self.areas[1].right) / 2, list[Line]()
        for line in self.text_lines(self.sheets[0]):
            if self.title and line.y < self.title[-1].y:
                if abs((line.left + line.right) / 2 - middle) > 3 * MILLIMETRE:
                    break
                found.append(line)
        return tuple(found)

    @cached_property
    def addressee(self) -> Line | None:
        """主送机关: the first line at the left edge under the title, where it ends in a colon."""
        if not self.title:
            return None
        for line in self.text_lines(self.sheets[0]):
            if line.y < self.title[-1].y and abs(line.left - self.areas[1].left) < 6:
                return line if line.text.endswith(("：", ":")) else None
        return None

    @cached_property
    def annexes(self) -> tuple[Placed, ...]:
        """The word 附件 and its number at the top of each annex."""
        return tuple(
            Placed(sheet, line)
            for sheet in self.sheets[1:]
            for line in list(self.text_lines(sheet))[:1]
            if _ANNEX_MARK.fullmatch(line.text)
        )

    @cached_property
    def body_end(self) -> int:
        """The last page of the text itself: before the annexes and a page with nothing but 版记."""
        if self.annexes:
            return self.annexes[0].sheet.number - 1
        return len(self.sheets)

    @cached_property
    def imprint(self) -> tuple[Placed, ...]:
        """The lines of 版记, from the one that tells of printing up to the rule over it."""
        for sheet in reversed(self.sheets):
            printed = [line for line in sheet.lines if _PRINTED.search(line.text)]
            if printed and not sheet.landscape:
                rules = [b for b in sheet.shapes if b.level and b.top > printed[-1].upper and b.width > 280]
                top = max((b.top for b in rules if b.top < printed[-1].y + 150), default=printed[-1].upper)
                return tuple(
                    Placed(sheet, line)
                    for line in sheet.lines
                    if line.y < top and line.y >= printed[-1].y - 1
                )
        return ()

    @cached_property
    def _main_part(self) -> tuple[Placed, ...]:
        """Lines between head and annexes, the title among them."""
        closing = {id(one.line) for one in self.imprint}
        return tuple(
            one
            for one in self.placed
            if one.sheet.number <= self.body_end
            and not one.sheet.landscape
            and not (one.sheet.number == 1 and one.line.y >= self.head_end)
            and id(one.line) not in closing
        )

    @cached_property
    def body_size(self) -> float:
        """The size in which most of the text is set, titles and other short lines in the middle left out."""
        lines = [one.line for one in self._main_part if not _in_the_middle(one)]
        lines = lines or [one.line for one in self._main_part]
        sizes = [g.size for line in lines for g in line.glyphs if is_han(g.text)]
        return most(sizes) if sizes else BODY_SIZE

    @cached_property
    def _body_sized(self) -> tuple[Placed, ...]:
        return tuple(one for one in self._main_part if abs(one.line.size - self.body_size) < 0.4)

    @cached_property
    def body(self) -> tuple[Placed, ...]:
        """The lines of running text, headings, list of annexes and signature: all in the body's size."""
        title = {id(line) for line in (*self.title, *self.subtitle)}
        return tuple(one for one in self._body_sized if id(one.line) not in title)

    def body_of(self, sheet: Sheet) -> list[Line]:
        """The body's lines on one page."""
        return [one.line for one in self.body if one.sheet is sheet]

    @cached_property
    def row(self) -> float:
        """From one line of the body to the next; the standard's where no two lines follow each other."""
        steps = [
            above.line.y - below.line.y
            for above, below in pairwise(self._body_sized)
            if above.sheet is below.sheet and above.line.y - below.line.y < 2.6 * self.body_size
        ]
        return median(steps) if steps else ROW

    @cached_property
    def areas(self) -> dict[int, Area]:
        """The type area of odd (1) and even (0) pages."""
        return {parity: self._area(parity) for parity in (1, 0)}

    def area(self, sheet: Sheet) -> Area:
        """The type area of a page held upright; of one across it is the standard's, for no body shows its sides."""
        parity = sheet.number % 2
        return self._nominal(parity) if sheet.landscape else self.areas[parity]

    def _nominal(self, parity: int) -> Area:
        left, bottom = (28 if parity else 26) * MILLIMETRE, 35 * MILLIMETRE
        return Area(left, left + AREA_WIDTH, bottom, bottom + AREA_HEIGHT, measured=False)

    def _area(self, parity: int) -> Area:
        """The left edge is where the leftmost lines begin, the right one where lines end whose paragraph goes on."""
        lines = [one.line for one in self._body_sized if one.sheet.number % 2 == parity]
        lefts = [line.left for line in lines]
        if len(lines) < 2:
            return self._nominal(parity)
        left = min(_shared(lefts))
        if abs(left - min(lefts) - _INDENT) < 4.5:
            left = min(lefts)  # one line at the edge, all others begin paragraphs
        ends = [
            above.right
            for above, below in pairwise(lines)
            if abs(below.left - left) < 3
            and above.right - left > 0.6 * AREA_WIDTH
            and above.text[-1] not in "。：；！？"
        ]
        shared = _shared(ends)
        only_edge = (
            max(lefts) - left < 4.5
        )  # either one paragraph that goes on, or paragraphs of one line each
        if not ends or (only_edge and len(shared) < 0.6 * len(lines)):
            return self._nominal(parity)
        top = self.sheets[0].height - self.top_margin
        return Area(left, max(shared), top - AREA_HEIGHT, top)

    @cached_property
    def top_margin(self) -> float:
        """From the upper edge of the page to the type area, in points.

        Lines may fill the area from edge to edge, or each stand in the middle of its row, as word processors set them:
        what 22 lines at this pitch leave of 225 mm lies half over the first.
        """
        firsts = [
            sheet.height - lines[0].upper
            for sheet in self.sheets[1 : self.body_end]
            if (lines := self._first_of_body(sheet))
        ]
        if not firsts:
            return 37 * MILLIMETRE
        over = (self.row - self.body_size) / 2
        left = (AREA_HEIGHT - 21 * self.row - self.body_size) / 2
        return most(firsts) - (min(over, left) if left >= 0 else over)

    def _first_of_body(self, sheet: Sheet) -> list[Line]:
        """The first line of a page where it is the body's: nothing else stands over it."""
        lines = list(self.text_lines(sheet))
        frames = [top for _, top in self.framed[sheet.number]]
        if not lines or abs(lines[0].size - self.body_size) > 0.4 or lines[0].y < max(frames, default=0.0):
            return []
        return lines[:1]

    @cached_property
    def date_line(self) -> Placed | None:
        """成文日期: the last line before the annexes that is a date and nothing else."""
        return next((one for one in reversed(self.body) if _DATE.fullmatch(one.line.text)), None)

    @cached_property
    def issuer_line(self) -> Placed | None:
        """署名: the line over the date."""
        if self.date_line is None:
            return None
        before = [one for one in self.body if one.sheet is self.date_line.sheet]
        over = [one for one in before if one.line.y > self.date_line.line.y]
        return over[-1] if over and over[-1].line.y - self.date_line.line.y < 1.6 * self.row else None

    @cached_property
    def annex_list(self) -> tuple[Placed, ...]:
        """附件说明: from the line that begins with 附件 and a colon to the signature."""
        start = next((n for n, one in enumerate(self.body) if re.match("附件[：:]", one.line.text)), None)
        if start is None:
            return ()
        closing = [one for one in (self.issuer_line, self.date_line) if one is not None]
        lines: list[Placed] = []
        for one in self.body[start:]:
            if any(one.line is other.line for other in closing):
                break
            lines.append(one)
        return tuple(lines)

    @cached_property
    def running_text(self) -> tuple[Placed, ...]:
        """The body without addressee, list of annexes and signature."""
        others = {id(one.line) for one in self.annex_list}
        others |= {id(one.line) for one in (self.issuer_line, self.date_line) if one is not None}
        return tuple(
            one for one in self.body if id(one.line) not in others and one.line is not self.addressee
        )


def _in_the_middle(one: Placed) -> bool:
    """Whether a line stands in the middle of the type area as the standard has it, and does not fill it."""
    line, middle = one.line, (106 if one.sheet.number % 2 else 104) * MILLIMETRE
    return (
        abs((line.left + line.right) / 2 - middle) < 3 * MILLIMETRE
        and line.right - line.left < 0.97 * AREA_WIDTH
    )


def _shared(edges: Sequence[float]) -> list[float]:
    """Those of some edges at which several lines begin or end; all where none is shared."""
    found = [edge for edge in edges if sum(abs(edge - other) < 1 for other in edges) > 1]
    return found or list(edges)
