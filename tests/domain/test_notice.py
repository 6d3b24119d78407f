"""Reading a notice: numbering, misnumbering, sentences."""

from hypothesis import given
from hypothesis import strategies as st

from domain.notice import digest, outline, parse_notice, split_sentences

NOTICE = """某政办〔2025〕1号
某区人民政府办公室
关于印发《方案》的通知

各镇人民政府：
现将方案印发给你们。
某区人民政府办公室
2025年1月2日
方案
为做好工作，制定本方案。
一、总体要求
坚持儿童优先。“说到做到。”定期检查；及时通报！好吗？
3、 组织机构
（一）名单
组  长：甲     副区长

副组长：乙     局长
四、任务
"""


def ids(text: str) -> list[str]:
    return [paragraph.id for paragraph in parse_notice(text)]


def test_what_stands_before_the_first_heading_is_told_apart() -> None:
    head, cover, introduction, *_ = parse_notice(NOTICE)

    assert (head.id, cover.id, introduction.id) == ("文头", "印发", "引言")
    assert head.text.endswith("各镇人民政府：")
    assert cover.sentences == ("现将方案印发给你们。", "某区人民政府办公室2025年1月2日")
    assert introduction.text == "方案为做好工作，制定本方案。"


def test_a_misnumbered_section_is_not_taken_for_an_item() -> None:
    assert ids("一、甲\n二、乙\n（一）丙\n1.丁。文。\n2.戊。文。\n3、 组织\n（一）名单\n") == [
        "一",
        "二",
        "二（一）",
        "二（一）1",
        "二（一）2",
        "三",
        "三（一）",
    ]


def test_an_item_with_the_wrong_stop_stays_an_item() -> None:
    assert ids("一、甲\n二、乙\n1、丙要做好。另有一句。\n2、丁要做好。\n3、戊要做好。\n") == [
        "一",
        "二",
        "二1",
        "二2",
        "二3",
    ]


def test_arabic_numbers_in_brackets_continue_the_second_level() -> None:
    assert ids("四、任务\n（一）甲行动。\n1.事。文。\n（2） 乙行动。\n2.事。文。\n（3）丙行动。") == [
        "一",
        "一（一）",
        "一（一）1",
        "一（二）",
        "一（二）2",
        "一（三）",
    ]


def test_points_below_an_item_are_the_fourth_level() -> None:
    assert ids("一、甲\n（一）乙\n1.丙。文：\n（1）子；\n（2）丑。\n2.丁。文。") == [
        "一",
        "一（一）",
        "一（一）1",
        "一（一）1（1）",
        "一（一）1（2）",
        "一（一）2",
    ]


def test_items_run_on_from_section_to_section_or_start_anew() -> None:
    on = ids("一、甲\n（一）乙\n1.子。\n2.丑。\n（二）丙\n3.寅。\n二、丁\n1.卯。")
    anew = ids("一、甲\n（一）乙\n1.子。\n2.丑。\n（二）丙\n1.寅。")

    assert on[-4:] == ["一（二）", "一（二）3", "二", "二1"]
    assert anew[-1] == "一（二）1"


def test_a_year_or_a_decimal_at_the_start_of_a_line_is_no_heading() -> None:
    assert ids("一、甲\n2.5万元用于补助。\n2025年底前完成。\n") == ["一"]


def test_a_heading_is_its_first_sentence_and_is_not_counted() -> None:
    (_, item) = parse_notice("一、任务\n1.加强教育。甲要做好。乙也要做好。（甲、乙负责）")

    assert item.title == "加强教育"
    assert item.sentences == ("甲要做好。", "乙也要做好。", "（甲、乙负责）")


def test_a_long_first_sentence_is_text_and_no_heading() -> None:
    (_, item) = parse_notice("一、任务\n1." + "各单位要认真落实" * 6 + "。再一句。")

    assert item.title == ""
    assert len(item.sentences) == 2


def test_a_list_of_people_stays_one_sentence_of_its_paragraph() -> None:
    roster = next(p for p in parse_notice(NOTICE) if p.title == "名单")

    assert roster.sentences == ("组长：甲副区长副组长：乙局长",)


def test_sentences_end_after_their_closing_quotation_mark() -> None:
    aims = next(p for p in parse_notice(NOTICE) if p.title == "总体要求")

    assert aims.sentences == (
        "坚持儿童优先。",
        "“说到做到。”定期检查；",
        "及时通报！",
        "好吗？",
    )


def test_a_notice_without_addressee_or_headings_is_all_head() -> None:
    assert ids("只有一行文字。") == ["文头"]
    assert ids("") == []


def test_the_outline_holds_no_text_of_the_notice() -> None:
    kept = outline(parse_notice(NOTICE))

    assert all(len(d) == 8 and int(d, 16) >= 0 for paragraph in kept for d in paragraph.sentences)
    assert [p.id for p in kept] == ids(NOTICE)


def test_a_digest_ignores_white_space_and_nothing_else() -> None:
    assert digest("甲 乙\n丙。") == digest("甲乙丙。")
    assert digest("甲乙丙。") != digest("甲乙丙！")


@given(st.text(alphabet="甲乙。；！？”）（“\n 1一、.", max_size=60))
def test_splitting_loses_no_character(text: str) -> None:
    assert "".join(split_sentences(text)) == "".join(text.split())


@given(
    st.lists(
        st.sampled_from(["一、甲", "3、乙", "（一）丙", "（2）丁", "1.戊。己。", "2、庚。", "文字。", ""]),
        max_size=12,
    )
)
def test_no_two_paragraphs_share_an_id_whatever_the_numbering(lines: list[str]) -> None:
    found = ids("\n".join(lines))

    assert len(found) == len(set(found))
