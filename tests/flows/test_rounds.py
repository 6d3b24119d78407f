"""Runs of Prefect do what the plan says was due on their day, show what waits for what, and do nothing twice."""

import asyncio
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from domain.problems import Problem, ProblemKind
from domain.schedule import measure_order
from models.engine import reading
from models.rounds import newest_round, round_done
from tests import cast
from tests.flows.conftest import County

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.schemas.objects import Artifact, FlowRun, State, TaskRun

pytestmark = pytest.mark.usefixtures("prefect_server")

DAY = date(2025, 10, 9)
"""After the national holiday: the ledger should have been built, and a quarter has ended."""

PATIENCE = 1000
"""How often the server is asked for what it records a little later."""


def run(flow: "Flow[..., Any]", **parameters: Any) -> tuple["FlowRun", Any]:
    """A run of a flow and what it returned."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect

    state: Any = flow(**parameters, return_state=True)
    with get_client(sync_client=True) as client:
        return client.read_flow_run(state.state_details.flow_run_id), state.result()


def steps(flow_run: "FlowRun", count: int) -> dict[str, "TaskRun"]:
    """The task runs of a run, by their name, once the server has recorded all of them."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId  # noqa: PLC0415 - as above

    own = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run.id]))
    with get_client(sync_client=True) as client:
        for _ in range(PATIENCE):
            found = client.read_task_runs(flow_run_filter=own)
            if len(found) >= count and all(one.state and one.state.is_final() for one in found):
                break
    return {one.name: one for one in found}


