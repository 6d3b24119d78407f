"""The day by which an item is really owed: the plan's, unless the office granted more time (延期).

``work_item.due`` is the day that the plan sets, which tells periods apart and never changes. Whoever asks what is late,
or lists what is due, joins :func:`granted` and takes :func:`effective_due`; whoever reads whole items
(:func:`services.items.work_item`) adds :func:`granted_columns`::

    grants = granted(as_of)
    select(*ITEM, *granted_columns(grants)).outerjoin(grants, grants.c.item_id == ITEM.id)
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, select

from domain.workdays import day_end
from models.desk import ExtensionDecisionRow, ExtensionRow
from models.tables import WorkItemRow

_ITEM = WorkItemRow.metadata.tables["work_item"].c


def granted(as_of: date | None = None) -> Subquery:
    """The extension granted for each item that has one, by the end of ``as_of``; without it, up to now.

    Columns: item_id, until, act_by, assumed, and at, when it was decided. An item is extended once at most.
    """
    asked, decided = (
        row.metadata.tables[name].c
        for row, name in ((ExtensionRow, "extension"), (ExtensionDecisionRow, "extension_decision"))
    )
    grants = (
        select(asked.item_id, decided.until, decided.act_by, decided.assumed, decided.at)
        .join_from(asked.id.table, decided.id.table, decided.extension_id == asked.id)
        .where(decided.verdict == "granted")
    )
    if as_of is not None:
        grants = grants.where(decided.at < day_end(as_of))
    return grants.subquery("granted")


def effective_due(grants: Subquery) -> ColumnElement[date]:
    """The last day in time, granted or the plan's, where ``grants`` is joined to the items."""
    return func.coalesce(grants.c.until, _ITEM.due)


def granted_columns(grants: Subquery) -> tuple[ColumnElement[Any], ...]:
    """What :func:`services.items.work_item` reads of a grant; all None where there is none."""
    return (
        grants.c.until.label("granted_until"),
        grants.c.act_by.label("granted_act_by"),
        grants.c.assumed.label("granted_assumed"),
        grants.c.at.label("granted_at"),
    )
