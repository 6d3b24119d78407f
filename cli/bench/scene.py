"""What benchmarks work on: the plan in use, the same with more units, and sample facts of its years."""

from collections.abc import Mapping, Sequence
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

_NAMING = (("groups", "members"), ("measures", "units"), ("duties", "units"), ("indicators", "supplier"))
"""Parts of a plan that name units, each with the field that does."""


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
        copies = _copies(self.plan, units)
        return Scene(_with_copies(self.plan, copies), _counting_alike(self.spec, self.plan, copies))

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


def _copies(plan: Plan, units: int) -> dict[str, list[str]]:
    """How copies of units are called, by the id of the original, so that there are so many units in all.

    Townships and streets are copied (else the last unit): no district has ten thousand departments.
    """
    originals = [unit for unit in plan.units if unit.kind in LOCAL_KINDS] or [plan.units[-1]]
    copies: dict[str, list[str]] = {unit.id: [] for unit in originals}
    for number in range(units - len(plan.units)):
        unit = originals[number % len(originals)]
        copies[unit.id].append(f"{unit.name}{number + 1}")
    return copies


def _with_copies(plan: Plan, copies: Mapping[str, Sequence[str]]) -> Plan:
    """The plan with copies of its units, which owe what their originals owe, by whatever name those are called."""
    content = plan.model_dump()
    for original, names in copies.items():
        unit = plan.units_by_id[original]
        for number, name in enumerate(names, start=1):
            copy = {"id": f"{unit.id}-{number}", "name": name, "aliases": ()}
            content["units"] += ({**unit.model_dump(), **copy},)
    also = {n: copies[u.id] for u in plan.units if u.id in copies for n in (u.id, u.name, *u.aliases)}
    for part, field in _NAMING:
        for entry in content[part]:
            more = (copy for name in entry[field] for copy in also.get(name, ()))
            entry[field] = (*entry[field], *more)
    return Plan.model_validate(content)


def _counting_alike(spec: SampleSpec, plan: Plan, copies: Mapping[str, Sequence[str]]) -> SampleSpec:
    """Sample material in which copies count about as much as their originals: else all of them would be small."""
    figures = {}
    for name, typical in spec.figures.items():
        ids = ((plan.unit(unit).id, size) for unit, size in typical.by_unit.items())
        more = {copy: size for unit, size in ids for copy in copies.get(unit, ())}
        figures[name] = typical.model_copy(update={"by_unit": {**typical.by_unit, **more}})
    return spec.model_copy(update={"figures": figures})
