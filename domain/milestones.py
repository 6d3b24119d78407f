"""How a milestone of a phase stands on a day, reckoned from the duties that prove it."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from domain.cadence import Once, last_day
from domain.entries import State
from domain.facts import ItemFacts
from domain.plan import Milestone, Plan
from domain.status import FINISHED, Light


class MilestoneState(StrEnum):
    """What can be said of a milestone."""

    MET = "met"
    AHEAD = "ahead"
    MISSED = "missed"
    BEFORE_NOTICE = "before-notice"
    UNJUDGED = "unjudged"


MILESTONE_NAMES = {
    MilestoneState.MET: "已达成",
    MilestoneState.AHEAD: "未到期",
    MilestoneState.MISSED: "未达成",
    MilestoneState.BEFORE_NOTICE: "印发前已过",
    MilestoneState.UNJUDGED: "待认定",
}
MILESTONE_LIGHTS = {
    MilestoneState.MET: Light.GREEN,
    MilestoneState.AHEAD: Light.GREY,
    MilestoneState.MISSED: Light.RED,
    MilestoneState.BEFORE_NOTICE: Light.GREY,
    MilestoneState.UNJUDGED: Light.BLUE,
}


def proving_items(milestone: Milestone, facts: Iterable[ItemFacts]) -> tuple[ItemFacts, ...]:
    """The items that prove a milestone: those of its duties that the plan has due by its day, extended or not."""
    day = last_day(milestone.due, milestone.bound)
    return tuple(f for f in facts if f.item.duty in milestone.duties and f.item.occurrence.due <= day)


def milestone_state(
    plan: Plan, milestone: Milestone, facts: Iterable[ItemFacts], as_of: date
) -> MilestoneState:
    """How a milestone stands at the end of ``as_of``.

    Met: every item of its duties due by its day is accepted as done (or as having had no occasion). Missed: its day
    is past and one is not. Ahead: its day is not past and not all are, or some are of a year not opened yet. A
    milestone that was over before the notice came out is nobody's debt. One to which the plan ties no duty is for
    the office to judge once its day has come.
    """
    day = last_day(milestone.due, milestone.bound)
    if day < plan.document.issued:
        return MilestoneState.BEFORE_NOTICE
    items = proving_items(milestone, facts)
    proved = all(_proved(item.as_of(as_of)) for item in items)
    complete = bool(items) and _all_there(plan, milestone, items, day)
    if complete and proved:
        return MilestoneState.MET
    if as_of <= day:
        return MilestoneState.AHEAD
    return MilestoneState.UNJUDGED if proved else MilestoneState.MISSED


def _all_there(plan: Plan, milestone: Milestone, items: Iterable[ItemFacts], day: date) -> bool:
    """Whether no more items can come to prove it: what recurs must have reached the year of its day."""
    once = all(isinstance(plan.duties_by_id[duty].cadence, Once) for duty in milestone.duties)
    return once or any(item.item.year >= day.year for item in items)


def _proved(item: ItemFacts) -> bool:
    accepted: State | None = item.accepted.state if item.accepted else None
    return accepted in FINISHED
