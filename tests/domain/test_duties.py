"""From plan and year to work items: rules that hold for every plan, bound and date."""

from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cadence import Bound
from domain.duties import WorkItem, occurrences, open_items, report_due, work_items
from domain.plan import Duty, Plan
from domain.problems import Problem, ProblemKind
from domain.workdays import Beyond
from services.places import shipped_plan
from services.plans import load_plan
from services.workcalendar import work_calendar
from tests.linhe import LINHE_PLAN, entry, linhe

CALENDAR = work_calendar()
ASSUMING = work_calendar(Beyond.ASSUME_WEEKDAYS)
month_days = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda d: f"{d:%m-%d}")
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@cache
def shipped() -> Plan:
    return load_plan(shipped_plan())


@cache
def items(year: int) -> tuple[WorkItem, ...]:
    return work_items(shipped(), year, CALENDAR)


def duty(cadence: dict[str, Any], **values: object) -> Duty:
    entry = {"id": "x", "title": "事", "demand": "办", "cadence": cadence, "cites": ["一"], **values}
    return Duty.model_validate(entry)


class TestShippedPlan:
    @pytest.mark.parametrize("year", [2024, 2025, 2026])
    def test_keys_are_unique_and_made_of_plan_duty_unit_and_period(self, year: int) -> None:
        keys = [item.key for item in items(year)]

        assert len(keys) == len(set(keys))
        assert all(i.key == f"{shipped().id}/{i.duty}/{i.unit}/{i.occurrence.period}" for i in items(year))

    def test_no_key_returns_in_another_year(self) -> None:
        keys = [item.key for year in shipped().years for item in items(year)]

        assert len(keys) == len(set(keys))

    def test_keys_do_not_change_between_two_reckonings(self) -> None:
        again = work_items(load_plan(shipped_plan()), 2025, CALENDAR)

        assert again == items(2025)

    @pytest.mark.parametrize("year", [2024, 2025, 2026])
    def test_every_item_opens_before_it_is_due_and_its_last_working_day_is_in_time(self, year: int) -> None:
        for item in items(year):
            when = item.occurrence
            assert when.opens <= when.due
            assert when.act_by <= when.due
            assert CALENDAR.is_workday(when.act_by)
            assert not when.assumed

    def test_nothing_is_due_or_open_before_the_notice_was_issued(self) -> None:
        issued = shipped().document.issued

        assert min(item.occurrence.opens for item in items(2024)) == issued
        assert all(item.due >= issued for item in items(2024))

    def test_every_unit_owes_the_yearly_report_every_year(self) -> None:
        annual = shipped().annual_duty
        assert annual is not None
        for year in shipped().years:
            owing = {item.unit for item in items(year) if item.duty == annual.id}
            assert owing == set(shipped().units_by_id)

    def test_a_unit_that_is_named_for_a_measure_owes_something_under_it(self) -> None:
        owed = {(item.measure, item.unit) for year in shipped().years for item in items(year)}

        for measure in shipped().measures:
            for unit in shipped().measure_units(measure.number):
                assert (measure.number, unit) in owed

    @pytest.mark.parametrize("year", [2023, 2027])
    def test_a_year_outside_the_plan_is_an_error(self, year: int) -> None:
        with pytest.raises(Problem) as told:
            work_items(shipped(), year, CALENDAR)

        assert told.value.kind is ProblemKind.YEAR_OUTSIDE_PLAN

    def test_a_longer_plan_that_may_not_assume_ends_with_the_calendar(self) -> None:
        longer = shipped().model_copy(update={"end": date(2027, 12, 31)})

        with pytest.raises(Problem) as told:
            work_items(longer, 2027, CALENDAR)

        assert told.value.kind in (ProblemKind.CALENDAR_UNKNOWN, ProblemKind.FESTIVAL_UNKNOWN)

    @given(st.dates(date(2024, 1, 1), date(2024, 12, 31)), st.integers(0, 120))
    def test_time_only_ever_opens_more_items(self, day: date, later: int) -> None:
        now = {item.key for item in open_items(shipped(), 2024, day, CALENDAR)}
        then = {item.key for item in open_items(shipped(), 2024, day + timedelta(days=later), CALENDAR)}

        assert now <= then
        assert now == {item.key for item in items(2024) if item.occurrence.opens <= day}


