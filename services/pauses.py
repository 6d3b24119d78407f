"""Pauses (暂缓提醒) that the office makes: from one day to another the ladder is silent on a unit, a duty, or everything."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from domain.plan import Plan
from domain.plan_check.finding import nearest
from domain.problems import Problem, ProblemKind
from models import contacts as store
from models.messages import LadderPauseRow
from services import audit
from services.reasons import checked_person, checked_reason


def pause(  # noqa: PLR0913 - what a pause consists of; each is a different thing
    session: Session,
    plan: Plan,
    *,
    first: date,
    last: date,
    reason: str,
    by: str,
    at: datetime,
    unit: str = "",
    duty: str = "",
) -> LadderPauseRow:
    """Silence the ladder; what was missed meanwhile is caught up with afterwards, from its highest rung.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        first: the first silent day.
        last: the last one.
        reason: why.
        by: who decides.
        at: the moment.
        unit: of whose items nothing is told, by any of its names; empty for all.
        duty: id of the duty of which nothing is told; empty for all.

    Raises:
        Problem: 103 for a unit, 1112 for a duty that the plan does not know; 418 without a name; 1110 for days that run
            backwards or are over; 1111 without a reason; 601 for a reason that could identify a child.
    """
    if last < first or last < at.date():
        raise Problem(ProblemKind.PAUSE_SPAN, first=first, last=last)
    reason = checked_reason(reason, "暂缓理由", Problem(ProblemKind.PAUSE_REASON))
    by = checked_person(by, "经办人")
    unit = plan.unit(unit).id if unit else ""
    if duty and duty not in plan.duties_by_id:
        mend = nearest(duty, plan.duties_by_id) or "编号可用 guanai plan show 查看。"
        raise Problem(ProblemKind.DUTY_UNKNOWN, name=duty[:60], mend=mend)
    row = LadderPauseRow(
        plan_id=plan.id, unit=unit, duty=duty, first=first, last=last, reason=reason, by=by, at=at
    )
    session.add(row)
    session.flush()
    detail: audit.Detail = {"first": str(first), "last": str(last), "unit": unit, "duty": duty}
    audit.record(
        session, at=at, actor=by, action="pause-ladder", subject=f"{plan.id}/pause/{row.id}", detail=detail
    )
    return row


def pauses_to_come(session: Session, plan: Plan, day: date) -> Sequence[LadderPauseRow]:
    """The office's pauses that are not over by a day."""
    return store.pauses(session, plan.id, day)
