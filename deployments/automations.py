"""What Prefect's server does by itself (automations), built from the plan and never typed by hand.

They end and begin again what died with its machine, and have a phase looked at as soon as one of its milestones is met
or missed. They are kept by name: triggers given with a deployment would be made anew at every start, and lose what
they were counting.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, RunDeployment
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

from deployments.from_plan import TAG, deployment_name
from domain.plan import Plan
from domain.rounds import MILESTONE_MET, MILESTONE_MISSED
from domain.schedule import Kind, timetables

BEGINNINGS = 3
"""How often a run may begin in all: one that ends its machine each time must not go from machine to machine for ever."""

START_WITHIN = timedelta(minutes=10)
"""How long a worker may take from claiming a run to its beginning; a machine with many at once needs minutes."""

_SETTLE = timedelta(seconds=10)
"""Milestones are recorded together, and one look at the phase sees them all."""
_MEMORY = timedelta(days=1)
_RUNS = {"prefect.resource.id": "prefect.flow-run.*"}
_OURS = {"prefect.resource.id": f"prefect.tag.{TAG}", "prefect.resource.role": "tag"}
_DEPLOYED = {"prefect.resource.id": "prefect.deployment.*", "prefect.resource.role": "deployment"}
"""A run within a run is begun again by the one around it."""
_ANY_SIGN = {"prefect.flow-run.*"}
_EACH_RUN = {"prefect.resource.id"}


def automations(plan: Plan, ids: Mapping[str, UUID], dead_after: timedelta) -> tuple[AutomationCore, ...]:
    """Every automation of the plan.

    Args:
        plan: the plan in force.
        ids: its deployments on the server, by name.
        dead_after: how long a run may give no sign of life.
    """
    return (_silent(dead_after), _never_begun(), _again(), *_phases(plan, ids))


async def reconcile_automations(wanted: tuple[AutomationCore, ...]) -> tuple[str, ...]:
    """Have these automations on the server and no others of ours; one that is there already is left in peace.

    Returns:
        The names of those that were made, changed or taken away.
    """
    missing = {one.name: one for one in wanted}
    touched: list[str] = []
    async with get_client() as client:
        for found in await client.read_automations():
            if TAG not in found.tags:
                continue
            own = missing.pop(found.name, None)
            if own is None:
                await client.delete_automation(found.id)
            elif _content(found) != _content(own):
                await client.update_automation(found.id, own)
            else:
                continue
            touched.append(found.name)
        for name, own in missing.items():
            await client.create_automation(own)
            touched.append(name)
    return tuple(sorted(touched))


def _silent(dead_after: timedelta) -> AutomationCore:
    """A run that has begun gives a sign of life twice a minute, until it ends."""
    return AutomationCore(
        name="运行失去音讯，判为中断",
        description=f"运行所在的机器断电、死机或断网，{dead_after.total_seconds():.0f} 秒没有任何音讯。",
        tags=[TAG],
        trigger=EventTrigger(
            posture=Posture.Proactive,
            match=_RUNS,
            match_related=_OURS,
            after={"prefect.flow-run.Running", "prefect.flow-run.heartbeat"},
            expect=_ANY_SIGN,
            for_each=_EACH_RUN,
            within=dead_after,
        ),
        actions=[_crashed("没有音讯，所在机器可能已停机")],
    )


def _never_begun() -> AutomationCore:
    """A run that a worker has claimed must begin."""
    return AutomationCore(
        name="运行被领走后没有开始，判为中断",
        description=f"工作机领走运行之后停机，{START_WITHIN.total_seconds() / 60:.0f} 分钟没有开始。",
        tags=[TAG],
        trigger=EventTrigger(
            posture=Posture.Proactive,
            match=_RUNS,
            match_related=_OURS,
            after={"prefect.flow-run.Pending", "prefect.flow-run.Submitting"},
            expect=_ANY_SIGN,
            for_each=_EACH_RUN,
            within=START_WITHIN,
        ),
        actions=[_crashed("领走后没有开始，所在机器可能已停机")],
    )


def _again() -> AutomationCore:
    """Each beginning of a run may crash once and be followed by the next; what crashes before it begins, once too."""
    return AutomationCore(
        name=f"中断的运行自动重做（合计至多 {BEGINNINGS} 次）",
        description="重做没有害处：以数据库为准，已做的不会再做一遍。超过次数的留待人工处理。",
        tags=[TAG],
        trigger=EventTrigger(
            posture=Posture.Reactive,
            match={**_RUNS, "prefect.run-count": [str(count) for count in range(BEGINNINGS)]},
            match_related=[_OURS, _DEPLOYED],
            expect={"prefect.flow-run.Crashed"},
            for_each={*_EACH_RUN, "prefect.run-count"},
            within=_MEMORY,
        ),
        actions=[ChangeFlowRunState(state=StateType.SCHEDULED, message="运行中断，自动重做")],
    )


def _phases(plan: Plan, ids: Mapping[str, UUID]) -> tuple[AutomationCore, ...]:
    """A phase's page shows its gate as soon as one of its milestones is met or missed."""
    return tuple(
        AutomationCore(
            name=f"节点达成或到期未达成，即查看“{deployment_name(timetable)}”",
            description="巡查登记了本阶段节点的变化之后，立即重新核算本阶段。",
            tags=[TAG],
            trigger=EventTrigger(
                posture=Posture.Reactive,
                match={"prefect.resource.id": f"guanai.{plan.id}.{dict(timetable.parameters)['phase']}.*"},
                expect={MILESTONE_MET, MILESTONE_MISSED},
                within=_SETTLE,
            ),
            actions=[RunDeployment(deployment_id=ids[deployment_name(timetable)])],
        )
        for timetable in timetables(plan)
        if timetable.kind is Kind.PHASE
    )


def _crashed(why: str) -> ChangeFlowRunState:
    return ChangeFlowRunState(state=StateType.CRASHED, message=why)


def _content(one: AutomationCore) -> dict[str, object]:
    return AutomationCore.model_validate(one.model_dump(exclude={"id"})).model_dump(
        mode="json", exclude={"owner_resource"}
    )
