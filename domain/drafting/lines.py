"""Lines as a file has them, made into paragraphs: wrapped ones joined, page numbers and running heads dropped. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

ROW = "｜"
"""Begins a row of a table, and stands between its cells."""

_PAGE_NUMBER = re.compile(
    r"[-—–─·•\s]+\d{1,3}[-—–─·•\s]+|第\s*\d+\s*页(\s*[,，/]?\s*共\s*\d+\s*页)?|\d{1,3}\s*/\s*\d{1,3}"
)
_BARE_NUMBER = re.compile(r"\d{1,3}")
_SENTENCE_END = ("。", "；", "！", "？", "：", ":")
_NUMBERED = re.compile(
    r"[（(]?[〇零一二三四五六七八九十\d０-９]{1,3}([）)]|[、.．](?!\d))|[①-⑳]|第[一二三四五六七八九十\d]+[章节条阶部篇]|附\s*件|[一二三四五六七八九]是|"
    r"(牵头|责任|配合|主办|协办|主责)(单位|部门)|[组成]\s*[长员][:：]|副\s*组\s*长|(完成)?时限"
)
_WIDE = str.maketrans(",;:?!()", "，；：？！（）")
_HALF_WIDTH = re.compile(
    r"[()]|(?<=[\u4e00-\u9fff）)》”])[,;:?!]|(?<=\d)[,;:?!](?!\d)|[,;:](?=[\u4e00-\u9fff《“（])"
)
_NARROW, _WIDEST = 18, 75
"""Characters on a full line of a page; a text with other lines is not wrapped by a page."""
_SLACK = 3
"""Characters by which a full line may be shorter than the longest: punctuation moves to the next line."""


@dataclass(frozen=True)
class Line:
    """A line, or several joined: where each piece comes from, and how far it reaches across the page.

    ``left`` and ``right`` are in widths of a Chinese character; ``page`` counts from 1, and is 0 where there are none.
    """

    text: str
    marks: tuple[tuple[int, str], ...]
    page: int = 0
    left: float = 0
    right: float = 0

    @classmethod
    def of(cls, text: str, place: str, page: int = 0) -> "Line":
        """A line of plain text, measured by its characters."""
        expanded = text.replace("\t", "    ")
        body = expanded.lstrip()
        left = sum(_width(sign) for sign in expanded[: len(expanded) - len(body)])
        return cls(text.strip(), ((0, place),), page, left, left + sum(map(_width, body.rstrip())))

    def place(self, at: int) -> str:
        """Where the character ``at`` comes from."""
        return next(place for start, place in reversed(self.marks) if start <= at or start == 0)


def widened(text: str) -> str:
    """A text with the marks beside Chinese characters, and all brackets, in full width; as long as before."""
    return _HALF_WIDTH.sub(lambda found: found.group().translate(_WIDE), text)


def paragraphs(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a file as paragraphs; blank ones part them."""
    kept = list(_without_margins(lines))
    full = _full_width(kept)
    if full is None:
        return tuple(kept)
    indented = _is_indented(kept)
    found: list[Line] = []
    for line in kept:
        before = found[-1] if found else None
        if before is not None and _continues(before, line, full, indented=indented):
            found[-1] = replace(
                before,
                text=before.text + line.text,
                marks=(*before.marks, *((len(before.text) + at, place) for at, place in line.marks)),
                right=line.right,
                page=line.page,
            )
        else:
            found.append(line)
    return tuple(found)


def _continues(before: Line, line: Line, full: float, *, indented: bool) -> bool:
    """Whether a line goes on with the one before, which was full."""
    if not before.text or not line.text or line.text.startswith(ROW) or before.text.startswith(ROW):
        return False
    if before.right < full - _SLACK:
        return False
    if indented:
        return line.left < 1
    return not before.text.endswith(_SENTENCE_END) and not _NUMBERED.match(line.text)


def _without_margins(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines without page numbers, and without what stands at the head or foot of page after page."""
    pages: dict[int, list[int]] = {}
    for at, line in enumerate(lines):
        if line.page and line.text:
            pages.setdefault(line.page, []).append(at)
    edges = {at for own in pages.values() for at in (*own[:2], *own[-2:])}
    repeated = Counter(_worn(lines[at].text) for at in edges)
    for at, line in enumerate(lines):
        if _PAGE_NUMBER.fullmatch(line.text):
            continue
        if at in edges:
            often = repeated[_worn(line.text)] >= max(2, len(pages) * 0.6)
            if (often and not line.text.endswith(_SENTENCE_END)) or _BARE_NUMBER.fullmatch(line.text):
                continue
        if line.page and not line.text:
            continue  # a PDF's blank lines part nothing
        yield line


def _worn(text: str) -> str:
    """A line without its digits: running heads may count pages."""
    return re.sub(r"[\d\s]", "", text)


def _full_width(lines: Sequence[Line]) -> float | None:
    """How far a full line reaches; None where the text is not wrapped.

    Wrapped text has many lines of one width, and most of these end in the middle of a sentence.
    """
    told = [line for line in lines if line.text and not line.text.startswith(ROW)]
    rights = sorted(line.right for line in told)
    if len(rights) < 4:
        return None
    full = rights[int(len(rights) * 0.97)] if len(rights) > 40 else rights[-1]
    if not _NARROW <= full <= _WIDEST:
        return None
    near = [line for line in told if full - 2 <= line.right <= full + _SLACK]
    broken = [line for line in near if not line.text.endswith(_SENTENCE_END)]
    return full if len(near) >= max(3, len(told) * 0.2) and len(broken) >= len(near) * 0.6 else None


def _is_indented(lines: Sequence[Line]) -> bool:
    """Whether paragraphs begin with an indent, so that a line without one goes on."""
    lefts = [line.left for line in lines if line.text]
    flush = sum(1 for left in lefts if left < 1)
    stepped = sum(1 for left in lefts if 1.5 <= left <= 3)
    return flush >= len(lefts) * 0.2 and stepped >= len(lefts) * 0.1


def _width(sign: str) -> float:
    return 0.5 if ord(sign) < 0x2E80 and sign not in "“”‘’—…·" else 1
