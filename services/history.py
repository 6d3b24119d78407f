"""A unit's own history (报送记录): every version that it handed in, newest first, with what the office made of each."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from domain.facts import Review, Verdict
from domain.plan import Plan
from models.tables import ReviewRow, SubmissionRow, WorkItemRow
from services.intake import Receipt, receipt_of

SIZE = 20
"""Versions on one page."""


@dataclass(frozen=True)
class HandedIn:
    """One version, with its receipt; ``review`` is None while the office has not spoken."""

    receipt: Receipt
    duty: str
    period_label: str
    by: str
    door: str
    review: Review | None


@dataclass(frozen=True)
class HistoryPage:
    """A page of the history: ``total`` versions stand on ``pages`` pages, of which there is always one."""

    rows: tuple[HandedIn, ...]
    page: int
    pages: int
    total: int


def history(session: Session, plan: Plan, unit: str, *, page: int = 1) -> HistoryPage:
    """A page of what a unit has handed in; a number beyond the last page gives the last.

    Args:
        session: any.
        plan: the plan in force.
        unit: id of the unit.
        page: from 1.

    Raises:
        Problem: 103 for a unit that the plan does not know.
    """
    own = (col(WorkItemRow.plan_id) == plan.id) & (col(WorkItemRow.unit) == plan.unit(unit).id)
    of_item = col(WorkItemRow.id) == col(SubmissionRow.item_id)
    total = (
        session.scalar(select(func.count(col(SubmissionRow.id))).join(WorkItemRow, of_item).where(own)) or 0
    )
    pages = max(-(-total // SIZE), 1)
    page = min(max(page, 1), pages)
    rows = (
        select(SubmissionRow, WorkItemRow, ReviewRow)
        .join(WorkItemRow, of_item)
        .outerjoin(ReviewRow, col(ReviewRow.submission_id) == col(SubmissionRow.id))
        .where(own)
        .order_by(col(SubmissionRow.id).desc())
        .offset((page - 1) * SIZE)
        .limit(SIZE)
    )
    found = tuple(_handed_in(*row) for row in session.execute(rows))
    return HistoryPage(found, page, pages, total)


def _handed_in(row: SubmissionRow, item: WorkItemRow, verdict: ReviewRow | None) -> HandedIn:
    review = None
    if verdict is not None:
        review = Review(
            verdict=Verdict(verdict.verdict),
            reason=verdict.reason,
            reviewer=verdict.reviewer,
            at=verdict.at,
            day=verdict.at.date(),
        )
    receipt = receipt_of(item.key, row, unchanged=False)
    return HandedIn(receipt, item.duty, item.period_label, row.by, row.door, review)
