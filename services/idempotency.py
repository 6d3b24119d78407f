"""The same request sent twice is done once: what was answered to an ``Idempotency-Key`` is kept and given again.

The answer is kept in the transaction of what it tells about, so that both are there or neither, whatever is cut off.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlmodel import Session, col

from domain.problems import Problem, ProblemKind
from domain.tokens import Token
from models.people import IdempotencyRow
from services import tokens

KEPT = timedelta(hours=24)
"""How long an answer is given again."""
MOST_KEY = 100
"""Characters of a key."""


@dataclass(frozen=True)
class Asked:
    """A request: whose it is, under which key, and the digest of what it asks for."""

    token: Token
    key: str
    sha256: str


@dataclass(frozen=True)
class Answer:
    """What was answered: the HTTP status, and the body as it was sent."""

    status: int
    body: str


def answered(session: Session, asked: Asked, *, at: datetime) -> Answer | None:
    """What was answered to this request before; None where it comes for the first time.

    Of two that come at once, the second waits here until the first has ended.

    Args:
        session: of :func:`models.engine.writing`; :func:`keep` must follow in the same transaction.
        asked: the request.
        at: the moment.

    Raises:
        Problem: 1203 for a token taken back meanwhile; 1207 where the key stands for another request.
    """
    tokens.hold(session, asked.token, at=at)
    old = col(IdempotencyRow.at) <= at - KEPT
    own = col(IdempotencyRow.token_id) == asked.token.id
    session.execute(delete(IdempotencyRow).where(own, old))
    row = session.scalars(
        select(IdempotencyRow).where(own, col(IdempotencyRow.key) == asked.key)
    ).one_or_none()
    if row is None:
        return None
    if row.request_sha256 != asked.sha256:
        raise Problem(ProblemKind.KEY_REUSED)
    return Answer(row.status, row.body)


def keep(session: Session, asked: Asked, answer: Answer, *, at: datetime) -> None:
    """Keep what is about to be answered."""
    session.add(
        IdempotencyRow(
            token_id=asked.token.id,
            key=asked.key,
            request_sha256=asked.sha256,
            status=answer.status,
            body=answer.body,
            at=at,
        )
    )
    session.flush()
