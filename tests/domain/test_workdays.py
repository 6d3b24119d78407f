"""Working days: announced years as announced, unannounced ones refused or marked."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.problems import Problem, ProblemKind
from domain.workdays import Beyond, WorkCalendar
from services.workcalendar import holiday_names, work_calendar

KNOWN = work_calendar()
ASSUMING = work_calendar(Beyond.ASSUME_WEEKDAYS)
known_days = st.dates(date(2020, 2, 1), date(2026, 11, 30))
any_days = st.dates(date(2020, 2, 1), date(2032, 11, 30))


def test_a_weekend_day_that_makes_up_is_worked() -> None:
    assert KNOWN.is_workday(date(2025, 1, 26))
    assert KNOWN.is_workday(date(2026, 2, 28))


def test_a_weekday_within_a_holiday_is_not_worked() -> None:
    assert not KNOWN.is_workday(date(2025, 1, 28))
    assert not KNOWN.is_workday(date(2024, 10, 7))


def test_an_ordinary_weekend_is_not_worked() -> None:
    assert not KNOWN.is_workday(date(2024, 11, 30))


def test_the_data_reaches_from_the_first_of_january_to_the_last_of_december() -> None:
    assert (KNOWN.first.month, KNOWN.first.day) == (1, 1)
    assert (KNOWN.last.month, KNOWN.last.day) == (12, 31)
    assert KNOWN.last.year >= 2026


def test_a_day_beyond_the_announced_years_is_an_error() -> None:
    beyond = KNOWN.last + timedelta(days=4)

    with pytest.raises(Problem) as told:
        KNOWN.is_workday(beyond)

    assert told.value.kind is ProblemKind.CALENDAR_UNKNOWN
    assert str(beyond) in str(told.value)
    with pytest.raises(Problem):
        KNOWN.last_workday(beyond)
    with pytest.raises(Problem):
        KNOWN.add_workdays(KNOWN.last, 1)


def test_a_day_beyond_the_announced_years_is_marked_where_assuming_is_allowed() -> None:
    calendar = WorkCalendar(date(2026, 1, 1), date(2026, 12, 31), {}, frozenset(), Beyond.ASSUME_WEEKDAYS)

    assert calendar.last_workday(date(2027, 1, 3)).date == date(2027, 1, 1)
    assert calendar.last_workday(date(2027, 1, 3)).assumed
    assert not calendar.last_workday(date(2026, 12, 31)).assumed
    assert calendar.add_workdays(date(2026, 12, 31), 1).assumed


def test_an_answer_that_was_walked_back_to_from_an_unannounced_day_stays_marked() -> None:
    calendar = WorkCalendar(date(2026, 1, 1), date(2027, 1, 1), {}, frozenset(), Beyond.ASSUME_WEEKDAYS)
    found = calendar.last_workday(date(2027, 1, 2))

    assert (found.date, found.assumed) == (date(2027, 1, 1), True)


@pytest.mark.parametrize(
    ("name", "year", "start"),
    [
        ("春节", 2024, date(2024, 2, 10)),
        ("春节", 2025, date(2025, 1, 28)),
        ("春节", 2026, date(2026, 2, 15)),
        ("中秋", 2024, date(2024, 9, 15)),
        ("中秋", 2025, date(2025, 10, 1)),
        ("元旦", 2023, date(2022, 12, 31)),
        ("国庆节", 2024, date(2024, 10, 1)),
    ],
)
def test_a_holiday_starts_with_the_first_day_off_of_its_run(name: str, year: int, start: date) -> None:
    assert KNOWN.holiday_start(name, year) == start


def test_a_holiday_of_an_unannounced_year_has_no_start() -> None:
    assert ASSUMING.holiday_start("春节", KNOWN.last.year + 1) is None


def test_holidays_bear_their_chinese_names() -> None:
    assert {"元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆节"} <= set(holiday_names())
    assert set(KNOWN.holidays.values()) <= set(holiday_names())


def test_working_days_are_counted_by_hand_over_the_spring_festival() -> None:
    # 2025-01-24 Friday; 26 (Sunday, makes up) and 27 are worked, 28 January to 4 February off, 5 to 8 February worked
    assert KNOWN.workdays_between(date(2025, 1, 24), date(2025, 2, 8)) == 6
    assert KNOWN.add_workdays(date(2025, 1, 24), 3).date == date(2025, 2, 5)
    assert KNOWN.add_workdays(date(2025, 2, 5), -3).date == date(2025, 1, 24)


@given(any_days)
def test_the_last_working_day_is_worked_and_not_later(day: date) -> None:
    found = ASSUMING.last_workday(day)

    assert found.date <= day
    assert ASSUMING.is_workday(found.date)
    assert ASSUMING.workdays_between(found.date, day) == 0


@given(any_days)
def test_nothing_known_is_marked_as_assumed(day: date) -> None:
    assert ASSUMING.last_workday(day).assumed == (not ASSUMING.knows(day))


@given(known_days)
def test_allowing_assumptions_changes_no_announced_day(day: date) -> None:
    assert KNOWN.is_workday(day) == ASSUMING.is_workday(day)


@given(any_days, any_days, any_days)
def test_counts_of_working_days_add_up(first: date, second: date, third: date) -> None:
    between = ASSUMING.workdays_between

    assert between(first, second) + between(second, third) == between(first, third)


@given(any_days, st.integers(-60, 60))
def test_adding_and_counting_working_days_agree(day: date, count: int) -> None:
    start = ASSUMING.last_workday(day).date

    assert ASSUMING.workdays_between(start, ASSUMING.add_workdays(start, count).date) == count
