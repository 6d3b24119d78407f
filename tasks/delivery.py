"""A sender's turn as a Prefect task; and clearing away what runs as many as these leave on Prefect's server."""

import time
from datetime import timedelta
from uuid import UUID

from prefect import get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType

from services import clock
from services.delivery.mailroom import mailroom
from services.delivery.turn import take_turn
from services.platform import platform
from services.settings import read_settings

SEND = "M 发送到时间的消息"
RUNS_KEPT = timedelta(days=3)
"""How long runs that went well stay on Prefect's pages; what they did stays in the ledger."""
_CLEARED = 50


@task(name="send-messages", task_run_name=SEND, cache_policy=NO_CACHE)
def send_messages() -> dict[str, int]:
    """Send what is due; says how many messages came to which state."""
    settings = read_settings()
    with platform(settings) as here:
        room = mailroom(settings, here.engine, here.plan, here.version)
        kept = timedelta(days=settings.messages_kept)
        done = take_turn(room, now=clock.now, wait=time.sleep, kept=kept)
    for problem in done.troubles:
        get_run_logger().warning("%s", problem)
    return {state.value: count for state, count in done.came_to.items()}


def clear_old_runs() -> int:
    """Remove old runs of this deployment that went well: sixty a day would soon be most of what Prefect keeps."""
    if not runtime.deployment.id:
        return 0
    old = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=[UUID(runtime.deployment.id)]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.COMPLETED])),
        expected_start_time=FlowRunFilterExpectedStartTime(before_=clock.now() - RUNS_KEPT),
    )
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(flow_run_filter=old, limit=_CLEARED)
        for run in found:
            client.delete_flow_run(run.id)
    return len(found)
