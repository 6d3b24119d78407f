"""An item waits for the right occurrence of what it rests on, and says for whom."""

from collections.abc import Collection
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.duties import Occurrence, occurrences
from domain.plan import Plan
from domain.waiting import Term, Wait, awaited, owing, quoted, terms, unit_names, waiting, waits
from services.places import shipped_plan
from services.plans import load_plan
from services.workcalendar import work_calendar
from tests import cast
from tests.domain.happenings import day, facts, items, version

Owed = dict[tuple[str, str], Collection[str]]


@cache
def plan() -> Plan:
    """The shipped plan, whose third quarter every test looks at."""
    return load_plan(shipped_plan())


def all_occurrences(duty: str) -> list[Occurrence]:
    found = plan().duties_by_id[duty]
    return [o for year in plan().years for o in occurrences(plan(), found, year, work_calendar())]


def occurrence(duty: str, period: str) -> Occurrence:
    return next(o for o in all_occurrences(duty) if o.period == period)


def others(duty: str, owed: Owed) -> dict[str, tuple[Term, ...]]:
    needed = awaited(plan(), [plan().duties_by_id[duty]])
    return {other.id: terms(plan(), other, all_occurrences(other.id), owed) for other in needed}


def waits_of(duty: str, unit: str, period: str, as_of: str, owed: Owed) -> tuple[Wait, ...]:
    own = plan().duties_by_id[duty]
    return waits(own, unit, occurrence(duty, period), others(duty, owed), day(as_of))


def finished(*done: str) -> Owed:
    """Every occurrence of these duties is finished by everybody."""
    return {(duty, o.period): () for duty in done for o in all_occurrences(duty)}


def test_the_systems_update_waits_for_the_town_that_has_not_checked_its_ledger() -> None:
    (wait,) = waits_of(
        "system-update", "civil-affairs", "2025Q3", "2025-09-20", {("ledger-update", "2025Q3"): ["shanmen"]}
    )
    assert wait.words(plan()) == (
        "等待山门镇完成2025年第三季度“核实台账变动”（系统按各乡镇街道核实的变动更新）"
    )


def test_it_waits_no_longer_once_every_town_is_through() -> None:
    assert waits_of("system-update", "civil-affairs", "2025Q3", "2025-09-20", finished("ledger-update")) == ()


def test_the_same_period_is_waited_for_and_no_other() -> None:
    owed = finished("ledger-update") | {("ledger-update", "2025Q2"): ["shanmen"]}
    assert waits_of("system-update", "civil-affairs", "2025Q3", "2025-09-20", owed) == ()


def test_each_unit_waits_for_its_own_census_only() -> None:
    owed: Owed = {("census", "once"): ["yehe"]}
    assert waits_of("archives-setup", "shanmen", "once", "2024-06-01", owed) == ()
    (wait,) = waits_of("archives-setup", "yehe", "once", "2024-06-01", owed)
    assert wait.units == ("yehe",)


@pytest.mark.parametrize(
    ("as_of", "period"),
    [
        ("2025-07-10", "2025Q2"),  # the second quarter is over, the third is not
        ("2025-09-30", "2025Q2"),  # the last day in time is not over yet
        ("2025-10-01", "2025Q3"),
        ("2026-03-01", "2025Q3"),  # never one that falls due after the item itself
    ],
)
def test_the_latest_is_the_last_whose_term_is_over(as_of: str, period: str) -> None:
    owed = finished("data-exchange")
    (wait,) = waits_of("data-comparison", "civil-affairs", "2025Q3", as_of, owed)
    assert (wait.after.duty, wait.occurrence.period) == ("system-update", period)


def test_while_none_is_over_the_first_one_is_waited_for() -> None:
    owed = finished("data-exchange")
    (wait,) = waits_of("data-comparison", "civil-affairs", "2024Q2", "2024-05-10", owed)
    assert wait.occurrence.period == "2024Q2"


def test_a_newer_one_that_is_finished_early_serves_as_well() -> None:
    owed = finished("data-exchange") | {("system-update", "2025Q3"): ()}
    assert waits_of("data-comparison", "civil-affairs", "2025Q3", "2025-09-20", owed) == ()


def test_nothing_is_waited_for_that_falls_due_later() -> None:
    assert waits_of("hazard-checks", "education", "2024H1", "2024-06-01", {}) == ()
    assert len(waits_of("hazard-checks", "education", "2025H1", "2025-06-01", {})) == 1


def test_all_units_that_wait_for_the_same_are_told_in_one_sentence() -> None:
    duty = plan().duties_by_id["archives-setup"]
    held = others("archives-setup", {("census", "once"): ["yehe", "shiling"]})
    towns = ["shanmen", "yehe", "shiling"]
    (one,) = waiting(duty, occurrence("archives-setup", "once"), towns, held, day("2024-06-01"))
    assert one.words(plan()) == (
        "叶赫满族镇、石岭镇的2024年（一次性）“建立档案”等待本单位先完成2024年（一次性）“全面摸底排查”（先摸底，再建档）"
    )


@given(
    towns=st.sets(st.sampled_from(("shanmen", "yehe", "shiling")), min_size=1),
    owed=st.sets(st.sampled_from(("shanmen", "yehe", "shiling"))),
)
def test_what_is_told_for_all_is_what_each_is_told(towns: set[str], owed: set[str]) -> None:
    duty = plan().duties_by_id["archives-setup"]
    own = occurrence("archives-setup", "once")
    held = others("archives-setup", {("census", "once"): sorted(owed)})
    together = waiting(duty, own, sorted(towns), held, day("2024-06-01"))
    assert {unit for one in together for unit in one.units} == {
        unit for unit in towns if waits(duty, unit, own, held, day("2024-06-01"))
    }


def test_many_names_are_cut_short_and_counted() -> None:
    units = [unit.id for unit in plan().units]
    assert unit_names(plan(), units) == "公安局铁东分局、区检察院、区法院、团区委、区妇联等29个单位"
    assert unit_names(plan(), ["shanmen", "yehe"]) == "山门镇、叶赫满族镇"


def test_quotation_marks_within_a_title_become_single_ones() -> None:
    assert quoted("“六一儿童节”普法") == "“‘六一儿童节’普法”"


def test_owing_is_whoever_was_not_through_at_the_end_of_the_day() -> None:
    small = items(cast.small_plan(), 2025, cast.calendar())
    found = [
        facts(small["census/town/once"], version("2025-06-20", accepted="2025-06-25")),
        facts(small["census/street/once"], version("2025-06-20")),
        facts(small["home-visits/town/2025Q3"]),
    ]
    assert owing(found, date(2025, 6, 24)) == {("census", "once"): ("town", "street")}
    assert owing(found, date(2025, 6, 25)) == {("census", "once"): ("street",)}
    assert owing(found[:1], date(2025, 6, 25)) == {("census", "once"): ()}
