"""The geometry of GB/T 9704-2012, measured in finished PDFs."""

import re
from functools import cache
from itertools import pairwise

import pytest
import weasyprint
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.problems import Problem, ProblemKind
from domain.report.blocks import Annex, Block, Cell, Column, Heading, Paragraph, Row, Table, plain
from services import typesetting
from services.layout_check.geometry import MILLIMETRE, Line
from services.typesetting import elasticity
from tests.services.pdf_geometry import ink, pages, texts
from tests.services.sample_document import FIGURES, PROSE, body, completion_table, sample_html, sample_pdf

PAGE_HEIGHT, PAGE_WIDTH = 297 * MILLIMETRE, 210 * MILLIMETRE
TOP, BOTTOM = PAGE_HEIGHT - 37 * MILLIMETRE, 35 * MILLIMETRE
FORBIDDEN_FIRST = "，。、；：？！）》〉」』】〕”’…—%％"
FORBIDDEN_LAST = "（《〈「『【〔“‘"


@cache
def plain_document() -> bytes:
    return sample_pdf(sample_html(10, annexes=(), sample=False))


def edges(page: int) -> tuple[float, float]:
    """Left and right edge of the type area of a page counted from 1."""
    left = 28 if page % 2 else 26
    return left * MILLIMETRE, (left + 156) * MILLIMETRE


def in_type_area(lines: list[Line]) -> list[Line]:
    return [line for line in lines if BOTTOM < line.y < TOP]


def set_paragraphs(*paragraphs: str) -> bytes:
    return set_blocks(*(Paragraph(runs=plain(text)) for text in paragraphs))


def set_blocks(*blocks: Block) -> bytes:
    return sample_pdf(sample_html(blocks=list(blocks), annexes=(), sample=False))


def full_pages() -> list[tuple[int, list[Line]]]:
    """Pages of nothing but body text: all but the first, the last two, and one cut short by a heading that moved on."""
    found = [(number, in_type_area(lines)) for number, lines in enumerate(pages(plain_document()), start=1)]
    moved = {number - 1 for number, lines in found if lines[0].text.startswith("二、")}
    return [(number, lines) for number, lines in found[1:-2] if number not in moved]


def test_a_full_page_has_22_lines() -> None:
    counts = [len(lines) for _, lines in full_pages()]
    assert len(counts) >= 5
    assert set(counts) == {22}


def test_lines_stand_on_one_grid_whatever_fonts_they_mix() -> None:
    row = 225 * MILLIMETRE / 22
    for _, lines in full_pages():
        for above, below in pairwise(lines):
            assert above.y - below.y == pytest.approx(row, abs=0.15)


def test_a_full_line_of_chinese_has_28_characters() -> None:
    text = "关爱服务质量提升三年行动" * 20
    lines = [line for line in in_type_area(pages(set_paragraphs(text))[0]) if set(line.text) <= set(text)]
    assert len(lines[0].text) == 26  # two characters of indent
    assert {len(line.text) for line in lines[1:-1]} == {28}


def test_the_right_edge_is_flush_and_the_left_margin_is_the_binding_margin() -> None:
    for number, lines in full_pages():
        left, right = edges(number)
        for line in lines:
            assert line.left == pytest.approx(left, abs=0.5) or line.left == pytest.approx(left + 32, abs=1)
        for line, following in pairwise(lines):
            if following.left < left + 1 and line.text[-1] != "。":  # neither ends a paragraph
                assert line.right == pytest.approx(right, abs=1)


def test_the_type_area_keeps_the_margins_of_the_standard() -> None:
    for number, lines in full_pages():
        left, right = edges(number)
        assert all(line.left > left - 0.5 and line.right < right + 1 for line in lines)
        assert TOP - 11 * MILLIMETRE < lines[0].y < TOP
        assert BOTTOM < lines[-1].y < BOTTOM + 6 * MILLIMETRE


def test_page_numbers_stand_outside_one_character_in_and_7_mm_under_the_type_area() -> None:
    for number, lines in enumerate(pages(plain_document()), start=1):
        foot = lines[-1]
        assert foot.text == f"—{number}—"
        left, right = edges(number)
        if number % 2:
            assert foot.right == pytest.approx(right - 14, abs=1)
        else:
            assert foot.left == pytest.approx(left + 14, abs=1)
        dash = BOTTOM - 7 * MILLIMETRE
        assert ink(plain_document(), number - 1, (foot.left, dash - 1.5, foot.left + 13, dash + 1.5)) > 0.1


