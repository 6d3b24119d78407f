"""Contacts (联系人): who holds which post, and by which channels they are reached; what a person can be known by.

Messages may carry a link that signs their contact's account in. So nobody puts an address beside the account of somebody in
the office, or of an administrator, but an administrator and that person: else they could become them.

The audit chain tells that a contact was added or changed, and by whom, but neither name nor address: what was forgotten
(删除联系信息) is in no other place either.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from domain.canonical import person
from domain.messages import OF_UNITS, POST_NAMES, Post
from domain.people import Account, Role
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from models import contacts as store
from models.messages import ContactAddressRow, ContactRow
from models.people import AccountRow
from services import accounts, audit
from services.addresses import Address, checked
from services.reasons import checked_person

_GUARDED = "办公室人员和系统管理员的联系方式，只能由本人或系统管理员登记、修改"
_LARGEST = 2**31
"""Numbers of rows are below it."""


@dataclass(frozen=True)
class Contact:
    """Somebody to be told.

    Attributes:
        number: in the store.
        unit: id of the unit; empty for a post of the district's.
        post: who they are to the plan.
        name: theirs.
        account: number of the account that belongs to them; None for whoever does not sign in.
        active: whether anything is sent to them.
        addresses: the one that is tried first first.
    """

    number: int
    unit: str
    post: Post
    name: str
    account: int | None
    active: bool
    addresses: tuple[Address, ...]


def add(  # noqa: PLR0913 - what a contact consists of; each is a different thing
    session: Session,
    plan: Plan,
    *,
    unit: str,
    post: Post,
    name: str,
    addresses: Sequence[Address],
    by: str,
    at: datetime,
    login: str = "",
    acting: Account | None = None,
) -> Contact:
    """Put somebody on the list.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        unit: of a post in a unit, by any of its names; empty for the district's posts.
        post: who they are to the plan.
        name: theirs.
        addresses: in the order in which they are tried.
        by: who does it.
        at: the moment.
        login: of the account that is theirs; empty for none.
        acting: who does it, by their account; None for whoever works on the machine itself.

    Raises:
        Problem: 103 for a unit that the plan does not know; 418 without a name; 1102 for a post with the wrong unit; 1103,
            1104 for addresses; 1105 where they are on the list already; 1106 for an account that is not
            theirs, or that is not for ``acting`` to name.
    """
    audit.lock(session)  # two who add the same person at once take turns
    if (post in OF_UNITS) != bool(unit):
        fault = "没有写明单位" if post in OF_UNITS else "不属于单位"
        raise Problem(ProblemKind.CONTACT_POST, post=POST_NAMES[post], fault=fault)
    unit = plan.unit(unit).id if unit else ""
    name = checked_person(name, "联系人")
    _see_new(session, plan, unit, post, name)
    account = _account(session, login, unit, acting)
    row = ContactRow(
        plan_id=plan.id,
        unit=unit,
        post=post.value,
        name=name,
        account_id=account.id if account else None,
        made_at=at,
        made_by=by,
    )
    session.add(row)
    session.flush()
    return _keep(session, row, addresses, "contact-add", by, at)


def change(  # noqa: PLR0913 - what a contact consists of; each is a different thing
    session: Session,
    plan: Plan,
    number: int,
    *,
    name: str,
    addresses: Sequence[Address],
    by: str,
    at: datetime,
    active: bool = True,
    login: str | None = None,
    acting: Account | None = None,
) -> Contact:
    """Change how somebody is called and reached, or take them off the list; ``login`` None leaves their account.

    Raises:
        Problem: 418, 1103, 1104, 1106 as :func:`add`; 1101 for no such contact.
    """
    audit.lock(session)
    row = _row(session, plan, number)
    _see_may(session, acting, row)
    row.name, row.active = checked_person(name, "联系人"), active
    if login is not None:
        account = _account(session, login, row.unit, acting)
        row.account_id = account.id if account else None
    session.add(row)
    return _keep(session, row, addresses, "contact-change", by, at)


def change_own(
    session: Session,
    plan: Plan,
    number: int,
    account: Account,
    addresses: Sequence[Address],
    *,
    at: datetime,
) -> Contact:
    """Let somebody change the addresses of a contact that belongs to their account.

    Raises:
        Problem: 1101 for a contact that is not theirs; 1103, 1104 for addresses.
    """
    audit.lock(session)
    row = _row(session, plan, number)
    if row.account_id != account.id:
        raise Problem(ProblemKind.CONTACT_UNKNOWN, number=number)
    return _keep(session, row, addresses, "contact-change", account.name, at)


def forget(
    session: Session, plan: Plan, number: int, *, by: str, at: datetime, acting: Account | None = None
) -> None:
    """Remove name and addresses for good; that somebody in this post was told of something stays.

    Raises:
        Problem: 1101 for no such contact; 1106 for one that is not for ``acting`` to remove.
    """
    audit.lock(session)
    row = _row(session, plan, number)
    _see_may(session, acting, row)
    row.name, row.active, row.account_id = "", False, None
    session.add(row)
    _keep(session, row, (), "contact-forget", by, at)


def get(session: Session, plan: Plan, number: int) -> Contact:
    """The contact of a number.

    Raises:
        Problem: 1101 for no such contact, or one that is forgotten.
    """
    return _contacts(session, [_row(session, plan, number)])[0]


def everybody(session: Session, plan: Plan, unit: str | None = None) -> tuple[Contact, ...]:
    """Everybody on the list, those in use first, the district's posts before the units in the plan's order; or of a unit."""
    found = _contacts(session, store.contacts(session, plan.id, None if unit is None else [unit]))
    units = {name: place for place, name in enumerate(("", *plan.units_by_id))}
    posts = {post: place for place, post in enumerate(Post)}
    order = sorted(
        found, key=lambda c: (not c.active, units.get(c.unit, len(units)), posts[c.post], c.number)
    )
    return tuple(order)


def of_account(session: Session, plan: Plan, account: int) -> tuple[Contact, ...]:
    """The contacts in use that belong to an account."""
    return tuple(one for one in everybody(session, plan) if one.account == account and one.active)


def _row(session: Session, plan: Plan, number: int) -> ContactRow:
    row = session.get(ContactRow, number) if 0 < number < _LARGEST else None
    if row is None or row.plan_id != plan.id or not row.name:
        raise Problem(ProblemKind.CONTACT_UNKNOWN, number=number)
    return row


def _see_new(session: Session, plan: Plan, unit: str, post: Post, name: str) -> None:
    for row in store.contacts(session, plan.id, [unit]):
        if row.active and row.post == post and person(row.name) == person(name):
            raise Problem(ProblemKind.CONTACT_TAKEN, name=name, number=row.id)


def _see_may(session: Session, acting: Account | None, row: ContactRow) -> None:
    """See that a contact is for somebody to change, by the account that belongs to it."""
    if row.account_id is not None:
        account = accounts.get(session, row.account_id)
        if not _may(acting, account):
            raise Problem(ProblemKind.CONTACT_ACCOUNT, login=account.login, fault=_GUARDED)


def _may(acting: Account | None, account: Account) -> bool:
    above = account.may(Role.ADMINISTRATOR, Role.OFFICE)
    return acting is None or not above or acting.id == account.id or acting.may(Role.ADMINISTRATOR)


def _account(session: Session, login: str, unit: str, acting: Account | None) -> Account | None:
    """The account that a contact is said to have; a liaison's must be of the contact's unit. None where none is named."""
    if not login.strip():
        return None
    account = accounts.find(session, login)
    fault = ""
    if account is None or not account.active:
        fault = "没有这个账号，或账号已停用"
    elif unit and account.units and unit not in account.units:
        fault = "账号属于另一个单位"
    elif not _may(acting, account):
        fault = _GUARDED
    if account is None or fault:
        raise Problem(ProblemKind.CONTACT_ACCOUNT, login=login.strip(), fault=fault)
    return account


def _keep(
    session: Session, row: ContactRow, addresses: Sequence[Address], action: str, by: str, at: datetime
) -> Contact:
    """Put addresses in the place of those that there were, and record the act."""
    if row.id is None:
        raise ValueError("a flushed contact has an id")
    kept = tuple(checked(addresses))
    session.execute(delete(ContactAddressRow).where(col(ContactAddressRow.contact_id) == row.id))
    session.add_all(
        ContactAddressRow(contact_id=row.id, channel=one.channel, address=one.address, rank=rank)
        for rank, one in enumerate(kept)
    )
    session.flush()
    detail: audit.Detail = {
        "unit": row.unit,
        "post": row.post,
        "active": int(row.active),
        "channels": "、".join(one.channel for one in kept),
    }
    audit.record(session, at=at, actor=by, action=action, subject=f"contact/{row.id}", detail=detail)
    return _contact(row, kept)


def _contacts(session: Session, rows: Sequence[ContactRow]) -> tuple[Contact, ...]:
    found: defaultdict[int, list[Address]] = defaultdict(list)
    for row in store.addresses(session, [row.id for row in rows if row.id is not None]):
        found[row.contact_id].append(Address(row.channel, row.address))
    return tuple(_contact(row, found[row.id or 0]) for row in rows)


def _contact(row: ContactRow, addresses: Sequence[Address]) -> Contact:
    return Contact(
        number=row.id or 0,
        unit=row.unit,
        post=Post(row.post),
        name=row.name,
        account=row.account_id,
        active=row.active,
        addresses=tuple(addresses),
    )


def logins(session: Session, found: Sequence[Contact]) -> dict[int, str]:
    """The logins of the accounts that contacts have, by the account's number."""
    numbers = {one.account for one in found if one.account is not None}
    rows = select(col(AccountRow.id), col(AccountRow.login)).where(col(AccountRow.id).in_(numbers))
    return {number: login for number, login in session.execute(rows) if number is not None}
