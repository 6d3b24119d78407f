"""How Chinese documents number their paragraphs, misnumbered ones too. Pure.

The styles stand in the order of their rank: 第一章, 第一节, 一、, 第一条, （一）, 1., （1）, ①. A heading's place in the
text decides what it is, not what was typed: ``3、`` alone on a line after 二、 is 三, ``（2）`` after （一） is （二）.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from domain.numerals import chinese, numeral

NUMERALS = "〇零一二三四五六七八九十"


class Style(IntEnum):
    """A way to number, by its rank in a document."""

    CHAPTER = 0
    DIVISION = 1
    FIRST = 2
    ARTICLE = 3
    SECOND = 4
    THIRD = 5
    FOURTH = 6
    FIFTH = 7


@dataclass(frozen=True)
class Numbered:
    """A numbered line: its style, its number (as written and as read), and what follows."""

    style: Style
    written: str
    number: int
    rest: str


_FULL_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.")
_N = rf"[{NUMERALS}]+"
_GAP = r"[\s　]*"
_CHAPTER = re.compile(rf"第{_GAP}({_N}|\d+){_GAP}(章|部分|篇)(?![节条])[\s　:：、]*(.*)")
_DIVISION = re.compile(rf"第{_GAP}({_N}|\d+){_GAP}节(?![课目日])[\s　:：、]*(.*)")
_ARTICLE = re.compile(rf"第{_GAP}({_N}|[一二三四五六七八九十百]+|\d+){_GAP}条[\s　:：、]+(.*)")
_STAGE = re.compile(r"第([一二三四五六七八九十])(?:阶段|步)[\s　:：、，,（(].*")
_FIRST = re.compile(rf"({_N}){_GAP}[、.]{_GAP}(.*)|(\d{{1,2}}){_GAP}、{_GAP}(.*)")
_SECOND = re.compile(rf"[（(]{_GAP}({_N}|\d{{1,2}}){_GAP}[）)][、.]?{_GAP}(.*)|({_N})[）)]{_GAP}(.*)")
_THIRD = re.compile(rf"(\d{{1,3}}){_GAP}(?:\.(?!\d)|、){_GAP}(.*)")
_HALF_BRACKET = re.compile(rf"(\d{{1,2}})[）)]{_GAP}(.*)")
_CIRCLED = re.compile(rf"([①-⑳]){_GAP}[、.]?{_GAP}(.*)")
_NUMBERED_AT_ALL = re.compile(
    rf"[（(]?{_GAP}({_N}|[\d０-９]{{1,3}}){_GAP}([）)]|[、.．](?![\d０-９]))|[①-⑳]|第{_GAP}{_N}{_GAP}[章节条]"
)
_FIRST_OF_SECOND = re.compile(rf"[（(]{_GAP}一{_GAP}[）)]")
_SENTENCE_END = re.compile(r"[。；！？]")
_LEADING = re.compile(rf"{_N}{_GAP}[、.．]|第{_GAP}({_N}|\d+){_GAP}(章|部分|篇|条[\s　:：、])")


@dataclass
class Position:
    """How far the numbering has come: the ``ordinals`` of all styles, and which was the last.

    ``bare`` documents have no 一、, 第一章 or 第一条: their （一） or 1. come first.
    """

    bare: bool = False
    ordinals: list[int] = field(default_factory=lambda: [0] * len(Style))
    depth: int = -1
    last_item: int = 0

    def read(self, line: str, *, opens: bool = False) -> Numbered | None:
        """What a line is numbered as, here; None for an ordinary one.

        Args:
            line: without white space around it.
            opens: whether the next numbered line is （一）, which stands under 一、 only.
        """
        plain = line.translate(_FULL_WIDTH)  # as long as the line itself
        for pattern, style in (
            (_CHAPTER, Style.CHAPTER),
            (_DIVISION, Style.DIVISION),
            (_ARTICLE, Style.ARTICLE),
        ):
            if found := pattern.fullmatch(plain):
                return _numbered(style, found.group(1), _tail(line, found.groups()[-1]))
        if found := _FIRST.fullmatch(plain):
            number, rest = found.group(1) or found.group(3), found.group(2) or found.group(4) or ""
            if not number.isdigit() or self._is_first(int(number), rest, opens=opens):
                return _numbered(Style.FIRST, number, _tail(line, rest))
        if opens and (found := _THIRD.fullmatch(plain)) and self._is_first(0, found.group(2), opens=True):
            return _numbered(Style.FIRST, found.group(1), _tail(line, found.group(2)))
        if self.depth < 0 and not self.bare:
            return None
        return self._below(line, plain)

    def enter(self, found: Numbered) -> str:
        """Go to a heading and return its id."""
        style, fresh = found.style, self.depth < found.style
        if style is Style.THIRD and fresh:
            self.ordinals[style] = self._item(found.number)
        elif fresh and style is not Style.ARTICLE:
            self.ordinals[style] = 1
        else:
            self.ordinals[style] += 1
        if style is Style.THIRD:
            self.last_item = self.ordinals[style]
        self._forget_below(style)
        self.depth = style
        return self._id()

    @property
    def ordinal(self) -> int:
        """The number that the last heading should bear."""
        return self.ordinals[self.depth]

    def _item(self, number: int) -> int:
        """Items may run on from section to section (4. after （二）), or start anew."""
        if number == 1:
            return 1
        if number == self.last_item + 1:
            return number
        return self.ordinals[Style.THIRD] + 1

    def _forget_below(self, style: Style) -> None:
        """Numbers below a heading start anew; items below （二） and articles may run on."""
        for below in Style:
            runs_on = below is Style.ARTICLE or (below is Style.THIRD and style is Style.SECOND)
            if below > style and not runs_on:
                self.ordinals[below] = 0

    def _below(self, line: str, plain: str) -> Numbered | None:
        if found := _STAGE.fullmatch(plain):
            return _numbered(Style.SECOND, found.group(1), line)
        if found := _SECOND.fullmatch(plain):
            number, rest = found.group(1) or found.group(3), found.group(2) or found.group(4) or ""
            style = Style.FOURTH if number.isdigit() and self._is_fourth(int(number)) else Style.SECOND
            return _numbered(style, number, _tail(line, rest))
        for pattern, style in ((_THIRD, Style.THIRD), (_HALF_BRACKET, Style.FOURTH), (_CIRCLED, Style.FIFTH)):
            if found := pattern.fullmatch(plain):
                return _numbered(style, found.group(1), _tail(line, found.group(2)))
        return None

    def _is_first(self, number: int, rest: str, *, opens: bool) -> bool:
        """Whether ``3、`` stands for 三、: nothing but a heading, it continues that numbering or is followed by （一）."""
        if self.bare or _SENTENCE_END.search(rest):
            return False
        if opens and self.depth >= Style.FIRST:
            return True
        continues_items = self.depth >= Style.THIRD and number == self.ordinals[Style.THIRD] + 1
        return number == self.ordinals[Style.FIRST] + 1 and not continues_items

    def _is_fourth(self, number: int) -> bool:
        """Whether ``（2）`` is a point below an item, not a misnumbered （二）."""
        if self.depth == Style.SECOND:
            return number == 1  # nobody writes （1） for the one after （一）
        if self.depth < Style.THIRD:
            return False
        if not self.ordinals[Style.FOURTH]:
            return number == 1
        continues_fourth = number == self.ordinals[Style.FOURTH] + 1
        continues_second = number == self.ordinals[Style.SECOND] + 1
        return continues_fourth or not continues_second

    def _id(self) -> str:
        shown = (_SHOWN[style](self.ordinals[style]) for style in Style if style <= self.depth)
        return "".join(shown)


def _counted(number: int) -> str:
    return chinese(number) if number <= 99 else str(number)


_SHOWN = {
    Style.CHAPTER: lambda n: f"第{_counted(n)}章" if n else "",
    Style.DIVISION: lambda n: f"第{_counted(n)}节" if n else "",
    Style.FIRST: lambda n: _counted(n) if n else "",
    Style.ARTICLE: lambda n: f"第{_counted(n)}条" if n else "",
    Style.SECOND: lambda n: f"（{_counted(n)}）" if n else "",
    Style.THIRD: lambda n: str(n) if n else "",
    Style.FOURTH: lambda n: f"（{n}）" if n else "",
    Style.FIFTH: lambda n: chr(ord("①") + n - 1) if 0 < n <= 20 else f"[{n}]" if n else "",
}


def is_bare(lines: Iterable[str]) -> bool:
    """Whether no line bears a number of the first rank, so that lower ones come first."""
    return not any(_LEADING.match(line) for line in lines)


def opens_second(line: str) -> bool | None:
    """Whether a line bears the number （一）; None where it bears no number at all."""
    if _NUMBERED_AT_ALL.match(line) is None:
        return None
    return _FIRST_OF_SECOND.match(line) is not None


def _tail(line: str, rest: str) -> str:
    """The end of the line itself that is as long as ``rest`` of its half-width copy."""
    return line[len(line) - len(rest) :]


def _numbered(style: Style, written: str, rest: str) -> Numbered:
    return Numbered(style, written, numeral(written), rest)
