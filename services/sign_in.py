"""Signing in: by password with lockout, by a link that works once; and the sessions of browsers.

What is handed out (links, session tokens) is random and stored as a digest. Nothing here says whether a login exists.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Engine, bindparam, delete, select, update
from sqlmodel import Session, col

from domain.canonical import sha256
from domain.people import Account, Grant, Role, login_of
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from models.people import AccountRoleRow, AccountRow, SessionRow, SignInLinkRow
from services import accounts, audit
from services.accounts import HASHER

MOST_FAILURES = 5
LOCKED = timedelta(minutes=15)
"""After so many wrong passwords in a row an account takes none for so long."""
IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
"""How long a session lasts without a request, and at all."""
LINK_HOURS = 72
LINK_LASTS = timedelta(hours=LINK_HOURS)
"""A reminder of Friday must still let in on Monday."""
SEEN_EVERY = timedelta(minutes=1)
"""How often a session's last request is written down; more often would make a write of every look."""
_BYTES = 32
_SALT = "guanai.sign-in-link"

_SESSION = (
    select(
        *(col(SessionRow.started_at), col(SessionRow.seen_at)),
        *(col(AccountRow.id), col(AccountRow.login), col(AccountRow.name), col(AccountRow.active)),
        col(AccountRow.password).is_not(None).label("has_password"),
        *(col(AccountRoleRow.role), col(AccountRoleRow.unit)),
    )
    .join(AccountRow, col(AccountRow.id) == col(SessionRow.account_id))
    .outerjoin(AccountRoleRow, col(AccountRoleRow.account_id) == col(AccountRow.id))
    .where(col(SessionRow.token_sha256) == bindparam("token"))
    .order_by(col(AccountRoleRow.role), col(AccountRoleRow.unit))
)
"""A session with its account, a row for each of its roles."""

_NOBODY = HASHER.hash("nobody has this password")
"""Checked where there is no account, so that the answer takes as long."""


@dataclass(frozen=True)
class Entered:
    """Somebody who is signed in; ``token`` goes into their browser's cookie and nowhere else."""

    account: Account
    token: str


@dataclass(frozen=True)
class Link:
    """A link that was found to be good, and whom it signs in."""

    id: int
    account: Account


def by_password(engine: Engine, login: str, password: str, *, at: datetime) -> Entered:
    """Sign in with login and password.

    The password is checked outside of any transaction, for that takes its time by design; what became of it is then
    recorded, a refusal too.

    Args:
        engine: the store.
        login: as typed.
        password: as typed.
        at: the moment.

    Raises:
        Problem: 1007 where it is not right; 1008 while the account is locked.
    """
    with reading(engine) as session:
        row = _by_login(session, login)
    stored = row.password if row and row.active else None
    right = _matches(stored, password)
    with writing(engine) as session:
        entered = _by_password(session, login, at, stored if right else None)
    if isinstance(entered, Problem):
        raise entered
    return entered


def _by_password(session: Session, login: str, at: datetime, checked: str | None) -> Entered | Problem:
    """As :func:`by_password`; ``checked`` is the digest that the password matched. A refusal is told by returning."""
    row = _by_login(session, login)
    if row is None or row.id is None:
        return Problem(ProblemKind.SIGN_IN_REFUSED)
    if row.locked_until is not None and at < row.locked_until:
        audit.record(
            session, at=at, actor=row.name, action="sign-in-locked", subject=_subject(row), detail={}
        )
        return Problem(ProblemKind.ACCOUNT_LOCKED, until=f"{row.locked_until:%H:%M}")
    if checked is None or checked != row.password:
        _count_failure(session, row, at)
        return Problem(ProblemKind.SIGN_IN_REFUSED)
    row.failures, row.locked_until = 0, None
    session.add(row)
    return _enter(session, accounts.get(session, row.id), at, how="password")


def _by_login(session: Session, login: str) -> AccountRow | None:
    return session.scalars(select(AccountRow).where(col(AccountRow.login) == login_of(login))).one_or_none()


def make_link(
    session: Session, key: bytes, account: int, *, by: str, at: datetime, lasts: timedelta = LINK_LASTS
) -> str:
    """A token for a link that signs an account in once, until it expires.

    Args:
        session: of :func:`models.engine.writing`.
        key: the installation's, of :func:`services.signing.signing_key`.
        account: id of the account.
        by: who or what has it made.
        at: the moment.
        lasts: how long it may be used.

    Raises:
        Problem: 1004 for no such account; 1009 for one that is out of use.
    """
    found = accounts.get(session, account)
    if not found.active:
        raise Problem(ProblemKind.LINK_USELESS)
    nonce = secrets.token_urlsafe(_BYTES)
    row = SignInLinkRow(account_id=account, nonce_sha256=sha256(nonce), made_at=at, expires_at=at + lasts)
    session.add(row)
    session.flush()
    detail: audit.Detail = {"link": row.id, "expires": row.expires_at.isoformat(timespec="minutes")}
    audit.record(
        session, at=at, actor=by, action="link-make", subject=f"account/{found.login}", detail=detail
    )
    return _serializer(key).dumps([row.id, nonce])


