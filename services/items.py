"""Work items from rows of the store; units that owe the same occurrence share one object."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlmodel import Session

from domain.duties import Extended, Occurrence, WorkItem
from domain.entry_check import shown
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from models import queries

LARGEST = 2**31
"""Numbers of rows are below it."""


class OwnItem(NamedTuple):
    """An open item of the plan in force that was looked up for somebody who may see it; ``number`` is its id in the store.

    Whoever asks what belongs to an item hands this over: it is proof that it was looked up, and spares doing so again.
    """

    number: int
    item: WorkItem


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


def by_number(session: Session, plan: Plan, number: int, unit: str | None) -> OwnItem | None:
    """An open item by its number in the store; None where there is none of that number, or it is another unit's.

    Args:
        session: any.
        plan: the plan in force.
        number: as addresses name it; any number.
        unit: id of the unit whose item it must be; None for whoever may see all.
    """
    row = queries.whole_item(session, number) if number < LARGEST else None
    if row is None or row.plan_id != plan.id or unit not in (None, row.unit):
        return None
    return OwnItem(row.id, work_item(row, {}))


def key_of(session: Session, plan: Plan, number: int) -> str:
    """The key of the item that has this number in the store.

    Raises:
        Problem: 401 where the plan in force has no such item.
    """
    found = by_number(session, plan, number, None)
    if found is None:
        raise Problem(ProblemKind.ITEM_UNKNOWN, key=number)
    return found.item.key


def own_item(session: Session, plan: Plan, key: str, unit: str | None, *, lock: bool = False) -> OwnItem:
    """An open item by its key.

    Args:
        session: any; one that writes with ``lock``.
        plan: the plan in force.
        key: the item.
        unit: id of the unit whose item it must be; None for whoever may see all.
        lock: whether nobody else shall hand in, decide or ask for the item until the transaction ends.

    Raises:
        Problem: 103 for a unit that the plan does not know; 401 for no such item; 404 for another unit's.
    """
    if lock:
        queries.items_by_key(session, [key], lock=True)
    row = queries.whole_key(session, key)
    if row is None or row.plan_id != plan.id:
        raise Problem(ProblemKind.ITEM_UNKNOWN, key=shown(key))
    if unit is not None and row.unit != unit:
        raise Problem(ProblemKind.ITEM_NOT_YOURS, key=row.key, unit=plan.unit(unit).name)
    return OwnItem(row.id, work_item(row, {}))


def of_number(session: Session, plan: Plan, number: int) -> OwnItem:
    """The item that has this number in the store, for the office.

    Raises:
        Problem: 401 where the plan in force has no such item.
    """
    found = by_number(session, plan, number, None)
    if found is None:
        raise Problem(ProblemKind.ITEM_UNKNOWN, key=number)
    return found
