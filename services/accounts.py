"""Accounts: who may use the platform, in which roles. Never deleted, for submissions and reviews bear their names."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import Engine, Select, delete, select, update
from sqlmodel import Session, col

from domain.canonical import clean_text, person
from domain.people import ROLE_NAMES, Account, Grant, Role, login_of, weakness
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from models.people import NAME, AccountRoleRow, AccountRow, SessionRow
from services import audit

HASHER = PasswordHasher()
"""argon2id with the library's parameters, which follow RFC 9106."""


def add(
    session: Session,
    plan: Plan | None,
    *,
    login: str,
    name: str,
    grants: Collection[Grant],
    by: str,
    at: datetime,
) -> Account:
    """Make an account; it has no password yet, so that a link has to sign it in first.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force, whose units liaisons may report for; None while there is none.
        login: what is typed to sign in; letters, digits or Chinese, no blanks.
        name: the person's name.
        grants: the roles.
        by: who makes it.
        at: the moment.

    Raises:
        Problem: 418 without a name; 1001 for a login that cannot be used; 1002 where login or name is taken; 1003 for
            no role, or a liaison without a unit; 103 for a unit that the plan does not know.
    """
    audit.lock(session)  # two who take the same name at once take turns
    login, name = _checked_names(login, name)
    _see_free(session, login, name)
    row = AccountRow(login=login, name=name, made_at=at, made_by=by)
    session.add(row)
    session.flush()
    if row.id is None:
        raise ValueError("a flushed account has an id")
    kept = _grant(session, plan, row.id, grants)
    _record(session, "account-add", row, by, at, kept)
    return Account(row.id, login, name, kept)


def change(
    session: Session,
    plan: Plan | None,
    account: int,
    *,
    grants: Collection[Grant],
    active: bool,
    by: str,
    at: datetime,
) -> Account:
    """Give an account other roles, or take it out of use; whoever is signed in with it is signed out.

    Raises:
        Problem: 1003, 103 as :func:`add`; 1004 for no such account; 1005 for the last administrator in use.
    """
    audit.lock(session)
    row = _row(session, account)
    still = active and any(grant.role is Role.ADMINISTRATOR for grant in grants)
    if not still and _only_administrator(session, account):
        raise Problem(ProblemKind.LAST_ADMINISTRATOR)
    row.active = active
    session.add(row)
    session.execute(delete(AccountRoleRow).where(col(AccountRoleRow.account_id) == account))
    kept = _grant(session, plan, account, grants)
    sign_out_everywhere(session, account)
    _record(session, "account-change", row, by, at, kept)
    return Account(account, row.login, row.name, kept, active, row.password is not None)


def set_password(engine: Engine, account: int, password: str, *, by: str, at: datetime) -> None:
    """Set a password, and sign out whoever is signed in with the account.

    Raises:
        Problem: 1004 for no such account; 1006 for a password that is too weak.
    """
    with reading(engine) as session:
        row = _row(session, account)
    if (found := weakness(password, (row.login, row.name))) is not None:
        raise Problem(ProblemKind.PASSWORD_WEAK, reason=found)
    hashed = HASHER.hash(password)  # outside of any transaction: it takes its time by design
    changed = {"password": hashed, "failures": 0, "locked_until": None}
    with writing(engine) as session:
        session.execute(update(AccountRow).where(col(AccountRow.id) == account).values(changed))
        sign_out_everywhere(session, account)
        _record(session, "account-password", row, by, at)


def sign_out_everywhere(session: Session, account: int) -> None:
    """End every session of an account."""
    session.execute(delete(SessionRow).where(col(SessionRow.account_id) == account))


def find(session: Session, login: str) -> Account | None:
    """The account of a login; None where there is none."""
    row = session.scalars(select(AccountRow).where(col(AccountRow.login) == login_of(login))).one_or_none()
    return None if row is None or row.id is None else _accounts(session, [row])[0]


def get(session: Session, account: int) -> Account:
    """The account of an id.

    Raises:
        Problem: 1004 for no such account.
    """
    return _accounts(session, [_row(session, account)])[0]


