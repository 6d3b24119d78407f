"""What benchmarks work on: the plan in use, the same with more units, and sample facts of its years."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from domain.duties import WorkItem, work_items
from domain.facts import ItemFacts, Review, Submission, Verdict
from domain.plan import Plan
from domain.report.material import LOCAL_KINDS
from domain.workdays import WorkCalendar
from services.sample.behaviour import Behaviour
from services.sample.desk import OFFICE, moment
from services.sample.spec import SampleSpec
from services.workcalendar import work_calendar

SEED = 7


@dataclass(frozen=True)
class Scene:
    """A plan with its sample material.

    Attributes:
        plan: the plan, perhaps with more units than it has.
        spec: what units of a sample write and count.
    """

    plan: Plan
    spec: SampleSpec

    @property
    def year(self) -> int:
        """The year that is measured: the second, so that there is one before it; or the only one."""
        return self.plan.years[min(1, len(self.plan.years) - 1)]

    @cached_property
    def calendar(self) -> WorkCalendar:
        """Working days, as the plan has them."""
        return work_calendar(self.plan.rules.calendar.beyond_known)

    @cached_property
    def behaviour(self) -> Behaviour:
        """What each unit hands in."""
        return Behaviour(self.plan, self.spec, SEED)

    def of(self, units: int) -> "Scene":
        """The same scene with so many units; with the plan's own where it has more."""
        return Scene(with_units(self.plan, units), self.spec)

    def history(self) -> tuple[ItemFacts, ...]:
        """Every item of the years up to the measured one, handed in on its last working day and accepted."""
        items = [
            i for y in self.plan.years if y <= self.year for i in work_items(self.plan, y, self.calendar)
        ]
        return tuple(self._accepted(number, item) for number, item in enumerate(items, start=1))

    def _accepted(self, number: int, item: WorkItem) -> ItemFacts:
        entry, day = self.behaviour.entry(item), item.occurrence.act_by
        review = Review(
            verdict=Verdict.ACCEPTED, reason="", reviewer=OFFICE, at=moment(day, hour=16), day=day
        )
        submission = Submission(
            id=number,
            version=1,
            state=entry.state,
            passages=entry.passages,
            figures=entry.figures,
            by="联络员（示例）",
            at=moment(day),
            day=day,
            door="sample",
            content_sha256="0" * 64,
            review=review,
        )
        return ItemFacts(item=item, submissions=(submission,))


def scene(folder: Path, plan: Plan) -> Scene:
    """The scene of a plan, with the sample material beside it."""
    return Scene(plan, SampleSpec.beside(folder))


def with_units(plan: Plan, units: int) -> Plan:
    """The plan with so many units: its townships and streets (else its last unit) copied over and over.

    A copy owes whatever its original owes, by whichever name or group that is called. Departments stay as many as
    they are, because no district has ten thousand of those.
    """
    originals = [unit for unit in plan.units if unit.kind in LOCAL_KINDS] or [plan.units[-1]]
    copies: dict[str, list[str]] = {unit.id: [] for unit in originals}
    content = plan.model_dump()
    for number in range(1, units - len(plan.units) + 1):
        unit = originals[number % len(originals)]
        copy = {"id": f"{unit.id}-{number}", "name": f"{unit.name}{number}", "aliases": ()}
        content["units"] += ({**unit.model_dump(), **copy},)
        copies[unit.id].append(copy["name"])  # type: ignore[arg-type]  # a name, not the aliases
    by_name = {name: copies[u.id] for u in originals for name in (u.id, u.name, *u.aliases)}
    for part, names in (
        ("groups", "members"),
        ("measures", "units"),
        ("duties", "units"),
        ("indicators", "supplier"),
    ):
        for entry in content[part]:
            entry[names] = (*entry[names], *_copies(entry[names], by_name))
    return Plan.model_validate(content)


def _copies(names: Iterable[str], by_name: dict[str, list[str]]) -> Iterable[str]:
    for name in names:
        yield from by_name.get(name, ())
