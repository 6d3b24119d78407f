"""A unit's items with where each stands, in parts that another system can follow from one to the next."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from domain.plan import Plan
from domain.status import Stage
from domain.workdays import WorkCalendar
from models import lists
from models.states import seen
from services.worklist import Filters, asked


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
    session: Session,
    plan: Plan,
    as_of: date,
    calendar: WorkCalendar,
    filters: Filters,
    *,
    after: int,
    most: int,
) -> tuple[UnitItem, ...]:
    """Open items in the order in which they were opened, so that one opened meanwhile comes last.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        as_of: today.
        calendar: working days.
        filters: which items, as in any other list; among them whose.
        after: number of the last item that is known already; 0 for the first part.
        most: how many at most.
    """
    wanted = asked(plan, as_of, calendar, filters)
    rows = lists.following(session, seen(session, plan.id, as_of), wanted, after=after, most=most)
    return tuple(
        UnitItem(
            id=row.item_id,
            key=row.key,
            duty=row.duty,
            measure=row.measure,
            period_label=row.period_label,
            year=row.year,
            opens=row.opens,
            due=row.due,
            stage=Stage(row.stage),
            version=row.newest_version,
            submitted_at=row.newest_at,
        )
        for row in rows
    )
