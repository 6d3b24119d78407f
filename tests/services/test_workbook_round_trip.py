"""Whatever a unit fills in comes back the same, through a real file."""

import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.canonical import clean_entry
from domain.entries import HIGHLIGHTS, PROGRESS, FigureEntry, ItemEntry, Passage, State, measure_slot
from services.workbook.filling import fill
from services.workbook.reading import Filled
from tests import cast
from tests.services.workbook_forms import NAME, blank, read

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")
"""Everything that XML can hold; what it cannot, nobody can type."""
STARTS = st.sampled_from(
    ["", "=", "+", "-", "@", "'", "\t", "#N/A", "_x000D_", "_x005F_", "３０", "😀", "\r\n"]
)
WORDS = st.builds(str.__add__, STARTS, st.text(CHARACTERS, max_size=120))
WHOLE = st.integers(0, 10**9).map(Decimal)
MONEY = st.decimals(0, 10**9, places=2)


def filled_in(answers: Mapping[str, ItemEntry]) -> Filled:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        path.write_bytes(blank())
        fill(path, answers, by=cast.LI_MING)
        return read(path.read_bytes())


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(State), WORDS, WHOLE | st.none(), MONEY | st.none(), WORDS)
@example(State.DONE, "=HYPERLINK(1)", Decimal(0), Decimal("0.10"), "-1+1")
@example(State.DONE, "_x000A_x000B_", Decimal(10**9), Decimal("999999999.99"), "#DIV/0!")
@example(State.UNDER_WAY, "长" * 5000, Decimal(7), None, "８" * 500)
@example(State.NOT_STARTED, " \n ", None, None, " ")
def test_whatever_is_filled_in_comes_back_the_same(
    state: State, text: str, count: Decimal | None, funds: Decimal | None, remark: str
) -> None:
    entry = ItemEntry(
        key=cast.VISIT_Q1,
        state=state,
        passages=(Passage(slot=PROGRESS, text=text),),
        figures=(
            FigureEntry(indicator=cast.VISITS, value=count, remark=remark),
            FigureEntry(indicator=cast.FUNDS, value=funds),
        ),
    )
    (back,) = filled_in({cast.VISIT_Q1: entry}).entries
    assert clean_entry(back) == clean_entry(entry)


@settings(max_examples=10, deadline=None)
@given(st.dictionaries(st.sampled_from([measure_slot(1), measure_slot(2), HIGHLIGHTS]), WORDS))
@example({measure_slot(1): "一是…\n二是…", HIGHLIGHTS: "=亮点"})
def test_the_passages_of_the_yearly_report_come_back_the_same(texts: dict[str, str]) -> None:
    passages = tuple(Passage(slot=slot, text=text) for slot, text in texts.items())
    entry = ItemEntry(key=cast.ANNUAL, state=State.DONE, passages=passages)
    back = filled_in({cast.ANNUAL: entry}).entries
    expected = clean_entry(entry)
    assert [clean_entry(e) for e in back] == ([expected] if expected.passages else [])


def test_the_reporter_comes_back() -> None:
    assert filled_in({cast.VISIT_Q1: cast.visits()}).reporter == cast.LI_MING


def test_filling_in_twice_gives_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(blank())
    fill(path, {cast.VISIT_Q1: cast.visits()}, by=cast.LI_MING)
    once = path.read_bytes()
    fill(path, {cast.VISIT_Q1: cast.visits()}, by=cast.LI_MING)
    assert path.read_bytes() == once
