"""The timetable comes from the plan: every cadence starts its measure, in order, and never all at once."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import pytest

from domain.assessing import assessment_day
from domain.cadence import Festivals
from domain.duties import occurrences
from domain.periods import PartOfYear, parts_of_year
from domain.plan import CircularRules, Plan
from domain.schedule import Kind, Timetable, days_of, measure_order, timetables, upstream
from domain.workdays import Beyond
from services.places import shipped_plan
from services.plans import load_plan
from services.workcalendar import work_calendar
from tests.linhe import linhe


@cache
def shipped() -> Plan:
    return load_plan(shipped_plan())


PLANS = [pytest.param(shipped, id="tiedong"), pytest.param(linhe, id="linhe")]


def crons(plan: Plan, kind: Kind, number: int = 0) -> dict[str, str]:
    found = [t for t in timetables(plan) if t.kind is kind and dict(t.parameters).get("measure", 0) == number]
    assert len(found) == 1
    return {line.slug: line.cron for line in found[0].lines}


def fires(timetable: Timetable) -> set[tuple[int, int]]:
    """Month and day of each start in a year."""
    found = set()
    for line in timetable.lines:
        _, _, day, month, _ = line.cron.split()
        months = range(1, 13) if month == "*" else [int(m) for m in month.split(",")]
        found |= {(m, int(day)) for m in months}
    return found


def test_each_measure_and_phase_has_a_timetable_and_the_rounds_one_each() -> None:
    kinds = [t.kind for t in timetables(shipped())]
    assert (kinds.count(Kind.MEASURE), kinds.count(Kind.PHASE)) == (18, 3)
    common = [Kind.DAILY_ROUND, Kind.QUARTER_CLOSE, Kind.YEAR_CLOSE, Kind.ANNUAL_REPORT]
    assert kinds[-7:] == [*common, Kind.DELIVERY, Kind.CIRCULAR, Kind.PHASE_ASSESSMENT]


def test_another_districts_plan_needs_no_code() -> None:
    kinds = [t.kind for t in timetables(linhe())]
    assert (kinds.count(Kind.MEASURE), kinds.count(Kind.PHASE)) == (8, 2)
    assert crons(linhe(), Kind.ANNUAL_REPORT) == {"report": "0 13 1 7 *"}


def test_the_measure_of_archives_runs_every_month_and_on_the_day_of_issue() -> None:
    assert crons(shipped(), Kind.MEASURE, 8) == {"day-01": "18 7 1 * *", "day-29": "18 7 29 4 *"}


def test_messages_go_out_every_ten_minutes_of_the_hours_that_the_plan_allows() -> None:
    assert crons(shipped(), Kind.DELIVERY) == {"delivery": "*/10 8-17 * * *"}


def test_the_yearly_report_is_made_the_day_after_its_term() -> None:
    assert crons(shipped(), Kind.ANNUAL_REPORT) == {"report": "0 13 1 12 *"}


def test_a_circulars_run_starts_on_every_day_that_may_be_the_right_one() -> None:
    assert crons(shipped(), Kind.CIRCULAR) == {"circular": "0 14 5-19 1,4,7,10 *"}
    calendar = work_calendar(Beyond.ASSUME_WEEKDAYS)
    sizes: tuple[PartOfYear, ...] = ("month", "quarter", "half-year")
    for every in sizes:
        for after in (1, 5, 10):
            rules = CircularRules(every=every, after_workdays=after)
            plan = shipped().model_copy(
                update={"rules": shipped().rules.model_copy(update={"circular": rules})}
            )
            (timetable,) = [t for t in timetables(plan) if t.kind is Kind.CIRCULAR]
            _, _, days, months, _ = timetable.lines[0].cron.split()
            first, last = (int(day) for day in days.split("-"))
            for year in range(2015, 2031):
                for part in parts_of_year(every, year):
                    made = calendar.add_workdays(part.end, after).date
                    assert first <= made.day <= last
                    assert months == "*" or str(made.month) in months.split(",")


@pytest.mark.parametrize("plan", PLANS)
def test_an_assessments_run_starts_on_every_day_that_may_be_the_right_one(plan: Callable[[], Plan]) -> None:
    (timetable,) = [t for t in timetables(plan()) if t.kind is Kind.PHASE_ASSESSMENT]
    starts = {
        (int(month), day)
        for _, _, days, month, _ in (line.cron.split() for line in timetable.lines)
        for first, _, last in (span.partition("-") for span in days.split(","))
        for day in range(int(first), int(last or first) + 1)
    }
    for phase in plan().phases:
        day = assessment_day(phase, work_calendar())
        assert ((day.month, day.day) in starts) == (phase.end >= plan().document.issued)


def test_an_assessments_lines_name_the_two_weeks_after_each_phase() -> None:
    assert crons(shipped(), Kind.PHASE_ASSESSMENT) == {
        "month-01": "0 15 1-14 1 *",
        "month-11": "0 15 1-14 11 *",
    }
    late = shipped().phases[2].model_copy(update={"end": date(2026, 10, 20)})
    plan = shipped().model_copy(update={"phases": (*shipped().phases[:2], late)})
    assert crons(plan, Kind.PHASE_ASSESSMENT) == {
        "month-01": "0 15 1-14 1 *",
        "month-10": "0 15 21-31 10 *",
        "month-11": "0 15 1-3 11 *",
    }


def test_a_plan_may_leave_its_circulars_to_the_office() -> None:
    rules = shipped().rules.model_copy(update={"circular": CircularRules(scheduled=False)})
    plan = shipped().model_copy(update={"rules": rules})
    assert Kind.CIRCULAR not in {t.kind for t in timetables(plan)}


@pytest.mark.parametrize("plan", PLANS)
def test_every_opening_and_every_day_after_a_term_starts_the_measure(plan: Callable[[], Plan]) -> None:
    by_measure = {
        dict(t.parameters)["measure"]: fires(t) for t in timetables(plan()) if t.kind is Kind.MEASURE
    }
    year = plan().years[1]
    for duty in plan().duties:
        if duty.measure is None or isinstance(duty.cadence, Festivals):
            continue
        for occurrence in occurrences(plan(), duty, year, work_calendar(plan().rules.calendar.beyond_known)):
            after = occurrence.due + timedelta(days=1)
            assert (after.month, after.day) in by_measure[duty.measure], (duty.id, occurrence.period)


@pytest.mark.parametrize("plan", PLANS)
def test_names_are_unique_and_no_two_measures_start_in_the_same_minute(plan: Callable[[], Plan]) -> None:
    found = timetables(plan())
    assert len({t.name for t in found}) == len(found)
    minutes = [
        tuple(sorted({line.cron.split()[1] + ":" + line.cron.split()[0] for line in t.lines})) for t in found
    ]
    assert len(set(minutes)) == len(found)
    assert all(len(own) == 1 for own in minutes)


@pytest.mark.parametrize("plan", PLANS)
def test_a_measure_comes_after_those_whose_ledger_it_uses(plan: Callable[[], Plan]) -> None:
    order = measure_order(plan())
    assert sorted(order) == sorted(plan().measures_by_number)
    for number in order:
        assert all(order.index(other) < order.index(number) for other in upstream(plan(), number))


def test_measures_start_in_the_same_order() -> None:
    starts = {
        dict(t.parameters)["measure"]: t.lines[0].cron
        for t in timetables(shipped())
        if t.kind is Kind.MEASURE
    }
    assert [starts[number].split()[:2] for number in (8, 18, 9)] == [["18", "7"], ["48", "7"], ["51", "7"]]


def test_a_festival_that_the_holiday_calendar_places_has_no_day_of_its_own() -> None:
    festival = next(d for d in shipped().duties if d.id == "festival-visits")
    assert days_of(shipped(), festival) == ((5, 18), (6, 2))


def test_phases_are_looked_at_when_they_begin_and_when_each_milestones_day_is_over() -> None:
    phases = [t for t in timetables(shipped()) if t.kind is Kind.PHASE]
    assert [t.name for t in phases] == ["阶段1 部署启动", "阶段2 推进实施", "阶段3 巩固提升"]
    assert fires(phases[1]) == {(3, 1), (7, 1), (1, 1)}
    assert date(2026, 10, 31) == shipped().phases[2].end
    assert fires(phases[2]) == {(1, 1), (11, 1)}
