"""What changed between two versions of what a unit handed in, for whoever reads the second. Pure.

A text is compared sentence by sentence, and a sentence that was rewritten character by character, so that a moved comma
does not paint a paragraph.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from domain.entries import FigureEntry, ItemEntry, State

_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")
_ALIKE = 0.5
"""A sentence that has less than this in common with the one in its place is another one, not a rewritten one."""

_MOST_PAIRS = 400_000
"""Pairs of sentences, or of characters of one sentence, that are compared; more are told as rewritten whole."""


class Mark(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A piece of text with its mark; what is kept and removed makes the old text, what is kept and added the new."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class PassageChange:
    """A passage that is not what it was."""

    slot: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class FigureChange:
    """A figure or its remark that is not what it was; None where the version had no such figure at all."""

    indicator: str
    before: FigureEntry | None
    after: FigureEntry | None

    @property
    def step(self) -> Decimal | None:
        """By how much the value went up; None where there is none before or after."""
        old, new = (None if f is None else f.value for f in (self.before, self.after))
        return None if old is None or new is None else new - old


@dataclass(frozen=True)
class Differences:
    """Everything that changed, passages and figures in the order of the new version; ``state`` is the old and the new."""

    state: tuple[State, State] | None
    passages: tuple[PassageChange, ...]
    figures: tuple[FigureChange, ...]
    attached: tuple[str, ...]
    detached: tuple[str, ...]

    @property
    def none(self) -> bool:
        """Whether nothing changed."""
        return not (self.state or self.passages or self.figures or self.attached or self.detached)


def differences(before: ItemEntry, after: ItemEntry) -> Differences:
    """What changed from one version to another; attachments by their digest."""
    old, new = set(before.attachments or ()), set(after.attachments or ())
    return Differences(
        state=None if before.state is after.state else (before.state, after.state),
        passages=tuple(_passages(before, after)),
        figures=tuple(_figures(before, after)),
        attached=tuple(sorted(new - old)),
        detached=tuple(sorted(old - new)),
    )


def marks(before: str, after: str) -> tuple[Piece, ...]:
    """A text with what was added and removed; neighbours of one mark are one piece, removed comes before added."""
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    pieces: list[Piece] = []
    for mark, a, b in _steps(old, new):
        if mark is Mark.KEPT:
            pieces.append(Piece(mark, "".join(a)))
        else:
            pieces += _rewritten("".join(a), "".join(b))
    return tuple(_joined(pieces))


def _rewritten(before: str, after: str) -> Iterator[Piece]:
    """Sentences that differ, character by character where they have something in common."""
    common = sum(len(a) for mark, a, _ in _steps(before, after) if mark is Mark.KEPT)
    if 2 * common < _ALIKE * (len(before) + len(after)):
        yield Piece(Mark.REMOVED, before)
        yield Piece(Mark.ADDED, after)
        return
    for mark, a, b in _steps(before, after):
        if mark is Mark.KEPT:
            yield Piece(mark, "".join(a))
        else:
            yield Piece(Mark.REMOVED, "".join(a))
            yield Piece(Mark.ADDED, "".join(b))


def _steps(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[Mark, Sequence[str], Sequence[str]]]:
    """Stretches that are kept, and what stands in place of what; ADDED stands for any change.

    What both begin and end with is kept without being compared further; what is left is compared only where that is no
    work that somebody could make endless.
    """
    room = min(len(before), len(after))
    start = next((n for n in range(room) if before[n] != after[n]), room)
    end = next((n for n in range(room - start) if before[-1 - n] != after[-1 - n]), room - start)
    yield Mark.KEPT, before[:start], after[:start]
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if len(old) * len(new) > _MOST_PAIRS:
        yield Mark.ADDED, old, new
    else:
        for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield Mark.KEPT if tag == "equal" else Mark.ADDED, old[i:j], new[k:m]
    yield Mark.KEPT, before[len(before) - end :], after[len(after) - end :]


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Without empty pieces, neighbours of one mark together; between two kept ones, what was removed comes first."""
    told = [piece for piece in pieces if piece.text]
    for kept, together in groupby(told, key=lambda piece: piece.mark is Mark.KEPT):
        stretch = list(together)
        for mark in (Mark.KEPT,) if kept else (Mark.REMOVED, Mark.ADDED):
            text = "".join(piece.text for piece in stretch if piece.mark is mark)
            if text:
                yield Piece(mark, text)


def _passages(before: ItemEntry, after: ItemEntry) -> Iterator[PassageChange]:
    old, new = ({p.slot: p.text for p in entry.passages} for entry in (before, after))
    for slot in (*new, *(slot for slot in old if slot not in new)):
        if old.get(slot, "") != new.get(slot, ""):
            yield PassageChange(slot, marks(old.get(slot, ""), new.get(slot, "")))


def _figures(before: ItemEntry, after: ItemEntry) -> Iterator[FigureChange]:
    old, new = ({f.indicator: f for f in entry.figures} for entry in (before, after))
    for indicator in (*new, *(indicator for indicator in old if indicator not in new)):
        if old.get(indicator) != new.get(indicator):
            yield FigureChange(indicator, old.get(indicator), new.get(indicator))
