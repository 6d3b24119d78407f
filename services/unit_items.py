"""A unit's items with where each stands, in parts that another system can follow from one to the next."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from domain.plan import Plan
from domain.status import Stage
from models.tables import ItemStateRow, SubmissionRow, WorkItemRow


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
    """An item and where it stands.

    Attributes:
        due: the last day in time, which the office may have granted.
        version: the newest; None where nothing was handed in, as ``submitted_at``, when it came.
    """

    id: int
    key: str
    duty: str
    measure: int | None
    period_label: str
    year: int
    opens: date
    due: date
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
    state, newest = ItemStateRow, SubmissionRow
    wanted = (
        select(WorkItemRow, state, col(newest.version), col(newest.at))
        .join(state, col(state.item_id) == col(WorkItemRow.id))
        .outerjoin(newest, col(newest.id) == col(state.newest_id))
        .where(col(state.plan_id) == plan.id, col(state.unit) == unit, col(state.item_id) > after)
    )
    if filters.year is not None:
        wanted = wanted.where(col(state.year) == filters.year)
    if filters.measure is not None:
        wanted = wanted.where(col(state.measure) == filters.measure)
    if filters.due_before is not None:
        wanted = wanted.where(col(state.due) < filters.due_before)
    if filters.stage is not None:
        wanted = wanted.where(col(state.stage) == filters.stage.value)
    rows = session.execute(wanted.order_by(col(state.item_id)).limit(most)).tuples()
    return tuple(_item(*row) for row in rows)


def _item(row: WorkItemRow, state: ItemStateRow, version: int | None, at: datetime | None) -> UnitItem:
    return UnitItem(
        id=state.item_id,
        key=row.key,
        duty=row.duty,
        measure=row.measure,
        period_label=row.period_label,
        year=row.year,
        opens=row.opens,
        due=state.due,
        stage=Stage(state.stage),
        version=version,
        submitted_at=at,
    )
