"""Requests for more time as the store has them: each with what was decided, and its item."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlmodel import Session, col

from models.desk import ExtensionDecisionRow, ExtensionRow
from models.tables import WorkItemRow

Found = Row[tuple[ExtensionRow, ExtensionDecisionRow | None, WorkItemRow]]
"""A request, the decision on it (None while there is none), and the item."""


@dataclass(frozen=True)
class Wanted:
    """Which requests are asked for; what is empty or None asks for all.

    Attributes:
        verdicts: decided so; None among them stands for those that wait.
        units: ids of units.
        measures: numbers of measures; None among them stands for what serves all measures.
        year: in which the item falls due by the plan.
    """

    verdicts: tuple[str | None, ...] = ()
    units: tuple[str, ...] = ()
    measures: tuple[int | None, ...] = ()
    year: int | None = None


def found(session: Session, condition: ColumnElement[bool]) -> list[Found]:
    """The requests of a condition, oldest first."""
    return list(session.execute(_joined().where(condition).order_by(col(ExtensionRow.id))))


def page(session: Session, plan_id: str, wanted: Wanted, *, skip: int, most: int) -> list[Found]:
    """Some of the requests wanted, newest first."""
    rows = _joined().where(*_conditions(plan_id, wanted)).order_by(col(ExtensionRow.id).desc())
    return list(session.execute(rows.offset(skip).limit(most)))


def count(session: Session, plan_id: str, wanted: Wanted) -> int:
    """How many requests are wanted."""
    counted = _joined().with_only_columns(func.count()).where(*_conditions(plan_id, wanted))
    return session.scalar(counted) or 0


def _joined() -> Select[Any]:
    return (
        select(ExtensionRow, ExtensionDecisionRow, WorkItemRow)
        .join(WorkItemRow, col(WorkItemRow.id) == col(ExtensionRow.item_id))
        .outerjoin(ExtensionDecisionRow, col(ExtensionDecisionRow.extension_id) == col(ExtensionRow.id))
    )


def _conditions(plan_id: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    item, verdict = WorkItemRow, col(ExtensionDecisionRow.verdict)
    asked: list[ColumnElement[bool]] = [col(item.plan_id) == plan_id]
    if wanted.units:
        asked.append(col(item.unit).in_(wanted.units))
    if wanted.year is not None:
        asked.append(col(item.year) == wanted.year)
    if wanted.measures:
        asked.append(_one_of(col(item.measure), wanted.measures))
    if wanted.verdicts:
        asked.append(_one_of(verdict, wanted.verdicts))
    return asked


def _one_of(column: Any, values: tuple[Any, ...]) -> ColumnElement[bool]:
    """Whether a column is one of some values, among which None stands for no value."""
    named: ColumnElement[bool] = column.in_([value for value in values if value is not None])
    return or_(named, column.is_(None)) if None in values else named
