import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.privacy import RULES, Context, Finding, RuleId, find, find_in_value
from tests.domain.privacy_cases import ORDINARY, REFUSED

GAPS = st.text(alphabet=" \t\n-－–—._·/、，　\u200b\u200d\ufeff\u00ad\u00a0", max_size=3)
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
PROSE = st.text(alphabet="我区民政部门开展走访慰问关爱服务工作，。；：（）“”的了在", max_size=12)

NEAR_MISSES_BY_WORD = (
    "5名儿童主任",
    "3场讲座",
    "8所学校",
    "二名心理咨询师",
    "一对一",
    "一人一档",
    "每名儿童",
    "1名干部帮扶1名儿童",
    "第一名学生",
    "十名儿童",
    "10名孤儿",
    "一百二十三名学生",
    "1.5万名学生",
    "每校3名学生",
    "3个儿童之家",
    "儿童一站式服务",
    "给留守儿童一个温暖的家",
    "7名儿童福利督导员",
)


def rules(text: str, context: Context = Context.NARRATIVE) -> set[RuleId]:
    return {finding.rule for finding in find(text, context=context)}


def check_character(first_seventeen: str) -> str:
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, weights, strict=True))
    return "10X98765432"[total % 11]


def luhn_digit(body: str) -> str:
    doubled = [sum(divmod(int(d) * 2, 10)) if i % 2 == 0 else int(d) for i, d in enumerate(body[::-1])]
    return str(-sum(doubled) % 10)


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    province = draw(st.sampled_from(["11", "13", "22", "23", "37", "44", "51", "65", "83"]))
    place = draw(st.integers(0, 9999))
    born = draw(st.dates(date(1930, 1, 1), date(2026, 12, 31)))
    order = draw(st.integers(0, 999))
    body = f"{province}{place:04}{born:%Y%m%d}{order:03}"
    return body + check_character(body)


