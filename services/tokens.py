"""Tokens of the API: made for a unit, shown once, stored as a digest, taken back at any time."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlmodel import Session, col

from domain.canonical import clean_text, sha256
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.tokens import MOST_DAYS, MOST_NAME, Scope, Token
from models.people import ApiTokenRow
from services import audit

PREFIX = "guanai_"
"""What every token begins with, so that programs that look for secrets in files and mails know it."""
SEEN_EVERY = timedelta(minutes=10)
"""How often a token's use is written down; more often would make a write of every request."""
_BYTES = 32


def make(  # noqa: PLR0913 - what a token consists of; each is a different thing
    session: Session,
    plan: Plan,
    *,
    unit: str,
    name: str,
    scopes: Collection[Scope],
    days: int,
    by: str,
    at: datetime,
) -> tuple[Token, str]:
    """Make a token for a unit.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        unit: id, name or alias of the unit.
        name: what the token is called, as the system that will hold it.
        scopes: what it lets do.
        days: how long it may be used, at most :data:`domain.tokens.MOST_DAYS`.
        by: who makes it.
        at: the moment.

    Returns:
        The token, and its secret, which is stored nowhere and cannot be shown again.

    Raises:
        Problem: 103 for a unit that the plan does not know; 1201 without name or scope, or with too long a time.
    """
    owner, name = plan.unit(unit), " ".join(clean_text(name).split())
    if not name or len(name) > MOST_NAME or not scopes or not 1 <= days <= MOST_DAYS:
        raise Problem(ProblemKind.TOKEN_INCOMPLETE, limit=MOST_NAME, days=MOST_DAYS)
    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    row = ApiTokenRow(
        unit=owner.id,
        name=name,
        scopes=" ".join(sorted(set(scopes))),
        token_sha256=sha256(secret),
        made_at=at,
        made_by=by,
        expires_at=at + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    detail: audit.Detail = {
        "name": row.name,
        "unit": row.unit,
        "scopes": row.scopes,
        "expires": row.expires_at.isoformat(timespec="minutes"),
    }
    audit.record(session, at=at, actor=by, action="token-make", subject=_subject(row), detail=detail)
    return _token(row), secret


def find(session: Session, secret: str, *, at: datetime) -> Token:
    """The token of a secret, by its digest, so that what is compared tells nothing of the secret.

    Raises:
        Problem: 1203 for one that is not ours, has expired or was taken back; which of them is not said.
    """
    wanted = select(ApiTokenRow).where(col(ApiTokenRow.token_sha256) == sha256(secret))
    row = session.scalars(wanted).one_or_none()
    if row is None or not _token(row).usable(at):
        raise Problem(ProblemKind.TOKEN_REFUSED)
    return _token(row)


def hold(session: Session, token: Token, *, at: datetime) -> None:
    """Keep every other transaction that holds the same token waiting until this one ends.

    Raises:
        Problem: 1203 where it was taken back or expired since it was found.
    """
    row = session.get(ApiTokenRow, token.id, with_for_update=True)
    if row is None or not _token(row).usable(at):
        raise Problem(ProblemKind.TOKEN_REFUSED)


def seen(session: Session, token: Token, *, at: datetime) -> None:
    """Write down that a token is in use."""
    session.execute(update(ApiTokenRow).where(col(ApiTokenRow.id) == token.id).values(used_at=at))


def everything(session: Session) -> tuple[Token, ...]:
    """Every token that was ever made, the newest first."""
    rows = session.scalars(select(ApiTokenRow).order_by(col(ApiTokenRow.id).desc()))
    return tuple(_token(row) for row in rows)


def revoke(session: Session, token: int, *, by: str, at: datetime) -> Token:
    """Take a token back, from this moment on; one that was taken back before stays so.

    Raises:
        Problem: 1202 for no such token.
    """
    row = session.get(ApiTokenRow, token, with_for_update=True)
    if row is None:
        raise Problem(ProblemKind.TOKEN_UNKNOWN, number=token)
    if row.revoked_at is None:
        row.revoked_at = at
        session.add(row)
        session.flush()
        detail: audit.Detail = {"name": row.name, "unit": row.unit}
        audit.record(session, at=at, actor=by, action="token-revoke", subject=_subject(row), detail=detail)
    return _token(row)


def _subject(row: ApiTokenRow) -> str:
    return f"token/{row.id}"


def _token(row: ApiTokenRow) -> Token:
    if row.id is None:
        raise ValueError("a flushed token has an id")
    return Token(
        id=row.id,
        unit=row.unit,
        name=row.name,
        scopes=frozenset(Scope(scope) for scope in row.scopes.split()),
        made_at=row.made_at,
        made_by=row.made_by,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
    )
