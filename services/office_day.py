"""What the office's day begins with, beside :mod:`services.standing`: whom to chase first, and what came in last."""

from datetime import date

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from domain.piles import Pile
from domain.plan import Plan
from domain.workdays import WorkCalendar
from models import lists
from models.states import seen
from services.history import Version, history
from services.mark import Kept, mark
from services.worklist import Filters, asked

MOST_UNITS, MOST_VERSIONS = 6, 6
"""How many units are named, and how many versions."""


class Chased(BaseModel):
    """A unit that is late: with how many items, and since when with the oldest."""

    model_config = ConfigDict(frozen=True)

    unit_id: str
    unit: str
    late: int
    oldest: date
    days: int


class OfficeDay(BaseModel):
    """A day's beginning.

    Attributes:
        today: how many items are owed and fall due on the day itself.
        amending: how many may be corrected.
        chase: the units with the most late items, the worst first.
        newest: what was handed in last, newest first.
    """

    model_config = ConfigDict(frozen=True)

    today: int
    amending: int
    chase: tuple[Chased, ...]
    newest: tuple[Version, ...]


_KEPT: Kept[OfficeDay] = Kept(8)


def office_day(session: Session, plan: Plan, as_of: date, calendar: WorkCalendar) -> OfficeDay:
    """The beginning of a day; kept while nothing changes, as :func:`services.standing.standing`.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        as_of: the day.
        calendar: working days.
    """
    key = (mark(session, as_of), plan.id, calendar.last)
    return _KEPT.answer(key, lambda: _reckon(session, plan, as_of, calendar))


def due_today(as_of: date) -> Filters:
    """The items that are owed and fall due on a day."""
    return Filters(pile=Pile.OWED, first=as_of, last=as_of)


def _reckon(session: Session, plan: Plan, as_of: date, calendar: WorkCalendar) -> OfficeDay:
    items = seen(session, plan.id, as_of)

    def total(filters: Filters) -> int:
        return lists.count(session, items, asked(plan, as_of, calendar, filters))

    late = asked(plan, as_of, calendar, Filters(pile=Pile.LATE))
    rows = lists.heaviest(session, items, late, most=MOST_UNITS)
    return OfficeDay(
        today=total(due_today(as_of)),
        amending=total(Filters(pile=Pile.AMENDING)),
        chase=tuple(
            Chased(
                unit_id=row.unit,
                unit=plan.units_by_id[row.unit].name if row.unit in plan.units_by_id else row.unit,
                late=row.items,
                oldest=row.oldest,
                days=(as_of - row.oldest).days,
            )
            for row in rows
        ),
        newest=history(session, plan, size=MOST_VERSIONS).versions,
    )
