"""Who is told, and by which channels: kept by unit and post, changed by the right people only, and forgotten for good."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session

from domain.messages import Post
from domain.people import Account, Grant, Role
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from models.messages import ContactAddressRow, ContactRow
from models.tables import AuditLineRow
from services import accounts, contacts
from services.addresses import ADDRESS, Address
from services.contacts import Contact
from services.reach import missing
from tests import cast
from tests.ladders import EVERYBODY, ladder_plan, register

PLAN = ladder_plan()
AT = cast.moment("2025-03-03 09:00")
MAIL, SMS = Address("邮件", "li@example.cn"), Address("短信", "13800000000")


def add(
    session: Session,
    name: str = cast.LI_MING,
    *,
    unit: str = "东山镇",
    post: Post = Post.LIAISON,
    addresses: tuple[Address, ...] = (MAIL, SMS),
    login: str = "",
    acting: Account | None = None,
) -> Contact:
    return contacts.add(
        session,
        PLAN,
        unit=unit,
        post=post,
        name=name,
        addresses=addresses,
        login=login,
        by=cast.ZHAO_QIANG,
        at=AT,
        acting=acting,
    )


def account(session: Session, login: str, *grants: Grant) -> Account:
    return accounts.add(session, PLAN, login=login, name=f"账号{login}", grants=grants, by="赵强", at=AT)


def refused(kind: ProblemKind, error: pytest.ExceptionInfo[Problem]) -> bool:
    return error.value.kind is kind


def test_a_contact_is_kept_with_its_addresses_in_the_order_in_which_they_are_tried(engine: Engine) -> None:
    with writing(engine) as session:
        made = add(session)
    with reading(engine) as session:
        assert contacts.everybody(session, PLAN) == (made,)
        assert contacts.everybody(session, PLAN, cast.STREET) == ()
    assert (made.unit, made.addresses) == (cast.TOWN, (MAIL, SMS))


@pytest.mark.parametrize(
    ("unit", "post", "kind"),
    [
        ("", Post.LIAISON, ProblemKind.CONTACT_POST),
        ("东山镇", Post.OFFICE, ProblemKind.CONTACT_POST),
        ("南山镇", Post.LIAISON, ProblemKind.UNKNOWN_UNIT),
    ],
)
def test_a_post_is_held_in_a_unit_or_in_the_district(
    engine: Engine, unit: str, post: Post, kind: ProblemKind
) -> None:
    with pytest.raises(Problem) as error, writing(engine) as session:
        add(session, unit=unit, post=post)
    assert refused(kind, error)


@pytest.mark.parametrize(
    ("addresses", "kind"),
    [
        ((Address("邮件", ""),), ProblemKind.ADDRESS_INVALID),
        ((Address("", "li@example.cn"),), ProblemKind.ADDRESS_INVALID),
        ((Address("邮件", "li @example.cn"),), ProblemKind.ADDRESS_INVALID),
        ((Address("邮件", "x" * (ADDRESS + 1)),), ProblemKind.ADDRESS_INVALID),
        ((Address("x" * 31, "li"),), ProblemKind.ADDRESS_INVALID),
        ((MAIL, replace(SMS, channel="邮件")), ProblemKind.ADDRESS_TWICE),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_nothing_is_kept(
    engine: Engine, addresses: tuple[Address, ...], kind: ProblemKind
) -> None:
    with pytest.raises(Problem) as error, writing(engine) as session:
        add(session, addresses=addresses)
    assert refused(kind, error)
    with reading(engine) as session:
        assert contacts.everybody(session, PLAN) == ()


def test_nobody_is_twice_in_one_post_but_may_hold_two(engine: Engine) -> None:
    with writing(engine) as session:
        add(session)
        add(session, unit="西河街道")
    with pytest.raises(Problem) as error, writing(engine) as session:
        add(session, name="李 明")
    assert refused(ProblemKind.CONTACT_TAKEN, error)


def test_a_liaison_changes_their_own_addresses_and_nobody_elses(engine: Engine) -> None:
    with writing(engine) as session:
        li = account(session, "liming", Grant(Role.LIAISON, cast.TOWN))
        wang = account(session, "wangfang", Grant(Role.LIAISON, cast.EDUCATION))
        made = add(session, login="LiMing")
        changed = contacts.change_own(session, PLAN, made.number, li, [SMS], at=AT)
        assert contacts.of_account(session, PLAN, li.id) == (changed,)
    assert changed.addresses == (SMS,)
    with pytest.raises(Problem) as error, writing(engine) as session:
        contacts.change_own(session, PLAN, made.number, wang, [MAIL], at=AT)
    assert refused(ProblemKind.CONTACT_UNKNOWN, error)


def test_an_account_of_another_unit_or_none_is_not_a_contacts(engine: Engine) -> None:
    with writing(engine) as session:
        account(session, "wangfang", Grant(Role.LIAISON, cast.EDUCATION))
    for login in ("wangfang", "nobody"):
        with pytest.raises(Problem) as error, writing(engine) as session:
            add(session, login=login)
        assert refused(ProblemKind.CONTACT_ACCOUNT, error)


def test_the_office_cannot_put_an_address_beside_an_account_above_it(engine: Engine) -> None:
    with writing(engine) as session:
        office = account(session, "chenjing", Grant(Role.OFFICE))
        other = account(session, "zhaoqiang", Grant(Role.OFFICE))
        admin = account(session, "admin", Grant(Role.ADMINISTRATOR))
        own = add(session, unit="", post=Post.OFFICE, login="chenjing", acting=office)
        his = add(session, unit="", post=Post.OFFICE, name="赵强", login="zhaoqiang", acting=admin)
    for login in ("admin", "zhaoqiang"):
        with pytest.raises(Problem) as error, writing(engine) as session:
            add(session, unit="", post=Post.OFFICE_DIRECTOR, login=login, acting=office)
        assert refused(ProblemKind.CONTACT_ACCOUNT, error)

    def take_over(session: Session, number: int, acting: Account) -> None:
        contacts.change(
            session, PLAN, number, name="赵强", addresses=[MAIL], by=acting.name, at=AT, acting=acting
        )

    for act in (take_over, lambda s, n, a: contacts.forget(s, PLAN, n, by=a.name, at=AT, acting=a)):
        with pytest.raises(Problem) as error, writing(engine) as session:
            act(session, his.number, office)
        assert refused(ProblemKind.CONTACT_ACCOUNT, error)
    with writing(engine) as session:
        take_over(session, his.number, other)
        take_over(session, own.number, admin)


def test_whoever_is_forgotten_leaves_neither_name_nor_address_anywhere(engine: Engine) -> None:
    with writing(engine) as session:
        made = add(session)
        contacts.forget(session, PLAN, made.number, by=cast.ZHAO_QIANG, at=AT)
    with reading(engine) as session:
        row = session.get_one(ContactRow, made.number)
        assert (row.name, row.active, row.account_id, row.post) == ("", False, None, "liaison")
        assert session.scalars(select(ContactAddressRow)).all() == []
        lines = session.scalars(select(AuditLineRow)).all()
        assert contacts.everybody(session, PLAN) == ()
    told = "".join(line.detail + line.subject for line in lines)
    assert [line.action for line in lines] == ["contact-add", "contact-forget"]
    assert not any(word in told for word in (cast.LI_MING, MAIL.address, SMS.address))
    for number in (made.number, 99, 0, 2**70):
        with pytest.raises(Problem) as error, reading(engine) as session:
            contacts.get(session, PLAN, number)
        assert refused(ProblemKind.CONTACT_UNKNOWN, error)


def test_the_posts_that_the_ladder_tells_and_cannot_reach_are_named(engine: Engine) -> None:
    with reading(engine) as session:
        none = missing(session, PLAN)
    assert {(one.unit, one.post) for one in none} == set(EVERYBODY)
    numbers = register(engine, PLAN, *EVERYBODY)
    with writing(engine) as session:
        assert missing(session, PLAN) == ()
        gone = contacts.get(session, PLAN, numbers[-1])
        contacts.change(
            session,
            PLAN,
            gone.number,
            name=gone.name,
            addresses=gone.addresses,
            active=False,
            by="赵强",
            at=AT,
        )
        (left,) = missing(session, PLAN)
    assert (left.post, left.unit) == (Post.OFFICE_DIRECTOR, "")
