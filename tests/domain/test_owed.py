"""Who is told of which item on a day: each rung once, the highest only, and whoever holds an item up in its unit's place."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ladder import Pause, day_of
from domain.messages import Post
from domain.owed import Hold, OpenItem, Telling, owed, rungs_of
from domain.plan import Plan
from domain.since import Since
from domain.status import Stage
from tests import cast
from tests.ladders import ladder_plan

CALENDAR = cast.calendar()
SINCE = Since(date(2025, 1, 1), {}, {})
MARCH = date(2025, 3, 31)  # a Monday
VISITS = OpenItem(cast.VISIT_Q1, "home-visits", cast.TOWN, "2025Q1", MARCH, Stage.OPEN)
ITEMS = (
    VISITS,
    replace(VISITS, key="b", unit=cast.STREET),
    OpenItem("c", "meetings", cast.CIVIL, "2025-03", MARCH, Stage.RETURNED),
    OpenItem("d", "annual-report", cast.STREET, "2025", date(2025, 4, 6), Stage.OPEN),
    OpenItem("e", "census", cast.TOWN, "once", date(2025, 4, 2), Stage.TO_REVIEW),
)
DAYS = [date(2025, 3, 20) + timedelta(days=n) for n in range(35)]


@cache
def plan() -> Plan:
    return ladder_plan()


def told_on(
    as_of: date,
    told: Sequence[Telling] = (),
    items: Sequence[OpenItem] = ITEMS,
    holds: Sequence[Hold] = (),
    since: Since = SINCE,
    pauses: Sequence[Pause] = (),
) -> tuple[Telling, ...]:
    return owed(
        plan(),
        items,
        told,
        as_of=as_of,
        calendar=CALENDAR,
        since=since,
        holds=holds,
        pauses=pauses,
    )


def run(days: Sequence[date], items: Sequence[OpenItem] = ITEMS) -> list[Telling]:
    """Everything told by runs on these days, in their order."""
    told: list[Telling] = []
    for day in days:
        told += told_on(day, told, items)
    return told


def key(one: Telling) -> tuple[str, date, str, Post, str]:
    return one.item, one.due, one.rung, one.post, one.unit


def test_an_item_is_led_up_to_urged_and_escalated_on_its_days() -> None:
    found = [
        (day, one.rung, one.post)
        for day in DAYS
        for one in told_on(day, run([d for d in DAYS if d < day]), [VISITS])
    ]
    assert found == [
        (date(2025, 3, 26), "soon", Post.LIAISON),
        (date(2025, 3, 31), "now", Post.LIAISON),
        (date(2025, 4, 2), "late", Post.LIAISON),
        (date(2025, 4, 2), "late", Post.UNIT_LEADER),
        (date(2025, 4, 8), "told-director", Post.LIAISON),
        (date(2025, 4, 8), "told-director", Post.OFFICE_DIRECTOR),
    ]


def test_only_who_owes_is_told() -> None:
    for stage in Stage:
        found = told_on(date(2025, 4, 2), items=[replace(VISITS, stage=stage)])
        assert bool(found) == (stage in {Stage.OPEN, Stage.RETURNED})


def test_a_granted_extension_moves_the_whole_ladder() -> None:
    before = run([d for d in DAYS if d <= date(2025, 3, 31)], [VISITS])
    extended = replace(VISITS, due=date(2025, 4, 18))
    assert [one.rung for one in before] == ["soon", "now"]
    assert told_on(date(2025, 4, 2), before, [extended]) == ()
    (again,) = told_on(date(2025, 4, 15), before, [extended])
    assert (again.rung, again.due) == ("soon", date(2025, 4, 18))


def test_of_several_missed_rungs_only_the_highest_is_told_and_the_lower_ones_never_after() -> None:
    first = told_on(date(2025, 4, 9), items=[VISITS])
    assert {one.rung for one in first} == {"told-director"}
    assert run([date(2025, 4, 9), *DAYS], [VISITS]) == list(first)


def test_a_clock_put_back_tells_nothing_again() -> None:
    told = run(DAYS)
    for day in reversed(DAYS):
        assert told_on(day, told) == ()


def test_what_was_over_before_it_could_be_demanded_reminds_nobody() -> None:
    joined = Since(date(2025, 1, 1), {cast.TOWN: date(2025, 4, 1)}, {})
    assert told_on(date(2025, 4, 9), items=[VISITS], since=joined) == ()
    assert told_on(date(2025, 4, 9), items=[replace(VISITS, due=date(2025, 4, 1))], since=joined)


def test_whoever_holds_an_item_up_is_told_of_its_own_in_the_units_place() -> None:
    hold = Hold(("meetings", "2025-03"), ("home-visits", "2025Q1"), "例会要用走访情况")
    street_is_through = (VISITS, replace(ITEMS[1], stage=Stage.FINISHED), ITEMS[2])
    found = told_on(date(2025, 4, 8), items=street_is_through, holds=[hold])
    of_meetings = {key(one) for one in found if one.waits or one.item == "c"}
    assert of_meetings == {
        ("c", MARCH, "told-director", Post.OFFICE_DIRECTOR, ""),
    }
    assert (VISITS.key, MARCH, "told-director", Post.LIAISON, cast.TOWN) in {key(one) for one in found}
    assert not any(one.unit == cast.CIVIL for one in found)


def test_what_waits_later_than_its_holder_is_due_tells_the_holder_anew() -> None:
    april = OpenItem("f", "meetings", cast.CIVIL, "2025-04", date(2025, 4, 30), Stage.OPEN)
    hold = Hold(("meetings", "2025-04"), ("home-visits", "2025Q1"), "例会要用走访情况")
    told = run(DAYS, [VISITS])
    (found,) = told_on(date(2025, 4, 30), told, [VISITS, april], holds=[hold])
    assert key(found) == (VISITS.key, date(2025, 4, 30), "now", Post.LIAISON, cast.TOWN)
    assert found.waits == ("meetings", "2025-04")


def test_a_pause_is_silent_and_the_highest_rung_comes_after_it() -> None:
    pause = Pause(first=date(2025, 3, 24), last=date(2025, 4, 1), reason="防汛", units=("东山镇",))
    told: list[Telling] = []
    for day in DAYS:
        found = told_on(day, told, [VISITS], pauses=[pause])
        assert not (found and pause.first <= day <= pause.last)
        told += found
    assert [one.rung for one in told] == ["late", "late", "told-director", "told-director"]


def test_a_pause_of_a_duty_leaves_others_alone() -> None:
    pause = Pause(first=MARCH, last=MARCH, reason="统一调整", duties=("home-visits",))
    assert {one.item for one in told_on(MARCH, pauses=[pause])} == {"c"}
    everything = Pause(first=MARCH, last=MARCH, reason="统一调整")
    assert told_on(MARCH, pauses=[everything]) == ()
    pair = Pause(first=MARCH, last=MARCH, reason="x", duties=("home-visits",), units=("东山镇",))
    assert {one.item for one in told_on(MARCH, pauses=[pair])} == {"b", "c"}


dates = st.lists(st.sampled_from(DAYS), max_size=12)


@given(dates)
def test_each_rung_is_told_once_to_each_whichever_runs_come_or_come_again(days: list[date]) -> None:
    told = run(days)
    assert len({key(one) for one in told}) == len(told)


@given(dates)
def test_no_lower_rung_is_told_after_a_higher_one(days: list[date]) -> None:
    ranks = {rung.id: rung.workdays for duty in plan().duties for rung in rungs_of(plan(), duty.id)}
    highest: dict[tuple[str, date], int] = {}
    for one in run(days):
        before = highest.get((one.item, one.due), ranks[one.rung])
        assert ranks[one.rung] >= before
        highest[one.item, one.due] = ranks[one.rung]


@given(dates, st.sampled_from([day for day in DAYS if CALENDAR.is_workday(day)]))
def test_missed_runs_lose_nothing(days: list[date], last: date) -> None:
    told = run([*(day for day in days if day <= last), last])
    for item in ITEMS:
        if item.stage in {Stage.OPEN, Stage.RETURNED}:
            due = [r.id for r in rungs_of(plan(), item.duty) if day_of(r, item.due, CALENDAR) <= last]
            heard = {one.rung for one in told if one.item == item.key}
            assert not due or due[-1] in heard


@given(dates, st.sampled_from(DAYS), st.integers(1, 20))
def test_from_a_grant_on_the_whole_ladder_has_moved_with_the_day(
    days: list[date], granted: date, later: int
) -> None:
    until = MARCH + timedelta(days=later)
    before = run([day for day in days if day < granted], [VISITS])
    told = list(before)
    for day in sorted(day for day in days if day >= granted):
        told += told_on(day, told, [replace(VISITS, due=until)])
    after = told[len(before) :]
    assert all(one.due == until for one in after)
    assert after == run(sorted(day for day in days if day >= granted), [replace(VISITS, due=until)])


@settings(max_examples=50)
@given(st.permutations([day for day in DAYS if CALENDAR.is_workday(day)][:9]))
def test_in_whichever_order_runs_come_they_end_with_the_same_rung_told(days: list[date]) -> None:
    ranks = {rung.id: rung.workdays for duty in plan().duties for rung in rungs_of(plan(), duty.id)}

    def ends(told: Sequence[Telling]) -> dict[tuple[str, date], int]:
        found: dict[tuple[str, date], int] = {}
        for one in told:
            found[one.item, one.due] = max(ranks[one.rung], found.get((one.item, one.due), -99))
        return found

    assert ends(run(days)) == ends(run(sorted(days)))


@given(st.sampled_from(DAYS), st.sampled_from([s for s in Stage if s not in {Stage.OPEN, Stage.RETURNED}]))
def test_nothing_is_told_of_what_is_handed_in(day: date, stage: Stage) -> None:
    assert told_on(day, items=[replace(item, stage=stage) for item in ITEMS]) == ()
