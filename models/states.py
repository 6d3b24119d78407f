"""Where items stand on a day, and counts of them by the set; lists are in :mod:`models.lists`.

Every question is asked of :func:`seen`, which shows all items that are open on a day as they stood at its end. The table
``item_state`` answers it at once where nothing moved after that day, which is so for today; else versions, verdicts,
corrections and grants are looked for where they were recorded. Both give the same columns and the same rows.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlmodel import Session

from domain.facts import Verdict
from domain.rates import ACCEPTED
from domain.status import FINISHED, Stage
from domain.workdays import day_end
from models.due import granted
from models.tables import Row as Base
from models.types import Moment, beijing_day

_TABLES = Base.metadata.tables
_STATES = _TABLES["item_state"]
_ITEM, _STATE, _SUBMISSION, _REVIEW = (
    _TABLES[name].c for name in ("work_item", "item_state", "submission", "review")
)
_FIXED = ("item_id", "duty", "measure", "unit", "year", "period", "opens")
MOVED = (
    *("due", "stage", "timely", "returns", "pending", "amending"),
    *("newest_id", "submission_id", "version", "submitted_at", "reviewed_at"),
)


_LATER = (
    select(_STATE.item_id)
    .where(_STATE.plan_id == bindparam("plan"), _STATE.changed_at >= bindparam("until"))
    .limit(1)
)


@dataclass(frozen=True)
class Seen:
    """Items as they stood on a day: to be selected from ``source`` under ``conditions``; ``c`` has the columns."""

    source: FromClause
    conditions: tuple[ColumnElement[bool], ...] = ()

    @property
    def c(self) -> Any:
        """The columns: what :func:`seen` says."""
        return self.source.c


def seen(session: Session, plan_id: str, as_of: date) -> Seen:
    """Every item that is open on ``as_of`` as it stood at the end of that day.

    Columns: item_id, duty, measure, unit, year, period, opens; due (granted or the plan's), stage, timely (whether the
    first version came by then), returns, pending, amending and newest_id; and of the version that counts submission_id,
    version, submitted_at, reviewed_at. As in :class:`models.tables.ItemStateRow`.
    """
    open_then = (_STATE.plan_id == plan_id, _STATE.opens <= as_of)
    if as_it_stands(session, plan_id, as_of):
        return Seen(_STATES, open_then)
    return Seen(_as_it_was(as_of, day_end(as_of)).where(*open_then).subquery("seen"))


def as_it_stands(session: Session, plan_id: str, as_of: date) -> bool:
    """Whether nothing moved after a day, so that items stand as they did at its end."""
    return session.scalar(_LATER, {"plan": plan_id, "until": day_end(as_of)}) is None


OF_UNIT = Seen(
    _STATES,
    (
        _STATE.plan_id == bindparam("plan"),
        _STATE.opens <= bindparam("as_of"),
        _STATE.unit == bindparam("unit"),
    ),
)
"""The items of a unit as they stand, for statements that are made once; to be given ``plan``, ``as_of`` and ``unit``."""


def opened_in(session: Session, plan_id: str, first: date, last: date) -> bool:
    """Whether anything that falls due from one day to another, both included, has been opened."""
    falls_due = _STATE.due.between(first, last)
    return (
        session.scalar(select(_STATE.item_id).where(_STATE.plan_id == plan_id, falls_due).limit(1))
        is not None
    )


def groups(session: Session, items: Seen, duties: Collection[str] | None = None) -> Sequence[Row[Any]]:
    """How many of the items seen stand how, by duty, period and last day in time.

    Of all duties, or of some. Rows hold duty, measure, year, period, period_label, opens, due (the plan's), last_day
    (which the office may have granted), act_by, assumed and stage; items, how many they are; timely, how many of them came
    in time; good, how many of those were accepted without having been returned; pending, how many wait for the office;
    since and until, the first and the last moment of a verdict among them.
    """
    item = items.c
    key = (item.duty, item.period, item.opens, item.due, item.stage)
    grouped = select(
        *key,
        func.min(item.item_id).label("one"),
        func.count().label("items"),
        sum_of(item.timely).label("timely"),
        sum_of(good(item)).label("good"),
        sum_of(item.pending).label("pending"),
        func.min(item.reviewed_at, type_=Moment()).label("since"),
        func.max(item.reviewed_at, type_=Moment()).label("until"),
    )
    grouped = grouped.where(*items.conditions).group_by(*key)
    if duties is not None:
        grouped = grouped.where(item.duty.in_(duties))
    group = grouped.subquery("grouped").c
    told = [column.label("last_day") if column is group.due else column for column in group]
    alike = (_ITEM.measure, _ITEM.year, _ITEM.period_label, _ITEM.due, _ITEM.act_by, _ITEM.assumed)
    rows = select(*told, *alike).join_from(group.one.table, _ITEM.id.table, _ITEM.id == group.one)
    return session.execute(rows.order_by(_ITEM.due, group.due, group.duty, group.period, group.stage)).all()


def unfinished(session: Session, items: Seen, duties: Collection[str]) -> dict[tuple[str, str], list[str]]:
    """By duty and period: the units whose item is seen and not accepted as finished.

    A duty and period that everybody has finished is there with none; one that is not open is missing.
    """
    item = items.c
    pairs = select(item.duty, item.period).where(*items.conditions, item.duty.in_(duties)).distinct()
    found: dict[tuple[str, str], list[str]] = {(duty, period): [] for duty, period in session.execute(pairs)}
    owing = select(item.duty, item.period, item.unit).where(
        *items.conditions, item.duty.in_(duties), item.stage != Stage.FINISHED.value
    )
    for duty, period, unit in session.execute(owing.order_by(item.item_id)):
        found[duty, period].append(unit)
    return found


def _as_it_was(as_of: date, until: datetime) -> Select[Any]:
    """The columns of :func:`seen` as they were before ``until``, the end of ``as_of``."""
    grants = granted(as_of)
    due = func.coalesce(grants.c.until, _ITEM.due)
    first = _TABLES["submission"].alias("first").c
    accepted = func.coalesce(_REVIEW.verdict == Verdict.ACCEPTED.value, false())
    finished = and_(accepted, _SUBMISSION.state.in_(values_of(FINISHED)))
    stage = case(
        (_SUBMISSION.id.is_(None), Stage.OPEN.value),
        (_REVIEW.id.is_(None), Stage.TO_REVIEW.value),
        (~accepted, Stage.RETURNED.value),
        (finished, Stage.FINISHED.value),
        else_=Stage.UNDER_WAY.value,
    )
    newest = _newest(until)
    return (
        select(
            *(_STATE[name] for name in _FIXED),
            due.label("due"),
            stage.label("stage"),
            func.coalesce(beijing_day(first.at) <= due, false()).label("timely"),
            _returns(until).label("returns"),
            and_(newest.is_not(None), ~_verdict_on(newest, until)).label("pending"),
            and_(accepted, _may_correct(newest, until)).label("amending"),
            newest.label("newest_id"),
            _SUBMISSION.id.label("submission_id"),
            _SUBMISSION.version,
            _SUBMISSION.at.label("submitted_at"),
            case((finished, _first_finished(until)), else_=_REVIEW.at).label("reviewed_at"),
        )
        .select_from(_STATES)
        .join(_TABLES["work_item"], _ITEM.id == _STATE.item_id)
        .outerjoin(grants, grants.c.item_id == _STATE.item_id)
        .outerjoin(
            first.id.table, and_(first.item_id == _STATE.item_id, first.version == 1, first.at < until)
        )
        .outerjoin(_TABLES["submission"], _SUBMISSION.id == _counting(until))
        .outerjoin(_TABLES["review"], and_(_REVIEW.submission_id == _SUBMISSION.id, _REVIEW.at < until))
    )


def _own_versions(until: datetime) -> tuple[Any, Any, FromClause]:
    """Columns of an item's versions by ``until`` and of the verdicts on them by then, and both together."""
    version, review = (_TABLES[name].alias("own_" + name) for name in ("submission", "review"))
    both = version.outerjoin(review, and_(review.c.submission_id == version.c.id, review.c.at < until))
    return version.c, review.c, both


def _of_item(wanted: Select[Any]) -> Any:
    return wanted.correlate(_STATES).scalar_subquery()


def _counting(until: datetime) -> Any:
    """The version by which an item stands: the newest accepted one, else the newest."""
    version, review, both = _own_versions(until)
    accepted_first = case((review.verdict == Verdict.ACCEPTED.value, 0), else_=1)
    own = select(version.id).select_from(both).where(version.item_id == _STATE.item_id, version.at < until)
    return _of_item(own.order_by(accepted_first, version.id.desc()).limit(1))


def _newest(until: datetime) -> Any:
    version, _, _ = _own_versions(until)
    return _of_item(select(func.max(version.id)).where(version.item_id == _STATE.item_id, version.at < until))


def _returns(until: datetime) -> Any:
    version, review, both = _own_versions(until)
    returned = review.verdict == Verdict.RETURNED.value
    own = select(func.count()).select_from(both).where(version.item_id == _STATE.item_id, returned)
    return _of_item(own)


def _first_finished(until: datetime) -> Any:
    """When an item was first accepted as finished, which a correction does not move."""
    version, review, both = _own_versions(until)
    finished = (review.verdict == Verdict.ACCEPTED.value, version.state.in_(values_of(FINISHED)))
    first = select(func.min(review.at, type_=Moment())).select_from(both)
    return _of_item(first.where(version.item_id == _STATE.item_id, *finished))


def _verdict_on(newest: Any, until: datetime) -> ColumnElement[bool]:
    review = _TABLES["review"].alias("verdict").c
    return exists().where(review.submission_id == newest, review.at < until)


def _may_correct(newest: Any, until: datetime) -> ColumnElement[bool]:
    """Whether the newest version may be corrected, or is a correction that was returned."""
    allowed = _TABLES["correction"].alias("allowed").c
    review = _TABLES["review"].alias("on_correction").c
    return or_(
        exists().where(allowed.submission_id == newest, allowed.at < until),
        exists().where(
            review.submission_id == newest, review.verdict == Verdict.RETURNED.value, review.at < until
        ),
    )


def good(item: Any) -> ColumnElement[bool]:
    """Of quality: in time, accepted, and never returned."""
    return and_(item.timely, item.returns == 0, item.stage.in_(values_of(ACCEPTED)))


def sum_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows fulfil a condition; 0 where there are none."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def values_of(members: Iterable[Any]) -> list[str]:
    """What is stored for members of an enumeration."""
    return sorted(member.value for member in members)
