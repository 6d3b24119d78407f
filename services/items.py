"""Work items from rows of the store; units that owe the same occurrence share one object."""

from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from domain.duties import Extended, Occurrence, WorkItem
from domain.entry_check import shown
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from models import queries
from models.tables import WorkItemRow

Known = dict[tuple[object, ...], Occurrence]
"""Occurrences met so far; start with an empty one."""


def occurrence(row: Row[Any], known: Known, due: date | None = None) -> Occurrence:
    """The occurrence that a row speaks of; ``due`` is the plan's day where the row's own is one that was granted."""
    due = row.due if due is None else due
    when = (row.period, row.period_label, row.opens, due, row.act_by, row.assumed)
    if when not in known:
        known[when] = Occurrence(
            period=row.period,
            label=row.period_label,
            opens=row.opens,
            due=due,
            act_by=row.act_by,
            assumed=row.assumed,
        )
    return known[when]


def extended(row: Row[Any]) -> Extended | None:
    """The time that the office granted for the item of a row; see :func:`models.due.granted_columns`."""
    if row.granted_until is None:
        return None
    on = row.granted_at.date()
    return Extended(on=on, until=row.granted_until, act_by=row.granted_act_by, assumed=row.granted_assumed)


def work_item(row: Row[Any], known: Known) -> WorkItem:
    """The item of a row that holds its columns and :func:`models.due.granted_columns`."""
    return WorkItem(
        key=row.key,
        plan=row.plan_id,
        duty=row.duty,
        measure=row.measure,
        unit=row.unit,
        year=row.year,
        occurrence=occurrence(row, known),
        extended=extended(row),
    )


def own_key(session: Session, plan: Plan, number: int, unit: str) -> str | None:
    """The key of an open item by its number in the store; None where the unit has none of that number."""
    row = session.get(WorkItemRow, number)
    return row.key if row is not None and row.plan_id == plan.id and row.unit == unit else None


def own_item(
    session: Session, plan: Plan, key: str, unit: str | None, *, lock: bool = False
) -> tuple[int, WorkItem]:
    """An open item and its id in the store.

    Args:
        session: any; one that writes with ``lock``.
        plan: the plan in force.
        key: the item.
        unit: id of the unit whose item it must be; None for whoever may see all.
        lock: whether nobody else shall hand in, decide or ask for the item until the transaction ends.

    Raises:
        Problem: 103 for a unit that the plan does not know; 401 for no such item; 404 for another unit's.
    """
    row: WorkItemRow | None = queries.items_by_key(session, [key], lock=lock).get(key)
    if row is None or row.id is None or row.plan_id != plan.id:
        raise Problem(ProblemKind.ITEM_UNKNOWN, key=shown(key))
    if unit is not None and row.unit != unit:
        raise Problem(ProblemKind.ITEM_NOT_YOURS, key=row.key, unit=plan.unit(unit).name)
    return row.id, work_item(queries.whole_item(session, row.id), {})


def key_of(session: Session, plan: Plan, number: int) -> str:
    """The key of the item that has this number in the store.

    Raises:
        Problem: 401 where the plan in force has no such item.
    """
    row = session.get(WorkItemRow, number)
    if row is None or row.plan_id != plan.id:
        raise Problem(ProblemKind.ITEM_UNKNOWN, key=number)
    return row.key