@st.composite
def spread(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> tuple[str, str]:
    """A number, and the same written with gaps, perhaps full-width, inside a sentence."""
    number = draw(numbers)
    shown = number.translate(FULL_WIDTH) if draw(st.booleans()) else number
    gapped = "".join(digit + draw(GAPS) for digit in shown[:-1]) + shown[-1]
    return number, draw(PROSE) + gapped + draw(PROSE)


@pytest.mark.parametrize("sentence", ORDINARY)
def test_ordinary_prose_of_a_progress_report_comes_in(sentence: str) -> None:
    assert find(sentence) == ()


def test_the_ordinary_sentences_come_in_as_one_report_too() -> None:
    assert find("\n".join(ORDINARY)) == ()


@pytest.mark.parametrize(("text", "rule"), REFUSED)
def test_what_identifies_a_child_is_refused_by_its_rule(text: str, rule: RuleId) -> None:
    assert rule in rules(text)


@pytest.mark.parametrize(("text", "rule"), REFUSED)
def test_a_breach_is_found_in_the_middle_of_a_report(text: str, rule: RuleId) -> None:
    report = f"{ORDINARY[0]}\n{text}\n{ORDINARY[7]}"
    found = [finding for finding in find(report) if finding.rule is rule]
    assert any(finding.start < len(ORDINARY[0]) + 1 + len(text) for finding in found)


def test_the_cases_are_many_and_reach_every_rule() -> None:
    assert len(set(ORDINARY)) >= 60
    assert len({text for text, _ in REFUSED}) >= 80
    assert {rule for _, rule in REFUSED} == set(RuleId) == set(RULES)


@pytest.mark.parametrize("rule", RuleId)
def test_every_rule_says_what_to_write_and_where_it_comes_from(rule: RuleId) -> None:
    assert "请" in RULES[rule].reason
    assert RULES[rule].reason.endswith("。")
    assert "困境儿童个人信息保护工作办法" in RULES[rule].source
    assert "通知" in RULES[rule].source


@given(spread(identity_numbers()))
def test_a_valid_identity_number_is_found_however_it_is_written(case: tuple[str, str]) -> None:
    number, text = case
    found = [f for f in find(text) if f.rule is RuleId.IDENTITY_NUMBER]
    assert len(found) == 1
    written = text[found[0].start : found[0].end].translate(
        str.maketrans("０１２３４５６７８９Ｘ", "0123456789X")
    )
    assert "".join(c for c in written if c in "0123456789X") == number


@given(identity_numbers(), st.text(alphabet="0123456789", max_size=6), st.text("0123456789", max_size=3))
def test_a_number_glued_to_other_digits_is_still_found(number: str, before: str, after: str) -> None:
    assert RuleId.IDENTITY_NUMBER in rules(before + number + after)


@given(identity_numbers(), st.integers(1, 9))
def test_a_figure_whose_check_digit_is_wrong_is_no_identity_number(number: str, shift: int) -> None:
    wrong = "0123456789"[("0123456789X".index(number[-1]) + shift) % 10]
    if wrong == number[-1]:
        wrong = "0123456789"[(int(wrong) + 1) % 10]
    table = f"项目\t金额（分）\n合计\t{number[:-1]}{wrong}\n"
    assert RuleId.IDENTITY_NUMBER not in rules(table)


@given(
    st.integers(130_0000_0000, 199_9999_9999),
    st.sampled_from(["", " ", "-", "－", "\u200b", "　", "."]),
    st.sampled_from(["", "+86 ", "86-", "0086", "（", "tel:", "手机"]),
)
def test_a_mobile_number_is_found_in_the_groups_people_write(number: int, gap: str, prefix: str) -> None:
    digits = str(number)
    for groups in ((3, 4), (3, 3), (4, 3), (4, 4), (3, 8)):
        first, second = groups
        parts = (digits[:first], digits[first : first + second], digits[first + second :])
        text = f"家长{prefix}{gap.join(part for part in parts if part)}，已回访"
        assert RuleId.TELEPHONE in rules(text)


@given(st.text("0123456789", min_size=13, max_size=16), st.sampled_from(["", " ", "-", "\u200b", "\n"]))
def test_a_bank_card_is_found_whole_or_in_fours(body: str, gap: str) -> None:
    number = "62" + body
    number += luhn_digit(number)
    text = gap.join(number[at : at + 4] for at in range(0, len(number), 4))
    assert rules(f"打入{text}。") & {RuleId.BANK_CARD, RuleId.IDENTITY_NUMBER}


@given(identity_numbers() | st.integers(130_0000_0000, 199_9999_9999).map(str))
def test_a_finding_never_holds_the_value(number: str) -> None:
    text = f"该生{number}，家长王小明"
    for finding in find(text):
        told = f"{finding!r} {finding} {finding.reason}"
        assert number not in told
        assert "王小明" not in told


@given(st.text())
def test_any_text_is_judged_and_offsets_lie_within_it(text: str) -> None:
    findings = find(text)
    assert list(findings) == sorted(findings)
    assert all(0 <= f.start < f.end <= len(text) for f in findings)


@given(st.text(alphabet="孤儿王小明男女9岁1名村该被家住的某×()，。:- ", max_size=40))
def test_every_refusal_is_reported_once_for_a_place(text: str) -> None:
    findings = find(text)
    assert len(set(findings)) == len(findings)


def test_offsets_count_the_characters_of_the_text_as_given() -> None:
    text = "\u200b\u200b身份：２２\u200b０３０２２０１５０１０１１２３６。"
    (finding,) = find(text)
    assert text[finding.start : finding.end] == text[text.index("２") : text.index("。")]


@pytest.mark.parametrize("text", NEAR_MISSES_BY_WORD)
def test_counts_of_staff_sessions_and_places_are_no_counts_of_children(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize("numeral", "123456789一二两三四五六七八九")
@pytest.mark.parametrize("noun", ["孤儿", "儿童", "学生", "事实无人抚养儿童", "女童"])
def test_one_to_nine_children_are_a_small_count_and_ten_are_not(numeral: str, noun: str) -> None:
    assert RuleId.SMALL_COUNT in rules(f"共{numeral}名{noun}")
    assert RuleId.SMALL_COUNT in rules(f"{noun}{numeral}名")
    assert RuleId.SMALL_COUNT not in rules(
        f"共1{numeral}名{noun}" if numeral.isascii() else f"共十{numeral}名{noun}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "山门镇开展走访。",
        "为困境儿童落实低保。",
        "孩子今年8岁。",
        "在平安社区，孩子今年8岁。",
        "在平安社区，为困境儿童送去书包。",
    ],
)
def test_place_age_and_event_identify_only_together(text: str) -> None:
    assert RuleId.JOINED not in rules(text)


def test_the_officer_who_filled_in_the_form_may_give_name_and_telephone() -> None:
    contact = "监护人：赵桂兰 13800138000 lilei@163.com"
    assert rules(contact) == {RuleId.PERSON_NAME, RuleId.TELEPHONE, RuleId.ONLINE_CONTACT}
    assert rules(contact, Context.CONTACT) == set()
    assert rules("李静 220302201501011236", Context.CONTACT) == {RuleId.IDENTITY_NUMBER}


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (220302201501011236, RuleId.IDENTITY_NUMBER),
        (220302201501011234, RuleId.IDENTITY_NUMBER),
        (float(220302201501011234), RuleId.IDENTITY_NUMBER),
        (220302201501011000, RuleId.IDENTITY_NUMBER),
        (Decimal(220302201501011236), RuleId.IDENTITY_NUMBER),
        (220302570101123, RuleId.IDENTITY_NUMBER),
        (6222021234567890000, RuleId.BANK_CARD),
        (6222021234567890.0, RuleId.BANK_CARD),
        (13800138000, RuleId.TELEPHONE),
        (13800138000.0, RuleId.TELEPHONE),
        ("220302201501011236", RuleId.IDENTITY_NUMBER),
    ],
)
def test_a_number_typed_into_a_figure_cell_is_refused(value: object, rule: RuleId) -> None:
    findings = find_in_value(value)
    assert [finding.rule for finding in findings] == [rule]
    assert str(value) not in repr(findings)


