"""Everything a year's reports are written from, with what several sections need worked out once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from domain.aggregate import Figure, Key, Span, unit_figures, year_to_date
from domain.cadence import on_year
from domain.duties import report_due
from domain.facts import ItemFacts, Submission
from domain.plan import Plan, Unit, UnitKind
from domain.rates import Rates, rates
from domain.report.release import Book, release
from domain.report.sums import district_name
from domain.status import Light, light, worst
from domain.workdays import WorkCalendar

LOCAL_KINDS = {UnitKind.TOWNSHIP: "乡镇", UnitKind.STREET: "街道"}
LOCAL_EXAMPLES = 2
"""How many townships and streets speak where all have done the same."""


@dataclass(frozen=True)
class Issue:
    """How a report goes out: the blanks that the office fills in when it issues it, and whether it is a sample."""

    number: str = ""
    signatory: str = ""
    sample: bool = False


@dataclass(frozen=True)
class Material:
    """A plan with the facts of all its years so far, seen at the end of ``as_of``.

    Attributes:
        year: the year reported on.
        history: items of every year of the plan up to ``year``.
    """

    plan: Plan
    calendar: WorkCalendar
    year: int
    as_of: date
    history: tuple[ItemFacts, ...]
    issue: Issue = Issue()

    @cached_property
    def facts(self) -> tuple[ItemFacts, ...]:
        """This year's items, as known on the day of the report."""
        return tuple(f.as_of(self.as_of) for f in self.history if f.item.year == self.year)

    @cached_property
    def due(self) -> tuple[ItemFacts, ...]:
        """This year's items that have fallen due."""
        return tuple(f for f in self.facts if f.item.due <= self.as_of)

    @cached_property
    def rates(self) -> Rates:
        """The rates over all units."""
        return rates(self.facts, self.as_of)

    @cached_property
    def by_unit(self) -> Mapping[str, tuple[ItemFacts, ...]]:
        """This year's items by unit, every unit of the plan included."""
        found: dict[str, list[ItemFacts]] = {unit: [] for unit in self.plan.units_by_id}
        for item in self.facts:
            found[item.item.unit].append(item)
        return {unit: tuple(items) for unit, items in found.items()}

    @cached_property
    def annual(self) -> Mapping[str, ItemFacts]:
        """Each unit's item for the yearly progress report."""
        duty = self.plan.annual_duty
        return {f.item.unit: f for f in self.facts if duty is not None and f.item.duty == duty.id}

    @cached_property
    def lights(self) -> Mapping[tuple[str, int], Light]:
        """The light of each (unit, measure) that has items this year: the worst of its items."""
        found: dict[tuple[str, int], list[Light]] = defaultdict(list)
        for item in self.facts:
            if item.item.measure is not None:
                found[item.item.unit, item.item.measure].append(self.light(item))
        return {key: worst(lights) for key, lights in found.items()}

    @cached_property
    def book(self) -> Book:
        """This year's released figures, as far as the year has come."""
        return self.books[self.year]

    @cached_property
    def book_before(self) -> Book | None:
        """Last year's released figures of the same part of the year; None in the plan's first year."""
        return self.books.get(self.year - 1)

    @cached_property
    def books(self) -> Mapping[int, Book]:
        """The released figures of every year so far, by year; each book is released in the knowledge of those before it."""
        books: dict[int, Book] = {}
        for year in (y for y in self.plan.years if y <= self.year):
            day = on_year(f"{self.as_of:%m-%d}", year) if self.as_of.year == self.year else date.max
            books[year] = release(
                self.plan,
                self._collected(year_to_date(year, day)),
                year,
                earlier=books.get(year - 1),
                closing=self._collected(year_to_date(year - 1, date.max)),
            )
        return books

    @property
    def whole_year(self) -> bool:
        """Whether the year is over, so that its figures are of the whole of it."""
        return self.as_of >= date(self.year, 12, 31)

    @property
    def region(self) -> str:
        """The whole of the region in a word: 全区, 全县, 全市."""
        return district_name(self.plan)

    @property
    def due_day(self) -> date:
        """The last day in time for this year's progress report."""
        return report_due(self.plan, self.year)

    def light(self, item: ItemFacts) -> Light:
        """The light of one item on the day of the report."""
        return light(item, self.as_of, self.plan.rules.lights, self.calendar)

    def unit_name(self, unit: str) -> str:
        """A unit's name."""
        return self.plan.units_by_id[unit].name

    def is_local(self, unit: Unit) -> bool:
        """Whether a unit is a township or street, of which there are many that do the same."""
        return unit.kind in LOCAL_KINDS

    @property
    def local_name(self) -> str:
        """What the plan's townships and streets are called together."""
        kinds = {unit.kind for unit in self.plan.units}
        return "".join(name for kind, name in LOCAL_KINDS.items() if kind in kinds)

    def best_first(self, units: Sequence[Unit]) -> list[Unit]:
        """Units by how many of their items were timely and accepted at once; the plan's order breaks ties."""

        def quality(unit: Unit) -> int:
            return rates(self.by_unit[unit.id], self.as_of).quality.count

        return sorted(units, key=quality, reverse=True)

    def accepted_report(self, unit: str) -> Submission | None:
        """A unit's accepted yearly report; None until the office has accepted one."""
        item = self.annual.get(unit)
        return None if item is None else item.accepted

    def _collected(self, span: Span) -> Mapping[Key, Figure]:
        return unit_figures(self.plan, self.history, span, self.as_of)
