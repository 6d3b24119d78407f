"""What is too long for a vendor is shortened by whole lines, in the vendor's own unit."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.lengths import shortened, sms_units, utf8

LINK = "全文：https://care.example.cn/m/1"
UNITS = pytest.mark.parametrize("size", [utf8, sms_units, len])


def test_a_chinese_character_has_three_bytes_and_is_one_unit_of_a_text_message() -> None:
    assert (utf8("关爱a"), sms_units("关爱a"), sms_units("𠮷")) == (7, 3, 2)


def test_what_fits_stays_whole() -> None:
    assert shortened(["一", "二"], LINK, 2048, utf8) == f"一\n二\n{LINK}"
    assert shortened(["一", "二"], "", 7, utf8) == "一\n二"


def test_of_many_lines_whole_ones_are_left_out_and_it_is_said_how_many() -> None:
    lines = [f"第{n}项：每季度走访" for n in range(200)]
    text = shortened(lines, LINK, 2048, utf8)
    kept = text.splitlines()[:-2]
    assert kept == lines[: len(kept)]
    assert text.splitlines()[-2:] == [f"……（另有 {200 - len(kept)} 行从略）", LINK]
    assert utf8(text) <= 2048 < utf8("\n".join([*lines[: len(kept) + 1], *text.splitlines()[-2:]]))


@UNITS
@given(
    lines=st.lists(st.text(max_size=80), max_size=12), tail=st.text(max_size=40), limit=st.integers(10, 400)
)
def test_nothing_is_ever_longer_than_the_vendor_takes(
    size: Callable[[str], int], lines: list[str], tail: str, limit: int
) -> None:
    text = shortened(lines, tail, limit, size)
    assert size(text) <= limit
    if size("\n".join([*lines, tail])) <= limit:
        assert text == "\n".join(line for line in [*lines, tail] if line)
