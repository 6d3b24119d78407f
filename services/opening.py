"""Opening a year's items: from the plan in force to rows that units report on. May be run as often as one likes.

The database crosses each occurrence with the units that owe it, one statement an occurrence, so that ten thousand
units cost ten thousand rows and not ten thousand round trips.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, TableValuedAlias, Text, column, func, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session

from domain.canonical import sha256
from domain.duties import Occurrence, occurrences
from domain.plan import Duty, Plan
from domain.workdays import WorkCalendar
from models.tables import WorkItemRow
from services import audit
from services.plan_versions import PlanVersion

_ITEMS = WorkItemRow.metadata.tables["work_item"]


@dataclass(frozen=True)
class Opened:
    """How many items of the year this run opened, and how many were open already."""

    created: int
    existing: int


def open_year(  # noqa: PLR0913 - what a year's items are made from; each is a different thing
    session: Session,
    plan: Plan,
    version: PlanVersion,
    year: int,
    *,
    as_of: date,
    calendar: WorkCalendar,
    at: datetime,
    actor: str,
) -> Opened:
    """Open every item of ``year`` whose time has come by ``as_of``; what is open already stays as it is.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        version: its version, which the new items keep.
        year: a year of the plan.
        as_of: the day; items that open later are left for a later run.
        calendar: working days.
        at: the moment, for the record.
        actor: who or what opens.

    Raises:
        Problem: 105 for a year outside the plan; 201 where the calendar does not reach.
    """
    created: list[str] = []
    total = 0
    for duty in plan.duties:
        units = plan.duty_units(duty)
        for occurrence in occurrences(plan, duty, year, calendar):
            if occurrence.opens <= as_of:
                row = _row(plan, version, duty, year, occurrence) | {"opened_at": at}
                created += _insert(session, row, units)
                total += len(units)
    if created:
        digest = sha256("\n".join(sorted(created)))
        detail: audit.Detail = {"count": len(created), "keys_sha256": digest, "version": version.number}
        subject = f"{plan.id}/{year}"
        audit.record(session, at=at, actor=actor, action="open", subject=subject, detail=detail)
    return Opened(created=len(created), existing=total - len(created))


def _row(plan: Plan, version: PlanVersion, duty: Duty, year: int, occurrence: Occurrence) -> dict[str, Any]:
    """What the items of one occurrence have in common."""
    return {
        "plan_id": plan.id,
        "plan_version_id": version.id,
        "duty": duty.id,
        "measure": duty.measure,
        "period": occurrence.period,
        "period_label": occurrence.label,
        "year": year,
        "opens": occurrence.opens,
        "due": occurrence.due,
        "act_by": occurrence.act_by,
        "assumed": occurrence.assumed,
    }


def _insert(session: Session, row: dict[str, Any], units: Sequence[str]) -> Sequence[str]:
    """Insert a row a unit, unless it is there; returns the keys of those that were not."""
    dialect = session.get_bind().dialect.name
    source = _as_table(dialect, units)
    unit = source.c.value
    key = literal(f"{row['plan_id']}/{row['duty']}/", Text) + unit + literal(f"/{row['period']}", Text)
    columns: dict[str, ColumnElement[Any]] = {"key": key, "unit": unit}
    columns |= {name: literal(value, _ITEMS.c[name].type) for name, value in row.items()}
    rows = (
        select(*columns.values()).select_from(source).where(true())
    )  # SQLite wants a WHERE before ON CONFLICT
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(_ITEMS)
    statement = insert.from_select(list(columns), rows).on_conflict_do_nothing(index_elements=["key"])
    return session.scalars(statement.returning(_ITEMS.c.key)).all()


def _as_table(dialect: str, units: Sequence[str]) -> TableValuedAlias:
    """The units as a table of one column, which the database unfolds from one parameter."""
    value = column("value", Text)
    if dialect == "sqlite":
        return func.json_each(json.dumps(units)).table_valued(value, name="units")
    return func.unnest(literal(list(units), ARRAY(Text))).table_valued(value).render_derived("units")
