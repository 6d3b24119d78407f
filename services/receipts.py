"""Receipts (回执) looked up again by their number, as a unit prints them: what came in, when, from whom, word for word."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from domain.entries import State
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from models import attachments
from models.tables import SubmissionRow, WorkItemRow
from services.intake import Receipt, receipt_of

_NUMBER = re.compile(r"([0-9]{8})-([0-9]{6,9})", re.ASCII)


@dataclass(frozen=True)
class Slip:
    """A receipt with what a reader wants to see on it; ids are those of the plan."""

    receipt: Receipt
    unit: str
    duty: str
    period_label: str
    state: State
    by: str
    door: str
    attachments: int


def find_receipt(session: Session, plan: Plan, number: str, *, unit: str | None = None) -> Slip:
    """The receipt of a number.

    Args:
        session: any.
        plan: the plan in force.
        number: as it stands on the receipt: ``20250401-000001``.
        unit: id of the unit that must have handed in; None for whoever may see all.

    Raises:
        Problem: 433 where there is none, or it is another unit's, which is not told apart.
    """
    parts = _NUMBER.fullmatch(number.strip())
    slip = _slip(session, plan, int(parts[2]), unit) if parts else None
    if slip is None or slip.receipt.number != number.strip():
        raise Problem(ProblemKind.RECEIPT_UNKNOWN)
    return slip


def _slip(session: Session, plan: Plan, submission: int, unit: str | None) -> Slip | None:
    found = session.execute(
        select(SubmissionRow, WorkItemRow)
        .join(WorkItemRow, col(WorkItemRow.id) == col(SubmissionRow.item_id))
        .where(col(SubmissionRow.id) == submission, col(WorkItemRow.plan_id) == plan.id)
    ).one_or_none()
    if found is None:
        return None
    row, item = found
    if unit is not None and item.unit != unit:
        return None
    return Slip(
        receipt=receipt_of(item.key, row, unchanged=False),
        unit=item.unit,
        duty=item.duty,
        period_label=item.period_label,
        state=State(row.state),
        by=row.by,
        door=row.door,
        attachments=len(attachments.of_submissions(session, [submission]).get(submission, ())),
    )
