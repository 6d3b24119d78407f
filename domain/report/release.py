"""From raw figures to released ones: the only door through which a figure reaches a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.aggregate import Figure, Gap, Key, Source
from domain.canonical import decimal_text
from domain.counts import Missing, Released, Shown
from domain.plan import Indicator, Plan
from domain.report.blocks import Cell, FigureRef
from domain.report.relations import Opening, as_published, cell_id, relations
from domain.report.sums import DISTRICT, sums
from domain.suppression import Table, suppress

INCOMPLETE_MARK = "△"
"""Behind a figure that lacks parts which were due."""


@dataclass(frozen=True)
class ReleasedFigure:
    """A figure that may leave the office, with its sources and what it lacks.

    ``id`` is stable: place of the indicator in the plan, for a unit's figure its place too.
    """

    id: str
    indicator: Indicator
    unit: str
    year: int
    released: Released
    sources: tuple[Source, ...]
    gaps: tuple[Gap, ...]

    @property
    def shown(self) -> Decimal | None:
        """The value where it is published; None where it is withheld or missing."""
        return self.released.value if isinstance(self.released, Shown) else None

    @property
    def text(self) -> str:
        """The figure as a table prints it: number, mark of withholding, or dash; △ where parts are missing."""
        mark = INCOMPLETE_MARK if self.gaps and not isinstance(self.released, Missing) else ""
        return self.released.text() + mark

    def cell(self) -> Cell:
        """The figure as a table's cell."""
        return Cell(text=self.text)

    def ref(self) -> FigureRef:
        """The figure with its unit of measure as words of a sentence."""
        return FigureRef(id=self.id, text=self.released.text(self.indicator.unit))


@dataclass(frozen=True)
class Book:
    """The released figures of one year, by indicator and unit (:data:`DISTRICT` for the whole).

    ``table`` is what was decided on: raw figures, with everything that readers know about them.
    """

    year: int
    figures: Mapping[Key, ReleasedFigure]
    numbers: Mapping[str, str]
    table: Table

    def get(self, indicator: str, unit: str = DISTRICT) -> ReleasedFigure | None:
        """The figure; None where this unit does not supply it or it does not add up over units."""
        return self.figures.get((indicator, unit))

    def published(self) -> Table:
        """The table as readers of a later year know it."""
        shown = (cell_id(self.year, key) for key, figure in self.figures.items() if figure.shown is not None)
        return as_published(self.table, shown)

    def number(self, indicator: str) -> str:
        """The number by which the annexes know an indicator: its place in the plan."""
        return self.numbers[indicator]


def release(
    plan: Plan,
    collected: Mapping[Key, Figure],
    year: int,
    *,
    earlier: Book | None = None,
    closing: Mapping[Key, Figure] | None = None,
) -> Book:
    """Release a year's figures: totals and rates reckoned, small counts withheld with whatever gives them away.

    Args:
        plan: says how figures hang together and what is sensitive.
        collected: each unit's raw figures, as :func:`domain.aggregate.unit_figures` gives them.
        year: the year that they speak of.
        earlier: the book of the year before, which readers can lay beside this one.
        closing: the units' raw figures at the end of the year before, from which this year's levels started.
    """
    found = sums(plan, collected)
    published = Table(()) if earlier is None else earlier.published()
    table = relations(plan, found, year, _opening(plan, closing or {}, earlier), published)
    decided = suppress(table, threshold=plan.rules.suppression.threshold).released()
    places = {DISTRICT: "", **{u: f"-{place:02}" for place, u in enumerate(plan.units_by_id, start=1)}}
    numbers = {indicator.id: f"{rank:02}" for rank, indicator in enumerate(plan.indicators, start=1)}
    figures = {
        key: ReleasedFigure(
            id=f"{numbers[key[0]]}{places[key[1]]}",
            indicator=plan.indicators_by_id[key[0]],
            unit=key[1],
            year=year,
            released=decided[cell_id(year, key)],
            sources=figure.sources,
            gaps=figure.gaps,
        )
        for key, figure in found.figures.items()
    }
    return Book(year, figures, numbers, table)


def _opening(plan: Plan, closing: Mapping[Key, Figure], earlier: Book | None) -> Opening:
    """The levels at the turn of the year, and which of them the earlier book holds as they are."""
    if earlier is None:
        return Opening()
    stocks = {balance.stock for balance in plan.balances}
    figures = {key: figure for key, figure in sums(plan, closing).figures.items() if key[0] in stocks}
    printed = (
        k for k, f in figures.items() if k in earlier.figures and earlier.figures[k].sources == f.sources
    )
    return Opening(figures, frozenset(printed))


def change(now: ReleasedFigure | None, before: ReleasedFigure | None) -> str:
    """The change on last year as words: a difference for rates, per cent for counts; a dash where unknown.

    Reckoned from two published figures only, so that it tells nothing new; not from a year that lacks parts, nor from
    flows of different periods, as in the year in which the plan began.
    """
    if now is None or before is None or now.shown is None or before.shown is None:
        return "—"
    if now.gaps or before.gaps or _periods(now) != _periods(before):
        return "—"
    difference = now.shown - before.shown
    if not difference:
        return "持平"
    if now.indicator.ratio is not None:
        return f"{_signed(difference)}个百分点"
    if not before.shown:
        return "—"
    return f"{_signed((difference * 100 / before.shown).quantize(Decimal('0.1')))}%"


def _periods(figure: ReleasedFigure) -> frozenset[tuple[str, str]]:
    """The parts of the year that a flow sums, by unit; nothing for levels and rates."""
    if figure.indicator.over_time != "sum":
        return frozenset()
    return frozenset((source.unit, source.period.removeprefix(str(figure.year))) for source in figure.sources)


def _signed(value: Decimal) -> str:
    return ("+" if value > 0 else "") + decimal_text(value)
