"""What changed between two versions, down to the character, and nothing else."""

from decimal import Decimal
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.differences import FigureChange, Mark, Piece, differences, marks
from domain.entries import FigureEntry, State
from tests import cast

TEXTS = st.text("走访了建立台账。；！\n1230", max_size=80)


def shown(before: str, after: str) -> str:
    signs = {Mark.KEPT: "{}", Mark.ADDED: "[+{}]", Mark.REMOVED: "[-{}]"}
    return "".join(signs[piece.mark].format(piece.text) for piece in marks(before, after))


@given(TEXTS, TEXTS)
@example("", "走访。")
@example("走访。", "")
def test_the_marks_give_back_either_text_and_never_stand_alike_side_by_side(before: str, after: str) -> None:
    pieces = marks(before, after)
    assert "".join(p.text for p in pieces if p.mark is not Mark.ADDED) == before
    assert "".join(p.text for p in pieces if p.mark is not Mark.REMOVED) == after
    assert all(piece.text for piece in pieces)
    assert all(one.mark is not next_one.mark for one, next_one in pairwise(pieces))


@given(TEXTS)
def test_a_text_that_did_not_change_bears_no_mark(text: str) -> None:
    assert marks(text, text) == ((Piece(Mark.KEPT, text),) if text else ())


def test_a_rewritten_sentence_is_marked_by_the_character_and_its_neighbours_are_not() -> None:
    before = "一季度走访120人次。建立台账。经费已到位。"
    after = "一季度走访118人次。建立台账。经费已全部到位。"
    assert shown(before, after) == "一季度走访1[-20][+18]人次。建立台账。经费已[+全部]到位。"


def test_another_sentence_in_the_same_place_is_marked_whole() -> None:
    assert shown("开展培训两场。", "已建立台账并更新。") == "[-开展培训两场。][+已建立台账并更新。]"


def test_a_sentence_put_in_leaves_the_others_alone() -> None:
    assert (
        shown("走访完成。台账齐全。", "走访完成。经费到位。台账齐全。") == "走访完成。[+经费到位。]台账齐全。"
    )


@pytest.mark.parametrize("letters", ["走", "。", "走访", "走。"])
def test_no_text_however_odd_takes_long_to_compare(letters: str) -> None:
    before, after = letters * 2400 + "一", "二" + letters * 2500
    started = perf_counter()
    pieces = marks(before, after)
    assert perf_counter() - started < 1.5
    assert "".join(p.text for p in pieces if p.mark is not Mark.ADDED) == before


def test_versions_are_compared_in_state_figures_words_and_files() -> None:
    before = cast.visits(count=120).model_copy(update={"attachments": ("a" * 64, "b" * 64)})
    figures = (FigureEntry(indicator=cast.VISITS, value=Decimal(118), remark="核减重复"), before.figures[1])
    changes = {"state": State.UNDER_WAY, "figures": figures, "attachments": ("b" * 64, "c" * 64)}
    found = differences(before, before.model_copy(update=changes))
    assert found.state == (State.DONE, State.UNDER_WAY)
    assert found.passages == ()
    assert found.figures == (FigureChange(cast.VISITS, before.figures[0], figures[0]),)
    assert found.figures[0].step == -2
    assert (found.attached, found.detached) == (("c" * 64,), ("a" * 64,))
    assert not found.none


def test_what_is_only_in_one_version_is_told() -> None:
    before, after = cast.visits(), cast.visits(text="").model_copy(update={"passages": (), "figures": ()})
    found = differences(before, after)
    assert [piece.mark for piece in found.passages[0].pieces] == [Mark.REMOVED]
    assert [(change.after, change.step) for change in found.figures] == [(None, None)] * 2
    assert differences(after, before).figures[0].before is None


def test_an_equal_version_has_no_differences_and_a_missing_value_no_step() -> None:
    assert differences(cast.visits(), cast.visits(funds="3.5000")).none
    assert differences(cast.visits(count=None), cast.visits()).figures[0].step is None
