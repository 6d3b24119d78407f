"""Months, quarters and half years: their codes, names, days and neighbours."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import PartOfYear, Period, parts_of_year, period_of, period_with

EVERY: tuple[PartOfYear, ...] = ("month", "quarter", "half-year")


@pytest.mark.parametrize(
    ("code", "label", "start", "end"),
    [
        ("2026Q3", "2026年第三季度", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026Q4", "2026年第四季度", date(2026, 10, 1), date(2026, 12, 31)),
        ("2024-02", "2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", "2026年12月", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026H1", "2026年上半年", date(2026, 1, 1), date(2026, 6, 30)),
    ],
)
def test_a_period_is_known_by_its_code(code: str, label: str, start: date, end: date) -> None:
    period = period_of(code)
    assert period is not None
    assert (period.code, period.label, period.start, period.end) == (code, label, start, end)


@pytest.mark.parametrize(
    "code", ["", "2026", "2026Q5", "2026-13", "2026H3", "2026q3", "26Q3", "2026Q3 ", "0000Q1", "２０２６Q3"]
)
def test_what_is_none_is_none(code: str) -> None:
    assert period_of(code) is None


@given(st.sampled_from(EVERY), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_periods_follow_one_another_without_a_gap(every: PartOfYear, day: date) -> None:
    period = period_with(every, day)
    assert period.start <= day <= period.end
    assert period.following.start == period.end + timedelta(days=1)
    assert period.following.before == period
    assert period_of(period.code) == period


@pytest.mark.parametrize(("every", "count"), [("month", 12), ("quarter", 4), ("half-year", 2)])
def test_a_year_is_made_of_its_parts(every: PartOfYear, count: int) -> None:
    parts = parts_of_year(every, 2026)
    assert len(parts) == count
    assert (parts[0].start, parts[-1].end) == (date(2026, 1, 1), date(2026, 12, 31))
    assert parts[0].before == Period(every, 2025, count)
