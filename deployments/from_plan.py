"""What runs on Prefect, built from the plan and never typed by hand: plan = deployments = what the server has."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from deployments.sharing import POOL
from domain.plan import Plan
from domain.schedule import ZONE, Kind, Line, Timetable, timetables
from flows.daily_round import daily_round
from flows.deliver import deliver
from flows.measure import measure
from flows.phase import phase
from flows.quarter_close import quarter_close
from flows.scheduled_circular import scheduled_circular
from flows.scheduled_phase_assessment import scheduled_phase_assessment
from flows.scheduled_report import scheduled_report
from flows.year_close import year_close

TAG = "guanai"
"""Marks what is ours on a server that others may use as well."""

_PAGE = 200
_BANNED = re.compile(r"[/%&<>]")
"""Characters that Prefect refuses in names."""

_FLOWS: dict[Kind, Flow[..., Any]] = {
    Kind.MEASURE: measure,
    Kind.PHASE: phase,
    Kind.DAILY_ROUND: daily_round,
    Kind.QUARTER_CLOSE: quarter_close,
    Kind.YEAR_CLOSE: year_close,
    Kind.ANNUAL_REPORT: scheduled_report,
    Kind.DELIVERY: deliver,
    Kind.CIRCULAR: scheduled_circular,
    Kind.PHASE_ASSESSMENT: scheduled_phase_assessment,
}


_PURPOSES = {
    Kind.DAILY_ROUND: "开出到期应开的事项；逐项查看任务举措，在其所依赖的举措之后；再逐个查看阶段，在其节点所依据的举措"
    "和前一阶段之后；最后登记当天发生的事。运行图中各编号的含义见每次运行的 Artifacts 一栏。",
    Kind.QUARTER_CLOSE: "固定上一季度最后一天各项工作的状态，只做一次，此后不变。",
    Kind.YEAR_CLOSE: "固定上一年度最后一天各项工作的状态，只做一次，此后不变。",
    Kind.ANNUAL_REPORT: "在各单位年度报告截止后的次日，用已审核通过的材料生成综合报告和各单位报告，"
    "归档在数据目录的“报告”文件夹。",
    Kind.DELIVERY: "按渠道发送到时间的消息，登记每一条的结果；失败的隔些时候再试，存疑的和不能发出的列在“消息台账”。"
    "没有到时间的消息时什么也不做。",
    Kind.CIRCULAR: "每期结束后第几个工作日（方案 rules.circular）生成上一期的通报，归档在“报告”文件夹，只做一次，"
    "由办公室通读后发布；未到日子、已经做过的，不再做。",
    Kind.PHASE_ASSESSMENT: "每个阶段结束后的第一个工作日生成该阶段的评估报告，归档在“报告”文件夹，只做一次，由办公室通读后"
    "发布给领导；未到日子、已经做过的，不再做。方案印发前已结束的阶段不自动评估。",
}
"""What the runs do that are neither a measure's nor a phase's."""


@dataclass(frozen=True)
class Listed:
    """A deployment as the plan asks for it, and as a server may have it.

    ``schedules`` holds slug, cron line and time zone of each active schedule, by slug.
    """

    name: str
    entrypoint: str
    parameters: tuple[tuple[str, str | int], ...]
    schedules: tuple[tuple[str, str, str], ...]
    tags: tuple[str, ...]


def deployments(plan: Plan, version: str | None = None) -> list[RunnerDeployment]:
    """Every deployment of the plan, ready to be applied; its runs wait in the pool for whichever worker is free.

    Args:
        plan: the plan in force.
        version: the plan's version, shown on Prefect's pages.
    """
    return [_deployment(plan, timetable, version) for timetable in timetables(plan)]


def expected(plan: Plan) -> tuple[Listed, ...]:
    """What a server has once the plan's deployments are registered, by name; asks no server."""
    found = (
        Listed(
            name=deployment_name(timetable),
            entrypoint=_entrypoint(timetable.kind),
            parameters=timetable.parameters,
            schedules=tuple(sorted((line.slug, line.cron, ZONE) for line in timetable.lines)),
            tags=tuple(sorted(_tags(plan, timetable))),
        )
        for timetable in timetables(plan)
    )
    return tuple(sorted(found, key=lambda one: one.name))


async def on_server() -> tuple[Listed, ...]:
    """What the server has of ours, by name."""
    async with get_client() as client:
        return tuple(sorted((_listed(found) for found in await _ours(client)), key=lambda one: one.name))


