"""What rounds leave in the store, and what the office closed: rounds that were done, happenings, phases."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from models.tables import HappeningRow, HappeningToldRow, PhaseClosingRow, RoundRunRow


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


def _insert(
    session: Session,
    table: type[RoundRunRow | HappeningRow | HappeningToldRow],
    rows: Sequence[Mapping[str, Any]],
    unique: Sequence[str],
) -> Any:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table).values([dict(row) for row in rows])
    return insert.on_conflict_do_nothing(index_elements=unique)
