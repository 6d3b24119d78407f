"""A plan as people and other programs are shown it: groups expanded, cadences in words. Pure."""

from typing import Any, assert_never

from domain.cadence import (
    CADENCE_NAMES,
    Bound,
    Cadence,
    Festivals,
    HalfYearly,
    Monthly,
    Once,
    Quarterly,
    Standing,
    Yearly,
)
from domain.duties import WorkItem
from domain.numerals import chinese_date
from domain.plan import Duty, Measure, Plan

View = dict[str, Any]
"""What JSON can hold."""


def plan_view(plan: Plan) -> View:
    """The whole plan for ``guanai plan show --json``; ``units`` are ids with groups expanded."""
    return {
        "id": plan.id,
        "name": plan.name,
        "start": plan.start.isoformat(),
        "end": plan.end.isoformat(),
        "document": plan.document.model_dump(mode="json"),
        "leading_group": plan.leading_group.model_dump(mode="json"),
        "service_objects": [entry.model_dump(mode="json") for entry in plan.service_objects],
        "phases": [phase.model_dump(mode="json") for phase in plan.phases],
        "actions": [action.model_dump(mode="json") for action in plan.actions],
        "measures": [_measure(plan, measure) for measure in plan.measures],
        "units": [unit.model_dump(mode="json") for unit in plan.units],
        "groups": [{"name": g.name, "members": list(plan.expand([g.name]))} for g in plan.groups],
        "duties": [_duty(plan, duty) for duty in plan.duties],
        "indicators": [
            {**indicator.model_dump(mode="json"), "supplier": list(plan.suppliers(indicator))}
            for indicator in plan.indicators
        ],
        "ladder": plan.rules.ladder.model_dump(mode="json"),
        "notes": [note.model_dump(mode="json") for note in plan.notes],
    }


def item_view(plan: Plan, item: WorkItem) -> View:
    """A work item with the names of its duty and unit, for ``guanai plan calendar --json``."""
    return {
        "key": item.key,
        "duty": item.duty,
        "title": plan.duties_by_id[item.duty].title,
        "measure": item.measure,
        "unit": item.unit,
        "unit_name": plan.units_by_id[item.unit].name,
        **item.occurrence.model_dump(mode="json"),
    }


def cadence_words(cadence: Cadence) -> str:
    """How often and until when, as an officer says it: 每年12月1日前, 每季度, 2024年6月30日前（含当日）."""
    match cadence:
        case Once():
            return f"一次性，{chinese_date(cadence.due)}{_bound_words(cadence.bound)}"
        case Yearly():
            month, day = (int(part) for part in cadence.due.split("-"))
            until = f"{month}月{day}日{_bound_words(cadence.bound)}"
            first_month, first_day = (int(part) for part in cadence.opens.split("-"))
            since = "" if cadence.opens == "01-01" else f"{first_month}月{first_day}日起、"
            return f"每年{since}{until}"
        case Festivals():
            return "、".join(festival.name for festival in cadence.festivals)
        case HalfYearly() | Quarterly() | Monthly() | Standing():
            return CADENCE_NAMES[cadence.every]
    assert_never(cadence)


def _bound_words(bound: Bound) -> str:
    return "前（不含当日）" if bound is Bound.BEFORE else "前（含当日）"


def _measure(plan: Plan, measure: Measure) -> View:
    return {
        **measure.model_dump(mode="json", exclude={"depends_on"}),
        "units": list(plan.measure_units(measure.number)),
        "unit_names": [*measure.lead, *(name for name in measure.units if name not in measure.lead)],
        "lead": list(plan.expand(measure.lead)),
        "depends_on": [link.measure for link in measure.depends_on],
        "dependencies": [link.model_dump(mode="json") for link in measure.depends_on],
    }


def _duty(plan: Plan, duty: Duty) -> View:
    return {
        **duty.model_dump(mode="json", exclude={"after"}),
        "units": list(plan.duty_units(duty)),
        "cadence_words": cadence_words(duty.cadence),
        "after": [after.duty for after in duty.after],
        "dependencies": [after.model_dump(mode="json") for after in duty.after],
    }
