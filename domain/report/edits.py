"""What people changed by hand in a document that was made from a snapshot: figures first, then words. Pure.

A figure is known by its mark. Where somebody wrote over the mark, its place in the passage tells what became of it. And
a number that never had a mark (a rate in running text, a date) is compared with the numbers in its place.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum, StrEnum
from functools import partial

from domain.differences import Mark, Piece, marks
from domain.report.pairing import Pairs, pair
from domain.report.passages import CELL_END, Marked, Number, Passage, numbers, plain


class Verdict(IntEnum):
    """How far a document is from its snapshot."""

    UNCHANGED = 0
    TEXT = 1
    FIGURES = 2


class Edit(StrEnum):
    """What became of a figure."""

    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    MOVED = "moved"


EDIT_NAMES = {Edit.CHANGED: "改动", Edit.REMOVED: "删去", Edit.ADDED: "新增", Edit.MOVED: "移动"}


@dataclass(frozen=True)
class FigureEdit:
    """A figure that is not what or where it was.

    Attributes:
        id: its mark; empty for a number that has none.
        edit: what became of it.
        place: where it stands now, or stood.
        before: its words in the snapshot; empty for one that was added.
        after: its words now; empty for one that was removed.
        passage: the passage around it, as it is now or was.
    """

    id: str
    edit: Edit
    place: str
    before: str
    after: str
    passage: str


@dataclass(frozen=True)
class TextEdit:
    """A passage whose words, other than its figures, are not what they were."""

    place: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Edits:
    """Everything that was changed by hand."""

    figures: tuple[FigureEdit, ...]
    texts: tuple[TextEdit, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of it."""
        if self.figures:
            return Verdict.FIGURES
        return Verdict.TEXT if self.texts else Verdict.UNCHANGED


def edits(before: Sequence[Passage], after: Sequence[Passage]) -> Edits:
    """Compare a document with what it was made as.

    Args:
        before: the passages that the snapshot gives.
        after: the passages of the edited document.
    """
    pairs = pair(before, after)
    return Edits(tuple(_Figures(before, after, pairs).edits()), tuple(_texts(before, after, pairs)))


class _Figures:
    """Follows every figure from the one to the other."""

    def __init__(self, before: Sequence[Passage], after: Sequence[Passage], pairs: Pairs) -> None:
        self._before, self._after, self._pairs = before, after, pairs
        self._now: dict[str, list[tuple[int, Marked]]] = defaultdict(list)
        for place, passage in enumerate(after):
            for figure in passage.figures:
                self._now[figure.id].append((place, figure))
        self._found: set[tuple[str, int, int]] = set()
        self._hidden: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._hidden.update({n: _stretches(p) for n, p in enumerate(after)})

    def edits(self) -> Iterator[FigureEdit]:
        """Every edit of a figure, in the order of the snapshot; what was added where it stands comes last."""
        for place, passage in enumerate(self._before):
            astray = self._out_of_order(place)
            for figure in passage.figures:
                yield from self._followed(place, figure, astray=figure.id in astray)
            yield from self._unmarked(place)
        for place in self._pairs.only_after:
            yield from self._added(place)
        yield from self._copies()

    def _followed(self, place: int, figure: Marked, *, astray: bool) -> Iterator[FigureEdit]:
        passage = self._before[place]
        partner, was = self._pairs.partner(place), passage.words(figure)
        here = [(at, found) for at, found in self._now[figure.id] if at == partner]
        if self._now[figure.id]:
            at, found = (here or self._now[figure.id])[0]
            self._found.add((figure.id, at, found.start))
        if here:
            after = self._after[at]
            edit = Edit.MOVED if astray or self._pairs.moved(place) else Edit.CHANGED
            yield from _told(figure.id, edit, after, was, after.whole(found.start, found.end))
        elif self._now[figure.id]:
            after = self._after[at]
            yield from _told(figure.id, Edit.MOVED, after, was, after.whole(found.start, found.end))
        elif partner is None:
            place_then = passage.place_of(figure.start)
            yield FigureEdit(figure.id, Edit.REMOVED, place_then, was, "", passage.text)
        else:
            start, end = self._after[partner].whole(*_carried(passage, figure, self._after[partner].text))
            self._hidden[partner].append((start, end))
            now = self._after[partner]
            edit = Edit.MOVED if self._pairs.moved(place) else Edit.CHANGED
            yield from _told(figure.id, edit, now, was, (start, end))

    def _out_of_order(self, place: int) -> set[str]:
        """Figures that changed places within their passage."""
        partner = self._pairs.partner(place)
        if partner is None:
            return set()
        old = [figure.id for figure in self._before[place].figures]
        new = [figure.id for figure in self._after[partner].figures if figure.id in set(old)]
        old = [figure for figure in old if figure in set(new)]
        kept: set[str] = set()
        for start, _, size in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            kept.update(old[start : start + size])
        return set(old) - kept

    def _unmarked(self, place: int) -> Iterator[FigureEdit]:
        """Numbers that never had a mark."""
        passage, partner = self._before[place], self._pairs.partner(place)
        old = list(numbers(passage.text, tuple(_stretches(passage))))
        if partner is None:
            yield from (_lost(passage, number) for number in old)
            return
        now = self._after[partner]
        new = list(numbers(now.text, tuple(self._hidden[partner])))
        if self._pairs.moved(place):
            known = {number.value for number in old}
            yield from (_replaced(now, n, n, Edit.MOVED) for n in new if n.value in known)
        for i, j, k, m in _different([n.value for n in old], [n.value for n in new]):
            both = min(j - i, m - k)
            yield from map(partial(_replaced, now), old[i : i + both], new[k : k + both])
            yield from (_lost(passage, number) for number in old[i + both : j])
            yield from (_gained(now, number) for number in new[k + both : m])

    def _added(self, place: int) -> Iterator[FigureEdit]:
        """Numbers of a passage that was not there."""
        passage = self._after[place]
        yield from (_gained(passage, number) for number in numbers(passage.text, tuple(self._hidden[place])))

    def _copies(self) -> Iterator[FigureEdit]:
        """Figures that stand more than once now, or come from another document."""
        for place, passage in enumerate(self._after):
            for one in passage.figures:
                if (one.id, place, one.start) not in self._found and passage.words(one).strip():
                    place_now = passage.place_of(one.start)
                    yield FigureEdit(one.id, Edit.ADDED, place_now, "", passage.words(one), passage.text)


