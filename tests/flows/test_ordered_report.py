"""A report that the office orders from a page: begun on Prefect's engine, watched, and filed under who ordered it."""

import asyncio
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from domain.problems import Problem, ProblemKind
from models.engine import reading
from services import audit, filed_reports
from services.running import Running
from tasks.report_runs import STEPS, look, order
from tests import cast
from tests.flows.conftest import County
from tests.reports import DAY, YEAR, hand_in_a_year

pytestmark = pytest.mark.usefixtures("prefect_server")


def engine_of_tests() -> Running:
    """The platform as a page sees it, with Prefect's server of the tests."""
    from prefect.settings import PREFECT_API_URL  # noqa: PLC0415 - loads Prefect

    at = cast.moment("2025-12-31 09:00")
    return Running(pid=1, started=at, portal="", engine=PREFECT_API_URL.value().removesuffix("/api"))


@pytest.mark.slow(20)
def test_a_report_that_was_ordered_is_made_watched_and_filed(county: County, home: Path) -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey  # noqa: PLC0415 - as above
    from prefect.flow_engine import run_flow  # noqa: PLC0415 - as above

    from deployments.from_plan import register  # noqa: PLC0415 - as above
    from flows.scheduled_report import scheduled_report  # noqa: PLC0415 - as above

    hand_in_a_year(home)
    asyncio.run(register(county.plan))
    running, plan = engine_of_tests(), county.plan.id
    run = order(running, plan, year=YEAR, as_of=DAY, number="", signatory="", by="周岚")
    waiting = look(running, run)
    assert (waiting.words, waiting.over) == ("等待开始", False)
    assert [step.words for step in waiting.steps] == ["还没有开始"] * len(STEPS)
    with get_client(sync_client=True) as client:
        flow_run = client.read_flow_run(run)
        run_flow(scheduled_report, flow_run=flow_run, parameters=flow_run.parameters)
    done = look(running, run)
    assert (done.words, done.message) == ("已完成", "")
    with reading(county.engine) as session:
        (report,) = filed_reports.filed(session, plan)
        made = [line.actor for line in audit.lines(session, last=3) if line.action == "report"]
    assert (report.year, report.as_of, report.folder.parent) == (YEAR, DAY, home / "报告")
    assert made == ["周岚"]
    with get_client(sync_client=True) as client:
        key = ArtifactFilter(key=ArtifactFilterKey(any_=[f"{plan}-report-{YEAR}"]))
        (told,) = client.read_artifacts(artifact_filter=key)
    pdfs = 1 + len(county.plan.units) + 2  # with the brief and the public version
    assert f"共 {pdfs} 份 PDF" in str(told.data)


def test_what_the_engine_does_not_know_is_told(county: County) -> None:
    running = engine_of_tests()
    with pytest.raises(Problem) as refusal:
        look(running, UUID(int=1))
    assert refusal.value.kind is ProblemKind.REPORT_RUN_UNKNOWN
    told = {"year": 2025, "as_of": date(2025, 12, 31), "number": "", "signatory": "", "by": "周岚"}
    silent = running.model_copy(update={"engine": "http://127.0.0.1:1"})
    for platform, plan in ((running, "another-plan"), (silent, county.plan.id), (None, county.plan.id)):
        with pytest.raises(Problem) as refusal:
            order(platform, plan, **told)  # type: ignore[arg-type]  # one mapping of several types
        assert refusal.value.kind is ProblemKind.REPORT_NO_ENGINE
