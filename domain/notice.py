"""A notice's text as numbered paragraphs and sentences, which plans cite as ``四（三）8#2``. Pure.

Ids follow the headings of GB/T 9704 (一、 （一） 1. （1）) and what else documents use (:mod:`domain.numbering`), normalised
by position. What stands before the first heading is ``文头`` (number, title, addressee), ``印发`` (the covering letter up
to its date), ``引言``; numbered points of the covering letter are ``印发一``. What an annex says is ``附件2一``.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from domain.numbering import Numbered, Position, Style, is_bare, opens_second
from domain.plan import Paragraph

HEAD, COVER, INTRODUCTION, ANNEX = "文头", "印发", "引言", "附件"
TITLE_LIMIT = 40
"""A first sentence longer than this many characters is text, not a heading."""

_SENTENCE_END = re.compile(r"(?<=[。；！？])(?![”’」』）》])")
_DATE_LINE = re.compile(
    r"(\d{4}年\d{1,2}月\d{1,2}日|[〇○零一二三四五六七八九十]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_ANNEXES, _LISTED = re.compile(r"附\s*件\s*[:：]\s*\S"), re.compile(r"\d{1,2}\s*[.．、]")
_CLAUSE = re.compile("[，。；：]")
_ANNEX_LINE = re.compile(r"附\s*件\s*([0-9０-９]{0,2}|[一二三四五六七八九十]{1,2})\s*[:：]?")


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


@dataclass(frozen=True)
class Misnumbered:
    """A heading that bears another number than its place gives it."""

    id: str
    line: int
    written: str
    expected: int


@dataclass
class Section:
    """A paragraph with what the reader of a plan needs beside its sentences.

    ``style`` is None where it has no number; ``parent`` is the section's position that it stands under. ``line`` is that of
    its heading, and ``lines`` are those after it: each with its position, and where on it the text begins.
    """

    id: str
    title: str = ""
    style: Style | None = None
    parent: int | None = None
    line: int = 0
    lines: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines joined."""
        return "".join(text for _, _, text in self.lines)

    @property
    def paragraph(self) -> NoticeParagraph:
        """What of it is cited."""
        return NoticeParagraph(self.id, self.title, tuple(split_sentences(self.text)))

    def places(self) -> list[tuple[int, int]]:
        """The line, and the character on it, at which each sentence begins."""
        signs = [
            (line, start + at)
            for line, start, text in self.lines
            for at, sign in enumerate(text)
            if not sign.isspace()
        ]
        found, at = [], 0
        for sentence in split_sentences(self.text):
            found.append(signs[at])
            at += len(sentence)
        return found


@dataclass
class Reading:
    """A notice as read: its sections in their order, and what of its numbering is wrong."""

    sections: list[Section] = field(default_factory=list)
    misnumbered: list[Misnumbered] = field(default_factory=list)


def parse_notice(text: str) -> tuple[NoticeParagraph, ...]:
    """The paragraphs of a notice in their order, headings of sections included.

    Line breaks inside a paragraph mean nothing, so that lists of people stay whole in theirs. A heading's own first
    sentence is its title and is not counted among the sentences.
    """
    return paragraphs(read_sections(text.splitlines()))


def paragraphs(reading: Reading) -> tuple[NoticeParagraph, ...]:
    """What of a reading is cited; empty paragraphs left out."""
    return tuple(s.paragraph for s in reading.sections if s.title or s.text)


def read_sections(lines: Sequence[str]) -> Reading:
    """The sections of a notice, from its lines."""
    reader = _Reader([line.strip().lstrip("\ufeff") for line in lines])
    return reader.read()


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


