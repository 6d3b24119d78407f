"""What a round makes of a day: lights by the set, the day on which something turned red, periods that are over."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.duties import Occurrence, report_due
from domain.plan import LightRules
from domain.rounds import (
    DUTY_OVERDUE,
    Alike,
    Progress,
    duty_happenings,
    lines,
    quarter_before,
    reported_year,
    year_before,
)
from domain.status import Light, Stage
from tests import cast
from tests.domain.happenings import day
from tests.linhe import linhe

Q3 = Occurrence(
    period="2025Q3",
    label="2025年第三季度",
    opens=date(2025, 7, 1),
    due=date(2025, 9, 30),
    act_by=date(2025, 9, 30),
)
RULES = LightRules()


def alike(count: int, stage: Stage = Stage.OPEN, since: str = "") -> Alike:
    return Alike("home-visits", Q3, stage, Q3.due, day(since) if since else None, count)


def progress(as_of: str, *groups: Alike, rules: LightRules = RULES) -> Progress:
    return Progress(1, day(as_of), lines(groups, day(as_of), rules, cast.calendar()), ())


def test_items_that_stand_alike_share_a_light() -> None:
    done = alike(7, Stage.FINISHED, "2025-08-01")
    found = progress("2025-10-09", done, alike(3), alike(2, Stage.TO_REVIEW))
    assert found.lights == {Light.GREEN: 7, Light.RED: 3, Light.BLUE: 2}
    assert (found.light, found.lines[0].total) == (Light.RED, 12)


def test_an_item_is_overdue_from_the_first_working_day_after_its_term() -> None:
    assert progress("2025-09-30", alike(1)).lines[0].overdue_since is None
    assert progress("2025-10-09", alike(1)).lines[0].overdue_since == date(2025, 10, 1)


def test_a_plan_may_grant_some_working_days() -> None:
    patient = LightRules(red_after_workdays=3)
    assert progress("2025-10-03", alike(1), rules=patient).lines[0].overdue_since is None
    assert progress("2025-12-01", alike(1), rules=patient).lines[0].overdue_since == date(2025, 10, 6)


def test_what_is_sent_back_when_it_was_late_already_is_overdue_from_that_day() -> None:
    returned = alike(1, Stage.RETURNED, "2025-11-03")
    assert progress("2025-12-01", returned).lines[0].overdue_since == date(2025, 11, 3)
    assert progress("2025-12-01", returned, alike(1)).lines[0].overdue_since == date(2025, 10, 1)


def test_a_duty_is_told_overdue_once_however_many_units_are() -> None:
    (found,) = duty_happenings(cast.small_plan(), progress("2025-12-01", alike(400)))
    assert (found.name, found.subject) == (DUTY_OVERDUE, "small/home-visits/2025Q3")
    assert found.words == "2025年第三季度“每季度走访”有单位逾期（截止 2025-09-30）"


@pytest.mark.parametrize(
    ("on", "quarter", "year"),
    [
        ("2025-10-01", "2025-09-30", "2024-12-31"),
        ("2025-12-31", "2025-09-30", "2024-12-31"),
        ("2026-01-01", "2025-12-31", "2025-12-31"),
        ("2026-02-20", "2025-12-31", "2025-12-31"),
    ],
)
def test_a_late_closing_closes_the_period_that_was_over_on_its_day(on: str, quarter: str, year: str) -> None:
    assert (quarter_before(day(on)), year_before(day(on))) == (day(quarter), day(year))


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_the_period_before_a_day_ends_before_it_and_the_next_does_not(on: date) -> None:
    assert quarter_before(on) < on
    assert (on - quarter_before(on)).days <= 92
    assert year_before(on) <= quarter_before(on)


def test_the_report_is_of_the_year_whose_term_is_over() -> None:
    plan = linhe()
    assert report_due(plan, 2025) == date(2025, 6, 30)
    assert reported_year(plan, date(2025, 6, 30)) is None
    assert reported_year(plan, date(2025, 7, 1)) == 2025
    assert reported_year(plan, date(2030, 1, 1)) == 2027
