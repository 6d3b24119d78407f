"""Equal content has one spelling and one digest; different content has not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.canonical import clean_entry, clean_text, decimal_places, decimal_text, entry_sha256, person
from domain.entries import FigureEntry, ItemEntry, Passage, State

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12)


def _entry(
    text: str = "进展顺利", value: str | None = "12", remark: str = "", state: State = State.DONE
) -> ItemEntry:
    figure = FigureEntry(indicator="visits", value=None if value is None else Decimal(value), remark=remark)
    other = FigureEntry(indicator="funds", value=Decimal(1))
    passages = (Passage(slot="progress", text=text), Passage(slot="highlights", text="亮点"))
    return ItemEntry(key="k", state=state, passages=passages, figures=(figure, other))


@given(DECIMALS)
def test_a_decimal_is_spelt_exactly(value: Decimal) -> None:
    assert Decimal(decimal_text(value)) == value


@given(DECIMALS, st.integers(0, 10))
def test_trailing_zeros_make_no_difference(value: Decimal, zeros: int) -> None:
    padded = Decimal(f"{value:f}" + ("" if "." in f"{value:f}" else ".") + "0" * zeros)
    assert decimal_text(padded) == decimal_text(value)
    assert decimal_places(padded) == decimal_places(value)


@pytest.mark.parametrize(
    ("value", "text", "places"),
    [("1E+3", "1000", 0), ("-0.00", "0", 0), ("0.50", "0.5", 1), ("100", "100", 0), ("3.0001", "3.0001", 4)],
)
def test_worked_spellings(value: str, text: str, places: int) -> None:
    assert (decimal_text(Decimal(value)), decimal_places(Decimal(value))) == (text, places)


@pytest.mark.parametrize(
    "same",
    [
        _entry(text=" 进展顺利\r\n"),
        _entry(text="进展\x00顺利"),
        _entry(value="12.000"),
        _entry().model_copy(update={"passages": _entry().passages[::-1], "figures": _entry().figures[::-1]}),
        _entry().model_copy(update={"passages": (*_entry().passages, Passage(slot="empty", text=" "))}),
    ],
)
def test_what_reads_the_same_has_the_same_digest(same: ItemEntry) -> None:
    assert entry_sha256(clean_entry(same)) == entry_sha256(clean_entry(_entry()))


@pytest.mark.parametrize(
    "other",
    [
        _entry(text="进展 顺利"),
        _entry(value="12.1"),
        _entry(value="0"),
        _entry(value=None),
        _entry(remark="说明"),
        _entry(state=State.UNDER_WAY),
        _entry().model_copy(update={"key": "other"}),
    ],
)
def test_what_says_something_else_has_another_digest(other: ItemEntry) -> None:
    assert entry_sha256(clean_entry(other)) != entry_sha256(clean_entry(_entry()))


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_any_text_becomes_one_that_a_store_can_take(text: str) -> None:
    clean = clean_text(text)
    assert "\x00" not in clean
    assert clean.encode().decode() == clean == clean_text(clean)


@given(st.text())
def test_a_persons_name_is_compared_by_what_is_left_of_it(name: str) -> None:
    assert person(f" {name}\u200b") == person(name)
