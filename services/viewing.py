"""That somebody has seen what a unit handed in: one line in the audit chain, whichever door they looked through."""

from datetime import datetime

from sqlalchemy import Engine

from domain.facts import Submission
from models.engine import writing
from services import audit


def leave_line(
    engine: Engine, key: str, shown: Submission | None, *, actor: str, at: datetime, door: str
) -> None:
    """Write it down; nothing where nothing was handed in.

    Args:
        engine: the store.
        key: the item.
        shown: the version that was seen.
        actor: who saw it.
        at: when.
        door: ``page`` or ``api``.
    """
    if shown is None:
        return
    detail: audit.Detail = {"version": shown.version, "door": door}
    with writing(engine, lasting=False) as session:
        audit.record(session, at=at, actor=actor, action="view", subject=key, detail=detail)
