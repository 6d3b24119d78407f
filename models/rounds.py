"""What rounds ask the store and leave there. Rows are handled by the set, however many units there are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from domain.workdays import day_end
from models.due import granted, granted_columns
from models.tables import (
    HappeningRow,
    HappeningToldRow,
    PhaseClosingRow,
    ReviewRow,
    RoundRunRow,
    SubmissionRow,
    WorkItemRow,
)
from models.types import Moment

_ITEM = WorkItemRow.metadata.tables["work_item"].c
_SUBMISSION = SubmissionRow.metadata.tables["submission"].c
_REVIEW = ReviewRow.metadata.tables["review"].c
_SINCE = func.min(_REVIEW.at, type_=Moment()).label("since")
_FINISHED = ("done", "no-occasion")


def counts(session: Session, plan_id: str, duties: Collection[str], as_of: date) -> Sequence[Row[Any]]:
    """How many open items of each duty and period stand how at the end of ``as_of``.

    Rows hold duty, period, period_label, opens, due, act_by, assumed, what was granted (:func:`models.due.granted`), state
    and verdict of the counting version (both
    None where nothing was handed in, verdict None while the office has not spoken), since (the first of the verdicts),
    and items, how many they are.
    """
    grants = granted(as_of)
    term = (_ITEM.duty, _ITEM.period, _ITEM.period_label, _ITEM.opens, _ITEM.due, _ITEM.act_by, _ITEM.assumed)
    standing = (*granted_columns(grants), _SUBMISSION.state, _REVIEW.verdict)
    wanted = _standing(plan_id, duties, as_of, (*term, *standing, _SINCE, func.count().label("items")))
    wanted = wanted.outerjoin(grants, grants.c.item_id == _ITEM.id)
    return session.execute(
        wanted.group_by(*term, *standing).order_by(_ITEM.due, _ITEM.duty, _ITEM.period, *standing)
    ).all()


def unfinished(
    session: Session, plan_id: str, duties: Collection[str], as_of: date
) -> dict[tuple[str, str], list[str]]:
    """By duty and period: the units whose item was open and not accepted as finished at the end of ``as_of``.

    A duty and period that everybody has finished is there with none; one that is not open is missing.
    """
    done = and_(_REVIEW.verdict == "accepted", _SUBMISSION.state.in_(_FINISHED))
    owed = case((done, None), else_=_ITEM.unit).label("owed")
    found: dict[tuple[str, str], list[str]] = {}
    rows = _standing(plan_id, duties, as_of, (_ITEM.duty, _ITEM.period, owed)).order_by(_ITEM.id)
    for duty, period, unit in session.execute(rows):
        units = found.setdefault((duty, period), [])
        if unit is not None:
            units.append(unit)
    return found


def proofs(session: Session, plan_id: str, duties: Collection[str], as_of: date) -> Sequence[Row[Any]]:
    """Each open item of ``duties`` with the version it stands by at the end of ``as_of``, in the order of opening.

    Rows hold the item's columns, what was granted (:func:`models.due.granted`), then submission_id, version, state, by,
    submitted (None where nothing was handed in), verdict, reason, reviewer, and reviewed: when the item was
    first accepted as finished, else the verdict's moment.
    """
    version = (
        _SUBMISSION.id.label("submission_id"),
        _SUBMISSION.version,
        _SUBMISSION.state,
        _SUBMISSION.by,
        _SUBMISSION.at.label("submitted"),
    )
    verdict = (_REVIEW.verdict, _REVIEW.reason, _REVIEW.reviewer, _finished_at(as_of).label("reviewed"))
    grants = granted(as_of)
    columns = (*_ITEM, *granted_columns(grants), *version, *verdict)
    wanted = _standing(plan_id, duties, as_of, columns).outerjoin(grants, grants.c.item_id == _ITEM.id)
    return session.execute(wanted.order_by(_ITEM.id)).all()


def newest_round(session: Session, plan_id: str, kind: str) -> date | None:
    """The latest day for which a round of a kind was done; None where there is none."""
    newest = select(func.max(col(RoundRunRow.as_of)))
    return session.scalar(newest.where(col(RoundRunRow.plan_id) == plan_id, col(RoundRunRow.kind) == kind))


def round_done(session: Session, plan_id: str, kind: str, as_of: date) -> RoundRunRow | None:
    """The round of a kind that was done for a day; None where there is none."""
    done = select(RoundRunRow).where(
        col(RoundRunRow.plan_id) == plan_id, col(RoundRunRow.kind) == kind, col(RoundRunRow.as_of) == as_of
    )
    return session.scalars(done).one_or_none()


def record_round(session: Session, row: Mapping[str, Any]) -> bool:
    """Record that a round was done, unless it is recorded; says whether it is new."""
    statement = _insert(session, RoundRunRow, [row], ["plan_id", "kind", "as_of"])
    return bool(session.scalars(statement.returning(col(RoundRunRow.id))).all())


def record_happenings(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Record what happened, unless it is recorded; returns name and subject of those that are new."""
    new: list[tuple[str, str]] = []
    for row in rows:
        statement = _insert(session, HappeningRow, [row], ["plan_id", "name", "subject"])
        found = session.execute(statement.returning(col(HappeningRow.name), col(HappeningRow.subject)))
        new += [(name, subject) for name, subject in found]
    return new


