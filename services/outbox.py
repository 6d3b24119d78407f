"""What happened and a channel has still to be told of: told late rather than never, whatever dies in between.

A happening is committed with its round and told after that, so that whoever ends in between leaves it untold; the next
run, whichever it is, tells it then. A channel may hear something twice (it was told, and the note of that was lost):
each piece of news therefore has an id of its own, by which a copy is known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Engine

from domain.rounds import Happening
from models import rounds as store
from models.engine import reading, writing

PREFECT = "prefect"
"""The channel of Prefect's events."""


@dataclass(frozen=True)
class News:
    """A happening to be told; ``id`` is the same each time, and ``row`` its number in the store."""

    id: UUID
    row: int
    happening: Happening


def untold(engine: Engine, plan: str, channel: str) -> tuple[News, ...]:
    """What happened under the plan of that id and the channel was not told yet, by day."""
    with reading(engine) as session:
        rows = store.untold(session, plan, channel)
    return tuple(
        News(news_id(plan, h), row.id or 0, h)
        for row in rows
        for h in [Happening(row.name, row.subject, row.day, row.words)]
    )


def mark_told(engine: Engine, news: Iterable[News], channel: str, at: datetime) -> None:
    """Record that the channel was told, so that it is not told again."""
    with writing(engine) as session:
        store.record_told(session, [one.row for one in news], channel, at)


def news_id(plan: str, happening: Happening) -> UUID:
    """The id of a happening: made of what makes it unique in the store, plan, name and subject."""
    return uuid5(NAMESPACE_URL, f"guanai:{plan}/{happening.name}/{happening.subject}")
