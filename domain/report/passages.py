"""What a document says, passage by passage, with the places of its figures; and which numbers stand in a text. Pure.

A passage is a paragraph, or a row of a table with its cells parted by tabs. However a document was stored and edited,
its passages are compared by :mod:`domain.report.edits`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

CELL_END = "\t"
"""Between the cells of a row; no cell holds it."""

_HIDDEN = "\0"
_DIGITS = frozenset("0123456789０１２３４５６７８９")
_COUNTED = "个人户次场件所名项条家份起例处期年月日天岁元辆间篇级倍成万亿"
_NUMBER = re.compile(
    r"[+\-]?\d[\d,]*(?:\.\d+)?[%‰]?"  # 1,234  95.2%
    r"|百分之[零〇一二两三四五六七八九十百点]+"
    rf"|(?!一[{_COUNTED}])[零〇一二两三四五六七八九十百千]+(?=[余多]?[{_COUNTED}])"  # 三个, not the 一 of 一次
)


@dataclass(frozen=True)
class Marked:
    """A figure in a passage: its mark, and where its words begin and end."""

    id: str
    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """A paragraph or a row: where it stands, in words for people; what it says; its figures in their order.

    ``heads`` are the heads of the columns where it is a row.
    """

    place: str
    text: str
    figures: tuple[Marked, ...] = ()
    heads: tuple[str, ...] = ()

    def place_of(self, start: int) -> str:
        """Where a word of it stands: in a row, in which column too."""
        column = self.text.count(CELL_END, 0, start)
        return f"{self.place}“{self.heads[column]}”列" if column < len(self.heads) else self.place

    def words(self, figure: Marked) -> str:
        """What a figure is: its words, with digits that stand right beside them."""
        return self.text[slice(*self.whole(figure.start, figure.end))]

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of the text, grown over the digits that its first and last digit run on into."""
        while 0 < start < end and self.text[start].isdigit() and self.text[start - 1] in _DIGITS:
            start -= 1
        while start < end < len(self.text) and self.text[end - 1].isdigit() and self.text[end] in _DIGITS:
            end += 1
        return start, end


@dataclass(frozen=True)
class Number:
    """A number in a text: as it is written, and what it comes to, however it is written."""

    text: str
    value: str
    start: int


def plain(text: str) -> str:
    """A text for comparison of numbers: one width of digits, no separators of thousands, no blanks."""
    return re.sub(r"(?<=\d),(?=\d{3})", "", "".join(unicodedata.normalize("NFKC", text).split()))


def numbers(text: str, hidden: tuple[tuple[int, int], ...] = ()) -> Iterator[Number]:
    """The numbers of a text, in digits or counted in Chinese, other than those in ``hidden`` stretches of it."""
    for start, end in hidden:
        text = text[:start] + _HIDDEN * (end - start) + text[end:]
    wide = "".join(_narrow(char) for char in text)
    for found in _NUMBER.finditer(wide):
        yield Number(text[found.start() : found.end()], plain(found[0]), found.start())


def _narrow(char: str) -> str:
    """A digit or sign of full width as one of half, so that places stay what they are."""
    narrow = unicodedata.normalize("NFKC", char)
    return narrow if len(narrow) == 1 else char
