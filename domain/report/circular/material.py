"""Everything a circular is written from: the items of its period, what is late, and the period before beside it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from domain.duties import WorkItem
from domain.facts import ItemFacts
from domain.periods import Period, period_of
from domain.plan import Plan, Unit
from domain.problems import Problem, ProblemKind
from domain.rates import Rates, on_time, rates
from domain.report.material import Issue
from domain.since import Since
from domain.status import OWED, Stage, stage
from domain.workdays import Beyond, Day, WorkCalendar

Key = TypeVar("Key")


@dataclass(frozen=True)
class Late:
    """An item that is late, and by how many working days."""

    facts: ItemFacts
    days: int


@dataclass(frozen=True)
class Ranked:
    """A unit's place by its score (计分排名); ``rank`` and ``points`` are None where it owed nothing."""

    unit: str
    rank: int | None
    points: Decimal | None


@dataclass(frozen=True)
class Tally:
    """How some items of a circular stand.

    Attributes:
        due: those that fell due in the period.
        rates: of these.
        late: those that are late, the oldest first, of this period and of earlier ones.
        older: how many of the late fell due before the period.
    """

    due: tuple[ItemFacts, ...]
    rates: Rates
    late: tuple[Late, ...]
    older: int

    @property
    def worst(self) -> int:
        """By how many working days the latest of them is late; 0 where none is."""
        return max((one.days for one in self.late), default=0)

    @property
    def clean(self) -> bool:
        """Whether something fell due, and all of it came in time and was accepted at once, with nothing late from before."""
        return bool(self.due) and self.rates.quality.count == self.rates.due and not self.late

    @property
    def untidy(self) -> bool:
        """Whether something came after its day, or had to be sent back."""
        return any(f.times_returned or not on_time(f) for f in self.due)


