"""A notice's text as numbered paragraphs and sentences, which plans cite as ``四（三）8#2``. Pure.

Ids follow the four levels of headings of GB/T 9704 (一、 （一） 1. （1）) and are normalised by position, because
typists misnumber: ``3、`` on a line of its own after 二、 is 三, and ``（2）`` after （一） is （二）. What stands before
the first heading is ``文头`` (number, title, addressee), ``印发`` (the covering letter up to its date), ``引言``.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from domain.numerals import chinese
from domain.plan import Paragraph

HEAD, COVER, INTRODUCTION = "文头", "印发", "引言"
NUMERALS = "一二三四五六七八九十"
TITLE_LIMIT = 40
"""A first sentence longer than this many characters is text, not a heading."""

_SENTENCE_END = re.compile(r"(?<=[。；！？])(?![”’」』）》])")
_DATE_LINE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_LEVEL_1 = re.compile(rf"([{NUMERALS}]+|\d{{1,2}})、\s*(.*)")
_LEVEL_2 = re.compile(rf"[（(]([{NUMERALS}]+|\d{{1,2}})[）)]\s*(.*)")
_LEVEL_3 = re.compile(r"(\d{1,3})(?:[.．](?!\d)|、)\s*(.*)")


@dataclass(frozen=True)
class NoticeParagraph:
    """A paragraph: its id, its heading without number, and the sentences after the heading."""

    id: str
    title: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentences joined, without white space."""
        return "".join(self.sentences)


@dataclass
class _Open:
    """A paragraph that is still being read."""

    id: str
    title: str = ""
    text: str = ""


@dataclass
class _Position:
    """How far the numbering has come; ``ordinals`` of the levels 1 to 4."""

    ordinals: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    depth: int = 0

    def enter(self, level: int, *, numbered_one: bool) -> str:
        """Go to the next heading of ``level`` and return its id."""
        at, fresh = level - 1, self.depth < level
        restarts = level != 3 or numbered_one  # items may run on from section to section: 4. after （二）
        self.ordinals[at] = 1 if fresh and restarts else self.ordinals[at] + 1
        kept = level if level != 2 else 3
        self.ordinals[kept:] = [0] * (4 - kept)
        self.depth = level
        return self._id()

    def _id(self) -> str:
        first, second, third, fourth = self.ordinals
        shown = [chinese(first) if first else ""]
        shown.append(f"（{chinese(second)}）" if second and self.depth >= 2 else "")
        shown.append(str(third) if self.depth >= 3 else "")
        shown.append(f"（{fourth}）" if self.depth >= 4 else "")
        return "".join(shown)


def parse_notice(text: str) -> tuple[NoticeParagraph, ...]:
    """The paragraphs of a notice in their order, headings of sections included.

    Line breaks inside a paragraph mean nothing, so that lists of people stay whole in theirs. A heading's own first
    sentence is its title and is not counted among the sentences.
    """
    read: list[_Open] = [_Open(HEAD)]
    position = _Position()
    for line in (raw.strip().lstrip("\ufeff") for raw in text.splitlines()):
        if not line:
            continue
        heading = _heading(line, position)
        if heading is not None:
            level, number, rest = heading
            title, body = _split_title(rest)
            read.append(_Open(position.enter(level, numbered_one=number == "1"), title, body))
            continue
        if position.depth == 0 and read[-1].id == COVER and _is_dated(read[-1].text):
            read.append(_Open(INTRODUCTION))
        read[-1].text += line
        if read[-1].id == HEAD and line.endswith(("：", ":")):
            read.append(_Open(COVER))
    return tuple(
        NoticeParagraph(p.id, p.title, tuple(split_sentences(p.text))) for p in read if p.title or p.text
    )


def split_sentences(text: str) -> Iterator[str]:
    """Sentences as cited: they end after 。；！？ and a closing quotation mark or bracket; without white space."""
    for part in _SENTENCE_END.split("".join(text.split())):
        if part:
            yield part


def digest(sentence: str) -> str:
    """First eight hex digits of the sentence's SHA-256, white space aside."""
    return hashlib.sha256("".join(sentence.split()).encode()).hexdigest()[:8]


def outline(paragraphs: Iterable[NoticeParagraph]) -> tuple[Paragraph, ...]:
    """What a plan keeps of its notice: ids, headings and digests, never the text."""
    return tuple(
        Paragraph(id=p.id, title=p.title, sentences=tuple(digest(s) for s in p.sentences)) for p in paragraphs
    )


def _heading(line: str, position: _Position) -> tuple[int, str, str] | None:
    """Level, number as written and rest of a numbered line; None for an ordinary one."""
    if found := _LEVEL_1.fullmatch(line):
        number, rest = found.groups()
        if not number.isdigit() or _is_first_level(int(number), rest, position):
            return 1, number, rest
    if found := _LEVEL_2.fullmatch(line):
        number, rest = found.groups()
        level = 4 if number.isdigit() and _is_fourth_level(int(number), position) else 2
        return (level, number, rest) if position.depth else None
    if found := _LEVEL_3.fullmatch(line):
        number, rest = found.groups()
        return (3, number, rest) if position.depth else None
    return None


def _is_first_level(number: int, rest: str, position: _Position) -> bool:
    """Whether ``3、`` stands for 三、: it continues that numbering, and the line is nothing but a heading."""
    return number == position.ordinals[0] + 1 and not _SENTENCE_END.search(rest)


def _is_fourth_level(number: int, position: _Position) -> bool:
    """Whether ``（2）`` is a point below an item, not a misnumbered （二）."""
    if position.depth < 3:
        return False
    continues_fourth = number == position.ordinals[3] + 1
    continues_second = number == position.ordinals[1] + 1
    return continues_fourth or not continues_second


def _split_title(rest: str) -> tuple[str, str]:
    """A numbered line's heading and the text after it; a long first sentence is text."""
    title, stop, body = rest.partition("。")
    if len(title) > TITLE_LIMIT:
        return "", rest
    return (title, body) if stop else (rest, "")


def _is_dated(text: str) -> bool:
    """Whether a covering letter has come to its date."""
    return _DATE_LINE.search("".join(text.split())[-11:]) is not None