def happenings(session: Session, plan_id: str) -> Sequence[HappeningRow]:
    """Everything that happened under a plan, by day, in the order of recording."""
    wanted = select(HappeningRow).where(col(HappeningRow.plan_id) == plan_id)
    return session.scalars(wanted.order_by(col(HappeningRow.day), col(HappeningRow.id))).all()


def untold(session: Session, plan_id: str, channel: str) -> Sequence[HappeningRow]:
    """What happened under a plan and a channel was not told yet, by day, in the order of recording."""
    told = select(HappeningToldRow).where(
        col(HappeningToldRow.happening_id) == col(HappeningRow.id), col(HappeningToldRow.channel) == channel
    )
    wanted = select(HappeningRow).where(col(HappeningRow.plan_id) == plan_id, ~told.exists())
    return session.scalars(wanted.order_by(col(HappeningRow.day), col(HappeningRow.id))).all()


def record_told(session: Session, happenings: Collection[int], channel: str, at: datetime) -> None:
    """Record that a channel was told of happenings; of those of which it was told before nothing changes."""
    rows = [{"happening_id": one, "channel": channel, "at": at} for one in happenings]
    if rows:
        session.execute(_insert(session, HappeningToldRow, rows, ["happening_id", "channel"]))


def phase_closings(session: Session, plan_id: str) -> Sequence[PhaseClosingRow]:
    """The phases that the office closed."""
    return session.scalars(select(PhaseClosingRow).where(col(PhaseClosingRow.plan_id) == plan_id)).all()


def _standing(
    plan_id: str, duties: Collection[str], as_of: date, columns: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    """``columns`` of each item open on ``as_of``, of the version it stood by then, and of the verdict on that by then.

    That is the newest accepted version, also while it is being corrected, else the newest.
    """
    until = day_end(as_of)
    version, review = (
        WorkItemRow.metadata.tables[name].alias("other_" + name) for name in ("submission", "review")
    )
    counting = (
        select(version.c.id)
        .select_from(version)
        .outerjoin(review, and_(review.c.submission_id == version.c.id, review.c.at < until))
        .where(version.c.item_id == _ITEM.id, version.c.at < until)
        .order_by(case((review.c.verdict == "accepted", 0), else_=1), version.c.id.desc())
        .limit(1)
        .correlate(WorkItemRow.metadata.tables["work_item"])
        .scalar_subquery()
    )
    return (
        select(*columns)
        .select_from(WorkItemRow)
        .outerjoin(SubmissionRow, _SUBMISSION.id == counting)
        .outerjoin(ReviewRow, and_(_REVIEW.submission_id == _SUBMISSION.id, _REVIEW.at < until))
        .where(_ITEM.plan_id == plan_id, _ITEM.duty.in_(duties), _ITEM.opens <= as_of)
    )


def _finished_at(as_of: date) -> ColumnElement[Any]:
    """When an item was first accepted as finished, which a correction does not move; else the verdict's moment."""
    version, review = (
        WorkItemRow.metadata.tables[name].alias("first_" + name) for name in ("submission", "review")
    )
    first = (
        select(func.min(review.c.at, type_=Moment()))
        .select_from(version.join(review, review.c.submission_id == version.c.id))
        .where(version.c.item_id == _ITEM.id, version.c.state.in_(_FINISHED))
        .where(review.c.verdict == "accepted", review.c.at < day_end(as_of))
        .correlate(WorkItemRow.metadata.tables["work_item"])
        .scalar_subquery()
    )
    return func.coalesce(first, _REVIEW.at, type_=Moment())


def _insert(
    session: Session,
    table: type[RoundRunRow | HappeningRow | HappeningToldRow],
    rows: Sequence[Mapping[str, Any]],
    unique: Sequence[str],
) -> Any:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table).values([dict(row) for row in rows])
    return insert.on_conflict_do_nothing(index_elements=unique)
