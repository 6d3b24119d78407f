"""What a standing depends on, as one small value; and answers that are kept as long as it is the same.

Whatever changes where an item, a phase or the plan stands is in the audit chain, whose lines follow one another in the
order of their transactions, also in PostgreSQL, where a lower id may come in after a higher one.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from threading import Condition
from typing import Generic, TypeVar

from cachetools import LRUCache, cached
from sqlalchemy import func, select
from sqlmodel import Session

from models.tables import AuditLineRow

Answer = TypeVar("Answer")

ACTIONS = (
    *("adopt", "open", "submit", "accept", "return", "close-phase"),
    *("allow-correction", "grant-extension"),
)
"""The acts in the audit chain that change how anything stands; a sign-in or a download does not."""


@dataclass(frozen=True)
class Mark:
    """Two looks at a store with the same mark find the same standing; ``line`` is 0 where nothing was done yet."""

    store: str
    line: int
    day: date


_LINE = AuditLineRow.metadata.tables["audit_line"].c
_NEWEST = select(
    *(select(func.max(_LINE.seq)).where(_LINE.action == act).scalar_subquery() for act in ACTIONS)
)


def mark(session: Session, as_of: date) -> Mark:
    """The mark of the store on a day; one query, whatever the store holds.

    Args:
        session: of :func:`models.engine.reading`, the same one that what is kept is reckoned in.
        as_of: the day.
    """
    found = session.execute(_NEWEST).one()
    bind = session.get_bind()
    return Mark(str(bind.engine.url), max((seq for seq in found if seq is not None), default=0), as_of)


class Kept(Generic[Answer]):
    """Answers by what was asked; several who ask the same at once wait for one reckoning and share it.

    Args:
        most: how many answers are kept; the one that was not asked for longest goes first.
    """

    def __init__(self, most: int) -> None:
        self._ask = cached(LRUCache(most), key=lambda key, _: key, condition=Condition())(_reckoned)

    def answer(self, key: Hashable, reckon: Callable[[], Answer]) -> Answer:
        """The answer for ``key``, which holds a :class:`Mark`; reckoned where it is not there.

        Answers are shared by threads and must not be changed.
        """
        found: Answer = self._ask(key, reckon)
        return found


def _reckoned(_: Hashable, reckon: Callable[[], Answer]) -> Answer:
    return reckon()