async def register(plan: Plan, version: str | None = None) -> dict[str, UUID]:
    """Put the plan's deployments on the server and take away what the plan no longer has; may be repeated.

    The pool must be there (:func:`deployments.pool.keep_pool`).

    Returns:
        The id of each deployment by its name, in the order of :func:`domain.schedule.timetables`.
    """
    ids = {one.name: await one.aapply() for one in deployments(plan, version)}
    await reconcile(plan)
    return ids


async def reconcile(plan: Plan) -> tuple[str, ...]:
    """Take deployments and schedules off the server that the plan no longer has; others' are left alone.

    A schedule that has left the plan would otherwise stay active. Runs that are done stay in Prefect's history.

    Returns:
        What was taken away, as names and name/slug.
    """
    wanted = {one.name: {slug for slug, _, _ in one.schedules} for one in expected(plan)}
    gone: list[str] = []
    async with get_client() as client:
        for found in await _ours(client):
            if found.name not in wanted:
                await client.delete_deployment(found.id)
                gone.append(found.name)
                continue
            for schedule in found.schedules:
                if schedule.slug not in wanted[found.name] and schedule.id is not None:
                    await client.delete_deployment_schedule(found.id, schedule.id)
                    gone.append(f"{found.name}/{schedule.slug}")
    return tuple(sorted(gone))


def _deployment(plan: Plan, timetable: Timetable, version: str | None) -> RunnerDeployment:
    flow = _FLOWS[timetable.kind].with_options(name=deployment_name(timetable))
    return RunnerDeployment.from_flow(
        flow,
        name=deployment_name(timetable),
        parameters=dict(timetable.parameters),
        schedules=[_cron(line) for line in timetable.lines],
        concurrency_limit=1,
        tags=_tags(plan, timetable),
        description=_description(plan, timetable),
        version=version,
        work_pool_name=POOL,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _cron(line: Line) -> Any:
    return Cron(line.cron, timezone=ZONE, slug=line.slug)


def deployment_name(timetable: Timetable) -> str:
    """A timetable's name as the server takes it."""
    return _BANNED.sub("·", timetable.name)


def _tags(plan: Plan, timetable: Timetable) -> list[str]:
    return [TAG, plan.id, timetable.kind.value]


def _entrypoint(kind: Kind) -> str:
    flow = _FLOWS[kind]
    return f"{flow.fn.__module__}.{flow.fn.__name__}"


def _description(plan: Plan, timetable: Timetable) -> str:
    """What a reader of Prefect's pages should know: what a measure demands and on whose ledger it works."""
    told = dict(timetable.parameters)
    if timetable.kind is Kind.MEASURE:
        own = plan.measures_by_number[int(told["measure"])]
        links = [
            f"- 依赖第{link.measure}项“{plan.measures_by_number[link.measure].title}”：{link.because}"
            for link in own.depends_on
        ]
        units = "、".join(plan.units_by_id[unit].name for unit in plan.measure_units(own.number))
        demands = [f"- {demand}" for demand in own.demands]
        links += [
            f"- 第{other.number}项“{other.title}”依赖本项：{link.because}"
            for other in plan.measures
            for link in other.depends_on
            if link.measure == own.number
        ]
        return "\n".join(
            [f"**{own.title}**（{plan.document.number}）", "", f"责任单位：{units}", "", *demands, *links]
        )
    if timetable.kind is Kind.PHASE:
        part = next(p for p in plan.phases if p.id == told["phase"])
        nodes = [f"- {m.due} {m.title}（依据：{m.evidence}）" for m in part.milestones]
        return "\n".join([f"**{part.name}** {part.start} 至 {part.end}", "", part.goal, "", *nodes])
    return f"**{timetable.name}**（{plan.short_name}）\n\n{_PURPOSES[timetable.kind]}"


async def _ours(client: PrefectClient) -> list[DeploymentResponse]:
    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    found: list[DeploymentResponse] = []
    while True:
        page = await client.read_deployments(deployment_filter=tagged, limit=_PAGE, offset=len(found))
        found += page
        if len(page) < _PAGE:
            return found


def _listed(found: DeploymentResponse) -> Listed:
    schedules = (
        (s.slug or "", s.schedule.cron, s.schedule.timezone or "")
        for s in found.schedules
        if s.active and isinstance(s.schedule, CronSchedule)
    )
    return Listed(
        name=found.name,
        entrypoint=found.entrypoint or "",
        parameters=tuple(sorted(found.parameters.items())),
        schedules=tuple(sorted(schedules)),
        tags=tuple(sorted(found.tags)),
    )