def everybody(session: Session) -> tuple[Account, ...]:
    """Every account, those in use first, by name."""
    rows = select(AccountRow).order_by(col(AccountRow.active).desc(), col(AccountRow.login))
    return _accounts(session, session.scalars(rows).all())


def has_administrator(session: Session) -> bool:
    """Whether an administrator in use has ever set a password, so that nobody needs to be let in by hand."""
    return session.scalar(_administrators().where(col(AccountRow.password).is_not(None)).limit(1)) is not None


def _checked_names(login: str, name: str) -> tuple[str, str]:
    login, name = login_of(login), clean_text(name)
    if not person(name) or len(name) > NAME:
        raise Problem(ProblemKind.PERSON_MISSING, role="使用人", limit=NAME)
    if not login or len(login) > NAME or any(not (c.isalnum() or c in "._-@") for c in login):
        raise Problem(ProblemKind.LOGIN_INVALID, login=login[:NAME], limit=NAME)
    return login, name


def _see_free(session: Session, login: str, name: str) -> None:
    """See that nobody has the login or the name: a review is refused to whoever bears the submitter's name."""
    for row in session.scalars(select(AccountRow)):
        if row.login == login:
            raise Problem(ProblemKind.ACCOUNT_TAKEN, what=f"登录名“{login}”")
        if person(row.name) == person(name):
            raise Problem(ProblemKind.ACCOUNT_TAKEN, what=f"姓名“{name}”")


def _grant(session: Session, plan: Plan | None, account: int, grants: Collection[Grant]) -> tuple[Grant, ...]:
    kept: list[Grant] = []
    for grant in grants:
        if grant.role is not Role.LIAISON:
            kept.append(Grant(grant.role))
        elif grant.unit and plan is not None:
            kept.append(Grant(grant.role, plan.unit(grant.unit).id))
        else:
            raise Problem(ProblemKind.ROLE_MISSING)
    if not kept:
        raise Problem(ProblemKind.ROLE_MISSING)
    unique = tuple(dict.fromkeys(kept))
    session.add_all(AccountRoleRow(account_id=account, role=g.role.value, unit=g.unit) for g in unique)
    session.flush()
    return unique


def _administrators() -> Select[tuple[int | None]]:
    return (
        select(col(AccountRow.id))
        .join(AccountRoleRow, col(AccountRoleRow.account_id) == col(AccountRow.id))
        .where(col(AccountRoleRow.role) == Role.ADMINISTRATOR.value, col(AccountRow.active).is_(True))
    )


def _only_administrator(session: Session, account: int) -> bool:
    return session.scalars(_administrators()).all() == [account]


def _row(session: Session, account: int) -> AccountRow:
    row = session.get(AccountRow, account)
    if row is None:
        raise Problem(ProblemKind.ACCOUNT_UNKNOWN, login=account)
    return row


def _accounts(session: Session, rows: Sequence[AccountRow]) -> tuple[Account, ...]:
    grants: defaultdict[int, list[Grant]] = defaultdict(list)
    ids = [row.id for row in rows]
    roles = select(AccountRoleRow).where(col(AccountRoleRow.account_id).in_(ids))
    for role in session.scalars(roles.order_by(col(AccountRoleRow.role), col(AccountRoleRow.unit))):
        grants[role.account_id].append(Grant(Role(role.role), role.unit))
    return tuple(
        Account(
            id=row.id or 0,
            login=row.login,
            name=row.name,
            grants=tuple(grants[row.id or 0]),
            active=row.active,
            has_password=row.password is not None,
        )
        for row in rows
    )


def _record(
    session: Session, action: str, row: AccountRow, by: str, at: datetime, grants: Sequence[Grant] = ()
) -> None:
    roles = "、".join(f"{ROLE_NAMES[g.role]}{f'（{g.unit}）' if g.unit else ''}" for g in grants)
    detail: audit.Detail = {
        "name": row.name,
        **({"roles": roles, "active": int(row.active)} if grants else {}),
    }
    audit.record(session, at=at, actor=by, action=action, subject=f"account/{row.login}", detail=detail)
