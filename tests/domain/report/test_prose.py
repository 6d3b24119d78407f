import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plan import Unit, UnitKind
from domain.report.blocks import FigureRef, Text
from domain.report.prose import brief, counted, lines, listing, runs, sentences, told_by
from tests import cast

POLICE = Unit(
    id="police",
    name="公安局铁东分局",
    aliases=("区公安局",),
    kind=UnitKind.DEPARTMENT,
    member=True,
    cites=("一",),
)


def test_a_text_falls_into_its_sentences() -> None:
    assert sentences("开展宣讲3场。走访全覆盖！还有什么不足？") == (
        "开展宣讲3场。",
        "走访全覆盖！",
        "还有什么不足？",
    )


def test_a_last_sentence_without_an_end_gets_a_full_stop() -> None:
    assert sentences("开展宣讲3场") == ("开展宣讲3场。",)
    assert sentences("开展宣讲3场，") == ("开展宣讲3场。",)


def test_a_closing_quotation_mark_stays_with_its_sentence() -> None:
    assert sentences("口号是“安全第一。”另设专栏。") == ("口号是“安全第一。”", "另设专栏。")


def test_lines_are_not_run_together() -> None:
    assert lines(" 1.开展宣讲\n\n2.组织培训；\r\n3.走访。 ") == ("1.开展宣讲。", "2.组织培训；", "3.走访。")
    assert "".join(sentences("开展宣讲\n组织培训")) == "开展宣讲。组织培训。"


def test_a_brief_keeps_whole_sentences_within_the_limit() -> None:
    assert brief("一二三四。五六七八。九十。", 10) == "一二三四。五六七八。"
    assert brief("一二三四；五六七八。九十。", 6) == "一二三四。"


def test_a_brief_has_at_least_one_sentence_and_none_of_nothing() -> None:
    assert brief("一二三四五六七八九十。下一句。", 4) == "一二三四五六七八九十。"
    assert brief(" \n ", 4) == ""


WORDS = st.text(st.sampled_from("甲乙丙，。；！”\n "), max_size=60)


@given(WORDS, st.integers(1, 40))
def test_a_brief_is_the_beginning_of_what_was_written(text: str, limit: int) -> None:
    whole, short = "".join(sentences(text)), brief(text, limit)
    assert whole.startswith(short[:-1])
    assert bool(short) == bool(whole)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("开展巡逻。", "公安局铁东分局开展巡逻。"),
        ("我局开展巡逻。", "公安局铁东分局开展巡逻。"),
        ("本单位开展巡逻。", "公安局铁东分局开展巡逻。"),
        ("公安局铁东分局开展巡逻。", "公安局铁东分局开展巡逻。"),
        ("区公安局开展巡逻。", "区公安局开展巡逻。"),
        ("我区首创护学岗。", "公安局铁东分局：我区首创护学岗。"),
        ("本年度开展巡逻。", "公安局铁东分局：本年度开展巡逻。"),
        ("", ""),
    ],
)
def test_a_unit_is_the_subject_of_its_words(text: str, told: str) -> None:
    assert told_by(POLICE, text) == told


def test_a_long_listing_is_counted() -> None:
    assert listing(["山门镇", "石岭镇"]) == "山门镇、石岭镇"
    assert listing(["甲", "乙", "丙", "丁"], 2) == "甲、乙等4个单位"


def test_a_single_one_more_is_named_and_not_counted() -> None:
    assert listing(["甲", "乙", "丙"], 2) == "甲、乙、丙"


def test_units_are_told_with_their_counts_most_first_and_else_in_the_order_of_the_plan() -> None:
    plan = cast.small_plan()
    first, second, third, *_ = plan.units
    assert counted(plan, {third.id: 2, second.id: 1, first.id: 1}) == [
        f"{third.name}2项",
        f"{first.name}1项",
        f"{second.name}1项",
    ]


def test_runs_join_neighbouring_words_and_drop_empty_ones() -> None:
    figure = FigureRef(id="01", text="12人")
    assert runs(["共", "有", figure, "", "。"]) == (Text(text="共有"), figure, Text(text="。"))
