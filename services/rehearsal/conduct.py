"""What each unit does with each item, and when: made up from a seed, the same seed giving the same years. Pure.

Most hand in some days ahead, those whom others wait for earlier still. Some forget, one sends its yearly report late,
one never; some are sent back. A unit that waits for somebody holds its item until the last working day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random

from domain.duties import WorkItem
from domain.entries import PROGRESS, ItemEntry
from domain.plan import Plan
from domain.workdays import WorkCalendar
from services.rehearsal.days import red_day
from services.sample.behaviour import RETURN_REASON, Behaviour, amended, with_an_id_number

AHEAD = (1, 3)
"""Working days before the last one on which units hand in."""
CHAIN = 4
"""Working days by which somebody is earlier for each duty that waits for theirs."""
REVIEW = 2
"""Working days that the office takes for a verdict."""
LATE = 2
"""Working days after turning red, when what was forgotten comes in."""
RETURNED = 0.02
"""Share of ordinary items that the office sends back once."""
TOO_SHORT = "“进展情况”过于简略，请补充完成时间和结果。"


@dataclass(frozen=True)
class Conduct:
    """The conduct of a plan's units under a seed."""

    plan: Plan
    calendar: WorkCalendar
    behaviour: Behaviour
    seed: int
    first: date

    def hand_in_day(self, item: WorkItem) -> date | None:
        """The working day on which a unit means to hand an item in; None where it never will."""
        cast = self.behaviour.cast
        if self.is_report(item) and item.unit in cast.silent:
            return None
        forgotten = item.unit in cast.late if self.is_report(item) else self.behaviour.forgets(item)
        if forgotten:
            wanted = self.calendar.add_workdays(red_day(self.plan, item.occurrence, self.calendar), LATE).date
        else:
            ahead = self._random(f"{item.unit}/{item.occurrence.act_by}").choice(AHEAD)
            ahead += CHAIN * self._depths[item.duty]
            wanted = self.calendar.add_workdays(item.occurrence.act_by, -ahead).date
        return self.workday_from(max(wanted, item.occurrence.opens, self.first))

    def workday_from(self, day: date) -> date:
        """``day``, or the next working day after it."""
        return day if self.calendar.is_workday(day) else self.calendar.add_workdays(day, 1).date

    def is_report(self, item: WorkItem) -> bool:
        """Whether an item is the yearly report."""
        return self.plan.annual_duty is not None and item.duty == self.plan.annual_duty.id

    def return_reason(self, item: WorkItem) -> str:
        """Why the office sends the first version of an item back; empty where it accepts it."""
        if self.is_report(item):
            return RETURN_REASON if item.unit == self.behaviour.cast.returned else ""
        return TOO_SHORT if self._random(f"back/{item.key}").random() < RETURNED else ""

    def entry(self, item: WorkItem, version: int) -> ItemEntry:
        """What a unit hands in; a second version is mended."""
        entry = self.behaviour.entry(item)
        if version == 1:
            return entry
        if self.is_report(item):
            return amended(entry)
        passages = tuple(
            p.model_copy(update={"text": f"{p.text}按退回意见，已补充完成时间和结果。"})
            if p.slot == PROGRESS
            else p
            for p in entry.passages
        )
        return entry.model_copy(update={"passages": passages})

    def slip(self, item: WorkItem) -> ItemEntry | None:
        """What a careless unit tries to hand in first, which must be refused; None for everybody else."""
        if self.is_report(item) and item.unit == self.behaviour.cast.careless:
            entry = self.behaviour.entry(item)
            careless = with_an_id_number(entry)
            return careless if careless != entry else None
        return None

    def liaison(self, unit: str) -> str:
        """Who hands in for a unit."""
        return f"{self.plan.units_by_id[unit].name}联络员（示例）"

    @cached_property
    def _depths(self) -> dict[str, int]:
        """How many duties wait for each duty, one after the other."""
        waiting: dict[str, list[str]] = {duty.id: [] for duty in self.plan.duties}
        for duty in self.plan.duties:
            for after in duty.after:
                waiting[after.duty].append(duty.id)

        def depth(duty: str) -> int:
            return max((depth(other) + 1 for other in waiting[duty]), default=0)

        return {duty: depth(duty) for duty in waiting}

    def _random(self, about: str) -> Random:
        return Random(f"{self.seed}/{about}")  # noqa: S311 - made-up behaviour


def by_day(conduct: Conduct, items: Iterable[WorkItem]) -> dict[date, list[WorkItem]]:
    """The items by the day on which their units mean to hand them in."""
    found: dict[date, list[WorkItem]] = {}
    for item in items:
        day = conduct.hand_in_day(item)
        if day is not None:
            found.setdefault(day, []).append(item)
    return found
