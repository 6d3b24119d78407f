"""Status lights: how an item, and anything made of items, stands on a day. Rules from the plan's ``rules.lights``."""

from collections.abc import Iterable
from datetime import date
from enum import IntEnum

from domain.entries import State
from domain.facts import ItemFacts
from domain.plan import LightRules
from domain.workdays import WorkCalendar


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


def light(facts: ItemFacts, as_of: date, rules: LightRules, calendar: WorkCalendar) -> Light:
    """The light of one item at the end of ``as_of``.

    Green: accepted and done, or accepted that there was no occasion. Blue: handed in and waiting for the office,
    accepted as under way before its due day, or open with time left. Yellow: due within
    ``rules.due_soon_workdays`` working days and nothing handed in, returned, or accepted as unfinished at the due
    day. Red: more than ``rules.red_after_workdays`` working days past due with nothing handed in, or returned and
    not mended. Grey: not open yet. While an accepted version is being corrected, it goes on counting.
    """
    facts = facts.as_of(as_of)
    if as_of < facts.item.occurrence.opens:
        return Light.GREY
    counting = facts.counting
    if counting is None or counting.returned:
        return _owing(facts, as_of, rules, calendar)
    if not counting.accepted:
        return Light.BLUE
    if counting.state in FINISHED:
        return Light.GREEN
    return Light.BLUE if as_of <= facts.item.due else Light.YELLOW


def _owing(facts: ItemFacts, as_of: date, rules: LightRules, calendar: WorkCalendar) -> Light:
    """The light of an open item with nothing handed in, or sent back."""
    due = facts.item.due
    if as_of > due:
        late = calendar.workdays_between(due, as_of)
        return Light.RED if late > rules.red_after_workdays else Light.YELLOW
    if facts.latest is not None:
        return Light.YELLOW
    left = calendar.workdays_between(as_of, due)
    return Light.YELLOW if left <= rules.due_soon_workdays else Light.BLUE


def worst(lights: Iterable[Light]) -> Light:
    """The light of a whole: the one of its parts that most asks for attention; grey where it has none."""
    return max(lights, default=Light.GREY)
