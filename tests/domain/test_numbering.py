"""Numbers of headings: every style, every order in which documents use them, and what is misnumbered."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.notice import Misnumbered, paragraphs, read_sections
from domain.numbering import Style
from domain.numerals import chinese, numeral

WRITTEN = {
    Style.CHAPTER: ["第{c}章 {t}", "第{c}部分：{t}", "第{n}章　{t}"],
    Style.DIVISION: ["第{c}节 {t}"],
    Style.FIRST: ["{c}、{t}", "{c}、 {t}", "{c}．{t}"],
    Style.ARTICLE: ["第{c}条 {t}", "第{c}条　{t}"],
    Style.SECOND: ["（{c}）{t}", "({c}){t}", "（{c}）、{t}", "（ {c} ）{t}"],
    Style.THIRD: ["{n}.{t}", "{n}、{t}", "{n}．{t}", "{w}．{t}", "{n}. {t}"],
    Style.FOURTH: ["（{n}）{t}", "({n}){t}", "（{w}）{t}", "{n}）{t}"],
    Style.FIFTH: ["{o}{t}", "{o} {t}"],
}
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
ORDERS = [
    [Style.FIRST, Style.SECOND, Style.THIRD, Style.FOURTH, Style.FIFTH],
    [Style.FIRST, Style.SECOND, Style.THIRD],
    [Style.FIRST, Style.THIRD, Style.FOURTH],
    [Style.FIRST, Style.SECOND, Style.FOURTH],
    [Style.CHAPTER, Style.FIRST, Style.SECOND],
    [Style.CHAPTER, Style.DIVISION, Style.ARTICLE, Style.SECOND],
    [Style.SECOND, Style.THIRD, Style.FOURTH],
    [Style.THIRD, Style.FOURTH, Style.FIFTH],
]


@dataclass
class Tree:
    """A heading that was generated: its style, the way it is written, and what stands under it."""

    style: Style
    form: str
    children: list["Tree"]


def trees(order: list[Style], least: int = 1) -> st.SearchStrategy[list[Tree]]:
    style, *below = order
    children = trees(below, 0) if below else st.just([])
    one = st.builds(Tree, st.just(style), st.sampled_from(WRITTEN[style]), children)
    return st.lists(one, min_size=least, max_size=3)


def lines_of(found: list[Tree], path: tuple[int, ...] = (), start: int = 1) -> list[tuple[str, Style, int]]:
    """The lines of generated headings, with the style and depth of each; articles run on through chapters."""
    written, articles = [], start
    for at, tree in enumerate(found, start=1):
        number = articles if tree.style is Style.ARTICLE else at
        articles += tree.style is Style.ARTICLE
        title = "关爱" + "事项" * (len(path) + 1)
        text = tree.form.format(
            c=chinese(number), n=number, w=str(number).translate(WIDE), o=chr(ord("①") + number - 1), t=title
        )
        written.append((text, tree.style, len(path)))
        written.append((f"{title}的正文。", tree.style, -1))
        inner = lines_of(tree.children, (*path, at), articles)
        articles += sum(1 for _, style, depth in inner if style is Style.ARTICLE and depth >= 0)
        written += inner
    return written


@settings(deadline=None)
@given(st.sampled_from(ORDERS).flatmap(trees))
def test_any_structure_is_read_back_whatever_its_style_of_numbering(found: list[Tree]) -> None:
    written = lines_of(found)

    reading = read_sections([text for text, _, _ in written])

    numbered = [section for section in reading.sections if section.style is not None]
    assert [s.style for s in numbered] == [style for _, style, depth in written if depth >= 0]
    assert reading.misnumbered == []
    depths: dict[int, int] = {}
    for at, section in enumerate(reading.sections):
        depths[at] = 0 if section.parent is None else depths[section.parent] + 1
    assert [depths[at] for at, s in enumerate(reading.sections) if s.style is not None] == [
        depth for _, _, depth in written if depth >= 0
    ]
    assert all(section.text.endswith("的正文。") for section in numbered)
    assert len({p.id for p in paragraphs(reading)}) == len(paragraphs(reading))


def ids(text: str) -> list[str]:
    return [p.id for p in paragraphs(read_sections(text.split("\n")))]


def misnumbered(text: str) -> list[tuple[str, str, int]]:
    return [(one.id, one.written, one.expected) for one in read_sections(text.split("\n")).misnumbered]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一、甲\n三、乙", [("二", "三", 2)]),
        ("一、甲\n一、乙\n二、丙", [("二", "一", 2), ("三", "二", 3)]),
        ("一、甲\n（一）乙\n1.子。丑。\n1.寅。卯。", [("一（一）2", "1", 2)]),
        ("一、甲\n（一）乙\n1.子。\n2.丑。\n（二）丙\n4.寅。", [("一（二）3", "4", 3)]),
        ("一、甲\n（二）乙\n（一）丙", [("一（一）", "二", 1), ("一（二）", "一", 2)]),
        ("一、甲\n二、乙\n3、丙\n四、丁", [("三", "3", 3)]),
        ("一、甲\n（一）乙\n1.子。丑。\n（2）丙\n（三）丁", [("一（二）", "2", 2)]),
    ],
)
def test_what_is_skipped_repeated_or_of_another_rank_is_told_and_counted_by_its_place(
    text: str, found: list[tuple[str, str, int]]
) -> None:
    assert misnumbered(text) == found


def test_a_chapter_with_a_wrong_number_is_known_by_the_points_under_it() -> None:
    assert ids("一、甲\n二、乙\n（一）子\n4、丙\n（一）丑\n三、丁") == [
        "一",
        "二",
        "二（一）",
        "三",
        "三（一）",
        "四",
    ]


def test_points_under_a_section_without_items_are_not_sections() -> None:
    assert ids("一、甲\n（一）乙\n（1）子\n（2）丑\n（二）丙") == [
        "一",
        "一（一）",
        "一（一）（1）",
        "一（一）（2）",
        "一（二）",
    ]


def test_items_that_run_on_through_chapters_keep_their_numbers() -> None:
    assert ids("一、甲\n1.子。\n2.丑。\n二、乙\n3.寅。") == ["一", "一1", "一2", "二", "二3"]


def test_stages_without_brackets_are_sections() -> None:
    reading = read_sections(["一、步骤", "第一阶段：部署（2025年3月）。", "第二阶段：推进。"])

    assert [s.id for s in reading.sections] == ["文头", "一", "一（一）", "一（二）"]
    assert reading.sections[2].title == "第一阶段：部署（2025年3月）"


def test_points_of_the_covering_letter_are_told_from_the_chapters_of_the_plan() -> None:
    text = (
        "通知\n各镇：\n一、报方案。\n二、定人员。\n某县人民政府\n2025年3月1日\n某县方案\n一、目标\n二、任务"
    )

    assert ids(text) == ["文头", "印发一", "印发二", "引言", "一", "二"]


def test_an_annex_has_a_numbering_of_its_own_and_the_plan_itself_may_be_one() -> None:
    text = "通知\n各镇：\n现印发给你们。\n附件\n某县方案\n一、目标\n二、任务\n附件2\n分工表\n一、甲\n附件3：\n一、乙"

    assert ids(text) == ["文头", "印发", "引言", "一", "二", "附件1", "附件1一", "附件2一"]


def test_sentences_know_their_line_and_the_character_on_it() -> None:
    section = read_sections(["一、甲。  第一句。", "", "第二句", "接着；第三句。"]).sections[1]

    assert section.places() == [(0, 6), (2, 0), (3, 3)]


def test_more_headings_than_chinese_numerals_count_are_still_read() -> None:
    assert ids("\n".join(["一、甲"] * 120))[-1] == "120"


@pytest.mark.parametrize(
    ("written", "number"),
    [("12", 12), ("十", 10), ("二十三", 23), ("二〇二四", 2024), ("一百零五", 105), ("⑫", 12), ("两", 2)],
)
def test_numerals_of_every_kind_are_read(written: str, number: int) -> None:
    assert numeral(written) == number


@given(st.integers(1, 99))
def test_chinese_numerals_are_read_back(number: int) -> None:
    assert numeral(chinese(number)) == number


@pytest.mark.parametrize("written", ["", "甲", "一甲"])
def test_what_is_no_number_is_not_read_as_one(written: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        numeral(written)


def test_a_misnumbered_heading_tells_its_line() -> None:
    assert read_sections(["一、甲", "", "三、乙"]).misnumbered == [Misnumbered("二", 2, "三", 2)]
