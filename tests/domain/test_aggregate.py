"""Figures out of accepted versions, worked by hand for 东山镇 (town) and 西河街道 (street), then for years at random."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aggregate import (
    NOTHING,
    Figure,
    Gap,
    Key,
    Span,
    comparable,
    ratio,
    total,
    unit_figures,
    year_to_date,
)
from domain.duties import WorkItem
from domain.facts import ItemFacts, Submission
from domain.plan import Plan
from tests import cast
from tests.cast import STREET, TOWN
from tests.domain.happenings import accepted, day, facts, items, version

YEAR = Span(date(2025, 1, 1), date(2025, 12, 31))
LATER = day("2026-06-01")


@cache
def plan() -> Plan:
    """Every quarter both places tell levels and happenings; the month's visits are told monthly."""
    content = cast.plan_content()
    content["duties"] = [
        _duty("ledger", "quarter", ["children", "stay-behind", "hardship", "arrived", "due", "done"]),
        _duty("calls", "month", ["calls"]),
        _duty("money", "year", ["standard"]),
    ]
    content["indicators"] = [
        _indicator("children", "latest"),
        _indicator("stay-behind", "latest", overlaps=True),
        _indicator("hardship", "latest", overlaps=True),
        _indicator("arrived", "sum"),
        _indicator("due", "sum"),
        _indicator("done", "sum"),
        _indicator("calls", "sum"),
        _indicator("standard", "latest", over_units="none"),
        _indicator("rate", "latest", supplier=[], ratio={"numerator": "done", "denominator": "due"}),
    ]
    return Plan.model_validate(content)


def _duty(duty: str, every: str, indicators: list[str]) -> dict[str, Any]:
    basics = {"id": duty, "title": duty, "demand": duty, "measure": 1, "cites": ["一"]}
    return {**basics, "cadence": {"every": every}, "units": ["各乡镇街道"], "indicators": indicators}


def _indicator(indicator: str, over_time: str, **more: Any) -> dict[str, Any]:
    nature = "flow" if over_time == "sum" else "stock"
    basics = {"id": indicator, "name": indicator, "unit": "人", "supplier": ["各乡镇街道"], "measures": [1]}
    return {
        **basics,
        "nature": nature,
        "over_time": over_time,
        "sensitivity": "count",
        "cites": ["一"],
        **more,
    }


@cache
def year() -> dict[str, WorkItem]:
    return items(plan(), 2025, cast.calendar())


def quarter(number: int, unit: str = TOWN) -> WorkItem:
    return year()[f"ledger/{unit}/2025Q{number}"]


def figures(*found: ItemFacts, span: Span = YEAR, as_of: date = LATER) -> Mapping[Key, Figure]:
    return unit_figures(plan(), found, span, as_of)


def reported(indicator: str, *values: int | None, unit: str = TOWN) -> list[ItemFacts]:
    """The quarters from the first on, accepted with these values."""
    return [accepted(quarter(n, unit), {indicator: value}) for n, value in enumerate(values, start=1)]


def test_a_stock_is_the_level_of_the_latest_period_that_has_one() -> None:
    found = figures(*reported("children", 120, 131, 126))["children", TOWN]
    assert found.value == 126
    assert [source.period for source in found.sources] == ["2025Q3"]


def test_a_stock_falls_back_on_an_earlier_level_and_says_which_is_lacking() -> None:
    found = figures(*reported("children", 120, 131, None))["children", TOWN]
    assert found.value == 131
    assert found.gaps == (Gap(TOWN, "2025Q3"),)
    assert found.partial


def test_a_flow_is_the_sum_of_its_periods_with_every_one_as_source() -> None:
    found = figures(*reported("arrived", 3, 0, 5))["arrived", TOWN]
    assert found.value == 8
    assert [source.period for source in found.sources] == ["2025Q1", "2025Q2", "2025Q3"]
    assert not found.gaps


def test_a_flow_that_lacks_a_period_is_partial_and_lists_it() -> None:
    found = figures(*reported("arrived", 3, None, 5))["arrived", TOWN]
    assert found.value == 8
    assert found.gaps == (Gap(TOWN, "2025Q2"),)


def test_missing_is_not_zero() -> None:
    nothing = figures(*reported("arrived", None, None), span=Span(date(2025, 1, 1), date(2025, 6, 30)))
    zero = figures(*reported("arrived", 0, 0))
    assert nothing["arrived", TOWN].value is None
    assert not nothing["arrived", TOWN].partial
    assert zero["arrived", TOWN].value == 0


