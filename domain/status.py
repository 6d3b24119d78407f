"""Status lights: how an item, and anything made of items, stands on a day. Rules from the plan's ``rules.lights``."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from domain.entries import State
from domain.facts import ItemFacts
from domain.plan import LightRules
from domain.workdays import ONE_DAY, WorkCalendar


class Light(IntEnum):
    """A light; the greater, the more it asks for attention, so that the worst of several is their ``max``."""

    GREY = 0
    GREEN = 1
    BLUE = 2
    YELLOW = 3
    RED = 4


LIGHT_NAMES = {
    Light.GREY: "未到期",
    Light.GREEN: "已完成",
    Light.BLUE: "推进中",
    Light.YELLOW: "需关注",
    Light.RED: "逾期",
}
LIGHT_SIGNS = {
    Light.GREY: "－",
    Light.GREEN: "完",
    Light.BLUE: "进",
    Light.YELLOW: "催",
    Light.RED: "逾",
}
"""One character each, so that a light is readable without colour."""

FINISHED = frozenset({State.DONE, State.NO_OCCASION})


class Stage(StrEnum):
    """How far an open item has come: what was handed in last, and what the office made of it."""

    OPEN = "open"
    RETURNED = "returned"
    TO_REVIEW = "to-review"
    UNDER_WAY = "under-way"
    FINISHED = "finished"


STAGE_NAMES = {
    Stage.OPEN: "未报送",
    Stage.RETURNED: "已退回，待补正",
    Stage.TO_REVIEW: "待审核",
    Stage.UNDER_WAY: "已审核，尚未完成",
    Stage.FINISHED: "已完成",
}

OWED = frozenset({Stage.OPEN, Stage.RETURNED})
"""Stages in which it is the unit's turn."""


@dataclass(frozen=True)
class Span:
    """Items of a stage whose due day lies between two days, both included; None where there is no end."""

    stage: Stage
    first: date | None = None
    last: date | None = None

    def holds(self, stage: Stage, due: date) -> bool:
        """Whether an item is among them."""
        after = self.first is None or self.first <= due
        return stage is self.stage and after and (self.last is None or due <= self.last)

    def shared(self, other: "Span") -> "Span | None":
        """The items that are also in ``other``; None where there can be none."""
        if self.stage is not other.stage:
            return None
        first = max((d for d in (self.first, other.first) if d is not None), default=None)
        last = min((d for d in (self.last, other.last) if d is not None), default=None)
        return None if first and last and first > last else Span(self.stage, first, last)


def stage(facts: ItemFacts) -> Stage:
    """How far an item has come: by its accepted version, also while that is being corrected; else by the newest."""
    counting = facts.counting
    if counting is None:
        return Stage.OPEN
    if counting.returned:
        return Stage.RETURNED
    if not counting.accepted:
        return Stage.TO_REVIEW
    return Stage.FINISHED if counting.state in FINISHED else Stage.UNDER_WAY


def light(facts: ItemFacts, as_of: date, rules: LightRules, calendar: WorkCalendar) -> Light:
    """The light of one item at the end of ``as_of``; grey where it is not open yet, else as :func:`stage_light`."""
    if as_of < facts.item.occurrence.opens:
        return Light.GREY
    then = facts.as_of(as_of)
    return stage_light(stage(then), then.item.due, as_of, rules, calendar)


def stage_light(one: Stage, due: date, as_of: date, rules: LightRules, calendar: WorkCalendar) -> Light:
    """The light at the end of ``as_of`` of an item that is open, by its stage then and its due day.

    Green: accepted and done, or accepted that there was no occasion. Blue: handed in and waiting for the office,
    accepted as under way before its due day, or open with time left. Yellow: due within
    ``rules.due_soon_workdays`` working days and nothing handed in, returned, or accepted as unfinished at the due
    day. Red: more than ``rules.red_after_workdays`` working days past due with nothing handed in, or returned and
    not mended. While a finished item is being corrected, the accepted version goes on counting.
    """
    match one:
        case Stage.FINISHED:
            return Light.GREEN
        case Stage.TO_REVIEW:
            return Light.BLUE
        case Stage.UNDER_WAY:
            return Light.BLUE if as_of <= due else Light.YELLOW
    if as_of > due:
        late = calendar.workdays_between(due, as_of)
        return Light.RED if late > rules.red_after_workdays else Light.YELLOW
    if one is Stage.RETURNED:
        return Light.YELLOW
    left = calendar.workdays_between(as_of, due)
    return Light.YELLOW if left <= rules.due_soon_workdays else Light.BLUE


def spans(shown: Light, as_of: date, rules: LightRules, calendar: WorkCalendar) -> tuple[Span, ...]:
    """Which open items show a light at the end of ``as_of``: none of them grey, and each by stage and due day.

    Where the calendar ends, weekdays are assumed: days as far off as that tell soon from later, no more.
    """
    assuming = calendar.assuming
    red_until = as_of - ONE_DAY
    while stage_light(Stage.OPEN, red_until, as_of, rules, assuming) is not Light.RED:
        red_until -= ONE_DAY
    soon_until = as_of
    while stage_light(Stage.OPEN, soon_until + ONE_DAY, as_of, rules, assuming) is Light.YELLOW:
        soon_until += ONE_DAY
    after_red = red_until + ONE_DAY
    match shown:
        case Light.RED:
            return tuple(Span(one, last=red_until) for one in (Stage.OPEN, Stage.RETURNED))
        case Light.YELLOW:
            return (
                Span(Stage.OPEN, after_red, soon_until),
                Span(Stage.RETURNED, after_red),
                Span(Stage.UNDER_WAY, last=as_of - ONE_DAY),
            )
        case Light.BLUE:
            return (
                Span(Stage.OPEN, soon_until + ONE_DAY),
                Span(Stage.TO_REVIEW),
                Span(Stage.UNDER_WAY, as_of),
            )
        case Light.GREEN:
            return (Span(Stage.FINISHED),)
    return ()


def worst(lights: Iterable[Light]) -> Light:
    """The light of a whole: the one of its parts that most asks for attention; grey where it has none."""
    return max(lights, default=Light.GREY)