def look_at_link(session: Session, key: bytes, token: str, *, at: datetime) -> Link:
    """Whom a link would sign in; looking uses nothing up, because mail scanners open links too.

    Raises:
        Problem: 1009 for one that is not ours, was used, has expired, or whose account is out of use.
    """
    try:
        number, nonce = _serializer(key).loads(token)
        row = session.get(SignInLinkRow, int(number))
    except (BadData, TypeError, ValueError):
        row, nonce = None, ""
    if (
        row is None
        or not secrets.compare_digest(row.nonce_sha256, sha256(str(nonce)))
        or row.used_at is not None
        or at >= row.expires_at
    ):
        raise Problem(ProblemKind.LINK_USELESS)
    account = accounts.get(session, row.account_id)
    if not account.active:
        raise Problem(ProblemKind.LINK_USELESS)
    return Link(row.id or 0, account)


def by_link(session: Session, key: bytes, token: str, *, at: datetime) -> Entered:
    """Sign in by a link, which is used up thereby; of two who use it at once, one comes in.

    Raises:
        Problem: 1009 as :func:`look_at_link`.
    """
    link = look_at_link(session, key, token, at=at)
    unused = update(SignInLinkRow).where(
        col(SignInLinkRow.id) == link.id, col(SignInLinkRow.used_at).is_(None)
    )
    used = session.execute(unused.values(used_at=at).returning(col(SignInLinkRow.id)))
    if used.one_or_none() is None:
        raise Problem(ProblemKind.LINK_USELESS)
    changed = {"failures": 0, "locked_until": None}
    session.execute(update(AccountRow).where(col(AccountRow.id) == link.account.id).values(changed))
    return _enter(session, link.account, at, how="link")


def who(session: Session, token: str, *, at: datetime) -> tuple[Account, datetime] | None:
    """Whose session a token is, and when it was seen last; one query, for every page begins with it.

    None where it is none, has been idle or lasted too long, or its account is out of use.
    """
    rows = session.execute(_SESSION, {"token": sha256(token)}).all()
    if not rows or not rows[0].active:
        return None
    row = rows[0]
    if at >= row.seen_at + IDLE or at >= row.started_at + LONGEST:
        return None
    grants = tuple(Grant(Role(role.role), role.unit) for role in rows if role.role is not None)
    return Account(row.id, row.login, row.name, grants, row.active, row.has_password), row.seen_at


def seen(session: Session, token: str, *, at: datetime) -> None:
    """Write down that a session is in use."""
    session.execute(
        update(SessionRow).where(col(SessionRow.token_sha256) == sha256(token)).values(seen_at=at)
    )


def sign_out(session: Session, token: str, *, at: datetime) -> None:
    """End a session; one that is not there is as good as ended."""
    row = session.get(SessionRow, sha256(token))
    if row is None:
        return
    account = accounts.get(session, row.account_id)
    session.delete(row)
    session.flush()
    audit.record(
        session, at=at, actor=account.name, action="sign-out", subject=f"account/{account.login}", detail={}
    )


def _matches(stored: str | None, password: str) -> bool:
    try:
        return HASHER.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def _count_failure(session: Session, row: AccountRow, at: datetime) -> None:
    row.failures += 1
    if row.failures >= MOST_FAILURES:
        row.failures, row.locked_until = 0, at + LOCKED
    session.add(row)
    session.flush()
    action = "sign-in-refused" if row.locked_until is None or row.locked_until <= at else "account-locked"
    audit.record(session, at=at, actor=row.name, action=action, subject=_subject(row), detail={})


def _enter(session: Session, account: Account, at: datetime, *, how: str) -> Entered:
    """Begin a session; sessions whose time is over are cleared away on the way."""
    over = (col(SessionRow.seen_at) <= at - IDLE) | (col(SessionRow.started_at) <= at - LONGEST)
    session.execute(delete(SessionRow).where(over))
    token = secrets.token_urlsafe(_BYTES)
    session.add(SessionRow(token_sha256=sha256(token), account_id=account.id, started_at=at, seen_at=at))
    session.flush()
    detail: audit.Detail = {"how": how}
    audit.record(
        session,
        at=at,
        actor=account.name,
        action="sign-in",
        subject=f"account/{account.login}",
        detail=detail,
    )
    return Entered(account, token)


def _subject(row: AccountRow) -> str:
    return f"account/{row.login}"


def _serializer(key: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=_SALT)
