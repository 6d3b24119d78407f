"""What the ladder owes comes into the ledger once, found by the set as the rule says, whoever runs it and how often."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from domain.duties import occurrences
from domain.messages import MessageKind, Post
from domain.owed import Hold, OpenItem, Telling, holds, owed
from domain.plan import Plan
from domain.status import stage
from domain.waiting import awaited, owing, terms
from models.engine import make_engine, reading, writing
from models.messages import ContactRow, MessageEventRow, MessageItemRow, MessageRow
from models.tables import AuditLineRow, WorkItemRow
from services import contacts
from services.addresses import Address
from services.enqueue import enqueue
from services.extensions import ask, grant
from services.facts import year_facts
from services.intake import submit
from services.pauses import pause
from services.plan_versions import demanded_since
from services.reach import missing
from services.reminding import Planned, digests, plan_messages
from tests import cast
from tests.ladders import EVERYBODY, ladder_plan, put_in_force, register
from tests.services.eventful import live_through

PLAN = ladder_plan()
CALENDAR = cast.calendar()
MARCH = date(2025, 3, 31)


def remind(engine: Engine, as_of: date, plan: Plan = PLAN, at: datetime | None = None) -> Planned:
    at = at or cast.moment(f"{as_of} 06:00")
    return plan_messages(engine, plan, as_of=as_of, calendar=CALENDAR, at=at, by="系统")


def told(session: Session) -> Iterator[tuple[str, date, str, Post, str]]:
    """Everything in the ledger, as the rule has it."""
    rows = (
        select(MessageItemRow, WorkItemRow.key, ContactRow.post, ContactRow.unit)  # type: ignore[call-overload]  # SQLModel types columns as values
        .join(WorkItemRow, col(WorkItemRow.id) == col(MessageItemRow.item_id))
        .join(ContactRow, col(ContactRow.id) == col(MessageItemRow.contact_id))
    )
    for row, key, post, unit in session.execute(rows):
        yield key, row.due, row.rung, Post(post), unit


def tellings(engine: Engine) -> set[tuple[str, date, str, Post, str]]:
    with reading(engine) as session:
        return set(told(session))


@pytest.fixture
def office(engine: Engine) -> Engine:
    """The plan in force, and everybody can be reached."""
    put_in_force(engine, PLAN)
    register(engine, PLAN, *EVERYBODY)
    return engine


def by_the_rule(session: Session, as_of: date) -> set[tuple[str, date, str, Post, str]]:
    """What :func:`domain.owed.owed` makes of the store's facts on a day."""
    facts = [f for f in year_facts(session, PLAN, 2025) if f.item.occurrence.opens <= as_of]
    then = [f.as_of(as_of) for f in facts]
    items = [
        OpenItem(f.item.key, f.item.duty, f.item.unit, f.item.occurrence.period, f.item.due, stage(f))
        for f in then
    ]
    before = [Telling(item, due, rung, post, unit) for item, due, rung, post, unit in told(session)]
    found = owed(
        PLAN,
        items,
        before,
        as_of=as_of,
        calendar=CALENDAR,
        since=demanded_since(session, PLAN),
        holds=_holds(session, as_of),
    )
    return {(one.item, one.due, one.rung, one.post, one.unit) for one in found}


def _holds(session: Session, as_of: date) -> tuple[Hold, ...]:
    held = [duty for duty in PLAN.duties if duty.after]
    unfinished = owing(year_facts(session, PLAN, 2025), as_of)
    others = {
        duty.id: terms(PLAN, duty, occurrences(PLAN, duty, 2025, CALENDAR), unfinished)
        for duty in awaited(PLAN, held)
    }
    pairs = [(duty.id, o) for duty in held for o in occurrences(PLAN, duty, 2025, CALENDAR)]
    return holds(PLAN, pairs, others, as_of)


@pytest.mark.parametrize("seed", [3, 8])
def test_the_store_is_asked_by_the_set_what_the_rule_says_of_each_item(engine: Engine, seed: int) -> None:
    live_through(engine, PLAN, seed)
    register(engine, PLAN, *EVERYBODY)
    days = [MARCH + timedelta(days=9 * n + seed) for n in range(0, 30, 2)]
    some = 0
    for as_of in [*days, days[3]]:
        with reading(engine) as session:
            expected, before = by_the_rule(session, as_of), set(told(session))
        remind(engine, as_of)
        assert tellings(engine) - before == expected
        some += len(expected)
    assert some > 10


def test_somebody_with_several_items_gets_one_message_a_day(office: Engine) -> None:
    planned = remind(office, date(2025, 4, 8))
    with reading(office) as session:
        rows = session.scalars(select(MessageRow)).all()
        assert len({row.contact_id for row in rows}) == len(rows) == planned.messages
        director = next(
            r for r in rows if session.get_one(ContactRow, r.contact_id).post == "office-director"
        )
        of_director = select(func.count()).where(col(MessageItemRow.message_id) == director.id)
        assert (session.scalar(of_director) or 0) >= 3
        events = session.scalars(select(MessageEventRow)).all()
        assert {event.state for event in events} == {"planned"}
        assert all(row.kind == MessageKind.LADDER and row.day == date(2025, 4, 8) for row in rows)


