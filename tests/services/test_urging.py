"""Urging by hand: with a reason, only where something is owed, once a day, and to the unit's own people."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from domain.messages import Post
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from models.messages import MessageRow
from models.tables import WorkItemRow
from services import audit
from services.intake import submit
from services.review import accept, send_back
from services.urging import MOST, Urged, urge, urges_of
from tests import cast
from tests.services.contacts_in_store import add_contact, content, messages

AT = cast.moment("2025-04-02 09:00")
WHY = "季度走访情况已逾期，请今天报送"
STREETS = cast.item_key("home-visits", cast.STREET, "2025Q1")


def number(engine: Engine, key: str) -> int:
    with reading(engine) as session:
        found = session.scalar(select(col(WorkItemRow.id)).where(col(WorkItemRow.key) == key))
    assert found is not None
    return found


def press(engine: Engine, keys: Collection[str] = (cast.VISIT_Q1,), **how: Any) -> Urged:
    wanted: dict[str, Any] = {"reason": WHY, "by": cast.ZHAO_QIANG, "at": AT, "calendar": cast.calendar()}
    items = [number(engine, key) for key in keys]
    with writing(engine) as session:
        return urge(session, cast.small_plan(), items, **(wanted | how))


def refused(engine: Engine, **how: Any) -> ProblemKind:
    with pytest.raises(Problem) as refusal:
        press(engine, **how)
    return refusal.value.kind


def test_an_urging_goes_to_the_units_liaison_by_the_first_channel_and_is_kept(opened: Engine) -> None:
    li = add_contact(opened, cast.TOWN, Post.LIAISON, cast.LI_MING, "mail", "sms")
    add_contact(opened, cast.TOWN, Post.UNIT_LEADER, "林强", "sms")
    add_contact(opened, cast.TOWN, Post.LIAISON, "离任者", "mail", active=False)
    add_contact(opened, cast.STREET, Post.LIAISON, "孙莉", "mail")
    found = press(opened)
    (one,) = found.urges
    assert (one.reason, one.by, one.at, one.told, one.leader) == (WHY, cast.ZHAO_QIANG, AT, 1, False)
    assert (found.messages, found.unreached, found.refused) == (1, (), ())
    assert messages(opened) == [(li, "mail", "urge", (f"hand/{one.number}",))]
    assert WHY in content(opened)[0]
    with reading(opened) as session:
        assert urges_of(session, [one.item]) == {one.item: [one]}
        (line,) = audit.lines_of(session, cast.VISIT_Q1, last=1)
        assert (line.actor, line.action) == (cast.ZHAO_QIANG, "urge")
        assert audit.verify(session).intact
        assert WHY not in line.detail


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        ("2025-04-02 09:00", "2025-04-02 09:00"),
        ("2025-04-02 22:10", "2025-04-03 08:30"),
        ("2025-04-05 10:00", "2025-04-07 08:30"),  # a Saturday
        ("2025-04-27 10:00", "2025-04-27 10:00"),  # a make-up Sunday
    ],
)
def test_what_is_urged_out_of_hours_is_told_when_work_begins(opened: Engine, at: str, sent: str) -> None:
    add_contact(opened, cast.TOWN, Post.LIAISON, cast.LI_MING, "mail")
    press(opened, at=cast.moment(at))
    with reading(opened) as session:
        assert session.scalar(select(col(MessageRow.next_at))) == cast.moment(sent)


def test_the_units_leader_is_told_where_that_is_asked_for(opened: Engine) -> None:
    li = add_contact(opened, cast.TOWN, Post.LIAISON, cast.LI_MING, "mail")
    lin = add_contact(opened, cast.TOWN, Post.UNIT_LEADER, "林强", "sms")
    assert press(opened, leader=True).urges[0].told == 2
    assert [(one, channel) for one, channel, _, _ in messages(opened)] == [(li, "mail"), (lin, "sms")]


def test_several_items_make_one_message_for_each_unit(opened: Engine) -> None:
    li = add_contact(opened, cast.TOWN, Post.LIAISON, cast.LI_MING, "mail")
    sun = add_contact(opened, cast.STREET, Post.LIAISON, "孙莉", "mail")
    keys = [cast.VISIT_Q1, STREETS, cast.VISIT_Q2]
    found = press(opened, keys)
    assert (len(found.urges), found.messages) == (3, 2)
    rungs = {contact: told for contact, _, _, told in messages(opened)}
    own = {one.item: f"hand/{one.number}" for one in found.urges}
    assert rungs[li] == (own[number(opened, cast.VISIT_Q1)], own[number(opened, cast.VISIT_Q2)])
    assert rungs[sun] == (own[number(opened, STREETS)],)


def test_a_unit_in_which_nobody_can_be_told_is_named_and_urged_all_the_same(opened: Engine) -> None:
    add_contact(opened, cast.TOWN, Post.LIAISON, cast.LI_MING)  # without an address
    found = press(opened)
    assert (found.urges[0].told, found.messages, found.unreached) == (0, 0, ("东山镇",))


@pytest.mark.parametrize("state", ["to-review", "finished"])
def test_where_nothing_is_owed_nobody_is_urged(opened: Engine, state: str) -> None:
    plan = cast.small_plan()
    with writing(opened) as session:
        submit(session, plan, [cast.visits()], unit=cast.TOWN, by=cast.LI_MING, at=AT, door="page")
        if state == "finished":
            accept(session, plan, cast.VISIT_Q1, version=1, reviewer=cast.ZHAO_QIANG, at=AT)
    assert refused(opened) is ProblemKind.URGE_NOTHING


def test_what_was_sent_back_is_owed_again(opened: Engine) -> None:
    plan = cast.small_plan()
    with writing(opened) as session:
        submit(session, plan, [cast.visits()], unit=cast.TOWN, by=cast.LI_MING, at=AT, door="page")
        how: dict[str, Any] = {"version": 1, "reviewer": cast.ZHAO_QIANG, "at": AT}
        send_back(session, plan, cast.VISIT_Q1, reason="请补充", **how)
    assert len(press(opened).urges) == 1


def test_an_item_is_urged_once_a_day_and_again_the_next(opened: Engine) -> None:
    press(opened)
    assert refused(opened, by=cast.CHEN_JING) is ProblemKind.URGE_AGAIN
    last = cast.moment("2025-04-02 23:59")
    assert refused(opened, at=last) is ProblemKind.URGE_AGAIN
    press(opened, at=cast.moment("2025-04-03 00:00"))
    with reading(opened) as session:
        (own,) = urges_of(session, [number(opened, cast.VISIT_Q1)]).values()
    assert [str(one.day) for one in own] == ["2025-04-03", "2025-04-02"]


def test_of_several_those_that_cannot_be_urged_are_told_and_the_others_are(opened: Engine) -> None:
    press(opened)
    found = press(opened, [cast.VISIT_Q1, STREETS])
    assert [one.item for one in found.urges] == [number(opened, STREETS)]
    assert [one.kind for one in found.refused] == [ProblemKind.URGE_AGAIN]


def test_two_who_urge_at_once_urge_once(opened: Engine) -> None:
    def one(name: str) -> str:
        try:
            press(opened, by=name)
        except Problem as problem:
            return problem.kind.name
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, [cast.ZHAO_QIANG, cast.CHEN_JING])) == ["", "URGE_AGAIN"]


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ({"reason": "  "}, ProblemKind.URGE_REASON),
        ({"reason": "快报"}, ProblemKind.URGE_REASON),
        ({"reason": "请核对11010519491231002X一户"}, ProblemKind.CHILD_DATA),
        ({"by": " "}, ProblemKind.PERSON_MISSING),
        ({"keys": ()}, ProblemKind.URGE_NOBODY),
    ],
)
def test_what_is_not_to_be_is_refused(opened: Engine, how: dict[str, Any], kind: ProblemKind) -> None:
    assert refused(opened, **how) is kind
    assert messages(opened) == []


def test_an_item_that_is_not_there_is_refused_and_too_many_are(opened: Engine) -> None:
    how: dict[str, Any] = {"reason": WHY, "by": cast.ZHAO_QIANG, "at": AT, "calendar": cast.calendar()}
    for items, kind in (
        ([999_999], ProblemKind.ITEM_UNKNOWN),
        (range(1, MOST + 2), ProblemKind.URGE_NOBODY),
    ):
        with pytest.raises(Problem) as refusal, writing(opened) as session:
            urge(session, cast.small_plan(), items, **how)
        assert refusal.value.kind is kind
