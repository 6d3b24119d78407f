"""Lists of items: pages of them, how many there are, and counts by unit, measure, stage and day.

Each is one query of the items that :func:`models.states.seen` shows on a day.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, false, func, or_, select, true, union_all
from sqlmodel import Session

from domain.rates import COMPLETE
from domain.status import Span, Stage
from models.states import MOVED, OF_UNIT, Seen, as_it_stands, good, seen, sum_of, values_of
from models.tables import Row as Base

_ITEMS, _STATES, _SUBMISSIONS, _REVIEWS = (
    Base.metadata.tables[name] for name in ("work_item", "item_state", "submission", "review")
)
_ITEM, _STATE, _SUBMISSION, _REVIEW = _ITEMS.c, _STATES.c, _SUBMISSIONS.c, _REVIEWS.c

BY_DUE = ("due", "duty", "unit", "opens")
"""The order of lists, as an index has it."""


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
        pending: only what waits for the office.
        amending: only what may be corrected.
        unsettled: only what is not finished, waits for the office, or may be corrected.
        found: ids of units and of duties, of which an item must have the one or the other.
    """

    spans: tuple[Span, ...] | None = None
    units: tuple[str, ...] = ()
    measures: tuple[int | None, ...] = ()
    duties: tuple[str, ...] = ()
    year: int | None = None
    period: str | None = None
    pending: bool = False
    amending: bool = False
    unsettled: bool = False
    found: tuple[Collection[str], Collection[str]] | None = None


def tallies(
    session: Session, items: Seen, as_of: date, by: Sequence[str], wanted: Wanted
) -> Sequence[Row[Any]]:
    """What rates are made of, over the items due by ``as_of`` that are wanted, for each value of the columns ``by``.

    Rows hold those columns, then items (how many are due), complete, timely, quality, pending and returned; they mean
    what they do in :mod:`domain.rates`.
    """
    item = items.c
    key = [item[name] for name in by]
    counted = select(
        *key,
        func.count().label("items"),
        sum_of(item.stage.in_(values_of(COMPLETE))).label("complete"),
        sum_of(item.timely).label("timely"),
        sum_of(good(item)).label("quality"),
        sum_of(item.pending).label("pending"),
        sum_of(item.stage == Stage.RETURNED.value).label("returned"),
    )
    due = counted.where(item.due <= as_of, *_conditions(items, wanted))
    return session.execute(due.group_by(*key).order_by(*key)).all()


def stages(session: Session, items: Seen, by: Sequence[str], wanted: Wanted) -> Sequence[Row[Any]]:
    """How many items of each stage and due day are wanted, for each value of the columns ``by``.

    Rows hold those columns, then stage, last_day, items, and pending: how many of them wait for the office.
    """
    item = items.c
    key = [*(item[name] for name in by), item.stage, item.due]
    told = [*key[:-1], item.due.label("last_day")]
    counted = select(*told, func.count().label("items"), sum_of(item.pending).label("pending"))
    counted = counted.where(*_conditions(items, wanted))
    return session.execute(counted.group_by(*key)).all()


def units(session: Session, items: Seen, wanted: Wanted) -> set[str]:
    """The units that have an item among those wanted."""
    item = items.c
    return set(session.scalars(select(item.unit).where(*_conditions(items, wanted)).distinct()))


def heaviest(session: Session, items: Seen, wanted: Wanted, *, most: int) -> Sequence[Row[Any]]:
    """The units with the most items among those wanted, of equals the one whose oldest is older.

    Rows hold unit, items and oldest: the first due day among them.
    """
    item = items.c
    number, oldest = func.count().label("items"), func.min(item.due).label("oldest")
    rows = select(item.unit, number, oldest).where(*_conditions(items, wanted)).group_by(item.unit)
    return session.execute(rows.order_by(number.desc(), oldest, item.unit).limit(most)).all()


def count(session: Session, items: Seen, wanted: Wanted) -> int:
    """How many items are wanted."""
    counted = select(func.count()).select_from(items.source)
    return session.scalar(counted.where(*_conditions(items, wanted))) or 0


def page(
    session: Session,
    items: Seen,
    wanted: Wanted,
    *,
    order: Sequence[str] = BY_DUE,
    descending: bool = False,
    skip: int = 0,
    most: int | None = None,
) -> Sequence[Row[Any]]:
    """Some of the items wanted, by the columns of ``order`` (items alike in all of them in the order of opening).

    Rows hold the columns of the item (the plan's due day as plan_due) and those of :func:`models.states.seen`, and by,
    state, reason and reviewer of the version that counts and of the verdict on it, None where there is none.
    """
    chosen = _chosen(items, wanted, order, skip, most, descending=descending)
    return session.execute(_page(items, chosen, order, descending=descending)).all()


def following(session: Session, items: Seen, wanted: Wanted, *, after: int, most: int) -> Sequence[Row[Any]]:
    """The items wanted that were opened after the one of the number ``after``, in the order of opening.

    Rows hold item_id, key, duty, measure, period_label, year, opens, due, stage; and of the newest version newest_version
    and newest_at, None where nothing was handed in.
    """
    item = items.c
    told = (
        select(
            *(item.item_id, _ITEM.key, item.duty, item.measure, _ITEM.period_label, item.year, item.opens),
            *(item.due, item.stage),
            *(_SUBMISSION.version.label("newest_version"), _SUBMISSION.at.label("newest_at")),
        )
        .select_from(items.source)
        .join(_ITEMS, _ITEM.id == item.item_id)
        .outerjoin(_SUBMISSIONS, _SUBMISSION.id == item.newest_id)
        .where(item.item_id > after, *_conditions(items, wanted))
    )
    return session.execute(told.order_by(item.item_id).limit(most)).all()


