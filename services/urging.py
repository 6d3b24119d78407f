"""Urging by hand (催办): the office asks units, with a reason, to hand in what they owe; once a day for an item."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlmodel import Session, col

from domain.entry_check import LEAST_TEXT
from domain.messages import MessageKind, Post
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.status import OWED, STAGE_NAMES, Stage
from domain.workdays import BEIJING, WorkCalendar
from models.supervision import UrgeRow
from models.tables import ItemStateRow, WorkItemRow
from services import audit
from services.reasons import checked_person, checked_reason
from services.telling import Notice, Reached, reached, tell

MOST = 200
"""How many items are urged at once."""
RUNG = "hand/"
"""What begins the rung under which the ledger of messages knows an urging; its number follows."""


@dataclass(frozen=True)
class Urge:
    """An urging of an item; ``leader`` is whether the unit's leader was told, ``told`` how many people were."""

    number: int
    item: int
    day: date
    reason: str
    leader: bool
    told: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Urged:
    """What came of urging several items.

    Attributes:
        urges: those that were made.
        refused: why not, for each of the others.
        messages: how many went out.
        unreached: names of units in which nobody can be told, who see it on their own page only.
    """

    urges: tuple[Urge, ...]
    refused: tuple[Problem, ...]
    messages: int
    unreached: tuple[str, ...]


def urge(  # noqa: PLR0913 - what an urging consists of; each is a different thing
    session: Session,
    plan: Plan,
    items: Collection[int],
    *,
    reason: str,
    calendar: WorkCalendar,
    by: str,
    at: datetime,
    leader: bool = False,
) -> Urged:
    """Urge items by their number in the store; those that cannot be are left out and told.

    Each unit's people get one message about all of its items.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        items: their numbers.
        reason: what for, for the units to read.
        calendar: working days, on which messages go out.
        by: name of the person in the office.
        at: the moment, aware of its zone.
        leader: whether the unit's leader is told as well as its liaison.

    Raises:
        Problem: 1302, 1303 where none of the items can be urged; 1304 without a reason; 1305 without items or with too
            many; 401 for no such item; 416 for a reason that is too long; 418 without a name; 601 for a reason that could
            identify a child.
    """
    missing = Problem(ProblemKind.URGE_REASON, least=LEAST_TEXT)
    reason = checked_reason(reason, "催办理由", missing, least=LEAST_TEXT)
    by, at = checked_person(by, "催办人"), at.astimezone(BEIJING)
    if not 0 < len(set(items)) <= MOST:
        raise Problem(ProblemKind.URGE_NOBODY, most=MOST)
    owing, refused = _owing(session, plan, items, at.date())
    if not owing:
        raise refused[0]
    posts = (Post.LIAISON, Post.UNIT_LEADER) if leader else (Post.LIAISON,)
    known = reached(session, plan, {row.unit for row in owing}, posts)
    rows = [
        UrgeRow(
            item_id=row.id,
            day=at.date(),
            due=row.due,
            reason=reason,
            leader=leader,
            told=len(known.get(row.unit, ())),
            by=by,
            at=at,
        )
        for row in owing
    ]
    session.add_all(rows)
    session.flush()
    notices = _notices(plan, owing, rows, known)
    messages = tell(session, plan, MessageKind.URGE, notices, calendar=calendar, by=by, at=at)
    told = [(item.key, _detail(row)) for item, row in zip(owing, rows, strict=True)]
    audit.record_all(session, at=at, actor=by, action="urge", subjects=told)
    silent = [unit for unit in dict.fromkeys(row.unit for row in owing) if unit not in known]
    return Urged(
        urges=tuple(_urge(row) for row in rows),
        refused=tuple(refused),
        messages=messages,
        unreached=tuple(plan.units_by_id[one].name if one in plan.units_by_id else one for one in silent),
    )


def urges_of(session: Session, items: Collection[int]) -> Mapping[int, Sequence[Urge]]:
    """The urgings of items by the item's number, newest first; items that never were are missing. One query."""
    rows = select(UrgeRow).where(col(UrgeRow.item_id).in_(items)).order_by(col(UrgeRow.id).desc())
    found: defaultdict[int, list[Urge]] = defaultdict(list)
    for row in session.scalars(rows):
        found[row.item_id].append(_urge(row))
    return found


def _owing(
    session: Session, plan: Plan, items: Collection[int], day: date
) -> tuple[list[Row[Any]], list[Problem]]:
    """The items that can be urged, with id, key, unit and due day, and why the others cannot; nobody else moves them."""
    locked = select(col(WorkItemRow.id)).where(
        col(WorkItemRow.id).in_(items), col(WorkItemRow.plan_id) == plan.id
    )
    there = set(session.scalars(locked.order_by(col(WorkItemRow.id)).with_for_update()))
    if unknown := set(items) - there:
        raise Problem(ProblemKind.ITEM_UNKNOWN, key=min(unknown))
    today = select(UrgeRow).where(col(UrgeRow.item_id).in_(items), col(UrgeRow.day) == day)
    already = {row.item_id: row.by for row in session.scalars(today)}
    rows: Select[Any] = (
        select(
            col(WorkItemRow.id),
            col(WorkItemRow.key),
            col(WorkItemRow.unit),
            col(ItemStateRow.due).label("due"),
            col(ItemStateRow.stage),
        )
        .join(ItemStateRow, col(ItemStateRow.item_id) == col(WorkItemRow.id))
        .where(col(WorkItemRow.id).in_(items))
        .order_by(col(ItemStateRow.due), col(WorkItemRow.id))
    )
    owing, refused = [], []
    for row in session.execute(rows):
        stage = Stage(row.stage)
        if stage not in OWED:
            refused.append(Problem(ProblemKind.URGE_NOTHING, key=row.key, stage=STAGE_NAMES[stage]))
        elif row.id in already:
            refused.append(Problem(ProblemKind.URGE_AGAIN, key=row.key, by=already[row.id]))
        else:
            owing.append(row)
    return owing, refused


def _notices(
    plan: Plan,
    owing: Sequence[Row[Any]],
    rows: Sequence[UrgeRow],
    known: Mapping[str, Sequence[Reached]],
) -> Iterator[Notice]:
    own: defaultdict[str, list[UrgeRow]] = defaultdict(list)
    for item, row in zip(owing, rows, strict=True):
        own[item.unit].append(row)
    for unit, urges in own.items():
        name = plan.units_by_id[unit].name if unit in plan.units_by_id else unit
        content = {
            "title": f"{name}有 {len(urges)} 项工作请抓紧报送",
            "paragraphs": [f"{plan.leading_group.office.name}{urges[0].by}催办：{urges[0].reason}"],
            "link": f"/units/{unit}",
        }
        told = [(row.item_id, row.due, f"{RUNG}{row.id}") for row in urges]
        yield from (Notice(one, content, told) for one in known.get(unit, ()))


def _detail(row: UrgeRow) -> audit.Detail:
    return {"urge": row.id, "told": row.told}


def _urge(row: UrgeRow) -> Urge:
    return Urge(row.id or 0, row.item_id, row.day, row.reason, row.leader, row.told, row.by, row.at)
