"""The assessment of a phase as Prefect runs it: on its day once, not before, and ordered from a page."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from domain.problems import Problem, ProblemKind
from models.engine import reading
from services import audit, filed_reports
from tasks.report_runs import look, order_phase
from tests.flows.conftest import County
from tests.flows.test_ordered_report import engine_of_tests
from tests.reports import hand_in_a_year

pytestmark = pytest.mark.usefixtures("prefect_server")


@pytest.mark.slow(30)
def test_an_assessment_is_made_on_its_day_once_and_again_only_where_the_office_orders_it(
    county: County, home: Path
) -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect
    from prefect.flow_engine import run_flow  # noqa: PLC0415 - as above

    from deployments.from_plan import register  # noqa: PLC0415 - as above
    from flows.scheduled_phase_assessment import scheduled_phase_assessment  # noqa: PLC0415 - as above

    hand_in_a_year(home)
    assert scheduled_phase_assessment(as_of=date(2026, 3, 1)) == ""
    folder = scheduled_phase_assessment(as_of=date(2026, 3, 2))
    assert Path(folder).parent == home / "报告"
    assert scheduled_phase_assessment(as_of=date(2026, 3, 3)) == ""
    with pytest.raises(Problem) as refusal:
        scheduled_phase_assessment(as_of=date(2026, 2, 27), phase="raise")
    assert refusal.value.kind is ProblemKind.PHASE_NOT_ASSESSABLE

    asyncio.run(register(county.plan))
    running = engine_of_tests()
    run = order_phase(
        running,
        county.plan.id,
        phase="base",
        as_of=date(2025, 12, 31),
        number="临妇字〔2025〕12号",
        signatory="方毅",
        by="周岚",
    )
    with get_client(sync_client=True) as client:
        flow_run = client.read_flow_run(run)
        run_flow(scheduled_phase_assessment, flow_run=flow_run, parameters=flow_run.parameters)
    done = look(running, run)
    assert (done.words, [step.words for step in done.steps]) == ("已完成", ["已完成"] * len(done.steps))
    with reading(county.engine) as session:
        titles = [one.title for one in filed_reports.filed(session, county.plan.id)]
        made = [line.actor for line in audit.lines(session, last=6) if line.action == "report"]
    assert titles == ["打基础阶段评估（阶段尚未结束）", "打基础阶段评估"]
    assert sorted(made) == ["周岚", "系统"]