def test_what_is_not_due_yet_is_no_gap() -> None:
    open_items = [facts(quarter(n)) for n in (3, 4)]
    found = figures(*reported("arrived", 3, 4), *open_items, as_of=day("2025-08-01"))
    assert found["arrived", TOWN] == figures(*reported("arrived", 3, 4))["arrived", TOWN]


@pytest.mark.parametrize(
    "versions",
    [
        pytest.param((version("2025-03-30", {"arrived": 4}),), id="not reviewed"),
        pytest.param((version("2025-03-30", {"arrived": 4}, returned="2025-04-01"),), id="sent back"),
        pytest.param((version("2025-03-30", {"arrived": 4}, accepted="2026-06-02"),), id="accepted tomorrow"),
        pytest.param(
            (version("2026-06-02", {"arrived": 4}, accepted="2026-06-02"),), id="handed in tomorrow"
        ),
    ],
)
def test_a_version_that_is_not_accepted_by_the_day_never_counts(versions: tuple[Submission, ...]) -> None:
    found = figures(facts(quarter(1), *versions))["arrived", TOWN]
    assert found == Figure(None, gaps=(Gap(TOWN, "2025Q1"),))


def test_of_several_versions_the_accepted_one_counts() -> None:
    first = version("2025-03-20", {"arrived": 4}, returned="2025-03-22")
    second = version("2025-03-25", {"arrived": 6}, accepted="2025-03-26")
    found = figures(facts(quarter(1), first, second))["arrived", TOWN]
    assert found.value == 6
    assert [(source.version, source.reviewer) for source in found.sources] == [(2, cast.ZHAO_QIANG)]


def test_a_total_over_units_sums_what_is_there_and_lists_what_is_not() -> None:
    found = figures(*reported("arrived", 3, 4), *reported("arrived", 10, None, unit=STREET))
    whole = total(plan().indicators_by_id["arrived"], found, [TOWN, STREET])
    assert whole.value == 17
    assert whole.gaps == (Gap(STREET, "2025Q2"),)
    assert len(whole.sources) == 3


def test_what_the_plan_forbids_to_add_up_has_no_total() -> None:
    standard = plan().indicators_by_id["standard"]
    found = {("standard", TOWN): Figure(Decimal(1460)), ("standard", STREET): Figure(Decimal(1460))}
    assert total(standard, found, [TOWN, STREET]) == NOTHING


def test_a_total_is_of_one_indicator_so_that_overlapping_groups_never_meet() -> None:
    found = figures(accepted(quarter(1), {"stay-behind": 90, "hardship": 60, "children": 130}))
    for indicator in plan().indicators:
        whole = total(indicator, found, [TOWN])
        assert whole.value in {None, found.get((indicator.id, TOWN), NOTHING).value}


def test_a_rate_is_of_the_sums_and_never_the_mean_of_rates() -> None:
    found = figures(
        accepted(quarter(1), {"done": 9, "due": 10}), accepted(quarter(1, STREET), {"done": 100, "due": 200})
    )
    done, due = (total(plan().indicators_by_id[i], found, [TOWN, STREET]) for i in ("done", "due"))
    assert ratio(done, due).value == Decimal("51.9")  # 109 of 210; the mean of 90% and 50% would be 70%


@pytest.mark.parametrize(
    ("numerator", "denominator"), [(None, Decimal(5)), (Decimal(5), None), (Decimal(0), Decimal(0))]
)
def test_a_rate_of_nothing_is_missing(numerator: Decimal | None, denominator: Decimal | None) -> None:
    assert ratio(Figure(numerator), Figure(denominator)).value is None


@pytest.mark.parametrize(
    ("part", "whole", "rate"), [(1, 1, "100"), (0, 7, "0"), (1, 3, "33.3"), (1, 16, "6.3")]
)
def test_a_rate_has_one_digit_with_halves_rounded_up(part: int, whole: int, rate: str) -> None:
    assert str(ratio(Figure(Decimal(part)), Figure(Decimal(whole))).value) == rate


def test_a_rate_shares_its_parts_sources_once() -> None:
    found = figures(accepted(quarter(1), {"done": 9, "due": 10}))
    rate = ratio(found["done", TOWN], found["due", TOWN])
    assert rate.sources == found["due", TOWN].sources


