"""Which passage of an edited document is which of the one that it was made as. Pure."""

from bisect import bisect_left
from collections import Counter, defaultdict
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
    """Pair what holds the same figures, then what is the same or was rewritten in its place, then what was moved."""
    whole = range(len(before)), range(len(after))
    anchors = _in_order(list(_by_marks(before, after, *whole)))
    partners = dict(anchors)
    for old, new in _between(anchors, *whole):
        partners.update(_in_place(before, after, old, new))
    taken = set(partners.values())
    left = [place for place in whole[1] if place not in taken]
    astray = dict(_moved(before, after, [place for place in whole[0] if place not in partners], left))
    partners.update(astray)
    found = set(astray.values())
    return Pairs(partners, frozenset(astray), tuple(n for n in left if n not in found))


def _in_place(
    before: Sequence[Passage], after: Sequence[Passage], old: range, new: range
) -> Iterator[tuple[int, int]]:
    """Passages of one stretch that belong together by their words, in one order."""
    texts = [before[place].text for place in old], [after[place].text for place in new]
    for tag, i, j, k, m in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(old[i:j], new[k:m], strict=True)
        else:
            yield from _alike(before, after, old[i:j], new[k:m])


def _between(anchors: Sequence[tuple[int, int]], old: range, new: range) -> Iterator[tuple[range, range]]:
    """The stretches between pairs."""
    edges = [(old.start - 1, new.start - 1), *anchors, (old.stop, new.stop)]
    for (i, k), (j, m) in pairwise(edges):
        yield range(i + 1, j), range(k + 1, m)


def _by_marks(
    before: Sequence[Passage], after: Sequence[Passage], old: Sequence[int], new: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Passages that hold the same figures; of several, the one that holds the most, or says the same."""
    holders: dict[str, list[int]] = defaultdict(list)
    for place in new:
        for figure in after[place].figures:
            holders[figure.id].append(place)
    taken: set[int] = set()
    for place in old:
        shared = Counter(
            holder
            for figure in before[place].figures
            for holder in holders.get(figure.id, ())
            if holder not in taken
        )
        if shared:
            text = before[place].text
            best = max(shared, key=lambda holder: (shared[holder], after[holder].text == text, -holder))
            taken.add(best)
            yield place, best


def _in_order(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs that keep their order before and after; the others were moved."""
    ends: list[int] = []
    tails: list[int] = []
    earlier: list[int | None] = []
    for number, (_, new) in enumerate(found):
        length = bisect_left(ends, new)
        ends[length : length + 1], tails[length : length + 1] = [new], [number]
        earlier.append(tails[length - 1] if length else None)
    kept = []
    last = tails[-1] if tails else None
    while last is not None:
        kept.append(found[last])
        last = earlier[last]
    return kept[::-1]


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
