"""A phase's assessment comes the working day after its end, within two weeks, of what the notice could still ask for."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessing import WITHIN, assessed_phases, assessment_day, days_of_assessing, to_be_assessed
from domain.plan import Phase, Plan
from tests.domain.report import tiedong
from tests.linhe import linhe

PLANS = [pytest.param(tiedong.plan, id="tiedong"), pytest.param(linhe, id="linhe")]


def phase(end: date, start: date = date(2004, 1, 1)) -> Phase:
    return tiedong.plan().phases[1].model_copy(update={"start": start, "end": end})


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("launch", "2024-03-01"),  # a Friday; but the notice came out in April
        ("implementation", "2026-01-04"),  # a Sunday that makes up for the holiday of 1 to 3 January
        ("consolidation", "2026-11-02"),  # the phase ends on a Saturday
    ],
)
def test_the_first_working_day_after_the_end_is_its_day(name: str, day: str) -> None:
    found = assessment_day(tiedong.plan().phase(name), tiedong.calendar())
    assert found == date.fromisoformat(day)


def test_a_phase_that_was_over_before_the_notice_came_out_is_the_office_s_to_order() -> None:
    assert [one.id for one in assessed_phases(tiedong.plan())] == ["implementation", "consolidation"]
    assert list(to_be_assessed(tiedong.plan(), date(2024, 3, 4), tiedong.calendar())) == []


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2025-12-31", []),
        ("2026-01-01", []),  # the holiday
        ("2026-01-03", []),
        ("2026-01-04", ["implementation"]),
        ("2026-01-14", ["implementation"]),
        ("2026-01-15", []),  # missed for two weeks: for the office to order
        ("2026-11-01", []),
        ("2026-11-02", ["consolidation"]),
    ],
)
def test_it_comes_within_two_weeks_or_not_by_itself(day: str, names: list[str]) -> None:
    found = to_be_assessed(tiedong.plan(), date.fromisoformat(day), tiedong.calendar())
    assert [one.id for one in found] == names


@given(st.dates(date(2010, 1, 1), date(2030, 12, 31)))
def test_whenever_a_phase_ends_its_day_is_worked_and_lies_within_the_two_weeks(end: date) -> None:
    calendar = tiedong.calendar().assuming
    day = assessment_day(phase(end), calendar)
    assert calendar.is_workday(day)
    assert end < day <= end + WITHIN
    between = ((end + timedelta(days=n)) for n in range(1, (day - end).days))
    assert not any(calendar.is_workday(one) for one in between)
    assert day in days_of_assessing(phase(end))


@pytest.mark.parametrize("plan", PLANS)
def test_each_phase_has_its_turn_once_the_one_before_is_over(plan: Callable[[], Plan]) -> None:
    for one in assessed_phases(plan()):
        day = assessment_day(one, tiedong.calendar())
        assert [p.id for p in to_be_assessed(plan(), day, tiedong.calendar())] == [one.id]