def test_parts_that_speak_of_different_periods_are_not_comparable() -> None:
    rate = plan().indicators_by_id["rate"]
    whole = figures(
        accepted(quarter(1), {"done": 9, "due": 10}), accepted(quarter(2), {"done": 8, "due": 10})
    )
    torn = figures(
        accepted(quarter(1), {"done": 9, "due": 10}), accepted(quarter(2), {"done": None, "due": 10})
    )
    assert comparable(plan(), rate, whole, TOWN)
    assert not comparable(plan(), rate, torn, TOWN)
    assert not comparable(plan(), rate, whole, STREET)
    assert not comparable(plan(), plan().indicators_by_id["due"], whole, TOWN)


def test_a_phase_or_a_quarter_counts_what_fell_due_in_it() -> None:
    found = reported("arrived", 1, 2, 4, 8)
    phase = Span(date(2025, 4, 1), date(2025, 9, 30))
    assert figures(*found, span=phase)["arrived", TOWN].value == 6
    assert figures(*found, span=Span(quarter(4).due, quarter(4).due))["arrived", TOWN].value == 8


def test_a_year_so_far_speaks_of_the_same_periods_for_every_unit() -> None:
    eager = reported("arrived", 1, 2, 4, 8)  # the fourth quarter was accepted early
    punctual = reported("arrived", 1, 2, 4, unit=STREET)
    found = figures(*eager, *punctual, span=year_to_date(2025, day("2025-12-05")))
    assert found["arrived", TOWN].value == found["arrived", STREET].value == 7


def test_a_year_so_far_has_what_is_told_once_a_year_as_soon_as_it_is_accepted() -> None:
    once = accepted(year()[f"money/{TOWN}/2025"], {"standard": 1460})
    early = once.model_copy(
        update={"submissions": (version("2025-11-20", {"standard": 1460}, accepted="2025-11-21"),)}
    )
    found = figures(early, span=year_to_date(2025, day("2025-12-05")), as_of=day("2025-12-05"))
    assert found["standard", TOWN].value == 1460


def test_a_year_is_whole_from_its_last_day_on() -> None:
    assert year_to_date(2025, day("2026-02-01")) == year_to_date(2025, day("2025-12-31"))


VALUES = st.none() | st.integers(0, 500)
MARKS = st.sampled_from(["accepted", "pending", "returned", "nothing"])


@st.composite
def years(draw: st.DrawFn) -> list[ItemFacts]:
    """Two places, four quarters, every indicator; some versions accepted, pending, returned, or none."""
    found = []
    for number in range(1, 5):
        for unit in (TOWN, STREET):
            item, mark = quarter(number, unit), draw(MARKS)
            asked = plan().duties_by_id[item.duty].indicators
            values = {i: draw(VALUES) for i in asked}
            when = item.due.isoformat()
            verdict = {kind: when if mark == kind else None for kind in ("accepted", "returned")}
            given = version(when, values, accepted=verdict["accepted"], returned=verdict["returned"])
            versions = [] if mark == "nothing" else [given]
            found.append(facts(item, *versions))
    return found


@given(years())
def test_every_figure_can_be_reckoned_again_from_its_sources_alone(found: list[ItemFacts]) -> None:
    by_id = {s.id: s for f in found for s in f.submissions}
    for (name, unit), figure in figures(*found).items():
        parts = [value_of(by_id[source.submission], name) for source in figure.sources]
        assert all(by_id[source.submission].accepted for source in figure.sources)
        assert {source.unit for source in figure.sources} <= {unit}
        assert figure.value == (sum(parts) if parts else None)
        if plan().indicators_by_id[name].over_time == "latest":
            assert len(parts) <= 1


@given(years())
def test_every_due_period_of_a_flow_is_either_a_source_or_a_gap(found: list[ItemFacts]) -> None:
    for (name, unit), figure in figures(*found).items():
        if plan().indicators_by_id[name].over_time == "sum":
            periods = [s.period for s in figure.sources] + [g.period for g in figure.gaps]
            assert sorted(periods) == sorted(f.item.occurrence.period for f in found if f.item.unit == unit)


@given(years(), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_makes_no_difference(found: list[ItemFacts], chance: Any) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert figures(*shuffled) == figures(*found)


def value_of(submission: Submission, indicator: str) -> Decimal:
    value = next(f.value for f in submission.figures if f.indicator == indicator)
    assert value is not None
    return value
