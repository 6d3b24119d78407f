"""Lists of work items with filters, an order and pages: for the office, for one unit, and what asks for attention.

Pages are counted (第 3 页) and not followed from row to row: an address with a number can be sent to a colleague and
leads anywhere at once, and skipping rows costs the database a walk along an index, milliseconds for thousands.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row
from sqlmodel import Session

from domain.entries import State
from domain.piles import Pile, pile
from domain.plan import Plan
from domain.since import Since
from domain.status import Light, Span, Stage, spans, stage_light
from domain.workdays import WorkCalendar
from models import lists
from models.lists import BY_DUE, Wanted
from models.states import seen
from services.plan_versions import demanded_since

PAGE = 50
"""How many items a page of a list shows."""


class Order(StrEnum):
    """What a list is sorted by; items alike in it by due day, duty and unit."""

    DUE = "due"
    SUBMITTED = "submitted"
    UNIT = "unit"


_ORDERS = {
    Order.DUE: BY_DUE,
    Order.SUBMITTED: ("submitted_at", *BY_DUE),
    Order.UNIT: ("unit", "due", "duty"),
}


class Filters(BaseModel):
    """Which items a list shows; what is empty or None shows all.

    Attributes:
        pile: by what is to be done with them.
        light: by their light.
        stage: by how far they have come.
        units: ids of units.
        measures: numbers; None among them stands for what serves all measures (保障措施).
        duties: ids of duties.
        year: in which they fall due.
        period: code of the period, as ``2025Q3``.
        text: part of the name of a unit or of the title of a duty.
        first: they fall due on this day or later.
        last: they fall due on this day or before.
    """

    model_config = ConfigDict(frozen=True)

    pile: Pile | None = None
    light: Light | None = None
    stage: Stage | None = None
    units: tuple[str, ...] = ()
    measures: tuple[int | None, ...] = ()
    duties: tuple[str, ...] = ()
    year: int | None = None
    period: str | None = None
    text: str = ""
    first: date | None = None
    last: date | None = None


class Line(BaseModel):
    """An item as lists show it.

    Attributes:
        number: of the item in the store, by which addresses name it.
        unit: name of the unit; ``unit_id`` its id.
        title: of the duty; ``duty`` its id.
        period: as people say it.
        backfill: whether it was over before it could be demanded (补录), so that it is to be made up for and is not late.
        days: since the due day; negative while it is ahead.
        version: the one that counts: the accepted one, else the newest; with ``submitted_at``, ``by`` and ``state`` None
            where nothing was handed in.
        reason: why the office sent that version back; empty otherwise.
        returns: how often it was sent back.
        pending: whether the newest version, which may be a correction, waits for the office.
        amending: whether the unit may hand in a correction.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    key: str
    unit_id: str
    unit: str
    duty: str
    title: str
    measure: int | None
    period: str
    opens: date
    due: date
    light: Light
    backfill: bool
    days: int
    stage: Stage
    version: int | None
    state: State | None
    by: str | None
    submitted_at: datetime | None
    reviewed_at: datetime | None
    reason: str
    returns: int
    pending: bool
    amending: bool

    @property
    def returned(self) -> bool:
        """Whether the office sent the newest version back."""
        return self.stage is Stage.RETURNED


