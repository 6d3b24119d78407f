"""A figure far off last period's is queried, small ones never."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plan import PlausibilityRules
from domain.plausibility import far_off

RULES = PlausibilityRules(factor=Decimal(3), floor=Decimal(20))
COUNTS = st.integers(0, 10**9).map(Decimal)


@pytest.mark.parametrize(
    ("value", "last", "queried"),
    [
        (360, 120, False),  # three times is not more than three times
        (361, 120, True),
        (40, 120, False),
        (39, 120, True),
        (19, 0, False),
        (20, 0, True),
        (0, 20, True),
        (25, 6, False),  # four times, but only 19 apart
        (26, 6, True),
        (0, 0, False),
    ],
)
def test_worked_examples(value: int, last: int, queried: bool) -> None:  # noqa: FBT001 - a column of the table
    assert far_off(Decimal(value), Decimal(last), RULES) is queried


@given(COUNTS, COUNTS)
def test_up_and_down_are_judged_alike(one: Decimal, other: Decimal) -> None:
    assert far_off(one, other, RULES) == far_off(other, one, RULES)


@given(COUNTS)
def test_what_stays_the_same_is_never_queried(value: Decimal) -> None:
    assert not far_off(value, value, RULES)


@given(COUNTS, st.integers(0, 19))
def test_what_differs_by_less_than_the_floor_is_never_queried(last: Decimal, more: int) -> None:
    assert not far_off(last + more, last, RULES)


@given(COUNTS, COUNTS, COUNTS)
def test_what_is_further_off_is_queried_too(last: Decimal, value: Decimal, more: Decimal) -> None:
    if value >= last and far_off(value, last, RULES):
        assert far_off(value + more, last, RULES)