class _Reader:
    """Goes through a notice's lines once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._bare = is_bare(lines)
        self._position = Position(self._bare)
        self._scope = ""
        self._annexes = 0
        self._listing = False
        self._found = Reading()
        self._chinese: set[Style] = set()
        self._names: Counter[str] = Counter()
        self._open(Section(HEAD))
        self._parents: list[tuple[Style, int]] = []
        self._opens = self._before_second()
        self._cover_ends = self._numbered_cover()

    def read(self) -> Reading:
        for number, line in enumerate(self._lines):
            if not line:
                continue
            if _ANNEX_LINE.fullmatch(line):
                self._annex(number)
                continue
            self._listing = _ANNEXES.match(line) is not None or (
                self._listing and _LISTED.match(line) is not None
            )
            heading = None if self._listing else self._position.read(line, opens=self._opens[number])
            if heading is not None:
                self._enter(number, heading)
            else:
                self._ordinary(number, line)
        return self._found

    def _ordinary(self, number: int, line: str) -> None:
        last = self._found.sections[-1]
        if self._position.depth < 0 and last.id == COVER and _is_dated(last.text):
            last = self._open(Section(INTRODUCTION, line=number))
        last.lines.append((number, 0, line))
        if last.id == HEAD and line.endswith(("：", ":")):
            self._open(Section(COVER, line=number))
        if number == self._cover_ends:
            self._restart("")
            self._open(Section(INTRODUCTION, line=number))

    def _enter(self, number: int, heading: Numbered) -> None:
        title, body = _split_title(heading.rest)
        if heading.style is Style.ARTICLE and _CLAUSE.search(heading.rest):  # an article begins with its text
            title, body = "", heading.rest
        while self._parents and self._parents[-1][0] >= heading.style:
            self._parents.pop()
        scope = self._scope or (COVER if self._cover_ends is not None and number < self._cover_ends else "")
        name = scope + self._position.enter(heading)
        self._judge(name, number, heading)
        parent = self._parents[-1][1] if self._parents else None
        after = [(number, len(self._lines[number]) - len(body), body)] if body else []
        section = Section(name, title, heading.style, parent, number, after)
        self._parents.append((heading.style, len(self._found.sections)))
        self._open(section)

    def _judge(self, name: str, line: int, heading: Numbered) -> None:
        """Remember a number that is not the one of its place, or is written as those of another rank."""
        digits, style = heading.written.isdigit(), heading.style
        other_rank = digits and style in (Style.FIRST, Style.SECOND) and style in self._chinese
        if not digits:
            self._chinese.add(style)
        if other_rank or heading.number != self._position.ordinal:
            self._found.misnumbered.append(Misnumbered(name, line, heading.written, self._position.ordinal))

    def _annex(self, number: int) -> None:
        """Begin an annex with a numbering of its own; the first may be the plan itself, and is then none."""
        if self._position.depth < 0 and not self._scope and self._is_numbered_below(number):
            if not self._names[INTRODUCTION]:
                self._open(Section(INTRODUCTION, line=number))
            return
        self._annexes += 1
        self._restart(f"{ANNEX}{self._annexes}")
        self._open(Section(self._scope, line=number))

    def _restart(self, scope: str) -> None:
        self._scope = scope
        self._position = Position(self._bare)
        self._parents = []

    def _open(self, section: Section) -> Section:
        """Add a section; one of a name that was there before gets another."""
        self._names[section.id] += 1
        if self._names[section.id] > 1:
            section.id += f"·{self._names[section.id]}"
        self._found.sections.append(section)
        return section

    def _is_numbered_below(self, number: int) -> bool:
        """Whether an annex has numbered paragraphs, as a plan has and a table has not."""
        for line in self._lines[number + 1 :]:
            if _ANNEX_LINE.fullmatch(line):
                return False
            if opens_second(line) is not None:
                return True
        return False

    def _before_second(self) -> list[bool]:
        """For each line, whether the next numbered one is （一）."""
        found, coming = [], False
        for line in reversed(self._lines):
            found.append(coming)
            told = opens_second(line)
            coming = coming if told is None else told
        return found[::-1]

    def _numbered_cover(self) -> int | None:
        """The line of the date under a covering letter that has numbered points of its own; None for any other.

        Such a letter is followed by a plan that begins with 一、 again.
        """
        firsts = [n for n, line in enumerate(self._lines) if re.match(r"一\s*[、.．]", line)]
        if len(firsts) < 2:
            return None
        dates = [n for n, line in enumerate(self._lines) if _DATE_LINE.fullmatch("".join(line.split()))]
        return next((n for n in dates if firsts[0] < n < firsts[1]), None)


def _split_title(rest: str) -> tuple[str, str]:
    """A numbered line's heading and the text after it; a long first sentence is text."""
    title, stop, body = rest.partition("。")
    if len(title) > TITLE_LIMIT:
        return "", rest
    return (title, body) if stop else (rest, "")


def _is_dated(text: str) -> bool:
    """Whether a covering letter has come to its date."""
    return _DATE_LINE.search("".join(text.split())[-11:]) is not None
