"""What a start makes good for: of the runs missed while nothing ran, each kind's last is run, and no more.

A run opens everything that was due before it with its true dates, so that one is enough; a storm of late ones would
only keep the machine busy. What closes a period is run for each period missed: each freezes a day of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Cancelled, Scheduled

from domain.plan import Plan
from domain.schedule import Kind, Timetable, timetables
from models.engine import reading
from services.platform import Platform
from services.watchman import first_round, last_fire, missed

_EACH = frozenset({Kind.QUARTER_CLOSE, Kind.YEAR_CLOSE, Kind.ANNUAL_REPORT})
"""Runs of which each is about a period of its own."""
_BEGUN = (StateType.PENDING, StateType.RUNNING)
_PAGE = 200
"""Prefect's own limit on one answer."""


@dataclass(frozen=True)
class Due:
    """A run to be made good for: whose it is, and when it was to start."""

    timetable: Timetable
    fired: datetime


def due(here: Platform, at: datetime) -> tuple[Due, ...]:
    """What has not left its row by the moment ``at``; at the very first start, the daily round alone."""
    with reading(here.engine) as session:
        since = first_round(session, here.plan)
        if since is not None:
            return tuple(Due(*one) for one in missed(session, here.plan, since, at))
    daily = next(t for t in timetables(here.plan) if t.kind is Kind.DAILY_ROUND)
    fired = last_fire(daily, at)
    within = fired is not None and here.plan.start <= fired.date() <= here.plan.end
    return (Due(daily, fired),) if fired is not None and within else ()


async def catch_up(
    plan: Plan, ids: Sequence[UUID], wanted: Sequence[Due], at: datetime, *, alone: bool = True
) -> int:
    """Begin again what was cut off, leave one late run of each kind, and order what Prefect knows nothing of.

    Must come before the pool is opened.

    Args:
        plan: the plan in force.
        ids: its deployments, in the order of :func:`domain.schedule.timetables`.
        wanted: what :func:`due` found.
        at: the moment; runs that were to start before it are late.
        alone: whether all runs are this machine's: what is still said to run then was cut off with it. Runs on other
            machines go on while the server is away; those that do not are found out by their silence
            (:mod:`deployments.automations`).

    Returns:
        How many late runs were cancelled.
    """
    async with get_client() as client:
        for run in await _runs(client, ids, _BEGUN, at) if alone else ():
            again: State[None] = Scheduled(
                scheduled_time=run.expected_start_time, message="运行中断，重新开始"
            )
            await client.set_flow_run_state(run.id, again, force=True)
        late: dict[UUID | None, list[FlowRun]] = {}
        for run in await _runs(client, ids, [StateType.SCHEDULED], at):
            late.setdefault(run.deployment_id, []).append(run)
        by_kind = list(zip(timetables(plan), ids, strict=True))
        for one in wanted:
            deployment = next(i for timetable, i in by_kind if timetable == one.timetable)
            if deployment not in late:
                start: State[None] = Scheduled(scheduled_time=one.fired.astimezone(UTC))
                await client.create_flow_run_from_deployment(deployment, state=start)
        older = [run for t, i in by_kind if t.kind not in _EACH for run in late.get(i, [])[1:]]
        for run in older:
            gone: State[None] = Cancelled(message="由较晚的一次运行一并补做")
            await client.set_flow_run_state(run.id, gone, force=True)
    return len(older)


async def _runs(
    client: PrefectClient, ids: Sequence[UUID], states: Sequence[StateType], at: datetime
) -> list[FlowRun]:
    """Runs of these deployments in these states that were to start by now, newest first."""
    wanted = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=list(ids)),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))),
        expected_start_time=FlowRunFilterExpectedStartTime(before_=at),
    )
    found: list[FlowRun] = []
    while True:
        page = await client.read_flow_runs(
            flow_run_filter=wanted,
            sort=FlowRunSort.EXPECTED_START_TIME_DESC,
            limit=_PAGE,
            offset=len(found),
        )
        found += page
        if len(page) < _PAGE:
            return found