def test_running_again_or_with_the_clock_put_back_tells_nothing_twice(office: Engine) -> None:
    remind(office, date(2025, 4, 8))
    before = tellings(office)
    assert remind(office, date(2025, 4, 8)).messages == 0
    assert remind(office, MARCH).messages == 0
    assert tellings(office) == before


def test_two_who_run_at_once_tell_everybody_once(office: Engine) -> None:
    others = [make_engine(office.url.render_as_string(hide_password=False)) for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        done = list(threads.map(lambda one: remind(one, date(2025, 4, 8)).messages, others))
    for one in others:
        one.dispose()
    with reading(office) as session:
        rows = list(told(session))
        assert session.scalar(select(func.count()).select_from(MessageRow)) == sum(done) == max(done)
    assert len(rows) == len(set(rows))


def test_a_day_that_is_not_worked_reminds_nobody(office: Engine) -> None:
    planned = remind(office, date(2025, 4, 6))
    assert (planned.workday, planned.messages) == (False, 0)


def test_messages_wait_for_the_hours_of_the_plan(office: Engine) -> None:
    remind(office, date(2025, 4, 8), at=cast.moment("2025-04-08 19:20"))
    with reading(office) as session:
        moments = {row.next_at for row in session.scalars(select(MessageRow))}
    assert moments == {cast.moment("2025-04-09 08:30")}


def test_what_was_due_before_the_plan_came_into_force_is_made_up_for_in_silence(engine: Engine) -> None:
    put_in_force(engine, PLAN, on="2025-04-02")
    register(engine, PLAN, *EVERYBODY)
    remind(engine, date(2025, 4, 9))
    assert not any(due < date(2025, 4, 2) for _, due, *_ in tellings(engine))
    remind(engine, date(2025, 7, 8))
    assert any(key == cast.VISIT_Q2 for key, *_ in tellings(engine))
    assert not any(key == cast.VISIT_Q1 for key, *_ in tellings(engine))


def test_a_unit_that_joins_later_is_reminded_of_what_falls_due_from_then_on(office: Engine) -> None:
    north = {"id": "north", "name": "北坪街道", "kind": "street", "member": True, "cites": ["一"]}
    larger = ladder_plan((north,))
    put_in_force(office, larger, on="2025-05-06")
    register(office, larger, ("north", Post.LIAISON))
    remind(office, date(2025, 5, 6), larger)
    remind(office, date(2025, 7, 1), larger)
    of_north = {key for key, *_, unit in tellings(office) if unit == "north"}
    assert of_north == {"small/home-visits/north/2025Q2", "small/census/north/once"}


def test_a_granted_extension_moves_the_ladder_and_it_begins_anew(office: Engine) -> None:
    census, due, until = cast.item_key("census", cast.TOWN, "once"), date(2025, 6, 30), date(2025, 7, 18)
    remind(office, date(2025, 6, 25))
    with writing(office) as session:
        at = cast.moment("2025-06-26 09:00")
        reason = "山路断了，等通车后再去排查"
        asked = ask(session, PLAN, census, unit=cast.TOWN, until=until, reason=reason, by=cast.LI_MING, at=at)
        grant(session, PLAN, asked.number, by=cast.ZHAO_QIANG, at=at, calendar=CALENDAR)
    for day in (due, date(2025, 7, 2), date(2025, 7, 15), date(2025, 7, 18)):
        remind(office, day)
    heard = {
        (day, rung) for key, day, rung, _, unit in tellings(office) if (key, unit) == (census, cast.TOWN)
    }
    assert heard == {(due, "soon"), (until, "soon"), (until, "now")}


def test_whoever_holds_up_the_bureaus_meeting_is_told_in_its_place(office: Engine) -> None:
    meeting = cast.item_key("meetings", cast.CIVIL, "2025-04")
    april = date(2025, 4, 30)
    with writing(office) as session:
        submit(
            session,
            PLAN,
            [cast.visits(cast.item_key("home-visits", cast.STREET, "2025Q1"))],
            unit=cast.STREET,
            by="孙丽",
            at=cast.moment("2025-04-01 09:00"),
            door="portal",
        )
    remind(office, april)
    found = tellings(office)
    assert (cast.VISIT_Q1, april, "now", Post.LIAISON, cast.TOWN) in found
    assert not any(key == meeting and unit == cast.CIVIL for key, *_, unit in found)
    assert not any(unit == cast.STREET and due == april for _, due, _, _, unit in found)
    with reading(office) as session:
        town = select(MessageRow).join(ContactRow, col(ContactRow.id) == col(MessageRow.contact_id))
        message = session.scalars(
            town.where(col(ContactRow.unit) == cast.TOWN, col(ContactRow.post) == "liaison")
        ).one()
    assert "2025年4月“每月例会”正在等待贵单位完成2025年第一季度“每季度走访”" in str(message.content)


def test_somebody_without_an_address_is_passed_over_and_told_once_there_is_one(office: Engine) -> None:
    with writing(office) as session:
        town = next(c for c in contacts.everybody(session, PLAN, cast.TOWN) if c.post is Post.LIAISON)
        at = cast.moment("2025-03-01 09:00")
        contacts.change(session, PLAN, town.number, name=town.name, addresses=(), by="赵强", at=at)
        without = missing(session, PLAN)
    assert [(one.unit, one.post) for one in without] == [(cast.TOWN, Post.LIAISON)]
    remind(office, MARCH)
    assert not any(unit == cast.TOWN for *_, unit in tellings(office))
    with writing(office) as session:
        address = [Address("outbox", "town")]
        contacts.change(session, PLAN, town.number, name=town.name, addresses=address, by="赵强", at=at)
    remind(office, MARCH)
    assert any(unit == cast.TOWN for *_, unit in tellings(office))


def test_the_first_address_names_the_channel(office: Engine) -> None:
    with writing(office) as session:
        town = next(c for c in contacts.everybody(session, PLAN, cast.TOWN) if c.post is Post.LIAISON)
        at = cast.moment("2025-03-01 09:00")
        addresses = [Address("短信", "13800000000"), Address("outbox", "town")]
        contacts.change(session, PLAN, town.number, name=town.name, addresses=addresses, by="赵强", at=at)
    remind(office, MARCH)
    with reading(office) as session:
        own = select(MessageRow).where(col(MessageRow.contact_id) == town.number)
        assert session.scalars(own).one().channel == "短信"


def test_whoever_has_had_the_days_messages_is_told_on_the_next_day(engine: Engine) -> None:
    plan = ladder_plan(daily_limit=1)
    put_in_force(engine, plan)
    (town,) = register(engine, plan, (cast.TOWN, Post.LIAISON))
    with writing(engine) as session:
        at = cast.moment("2025-03-31 05:00")
        enqueue(
            session,
            plan,
            kind=MessageKind.URGE,
            subject="urge/1",
            contact=town,
            channel="outbox",
            day=MARCH,
            next_at=at,
            content={"title": "催办", "paragraphs": [], "link": "/"},
            items=(),
            by="赵强",
            at=at,
        )
    planned = remind(engine, MARCH, plan)
    assert (planned.messages, planned.full) == (0, 1)
    assert remind(engine, date(2025, 4, 1), plan).messages == 1


def test_a_pause_of_the_office_silences_a_unit_until_it_is_over(office: Engine) -> None:
    with writing(office) as session:
        pause(
            session,
            PLAN,
            first=date(2025, 3, 20),
            last=MARCH,
            unit="东山镇",
            reason="防汛期间集中力量",
            by="赵强",
            at=cast.moment("2025-03-20 09:00"),
        )
    remind(office, MARCH)
    assert {unit for *_, unit in tellings(office)} >= {cast.STREET}
    assert cast.TOWN not in {unit for *_, unit in tellings(office)}
    remind(office, date(2025, 4, 1))
    assert (cast.VISIT_Q1, MARCH, "now", Post.LIAISON, cast.TOWN) in tellings(office)


def test_a_plan_without_a_ladder_reminds_nobody(opened: Engine) -> None:
    register(opened, cast.small_plan(), *EVERYBODY)
    assert remind(opened, date(2025, 6, 30), cast.small_plan()).messages == 0
    with reading(opened) as session:
        assert missing(session, cast.small_plan()) == ()


def test_planning_is_an_act_in_the_audit_chain_with_counts_only(office: Engine) -> None:
    planned = remind(office, date(2025, 4, 8))
    with reading(office) as session:
        lines = session.scalars(select(AuditLineRow).where(col(AuditLineRow.action) == "remind")).all()
    assert [line.subject for line in lines] == ["small/2025-04-08"]
    assert f'"messages":{planned.messages}' in lines[0].detail


def test_no_message_holds_anything_but_titles_counts_and_periods(office: Engine) -> None:
    with reading(office) as session:
        found = list(
            digests(
                session, PLAN, as_of=date(2025, 4, 8), calendar=CALENDAR, at=cast.moment("2025-04-08 06:00")
            )
        )
    town = next(one for one in found if one.unit == cast.TOWN and one.post is Post.LIAISON)
    assert town.content == {
        "title": "逾期未报，已报告办公室主任：东山镇有 1 项工作待报送",
        "paragraphs": [
            "报告主任：已经逾期，并已报告办公室主任，请立即报送。",
            "2025年3月“每月例会”正在等待贵单位完成2025年第一季度“每季度走访”（例会要用走访情况），请优先办理。",
        ],
        "link": "/units/town",
    }
    director = next(one for one in found if one.post is Post.OFFICE_DIRECTOR)
    assert director.content["title"].endswith("各单位有 5 项工作待报送")
    assert director.content["link"] == "/office/items?pile=late"
