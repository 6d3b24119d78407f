"""Work items from rows of the store; units that owe the same occurrence share one object."""

from typing import Any

from sqlalchemy import Row

from domain.duties import Occurrence, WorkItem
from models.tables import WorkItemRow

Known = dict[tuple[object, ...], Occurrence]
"""Occurrences met so far; start with an empty one."""


def occurrence(row: Row[Any] | WorkItemRow, known: Known) -> Occurrence:
    """The occurrence that a row speaks of."""
    when = (row.period, row.period_label, row.opens, row.due, row.act_by, row.assumed)
    if when not in known:
        known[when] = Occurrence(
            period=row.period,
            label=row.period_label,
            opens=row.opens,
            due=row.due,
            act_by=row.act_by,
            assumed=row.assumed,
        )
    return known[when]


def work_item(row: Row[Any] | WorkItemRow, known: Known) -> WorkItem:
    """The item of a row."""
    return WorkItem(
        key=row.key,
        plan=row.plan_id,
        duty=row.duty,
        measure=row.measure,
        unit=row.unit,
        year=row.year,
        occurrence=occurrence(row, known),
    )
