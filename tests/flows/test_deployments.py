"""Plan = deployments = what the server has, for the shipped plan and for another district's."""

import asyncio
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from domain.plan import Plan
from services.places import shipped_plan
from services.plans import load_plan
from tests.linhe import drop_visits, linhe

pytestmark = pytest.mark.usefixtures("prefect_server")


@cache
def shipped() -> Plan:
    return load_plan(shipped_plan())


PLANS = [pytest.param(shipped, id="tiedong"), pytest.param(linhe, id="linhe")]


@pytest.mark.parametrize("plan", PLANS)
def test_what_the_plan_asks_for_is_what_the_server_has(plan: Callable[[], Plan]) -> None:
    from deployments.from_plan import deployments, expected, on_server, register  # noqa: PLC0415 - loads Prefect

    built = [(d.name, d.flow_name, d.entrypoint) for d in deployments(plan())]
    assert sorted(built) == [(one.name, one.name, one.entrypoint) for one in expected(plan())]
    asyncio.run(register(plan(), "1"))
    assert asyncio.run(on_server()) == expected(plan())


def test_registering_again_changes_nothing() -> None:
    from deployments.from_plan import on_server, register  # noqa: PLC0415 - loads Prefect

    first = asyncio.run(register(linhe()))
    listed = asyncio.run(on_server())
    assert asyncio.run(register(linhe())) == first
    assert asyncio.run(on_server()) == listed


def test_what_has_left_the_plan_leaves_the_server_and_others_stay() -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect

    from deployments.from_plan import deployments, expected, on_server, reconcile, register  # noqa: PLC0415 - as above

    asyncio.run(register(linhe()))
    stranger = deployments(linhe())[0].model_copy(update={"name": "stranger", "tags": []})
    asyncio.run(stranger.aapply())

    smaller = linhe(drop_visits)
    asyncio.run(register(smaller))
    assert asyncio.run(on_server()) == expected(smaller)
    assert asyncio.run(reconcile(smaller)) == ()
    with get_client(sync_client=True) as client:
        names = {found.name for found in client.read_deployments()}
    assert "stranger" in names
    assert "04 走访困难家庭" not in names


def test_every_entrypoint_is_a_flow_that_takes_these_parameters() -> None:
    from prefect.flows import Flow, load_flow_from_entrypoint  # noqa: PLC0415 - loads Prefect

    from deployments.from_plan import expected  # noqa: PLC0415 - as above

    for one in expected(shipped()):
        flow: Flow[..., Any] = load_flow_from_entrypoint(one.entrypoint, use_placeholder_flow=False)
        assert flow.validate_parameters(dict(one.parameters)).keys() >= dict(one.parameters).keys()


def test_schedules_count_in_beijing_time_and_runs_do_not_overtake_each_other() -> None:
    from deployments.from_plan import deployments  # noqa: PLC0415 - loads Prefect

    for one in deployments(linhe()):
        assert one.concurrency_limit == 1
        zones = {getattr(schedule.schedule, "timezone", "") for schedule in one.schedules or ()}
        assert zones == {"Asia/Shanghai"}
