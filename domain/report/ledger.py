"""The ledger of a report: every released figure with where it comes from, and what can be reckoned again from it.

It goes along with the report, so that whoever doubts a figure can follow it back to who handed it in and who accepted it.
Versions are named by their number in the store and not by a digest of what they say: whoever knows all but one small count
of a version could find that one by trying.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from domain.aggregate import Source
from domain.counts import Missing, Released, Shown
from domain.plan import Plan
from domain.report.blocks import Part
from domain.report.figures import printable
from domain.report.material import Material
from domain.report.release import Book, ReleasedFigure
from domain.report.sums import DISTRICT, district_name, parts_of


class SourceLine(Part):
    """A version that figures were taken from: ``submission`` is its number in the store."""

    submission: int
    unit: str
    duty: str
    period: str
    version: int
    submitted: date
    reviewer: str
    reviewed: date


class FigureLine(Part):
    """A released figure.

    Attributes:
        id: of its mark in the report; unique within a year.
        year: the year that it speaks of.
        indicator: id of the indicator.
        name: of the indicator.
        measure_unit: 计量单位.
        owner: id of the unit whose figure it is; empty for the whole district.
        owner_name: the unit's name, or 全区.
        released: shown, withheld or missing.
        whole: whether every part that was due is in it.
        adds_up: whether the district's figure is the sum of the units'.
        parts: of a rate, the ids of the indicators of numerator and denominator.
        sources: numbers of the versions that it was taken from.
    """

    id: str
    year: int
    indicator: str
    name: str
    measure_unit: str
    owner: str
    owner_name: str
    released: Released
    whole: bool
    adds_up: bool
    parts: tuple[str, ...] = ()
    sources: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The figure with its unit of measure, as prose prints it."""
        return self.released.text(self.measure_unit)


class Ledger(Part):
    """The figures of a report and the versions that they were taken from."""

    figures: tuple[FigureLine, ...]
    sources: tuple[SourceLine, ...]

    def of_mark(self, mark: str) -> tuple[FigureLine, ...]:
        """The figures with a mark, newest year first; none where the report has no such mark."""
        return tuple(sorted((f for f in self.figures if f.id == mark), key=lambda f: -f.year))

    def sources_of(self, figure: FigureLine) -> tuple[SourceLine, ...]:
        """The versions that a figure was taken from, by unit and period."""
        wanted = set(figure.sources)
        return tuple(s for s in self.sources if s.submission in wanted)


def ledger(plan: Plan, books: Iterable[Book], told: Collection[str]) -> Ledger:
    """The ledger of a report.

    Args:
        plan: what it is about.
        books: the years whose figures the report shows.
        told: ids of the indicators that the report tells of.
    """
    figures = [
        (book, figure)
        for book in books
        for (indicator, _), figure in book.figures.items()
        if indicator in told
    ]
    found = {source.submission: source for _, figure in figures for source in figure.sources}
    return Ledger(
        figures=tuple(sorted((_line(plan, *one) for one in figures), key=lambda f: (-f.year, f.id))),
        sources=tuple(source_line(plan, source) for _, source in sorted(found.items())),
    )


def year_ledger(material: Material, books: Sequence[Book] = ()) -> Ledger:
    """The ledger of a year's reports.

    Args:
        material: what they are written from.
        books: the years whose figures are shown; by default this one and the one before.
    """
    books = books or [book for book in (material.book, material.book_before) if book is not None]
    return ledger(material.plan, books, {i.id for i in printable(material.plan)})


def _line(plan: Plan, book: Book, figure: ReleasedFigure) -> FigureLine:
    indicator = figure.indicator
    return FigureLine(
        id=figure.id,
        year=book.year,
        indicator=indicator.id,
        name=indicator.name,
        measure_unit=indicator.unit,
        owner=figure.unit,
        owner_name=district_name(plan) if figure.unit == DISTRICT else plan.units_by_id[figure.unit].name,
        released=figure.released,
        whole=not figure.gaps,
        adds_up=indicator.ratio is None and indicator.over_units == "sum",
        parts=parts_of(indicator),
        sources=tuple(sorted({source.submission for source in figure.sources})),
    )


def source_line(plan: Plan, source: Source) -> SourceLine:
    """A version that something in a report was taken from."""
    duty = source.key.split("/")[1]
    return SourceLine(
        submission=source.submission,
        unit=plan.units_by_id[source.unit].name,
        duty=plan.duties_by_id[duty].title,
        period=source.period,
        version=source.version,
        submitted=source.day,
        reviewer=source.reviewer,
        reviewed=source.reviewed,
    )


@dataclass(frozen=True)
class Reckoned:
    """A figure of the district reckoned again from the units' published ones.

    ``value`` is None where that cannot be done: a part of it is withheld or missing.
    """

    figure: FigureLine
    value: Decimal | None

    @property
    def wrong(self) -> bool:
        """Whether the report says something else."""
        said = self.figure.released
        return self.value is not None and isinstance(said, Shown) and said.value != self.value


def reckoned_again(found: Ledger) -> Iterator[Reckoned]:
    """Every published total and rate, reckoned again from what is published of its parts."""
    by_place = {(f.year, f.indicator, f.owner): f for f in found.figures}
    for figure in found.figures:
        if not isinstance(figure.released, Shown):
            continue
        if figure.parts:
            yield Reckoned(figure, _rate(figure, by_place))
        elif figure.owner == DISTRICT and figure.adds_up:
            yield Reckoned(figure, _sum(figure.year, figure.indicator, None, by_place))


_Places = Mapping[tuple[int, str, str], FigureLine]


def _sum(year: int, indicator: str, owners: Iterable[str] | None, by_place: _Places) -> Decimal | None:
    """The sum over units; over all that have the figure where none are named. None where one is not published."""
    if owners is None:
        owners = [o for y, i, o in by_place if (y, i) == (year, indicator) and o != DISTRICT]
    released = [
        by_place[year, indicator, owner].released for owner in owners if (year, indicator, owner) in by_place
    ]
    known = [one.value for one in released if isinstance(one, Shown)]
    if not known or len(known) < sum(not isinstance(one, Missing) for one in released):
        return None
    return sum(known, Decimal(0))


def _rate(rate: FigureLine, by_place: _Places) -> Decimal | None:
    """A rate of sums, over the units that gave both of its parts."""
    owners = [rate.owner]
    if rate.owner == DISTRICT:
        owners = [
            o
            for (y, i, o), f in by_place.items()
            if (y, i) == (rate.year, rate.indicator) and o != DISTRICT and not isinstance(f.released, Missing)
        ]
    top, bottom = (_sum(rate.year, part, owners, by_place) for part in rate.parts)
    if top is None or not bottom:
        return None
    return Decimal(f"{(top * 100 / bottom).quantize(Decimal('0.1'), ROUND_HALF_UP):f}")
