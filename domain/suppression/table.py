"""The figures of a release and everything a reader knows about how they hang together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from domain.counts import RawCount, Sensitivity


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One figure.

    Attributes:
        id: Unique, stable name; the order of names decides between equally good partners.
        value: The raw figure; None where nobody reported it (missing is not zero).
        sensitivity: What the figure can tell about a child.
        printed: False for a figure that no table shows but that a reader could work out and that
            must be protected, such as 应访 minus 已访 or a quarter inside year-to-date figures.
        marked: True for a figure that an earlier release withheld, with a mark in its place: zeros were printed there, so
            its readers know that it is none.
    """

    id: str
    value: RawCount | None
    sensitivity: Sensitivity
    printed: bool = True
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Equation:
    """Coefficients (by cell id) of figures that add up to zero.

    Units that reported nothing drop out of an equation that balances without them. One that does
    not balance (units' figures do disagree) is kept: readers will reason with it all the same.
    """

    terms: Mapping[str, int]

    @classmethod
    def total(cls, total: str, parts: Iterable[str]) -> Self:
        """A row or column total, or a breakdown without overlap: total = sum of parts."""
        return cls({**dict.fromkeys(parts, 1), total: -1})

    @classmethod
    def stock(cls, now: str, before: str, entered: str, left: str) -> Self:
        """期末数 = 期初数 + 新增 - 退出."""
        return cls({before: 1, entered: 1, left: -1, now: -1})

    @classmethod
    def cumulative(cls, to_date: str, before: str, period: str) -> Self:
        """本期累计 = 上期累计 + 本期数."""
        return cls({before: 1, period: 1, to_date: -1})


@dataclass(frozen=True, slots=True)
class AtMost:
    """A part that cannot exceed its whole: 留守且困境 is at most 留守."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """A percentage (or average) with what it is computed from.

    It is published only where numerator and denominator are: then it tells nothing new, however
    it is rounded; otherwise it would give the missing one away.
    """

    percentage: str
    numerator: str
    denominator: str


@dataclass(frozen=True, slots=True)
class Link:
    """An amount of money (or goods) that follows a number of children: withheld together."""

    amount: str
    count: str


@dataclass(frozen=True, slots=True)
class Table:
    """All figures that one reader can lay side by side, and how they are linked.

    Attributes:
        cells: Figures of this release, and those of earlier ones that relations refer to.
        equations: Sums of any kind.
        bounds: Parts of wholes.
        ratios: Percentages.
        links: Amounts that follow counts. An amount that is exactly a public rate times a count
            may also be stated as an equation; the proof then covers both together.
        already_published: Cells whose value readers have from an earlier release.
    """

    cells: tuple[Cell, ...]
    equations: tuple[Equation, ...] = ()
    bounds: tuple[AtMost, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    links: tuple[Link, ...] = ()
    already_published: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        ids = {cell.id for cell in self.cells}
        if len(ids) != len(self.cells):
            raise ValueError("Two cells of a table bear the same id.")
        unknown = self._mentioned() - ids
        if unknown:
            raise ValueError(f"Relations mention cells that the table lacks: {sorted(unknown)}")
        if any(not coefficient for e in self.equations for coefficient in e.terms.values()):
            raise ValueError("An equation has a zero coefficient.")
        for cell in self.cells:
            _check_sign(cell)

    def _mentioned(self) -> set[str]:
        names = {name for equation in self.equations for name in equation.terms}
        names.update(name for b in self.bounds for name in (b.part, b.whole))
        names.update(n for r in self.ratios for n in (r.percentage, r.numerator, r.denominator))
        names.update(name for link in self.links for name in (link.amount, link.count))
        return names | self.already_published


def _check_sign(cell: Cell) -> None:
    """Refuse a negative number of children; a change on last year (open) may be negative."""
    counts_children = cell.sensitivity in (Sensitivity.COUNT, Sensitivity.SENSITIVE)
    if counts_children and cell.value is not None and cell.value.reveal_inside_office() < 0:
        raise ValueError(f"The count {cell.id} is negative.")
