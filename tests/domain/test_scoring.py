"""Scores: every point that is lost has its line, and the lines are all there is."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.score_rules import ScoringRules
from domain.scoring import (
    Criterion,
    Happening,
    ItemScore,
    LineId,
    ScoredItem,
    appeal_until,
    ranks,
    score_item,
    score_unit,
)
from domain.status import Stage
from tests import cast
from tests.domain.happenings import day

CALENDAR = cast.calendar()
RULES = ScoringRules()
DUE, AS_OF = day("2025-03-31"), day("2025-04-30")


def happened(criterion: Criterion, ref: int, on: str) -> Happening:
    return Happening(LineId(criterion, ref), day(on))


def item(**more: Any) -> ScoredItem:
    """Visits of the first quarter, handed in on their due day and accepted, unless told otherwise."""
    basics: dict[str, Any] = {"number": 1, "unit": cast.TOWN, "duty": "home-visits", "measure": 1}
    basics |= {"period_label": "2025年第一季度", "due": DUE, "stage": Stage.FINISHED, "first": DUE}
    return ScoredItem(**(basics | more))


def scored(found: ScoredItem, rules: ScoringRules = RULES) -> ItemScore:
    return score_item(found, rules, AS_OF, CALENDAR.workdays_between)


def told(found: ItemScore) -> list[tuple[str, int]]:
    return [(line.words, int(line.counted)) for line in found.lines]


def test_an_item_in_order_has_full_points_and_no_line() -> None:
    assert scored(item()).points == 100
    assert not scored(item()).lines


@pytest.mark.parametrize(
    ("found", "lines", "points"),
    [
        pytest.param(
            item(stage=Stage.OPEN, first=None),
            [("到期未报送", -40), ("截止日前没有报送", -30), ("超过截止日 23 个工作日", -20)],
            10,
            id="nothing handed in: 22 weekdays in April and a make-up Sunday, of which 20 count at most",
        ),
        pytest.param(
            item(stage=Stage.TO_REVIEW, first=day("2025-04-03")),
            [("首次报送于2025年4月3日，晚于截止日", -30), ("超过截止日 3 个工作日", -3)],
            67,
            id="three days late, waiting for the office",
        ),
        pytest.param(
            item(
                stage=Stage.RETURNED,
                happenings=(happened(Criterion.RETURN, 1, "2025-04-08"),),
            ),
            [("退回后尚未补正", -40), ("2025年4月8日被退回（第 1 版）", -10)],
            50,
            id="in time, sent back, not mended",
        ),
        pytest.param(
            item(
                happenings=tuple(happened(Criterion.RETURN, n, f"2025-04-0{n}") for n in range(1, 6)),
            ),
            [
                *((f"2025年4月{n}日被退回（第 {n} 版）", -10) for n in range(1, 4)),
                *((f"2025年4月{n}日被退回（第 {n} 版），已扣至上限", 0) for n in range(4, 6)),
            ],
            70,
            id="sent back five times, of which three count",
        ),
        pytest.param(
            item(
                first=day("2025-04-01"),
                happenings=(
                    happened(Criterion.URGE, 7, "2025-03-28"),
                    happened(Criterion.URGE, 8, "2025-04-01"),
                    happened(Criterion.INSTRUCTION, 3, "2025-04-10"),
                ),
            ),
            [
                ("首次报送于2025年4月1日，晚于截止日", -30),
                ("超过截止日 1 个工作日", -1),
                ("2025年4月1日经催办", -5),
                ("批示没有按期反馈（期限 2025年4月10日）", -10),
            ],
            54,
            id="a day late, urged before the due day and after, an instruction not answered",
        ),
    ],
)
def test_each_shortcoming_takes_its_points_and_says_why(
    found: ScoredItem, lines: list[tuple[str, int]], points: int
) -> None:
    assert (told(scored(found)), int(scored(found).points)) == (lines, points)


def test_a_line_that_an_appeal_struck_out_is_shown_and_takes_nothing() -> None:
    late = item(first=day("2025-04-03"), struck=frozenset({LineId(Criterion.TIMELINESS)}))
    found = scored(late)
    assert [(line.id.criterion, int(line.points), line.struck) for line in found.lines] == [
        (Criterion.TIMELINESS, -30, True),
        (Criterion.OVERDUE, -3, False),
    ]
    assert found.points == 97


def test_a_return_that_was_struck_out_leaves_its_room_below_the_limit_to_others() -> None:
    returns = tuple(happened(Criterion.RETURN, n, f"2025-04-0{n}") for n in range(1, 5))
    found = scored(item(happenings=returns, struck=frozenset({LineId(Criterion.RETURN, 1)})))
    assert (int(found.points), [int(line.counted) for line in found.lines]) == (70, [0, -10, -10, -10])


def test_what_the_plan_sets_to_nothing_takes_nothing_and_is_not_told() -> None:
    rules = ScoringRules(timeliness=Decimal(0), per_overdue_day=Decimal(0), per_urge=Decimal(0))
    urged = item(first=day("2025-04-03"), happenings=(happened(Criterion.URGE, 8, "2025-04-01"),))
    assert not scored(urged, rules).lines
    assert scored(urged, rules).points == 70


def test_rules_by_which_nothing_can_be_earned_are_refused() -> None:
    with pytest.raises(ValidationError, match="不能都是 0"):
        ScoringRules(completeness=Decimal(0), timeliness=Decimal(0), quality=Decimal(0))


def test_a_units_score_is_the_mean_of_its_items_and_good_cases_add_to_it_up_to_a_limit() -> None:
    good, late = scored(item()), scored(item(first=day("2025-04-03")))
    found = score_unit(cast.TOWN, [good, good, late], {n: f"案例{n}" for n in range(1, 6)}, RULES)
    assert (found.mean, found.points) == (Decimal("89.00"), Decimal("92.00"))
    assert [one.points for one in found.bonuses] == [1, 1, 1, 0, 0]
    assert [int(found.lost(one)) for one in (Criterion.TIMELINESS, Criterion.RETURN)] == [-30, 0]


def test_halves_of_a_hundredth_are_rounded_up() -> None:
    one, two = scored(item()), scored(item(first=day("2025-04-01")))
    assert score_unit("", [one, one, one, one, one, one, one, two], {}, RULES).mean == Decimal(
        "96.13"
    )  # 96.125


def test_who_owed_nothing_has_no_score_and_no_place_even_with_a_good_case() -> None:
    assert score_unit(cast.TOWN, [], {1: "案例"}, RULES).points is None


def test_equals_share_a_place_and_the_next_is_left_out() -> None:
    given_scores = [Decimal(90), Decimal(95), None, Decimal(90), Decimal("90.00"), Decimal(70)]
    assert ranks(given_scores) == [2, 1, None, 2, 2, 5]


def test_a_line_may_be_disputed_for_some_working_days_after_the_quarter_or_its_own_day() -> None:
    late = scored(item(first=day("2025-04-24"), stage=Stage.TO_REVIEW))
    timeliness, overdue = late.lines
    end = day("2025-03-31")
    # 2, 3, 4, 7 and 8 April after the day on which it was late; 25, 27 (make-up), 28, 29 and 30 April after it came in
    assert appeal_until(timeliness, end, RULES, CALENDAR) == day("2025-04-08")
    assert appeal_until(overdue, end, RULES, CALENDAR) == day("2025-04-30")
    assert appeal_until(timeliness, day("2025-06-30"), RULES, CALENDAR) == day("2025-07-07")
    assert appeal_until(timeliness, end, ScoringRules(appeal_workdays=0), CALENDAR) is None


def test_beyond_the_announced_holidays_weekdays_are_days_for_an_appeal() -> None:
    late = scored(item(first=day("2025-04-24"), stage=Stage.TO_REVIEW))
    assert appeal_until(late.lines[0], day("2026-12-31"), RULES, CALENDAR) == day("2027-01-07")


def _happenings() -> st.SearchStrategy[tuple[Happening, ...]]:
    own = st.builds(
        LineId, st.sampled_from([Criterion.RETURN, Criterion.URGE, Criterion.INSTRUCTION]), st.integers(1, 9)
    )
    one = st.builds(Happening, own, st.dates(DUE - timedelta(days=20), AS_OF))
    return st.lists(one, max_size=8, unique_by=lambda found: found.id).map(tuple)


POINTS = st.decimals(0, 100, places=2)
ANY_RULES = st.builds(
    ScoringRules,
    completeness=POINTS,
    timeliness=POINTS,
    quality=POINTS.map(lambda points: points + 1),
    per_return=POINTS,
    per_overdue_day=POINTS,
    most_overdue=POINTS,
    per_urge=POINTS,
    most_urges=POINTS,
    per_late_instruction=POINTS,
    most_instructions=POINTS,
    per_case=POINTS,
    most_cases=POINTS,
)
ANY_ITEM = st.builds(
    item,
    number=st.integers(1, 999),
    stage=st.sampled_from(Stage),
    first=st.none() | st.dates(DUE - timedelta(days=20), AS_OF),
    happenings=_happenings(),
)


@given(ANY_ITEM, ANY_RULES)
def test_an_item_has_between_none_and_all_of_its_points_and_its_lines_say_which(
    found: ScoredItem, rules: ScoringRules
) -> None:
    result = scored(found, rules)
    assert 0 <= result.points <= result.full
    assert result.points == max(Decimal(0), result.full + sum(line.points for line in result.lines))
    assert all(line.points <= 0 for line in result.lines)
    assert len({line.id for line in result.lines}) == len(result.lines)
    most = {
        Criterion.COMPLETENESS: rules.completeness,
        Criterion.TIMELINESS: rules.timeliness,
        Criterion.OVERDUE: rules.most_overdue,
        Criterion.RETURN: rules.quality,
        Criterion.URGE: rules.most_urges,
        Criterion.INSTRUCTION: rules.most_instructions,
    }
    for criterion, points in most.items():
        assert -sum(line.points for line in result.lines if line.id.criterion is criterion) <= points


@given(ANY_ITEM, ANY_RULES, st.data())
def test_striking_a_line_never_costs_points_and_striking_all_gives_all(
    found: ScoredItem, rules: ScoringRules, data: st.DataObject
) -> None:
    every = [line.id for line in scored(found, rules).lines]
    some = data.draw(st.sets(st.sampled_from(every)) if every else st.just(set()))
    basics = {name: getattr(found, name) for name in ("number", "stage", "first", "happenings")}
    fewer = scored(item(**basics, struck=frozenset(some)), rules)
    assert fewer.points >= scored(found, rules).points
    assert scored(item(**basics, struck=frozenset(every)), rules).points == rules.full


@given(ANY_ITEM, ANY_RULES)
def test_one_more_shortcoming_never_earns_points(found: ScoredItem, rules: ScoringRules) -> None:
    basics = {name: getattr(found, name) for name in ("number", "stage", "first")}
    worse = (*found.happenings, Happening(LineId(Criterion.RETURN, 99), AS_OF))
    assert scored(item(**basics, happenings=worse), rules).points <= scored(found, rules).points


@given(st.lists(st.none() | st.decimals(0, 100, places=1), max_size=12))
def test_places_follow_the_scores(given_scores: Sequence[Decimal | None]) -> None:
    found = ranks(given_scores)
    for own, place in zip(given_scores, found, strict=True):
        assert (own is None) == (place is None)
        for other, theirs in zip(given_scores, found, strict=True):
            if own is not None and other is not None and place is not None and theirs is not None:
                assert (own > other, own == other) == (place < theirs, place == theirs)
    scored_places = sorted(place for place in found if place is not None)
    assert all(place <= number for number, place in enumerate(scored_places, start=1))


@given(st.lists(ANY_ITEM, min_size=1, max_size=6), ANY_RULES)
def test_a_units_mean_lies_between_its_worst_and_its_best_item(
    found: list[ScoredItem], rules: ScoringRules
) -> None:
    own = [scored(one, rules) for one in found]
    mean = score_unit(cast.TOWN, own, {}, rules).mean
    assert mean is not None
    half = Decimal("0.005")
    assert min(one.points for one in own) - half <= mean <= max(one.points for one in own) + half


def test_days_are_counted_on_working_days_only() -> None:
    late = item(due=date(2025, 4, 4), first=date(2025, 4, 6))
    weekend = scored(late)
    assert [line.points for line in weekend.lines] == [-30]  # late on a Sunday: no working day has gone by