def _different(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Stretches of numbers in place of which others stand; as many as before are taken each for the one in its place."""
    found = [
        (i, j, k, m)
        for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    if len(old) == len(new):
        in_place = [(n, n + 1, n, n + 1) for n, one in enumerate(old) if one != new[n]]
        if len(in_place) <= sum(max(j - i, m - k) for i, j, k, m in found):
            return in_place
    return found


def _told(
    figure: str, edit: Edit, passage: Passage, before: str, now: tuple[int, int]
) -> Iterator[FigureEdit]:
    """What is told of a figure that is still there; nothing where it says what it said and has not moved."""
    place, after = passage.place_of(now[0]), passage.text[slice(*now)]
    if not after.strip():
        yield FigureEdit(figure, Edit.REMOVED, place, before, "", passage.text)
    elif edit is Edit.MOVED or plain(before) != plain(after):
        yield FigureEdit(figure, edit, place, before, after, passage.text)


def _stretches(passage: Passage) -> list[tuple[int, int]]:
    """What the marked figures of a passage take up of it."""
    return [passage.whole(figure.start, figure.end) for figure in passage.figures]


def _replaced(passage: Passage, old: Number, new: Number, edit: Edit = Edit.CHANGED) -> FigureEdit:
    return FigureEdit("", edit, passage.place_of(new.start), old.text, new.text, passage.text)


def _lost(passage: Passage, number: Number) -> FigureEdit:
    return FigureEdit("", Edit.REMOVED, passage.place_of(number.start), number.text, "", passage.text)


def _gained(passage: Passage, number: Number) -> FigureEdit:
    return FigureEdit("", Edit.ADDED, passage.place_of(number.start), "", number.text, passage.text)


def _carried(passage: Passage, figure: Marked, after: str) -> tuple[int, int]:
    """Where the words of a figure whose mark is gone stand now: in its cell, or where the words around it are."""
    if CELL_END in passage.text and passage.text.count(CELL_END) == after.count(CELL_END):
        cell = passage.text.count(CELL_END, 0, figure.start)
        cells = after.split(CELL_END)
        start = sum(len(each) + 1 for each in cells[:cell])
        return start, start + len(cells[cell])
    start = end = 0
    for tag, i, j, k, m in SequenceMatcher(None, passage.text, after, autojunk=False).get_opcodes():
        if i <= figure.start < j:
            start = k + figure.start - i if tag == "equal" else k
        if i < figure.end <= j:
            end = k + figure.end - i if tag == "equal" else m
    return start, max(start, end)


def _without_numbers(text: str) -> str:
    """The words of a passage, its numbers all alike."""
    last, kept = 0, []
    for number in numbers(text):
        kept.append(text[last : number.start])
        last = number.start + len(number.text)
    return "#".join((*kept, text[last:]))


def _texts(before: Sequence[Passage], after: Sequence[Passage], pairs: Pairs) -> Iterator[TextEdit]:
    for place, passage in enumerate(before):
        partner = pairs.partner(place)
        if partner is None or pairs.moved(place):
            yield TextEdit(passage.place, (Piece(Mark.REMOVED, passage.text),))
        elif _without_numbers(passage.text) != _without_numbers(after[partner].text):
            yield TextEdit(after[partner].place, marks(passage.text, after[partner].text))
    moved = [pairs.partner(place) for place in range(len(before)) if pairs.moved(place)]
    for place in sorted({*pairs.only_after, *(one for one in moved if one is not None)}):
        yield TextEdit(after[place].place, (Piece(Mark.ADDED, after[place].text),))
