"""The gates of phases out of the store, and the office's right to close a phase with a reason."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from domain.duties import WorkItem
from domain.entries import State
from domain.facts import ItemFacts, Review, Submission, Verdict
from domain.gates import Closing, Gate, gates, proving_duties
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.status import Stage
from domain.workdays import BEIJING, WorkCalendar
from models import rounds, states
from models.tables import PhaseClosingRow
from services import audit
from services.items import Known, occurrence
from services.reasons import checked_person, checked_reason


def phase_gates(session: Session, plan: Plan, as_of: date, calendar: WorkCalendar) -> tuple[Gate, ...]:
    """Every phase as it stood at the end of ``as_of``, in order of the start.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        as_of: the day.
        calendar: working days.
    """
    rows = states.groups(session, states.seen(session, plan.id, as_of), proving_duties(plan))
    return gates_of(session, plan, rows, as_of, calendar)


def gates_of(
    session: Session, plan: Plan, rows: Sequence[Row[Any]], as_of: date, calendar: WorkCalendar
) -> tuple[Gate, ...]:
    """The same from rows of :func:`models.states.groups`, of the duties that prove milestones or of all."""
    return gates(plan, _facts(rows), closings(session, plan), as_of, calendar)


def closings(session: Session, plan: Plan) -> dict[str, Closing]:
    """The phases that the office closed, by id."""
    return {row.phase: _closing(row) for row in rounds.phase_closings(session, plan.id)}


def close_phase(
    session: Session, plan: Plan, phase: str, *, reason: str, by: str, at: datetime, calendar: WorkCalendar
) -> Closing:
    """Close a phase whose milestones are not all met (关闭阶段); it cannot be opened again.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        phase: id or name of the phase.
        reason: how what was not met is dealt with; everybody reads it.
        by: name of the person in the office.
        at: the moment, aware of its zone; the phase is closed from its day in 北京时间 on.
        calendar: working days.

    Raises:
        Problem: 901 for no such phase; 902 before it began; 903 where it is closed already; 904 without a reason; 416
            for one that is too long; 418 without a name; 601 for a reason that could identify a child.
    """
    found = plan.phase(phase)
    at = at.astimezone(BEIJING)
    reason = checked_reason(reason, "关闭理由", Problem(ProblemKind.PHASE_REASON))
    by = checked_person(by, "经办人")
    if at.date() < found.start:
        raise Problem(ProblemKind.PHASE_NOT_BEGUN, phase=found.name, start=found.start)
    audit.lock(session)  # two who close at once take turns
    gate = next(g for g in phase_gates(session, plan, at.date(), calendar) if g.phase.id == found.id)
    if gate.closed_on is not None:
        raise Problem(ProblemKind.PHASE_CLOSED, phase=found.name, day=gate.closed_on)
    row = PhaseClosingRow(plan_id=plan.id, phase=found.id, reason=reason, by=by, at=at)
    session.add(row)
    session.flush()
    detail: audit.Detail = {"pending": len(gate.pending)}
    audit.record(
        session, at=at, actor=by, action="close-phase", subject=f"{plan.id}/{found.id}", detail=detail
    )
    return _closing(row)


def _closing(row: PhaseClosingRow) -> Closing:
    return Closing(phase=row.phase, day=row.at.date(), by=row.by, reason=row.reason)


def _facts(rows: Sequence[Row[Any]]) -> tuple[ItemFacts, ...]:
    """One item for all that stand alike, accepted when the last of them was: gates ask for no more than that."""
    known: Known = {}
    return tuple(
        ItemFacts(
            item=WorkItem(
                key="",
                plan="",
                duty=row.duty,
                measure=row.measure,
                unit="",
                year=row.year,
                occurrence=occurrence(row, known),
            ),
            submissions=(_accepted(row.until),) if row.stage == Stage.FINISHED else (),
        )
        for row in rows
    )


def _accepted(at: datetime) -> Submission:
    review = Review(verdict=Verdict.ACCEPTED, reason="", reviewer="", at=at, day=at.date())
    return Submission(
        id=0,
        version=1,
        state=State.DONE,
        passages=(),
        figures=(),
        by="",
        at=at,
        day=at.date(),
        door="",
        content_sha256="",
        review=review,
    )