@pytest.mark.parametrize(
    "value",
    [None, True, 0, 3, 9.5, -12, 1_264_000, 98.6, 5230000.75, float("nan"), float("inf"), 1e300,
     Decimal("NaN"), date(2015, 3, 4), "", "12"],
)  # fmt: skip
def test_an_ordinary_figure_comes_in(value: object) -> None:
    assert find_in_value(value) == ()


@pytest.mark.parametrize("figure", [2024, 32260, 123456789, 5_230_000_00, 987654321012])
def test_amounts_of_money_come_in(figure: int) -> None:
    assert find(f"合计{figure}元") == ()


@pytest.mark.parametrize(
    "unit",
    ["1", "1 ", "1-", "12*", "a", "a@", "王", "王小", "某", "孤儿", "一名儿", "1名", "电话 ", "河东村", "9岁", "6222 ",
     "138 ", "2203022015010112", "名单", "(", "\u200b", "女童被", "强制报告", "卡·", " ", "\n", "孤儿共有", "现由"],
)  # fmt: skip
def test_the_work_grows_with_the_text_and_not_with_its_square(unit: str) -> None:
    """Eight times the text: 8 times the work if linear, 64 times if a pattern backtracks."""

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        started = time.process_time()
        find(text)
        return time.process_time() - started

    assert min(seconds(100_000) / max(seconds(12_500), 0.002) for _ in range(2)) < 28


def test_each_of_several_numbers_in_one_list_is_found() -> None:
    text = "220302201501011236\n220302201501011236、220302201501011236"
    assert [f.start for f in find(text)] == [0, 19, 38]


def test_one_number_is_reported_once() -> None:
    (finding,) = find("身份证号码：220302201501011236")
    assert finding.rule is RuleId.IDENTITY_NUMBER


def test_a_pasted_table_of_counts_is_no_telephone_number() -> None:
    rows = "培训\t135\t20\t1988\n宣传\t1520340\t1988\t15 12 30 45 60 7\n讲座 1345 678 90"
    assert find(rows) == ()


def test_findings_are_ordered_by_place() -> None:
    found = find("孤儿李明明，电话13800138000")
    assert [finding.rule for finding in found] == [RuleId.PERSON_NAME, RuleId.TELEPHONE]
    assert isinstance(found[0], Finding)
