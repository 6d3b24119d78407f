"""The steps of rounds as Prefect tasks: a task a step or a measure, never a row."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from prefect import runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from domain.gates import Gate
from domain.plan import Phase
from domain.report.phase import see_phase
from domain.rounds import Progress, reported_year
from domain.schedule import ZONE
from models.engine import reading
from services import circulars, phase_assessments, reckoning, rounds
from services.gates import phase_gates
from services.platform import Outline, PhaseStep, outline, platform
from services.rounds import Recorded
from services.settings import read_settings
from tasks.artifacts import gate_artifact, order_artifact, progress_artifact
from tasks.events import tell

READ, OPEN, SAFEGUARDS = "A 读取现行方案", "B 开出到期事项", "C 保障措施"
REMIND, RECORD = "D 生成当天的提醒", "Z 登记并发布事件"
"""Steps besides measures and phases; Prefect's graph draws no Chinese, so that each begins with a code."""
Future = PrefectFuture[Any]

RUNNER = cast("TaskRunner[Future]", ThreadPoolTaskRunner(max_workers=4))
"""A few steps at once: each only asks the store, which answers a few at once."""


def day_of_run(as_of: date | None) -> date:
    """The day that a run is about: as told, else the one for which it was scheduled, however late it starts."""
    if as_of is not None:
        return as_of
    scheduled: datetime = runtime.flow_run.scheduled_start_time
    return scheduled.astimezone(ZoneInfo(ZONE)).date()


def run_name(title: str) -> Callable[[], str]:
    """Names the runs of a flow by its deployment, else by ``title``, and by the day: 每日巡查 2025-10-01."""

    def name() -> str:
        parameters = runtime.flow_run.parameters
        own = runtime.deployment.name or title.format(**parameters)
        return f"{own} {day_of_run(parameters.get('as_of'))}"

    return name


@task(name="read-plan", task_run_name=READ, cache_policy=NO_CACHE)
def read_plan() -> Outline:
    """The measures and phases of the plan in force; shows in Chinese what comes after what."""
    with platform(read_settings()) as here:
        steps = outline(here.plan)
        order_artifact(here.plan, steps, first=(READ, OPEN), beside=(SAFEGUARDS, REMIND), last=RECORD)
        return steps


@task(name="open-due", task_run_name=OPEN, cache_policy=NO_CACHE)
def open_due(as_of: date) -> int:
    """Open what is due to open by the day; says how many items are new."""
    with platform(read_settings()) as here:
        return rounds.open_due(here.engine, here.round(as_of))


@task(name="measure", task_run_name="{name}", cache_policy=NO_CACHE)
def measure_progress(number: int | None, name: str, as_of: date) -> Progress:
    """Reckon how a measure stands, and show it."""
    with platform(read_settings()) as here:
        with reading(here.engine) as session:
            calendar = here.round(as_of).calendar
            progress = reckoning.measure_progress(session, here.plan, as_of, calendar, number)
        progress_artifact(here.plan, name, progress)
        return progress


@task(name="gate", task_run_name="{step.name}", cache_policy=NO_CACHE)
def gate(step: PhaseStep, as_of: date) -> Gate:
    """Reckon how a phase stands, and show it."""
    with platform(read_settings()) as here:
        with reading(here.engine) as session:
            gates = phase_gates(session, here.plan, as_of, here.round(as_of).calendar)
        found = next(g for g in gates if g.phase.id == step.phase)
        gate_artifact(here.plan, found, str(as_of))
        return found


@task(name="record", task_run_name=RECORD, cache_policy=NO_CACHE)
def record(kind: str, as_of: date, progress: Sequence[Progress], gates: Sequence[Gate]) -> int:
    """Record what happened, once, and tell it to Prefect; says how much was new."""
    with platform(read_settings()) as here:
        found = rounds.happenings(here.plan, progress, gates, as_of)
        recorded = rounds.record(here.engine, here.round(as_of), kind, found, rounds.tally(progress))
        tell(here)
    return len(recorded.happenings)


@task(name="close-period", task_run_name="结转 {as_of}", cache_policy=NO_CACHE)
def close_period(kind: str, as_of: date) -> Recorded:
    """Freeze how everything stood at the end of a period, once."""
    with platform(read_settings()) as here:
        recorded = rounds.close_period(here.engine, here.round(as_of), kind)
        tell(here)
    return recorded


@task(name="yearly-order", task_run_name="确定报告年度", cache_policy=NO_CACHE)
def yearly_order(as_of: date) -> tuple[int | None, str]:
    """The year to report on, None while no year's term is over; and the folder for its reports."""
    settings = read_settings()
    with platform(settings) as here:
        return reported_year(here.plan, as_of), str(settings.reports_folder)


@task(name="circular-order", task_run_name="确定通报期间", cache_policy=NO_CACHE)
def circular_order(as_of: date) -> tuple[str | None, str]:
    """Code of the period whose circular is to be made by the day, None for none; and the folder for it."""
    settings = read_settings()
    with platform(settings) as here:
        with reading(here.engine) as session:
            period = circulars.due(session, here.plan, as_of)
        return period.code if period else None, str(settings.reports_folder)


@task(name="assessment-order", task_run_name="确定评估阶段", cache_policy=NO_CACHE)
def assessment_order(as_of: date) -> tuple[str | None, str]:
    """Id of the phase whose assessment is to be made by the day, None for none; and the folder for it."""
    settings = read_settings()
    with platform(settings) as here:
        with reading(here.engine) as session:
            phase = phase_assessments.due(session, here.plan, as_of)
        return phase.id if phase else None, str(settings.reports_folder)


@task(name="phase-to-assess", task_run_name="核对评估阶段", cache_policy=NO_CACHE)
def phase_to_assess(name: str, as_of: date) -> Phase:
    """The phase of an id or a name in the plan in force, where it can be assessed on the day."""
    with platform(read_settings()) as here:
        return see_phase(here.plan, name, as_of)


def look_at_measure(
    number: int | None, name: str, day: date, after: Sequence[Future]
) -> PrefectFuture[Progress]:
    """Submit the step of a measure, to start once the steps ``after`` which it comes are done."""
    return measure_progress.submit(number, name, day, wait_for=after, return_state=False)


def look_at_gate(step: PhaseStep, day: date, after: Sequence[Future]) -> PrefectFuture[Gate]:
    """Submit the step of a phase, to start once the steps ``after`` which it comes are done."""
    return gate.submit(step, day, wait_for=after, return_state=False)


def write_down(kind: str, day: date, progress: Sequence[Future], gates: Sequence[Future]) -> int:
    """Record what the steps found, once all of them are done; says how much was new."""
    new: int = record.submit(kind, day, list(progress), list(gates), return_state=False).result()
    return new
