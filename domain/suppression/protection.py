"""Seeing to it that a withheld cell cannot be worked out again.

Each cell to be protected gets a goal: how low and how high the tables that a reader must think
possible have to show it. The protector looks for such tables among the cells already unknown, and
where there are none it withholds further cells until there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, gcd, lcm

from domain.suppression.moves import Point, Reach, find_move
from domain.suppression.system import System
from domain.suppression.table import Table

_STEPS = 40  # moves that one goal may be put together from
UNKNOWN = (Reach.WITHHELD,)
ANY = tuple(Reach)


@dataclass(frozen=True, slots=True)
class Goal:
    """What a cell's possible values must span, in the units of the system.

    Attributes:
        cell: The cell.
        low: They reach down to this; None if only the width matters.
        high: They reach up to this; None if only the width matters.
        width: Highest less lowest is at least this.
    """

    cell: int
    low: int | None
    high: int | None
    width: int


@dataclass(slots=True, eq=False)
class Protector:
    """Withholds cells and keeps account of why."""

    system: System
    table: Table
    threshold: int
    partners: list[int] = field(default_factory=list)
    followers: list[int] = field(default_factory=list)
    exposed: set[str] = field(default_factory=set)
    _counts_of: dict[int, list[int]] = field(default_factory=dict)
    _queue: list[Goal] = field(default_factory=list)
    _primary: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        index = {name: i for i, name in enumerate(self.system.ids)}
        for link in sorted(self.table.links, key=lambda k: (k.amount, k.count)):
            self._counts_of.setdefault(index[link.amount], []).append(index[link.count])

    def withhold(self, cell: int) -> None:
        """Withhold a cell and all that is linked to it."""
        for i in self.system.group.get(cell, [cell]):
            if i != cell and not self.system.hidden[i]:
                self.followers.append(i)
            self.system.hide(i)

    def protect_all(self, primary: list[int]) -> None:
        """Reach the goals of all primary cells and of the amounts withheld with any count."""
        self._primary = set(primary)
        for cell in primary:
            self._protect(self._primary_goal(cell))
        done: set[int] = set()
        while amounts := [i for i in sorted(self._counts_of) if self.system.hidden[i] and i not in done]:
            for amount in amounts:
                done.add(amount)
                for count in self._counts_of[amount]:
                    self._protect_amount(amount, count)

    def _primary_goal(self, cell: int) -> Goal:
        """A small count must seem able to be any small count, and a threshold higher."""
        system, unit = self.system, self.threshold * self.system.scale[cell]
        if system.value[cell] >= unit or not system.known_figure[cell]:
            return Goal(cell, None, None, unit)  # an internal figure of any size
        low = system.floor[cell] * system.scale[cell]
        return Goal(cell, low, low + unit, unit)

    def _protect_amount(self, amount: int, count: int) -> None:
        """An amount is protected as its count is, a child's share of money for a child."""
        system = self.system
        if system.fixed[amount]:
            if count in self._primary:
                self.exposed.add(system.ids[count])
            return
        share = self._share(amount, count)
        width = ceil(share * self.threshold * system.scale[count])
        if count not in self._primary:
            self._protect(Goal(amount, None, None, width))
            return
        goal = self._primary_goal(count)
        low = None if goal.low is None else floor(share * goal.low)
        high = None if goal.high is None else ceil(share * goal.high)
        self._protect(Goal(amount, low, high, width))

    def _share(self, amount: int, count: int) -> Fraction:
        """Money per child; for a group of none, the most that its table pays a child."""
        if self.system.value[count] > 0:
            return Fraction(self.system.value[amount], self.system.value[count])
        neighbours = (i for e in self.system.member[amount] for i in self.system.equations[e])
        return max(self._shares(neighbours), default=Fraction(1))

    def _shares(self, amounts: Iterable[int]) -> list[Fraction]:
        value = self.system.value
        return [
            Fraction(value[amount], value[count])
            for amount in amounts
            for count in self._counts_of.get(amount, ())
            if value[count] > 0
        ]

    def _protect(self, goal: Goal) -> None:
        """Reach a goal, or note the cell as exposed."""
        system, cell = self.system, goal.cell
        if system.fixed[cell]:
            self.exposed.add(system.ids[cell])
            return
        if goal.high is None or goal.low is None:
            reached = self._reach_width(cell, goal.width)
        else:
            reached = self._reach_span(cell, goal.low, goal.high)
        if not reached:
            self.exposed.add(system.ids[cell])

    def _reach_span(self, cell: int, low: int, high: int) -> bool:
        """Span low to high.

        To readers who know the rule, a total of several withheld parts cannot be as low as 1: none
        of the parts is 0. Then it goes as low for other readers, and for these that much higher.
        """
        value = self.system.value[cell]
        up, down = high - value, value - low
        reached = self._reach(cell, 1, up, ANY) >= up
        got = self._reach(cell, -1, down, ANY)
        if got < down:
            reached &= self._reach(cell, -1, down, ANY, any_low=True) >= down
            up += down - got
            reached &= self._reach(cell, 1, up, ANY) >= up
        return reached

    def _reach_width(self, cell: int, width: int) -> bool:
        """Span a width, for nothing if possible, else upwards, else downwards."""
        for direction in (1, -1):
            got = self._reach(cell, -direction, width, UNKNOWN)
            got += self._reach(cell, direction, width - got, ANY)
            if got >= width:
                return True
        return False

    def _reach(
        self,
        cell: int,
        direction: int,
        need: int,
        reaches: tuple[Reach, ...],
        *,
        any_low: bool = False,
    ) -> int:
        """Move a cell as far as needed; withhold what that takes.

        Returns:
            How far it got.
        """
        if need <= 0:
            return 0
        stride = self._stride(cell)
        point, got = Point(self.system, any_low=any_low), 0
        for reach in reaches:
            for whole in (True, False):
                for _ in range(_STEPS):
                    left = -(-(need - got) // stride)
                    if left <= 0:
                        return got
                    move = find_move(point, cell, direction * stride, left if whole else 1, reach)
                    if move is None:
                        break
                    self._adopt(move)
                    room = point.room(move)
                    times = left if room is None else min(left, room)
                    if not times:
                        break
                    point.make(move, times)
                    got += times * stride
        return got

    def _adopt(self, move: dict[int, int]) -> None:
        for i in sorted(move):
            if not self.system.hidden[i]:
                self.partners.append(i)
                self.withhold(i)

    def _stride(self, cell: int) -> int:
        """Smallest change that whole numbers of the other cells can make up for."""
        strides = [1]
        for e in self.system.member[cell]:
            if self.system.plain[e]:
                continue
            terms = self.system.equations[e]
            others = lcm(*(c for i, c in terms.items() if i != cell))
            strides.append(others // gcd(others, terms[cell]))
        return lcm(*strides)
