"""The sentences of a circular, each for none, one, some and all."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rates import Rate, Rates, counted
from domain.report.circular import wording as say

DAY = date(2026, 10, 14)
NAMES = (
    "山门镇",
    "石岭镇",
    "城东乡",
    "区民政局",
    "区教育局",
    "区残联",
    "北门街道",
    "平东街道",
    "平南街道",
    "解放街道",
)


@st.composite
def rates(draw: st.DrawFn) -> Rates:
    """Rates that can be: what is of quality is in time, what is in time and not returned is complete."""
    due = draw(st.integers(0, 5) | st.integers(0, 500))
    complete = draw(st.sampled_from([0, due]) | st.integers(0, due))
    timely = draw(st.sampled_from([0, due]) | st.integers(0, due))
    quality = draw(st.sampled_from([0, min(complete, timely)]) | st.integers(0, min(complete, timely)))
    returned = draw(st.integers(0, due - complete))
    return counted(due=due, complete=complete, timely=timely, quality=quality, pending=0, returned=returned)


def whole(told: str) -> bool:
    """Whether a text is whole sentences with nothing empty in them."""
    wrong = re.search(r"[，、；。：][，、；。：]|None|(?<!\d)0项", told)
    return told.endswith("。") and wrong is None


@given(rates())
def test_how_much_was_handed_in_is_always_a_whole_sentence(found: Rates) -> None:
    told = say.handed_in("第三季度", DAY, found)
    assert whole(told)
    assert told.count("。") == 1
    assert found.due != 1 or "均" not in told


@pytest.mark.parametrize(
    ("due", "complete", "timely", "quality", "told"),
    [
        (0, 0, 0, 0, "第三季度没有到期事项。"),
        (1, 1, 1, 1, "第三季度到期事项1项，已按期报送并一次审核通过。"),
        (1, 1, 0, 0, "第三季度到期事项1项，已逾期报送。"),
        (1, 0, 0, 0, "第三季度到期事项1项，截至2026年10月14日未报送。"),
        (8, 8, 8, 8, "第三季度到期事项8项，均已按期报送并一次审核通过。"),
        (8, 0, 0, 0, "第三季度到期事项8项，截至2026年10月14日均未报送。"),
        (
            8,
            8,
            6,
            0,
            "第三季度到期事项8项，截至2026年10月14日已全部报送；按期报送6项，及时率75%；没有一次审核通过的。",
        ),
        (
            8,
            6,
            5,
            4,
            "第三季度到期事项8项，截至2026年10月14日已报送6项，报送完整率75%；按期报送5项，及时率62.5%；一次审核通过4项，一次合格率50%。",
        ),
    ],
)
def test_how_much_was_handed_in(due: int, complete: int, timely: int, quality: int, told: str) -> None:
    found = counted(due=due, complete=complete, timely=timely, quality=quality, pending=0, returned=0)
    assert say.handed_in("第三季度", DAY, found) == told


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "山门镇"),
        (2, "山门镇、石岭镇"),
        (3, "山门镇、石岭镇、城东乡3个单位"),
        (9, "山门镇、石岭镇、城东乡、区民政局等9个单位"),
    ],
)
def test_units_are_named_while_they_can_be_read(count: int, told: str) -> None:
    assert say.units_named(NAMES[:count]) == told


@given(st.lists(st.integers(1, 400), max_size=12), st.data())
def test_what_is_late_is_always_told_whole(days: list[int], data: st.DataObject) -> None:
    items = [say.LateItem(NAMES[n % 4], "“六一”走访", "2026年第三季度") for n in range(len(days))]
    units = list(dict.fromkeys(one.unit for one in items))
    older = data.draw(st.integers(0, len(days)))
    told = say.lateness(items, units, days, older, "第三季度")
    assert whole(told)
    assert "““" not in told
    assert (str(max(days)) in told) if days else told == "目前没有逾期事项。"
    assert ("第三季度以前" in told) == bool(older)


@given(st.integers(0, 9), st.data())
def test_what_became_of_the_late_is_whole_or_nothing(before: int, data: st.DataObject) -> None:
    done = data.draw(st.integers(0, before))
    extended = data.draw(st.integers(0, before - done))
    told = say.settled(before, done, extended)
    assert whole(told) if before else not told
    assert before != 1 or "均" not in told


@given(*[st.lists(st.sampled_from(NAMES), unique=True)] * 3)
def test_which_units_turned_is_whole_or_nothing(
    cleared: Sequence[str], fewer: Sequence[str], more: Sequence[str]
) -> None:
    told = say.turned(cleared, fewer, more)
    assert whole(told) if (cleared or fewer or more) else not told


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)), max_size=3))
def test_how_rates_went_is_whole_or_nothing(parts: list[tuple[int, int, int]]) -> None:
    named = [
        (f"率{n}", Rate(count=min(a, of), of=of), Rate(count=min(b, of), of=of))
        for n, (a, b, of) in enumerate(parts)
    ]
    told = say.compared(named)
    assert told.endswith("。") if parts else not told
    assert "上期" not in told


def test_rates_that_stand_still_or_move_are_told_as_they_are() -> None:
    def rate(count: int, of: int = 8) -> Rate:
        return Rate(count=count, of=of)

    assert say.compared([("完整率", rate(6), rate(8)), ("及时率", rate(4), rate(3))]) == (
        "完整率由75%提高到100%，及时率由50%下降到37.5%。"
    )
    assert (
        say.compared([("完整率", rate(6), rate(6)), ("及时率", rate(6), rate(6))])
        == "完整率、及时率均持平，均为75%。"
    )
    assert say.compared([("完整率", rate(8), rate(8)), ("及时率", rate(6), rate(6))]) == (
        "完整率、及时率均持平，分别为100%、75%。"
    )
    assert say.compared([("完整率", rate(0, 0), rate(8))]) == ""


@pytest.mark.parametrize(
    ("total", "open_", "end"),
    [
        (1, 0, "，已补录。"),
        (3, 0, "，均已补录。"),
        (3, 3, "，均尚待补录。"),
        (3, 1, "，已补录2项，尚待补录1项。"),
        (1, 1, "，尚待补录。"),
    ],
)
def test_what_is_made_up_for_is_told_apart(total: int, open_: int, end: str) -> None:
    told = say.recorded_later(date(2026, 3, 1), total, open_)
    assert told.startswith(f"平台启用（2026年3月1日）或列入方案以前已到期的事项{total}项")
    assert told.endswith(end)
    assert say.recorded_later(date(2026, 3, 1), 0, 0) == ""


@given(st.lists(st.integers(1, 4), min_size=2, max_size=6))
def test_a_ranking_names_the_first_and_the_last(sizes: list[int]) -> None:
    groups = [(Decimal(100 - n), NAMES[:size]) for n, size in enumerate(sizes)]
    told = say.ranking(groups)
    assert whole(told)
    assert "（100分）" in told
    assert f"（{100 - len(sizes) + 1}分）" in told


@pytest.mark.parametrize(
    ("to_review", "returned", "told"),
    [
        (0, 0, ""),
        (1, 0, "目前有1项已报送事项待审核。"),
        (0, 2, "目前有2项退回后待补正。"),
        (3, 2, "目前共有3项已报送事项待审核，另有2项退回后待补正。"),
    ],
)
def test_what_is_open_is_told_where_there_is_any(to_review: int, returned: int, told: str) -> None:
    assert say.open_ends(to_review, returned) == told
