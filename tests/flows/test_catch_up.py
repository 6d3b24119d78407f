"""A start after a time of rest: nothing is run twice, nothing is forgotten, and no storm of late runs."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from domain.plan import Plan
from domain.schedule import Kind, timetables
from domain.workdays import BEIJING
from models.engine import make_engine, writing
from models.rounds import record_round
from services.plan_versions import adopt
from services.platform import Platform
from services.rounds import DAILY
from tests import cast
from tests.linhe import linhe

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from deployments.catch_up import Due

pytestmark = pytest.mark.usefixtures("prefect_server")

NOW = cast.moment("2025-10-20 09:00")
DAILY_AT = "06:00"


@pytest.fixture
def here(home: Path) -> Iterator[Platform]:
    """临河县's platform, on which nothing has run yet."""
    engine = make_engine(f"sqlite:///{home / 'guanai.db'}")
    with writing(engine) as session:
        version = adopt(session, linhe(), at=cast.moment("2025-02-20 09:00"), actor=cast.ZHAO_QIANG)
    yield Platform(engine, linhe(), version)
    engine.dispose()


def done(here: Platform, kind: str, day: str) -> None:
    """A round that left its row on its day."""
    at = cast.moment(f"{day} 06:05")
    row = {
        "plan_id": here.plan.id,
        "plan_version_id": here.version.id,
        "kind": kind,
        "as_of": at.date(),
        "detail": "{}",
        "actor": "系统",
        "at": at,
    }
    with writing(here.engine) as session:
        assert record_round(session, row)


def names(owed: "tuple[Due, ...]") -> dict[str, datetime]:
    """What is owed, and the moment at which it was to start."""
    return {one.timetable.name: one.fired for one in owed}


def test_at_the_very_first_start_the_last_daily_round_is_owed_and_nothing_else(here: Platform) -> None:
    from deployments.catch_up import due  # noqa: PLC0415 - loads Prefect

    assert names(due(here, NOW)) == {"每日巡查": cast.moment(f"2025-10-20 {DAILY_AT}")}
    assert names(due(here, cast.moment("2025-10-20 05:00"))) == {
        "每日巡查": cast.moment(f"2025-10-19 {DAILY_AT}")
    }
    assert due(here, cast.moment("2025-02-01 09:00")) == ()  # before the plan begins


def test_after_three_weeks_across_a_quarters_end_each_missed_run_is_owed_once(here: Platform) -> None:
    from deployments.catch_up import due  # noqa: PLC0415 - loads Prefect

    done(here, DAILY, "2025-09-28")
    owed = names(due(here, NOW))
    assert owed["每日巡查"] == cast.moment(f"2025-10-20 {DAILY_AT}")
    assert owed["季度结转"].date().isoformat() == "2025-10-01"
    assert "年度结转" not in owed
    done(here, DAILY, "2025-10-20")
    assert "每日巡查" not in names(due(here, NOW))


async def _registered(plan: Plan) -> list[UUID]:
    """The plan's deployments on the server, without the runs of other tests."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId  # noqa: PLC0415 - as above

    from deployments.from_plan import deployments  # noqa: PLC0415 - as above

    ids = [await one.aapply() for one in deployments(plan)]
    async with get_client() as client:
        own = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=ids))
        for run in await client.read_flow_runs(flow_run_filter=own):
            await client.delete_flow_run(run.id)
    return ids


async def _order(deployment: UUID, day: str, state: "Callable[[datetime], State[None]]") -> UUID:
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect

    async with get_client() as client:
        run = await client.create_flow_run_from_deployment(deployment, state=state(cast.moment(day)))
        return run.id


async def _states(deployment: UUID) -> list[tuple[str, str]]:
    """Planned start and state of each run of a deployment up to now, newest first."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId  # noqa: PLC0415 - as above

    async with get_client() as client:
        wanted = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[deployment]))
        runs = await client.read_flow_runs(flow_run_filter=wanted)
    planned = [
        (run.expected_start_time.astimezone(BEIJING), run.state_type)
        for run in runs
        if run.expected_start_time
    ]
    return [
        (f"{when:%m-%d %H:%M}", kind.value if kind else "")
        for when, kind in sorted(planned, reverse=True)
        if when <= NOW
    ]


def test_of_late_runs_the_newest_is_kept_and_what_was_cut_off_begins_again(here: Platform) -> None:
    from prefect.states import Running, Scheduled  # noqa: PLC0415 - loads Prefect

    from deployments.catch_up import catch_up, due  # noqa: PLC0415 - as above

    kinds = [timetable.kind for timetable in timetables(here.plan)]

    async def after_a_rest() -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
        ids = await _registered(here.plan)
        daily, quarter, year = (
            ids[kinds.index(k)] for k in (Kind.DAILY_ROUND, Kind.QUARTER_CLOSE, Kind.YEAR_CLOSE)
        )
        for day in ("2025-10-18 06:00", "2025-10-19 06:00", "2025-10-20 06:00"):
            await _order(daily, day, lambda at: Scheduled(scheduled_time=at.astimezone(UTC)))
        run = await _order(
            quarter, "2025-10-01 06:20", lambda at: Scheduled(scheduled_time=at.astimezone(UTC))
        )
        await _begin(run, Running())
        assert await catch_up(here.plan, ids, due(here, NOW), NOW) == 2
        assert await catch_up(here.plan, ids, due(here, NOW), NOW) == 0  # again: nothing more to do
        return await _states(daily), await _states(quarter), await _states(year)

    daily, quarter, year = asyncio.run(after_a_rest())
    assert daily == [("10-20 06:00", "SCHEDULED"), ("10-19 06:00", "CANCELLED"), ("10-18 06:00", "CANCELLED")]
    assert quarter == [("10-01 06:20", "SCHEDULED")]
    assert year == []


def test_what_runs_on_other_machines_is_left_in_peace(here: Platform) -> None:
    from prefect.states import Running, Scheduled  # noqa: PLC0415 - loads Prefect

    from deployments.catch_up import catch_up  # noqa: PLC0415 - as above

    place = [timetable.kind for timetable in timetables(here.plan)].index(Kind.ANNUAL_REPORT)

    async def after_a_restart() -> list[tuple[str, str]]:
        ids = await _registered(here.plan)
        run = await _order(
            ids[place], "2025-10-01 06:20", lambda at: Scheduled(scheduled_time=at.astimezone(UTC))
        )
        await _begin(run, Running())
        await catch_up(here.plan, ids, (), NOW, alone=False)
        return await _states(ids[place])

    assert asyncio.run(after_a_restart()) == [("10-01 06:20", "RUNNING")]


async def _begin(run: UUID, state: "State[None]") -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect

    async with get_client() as client:
        await client.set_flow_run_state(run, state, force=True)


def test_what_prefect_knows_nothing_of_is_ordered_for_its_own_day(here: Platform) -> None:
    from deployments.catch_up import catch_up, due  # noqa: PLC0415 - loads Prefect

    place = [timetable.kind for timetable in timetables(here.plan)].index(Kind.DAILY_ROUND)

    async def at_first() -> list[tuple[str, str]]:
        ids = await _registered(here.plan)
        await catch_up(here.plan, ids, due(here, NOW), NOW)
        return await _states(ids[place])

    assert ("10-20 06:00", "SCHEDULED") in asyncio.run(at_first())
