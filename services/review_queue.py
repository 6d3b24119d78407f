"""The office's queue of versions to review (审核), longest waiting first, with what a reviewer needs to decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from domain.canonical import person
from domain.facts import Submission
from domain.flags import Flag, flags
from domain.plan import Plan
from domain.plausibility import LastFigure
from models import queries
from models.tables import ItemStateRow, SubmissionRow, WorkItemRow
from services import facts
from services.worklist import words_found

PAGE = 20
"""How many versions a page of the queue shows; each is shown with its figures and the beginning of its text."""


@dataclass(frozen=True)
class Asked:
    """Which versions are wanted; what is empty or None wants all.

    Attributes:
        unit: id of the unit.
        measure: numbers of measures; None among them for what serves all.
        duty: id of the duty.
        text: part of the name of a unit or of the title of a duty.
        items: numbers of items, whichever those are.
    """

    unit: str | None = None
    measure: tuple[int | None, ...] = ()
    duty: str | None = None
    text: str = ""
    items: tuple[int, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """A version that waits for the office.

    Attributes:
        item: number of the item; ``key`` its key.
        unit: name of the unit.
        duty: id of the duty; ``title`` its title.
        due: the last day in time.
        version: the version itself.
        flags: what is out of the ordinary about it.
        last: last period's figures, by indicator.
        by: everybody who handed in a version of the item, none of whom may decide.
    """

    item: int
    key: str
    unit_id: str
    unit: str
    duty: str
    title: str
    period: str
    due: date
    version: Submission
    flags: tuple[Flag, ...]
    last: Mapping[str, LastFigure]
    by: frozenset[str]

    def own_of(self, name: str) -> bool:
        """Whether somebody has handed in a version of the item, under whichever spelling of their name."""
        return person(name) in {person(other) for other in self.by}


@dataclass(frozen=True)
class Queue:
    """A page of the queue, counted from 1; ``total`` is how many versions wait on all pages together."""

    number: int
    size: int
    total: int
    waiting: tuple[Waiting, ...]

    @property
    def pages(self) -> int:
        """How many pages there are; one where nothing waits."""
        return max(1, -(-self.total // self.size))


def queue(session: Session, plan: Plan, asked: Asked, *, number: int = 1, size: int = PAGE) -> Queue:
    """A page of what waits for the office; a handful of queries, whatever it holds.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        asked: which versions.
        number: of the page, from 1; one that the queue does not have is empty.
        size: how many versions a page shows.
    """
    wanted = (
        select(WorkItemRow, ItemStateRow)
        .join(ItemStateRow, col(ItemStateRow.item_id) == col(WorkItemRow.id))
        .join(SubmissionRow, col(SubmissionRow.id) == col(ItemStateRow.newest_id))
        .where(*_conditions(plan, asked))
    )
    ordered = wanted.order_by(col(SubmissionRow.at), col(SubmissionRow.id))
    rows = session.execute(ordered.offset((number - 1) * size).limit(size)).all()
    count = select(func.count()).select_from(ItemStateRow).where(*_conditions(plan, asked))
    ids = [state.item_id for _, state in rows]
    versions, last = facts.versions(session, ids), queries.last_figures(session, ids)
    return Queue(
        number=number,
        size=size,
        total=session.scalar(count) or 0,
        waiting=tuple(
            _waiting(plan, row, versions[item], last.get(item, {}))
            for row, item in zip(rows, ids, strict=True)
        ),
    )


def _conditions(plan: Plan, asked: Asked) -> list[Any]:
    state = ItemStateRow
    found: list[Any] = [col(state.plan_id) == plan.id, col(state.pending).is_(True)]
    if asked.unit is not None:
        found.append(col(state.unit) == asked.unit)
    if asked.duty is not None:
        found.append(col(state.duty) == asked.duty)
    if asked.measure:
        numbers = [number for number in asked.measure if number is not None]
        none = col(state.measure).is_(None)
        found.append(
            col(state.measure).in_(numbers) | none
            if None in asked.measure
            else col(state.measure).in_(numbers)
        )
    if asked.items:
        found.append(col(state.item_id).in_(asked.items))
    if (words := words_found(plan, asked.text)) is not None:
        found.append(col(state.unit).in_(words[0]) | col(state.duty).in_(words[1]))
    return found


def _waiting(
    plan: Plan, row: Row[Any], versions: tuple[Submission, ...], last: Mapping[str, LastFigure]
) -> Waiting:
    item, state = row
    newest = versions[-1]
    unit, duty = plan.units_by_id.get(item.unit), plan.duties_by_id.get(item.duty)
    return Waiting(
        item=state.item_id,
        key=item.key,
        unit_id=item.unit,
        unit=unit.name if unit else item.unit,
        duty=item.duty,
        title=duty.title if duty else item.duty,
        period=item.period_label,
        due=state.due,
        version=newest,
        flags=flags(
            newest,
            last,
            plan.rules.plausibility,
            correction=any(version.accepted for version in versions),
            returns=state.returns,
        ),
        last=last,
        by=frozenset(version.by for version in versions),
    )
