"""Days and recurrences in the words of notices."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.cadence import Bound, Cadence
from domain.drafting.cadences import recurrences
from domain.drafting.dates import dates, first_day, spans, years

ISSUED = date(2024, 4, 29)


@pytest.mark.parametrize(
    ("text", "day", "bound"),
    [
        ("2024年6月底前完成", date(2024, 6, 30), Bound.BY),
        ("2024年2月底前完成", date(2024, 2, 29), Bound.BY),
        ("2025年底前实现", date(2025, 12, 31), Bound.BY),
        ("到2026年底，覆盖", date(2026, 12, 31), Bound.BY),
        ("于2025年10月1日前建成", date(2025, 10, 1), Bound.BEFORE),
        ("2025年6月30日（含）前报", date(2025, 6, 30), Bound.BY),
        ("2025年3月15日止", date(2025, 3, 15), Bound.BY),
        ("2024年上半年完成", date(2024, 6, 30), Bound.BY),
        ("2025年第三季度末", date(2025, 9, 30), Bound.BY),
        ("二〇二五年六月三十日前", date(2025, 6, 30), Bound.BEFORE),
    ],
)
def test_written_out_days_are_sure(text: str, day: date, bound: Bound) -> None:
    (found,) = dates(text, issued=ISSUED)

    assert (found.day, found.bound, found.unsure) == (day, bound, "")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("6月底前完成", date(2024, 6, 30)),
        ("10月1日前完成", date(2024, 10, 1)),
        ("年底前完成", date(2024, 12, 31)),
        ("今年底前完成", date(2024, 12, 31)),
        ("明年3月底前完成", date(2025, 3, 31)),
        ("印发之日起30日内报", date(2024, 5, 29)),
        ("自本通知印发之日起三个月内", date(2024, 7, 29)),
        ("2024年5月前完成", date(2024, 5, 31)),
        ("2024年9月上旬", date(2024, 9, 10)),
    ],
)
def test_days_that_had_to_be_reckoned_are_marked(text: str, day: date) -> None:
    (found,) = dates(text, issued=ISSUED)

    assert found.day == day
    assert found.unsure


@pytest.mark.parametrize(
    "text", ["三年内完成", "印发之日起10个工作日内", "2025年2月30日前", "2025年13月底前"]
)
def test_what_cannot_be_reckoned_has_no_day_and_says_why(text: str) -> None:
    (found,) = dates(text, issued=ISSUED)

    assert found.day is None
    assert found.unsure


@pytest.mark.parametrize(
    "text",
    [
        "每年12月1日前报送",
        "按民发〔2023〕62号执行",
        "落实《三年计划（2023-2025年）》",
        "2020年以来",
        "12·4”宪法日",
        "一定期限内",
    ],
)
def test_recurrences_document_numbers_and_titles_are_no_days(text: str) -> None:
    assert list(dates(text, issued=ISSUED)) == []


def test_without_a_day_of_issue_nothing_is_supposed() -> None:
    assert [one.day for one in dates("年底前、今年6月底前、印发之日起5日内", issued=None)] == [
        None,
        None,
        None,
    ]


def test_a_later_day_of_the_same_sentence_takes_the_year_of_the_earlier() -> None:
    first, second = dates("2025年3月1日前报方案，6月底前完成", issued=ISSUED)

    assert (first.day, second.day) == (date(2025, 3, 1), date(2025, 6, 30))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("（2024年1月至2月底）", date(2024, 1, 1), date(2024, 2, 29)),
        ("2024年3月—2025年12月", date(2024, 3, 1), date(2025, 12, 31)),
        ("2024年4月下旬-5月上旬", date(2024, 4, 21), date(2024, 5, 10)),
        ("2024年1月1日至2024年3月31日", date(2024, 1, 1), date(2024, 3, 31)),
        ("(5月-8月)", date(2024, 5, 1), date(2024, 8, 31)),
        ("（7月3日至15日）", date(2024, 7, 3), date(2024, 7, 15)),
        ("（11月）", date(2024, 11, 1), date(2024, 11, 30)),
    ],
)
def test_stretches_of_time_have_a_first_and_a_last_day(text: str, start: date, end: date) -> None:
    ((_, first, last, unsure),) = spans(text, issued=ISSUED)

    assert (first, last) == (start, end)
    assert bool(unsure) == ("年" not in text)


def test_years_and_signatures_are_read() -> None:
    assert years("自2024年至2026年开展") == (2024, 2026)
    assert years("（2025—2027年）") == (2025, 2027)
    assert first_day("某县人民政府二〇二四年六月二十日") == date(2024, 6, 20)


@pytest.mark.parametrize(
    ("text", "cadence"),
    [
        ("每年12月1日前报送", {"every": "year", "due": "12-01", "bound": "before"}),
        ("每年5月底前完成", {"every": "year", "due": "05-31"}),
        ("每年6月30日（含）前", {"every": "year", "due": "06-30"}),
        ("每年3月组织", {"every": "year", "opens": "03-01", "due": "03-31"}),
        ("每年抽查一次", {"every": "year"}),
        ("每年底前总结", {"every": "year"}),
        ("每半年盘点一次", {"every": "half-year"}),
        ("每季度更新", {"every": "quarter"}),
        ("每三个月走访一次", {"every": "quarter"}),
        ("至少每季度比对一次", {"every": "quarter"}),
        ("每个月走访一次", {"every": "month"}),
        ("按月调度", {"every": "month"}),
    ],
)
def test_recurrences_are_cadences(text: str, cadence: dict[str, Any]) -> None:
    (found,) = recurrences(text)

    assert found.cadence == cadence
    assert found.unsure == ""
    TypeAdapter[Any](Cadence).validate_python(found.cadence)


def test_festivals_named_together_are_one() -> None:
    (found,) = recurrences("在春节、“六一”、中秋节前走访慰问")

    assert found.cadence is not None
    assert [one.get("holiday") or one["on"] for one in found.cadence["festivals"]] == [
        "春节",
        "06-01",
        "中秋",
    ]
    TypeAdapter[Any](Cadence).validate_python(found.cadence)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("每周例会", False),
        ("每两年评估一次", False),
        ("重要节假日走访慰问", False),
        ("暑期集中整治", False),
        ("每月5日前更新", True),
        ("每年至少2次", True),
        ("每年6月和12月底前", True),
        ("每年13月前", False),
    ],
)
def test_what_no_cadence_says_is_marked(text: str, known: bool) -> None:  # noqa: FBT001 - a column of the table
    found = list(recurrences(text))

    assert found
    assert all(one.unsure for one in found)
    assert any(one.cadence is not None for one in found) is known


@settings(deadline=None)
@given(st.text(alphabet="每年月日底前季度半个一二3045至（）春节六〇，。", max_size=30))
def test_any_words_are_read_without_fault_and_into_valid_cadences(text: str) -> None:
    assert all(one.day is None or one.day.year > 0 for one in dates(text, issued=ISSUED))
    list(spans(text, issued=ISSUED))
    for one in recurrences(text):
        if one.cadence is not None:
            TypeAdapter[Any](Cadence).validate_python(one.cadence)
