"""A round does what was due on its day, once, whether it comes late, twice or out of order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import Engine, func, select, text

from domain.duties import open_items
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.rounds import DUTY_OVERDUE, MILESTONE_MET, PHASE_CLOSED, PHASE_OPENED
from domain.status import Light, light
from models.engine import make_engine, reading, writing
from models.rounds import happenings, round_done
from models.tables import AuditLineRow, WorkItemRow
from services import audit
from services.facts import year_facts
from services.outbox import PREFECT, mark_told, untold
from services.plan_versions import PlanVersion, adopt
from services.reckoning import measure_progress
from services.rounds import DAILY, QUARTER, YEAR, Round, RoundResult, close_period, daily_round, open_due
from tests import cast
from tests.services.test_gates import hand_in_the_census
from tests.services.test_gates import plan as two_phases
from tests.statements import asked

AT = cast.moment("2025-01-02 06:00")
JULY = date(2025, 7, 3)


@dataclass(frozen=True)
class Platform:
    """A store with a plan in force."""

    engine: Engine
    plan: Plan
    version: PlanVersion

    def round(self, as_of: date) -> RoundResult:
        return daily_round(
            self.engine,
            self.plan,
            self.version,
            as_of=as_of,
            calendar=cast.calendar(),
            at=AT,
            actor="系统",
        )

    def job(self, as_of: date) -> Round:
        return Round(self.plan, self.version, as_of, cast.calendar(), AT, "系统")

    def keys(self) -> list[str]:
        with reading(self.engine) as session:
            return list(session.scalars(select(WorkItemRow.__table__.c.key)))  # type: ignore[attr-defined]  # SQLModel hides the table

    def recorded(self) -> list[tuple[str, str, date, str]]:
        with reading(self.engine) as session:
            return sorted((h.name, h.subject, h.day, h.words) for h in happenings(session, self.plan.id))


def platform(engine: Engine, plan: Plan | None = None) -> Platform:
    plan = plan or two_phases()
    with writing(engine) as session:
        return Platform(engine, plan, adopt(session, plan, at=AT, actor=cast.ZHAO_QIANG))


def expected_keys(plan: Plan, as_of: date) -> set[str]:
    years = range(plan.start.year, as_of.year + 1)
    return {item.key for year in years for item in open_items(plan, year, as_of, cast.calendar())}


def test_a_round_opens_what_is_due_and_everything_missed_before_it(engine: Engine) -> None:
    here = platform(engine)
    assert here.round(JULY).opened == len(expected_keys(here.plan, JULY))
    assert here.round(date(2026, 1, 5)).opened > 0
    assert set(here.keys()) == expected_keys(here.plan, date(2026, 1, 5))


def test_missed_items_bear_their_true_dates(engine: Engine) -> None:
    platform(engine).round(date(2026, 1, 5))
    with reading(engine) as session:
        opens = session.scalar(select(func.min(WorkItemRow.opens)))
    assert opens == date(2025, 1, 1)


def test_a_round_done_twice_does_nothing_twice(engine: Engine) -> None:
    here = platform(engine)
    first, second = here.round(JULY), here.round(JULY)
    assert first.recorded.first
    assert first.recorded.happenings
    assert (second.opened, second.recorded.first, second.recorded.happenings) == (0, False, ())
    assert second.progress == first.progress
    assert second.gates == first.gates


def test_a_late_run_for_an_earlier_day_opens_nothing_later(engine: Engine) -> None:
    here = platform(engine)
    here.round(JULY)
    keys = here.keys()
    late = here.round(date(2025, 4, 2))
    assert (late.opened, here.keys()) == (0, keys)
    assert {line.occurrence.opens <= date(2025, 4, 2) for one in late.progress for line in one.lines} == {
        True
    }


def test_after_a_clock_was_put_back_nothing_is_unopened_and_nothing_is_told_again(engine: Engine) -> None:
    here = platform(engine)
    here.round(JULY)
    mark_told(engine, untold(engine, here.plan.id, PREFECT), PREFECT, AT)
    keys, recorded = here.keys(), here.recorded()
    for day in (date(2025, 6, 20), date(2025, 7, 1)):
        again = here.round(day)
        assert (again.opened, again.recorded.happenings) == (0, ())
        assert open_due(engine, here.job(day)) == 0
    assert (here.keys(), here.recorded()) == (keys, recorded)
    assert untold(engine, here.plan.id, PREFECT) == ()


DAYS = (date(2025, 6, 30), date(2025, 7, 3), date(2025, 7, 20))


@pytest.mark.parametrize(
    "store_url", ["sqlite"], indirect=True
)  # six stores; the order is no matter of the database
def test_the_order_of_runs_leaves_no_trace(engine: Engine, tmp_path: Path) -> None:
    base = platform(engine)
    base.round(date(2025, 6, 1))
    hand_in_the_census(engine)
    engine.dispose()
    left = {tuple(_after(engine, tmp_path / f"{n}.db", days)) for n, days in enumerate(permutations(DAYS))}
    assert len(left) == 1
    assert len(next(iter(left))) > len(base.recorded())


def _after(engine: Engine, store: Path, days: Sequence[date]) -> list[tuple[str, str, date, str]]:
    copy(engine.url.database or "", store)
    here = platform(make_engine(f"sqlite:///{store}"))
    for day in days:
        here.round(day)
    found = [*here.recorded(), *((key, "", JULY, "") for key in sorted(here.keys()))]
    here.engine.dispose()
    return found


def test_lights_are_those_of_each_item_counted(engine: Engine) -> None:
    here = platform(engine)
    here.round(JULY)
    hand_in_the_census(engine)
    for as_of in (date(2025, 6, 19), date(2025, 6, 30), JULY):
        with reading(engine) as session:
            facts = [f for f in year_facts(session, here.plan, 2025) if f.item.measure == 1]
            progress = measure_progress(session, here.plan, as_of, cast.calendar(), 1)
        one_by_one = [light(f, as_of, here.plan.rules.lights, cast.calendar()) for f in facts]
        counted = {each: one_by_one.count(each) for each in Light if each is not Light.GREY}
        assert {each: progress.lights[each] for each in counted} == counted


def test_what_happened_is_recorded_once_with_its_true_day(engine: Engine) -> None:
    here = platform(engine)
    here.round(date(2025, 6, 1))
    hand_in_the_census(engine)
    new = {(h.name, h.subject): h.day for h in here.round(date(2025, 8, 1)).recorded.happenings}
    assert new[(MILESTONE_MET, "small/first/census")] == date(2025, 7, 2)
    assert new[(PHASE_CLOSED, "small/first")] == date(2025, 7, 2)
    assert new[(PHASE_OPENED, "small/second")] == date(2025, 7, 1)
    assert new[(DUTY_OVERDUE, "small/home-visits/2025Q2")] == date(2025, 7, 1)
    assert (DUTY_OVERDUE, "small/census/once") not in new
    assert here.round(date(2025, 8, 2)).recorded.happenings == ()


def test_a_duty_that_was_overdue_then_and_is_done_now_was_overdue(engine: Engine) -> None:
    here = platform(engine)
    here.round(date(2025, 6, 1))
    hand_in_the_census(engine)  # handed in on 20 June: a run that is late for the 19th knows nothing of it
    early = here.round(date(2025, 6, 19))
    (census,) = [line for one in early.progress for line in one.lines if line.duty == "census"]
    assert census.lights == {Light.BLUE: 3}
    (handed_in,) = [line for one in here.round(JULY).progress for line in one.lines if line.duty == "census"]
    assert handed_in.lights == {Light.GREEN: 3}


def test_no_audit_line_tells_of_a_round_that_opened_nothing(engine: Engine) -> None:
    here = platform(engine)
    here.round(JULY)
    here.round(JULY + timedelta(days=1))
    with reading(engine) as session:
        actions = list(session.scalars(select(AuditLineRow.__table__.c.action)))  # type: ignore[attr-defined]  # SQLModel hides the table
    assert actions == ["adopt", "open"]


def test_a_round_says_whether_the_day_is_worked(engine: Engine) -> None:
    here = platform(engine)
    assert here.round(date(2025, 4, 27)).workday  # a Sunday that makes up
    assert not here.round(date(2025, 5, 1)).workday


def test_a_new_version_of_the_plan_opens_what_the_old_one_did_not_ask(engine: Engine) -> None:
    here = platform(engine)
    here.round(JULY)
    content = here.plan.model_dump(mode="json")
    content["duties"].append(content["duties"][0] | {"id": "second-census", "title": "再次摸底"})
    changed = platform(engine, Plan.model_validate(content))
    assert changed.version.number == 2
    assert changed.round(JULY).opened == 3
    assert here.round(JULY).opened == 0


def test_a_measure_that_was_dropped_is_told(engine: Engine) -> None:
    here = platform(engine)
    with pytest.raises(Problem) as refusal, reading(engine) as session:
        measure_progress(session, here.plan, JULY, cast.calendar(), 99)
    assert refusal.value.kind is ProblemKind.MEASURE_UNKNOWN


@pytest.mark.parametrize("kind", [QUARTER, YEAR])
def test_a_closed_period_is_frozen_once(engine: Engine, kind: str) -> None:
    here = platform(engine)
    last = date(2025, 6, 30)
    assert close_period(engine, here.job(last), kind).first
    with reading(engine) as session:
        frozen = round_done(session, here.plan.id, kind, last)
    hand_in_the_census(engine)
    assert not close_period(engine, here.job(last), kind).first
    with reading(engine) as session:
        again = round_done(session, here.plan.id, kind, last)
        assert round_done(session, here.plan.id, DAILY, last) is None
    assert frozen is not None
    assert again is not None
    assert again.detail == frozen.detail
    with reading(engine) as session:
        lines = [line.subject for line in audit.lines(session, last=50) if line.action == kind]
    assert lines == ["small/2025-06-30"]
    assert '"1":{' in frozen.detail


def test_a_round_asks_the_store_as_often_for_many_units_as_for_few(engine: Engine) -> None:
    few = platform(engine, cast.small_plan())
    few.round(JULY)
    before = asked(engine, lambda: few.round(JULY + timedelta(days=1)))
    many = platform(engine, cast.many_units(500))
    many.round(JULY)
    assert len(asked(engine, lambda: many.round(JULY + timedelta(days=2)))) == len(before)
    with reading(engine) as session:
        assert (session.scalar(text("SELECT count(*) FROM work_item")) or 0) > 2000
