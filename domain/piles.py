"""The piles on a desk: items by what is to be done with them, told by stage and due day. Pure."""

from datetime import date
from enum import StrEnum

from domain.plan import LightRules
from domain.status import OWED, Light, Span, Stage, spans
from domain.workdays import ONE_DAY, WorkCalendar


class Pile(StrEnum):
    """What is to be done with items, or has been; an item may lie on several."""

    LATE = "late"
    DUE = "due"
    AHEAD = "ahead"
    OWED = "owed"
    RETURNED = "returned"
    TO_REVIEW = "to-review"
    AMENDING = "amending"
    UNDER_WAY = "under-way"
    FINISHED = "finished"
    UNFINISHED = "unfinished"


PILE_NAMES = {
    Pile.LATE: "逾期未报",
    Pile.DUE: "即将到期或待补正",
    Pile.AHEAD: "尚有时间",
    Pile.OWED: "待报送",
    Pile.RETURNED: "已退回，待补正",
    Pile.TO_REVIEW: "待审核",
    Pile.AMENDING: "可更正",
    Pile.UNDER_WAY: "已审核，尚未完成",
    Pile.FINISHED: "已完成",
    Pile.UNFINISHED: "未办结",
}

FLAGGED = frozenset({Pile.TO_REVIEW, Pile.AMENDING})
"""Piles on which items lie at whatever stage they are: what was accepted may be corrected, and wait once more."""


def pile(one: Pile, as_of: date, rules: LightRules, calendar: WorkCalendar) -> tuple[Span, ...] | None:
    """Which open items lie on a pile at the end of ``as_of``; None for a flagged one, which stage and day do not tell.

    Late: owed (nothing handed in, or sent back) and past the due day. Due: owed, not past it, and within the plan's
    warning time or sent back. Ahead: nothing handed in, and more time than that. Unfinished: all that is not finished.
    """
    owed = tuple(stage for stage in Stage if stage in OWED)
    match one:
        case Pile.LATE:
            return tuple(Span(stage, last=as_of - ONE_DAY) for stage in owed)
        case Pile.DUE:
            coming = tuple(Span(stage, first=as_of) for stage in owed)
            soon = spans(Light.YELLOW, as_of, rules, calendar)
            return tuple(both for a in coming for b in soon if (both := a.shared(b)))
        case Pile.AHEAD:
            return tuple(s for s in spans(Light.BLUE, as_of, rules, calendar) if s.stage is Stage.OPEN)
        case Pile.OWED:
            return tuple(Span(stage) for stage in owed)
        case Pile.UNFINISHED:
            return tuple(Span(stage) for stage in Stage if stage is not Stage.FINISHED)
    return None if one in FLAGGED else (Span(Stage(one.value)),)
