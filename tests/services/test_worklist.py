"""Lists show what they are asked for, in their order and by pages, and agree with what facts say item by item."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from domain.facts import ItemFacts
from domain.piles import PILE_NAMES, Pile
from domain.plan import Plan
from domain.status import Light, stage
from models.engine import reading
from services.facts import item_facts
from services.history import history
from services.reckoning import all_progress, item_waits
from services.unit_desk import unit_desk
from services.worklist import Filters, Order, Page, work_list
from tests import cast
from tests.services.eventful import fill
from tests.services.from_facts import Reckoned, every_fact
from tests.services.test_gates import hand_in_the_census
from tests.statements import asked

PLAN = cast.small_plan()
DAYS = [date(2025, 1, 1) + timedelta(days=23 * n) for n in range(17)]
AUTUMN = date(2025, 10, 9)


def shown(
    engine: Engine, filters: Filters, *, number: int = 1, size: int = 1000, order: Order = Order.DUE
) -> Page:
    with reading(engine) as session:
        return work_list(
            session, PLAN, AUTUMN, cast.calendar(), filters, number=number, size=size, order=order
        )


def facts(engine: Engine) -> list[ItemFacts]:
    with reading(engine) as session:
        return Reckoned(PLAN, every_fact(session, PLAN), AUTUMN).facts


def keys(page: Page) -> set[str]:
    assert len(page.lines) == page.total
    return {line.key for line in page.lines}


def test_every_pile_holds_on_every_day_what_facts_say(eventful: Engine) -> None:
    with reading(eventful) as session:
        every = every_fact(session, PLAN)
        for day in DAYS:
            exact = Reckoned(PLAN, every, day)
            for pile in Pile:
                found = work_list(session, PLAN, day, cast.calendar(), Filters(pile=pile), size=1000)
                assert [line.key for line in found.lines] == [f.item.key for f in exact.on(pile)], (day, pile)
                assert found.total == len(found.lines)


def test_every_light_finds_its_items_on_every_day_and_each_line_tells_what_facts_do(eventful: Engine) -> None:
    with reading(eventful) as session:
        every = every_fact(session, PLAN)
        for day in DAYS:
            exact = Reckoned(PLAN, every, day)
            by_key = {f.item.key: f for f in exact.facts}
            lit = [
                line
                for light in Light
                for line in work_list(
                    session, PLAN, day, cast.calendar(), Filters(light=light), size=1000
                ).lines
            ]
            assert {line.key for line in lit} == by_key.keys()
            assert len(lit) == len(by_key)
            for line in lit:
                one = by_key[line.key]
                counts = one.counting
                assert (line.light, line.stage) == (exact.light(one), stage(one))
                assert line.returns == one.times_returned
                assert line.version == (counts.version if counts else None)
                assert line.submitted_at == (counts.at if counts else None)
                assert line.state == (counts.state if counts else None)
                assert line.reason == (
                    counts.review.reason if counts and counts.returned and counts.review else ""
                )


def test_filters_are_joined(eventful: Engine) -> None:
    every = facts(eventful)
    for filters, holds in (
        (Filters(units=(cast.TOWN,)), lambda i: i.unit == cast.TOWN),
        (Filters(measures=(1,)), lambda i: i.measure == 1),
        (Filters(measures=(2, None)), lambda i: i.measure in (2, None)),
        (Filters(duties=("meetings",)), lambda i: i.duty == "meetings"),
        (Filters(year=2026), lambda i: i.year == 2026),
        (Filters(period="2025Q2"), lambda i: i.occurrence.period == "2025Q2"),
        (Filters(units=(cast.TOWN,), measures=(1,)), lambda i: i.unit == cast.TOWN and i.measure == 1),
        (Filters(text="东山"), lambda i: i.unit == cast.TOWN),
        (Filters(text=" 例会 "), lambda i: i.duty == "meetings"),
        (Filters(text="没有的"), lambda _: False),
    ):
        assert keys(shown(eventful, filters)) == {f.item.key for f in every if holds(f.item)}, filters


def test_a_pile_and_a_light_that_share_nothing_show_nothing(eventful: Engine) -> None:
    assert shown(eventful, Filters(pile=Pile.FINISHED, light=Light.RED)).total == 0
    red = keys(shown(eventful, Filters(light=Light.RED)))
    assert keys(shown(eventful, Filters(light=Light.RED, pile=Pile.OWED))) == red != set()


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("filters", [Filters(), Filters(pile=Pile.OWED), Filters(pile=Pile.TO_REVIEW)])
def test_pages_follow_one_another_without_gap_or_repetition(
    eventful: Engine, order: Order, filters: Filters
) -> None:
    whole = shown(eventful, filters, order=order)
    pages = [shown(eventful, filters, order=order, number=n + 1, size=3) for n in range(-(-whole.total // 3))]
    assert [line for page in pages for line in page.lines] == list(whole.lines)
    assert {page.total for page in pages} == {whole.total}
    assert pages[0].pages == len(pages)
    assert shown(eventful, filters, order=order, number=len(pages) + 1, size=3).lines == ()


def test_what_waits_longest_for_the_office_comes_first_where_it_is_asked_for(eventful: Engine) -> None:
    with reading(eventful) as session:
        found = work_list(
            session,
            PLAN,
            AUTUMN,
            cast.calendar(),
            Filters(pile=Pile.TO_REVIEW),
            order=Order.SUBMITTED,
            descending=True,
        )
    moments = [line.submitted_at for line in found.lines if line.submitted_at]
    assert len(moments) > 2
    assert moments == sorted(moments, reverse=True)


def test_a_list_costs_four_questions_whatever_it_shows(eventful: Engine) -> None:
    shown(eventful, Filters())  # what the plan's versions say is read once
    for filters in (Filters(), Filters(pile=Pile.LATE, text="镇", measures=(1, None))):
        assert len(asked(eventful, lambda filters=filters: shown(eventful, filters))) == 4  # type: ignore[misc]  # mypy knows no defaults here


def test_every_pile_has_a_name() -> None:
    assert set(PILE_NAMES) == set(Pile)


def test_history_tells_each_version_once_newest_first(eventful: Engine) -> None:
    with reading(eventful) as session:
        every = history(session, PLAN, size=1000)
        pages = [history(session, PLAN, size=7, number=n).versions for n in range(1, 60)]
        town = history(session, PLAN, cast.TOWN, size=1000)
        exact = Reckoned(PLAN, every_fact(session, PLAN), date(2026, 12, 31)).facts
    versions = {(f.item.key, s.version): s for f in exact for s in f.submissions}
    assert [v.id for v in every.versions] == sorted((s.id for s in versions.values()), reverse=True)
    assert [v for page in pages for v in page] == list(every.versions)
    assert [v for v in every.versions if v.unit_id == cast.TOWN] == list(town.versions) != []
    for told in every.versions:
        sent = versions[told.key, told.version]
        assert (told.at, told.by, told.state) == (sent.at, sent.by, sent.state)
        assert told.verdict == (sent.review.verdict if sent.review else None)
        assert told.newest == ((told.key, told.version + 1) not in versions)
    assert not every.more


def test_a_unit_is_told_what_each_of_its_items_waits_for(engine: Engine) -> None:
    content = cast.plan_content()
    reason = {"duty": "census", "because": "先摸底"}
    for duty in content["duties"]:
        if duty["id"] == "home-visits":
            duty["after"] = [reason | {"scope": "same-unit"}]
        if duty["id"] == "meetings":
            duty["after"] = [reason | {"scope": "all-units"}]
    plan = Plan.model_validate(content)
    fill(engine, plan, date(2025, 7, 1))

    def waits(unit: str, key: str) -> list[tuple[str, ...]]:
        with reading(engine) as session:
            found = unit_desk(session, plan, unit, date(2025, 7, 3), cast.calendar()).waits
            facts = item_facts(session, plan, key)
            assert facts is not None
            one = item_waits(session, plan, facts, date(2025, 7, 3), cast.calendar())
            told = {
                w.units
                for p in all_progress(session, plan, date(2025, 7, 3), cast.calendar())
                for w in p.waiting
            }
        own = [wait.units for wait in found.get(key, ())]
        assert own == [wait.units for wait in one]
        assert not own or any(unit in units for units in told)
        return own

    june = cast.item_key("meetings", cast.CIVIL, "2025-06")
    assert waits(cast.TOWN, cast.VISIT_Q2) == [(cast.TOWN,)]
    assert waits(cast.TOWN, cast.VISIT_Q1) == []  # the census is due later than that
    assert waits(cast.CIVIL, june) == [plan.duty_units(plan.duties_by_id["census"])]
    assert waits(cast.EDUCATION, cast.SCHOOL) == []
    hand_in_the_census(engine)
    assert waits(cast.TOWN, cast.VISIT_Q2) == waits(cast.CIVIL, june) == []
