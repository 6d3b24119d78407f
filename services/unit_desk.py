"""What a unit has before it: its items by what it can do with them, each with what it waits for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from domain.plan import Plan
from domain.status import OWED, Light, Stage
from domain.waiting import Wait
from domain.workdays import WorkCalendar
from models import lists
from services.plan_versions import demanded_since
from services.reckoning import unit_waits
from services.worklist import Line, told

MOST = 300
"""Unfinished items that are shown, those due first; a unit has some dozens at a time."""


class Part(StrEnum):
    """The parts of the list, most urgent first; each item is in one."""

    RETURNED = "returned"
    LATE = "late"
    SOON = "soon"
    AMENDING = "amending"
    AHEAD = "ahead"
    TO_REVIEW = "to-review"
    UNDER_WAY = "under-way"


PART_NAMES = {
    Part.RETURNED: "已退回，待补正",
    Part.LATE: "逾期未报",
    Part.SOON: "即将到期",
    Part.AMENDING: "可更正",
    Part.AHEAD: "其余待报",
    Part.TO_REVIEW: "已报送，等待审核",
    Part.UNDER_WAY: "已审核，尚未完成",
}


@dataclass(frozen=True)
class UnitDesk:
    """A unit's list.

    Attributes:
        parts: the parts that are not empty, in their order; lines by due day.
        waits: what unfinished items wait for, by key.
        more: whether there are more unfinished items than are shown.
    """

    parts: Mapping[Part, Sequence[Line]]
    waits: Mapping[str, Sequence[Wait]]
    more: bool

    @property
    def owed(self) -> int:
        """How many of the items shown it is the unit's turn with."""
        waiting = (Part.TO_REVIEW, Part.UNDER_WAY)
        return sum(len(lines) for part, lines in self.parts.items() if part not in waiting)


def unit_desk(session: Session, plan: Plan, unit: str, as_of: date, calendar: WorkCalendar) -> UnitDesk:
    """A unit's list on a day; the same few queries, however many items there are.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        unit: id of the unit.
        as_of: the day.
        calendar: working days.
    """
    rows = lists.unsettled(session, plan.id, unit, as_of, most=MOST + 1)
    lines = told(plan, rows, as_of, calendar, demanded_since(session, plan))
    parts: dict[Part, list[Line]] = {part: [] for part in Part}
    for line in lines[:MOST]:
        parts[part_of(line)].append(line)
    return UnitDesk(
        parts={part: tuple(own) for part, own in parts.items() if own},
        waits=unit_waits(session, plan, unit, rows[:MOST], as_of, calendar),
        more=len(lines) > MOST,
    )


def part_of(line: Line) -> Part:
    """In which part of the list an item is: first what it is the unit's turn with."""
    if line.stage is Stage.RETURNED:
        return Part.RETURNED
    if line.stage in OWED:
        if line.days > 0:
            return Part.LATE
        return Part.SOON if line.light is Light.YELLOW else Part.AHEAD
    if line.amending:
        return Part.AMENDING
    return Part.TO_REVIEW if line.pending else Part.UNDER_WAY
