"""What people changed by hand: every figure that is not what or where it was is noticed, whatever became of its mark."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.differences import Mark
from domain.report.edits import Edit, Edits, Verdict, edits
from domain.report.passages import Marked, Passage, numbers

CHILDREN, VISITS = "_F_01_1", "_F_15_1"
REPORT = (
    Passage("标题", "一、基本情况"),
    Passage(
        "第1段",
        "全区共有关爱服务对象1464人，开展走访300人次，报送完整率95.2%。",
        (Marked(CHILDREN, 10, 15), Marked(VISITS, 20, 25)),
    ),
    Passage("第2段", "区民政局会同三个部门走访慰问，工作机制进一步健全。"),
    Passage("表头", "单位\t儿童数\t走访"),
    Passage("第1行", "山门镇\t122人\t38", (Marked("_T_1_1_2", 4, 8), Marked("_T_1_1_3", 9, 11))),
    Passage("第2行", "石岭镇\t97人\t38", (Marked("_T_1_2_2", 4, 7), Marked("_T_1_2_3", 8, 10))),
)


def with_text(place: int, text: str, **marks: str) -> tuple[Passage, ...]:
    """The report with a passage retyped; ``marks`` are those that are left, with the words that they hold."""
    figures = tuple(
        Marked(name, text.index(words), text.index(words) + len(words)) for name, words in marks.items()
    )
    changed = replace(REPORT[place], text=text, figures=figures)
    return (*REPORT[:place], changed, *REPORT[place + 1 :])


def told(found: Edits) -> list[tuple[Edit, str, str]]:
    return [(one.edit, one.before, one.after) for one in found.figures]


def test_what_nobody_touched_is_unchanged() -> None:
    found = edits(REPORT, REPORT)
    assert found == Edits((), ())
    assert found.verdict is Verdict.UNCHANGED


def test_the_marks_of_the_example_hold_its_figures() -> None:
    assert [[p.words(f) for f in p.figures] for p in REPORT if p.figures] == [
        ["1464人", "300人次"],
        ["122人", "38"],
        ["97人", "38"],
    ]


def test_a_figure_that_was_typed_over_is_told_with_what_it_was() -> None:
    text = REPORT[1].text.replace("1464人", "1474人")
    found = edits(REPORT, with_text(1, text, **{CHILDREN: "1474人", VISITS: "300人次"}))
    assert told(found) == [(Edit.CHANGED, "1464人", "1474人")]
    assert found.figures[0].id == CHILDREN
    assert (found.verdict, found.texts) == (Verdict.FIGURES, ())


def test_so_is_one_whose_mark_was_typed_away_with_the_sentence() -> None:
    found = edits(REPORT, with_text(1, "全区现有关爱服务对象1474人，走访300人次，报送完整率95.2%。"))
    assert told(found) == [(Edit.CHANGED, "1464人", "1474人")]
    assert [piece.text for piece in found.texts[0].pieces if piece.mark is not Mark.KEPT]


def test_a_figure_retyped_as_it_was_is_no_edit_of_a_figure() -> None:
    assert edits(REPORT, with_text(1, REPORT[1].text)).verdict is Verdict.UNCHANGED


def test_digits_of_full_width_or_with_commas_are_the_same_figure() -> None:
    text = REPORT[1].text.replace("1464人", "1,464人").replace("300人次", "３００人次")
    found = edits(REPORT, with_text(1, text, **{CHILDREN: "1,464人", VISITS: "３００人次"}))
    assert found.figures == ()


@pytest.mark.parametrize("marked", [True, False])
def test_a_figure_that_is_gone_is_told(*, marked: bool) -> None:
    text = REPORT[1].text.replace("，开展走访300人次", "")
    found = edits(REPORT, with_text(1, text, **({CHILDREN: "1464人"} if marked else {})))
    assert told(found) == [(Edit.REMOVED, "300人次", "")]


def test_with_a_paragraph_all_its_figures_go() -> None:
    found = edits(REPORT, (*REPORT[:1], *REPORT[2:]))
    assert told(found) == [(Edit.REMOVED, w, "") for w in ("1464人", "300人次", "95.2%")]
    assert [piece.mark for text in found.texts for piece in text.pieces] == [Mark.REMOVED]


def test_a_number_that_never_had_a_mark_is_noticed_too() -> None:
    marks = {CHILDREN: "1464人", VISITS: "300人次"}
    found = edits(REPORT, with_text(1, REPORT[1].text.replace("95.2%", "98.2%"), **marks))
    assert told(found) == [(Edit.CHANGED, "95.2%", "98.2%")]
    found = edits(REPORT, with_text(2, REPORT[2].text.replace("三个", "四个")))
    assert told(found) == [(Edit.CHANGED, "三", "四")]


def test_a_digit_typed_right_behind_a_marked_figure_is_noticed() -> None:
    text = REPORT[4].text.replace("\t38", "\t380")
    found = edits(REPORT, with_text(4, text, _T_1_1_2="122人", _T_1_1_3="38"))
    assert told(found) == [(Edit.CHANGED, "38", "380")]


def test_a_new_paragraph_with_numbers_adds_them() -> None:
    found = edits(REPORT, (*REPORT[:3], Passage("第3段", "另有志愿者25人参与。"), *REPORT[3:]))
    assert told(found) == [(Edit.ADDED, "", "25")]


def test_a_figure_told_twice_was_added_once() -> None:
    copy = Passage("第3段", "服务对象1464人。", (Marked(CHILDREN, 4, 9),))
    for place in (1, 3):  # before the figure itself, and behind it
        found = edits(REPORT, (*REPORT[:place], copy, *REPORT[place:]))
        assert told(found) == [(Edit.ADDED, "", "1464人")]
        assert found.figures[0].place == "第3段"


def test_two_figures_that_changed_places_in_a_sentence_were_moved() -> None:
    text = "全区共有关爱服务对象300人次，开展走访1464人，报送完整率95.2%。"
    found = edits(REPORT, with_text(1, text, **{VISITS: "300人次", CHILDREN: "1464人"}))
    assert {one.edit for one in found.figures} == {Edit.MOVED}


def test_a_paragraph_moved_elsewhere_takes_its_figures_along() -> None:
    found = edits(REPORT, (REPORT[0], *REPORT[2:], REPORT[1]))
    assert [(one.edit, one.after) for one in found.figures] == [
        (Edit.MOVED, "1464人"),
        (Edit.MOVED, "300人次"),
        (Edit.MOVED, "95.2%"),
    ]
    assert len(found.texts) == 2  # gone from here, there now


def test_rows_that_changed_places_are_noticed() -> None:
    found = edits(REPORT, (*REPORT[:4], REPORT[5], REPORT[4]))
    assert {one.edit for one in found.figures} == {Edit.MOVED}


def test_figures_that_changed_cells_are_noticed_though_their_marks_are_gone() -> None:
    found = edits(REPORT, with_text(4, "山门镇\t38\t122人"))
    assert told(found) == [(Edit.CHANGED, "122人", "38"), (Edit.CHANGED, "38", "122人")]


def test_of_like_numbers_the_one_in_its_place_is_told() -> None:
    before = (Passage("段", "完整率100%、及时率100%、合格率100%。"),)
    after = (Passage("段", "完整率98.2%、及时率100%、合格率100%。"),)
    assert told(edits(before, after)) == [(Edit.CHANGED, "100%", "98.2%")]


def test_a_figure_of_a_table_is_told_with_its_column() -> None:
    row = replace(REPORT[4], heads=("单位", "儿童数", "走访"))
    now = replace(row, text=row.text.replace("38", "39"))
    (found,) = edits((row,), (now,)).figures
    assert found.place == "第1行“走访”列"


def test_a_withheld_count_that_somebody_fills_in_is_noticed() -> None:
    hidden = (*REPORT, Passage("第3行", "城东乡\t＊\t38", (Marked("_T_1_3_3", 6, 8),)))
    filled = (*REPORT, Passage("第3行", "城东乡\t7\t38", (Marked("_T_1_3_3", 6, 8),)))
    assert told(edits(hidden, filled)) == [(Edit.ADDED, "", "7")]


def test_words_alone_are_told_as_words() -> None:
    found = edits(REPORT, with_text(2, REPORT[2].text.replace("进一步健全", "不断完善")))
    assert (found.verdict, found.figures) == (Verdict.TEXT, ())
    assert [(p.mark, p.text) for p in found.texts[0].pieces if p.mark is not Mark.KEPT] == [
        (Mark.REMOVED, "进一步健全"),
        (Mark.ADDED, "不断完善"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025年12月8日", ["2025", "12", "8"]),
        ("增长3.2个百分点，完成率95.5%", ["3.2", "95.5%"]),
        ("９,８００余人", ["９,８００"]),
        ("下降-1.5%", ["-1.5%"]),
        ("三个部门、二十余名志愿者、百分之九十五", ["三", "二十", "百分之九十五"]),
        ("一次合格率、进一步、统一部署、一、基本情况（二）", []),
    ],
)
def test_numbers_are_found_however_they_are_written(text: str, expected: list[str]) -> None:
    assert [number.text for number in numbers(text)] == expected


DIGITS = [
    (place, at) for place, p in enumerate(REPORT) for at, char in enumerate(p.text) if char in "0123456789"
]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(DIGITS), st.sampled_from("0123456789"), st.booleans())
def test_no_digit_can_be_changed_unnoticed(where: tuple[int, int], digit: str, marked: bool) -> None:  # noqa: FBT001
    place, at = where
    passage = REPORT[place]
    text = passage.text[:at] + digit + passage.text[at + 1 :]
    changed = replace(passage, text=text, figures=passage.figures if marked else ())
    found = edits(REPORT, (*REPORT[:place], changed, *REPORT[place + 1 :]))
    assert (found.verdict is Verdict.FIGURES) == (text != passage.text)


WORDS = st.text("区民政局走访慰问健全，。", max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(REPORT)), WORDS, st.integers(0, 2))
def test_words_without_numbers_never_touch_a_figure(place: int, words: str, kind: int) -> None:
    if kind == 0:
        now = (*REPORT[:place], Passage("新", words), *REPORT[place:]) if words else REPORT
    elif kind == 1 and place < len(REPORT):
        end = len(REPORT[place].text)
        passage = replace(REPORT[place], text=REPORT[place].text + "。" + words)
        assert all(figure.end <= end for figure in passage.figures)
        now = (*REPORT[:place], passage, *REPORT[place + 1 :])
    else:
        now = REPORT
    assert edits(REPORT, now).figures == ()
