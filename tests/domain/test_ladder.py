"""The ladder's days: working days with 调休 about the last one in time, the highest rung reached, and quiet hours."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.ladder import (
    Colour,
    Hours,
    LadderRules,
    Rung,
    Special,
    day_of,
    first_reached,
    next_moment,
    reaches,
)
from domain.messages import Post
from domain.workdays import BEIJING, Beyond
from services.workcalendar import work_calendar

CALENDAR = work_calendar()


def rung(name: str, workdays: int) -> Rung:
    return Rung(id=name, name=name, workdays=workdays, colour=Colour.RED, to=(Post.LIAISON,), template="due")


RUNGS = tuple(rung(name, days) for name, days in [("a", -5), ("b", 0), ("c", 1), ("d", 5), ("e", 10)])
days = st.dates(date(2024, 3, 1), date(2026, 10, 31))


def on(due: date, as_of: date, rungs: tuple[Rung, ...] = RUNGS) -> str | None:
    """The rung on which an item with a due day stands; None for none."""
    return next((r.rung.id for r in reaches(rungs, as_of, CALENDAR) if r.holds(due)), None)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2025, 9, 23), None),  # 6 working days left, Sunday 28 September among them
        (date(2025, 9, 24), "a"),
        (date(2025, 9, 28), "a"),  # a Sunday that is worked
        (date(2025, 9, 30), "b"),
        (date(2025, 10, 8), None),  # a holiday: nobody is told anything
        (date(2025, 10, 9), "c"),
        (date(2025, 10, 13), "c"),
        (date(2025, 10, 14), "d"),  # 9, 10, 11 (a Saturday that is worked), 13 and 14 are five
        (date(2025, 10, 20), "d"),
        (date(2025, 10, 21), "e"),
        (date(2026, 6, 1), "e"),
    ],
)
def test_rungs_are_reached_on_the_days_worked_out_by_hand(as_of: date, expected: str | None) -> None:
    assert on(date(2025, 9, 30), as_of) == expected


def test_a_due_day_that_is_not_worked_counts_from_the_working_day_before_it() -> None:
    due = date(2025, 11, 30)  # a Sunday
    assert day_of(RUNGS[0], due, CALENDAR) == date(2025, 11, 21)
    assert day_of(RUNGS[1], due, CALENDAR) == date(2025, 11, 28)
    assert day_of(RUNGS[2], due, CALENDAR) == date(2025, 12, 1)


@given(days, days)
def test_a_due_day_stands_on_the_highest_rung_whose_day_has_come(due: date, as_of: date) -> None:
    assume(CALENDAR.is_workday(as_of))
    come = [one.id for one in RUNGS if day_of(one, due, CALENDAR) <= as_of]
    assert on(due, as_of) == (come[-1] if come else None)


@given(days, days)
def test_a_day_that_is_not_worked_asks_for_nothing(due: date, as_of: date) -> None:
    assume(not CALENDAR.is_workday(as_of))
    assert on(due, as_of) is None


@given(days, days)
def test_what_is_first_reached_on_a_day_is_what_falls_on_it(due: date, as_of: date) -> None:
    assume(CALENDAR.is_workday(as_of))
    found = [first_reached(reach, as_of, CALENDAR) for reach in reaches(RUNGS, as_of, CALENDAR)]
    falling = [r.rung.id for r in found if r is not None and r.holds(due)]
    assert falling == [one.id for one in RUNGS if day_of(one, due, CALENDAR) == as_of]


def test_the_last_days_of_the_announced_year_can_look_ahead() -> None:
    last = CALENDAR.last_workday(CALENDAR.last).date
    assert on(CALENDAR.last + timedelta(days=2), last) == "a"


@given(st.builds(datetime.combine, days, st.times(), st.just(BEIJING)))
def test_messages_go_out_within_the_hours_of_a_working_day_and_not_before_they_are_planned(
    at: datetime,
) -> None:
    hours = Hours()
    found = next_moment(hours, at, CALENDAR)
    assert found >= at
    assert CALENDAR.is_workday(found.date())
    assert hours.start <= found.time() < hours.until
    between = [at.date() + timedelta(days=n) for n in range(1, (found.date() - at.date()).days)]
    assert not any(CALENDAR.is_workday(day) for day in between)


def test_a_friday_evening_waits_for_monday_morning() -> None:
    friday = datetime(2025, 11, 28, 17, 30, tzinfo=BEIJING)
    assert next_moment(Hours(), friday, CALENDAR) == datetime(2025, 12, 1, 8, 30, tzinfo=BEIJING)
    assert next_moment(
        Hours(start=time(9), until=time(12)), friday.replace(hour=10), CALENDAR
    ) == friday.replace(hour=10)


def test_an_exception_by_duty_comes_before_one_by_cadence() -> None:
    first, second = (rung("x", 1),), (rung("y", 2),)
    rules = LadderRules(
        rungs=RUNGS,
        exceptions=(Special(every=("month",), rungs=first), Special(duties=("visits",), rungs=second)),
    )
    assert rules.of("visits", "month") == second
    assert rules.of("meetings", "month") == first
    assert rules.of("meetings", "year") == RUNGS


def test_beyond_its_end_the_calendar_is_not_asked_whether_today_is_worked() -> None:
    assuming = replace(CALENDAR, beyond=Beyond.ASSUME_WEEKDAYS)
    monday = CALENDAR.last + timedelta(days=8 - CALENDAR.last.isoweekday())
    assert reaches(RUNGS, monday, assuming)