def artifacts(flow_run: "FlowRun") -> dict[str, "Artifact"]:
    """What a run left on Prefect's pages, by key."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId  # noqa: PLC0415 - as above

    own = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run.id]))
    with get_client(sync_client=True) as client:
        return {found.key or "": found for found in client.read_artifacts(artifact_filter=own)}


def waited_for(step: "TaskRun") -> set[object]:
    return {getattr(one, "id", None) for one in step.task_inputs.get("wait_for", [])}


def test_a_daily_round_does_the_day_and_a_second_one_nothing(county: County) -> None:
    from flows.daily_round import daily_round  # noqa: PLC0415 - loads Prefect

    flow_run, new = run(daily_round, as_of=DAY)
    assert flow_run.name == "每日巡查 2025-10-09"
    recorded = {(h.name, h.subject): h.day for h in county.happenings()}
    assert recorded[("guanai.milestone.missed", "linhe-2025/base/ledger-built")] == date(2025, 10, 1)
    assert new == len(recorded)
    assert run(daily_round, as_of=DAY)[1] == 0
    assert len(county.happenings()) == len(recorded)


def test_the_run_graph_is_the_plans(county: County) -> None:
    from flows.daily_round import daily_round  # noqa: PLC0415 - loads Prefect

    flow_run, _ = run(daily_round, as_of=DAY)
    found = steps(flow_run, 15)
    names = {
        number: f"{number:02} {county.plan.measures_by_number[number].title}"
        for number in measure_order(county.plan)
    }
    assert set(found) == {
        "A 读取现行方案",
        "B 开出到期事项",
        *names.values(),
        "C 保障措施",
        "D 生成当天的提醒",
        "P1 打基础阶段",
        "P2 促提升阶段",
        "Z 登记并发布事件",
    }
    opened, ledger = found["B 开出到期事项"].id, found[names[8]].id
    assert waited_for(found[names[4]]) == {opened, ledger}
    assert waited_for(found[names[1]]) == {opened}
    assert waited_for(found["D 生成当天的提醒"]) == {opened}
    assert waited_for(found["P1 打基础阶段"]) == {opened, ledger}
    assert waited_for(found["P2 促提升阶段"]) == {opened, found["P1 打基础阶段"].id}


def test_its_pages_show_progress_and_milestones_in_chinese(county: County) -> None:
    from flows.daily_round import daily_round  # noqa: PLC0415 - loads Prefect
    from tasks.rounds import OPEN, READ, RECORD, REMIND, SAFEGUARDS  # noqa: PLC0415 - as above

    flow_run, _ = run(daily_round, as_of=DAY)
    found = artifacts(flow_run)
    assert len(found) == 1 + len(county.plan.measures) + 1 + len(county.plan.phases)
    assert "建成统一台账" in str(found["linhe-2025-phase-base"].data)
    assert "未达成" in str(found["linhe-2025-phase-base"].data)
    order = str(found["linhe-2025-order"].data)  # the graph draws Latin letters and digits only
    assert "| 04 | 走访困难家庭 | B、08 | " in order
    assert "| P2 | 促提升阶段 | B、P1 | " in order
    assert all(f"| {step.split()[0]} | " in order for step in (READ, OPEN, SAFEGUARDS, REMIND, RECORD))
    visits = found["linhe-2025-measure-04"]
    assert "等待本单位先完成2025年下半年“更新统一台账”" in (visits.description or "")
    rows = json.loads(str(visits.data))
    first_half = {"职责事项": "走访困难家庭", "时段": "2025年上半年", "应报": 3, "逾期": 3}
    assert any(first_half.items() <= row.items() for row in rows)


def test_what_happened_is_told_to_prefect_under_the_plans_own_names(county: County) -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect
    from prefect.events.filters import EventFilter, EventNameFilter, EventResourceFilter  # noqa: PLC0415 - as above

    from flows.phase import phase  # noqa: PLC0415 - as above

    _, new = run(phase, phase="base", as_of=DAY)
    ours = EventFilter(
        event=EventNameFilter(prefix=["guanai."]),
        resource=EventResourceFilter(id=["guanai.linhe-2025.base.ledger-built"]),
    )
    with get_client(sync_client=True) as client:
        for _ in range(PATIENCE):
            found = client.read_events(filter=ours, limit=10).events
            if found:
                break
    assert new == len(county.happenings())
    assert [one.event for one in found][:1] == ["guanai.milestone.missed"]
    assert found[0].resource["prefect.resource.name"] == "节点“建成统一台账”到期未达成"


def test_a_late_run_does_what_was_due_on_its_scheduled_day_in_beijing(county: County) -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect
    from prefect.flow_engine import run_flow  # noqa: PLC0415 - as above
    from prefect.states import Scheduled  # noqa: PLC0415 - as above

    from flows.daily_round import daily_round  # noqa: PLC0415 - as above

    scheduled = datetime(2025, 9, 30, 22, 0, tzinfo=UTC)  # six in the morning of 1 October, in Beijing
    with get_client(sync_client=True) as client:
        flow_run = client.create_flow_run(daily_round, state=Scheduled(scheduled_time=scheduled))
        run_flow(daily_round, flow_run=flow_run, parameters={})
        assert client.read_flow_run(flow_run.id).name == "每日巡查 2025-10-01"
    with reading(county.engine) as session:
        assert newest_round(session, "linhe-2025", "daily") == date(2025, 10, 1)


def test_a_deployments_run_bears_its_name_and_its_scheduled_day(county: County) -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect
    from prefect.flow_engine import run_flow  # noqa: PLC0415 - as above
    from prefect.states import Scheduled  # noqa: PLC0415 - as above

    from deployments.from_plan import deployments  # noqa: PLC0415 - as above
    from flows.measure import measure  # noqa: PLC0415 - as above

    (visits,) = [one for one in deployments(county.plan) if one.name == "04 走访困难家庭"]
    visits.schedules = []  # this run alone
    with get_client(sync_client=True) as client:
        number = asyncio.run(visits.aapply())
        scheduled: State[Any] = Scheduled(scheduled_time=cast.moment("2025-07-01 07:18"))
        flow_run = client.create_flow_run_from_deployment(number, state=scheduled)
        run_flow(measure, flow_run=flow_run, parameters=visits.parameters)
        assert client.read_flow_run(flow_run.id).name == "04 走访困难家庭 2025-07-01"
    with reading(county.engine) as session:
        assert round_done(session, "linhe-2025", "measure/04", date(2025, 7, 1)) is not None


def test_a_measures_run_comes_after_the_measure_whose_ledger_it_uses(county: County) -> None:
    from flows.measure import measure  # noqa: PLC0415 - loads Prefect

    flow_run, _ = run(measure, measure=4, as_of=DAY)
    found = steps(flow_run, 5)
    assert flow_run.name == "任务举措 04 2025-10-09"
    assert waited_for(found["04 走访困难家庭"]) == {found["B 开出到期事项"].id, found["08 建立统一台账"].id}
    with reading(county.engine) as session:
        assert round_done(session, "linhe-2025", "measure/04", DAY) is not None


def test_a_measure_that_was_dropped_says_so(county: County) -> None:
    from flows.measure import measure  # noqa: PLC0415 - loads Prefect

    with pytest.raises(Problem) as refusal:
        measure(measure=99, as_of=DAY)
    assert refusal.value.kind is ProblemKind.MEASURE_UNKNOWN
    assert county.happenings() == []


def test_a_phases_run_shows_its_gate_after_the_measures_that_it_rests_on(county: County) -> None:
    from flows.phase import phase  # noqa: PLC0415 - loads Prefect

    flow_run, _ = run(phase, phase="raise", as_of=date(2026, 3, 2))
    found = steps(flow_run, 5)
    assert waited_for(found["P2 促提升阶段"]) == {found["B 开出到期事项"].id, found["P1 打基础阶段"].id}
    assert "结转：建成统一台账（未达成）" in str(artifacts(flow_run)["linhe-2025-phase-raise"].data)
    opened = [h.subject for h in county.happenings() if h.name == "guanai.phase.opened"]
    assert opened == ["linhe-2025/base", "linhe-2025/raise"]


@pytest.mark.parametrize(
    ("module", "kind", "last"),
    [("quarter_close", "quarter-close", date(2025, 9, 30)), ("year_close", "year-close", date(2024, 12, 31))],
)
def test_a_period_is_frozen_once(county: County, module: str, kind: str, last: date) -> None:
    from importlib import import_module  # noqa: PLC0415 - beside what it loads

    close = getattr(import_module(f"flows.{module}"), module)
    assert close(as_of=DAY) is True
    assert close(as_of=DAY) is False
    with reading(county.engine) as session:
        assert round_done(session, "linhe-2025", kind, last) is not None


def test_no_report_is_made_while_no_years_term_is_over(county: County) -> None:
    from flows.scheduled_report import scheduled_report  # noqa: PLC0415 - loads Prefect

    flow_run, folder = run(scheduled_report, as_of=date(2025, 6, 30))
    assert (flow_run.name, folder) == ("年度报告 2025-06-30", "")
    assert county.happenings() == []
