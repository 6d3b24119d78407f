"""How much a channel has taken, counted by all senders together in the store.

Minutes are counted in tenths, so that no 60 seconds anywhere hold more than the channel takes in a minute; days are those
of 北京时间. A channel that asked for a pause counts as filled until that is over.
"""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from domain.workdays import BEIJING
from models.messages import ChannelWindowRow

TENTH, MINUTE, DAY = 6, 60, 86_400
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_GATE = 0
"""Seconds of the row that senders queue up at."""
_FILLED = 1_000_000
_LONGEST_PAUSE = timedelta(hours=1)


def take(
    session: Session, channel: str, at: datetime, per_minute: int | None, per_day: int | None
) -> datetime | None:
    """Count one message, if the channel takes it now; else the moment at which to ask again, and None where it is counted.

    Args:
        session: of :func:`models.engine.writing`; the count goes in with it.
        channel: name of the channel.
        at: the moment.
        per_minute: the most within 60 seconds; None for any number.
        per_day: likewise within a day.
    """
    _queue_up(session, channel)
    earliest = at - timedelta(seconds=MINUTE + TENTH)
    tenths = session.execute(
        select(col(ChannelWindowRow.starts_at), col(ChannelWindowRow.taken))
        .where(
            col(ChannelWindowRow.channel) == channel,
            col(ChannelWindowRow.seconds) == TENTH,
            col(ChannelWindowRow.starts_at) > earliest,
            col(ChannelWindowRow.starts_at) <= at + _LONGEST_PAUSE,
        )
        .order_by(col(ChannelWindowRow.starts_at))
    ).all()
    most = _FILLED if per_minute is None else per_minute
    taken = sum(count for _, count in tenths)
    for starts_at, count in tenths:
        if taken < most:
            break
        taken -= count
        freed: datetime = starts_at + timedelta(seconds=MINUTE + TENTH)
        if taken < most:
            return freed
    today = datetime.combine(at.astimezone(BEIJING).date(), time(), BEIJING)
    if per_day is not None and _count(session, channel, today, DAY) >= per_day:
        return today + timedelta(days=1)
    if per_minute is not None:
        _add(session, channel, _tenth(at), TENTH, 1)
    if per_day is not None:
        _add(session, channel, today, DAY, 1)
    return None


def pause(session: Session, channel: str, at: datetime, wait: timedelta) -> None:
    """Have the channel take nothing for a while, an hour at most."""
    _queue_up(session, channel)
    until = at + min(wait, _LONGEST_PAUSE)
    _add(session, channel, _tenth(until - timedelta(seconds=MINUTE)), TENTH, _FILLED)


def forget_windows(session: Session, before: datetime) -> None:
    """Remove counts from before a moment."""
    old = col(ChannelWindowRow.starts_at) < before
    session.execute(delete(ChannelWindowRow).where(old, col(ChannelWindowRow.seconds) != _GATE))


def _queue_up(session: Session, channel: str) -> None:
    """Come after whoever counts at the same channel; SQLite's writers are in a queue anyway."""
    if session.get_bind().dialect.name == "sqlite":
        return
    _add(session, channel, _EPOCH, _GATE, 1)


def _tenth(at: datetime) -> datetime:
    past = (at - _EPOCH) // timedelta(seconds=TENTH)
    return _EPOCH + past * timedelta(seconds=TENTH)


def _count(session: Session, channel: str, starts_at: datetime, seconds: int) -> int:
    counted = select(func.coalesce(func.sum(col(ChannelWindowRow.taken)), 0)).where(
        col(ChannelWindowRow.channel) == channel,
        col(ChannelWindowRow.starts_at) == starts_at,
        col(ChannelWindowRow.seconds) == seconds,
    )
    return session.scalar(counted) or 0


def _add(session: Session, channel: str, starts_at: datetime, seconds: int, count: int) -> None:
    """Add to a count; until the transaction ends, nobody else comes past the row."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    row = {"channel": channel, "starts_at": starts_at, "seconds": seconds, "taken": count}
    insert = dialect.insert(ChannelWindowRow).values(row)
    more = {"taken": ChannelWindowRow.__table__.c.taken + count}  # type: ignore[attr-defined]
    session.execute(
        insert.on_conflict_do_update(index_elements=["channel", "starts_at", "seconds"], set_=more)
    )
