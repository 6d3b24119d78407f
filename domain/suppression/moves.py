"""Changes to a table that no reader can notice.

A move changes some unknown cells by whole amounts so that every equation still holds: in a row and
column table +1 -1 / -1 +1 on the corners of a rectangle. The search is best first: cheapest set of
cells to withhold besides, then fewest equations still out of balance. It looks at a bounded
number of partners and states; a move that it overlooks costs a withheld cell more, never safety.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from heapq import heappop, heappush
from itertools import islice

from domain.suppression.system import System

_SMALL = 64  # equations up to this size are looked through whole
_LOOKED_AT = 96  # cells looked at of a larger one
_PARTNERS = 12  # partners tried of those


class Reach(IntEnum):
    """Which cells a move may use."""

    WITHHELD = 0  # those that are unknown already
    PUBLISHED = 1  # others too; they are then withheld
    ZEROS = 2  # even published zeros, which readers may know for other reasons


STATES = {Reach.WITHHELD: 150, Reach.PUBLISHED: 1500, Reach.ZEROS: 6000}


@dataclass(slots=True)
class Point:
    """An alternative table: the true one but for some changed cells."""

    system: System
    changed: dict[int, int] = field(default_factory=dict)
    any_low: bool = False  # for readers who do not know that withheld figures are not zero

    def value(self, cell: int) -> int:
        """The cell's value in this table."""
        return self.changed.get(cell, self.system.value[cell])

    def room(self, move: dict[int, int]) -> int | None:
        """How often a move can be made before a cell meets its floor; None if always."""
        return min((self.slack(i) // -by for i, by in move.items() if by < 0), default=None)

    def slack(self, cell: int) -> int:
        """How far a cell can still go down."""
        low = self.system.floor[cell]
        return self.value(cell) - (min(low, 0) if self.any_low else low)

    def make(self, move: dict[int, int], times: int) -> None:
        """Change the table by a move."""
        for cell, by in move.items():
            self.changed[cell] = self.value(cell) + by * times


def find_move(point: Point, cell: int, direction: int, times: int, reach: Reach) -> dict[int, int] | None:
    """Find a move that changes `cell` by `direction` and can be made `times` times over.

    Returns:
        Change by cell; None if the search finds none.
    """
    system = point.system
    imbalance = {e: system.equations[e][cell] * direction for e in system.member[cell]}
    heap = [(len(imbalance), 0, 0, {cell: direction}, imbalance)]
    seen: set[frozenset[tuple[int, int]]] = set()
    pushed = 0
    for _ in range(STATES[reach]):
        if not heap:
            return None
        _, _, cost, move, imbalance = heappop(heap)
        if not imbalance:
            return move
        for partner, by, price in _partners(point, move, imbalance, times, reach):
            extended = {**move, partner: by}
            key = frozenset(extended.items())
            if key in seen:
                continue
            seen.add(key)
            left = _rebalanced(system, imbalance, partner, by)
            pushed += 1
            heappush(heap, (cost + price + len(left), pushed, cost + price, extended, left))
    return None


def _rebalanced(system: System, imbalance: dict[int, int], cell: int, by: int) -> dict[int, int]:
    left = dict(imbalance)
    for equation in system.member[cell]:
        rest = left.get(equation, 0) + system.equations[equation][cell] * by
        if rest:
            left[equation] = rest
        else:
            left.pop(equation, None)
    return left


def _partners(
    point: Point, move: dict[int, int], imbalance: dict[int, int], times: int, reach: Reach
) -> Iterator[tuple[int, int, int]]:
    """Cells that bring the smallest unbalanced equation back, by how much, at which price."""
    system = point.system
    equation = min(imbalance, key=lambda e: (len(system.equations[e]), e))
    terms = system.equations[equation]

    def usable(cells: Iterator[int]) -> Iterator[tuple[int, int, int]]:
        for cell in cells:
            if cell in move or system.fixed[cell] or imbalance[equation] % terms[cell]:
                continue
            by = -imbalance[equation] // terms[cell]
            if by < 0 and point.slack(cell) < -by * times:
                continue
            if system.hidden[cell]:
                yield cell, by, 0
            elif system.value[cell] or reach is Reach.ZEROS:
                yield cell, by, system.grade[cell]

    whole = len(terms) <= _SMALL
    loose = system.loose(equation)
    yield from usable(loose) if whole else islice(usable(islice(loose, _LOOKED_AT)), _PARTNERS)
    if reach is Reach.WITHHELD:
        return
    others = system.publishable(equation)
    if whole:
        yield from usable(others)
        return
    yield from islice(usable(islice(others, _LOOKED_AT)), _PARTNERS)
    # The total of a long column is not among its cheapest cells, but always a way out.
    yield from usable(i for i in (system.largest(equation),) if not system.hidden[i])