class TestLinhe:
    def test_a_date_that_rests_on_an_assumption_is_marked(self) -> None:
        found = work_items(load_plan(LINHE_PLAN), 2027, ASSUMING)

        assert found
        assert all(item.occurrence.assumed for item in found)

    def test_no_date_of_an_announced_year_is_marked(self) -> None:
        for year in (2025, 2026):
            assert not any(i.occurrence.assumed for i in work_items(linhe(), year, ASSUMING))

    def test_the_same_plan_without_leave_to_assume_is_an_error(self) -> None:
        with pytest.raises(Problem) as told:
            work_items(linhe(), 2027, CALENDAR)

        assert told.value.kind is ProblemKind.CALENDAR_UNKNOWN

    def test_a_festival_of_an_unannounced_year_is_never_assumed(self) -> None:
        plan = linhe(lambda data: entry(data, "duties", "festival-visits").pop("active_until"))

        with pytest.raises(Problem) as told:
            work_items(plan, 2027, ASSUMING)

        assert told.value.kind is ProblemKind.FESTIVAL_UNKNOWN
        assert "2027年春节" in str(told.value)

    def test_standing_duties_are_told_with_the_yearly_report_whenever_it_is_due(self) -> None:
        assert report_due(linhe(), 2026) == date(2026, 6, 30)

    def test_without_a_yearly_report_standing_duties_are_told_at_the_end_of_the_year(self) -> None:
        plan = linhe(lambda data: entry(data, "duties", "report").pop("role"))

        assert report_due(plan, 2026) == date(2026, 12, 31)

    def test_lead_units_owe_what_their_measure_asks(self) -> None:
        found = {item.unit for item in work_items(linhe(), 2026, CALENDAR) if item.duty == "checkups"}

        assert found == {"health", "edu"}


class TestOpening:
    def test_a_period_that_ends_right_after_the_issue_is_skipped_up_to_the_limit(self) -> None:
        def due(limit: int) -> set[str]:
            plan = linhe(lambda d: d["rules"].update(opening={"skip_if_due_within_days": limit}))
            return {o.period for o in occurrences(plan, duty({"every": "month"}), 2025, CALENDAR)}

        # issued on 20 February 2025; February ends 8 days later
        assert "2025-02" in due(8)
        assert "2025-02" not in due(9)
        assert "2025-03" in due(9)
        assert "2025-01" not in due(0)

    def test_a_single_dated_duty_is_never_skipped(self) -> None:
        plan = linhe(lambda d: d["rules"].update(opening={"skip_if_due_within_days": 60}))
        once = duty({"every": "once", "due": "2025-02-28"})

        assert [o.period for o in occurrences(plan, once, 2025, CALENDAR)] == ["once"]

    def test_a_duty_owes_nothing_outside_its_own_span(self) -> None:
        span = duty({"every": "month"}, active_from="2026-03-15", active_until="2026-06-29")
        found = occurrences(linhe(), span, 2026, CALENDAR)

        assert [o.period for o in found] == ["2026-03", "2026-04", "2026-05"]
        assert found[0].opens == date(2026, 3, 15)
        assert occurrences(linhe(), span, 2025, CALENDAR) == ()

    def test_the_29th_of_february_is_the_28th_in_common_years(self) -> None:
        (found,) = occurrences(linhe(), duty({"every": "year", "due": "02-29"}), 2026, CALENDAR)

        assert found.due == date(2026, 2, 28)

    def test_periods_are_called_as_people_call_them(self) -> None:
        def labels(every: str) -> list[str]:
            return [o.label for o in occurrences(linhe(), duty({"every": every}), 2026, CALENDAR)]

        assert labels("quarter")[2] == "2026年第三季度"
        assert labels("half-year") == ["2026年上半年", "2026年下半年"]
        assert labels("month")[11] == "2026年12月"


@given(month_days)
def test_before_a_day_is_one_day_earlier_than_by_it(month_day: str) -> None:
    def due(bound: Bound) -> date | None:
        cadence = {"every": "year", "due": month_day, "bound": bound}
        found = occurrences(linhe(), duty(cadence), 2026, CALENDAR)
        return found[0].due if found else None

    by, before = due(Bound.BY), due(Bound.BEFORE)

    assert by is not None
    assert before is not None
    assert before < by


@given(month_days, month_days)
def test_a_season_opens_with_its_first_day_and_ends_with_its_last(one: str, other: str) -> None:
    opens, due = sorted((one, other))
    cadence = {"every": "year", "opens": opens, "due": due}
    (found,) = occurrences(linhe(), duty(cadence), 2026, CALENDAR)

    assert f"{found.opens:%m-%d}" == opens.replace("02-29", "02-28")
    assert f"{found.due:%m-%d}" == due.replace("02-29", "02-28")
    assert found.opens <= found.due


@given(st.sampled_from(["month", "quarter", "half-year"]))
def test_parts_of_a_year_follow_each_other_without_gap(every: str) -> None:
    parts = occurrences(linhe(), duty({"every": every}), 2026, CALENDAR)

    assert parts[0].opens == date(2026, 1, 1)
    assert parts[-1].due == date(2026, 12, 31)
    for earlier, later in pairwise(parts):
        assert later.opens == earlier.due + timedelta(days=1)


@given(days)
def test_what_is_open_is_a_part_of_what_is_owed(day: date) -> None:
    year = min(day.year, 2027)

    assert set(open_items(linhe(), year, day, ASSUMING)) <= set(work_items(linhe(), year, ASSUMING))