def test_page_numbers_of_landscape_pages_stand_where_they_would_with_the_page_turned() -> None:
    annex = Annex(number=1, title="完成情况表", landscape=True, blocks=(completion_table(42),))
    pdf = sample_pdf(sample_html(blocks=body(1), annexes=(annex,), sample=False))
    numbers = [
        (n, lines)
        for n, lines in enumerate(pages(pdf), start=1)
        if any("任务举措" in li.text for li in lines)
    ]
    found = [n for n, _ in numbers]
    assert {n % 2 for n in found} == {0, 1}
    for number in found:
        # Dashes stand upright, 7 mm left of the type area, one character from its lower (odd) or upper (even) edge.
        x = 35 * MILLIMETRE - 7 * MILLIMETRE
        y = (26 * MILLIMETRE + 14 if number % 2 else 210 * MILLIMETRE - 26 * MILLIMETRE - 14 - 14) - 0
        assert ink(pdf, number - 1, (x - 1.5, y + 1, x + 1.5, y + 13)) > 0.1
        assert (
            ink(
                pdf,
                number - 1,
                (x - 5, y - 13, x + 5, y - 1) if number % 2 else (x - 5, y + 15, x + 5, y + 27),
            )
            == 0
        )


def test_the_head_of_a_landscape_table_is_repeated_on_each_page() -> None:
    annex = Annex(number=1, title="完成情况表", landscape=True, blocks=(completion_table(42),))
    found = [text for text in texts(sample_pdf(sample_html(1, annexes=(annex,)))) if "心理健康" in text]
    assert len(found) >= 3
    assert all("任务举措" in text for text in found)


def test_a_tables_row_is_never_parted_by_the_pages_end() -> None:
    rows = tuple(Row(cells=(Cell(text=f"甲{n}乙" + "字" * 90 + f"丙{n}丁"),)) for n in range(30))
    table = Table(columns=(Column(title="情况", share=1),), rows=rows)
    found = ["".join(text.split()) for text in texts(set_blocks(table))]
    assert len([text for text in found if "甲" in text]) > 2
    for n in range(30):
        assert [f"甲{n}乙" in text for text in found] == [f"丙{n}丁" in text for text in found]


def test_no_page_holds_one_or_two_rows_of_a_table_alone() -> None:
    def table(rows: int) -> Table:
        lines = tuple(Row(cells=(Cell(text=f"第{n}行"),)) for n in range(rows))
        return Table(columns=(Column(title="情况", share=1),), rows=lines)

    sizes = range(22, 29)
    annexes = tuple(Annex(number=n, title=f"表{n}", blocks=(table(n),)) for n in sizes)
    found = texts(sample_pdf(sample_html(blocks=body(1), annexes=annexes, sample=False)))
    counted = [text.count("行") for text in found if "情况\r\n第" in text]
    assert sum(counted) == sum(sizes)
    assert len(counted) > len(sizes)
    assert min(counted) >= 3


def test_quotation_marks_may_begin_a_line_and_end_one() -> None:
    text = "词" * 25 + "“关爱”" + "词" * 26 + "“早”" + "词"
    chosen = [line.text for line in in_type_area(pages(set_paragraphs(text))[0]) if "词" in line.text]
    assert chosen == ["词" * 25, "“关爱”" + "词" * 24, "词词“早”词"]


def test_numbers_stay_with_their_measure_words() -> None:
    pdf = set_paragraphs(*("甲" * shift + FIGURES + "今年新增3 名儿童主任" for shift in range(0, 28, 3)))
    for lines in pages(pdf):
        for line, following in pairwise(lines):
            assert not (line.text[-1].isdigit() and following.text[0] in "年月日号次项名条场人季")


MARKS_AND_WORDS = [*"的一是在不了有和人这中", *FORBIDDEN_FIRST, *FORBIDDEN_LAST, "2025年", "95.5%"]


@settings(
    max_examples=10, deadline=None, derandomize=True, phases=[Phase.generate]
)  # shrinking would take minutes
@given(st.lists(st.sampled_from(MARKS_AND_WORDS), min_size=300, max_size=600))
def test_no_line_begins_or_ends_with_a_mark_that_may_not(parts: list[str]) -> None:
    # Marks in writing never come in rows; where they do, nothing could be parted.
    text = re.sub(r"([^\w])[^\w]+", r"\1", "字" + "".join(parts))
    number, lines = 1, pages(set_paragraphs(text))[0]
    start = next(n for n, line in enumerate(lines) if line.text.startswith("字"))
    written = [line for line in lines[start:] if line.y > BOTTOM]
    assert len(written) >= 6
    for line, following in pairwise(written):
        assert following.text[0] not in FORBIDDEN_FIRST
        assert line.text[-1] not in FORBIDDEN_LAST
        assert line.right == pytest.approx(edges(number)[1], abs=1)


def test_a_heading_never_ends_a_page() -> None:
    blocks: list[Block] = []
    for number in range(1, 31):
        blocks += [Heading(level=2, text=f"（{number}）标题"), Paragraph(runs=plain(PROSE))]
    for lines in pages(sample_pdf(sample_html(blocks=blocks, annexes=(), sample=False))):
        assert "标题" not in in_type_area(lines)[-1].text


def test_latin_words_and_numbers_are_not_stretched() -> None:
    assert elasticity("关爱2025") == 2
    assert elasticity("2025 年") == 2
    assert elasticity("“早\u200b”") == 3


def test_an_unknown_version_of_the_renderer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weasyprint, "VERSION", "71.0")
    with pytest.raises(Problem) as refusal:
        typesetting.adapt()
    assert refusal.value.kind is ProblemKind.RENDERER_UNKNOWN
