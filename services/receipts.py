"""A receipt (回执) that a unit has in hand, found again by its number."""

import re

from sqlalchemy import select
from sqlmodel import Session, col

from domain.plan import Plan
from models.tables import SubmissionRow, WorkItemRow
from services.intake import Receipt, receipt_number

_NUMBER = re.compile(r"[0-9]{8}-([0-9]{6,9})")


def find_receipt(session: Session, plan: Plan, unit: str, number: str) -> Receipt | None:
    """The receipt of a number; None where there is none, or not one of this unit.

    Args:
        session: any.
        plan: the plan.
        unit: id of the unit.
        number: as it stands on the receipt.
    """
    read = _NUMBER.fullmatch(number)
    if read is None:
        return None
    wanted = (
        select(SubmissionRow, col(WorkItemRow.key))
        .join(WorkItemRow, col(WorkItemRow.id) == col(SubmissionRow.item_id))
        .where(
            col(SubmissionRow.id) == int(read[1]),
            col(WorkItemRow.plan_id) == plan.id,
            col(WorkItemRow.unit) == unit,
        )
    )
    found = session.execute(wanted).one_or_none()
    if found is None or receipt_number(found[0].id, found[0].at) != number:
        return None
    row, key = found
    return Receipt(number, key, row.version, row.at, row.content_sha256, unchanged=False)
