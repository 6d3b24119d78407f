"""A unit's items with where each stands, in parts that another system can follow from one to the next."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlmodel import Session, col

from domain.entries import State
from domain.facts import Verdict
from domain.plan import Plan
from domain.status import FINISHED
from models.tables import ReviewRow, SubmissionRow, WorkItemRow


class Stage(StrEnum):
    """How far an item has come: what was handed in last, and what the office made of it."""

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


@dataclass(frozen=True)
class Filters:
    """Which items are wanted; None wants all.

    Attributes:
        year: in which they fall due.
        stage: where they stand.
        measure: number of the measure.
        due_before: they are due before this day.
    """

    year: int | None = None
    stage: Stage | None = None
    measure: int | None = None
    due_before: date | None = None


@dataclass(frozen=True)
class UnitItem:
    """An item and where it stands; ``version`` and ``submitted_at`` are None where nothing was handed in."""

    id: int
    key: str
    duty: str
    measure: int | None
    period_label: str
    year: int
    opens: date
    due: date
    act_by: date
    stage: Stage
    version: int | None
    submitted_at: datetime | None


def unit_items(
    session: Session, plan: Plan, unit: str, filters: Filters, *, after: int, most: int
) -> tuple[UnitItem, ...]:
    """Items of a unit in the order in which they were opened, so that one opened meanwhile comes last; one query.

    Args:
        session: any.
        plan: the plan in force.
        unit: id of the unit.
        filters: which of its items.
        after: number of the last item that is known already; 0 for the first part.
        most: how many at most.
    """
    wanted = _wanted().where(
        col(WorkItemRow.plan_id) == plan.id, col(WorkItemRow.unit) == unit, col(WorkItemRow.id) > after
    )
    wanted = wanted.where(*_conditions(filters)).order_by(col(WorkItemRow.id)).limit(most)
    return tuple(_item(*row) for row in session.execute(wanted))


def stage_of(state: str | None, verdict: str | None) -> Stage:
    """Where an item stands.

    Args:
        state: of the newest version; None where there is none.
        verdict: the office's on that version; None while there is none.
    """
    if state is None:
        return Stage.OPEN
    if verdict is None:
        return Stage.TO_REVIEW
    if verdict == Verdict.RETURNED:
        return Stage.RETURNED
    return Stage.FINISHED if State(state) in FINISHED else Stage.UNDER_WAY


def _wanted() -> Select[Any]:
    """Items, each with its newest version and the verdict on it; both None where there is none."""
    newest = (
        select(func.max(col(SubmissionRow.id)))
        .where(col(SubmissionRow.item_id) == col(WorkItemRow.id))
        .correlate(WorkItemRow)
        .scalar_subquery()
    )
    return (
        select(WorkItemRow, SubmissionRow, col(ReviewRow.verdict))
        .outerjoin(SubmissionRow, col(SubmissionRow.id) == newest)
        .outerjoin(ReviewRow, col(ReviewRow.submission_id) == col(SubmissionRow.id))
    )


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.year is not None:
        found.append(col(WorkItemRow.year) == filters.year)
    if filters.measure is not None:
        found.append(col(WorkItemRow.measure) == filters.measure)
    if filters.due_before is not None:
        found.append(col(WorkItemRow.due) < filters.due_before)
    if filters.stage is not None:
        found.append(_at_stage(filters.stage))
    return found


def _at_stage(stage: Stage) -> ColumnElement[bool]:
    """The same rule as :func:`stage_of`, for the database."""
    accepted = col(ReviewRow.verdict) == Verdict.ACCEPTED.value
    finished = col(SubmissionRow.state).in_([state.value for state in FINISHED])
    return {
        Stage.OPEN: col(SubmissionRow.id).is_(None),
        Stage.TO_REVIEW: and_(col(SubmissionRow.id).is_not(None), col(ReviewRow.verdict).is_(None)),
        Stage.RETURNED: col(ReviewRow.verdict) == Verdict.RETURNED.value,
        Stage.UNDER_WAY: and_(accepted, ~finished),
        Stage.FINISHED: and_(accepted, finished),
    }[stage]


def _item(row: WorkItemRow, submission: SubmissionRow | None, verdict: str | None) -> UnitItem:
    return UnitItem(
        id=row.id or 0,
        key=row.key,
        duty=row.duty,
        measure=row.measure,
        period_label=row.period_label,
        year=row.year,
        opens=row.opens,
        due=row.due,
        act_by=row.act_by,
        stage=stage_of(submission.state if submission else None, verdict),
        version=submission.version if submission else None,
        submitted_at=submission.at if submission else None,
    )