@dataclass(frozen=True)
class CircularMaterial:
    """A plan with the facts of its items, seen at the end of ``as_of``, for the circular of a period.

    Attributes:
        since: from which due day on items are demanded; what was due before is told apart (补录).
        history: items of every year of the plan up to that of ``as_of``.
        ranking: the units by their score over the period; empty where none is reckoned.
    """

    plan: Plan
    calendar: WorkCalendar
    period: Period
    as_of: date
    since: Since
    history: tuple[ItemFacts, ...]
    issue: Issue
    ranking: tuple[Ranked, ...] = ()

    @property
    def interim(self) -> bool:
        """Whether the period is not over yet."""
        return self.as_of <= self.period.end

    @property
    def until(self) -> date:
        """The last due day that the circular speaks of."""
        return min(self.as_of, self.period.end)

    @cached_property
    def known(self) -> tuple[ItemFacts, ...]:
        """Every item that was open on the day of the circular, as it stood then."""
        return tuple(f.as_of(self.as_of) for f in self.history if f.item.occurrence.opens <= self.as_of)

    @cached_property
    def due(self) -> tuple[ItemFacts, ...]:
        """The period's items that have fallen due, without those to be recorded later (补录)."""
        return tuple(
            f for f in self.known if self.period.start <= f.item.due <= self.until and not self._backfill(f)
        )

    @cached_property
    def late(self) -> tuple[Late, ...]:
        """What is late by the day of the circular, of this period and of earlier ones, the oldest first."""
        owed = (f for f in self.known if f.item.due <= self.until and not self._backfill(f))
        found = [Late(f, days) for f in owed if (days := self.days_late(f))]
        return tuple(sorted(found, key=lambda one: (one.facts.item.due, one.facts.item.key)))

    @cached_property
    def made_up_for(self) -> tuple[ItemFacts, ...]:
        """What had fallen due before it could be demanded (补录), handed in by now or not."""
        return tuple(f for f in self.known if f.item.due <= self.until and self._backfill(f))

    @cached_property
    def ahead(self) -> tuple[ItemFacts, ...]:
        """What is open and still to be handed in, until the end of this period or, where it is over, of the next one."""
        last = self.period.end if self.interim else self.period.following.end
        return tuple(f for f in self.known if self.as_of < f.item.due <= last and stage(f) in OWED)

    @cached_property
    def returned(self) -> tuple[ItemFacts, ...]:
        """What the office sent back and is neither mended nor late yet."""
        late = {one.facts.item.key for one in self.late}
        sent_back = (f for f in self.known if stage(f) is Stage.RETURNED)
        return tuple(f for f in sent_back if f.item.key not in late and not self._backfill(f))

    @cached_property
    def to_review(self) -> tuple[ItemFacts, ...]:
        """What has fallen due and waits for the office."""
        return tuple(f for f in self.known if f.item.due <= self.until and stage(f) is Stage.TO_REVIEW)

    @cached_property
    def whole(self) -> Tally:
        """How everything stands."""
        return self._tally(self.due, self.late)

    @cached_property
    def by_unit(self) -> Mapping[str, Tally]:
        """How each unit's items stand, every unit of the plan included."""
        return self._tallies(tuple(self.plan.units_by_id), lambda item: item.unit)

    @cached_property
    def by_measure(self) -> Mapping[int | None, Tally]:
        """How each measure's items stand, those of no measure (保障措施) last."""
        return self._tallies((*self.plan.measures_by_number, None), lambda item: item.measure)

    @cached_property
    def previous(self) -> "CircularMaterial | None":
        """The period before, seen as many days after its end (in an interim circular: its start); None where none was.

        So both are seen alike: a circular made early is not compared with one that gave units more time.
        """
        earlier = self.period.before
        if self.interim:
            seen = min(earlier.start + (self.as_of - self.period.start), earlier.end)
        else:
            seen = earlier.end + (self.as_of - self.period.end)
        if earlier.end < max(self.plan.start, self.since.day):
            return None
        found = replace(self, period=earlier, as_of=seen)
        return found if found.due or found.late else None

    @cached_property
    def mend_by(self) -> Day:
        """The last day on which units mend what is late."""
        return self._assuming.add_workdays(self.as_of, self.plan.rules.circular.mend_workdays)

    def days_late(self, facts: ItemFacts) -> int:
        """By how many working days an item is late, once it is red; 0 where it is not."""
        if stage(facts) not in OWED or facts.item.due >= self.as_of:
            return 0
        days = self.calendar.workdays_between(facts.item.due, self.as_of)
        return days if days > self.plan.rules.lights.red_after_workdays else 0

    def names(self, units: Iterable[str]) -> tuple[str, ...]:
        """Names of units, each once, in the plan's order."""
        wanted = set(units)
        return tuple(unit.name for unit in self._units if unit.id in wanted)

    def unit_name(self, unit: str) -> str:
        """A unit's name."""
        return self.plan.units_by_id[unit].name

    def measure_title(self, number: int | None) -> str:
        """What a measure is called; 保障措施 for what serves all."""
        return "组织保障" if number is None else self.plan.measures_by_number[number].title

    def duty_title(self, facts: ItemFacts) -> str:
        """What an item's duty is called; its id where the plan has given it up."""
        duty = self.plan.duties_by_id.get(facts.item.duty)
        return facts.item.duty if duty is None else duty.title

    def _backfill(self, facts: ItemFacts) -> bool:
        return self.since.backfill(facts.item.unit, facts.item.duty, facts.item.due)

    @property
    def _units(self) -> Sequence[Unit]:
        return self.plan.units

    @property
    def _assuming(self) -> WorkCalendar:
        """Days to come may lie beyond the announced holidays: they are assumed, and said to be."""
        return replace(self.calendar, beyond=Beyond.ASSUME_WEEKDAYS)

    def _tallies(self, keys: Sequence[Key], key: Callable[[WorkItem], Key]) -> Mapping[Key, Tally]:
        due: dict[Key, list[ItemFacts]] = {one: [] for one in keys}
        late: dict[Key, list[Late]] = {one: [] for one in keys}
        for f in self.due:
            due.setdefault(key(f.item), []).append(f)
        for one in self.late:
            late.setdefault(key(one.facts.item), []).append(one)
        return {one: self._tally(due[one], late[one]) for one in keys}

    def _tally(self, due: Iterable[ItemFacts], late: Iterable[Late]) -> Tally:
        owed, found = tuple(due), tuple(late)
        older = sum(one.facts.item.due < self.period.start for one in found)
        return Tally(owed, rates(owed, self.as_of), found, older)


def see_period(plan: Plan, code: str, as_of: date | None, today: date) -> tuple[Period, date]:
    """The period of a code and the day from which it is seen, where there can be a circular of it.

    Args:
        plan: the plan in force.
        code: as ``2026Q3``.
        as_of: the day asked for; None where none was, which is today and asks for a period that is over.
        today: the day.

    Raises:
        Problem: 1401 for no period; 1402 for one outside the plan, or over before the notice came out; 1403 for one that
            is not over, unless a day was asked for; 1404 for a day before its beginning.
    """
    period = period_of(code.strip())
    if period is None:
        raise Problem(ProblemKind.PERIOD_INVALID, period=code[:20])
    first = max(plan.start, plan.document.issued)
    if period.end < first or period.start > plan.end:
        raise Problem(ProblemKind.PERIOD_OUTSIDE_PLAN, period=period.label, first=first, last=plan.end)
    day = as_of or today
    if day < period.start:
        raise Problem(ProblemKind.PERIOD_NOT_BEGUN, period=period.label, day=day, start=period.start)
    if as_of is None and day <= period.end:
        raise Problem(ProblemKind.PERIOD_NOT_OVER, period=period.label, end=period.end)
    return period, day
