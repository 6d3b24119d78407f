"""Leaders' instructions (批示): until when a unit has to say what it did, and how an instruction stands. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from domain.problems import Problem, ProblemKind
from domain.workdays import WorkCalendar

LONGEST = timedelta(days=366)
"""How far off a deadline may be: what lies beyond is a slip of the pen."""


class InstructionState(StrEnum):
    """How an instruction stands."""

    OPEN = "open"
    LATE = "late"
    ANSWERED = "answered"
    ANSWERED_LATE = "answered-late"


INSTRUCTION_NAMES = {
    InstructionState.OPEN: "待反馈",
    InstructionState.LATE: "超期未反馈",
    InstructionState.ANSWERED: "已反馈",
    InstructionState.ANSWERED_LATE: "已反馈（超期）",
}


def check_deadline(deadline: date, as_of: date, calendar: WorkCalendar) -> None:
    """Whether an instruction that is given on ``as_of`` may ask for an answer by ``deadline``.

    Where the calendar ends, weekdays are assumed: an office may not wait for the next year's holidays to be announced.

    Raises:
        Problem: 1307 for a day that is past, not worked, or too far off.
    """
    reason = ""
    if deadline < as_of:
        reason = "这一天已经过去"
    elif deadline - as_of > LONGEST:
        reason = "离今天超过一年"
    elif not calendar.assuming.is_workday(deadline):
        reason = "这一天不上班"
    if reason:
        raise Problem(ProblemKind.INSTRUCTION_DEADLINE, deadline=deadline, reason=reason)


def instruction_state(deadline: date, answered: date | None, as_of: date) -> InstructionState:
    """How an instruction stands at the end of ``as_of``; ``answered`` is the day of the first answer, None for none."""
    if answered is not None and answered <= as_of:
        return InstructionState.ANSWERED if answered <= deadline else InstructionState.ANSWERED_LATE
    return InstructionState.OPEN if as_of <= deadline else InstructionState.LATE
