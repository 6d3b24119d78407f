"""Where items stand: counts by the set and pages of lists, however many units there are.

Every question is asked of :func:`seen`, which shows all items that are open on a day as they stood at its end. The table
``item_state`` answers it at once where nothing came in after that day, which is so for today; else newest versions and
their verdicts are looked for among submissions and reviews. Both give the same columns and the same rows.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, false, func, or_, select, true
from sqlmodel import Session

from domain.facts import Verdict
from domain.rates import ACCEPTED, COMPLETE
from domain.status import FINISHED, Span, Stage
from domain.workdays import BEIJING
from models.tables import ItemStateRow, ReviewRow, SubmissionRow, WorkItemRow
from models.types import Moment

_ITEM = WorkItemRow.metadata.tables["work_item"].c
_STATE = ItemStateRow.metadata.tables["item_state"].c
_SUBMISSION = SubmissionRow.metadata.tables["submission"].c
_REVIEW = ReviewRow.metadata.tables["review"].c
_FIXED = ("item_id", "duty", "measure", "unit", "year", "period", "opens", "due")
_MOVED = ("stage", "timely", "returns", "submission_id", "version", "submitted_at", "reviewed_at")


@dataclass(frozen=True)
class Wanted:
    """Which items are asked for; what is empty or None asks for all.

    Attributes:
        spans: stages, each with the due days that matter.
        units: ids of units.
        measures: numbers of measures; None among them stands for what serves all measures.
        duties: ids of duties.
        year: in which they fall due.
        period: code of the period.
        found: ids of units and of duties, of which an item must have the one or the other.
    """

    spans: tuple[Span, ...] | None = None
    units: tuple[str, ...] = ()
    measures: tuple[int | None, ...] = ()
    duties: tuple[str, ...] = ()
    year: int | None = None
    period: str | None = None
    found: tuple[Collection[str], Collection[str]] | None = None


def seen(session: Session, plan_id: str, as_of: date) -> Subquery:
    """Every item that is open on ``as_of`` as it stood at the end of that day.

    Columns: item_id, duty, measure, unit, year, period, opens, due; stage, timely (whether the first version came in
    time), returns; and of the newest version submission_id, version, submitted_at, reviewed_at.
    """
    until = datetime.combine(as_of + timedelta(days=1), time(), BEIJING)
    later = select(_STATE.item_id).where(_STATE.plan_id == plan_id, _STATE.changed_at >= until)
    if session.scalar(later.limit(1)) is None:
        wanted = select(*(_STATE[name] for name in (*_FIXED, *_MOVED)))
    else:
        wanted = _as_it_was(until)
    return wanted.where(_STATE.plan_id == plan_id, _STATE.opens <= as_of).subquery("seen")


def groups(
    session: Session, plan_id: str, as_of: date, duties: Collection[str] | None = None
) -> Sequence[Row[Any]]:
    """How many open items of each duty and period stand how at the end of ``as_of``; of all duties, or of some.

    Rows hold duty, measure, year, period, period_label, opens, due, act_by, assumed and stage; items, how many they are;
    timely, how many of them came in time; good, how many of those were accepted without having been returned; since and
    until, the first and the last moment of a verdict among them.
    """
    item = seen(session, plan_id, as_of).c
    key = (item.duty, item.period, item.opens, item.due, item.stage)
    grouped = select(
        *key,
        func.min(item.item_id).label("one"),
        func.count().label("items"),
        _sum(item.timely).label("timely"),
        _sum(_good(item)).label("good"),
        func.min(item.reviewed_at, type_=Moment()).label("since"),
        func.max(item.reviewed_at, type_=Moment()).label("until"),
    ).group_by(*key)
    if duties is not None:
        grouped = grouped.where(item.duty.in_(duties))
    group = grouped.subquery("grouped").c
    alike = (_ITEM.measure, _ITEM.year, _ITEM.period_label, _ITEM.act_by, _ITEM.assumed)
    told = select(*group, *alike).join(WorkItemRow, _ITEM.id == group.one)
    return session.execute(told.order_by(group.due, group.duty, group.period, group.stage)).all()


def unfinished(
    session: Session, plan_id: str, duties: Collection[str], as_of: date
) -> dict[tuple[str, str], list[str]]:
    """By duty and period: the units whose item was open and not accepted as finished at the end of ``as_of``.

    A duty and period that everybody has finished is there with none; one that is not open is missing.
    """
    item = seen(session, plan_id, as_of).c
    pairs = select(item.duty, item.period).where(item.duty.in_(duties)).distinct()
    found: dict[tuple[str, str], list[str]] = {(duty, period): [] for duty, period in session.execute(pairs)}
    owing = select(item.duty, item.period, item.unit).where(
        item.duty.in_(duties), item.stage != Stage.FINISHED.value
    )
    for duty, period, unit in session.execute(owing.order_by(item.item_id)):
        found[duty, period].append(unit)
    return found


def tallies(
    session: Session, plan_id: str, as_of: date, by: Sequence[str], wanted: Wanted
) -> Sequence[Row[Any]]:
    """What rates are made of, over the items due by ``as_of`` that are wanted, for each value of the columns ``by``.

    Rows hold those columns, then due, complete, timely, quality, pending and returned; see :mod:`domain.rates`.
    """
    item = seen(session, plan_id, as_of).c
    key = [item[name] for name in by]
    counted = select(
        *key,
        func.count().label("due"),
        _sum(item.stage.in_(_values(COMPLETE))).label("complete"),
        _sum(item.timely).label("timely"),
        _sum(_good(item)).label("quality"),
        _sum(item.stage == Stage.TO_REVIEW.value).label("pending"),
        _sum(item.stage == Stage.RETURNED.value).label("returned"),
    )
    due = counted.where(item.due <= as_of, *_conditions(item, wanted))
    return session.execute(due.group_by(*key).order_by(*key)).all()


def stages(
    session: Session, plan_id: str, as_of: date, by: Sequence[str], wanted: Wanted
) -> Sequence[Row[Any]]:
    """How many items of each stage and due day are wanted, for each value of the columns ``by``.

    Rows hold those columns, then stage, due and items.
    """
    item = seen(session, plan_id, as_of).c
    key = [*(item[name] for name in by), item.stage, item.due]
    counted = select(*key, func.count().label("items")).where(*_conditions(item, wanted))
    return session.execute(counted.group_by(*key)).all()


def units(session: Session, plan_id: str, as_of: date, wanted: Wanted) -> set[str]:
    """The units that have an item among those wanted."""
    item = seen(session, plan_id, as_of).c
    return set(session.scalars(select(item.unit).where(*_conditions(item, wanted)).distinct()))


def count(session: Session, plan_id: str, as_of: date, wanted: Wanted) -> int:
    """How many items are wanted."""
    item = seen(session, plan_id, as_of).c
    return session.scalar(select(func.count()).where(*_conditions(item, wanted))) or 0


def page(  # noqa: PLR0913 - what a page of a list consists of; each is a different thing
    session: Session,
    plan_id: str,
    as_of: date,
    wanted: Wanted,
    *,
    order: Sequence[str] = ("due", "duty", "unit"),
    descending: bool = False,
    skip: int = 0,
    most: int | None = None,
) -> Sequence[Row[Any]]:
    """Some of the items wanted, by the columns of ``order`` (items alike in all of them in the order of opening).

    Rows hold the columns of the item, then those of :func:`seen`, and by, state, reason and reviewer of the newest
    version and of the verdict on it, None where there is none.
    """
    item = seen(session, plan_id, as_of).c
    by = [item[name] for name in (*order, "item_id")]
    rows = select(*item).where(*_conditions(item, wanted))
    rows = rows.order_by(*(column.desc() if descending else column for column in by)).offset(skip)
    chosen = rows.limit(most).subquery("chosen").c
    moved = [chosen[name] for name in ("item_id", *_MOVED)]
    version = (_SUBMISSION.by, _SUBMISSION.state)
    verdict = (_REVIEW.reason, _REVIEW.reviewer)
    told = (
        select(*_ITEM, *moved, *version, *verdict)
        .select_from(WorkItemRow)
        .join(chosen.item_id.table, chosen.item_id == _ITEM.id)
        .outerjoin(SubmissionRow, _SUBMISSION.id == chosen.submission_id)
        .outerjoin(
            ReviewRow,
            and_(_REVIEW.submission_id == chosen.submission_id, chosen.stage != Stage.TO_REVIEW.value),
        )
    )
    by = [chosen[name] for name in (*order, "item_id")]
    return session.execute(told.order_by(*(column.desc() if descending else column for column in by))).all()


def _as_it_was(until: datetime) -> Select[Any]:
    """The columns of :func:`seen` as they were before ``until``."""
    newer, sent = (SubmissionRow.metadata.tables["submission"].alias(name).c for name in ("newer", "sent"))
    given = ReviewRow.metadata.tables["review"].alias("given").c
    state = ItemStateRow.metadata.tables["item_state"]
    newest = (
        select(func.max(newer.id))
        .where(newer.item_id == _STATE.item_id, newer.at < until)
        .correlate(state)
        .scalar_subquery()
    )
    returns = (
        select(func.count())
        .join(sent.id.table, sent.id == given.submission_id)
        .where(sent.item_id == _STATE.item_id, given.at < until, given.verdict == Verdict.RETURNED.value)
        .correlate(state)
        .scalar_subquery()
    )
    stage = case(
        (_SUBMISSION.id.is_(None), Stage.OPEN.value),
        (_REVIEW.id.is_(None), Stage.TO_REVIEW.value),
        (_REVIEW.verdict == Verdict.RETURNED.value, Stage.RETURNED.value),
        (_SUBMISSION.state.in_(_values(FINISHED)), Stage.FINISHED.value),
        else_=Stage.UNDER_WAY.value,
    )
    return (
        select(
            *(_STATE[name] for name in _FIXED),
            stage.label("stage"),
            and_(_STATE.timely, _SUBMISSION.id.is_not(None)).label("timely"),
            returns.label("returns"),
            _SUBMISSION.id.label("submission_id"),
            _SUBMISSION.version,
            _SUBMISSION.at.label("submitted_at"),
            _REVIEW.at.label("reviewed_at"),
        )
        .select_from(ItemStateRow)
        .outerjoin(SubmissionRow, _SUBMISSION.id == newest)
        .outerjoin(ReviewRow, and_(_REVIEW.submission_id == _SUBMISSION.id, _REVIEW.at < until))
    )


def _conditions(item: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.spans is not None:
        found.append(or_(false(), *(_span(item, span) for span in wanted.spans)))
    for column, values in ((item.unit, wanted.units), (item.duty, wanted.duties)):
        if values:
            found.append(column.in_(values))
    if wanted.measures:
        numbers = [number for number in wanted.measures if number is not None]
        none = item.measure.is_(None) if None in wanted.measures else false()
        found.append(or_(item.measure.in_(numbers), none))
    if wanted.year is not None:
        found.append(item.year == wanted.year)
    if wanted.period is not None:
        found.append(item.period == wanted.period)
    if wanted.found is not None:
        found.append(or_(item.unit.in_(wanted.found[0]), item.duty.in_(wanted.found[1])))
    return found


def _span(item: Any, span: Span) -> ColumnElement[bool]:
    after = item.due >= span.first if span.first is not None else true()
    before = item.due <= span.last if span.last is not None else true()
    return and_(item.stage == span.stage.value, after, before)


def _good(item: Any) -> ColumnElement[bool]:
    """Of quality: in time, accepted, and never returned."""
    return and_(item.timely, item.returns == 0, item.stage.in_(_values(ACCEPTED)))


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _values(members: Iterable[Any]) -> list[str]:
    return sorted(member.value for member in members)
