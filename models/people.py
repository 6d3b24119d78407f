"""Who may use the platform: accounts, their roles, how they come in, and what acts for a unit over the API.

Secrets (passwords, links, sessions, tokens) are stored as digests only: who reads the database can use none of them.
"""

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from models.tables import SHA, Row
from models.types import Moment

NAME = 60
"""Characters of a person's name, and of a login."""


class AccountRow(Row, table=True):
    """A named account; never deleted, because submissions and reviews name it.

    ``failures`` counts refused passwords since the last good one; ``locked_until`` is when the next may be tried.
    """

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(max_length=NAME, unique=True)
    name: str = Field(max_length=NAME, unique=True)
    password: str | None = Field(default=None, max_length=200)
    active: bool = True
    failures: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=Moment)
    made_at: datetime = Field(sa_type=Moment)
    made_by: str = Field(max_length=NAME)


class AccountRoleRow(Row, table=True):
    """A role that an account has; ``unit`` is the unit's id for a liaison, else empty."""

    __tablename__ = "account_role"
    __table_args__ = (Index(None, "unit"),)

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    role: str = Field(max_length=20, primary_key=True)
    unit: str = Field(default="", max_length=60, primary_key=True)


class SignInLinkRow(Row, table=True):
    """A link that signs one account in, once (一次性登录链接)."""

    __tablename__ = "sign_in_link"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    nonce_sha256: str = Field(max_length=SHA)
    made_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class SessionRow(Row, table=True):
    """A browser that is signed in; the row goes when it signs out, or at the first request after its time."""

    __tablename__ = "session"
    __table_args__ = (Index(None, "account_id"),)

    token_sha256: str = Field(max_length=SHA, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    started_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)


class ApiTokenRow(Row, table=True):
    """What lets another system act for a unit; ``scopes`` are separated by blanks."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    unit: str = Field(max_length=60)
    name: str = Field(max_length=NAME)
    scopes: str = Field(max_length=100)
    token_sha256: str = Field(max_length=SHA, unique=True)
    made_at: datetime = Field(sa_type=Moment)
    made_by: str = Field(max_length=NAME)
    expires_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class IdempotencyRow(Row, table=True):
    """The answer that was given to a request of a token with an ``Idempotency-Key``, to be given again."""

    __tablename__ = "idempotency"
    __table_args__ = (UniqueConstraint("token_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    token_id: int = Field(foreign_key="api_token.id")
    key: str = Field(max_length=100)
    request_sha256: str = Field(max_length=SHA)
    status: int
    body: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Moment)