class Page(BaseModel):
    """A page of a list, counted from 1; ``total`` is how many items all pages have together."""

    model_config = ConfigDict(frozen=True)

    number: int
    size: int
    total: int
    lines: tuple[Line, ...]

    @property
    def pages(self) -> int:
        """How many pages there are; one where the list is empty."""
        return max(1, -(-self.total // self.size))


def work_list(  # noqa: PLR0913 - what a page of a list consists of; each is a different thing
    session: Session,
    plan: Plan,
    as_of: date,
    calendar: WorkCalendar,
    filters: Filters,
    *,
    order: Order = Order.DUE,
    descending: bool = False,
    number: int = 1,
    size: int = PAGE,
) -> Page:
    """A page of the items that are open on a day, as they stood at its end; three queries, and one look whether it is past.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        as_of: the day.
        calendar: working days.
        filters: which items.
        order: what they are sorted by.
        descending: the other way round.
        number: of the page, from 1; one that the list does not have is empty.
        size: how many items a page shows.
    """
    wanted = asked(plan, as_of, calendar, filters)
    items = seen(session, plan.id, as_of)
    rows = lists.page(
        session,
        items,
        wanted,
        order=_ORDERS[order],
        descending=descending,
        skip=(number - 1) * size,
        most=size,
    )
    total = lists.count(session, items, wanted)
    return Page(
        number=number,
        size=size,
        total=total,
        lines=told(plan, rows, as_of, calendar, demanded_since(session, plan)),
    )


def asked(plan: Plan, as_of: date, calendar: WorkCalendar, filters: Filters) -> Wanted:
    """What filters mean to the store."""
    return Wanted(
        spans=_spans(plan, as_of, calendar, filters),
        units=filters.units,
        measures=filters.measures,
        duties=filters.duties,
        year=filters.year,
        period=filters.period,
        pending=filters.pile is Pile.TO_REVIEW,
        amending=filters.pile is Pile.AMENDING,
        found=words_found(plan, filters.text),
    )


def told(
    plan: Plan, rows: Sequence[Row[Any]], as_of: date, calendar: WorkCalendar, since: Since
) -> tuple[Line, ...]:
    """Rows of :func:`models.lists.page` as lists show them; a unit or duty that the plan has no more by its id."""
    known: dict[tuple[Stage, date], Light] = {}
    for row in rows:
        like = (Stage(row.stage), row.due)
        if like not in known:
            known[like] = stage_light(*like, as_of, plan.rules.lights, calendar)
    return tuple(_line(plan, row, as_of, known[Stage(row.stage), row.due], since) for row in rows)


def _line(plan: Plan, row: Row[Any], as_of: date, light: Light, since: Since) -> Line:
    stage = Stage(row.stage)
    unit, duty = plan.units_by_id.get(row.unit), plan.duties_by_id.get(row.duty)
    return Line(
        number=row.id,
        key=row.key,
        unit_id=row.unit,
        unit=unit.name if unit else row.unit,
        duty=row.duty,
        title=duty.title if duty else row.duty,
        measure=row.measure,
        period=row.period_label,
        opens=row.opens,
        due=row.due,
        light=light,
        backfill=since.backfill(row.unit, row.duty, row.due),
        days=(as_of - row.due).days,
        stage=stage,
        version=row.version,
        state=State(row.state) if row.state else None,
        by=row.by,
        submitted_at=row.submitted_at,
        reviewed_at=row.reviewed_at,
        reason=row.reason if stage is Stage.RETURNED else "",
        returns=row.returns,
        pending=row.pending,
        amending=row.amending,
    )


def _spans(plan: Plan, as_of: date, calendar: WorkCalendar, filters: Filters) -> tuple[Span, ...] | None:
    asked: list[tuple[Span, ...]] = []
    if (
        filters.pile is not None
        and (found := pile(filters.pile, as_of, plan.rules.lights, calendar)) is not None
    ):
        asked.append(found)
    if filters.light is not None:
        asked.append(spans(filters.light, as_of, plan.rules.lights, calendar))
    if filters.stage is not None:
        asked.append((Span(filters.stage),))
    if filters.first is not None or filters.last is not None:
        asked.append(tuple(Span(stage, filters.first, filters.last) for stage in Stage))
    return reduce(_both, asked) if asked else None


def _both(some: tuple[Span, ...], others: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(shared for one in some for other in others if (shared := one.shared(other)))


def words_found(plan: Plan, text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Ids of the units and of the duties whose name or title holds a text; None where it is empty."""
    text = text.strip()
    if not text:
        return None
    units = frozenset(u.id for u in plan.units if any(text in name for name in (u.name, *u.aliases)))
    return units, frozenset(duty.id for duty in plan.duties if text in duty.title)
