"""Terms over which units are compared: a month, a quarter, a half-year, a year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.problems import Problem, ProblemKind
from domain.terms import quarter_of, term, terms
from tests import cast


@pytest.mark.parametrize(
    ("code", "label", "start", "end"),
    [
        ("2026Q3", "2026年第三季度", "2026-07-01", "2026-09-30"),
        ("2026q4", "2026年第四季度", "2026-10-01", "2026-12-31"),
        (" 2024H1 ", "2024年上半年", "2024-01-01", "2024-06-30"),
        ("2026H2", "2026年下半年", "2026-07-01", "2026-12-31"),
        ("2024-02", "2024年2月", "2024-02-01", "2024-02-29"),
        ("2025", "2025年", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_code_tells_its_days_and_is_read_in_words(code: str, label: str, start: str, end: str) -> None:
    found = term(code)
    assert (found.label, found.start, found.end) == (
        label,
        date.fromisoformat(start),
        date.fromisoformat(end),
    )
    assert term(found.code) == found


@pytest.mark.parametrize(
    "code", ["", "2026Q5", "2026H3", "26Q1", "2026-7", "2026-13", "第三季度", "２０２６", "2026Q3Q4"]
)
def test_what_is_no_term_is_refused_and_told_how_to_write_one(code: str) -> None:
    with pytest.raises(Problem) as refusal:
        term(code)
    assert refusal.value.kind is ProblemKind.TERM_UNKNOWN


@given(st.dates(date(1000, 1, 1), date(2999, 12, 30)))
def test_every_day_lies_in_its_quarter_and_the_next_one_begins_after_it(day: date) -> None:
    own = quarter_of(day)
    assert own.start <= day <= own.end
    assert quarter_of(own.end + timedelta(days=1)).start == own.end + timedelta(days=1)


def test_only_terms_of_the_plan_that_have_begun_are_offered_the_newest_first() -> None:
    assert [one.code for one in terms(cast.small_plan(), date(2026, 4, 1))] == [
        *("2026", "2026Q2", "2026Q1"),
        *("2025", "2025Q4", "2025Q3", "2025Q2", "2025Q1"),
    ]
