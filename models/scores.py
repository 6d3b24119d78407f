"""What scores of units are reckoned from, for all units at once: two queries, however many items fell due."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, or_, select, union_all
from sqlmodel import Session

from domain.facts import Verdict
from domain.scoring import Criterion
from domain.workdays import day_end
from models import desk, supervision
from models.states import Seen
from models.tables import Row as Base
from models.types import beijing_day

_OWNERS = (desk, supervision)  # what defines the tables below
_TABLES = Base.metadata.tables
(
    _ITEM,
    _STATE,
    _SUBMISSION,
    _REVIEW,
    _URGE,
    _INSTRUCTION,
    _ANSWER,
    _APPEAL,
    _DECISION,
    _CASE,
    _CASE_DECISION,
) = (
    _TABLES[name].c
    for name in (
        *("work_item", "item_state", "submission", "review", "urge", "instruction", "instruction_answer"),
        *("appeal", "appeal_decision", "good_case", "good_case_decision"),
    )
)


def fell_due(
    session: Session, items: Seen, start: date, end: date, as_of: date, unit: str | None
) -> Sequence[Row[Any]]:
    """The items whose due day lies between two days, both included, and is over on ``as_of``; of one unit or of all.

    Rows hold item_id, unit, duty, measure, period_label, due and stage, and first_day: of the first version by then.
    """
    item, first = items.c, _TABLES["submission"].alias("first").c
    rows = (
        select(item.item_id, item.unit, item.duty, item.measure, _ITEM.period_label, item.due, item.stage)
        .add_columns(beijing_day(first.at).label("first_day"))
        .select_from(items.source)
        .join(_ITEM.id.table, _ITEM.id == item.item_id)
        .outerjoin(
            first.id.table,
            and_(first.item_id == item.item_id, first.version == 1, first.at < day_end(as_of)),
        )
        .where(*_due(items, start, end, as_of, unit))
        .order_by(item.due, item.duty, item.unit, item.item_id)
    )
    return session.execute(rows).all()


def happenings(
    session: Session, items: Seen, start: date, end: date, as_of: date, unit: str | None
) -> Sequence[Row[Any]]:
    """What happened to the items of :func:`fell_due` by then, oldest first.

    Rows hold item_id, criterion, ref, day and struck: returns (ref is the version), urgings, instructions not answered in
    time; and with struck 1 the lines that an upheld appeal took out.
    """
    chosen = select(items.c.item_id).where(*_due(items, start, end, as_of, unit))
    until = day_end(as_of)
    returned = (
        _told(_SUBMISSION.item_id, literal(Criterion.RETURN.value), _SUBMISSION.version, _REVIEW.at)
        .join_from(_REVIEW.id.table, _SUBMISSION.id.table, _SUBMISSION.id == _REVIEW.submission_id)
        .where(_SUBMISSION.item_id.in_(chosen))
        .where(_REVIEW.verdict == Verdict.RETURNED.value, _REVIEW.at < until)
    )
    urged = _told(_URGE.item_id, literal(Criterion.URGE.value), _URGE.id, _URGE.at).where(
        _URGE.item_id.in_(chosen), _URGE.at < until
    )
    struck = (
        _told(_APPEAL.item_id, _APPEAL.criterion, _APPEAL.ref, _DECISION.at, struck=1)
        .join_from(_APPEAL.id.table, _DECISION.id.table, _DECISION.appeal_id == _APPEAL.id)
        .where(_APPEAL.item_id.in_(chosen), _DECISION.verdict == "upheld", _DECISION.at < until)
    )
    together = union_all(returned, urged, _late(chosen, as_of), struck).subquery().c
    return session.execute(select(*together).order_by(together.day, together.ref)).all()


def cases(
    session: Session, plan_id: str, start: date, end: date, as_of: date, unit: str | None
) -> Sequence[Row[Any]]:
    """The good cases selected between two days and by ``as_of``: rows hold id, unit and title, in the order of selection."""
    last = min(day_end(end), day_end(as_of))
    rows = (
        select(_CASE.id, _CASE.unit, _CASE.title)
        .join_from(_CASE.id.table, _CASE_DECISION.id.table, _CASE_DECISION.case_id == _CASE.id)
        .where(_CASE.plan_id == plan_id, _CASE_DECISION.verdict == "selected")
        .where(beijing_day(_CASE_DECISION.at) >= start, _CASE_DECISION.at < last)
    )
    if unit is not None:
        rows = rows.where(_CASE.unit == unit)
    return session.execute(rows.order_by(_CASE_DECISION.id)).all()


def returns(session: Session, plan_id: str, unit: str, start: date, end: date) -> Sequence[Row[Any]]:
    """A unit's items whose due day lies between two days.

    Rows hold item_id, duty, period_label, returns, and version: the newest, None where there is none.
    """
    rows = (
        select(_STATE.item_id, _STATE.duty, _ITEM.period_label, _STATE.returns, _SUBMISSION.version)
        .join_from(_STATE.item_id.table, _ITEM.id.table, _ITEM.id == _STATE.item_id)
        .outerjoin(_SUBMISSION.id.table, _SUBMISSION.id == _STATE.newest_id)
        .where(_STATE.plan_id == plan_id, _STATE.unit == unit, _STATE.due.between(start, end))
    )
    return session.execute(rows.order_by(_STATE.due, _STATE.item_id)).all()


def _due(
    items: Seen, start: date, end: date, as_of: date, unit: str | None
) -> tuple[ColumnElement[bool], ...]:
    item = items.c
    own = () if unit is None else (item.unit == unit,)
    return *items.conditions, item.due.between(start, end), item.due < as_of, *own


def _told(item: Any, criterion: Any, ref: Any, at: Any, *, struck: int = 0) -> Select[Any]:
    return select(
        item.label("item_id"),
        criterion.label("criterion"),
        ref.label("ref"),
        beijing_day(at).label("day"),
        literal(struck).label("struck"),
    )


def _late(chosen: Select[Any], as_of: date) -> Select[Any]:
    """Instructions whose first answer did not come by their deadline; ``day`` is the deadline."""
    first = (
        select(_ANSWER.instruction_id, func.min(beijing_day(_ANSWER.at)).label("day"))
        .where(_ANSWER.at < day_end(as_of))
        .group_by(_ANSWER.instruction_id)
        .subquery()
        .c
    )
    late = or_(
        and_(first.day.is_(None), _INSTRUCTION.deadline < as_of),
        first.day > _INSTRUCTION.deadline,
    )
    return (
        select(
            _INSTRUCTION.item_id,
            literal(Criterion.INSTRUCTION.value).label("criterion"),
            _INSTRUCTION.id.label("ref"),
            _INSTRUCTION.deadline.label("day"),
            literal(0).label("struck"),
        )
        .outerjoin_from(_INSTRUCTION.id.table, first.day.table, first.instruction_id == _INSTRUCTION.id)
        .where(_INSTRUCTION.item_id.in_(chosen), _INSTRUCTION.at < day_end(as_of), late)
    )
