"""What was handed in, newest first (报送记录): of one unit, or of all."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from domain.entries import State
from domain.facts import Verdict
from domain.plan import Plan
from models import lists

PAGE = 50
"""How many versions a page shows."""


class Version(BaseModel):
    """A version of what a unit handed in, without its words and figures.

    Attributes:
        id: of the submission.
        item: number of the item in the store, by which pages name it; ``key`` its key.
        unit: name of the unit; ``unit_id`` its id.
        title: of the duty; ``duty`` its id.
        period: as people say it.
        verdict: the office's; with ``reviewed_at`` and ``reviewer`` None while there is none.
        reason: why it was returned; empty otherwise.
        newest: whether none came after it.
    """

    model_config = ConfigDict(frozen=True)

    id: int
    item: int
    key: str
    unit_id: str
    unit: str
    duty: str
    title: str
    period: str
    version: int
    state: State
    by: str
    at: datetime
    door: str
    content_sha256: str
    verdict: Verdict | None
    reason: str
    reviewer: str | None
    reviewed_at: datetime | None
    newest: bool


class History(BaseModel):
    """A page of versions, counted from 1; ``more`` says whether another page follows."""

    model_config = ConfigDict(frozen=True)

    number: int
    size: int
    more: bool
    versions: tuple[Version, ...]


def history(
    session: Session, plan: Plan, unit: str | None = None, *, number: int = 1, size: int = PAGE
) -> History:
    """A page of what was handed in, newest first; one query.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        unit: id of the unit; None for all of them.
        number: of the page, from 1.
        size: how many versions a page shows.
    """
    rows = lists.versions(session, plan.id, unit, skip=(number - 1) * size, most=size + 1)
    found = []
    for row in rows[:size]:
        known_unit, duty = plan.units_by_id.get(row.unit), plan.duties_by_id.get(row.duty)
        found.append(
            Version(
                id=row.id,
                item=row.item_id,
                key=row.key,
                unit_id=row.unit,
                unit=known_unit.name if known_unit else row.unit,
                duty=row.duty,
                title=duty.title if duty else row.duty,
                period=row.period_label,
                version=row.version,
                state=State(row.state),
                by=row.by,
                at=row.at,
                door=row.door,
                content_sha256=row.content_sha256,
                verdict=Verdict(row.verdict) if row.verdict else None,
                reason=row.reason or "",
                reviewer=row.reviewer,
                reviewed_at=row.reviewed_at,
                newest=row.newest,
            )
        )
    return History(number=number, size=size, more=len(rows) > size, versions=tuple(found))
