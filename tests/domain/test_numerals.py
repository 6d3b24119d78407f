from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.numerals import chinese, chinese_date


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (21, "二十一"),
        (90, "九十"),
        (99, "九十九"),
    ],
)
def test_headings_count_as_people_do(number: int, written: str) -> None:
    assert chinese(number) == written


@given(st.integers(1, 99))
def test_no_two_headings_look_alike_and_none_writes_a_zero(number: int) -> None:
    assert "〇" not in chinese(number)
    assert [n for n in range(1, 100) if chinese(n) == chinese(number)] == [number]


@pytest.mark.parametrize("number", [0, -1, 100])
def test_no_heading_has_a_number_outside_1_to_99(number: int) -> None:
    with pytest.raises(ValueError, match="no heading"):
        chinese(number)


def test_a_date_has_arabic_digits_without_leading_zeros() -> None:
    assert chinese_date(date(2025, 3, 1)) == "2025年3月1日"
    assert chinese_date(date(2024, 12, 31)) == "2024年12月31日"
