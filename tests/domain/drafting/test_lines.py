"""Lines of a file made into paragraphs."""

from hypothesis import given
from hypothesis import strategies as st

from domain.drafting.lines import ROW, Line, paragraphs, widened
from tests.notices import YUNXI, wrapped


def lines(text: str, page: int = 0) -> list[Line]:
    return [Line.of(line, f"第{n}行", page) for n, line in enumerate(text.split("\n"), start=1)]


def texts(found: tuple[Line, ...]) -> list[str]:
    return [line.text for line in found if line.text]


def test_a_text_that_was_not_wrapped_is_left_alone() -> None:
    text = YUNXI.read_text("utf-8")

    assert texts(paragraphs(lines(text))) == [line.strip() for line in text.split("\n") if line.strip()]


def test_short_paragraphs_of_about_one_width_are_not_taken_for_a_wrapped_page() -> None:
    text = "某县人民政府办公室关于印发《某县关爱方案》的通知\n各镇人民政府：\n一、任务\n"
    text += "（一）县教育局：负责控辍保学。每学期走访一次。\n（二）县公安局、县司法局。每季度到校普法一次。"

    assert texts(paragraphs(lines(text))) == text.split("\n")


def test_wrapped_lines_are_joined_and_page_numbers_dropped() -> None:
    text = YUNXI.read_text("utf-8")

    assert texts(paragraphs(lines(wrapped(text)))) == texts(paragraphs(lines(text)))


def test_a_joined_line_knows_where_each_piece_of_it_stood() -> None:
    full = "甲" * 30
    (joined,) = paragraphs(lines("\n".join([full, full, full, full, "尾。"])))

    assert joined.text == full * 4 + "尾。"
    assert [joined.place(at) for at in (0, 29, 30, 90, 121)] == ["第1行", "第1行", "第2行", "第4行", "第5行"]


def test_a_full_line_is_not_joined_to_a_numbered_one_or_over_a_blank() -> None:
    full = "乙" * 30
    text = "\n".join([full, full, "2.另一项。", full, full, "", "另一段"])

    assert texts(paragraphs(lines(text))) == [full * 2, "2.另一项。", full * 2, "另一段"]


def test_running_heads_and_numbers_at_the_edge_of_pages_are_dropped() -> None:
    found: list[Line] = []
    for page in (1, 2, 3):
        found += lines(f"某区文件 第{page}期\n第{page}页的正文。\n12\n还有正文。\n{page}", page)

    assert texts(paragraphs(found)) == [
        "第1页的正文。",
        "12",
        "还有正文。",
        "第2页的正文。",
        "12",
        "还有正文。",
        "第3页的正文。",
        "12",
        "还有正文。",
    ]


def test_rows_of_tables_are_never_joined() -> None:
    row = ROW + "丙" * 29

    assert texts(paragraphs(lines("\n".join([row] * 6)))) == [row] * 6


def test_marks_beside_chinese_characters_are_widened_and_figures_kept() -> None:
    assert (
        widened("牵头单位:区发改局,各镇(街道);1,200人,12:30")
        == "牵头单位：区发改局，各镇（街道）；1,200人，12:30"
    )


@given(st.text(alphabet="甲乙。（一、1.\n 　—\t", max_size=200))
def test_no_character_is_lost_or_added_but_white_space_and_page_numbers(text: str) -> None:
    kept = "".join("".join(texts(paragraphs(lines(text)))).split())

    assert set(kept) <= set(text)
    assert len(kept) <= len("".join(text.split()))


@given(st.text(max_size=80))
def test_widening_keeps_every_character_in_its_place(text: str) -> None:
    assert len(widened(text)) == len(text)