def unsettled(session: Session, plan_id: str, unit: str, as_of: date, *, most: int) -> Sequence[Row[Any]]:
    """The first items of a unit, by due day, that are not finished, wait for the office, or may be corrected.

    As :func:`page`; where nothing moved after ``as_of``, by a statement that is made once and not for every look.
    """
    if as_it_stands(session, plan_id, as_of):
        given = {"plan": plan_id, "as_of": as_of, "unit": unit, "most": most}
        return session.execute(_UNSETTLED, given).all()
    wanted = Wanted(units=(unit,), unsettled=True)
    return page(session, seen(session, plan_id, as_of), wanted, most=most)


def _page(items: Seen, chosen_ones: Select[Any], order: Sequence[str], *, descending: bool) -> Select[Any]:
    """What :func:`page` tells of the items chosen."""
    item, chosen = items.c, chosen_ones.subquery("chosen").c
    moved = [item[name] for name in ("item_id", *MOVED)]
    own = [column for column in _ITEM if column.name not in MOVED]
    version = (_SUBMISSION.by, _SUBMISSION.state)
    verdict = (_REVIEW.reason, _REVIEW.reviewer)
    spoken = and_(_REVIEW.submission_id == item.submission_id, item.stage != Stage.TO_REVIEW.value)
    told = (
        select(*own, _ITEM.due.label("plan_due"), *moved, *version, *verdict)
        .select_from(chosen.item_id.table)
        .join(items.source, item.item_id == chosen.item_id)
        .join(_ITEMS, _ITEM.id == chosen.item_id)
        .outerjoin(_SUBMISSIONS, _SUBMISSION.id == item.submission_id)
        .outerjoin(_REVIEWS, spoken)
    )
    return told.order_by(*_order(chosen, order, descending=descending))


def versions(session: Session, plan_id: str, unit: str | None, *, skip: int, most: int) -> Sequence[Row[Any]]:
    """Versions that were handed in, newest first, of a unit or of all.

    Rows hold the columns of the submission; key, unit, duty and period_label of its item; verdict, reason, reviewer and
    reviewed_at, None where there is none; and newest, whether no other version came after it.
    """
    item = (_ITEM.key, _ITEM.unit, _ITEM.duty, _ITEM.period_label)
    verdict = (_REVIEW.verdict, _REVIEW.reason, _REVIEW.reviewer, _REVIEW.at.label("reviewed_at"))
    newest = (_STATE.newest_id == _SUBMISSION.id).label("newest")
    told = (
        select(*_SUBMISSION, *item, *verdict, newest)
        .select_from(_SUBMISSIONS)
        .join(_STATES, _STATE.item_id == _SUBMISSION.item_id)
        .join(_ITEMS, _ITEM.id == _STATE.item_id)
        .outerjoin(_REVIEWS, _REVIEW.submission_id == _SUBMISSION.id)
    )
    if unit is not None:
        told = told.where(_STATE.plan_id == plan_id, _STATE.unit == unit)
    else:  # an expression has no index, and so versions are read from the newest on, and not by items and then sorted
        told = told.where(_STATE.plan_id.concat("") == plan_id)
    return session.execute(told.order_by(_SUBMISSION.id.desc()).offset(skip).limit(most)).all()


def _chosen(
    items: Seen, wanted: Wanted, order: Sequence[str], skip: int, most: int | None, *, descending: bool
) -> Select[Any]:
    """The ids of a page's items, with the columns of ``order``.

    Each span is asked for by itself, for only so does an index give its items in their order.
    """
    columns = [items.c[name] for name in (*order, "item_id")]
    parts = [
        select(*columns)
        .where(*_conditions(items, wanted if span is None else replace(wanted, spans=(span,))))
        .order_by(*_order(items.c, order, descending=descending))
        .limit(None if most is None else skip + most)
        for span in wanted.spans or (None,)
    ]
    if len(parts) == 1:
        return parts[0].limit(most).offset(skip)
    together = union_all(*(select(part.subquery()) for part in parts)).subquery().c
    rows = select(*together).order_by(*_order(together, order, descending=descending))
    return rows.limit(most).offset(skip)


def _order(item: Any, order: Sequence[str], *, descending: bool) -> list[ColumnElement[Any]]:
    columns = [item[name] for name in (*order, "item_id")]
    return [column.desc() for column in columns] if descending else columns


def _conditions(items: Seen, wanted: Wanted) -> list[ColumnElement[bool]]:
    item, found = items.c, [*items.conditions]
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
    found += [
        flag for asked, flag in ((wanted.pending, item.pending), (wanted.amending, item.amending)) if asked
    ]
    if wanted.unsettled:
        found.append(or_(item.stage != Stage.FINISHED.value, item.pending, item.amending))
    if wanted.found is not None:
        found.append(or_(item.unit.in_(wanted.found[0]), item.duty.in_(wanted.found[1])))
    return found


def _span(item: Any, span: Span) -> ColumnElement[bool]:
    after = item.due >= span.first if span.first is not None else true()
    before = item.due <= span.last if span.last is not None else true()
    return and_(item.stage == span.stage.value, after, before)


_UNSETTLED = _page(
    OF_UNIT,
    _chosen(OF_UNIT, Wanted(unsettled=True), BY_DUE, 0, None, descending=False).limit(bindparam("most")),
    BY_DUE,
    descending=False,
)
