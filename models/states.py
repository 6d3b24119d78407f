"""Where items stand on a day, and counts of them by the set; lists are in :mod:`models.lists`.

Every question is asked of :func:`seen`, which shows all items that are open on a day as they stood at its end. The table
``item_state`` answers it at once where nothing came in after that day, which is so for today; else newest versions and
their verdicts are looked for among submissions and reviews. Both give the same columns and the same rows.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    and_,
    case,
    func,
    select,
)
from sqlmodel import Session

from domain.facts import Verdict
from domain.rates import ACCEPTED
from domain.status import FINISHED, Stage
from domain.workdays import BEIJING
from models.tables import Row as Base
from models.types import Moment

_TABLES = Base.metadata.tables
_STATES = _TABLES["item_state"]
_ITEM, _STATE, _SUBMISSION, _REVIEW = (
    _TABLES[name].c for name in ("work_item", "item_state", "submission", "review")
)
_FIXED = ("item_id", "duty", "measure", "unit", "year", "period", "opens", "due")
MOVED = ("stage", "timely", "returns", "submission_id", "version", "submitted_at", "reviewed_at")


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

    Columns: item_id, duty, measure, unit, year, period, opens, due; stage, timely (whether the first version came in
    time), returns; and of the newest version submission_id, version, submitted_at, reviewed_at.
    """
    until = datetime.combine(as_of + timedelta(days=1), time(), BEIJING)
    open_then = (_STATE.plan_id == plan_id, _STATE.opens <= as_of)
    later = select(_STATE.item_id).where(_STATE.plan_id == plan_id, _STATE.changed_at >= until)
    if session.scalar(later.limit(1)) is None:
        return Seen(_STATES, open_then)
    return Seen(_as_it_was(until).where(*open_then).subquery("seen"))


def opened_in(session: Session, plan_id: str, year: int) -> bool:
    """Whether anything that falls due in a year has been opened."""
    of_year = _STATE.due.between(date(year, 1, 1), date(year, 12, 31))
    return (
        session.scalar(select(_STATE.item_id).where(_STATE.plan_id == plan_id, of_year).limit(1)) is not None
    )


def groups(session: Session, items: Seen, duties: Collection[str] | None = None) -> Sequence[Row[Any]]:
    """How many of the items seen stand how, by duty and period; of all duties, or of some.

    Rows hold duty, measure, year, period, period_label, opens, due, act_by, assumed and stage; items, how many they are;
    timely, how many of them came in time; good, how many of those were accepted without having been returned; since and
    until, the first and the last moment of a verdict among them.
    """
    item = items.c
    key = (item.duty, item.period, item.opens, item.due, item.stage)
    grouped = select(
        *key,
        func.min(item.item_id).label("one"),
        func.count().label("items"),
        sum_of(item.timely).label("timely"),
        sum_of(good(item)).label("good"),
        func.min(item.reviewed_at, type_=Moment()).label("since"),
        func.max(item.reviewed_at, type_=Moment()).label("until"),
    )
    grouped = grouped.where(*items.conditions).group_by(*key)
    if duties is not None:
        grouped = grouped.where(item.duty.in_(duties))
    group = grouped.subquery("grouped").c
    alike = (_ITEM.measure, _ITEM.year, _ITEM.period_label, _ITEM.act_by, _ITEM.assumed)
    told = select(*group, *alike).join_from(group.one.table, _ITEM.id.table, _ITEM.id == group.one)
    return session.execute(told.order_by(group.due, group.duty, group.period, group.stage)).all()


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


def _as_it_was(until: datetime) -> Select[Any]:
    """The columns of :func:`seen` as they were before ``until``."""
    newer, sent = (_TABLES["submission"].alias(name).c for name in ("newer", "sent"))
    given = _TABLES["review"].alias("given").c
    newest = (
        select(func.max(newer.id))
        .where(newer.item_id == _STATE.item_id, newer.at < until)
        .correlate(_STATES)
        .scalar_subquery()
    )
    returns = (
        select(func.count())
        .join(sent.id.table, sent.id == given.submission_id)
        .where(sent.item_id == _STATE.item_id, given.at < until, given.verdict == Verdict.RETURNED.value)
        .correlate(_STATES)
        .scalar_subquery()
    )
    stage = case(
        (_SUBMISSION.id.is_(None), Stage.OPEN.value),
        (_REVIEW.id.is_(None), Stage.TO_REVIEW.value),
        (_REVIEW.verdict == Verdict.RETURNED.value, Stage.RETURNED.value),
        (_SUBMISSION.state.in_(values_of(FINISHED)), Stage.FINISHED.value),
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
        .select_from(_STATES)
        .outerjoin(_TABLES["submission"], _SUBMISSION.id == newest)
        .outerjoin(_TABLES["review"], and_(_REVIEW.submission_id == _SUBMISSION.id, _REVIEW.at < until))
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
