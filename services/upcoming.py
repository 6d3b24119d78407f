"""What would go out on a day, for people to read before it does: done for real in a transaction that is taken back."""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from domain.ladder import COLOUR_NAMES
from domain.messages import POST_NAMES
from domain.plan import Plan
from domain.reminder import rungs_by_id
from domain.workdays import WorkCalendar
from models.engine import trying
from models.messages import ContactRow
from models.tables import WorkItemRow
from services.plan_versions import PlanVersion
from services.reach import missing
from services.reminding import Digest, digests
from services.rounds import Round, open_in

_CHUNK = 500
"""Items that are looked up at once."""


class UpcomingItem(BaseModel):
    """An item that a message tells of: whose it is, what, for which period, due when, and on which rung."""

    model_config = ConfigDict(frozen=True)

    key: str
    unit: str
    title: str
    period: str
    due: date
    rung: str
    rung_name: str
    colour: str


class UpcomingMessage(BaseModel):
    """A message that would go out: to whom, by which channel, when at the earliest, and what it says."""

    model_config = ConfigDict(frozen=True)

    contact: int
    name: str
    post: str
    unit: str
    channel: str
    at: datetime
    title: str
    paragraphs: tuple[str, ...]
    items: tuple[UpcomingItem, ...]


class Upcoming(BaseModel):
    """Everything that would go out for a day, and which posts nobody can be reached in (unit and post in words)."""

    model_config = ConfigDict(frozen=True)

    day: date
    workday: bool
    messages: tuple[UpcomingMessage, ...]
    unreachable: tuple[tuple[str, str], ...]


def upcoming(
    engine: Engine,
    plan: Plan,
    version: PlanVersion,
    *,
    as_of: date,
    calendar: WorkCalendar,
    at: datetime,
    by: str,
) -> Upcoming:
    """What would go out on a day if nothing else happened until then; changes nothing.

    A day that is past is asked what it would have told, by what was told since then; one to come also of what will have
    opened by then.

    Args:
        engine: the store.
        plan: the plan in force.
        version: its version.
        as_of: the day.
        calendar: working days.
        at: the moment now.
        by: who looks.
    """
    with trying(engine) as session:
        open_in(session, Round(plan, version, as_of, calendar, at, by))
        ahead = as_of > at.date()
        found = list(digests(session, plan, as_of=as_of, calendar=calendar, at=at, ahead=ahead))
        known = _items(session, [item for one in found for item, _, _ in one.items])
        names = _names(session, [one.contact for one in found])
        return Upcoming(
            day=as_of,
            workday=calendar.is_workday(as_of),
            messages=tuple(_message(plan, one, names[one.contact], known) for one in found),
            unreachable=tuple(
                (unit_words(plan, one.unit), POST_NAMES[one.post]) for one in missing(session, plan)
            ),
        )


def unit_words(plan: Plan, unit: str) -> str:
    """The name of a unit; of the leading group for what is the district's."""
    if not unit:
        return plan.leading_group.office.name
    return plan.units_by_id[unit].name if unit in plan.units_by_id else unit


def _message(plan: Plan, one: Digest, name: str, known: dict[int, WorkItemRow]) -> UpcomingMessage:
    rungs = rungs_by_id(plan)
    items = []
    for number, due, rung in one.items:
        item = known[number]
        duty = plan.duties_by_id[item.duty]
        items.append(
            UpcomingItem(
                key=item.key,
                unit=unit_words(plan, item.unit),
                title=duty.title,
                period=item.period_label,
                due=due,
                rung=rung,
                rung_name=rungs[rung].name,
                colour=COLOUR_NAMES[rungs[rung].colour],
            )
        )
    return UpcomingMessage(
        contact=one.contact,
        name=name,
        post=POST_NAMES[one.post],
        unit=unit_words(plan, one.unit),
        channel=one.channel,
        at=one.next_at,
        title=one.content["title"],
        paragraphs=tuple(one.content["paragraphs"]),
        items=tuple(items),
    )


def _items(session: Session, numbers: Sequence[int]) -> dict[int, WorkItemRow]:
    wanted = sorted(set(numbers))
    found: dict[int, WorkItemRow] = {}
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        for row in session.scalars(select(WorkItemRow).where(col(WorkItemRow.id).in_(part))):
            found[row.id or 0] = row
    return found


def _names(session: Session, numbers: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(numbers), _CHUNK):
        part = numbers[start : start + _CHUNK]
        rows = select(col(ContactRow.id), col(ContactRow.name)).where(col(ContactRow.id).in_(part))
        found.update((number, name) for number, name in session.execute(rows) if number is not None)
    return found
