"""Each rate asks its own question of the items that have fallen due."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.facts import ItemFacts, Submission
from domain.rates import Rate, on_time, rates
from tests import cast
from tests.domain.happenings import day, facts, items, version

ITEMS = items(cast.small_plan(), 2025, cast.calendar())
AS_OF = day("2025-04-30")


def first_quarter(*versions: Submission, unit: str = cast.TOWN) -> ItemFacts:
    """Home visits of the first quarter, due on 31 March."""
    return facts(ITEMS[f"home-visits/{unit}/2025Q1"], *versions)


def counts(*found: ItemFacts) -> tuple[int, int, int, int]:
    result = rates(found, AS_OF)
    return result.due, result.completeness.count, result.timeliness.count, result.quality.count


@pytest.mark.parametrize(
    ("versions", "complete", "timely", "good"),
    [
        pytest.param((), 0, 0, 0, id="nothing handed in"),
        pytest.param((version("2025-03-31"),), 1, 1, 0, id="in time, not reviewed yet"),
        pytest.param(
            (version("2025-03-31", accepted="2025-04-02"),), 1, 1, 1, id="in time, accepted at once"
        ),
        pytest.param(
            (version("2025-04-01", accepted="2025-04-02"),), 1, 0, 0, id="a day late, accepted at once"
        ),
        pytest.param((version("2025-03-20", returned="2025-03-22"),), 0, 1, 0, id="in time, sent back"),
        pytest.param(
            (version("2025-03-20", returned="2025-03-22"), version("2025-04-03", accepted="2025-04-04")),
            1,
            1,
            0,
            id="in time, sent back, mended and accepted",
        ),
        pytest.param(
            (version("2025-03-20", returned="2025-03-22"), version("2025-04-03")),
            1,
            1,
            0,
            id="mended, waiting",
        ),
    ],
)
def test_completeness_timeliness_and_quality_are_three_things(
    versions: tuple[Submission, ...], complete: int, timely: int, good: int
) -> None:
    assert counts(first_quarter(*versions)) == (1, complete, timely, good)


def test_what_is_not_due_yet_is_in_no_rate() -> None:
    second = facts(ITEMS["home-visits/town/2025Q2"], version("2025-04-10", accepted="2025-04-11"))
    assert counts(second) == (0, 0, 0, 0)


def test_where_nothing_is_due_there_is_no_percentage() -> None:
    result = rates([], AS_OF)
    assert result.completeness.percent is None
    assert result.completeness.text() == "—"


def test_pending_and_returned_are_counted_by_the_newest_version() -> None:
    waiting = first_quarter(version("2025-03-20", returned="2025-03-22"), version("2025-04-03"))
    back = first_quarter(version("2025-03-20", returned="2025-03-22"), unit=cast.STREET)
    result = rates([waiting, back], AS_OF)
    assert (result.pending, result.returned) == (1, 1)


def test_a_day_in_the_past_knows_no_later_version_or_verdict() -> None:
    mended = first_quarter(
        version("2025-03-20", returned="2025-04-10"), version("2025-04-12", accepted="2025-04-14")
    )
    early, late = rates([mended], day("2025-04-05")), rates([mended], day("2025-04-14"))
    assert (early.pending, early.returned, early.completeness.count) == (1, 0, 1)
    assert (late.pending, late.returned, late.completeness.count) == (0, 0, 1)


@pytest.mark.parametrize(
    ("count", "of", "text"),
    [(625, 647, "96.6%"), (1, 3, "33.3%"), (1, 1, "100%"), (0, 5, "0%"), (1, 16, "6.3%")],
)
def test_a_rate_has_one_digit_with_halves_rounded_up_and_no_idle_zero(count: int, of: int, text: str) -> None:
    assert Rate(count=count, of=of).text() == text


HISTORIES = st.sampled_from(
    [
        (),
        (version("2025-03-31"),),
        (version("2025-03-31", accepted="2025-04-02"),),
        (version("2025-04-05", accepted="2025-04-06"),),
        (version("2025-03-20", returned="2025-03-22"),),
        (version("2025-03-20", returned="2025-03-22"), version("2025-04-03", accepted="2025-04-04")),
    ]
)


@given(st.lists(HISTORIES, max_size=12))
def test_quality_is_part_of_timeliness_and_no_rate_exceeds_what_is_due(
    histories: list[tuple[Submission, ...]],
) -> None:
    found = [first_quarter(*versions) for versions in histories]
    result = rates(found, AS_OF)
    assert result.due == len(found)
    assert 0 <= result.quality.count <= result.timeliness.count <= result.due
    assert result.timeliness.count == sum(map(on_time, found))
    assert result.completeness.count + result.returned + sum(not h for h in histories) == result.due
    for rate in (result.completeness, result.timeliness, result.quality):
        assert rate.percent is None or Decimal(0) <= rate.percent <= Decimal(100)
