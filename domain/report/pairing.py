"""Which passage of an edited document is which of the one that it was made as. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from domain.report.passages import Passage

_ALIKE = 0.5
"""A passage that has less than this in common with another is not that one rewritten."""
_MOST_LIKENESSES = 1_000
"""Likenesses reckoned within one stretch of changed passages; in a longer one only marks tell which is which."""
_COMPARED = 600
"""Characters from which the likeness of two passages is reckoned."""
_SHORT = 30
"""Characters of a label or a cell, at the most."""


@dataclass(frozen=True)
class Pairs:
    """Passages that belong together, by their places before and after.

    Attributes:
        partners: place after, by place before.
        astray: places before of passages that stand elsewhere now.
        only_after: places after of passages that were not there before.
    """

    partners: Mapping[int, int]
    astray: frozenset[int]
    only_after: tuple[int, ...]

    def partner(self, place: int) -> int | None:
        """Where a passage stands now; None for one that is gone."""
        return self.partners.get(place)

    def moved(self, place: int) -> bool:
        """Whether a passage stands in another order now."""
        return place in self.astray


def pair(before: Sequence[Passage], after: Sequence[Passage]) -> Pairs:
    """Pair what is the same, then what was rewritten in its place, then what was moved."""
    partners: dict[int, int] = {}
    texts = [passage.text for passage in before], [passage.text for passage in after]
    for tag, i, j, k, m in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if tag == "equal":
            partners.update(zip(range(i, j), range(k, m), strict=True))
        else:
            partners.update(_rewritten(before, after, range(i, j), range(k, m)))
    taken = set(partners.values())
    left = [place for place in range(len(after)) if place not in taken]
    astray = dict(_moved(before, after, [n for n in range(len(before)) if n not in partners], left))
    partners.update(astray)
    found = set(partners.values())
    return Pairs(partners, frozenset(astray), tuple(n for n in left if n not in found))


def _rewritten(
    before: Sequence[Passage], after: Sequence[Passage], old: range, new: range
) -> Iterator[tuple[int, int]]:
    """Passages of a changed stretch that belong together: by their marks, else by their words, in one order."""
    anchors = list(_in_order(_by_marks(before, after, old, new)))
    yield from anchors
    edges = [(old.start - 1, new.start - 1), *anchors, (old.stop, new.stop)]
    for (i, k), (j, m) in pairwise(edges):
        yield from _alike(before, after, range(i + 1, j), range(k + 1, m))


def _by_marks(
    before: Sequence[Passage], after: Sequence[Passage], old: Sequence[int], new: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Passages that hold the same figures, those that hold the most of them first found."""
    holders: dict[str, int] = {}
    for place in new:
        for figure in after[place].figures:
            holders.setdefault(figure.id, place)
    taken: set[int] = set()
    for place in old:
        shared: dict[int, int] = defaultdict(int)
        for figure in before[place].figures:
            if (holder := holders.get(figure.id)) is not None and holder not in taken:
                shared[holder] += 1
        if shared:
            best = max(shared, key=lambda holder: shared[holder])
            taken.add(best)
            yield place, best


def _in_order(found: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Pairs without those that cross an earlier one: these were moved."""
    last = -1
    for old, new in found:
        if new > last:
            last = new
            yield old, new


def _alike(
    before: Sequence[Passage], after: Sequence[Passage], old: range, new: range
) -> Iterator[tuple[int, int]]:
    if len(old) * len(new) > _MOST_LIKENESSES:
        return
    if len(old) == len(new):
        yield from (p for p in zip(old, new, strict=True) if _same_place(before[p[0]].text, after[p[1]].text))
        return
    first = new.start
    for place in old:
        likeness = {
            other: _likeness(before[place].text, after[other].text) for other in range(first, new.stop)
        }
        best = max(likeness, key=lambda other: likeness[other], default=None)
        if best is not None and likeness[best] >= _ALIKE:
            yield place, best
            first = best + 1


def _same_place(one: str, other: str) -> bool:
    """Whether what stands in a passage's place is that passage: what is short has little to be like by."""
    return max(len(one), len(other)) <= _SHORT or _likeness(one, other) >= _ALIKE


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one[:_COMPARED], other[:_COMPARED], autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0


def _moved(
    before: Sequence[Passage], after: Sequence[Passage], old: Sequence[int], new: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Passages that are nowhere near where they were: the same words, else the same figures."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for place in reversed(new):
        waiting[after[place].text].append(place)
    rest = []
    taken: set[int] = set()
    for place in old:
        if waiting[before[place].text]:
            taken.add(waiting[before[place].text][-1])
            yield place, waiting[before[place].text].pop()
        else:
            rest.append(place)
    yield from _by_marks(before, after, rest, [place for place in new if place not in taken])
