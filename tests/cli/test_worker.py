"""``guanai worker``: machines that share the work, one of which dies in the middle of it; and what is refused before."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from cli.app import app
from deployments.sharing import MARK
from models.engine import make_engine, reading, writing
from models.tables import ReportRow
from services.pdf_checks import check_pdf
from services.plan_versions import adopt
from services.report_folder import WORK, altered
from tests import cast
from tests.linhe import linhe
from tests.office import COLD, environment, fetch, free_ports, guanai, terminal, up
from tests.postgres import Cluster
from tests.processes import SOON, Program
from tests.reports import DAY, YEAR, hand_in_a_year
from tests.stores import Templates

PASSWORD = "everywhere-alike"  # noqa: S105 - of this test alone
DEAD_AFTER = 40
"""Seconds; the least that Prefect's signs of life, every 30, allow."""
LONG = 180
WORKER = ("worker", "--engine", "http://127.0.0.1:1")
"""Looks for an engine where there is none."""
PDFS = 1 + len(linhe().units) + 2  # with the brief and the public version


@dataclass(frozen=True)
class Pool:
    """The platform as its workers see it, and as an operator asks it."""

    engine: str
    running: Program
    settings: dict[str, str]
    folder: Path

    def environment(self, machine: str) -> dict[str, str]:
        """What is set on a machine that belongs to it."""
        return environment(self.folder / machine, **self.settings, GUANAI_ENGINE_URL=self.engine)

    def ask(self, path: str, body: object = None) -> Any:
        return json.loads(fetch(f"{self.engine}/api/{path}", body, PASSWORD))

    def until(self, condition: Callable[[], Any], seconds: float = LONG) -> Any:
        """What ``condition`` comes to be, asked five times a second while the platform is up."""
        for _ in range(int(seconds * 5)):
            if found := condition():
                return found
            with pytest.raises(subprocess.TimeoutExpired):
                self.running.process.wait(timeout=0.2)
        raise AssertionError(self.runs())

    def order(self, name: str, **parameters: object) -> str:
        """Order a run of a deployment, for now; its id."""
        (found,) = self.ask("deployments/filter", {"deployments": {"name": {"any_": [name]}}})
        state = {"type": "SCHEDULED"}
        ordered = self.ask(
            f"deployments/{found['id']}/create_flow_run", {"state": state, "parameters": parameters}
        )
        return str(ordered["id"])

    def run(self, number: str) -> Any:
        return self.ask(f"flow_runs/{number}")

    def runs(self, *states: str) -> list[Any]:
        """Runs that are or were under way, newest first."""
        states = states or ("PENDING", "RUNNING", "COMPLETED", "FAILED", "CRASHED")
        wanted = {"flow_runs": {"state": {"type": {"any_": states}}}, "sort": "EXPECTED_START_TIME_DESC"}
        return list(self.ask("flow_runs/filter", wanted))

    def workers(self) -> set[str]:
        """Names of the workers that are at hand."""
        found = self.ask("work_pools/guanai/workers/filter", {})
        return {one["name"] for one in found if one["status"] == "ONLINE"}


def done_by(run: Any) -> str:
    """The worker that had a run last."""
    return str(run["labels"].get("prefect.worker.name", ""))


@contextmanager
def common(cluster: Cluster, template: str, folder: Path) -> Iterator[dict[str, str]]:
    """What machines that work together have in common."""
    with cluster.database(template) as store, cluster.database() as engine:
        yield {
            "GUANAI_DATABASE_URL": store,
            "GUANAI_ENGINE_DATABASE_URL": engine,
            "GUANAI_ENGINE_PASSWORD": PASSWORD,
            "GUANAI_REPORTS": str(folder / "报告"),
            "GUANAI_DEAD_AFTER": str(DEAD_AFTER),
            "PREFECT_WORKER_QUERY_SECONDS": "1",
        }


@pytest.fixture
def shared(postgresql: Cluster, templates: Templates, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Machines that have nothing in their store yet."""
    with common(postgresql, templates.database(), tmp_path) as settings:
        yield settings


@pytest.fixture(scope="module")
def pool(
    postgresql: Cluster, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pool]:
    """A platform with a year's work in it, on a machine that leaves all runs to others."""
    folder = tmp_path_factory.mktemp("pool")
    port, engine_port = free_ports(2)
    with common(postgresql, templates.database(), folder) as settings:
        hand_in_a_year(folder / "forms", settings["GUANAI_DATABASE_URL"])
        own = environment(folder / "主机", **settings)
        with up(own, port, engine_port, "--pool", "--runs", "0") as running:
            running.until("已启动", COLD)
            yield Pool(f"http://127.0.0.1:{engine_port}", running, settings, folder)
            running.process.send_signal(signal.SIGINT)
            assert running.rest(SOON) == 0


@pytest.mark.slow(110)
def test_two_machines_share_the_work_and_a_report_whose_machine_dies_is_done_by_the_other_once(
    pool: Pool,
) -> None:
    reports = Path(pool.settings["GUANAI_REPORTS"])
    with ExitStack() as machines:
        crew: dict[str, Program] = {}
        for name in ("甲", "乙"):
            worker = terminal(pool.environment(name), "worker", "--name", name, "--runs", "1")
            crew[name] = machines.enter_context(worker)
        pool.until(lambda: crew.keys() <= pool.workers())

        # one loses its power in the middle of a report, when both have done their share of the work before it
        for name in ("04 走访困难家庭", "08 建立统一台账"):
            pool.order(name)
        report = pool.order("年度报告", as_of=str(DAY))
        pool.until(lambda: len(list(reports.glob(f"{WORK}*/**/*.pdf"))) > PDFS // 3)
        pool.until(lambda: {done_by(run) for run in pool.runs("COMPLETED")} == crew.keys())
        begun = pool.run(report)
        victim = done_by(begun)
        survivors = {p.name: p.stat().st_mtime_ns for p in reports.glob(f"{WORK}*/**/*.pdf")}
        assert survivors
        for pid in (crew[victim].process.pid, int(begun["infrastructure_pid"])):
            os.kill(pid, signal.SIGKILL)

        # it is missed, and the other one does the report again
        pool.until(lambda: pool.run(report)["state_type"] == "COMPLETED")
        states = [one["name"] for one in pool.ask(f"flow_run_states/?flow_run_id={report}")]
        assert "Crashed" in states
        again = pool.run(report)
        assert again["run_count"] == 2
        assert done_by(again) == ({*crew} - {victim}).pop()
        pool.until(lambda: not pool.runs("PENDING", "RUNNING"))  # nothing is said to run for ever

        # once, and whole
        (folder,) = (p for p in reports.iterdir() if not p.name.startswith("."))
        pdfs = list(folder.rglob("*.pdf"))
        assert len(pdfs) == PDFS
        assert [fault for pdf in pdfs for fault in check_pdf(pdf)] == []
        assert altered(folder) == []
        assert survivors.items() <= {p.name: p.stat().st_mtime_ns for p in pdfs}.items()
        engine = make_engine(pool.settings["GUANAI_DATABASE_URL"])
        with reading(engine) as session:
            (row,) = session.exec(select(ReportRow)).all()
            assert (row.year, row.as_of, row.folder) == (YEAR, DAY, str(folder))
        engine.dispose()
        assert guanai(pool.environment("主机"), "audit", "verify").returncode == 0

        # the one that is left goes when it is told
        left = crew[done_by(again)]
        left.process.send_signal(signal.SIGINT)
        assert left.rest(SOON) == 0
        assert "已停止" in left.told
        assert "Traceback" not in left.told


@pytest.mark.slow(20)
def test_a_run_that_ends_its_machine_each_time_is_begun_three_times_and_no_more(pool: Pool) -> None:
    def die(number: str) -> None:
        for state in ("PENDING", "RUNNING", "CRASHED"):
            pool.ask(f"flow_runs/{number}/set_state", {"state": {"type": state}})

    def begun_again(number: str) -> bool:
        return bool(pool.run(number)["state_type"] == "SCHEDULED")

    deadly = pool.order("年度结转")
    for _ in range(2):
        die(deadly)
        pool.until(lambda: begun_again(deadly))
    die(deadly)
    other = pool.order("季度结转")
    die(other)
    pool.until(lambda: begun_again(other))  # by when the third death of the first has been told as well
    left = pool.run(deadly)
    assert (left["state_name"], left["run_count"]) == ("Crashed", 3)


@contextmanager
def engine_that_answers(status: int) -> Iterator[str]:
    """An engine that answers everything alike."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def refused(tmp_path: Path, shared: dict[str, str], *command: str) -> str:
    """What a command that does not start anything says."""
    told = CliRunner().invoke(app, command, env=environment(tmp_path / "甲", **shared))
    assert told.exit_code == 1
    return told.stderr


def test_a_worker_whose_store_is_its_own_is_refused(tmp_path: Path, shared: dict[str, str]) -> None:
    assert "〔805〕" in refused(tmp_path, {**shared, "GUANAI_DATABASE_URL": ""}, *WORKER)


def test_a_worker_without_a_folder_that_all_share_is_refused(tmp_path: Path, shared: dict[str, str]) -> None:
    assert "〔806〕" in refused(tmp_path, {**shared, "GUANAI_REPORTS": ""}, *WORKER)


def test_a_worker_is_refused_until_plan_folder_and_engine_are_there(
    tmp_path: Path, shared: dict[str, str]
) -> None:
    assert "〔108〕" in refused(tmp_path, shared, *WORKER)
    engine = make_engine(shared["GUANAI_DATABASE_URL"])
    with writing(engine) as session:
        adopt(session, linhe(), at=cast.moment("2025-02-20 09:00"), actor=cast.ZHAO_QIANG)
    engine.dispose()
    assert "〔806〕" in refused(tmp_path, shared, *WORKER)
    folder = Path(shared["GUANAI_REPORTS"])
    folder.mkdir()
    (folder / MARK).touch()
    assert "〔807〕" in refused(tmp_path, shared, *WORKER)
    with engine_that_answers(401) as locked:
        assert "〔808〕" in refused(tmp_path, shared, "worker", "--engine", locked)
    with engine_that_answers(404) as strange:
        assert "〔809〕" in refused(tmp_path, shared, "worker", "--engine", strange)


@pytest.mark.parametrize(
    ("spoilt", "number"),
    [
        ("GUANAI_DATABASE_URL", "〔805〕"),
        ("GUANAI_ENGINE_DATABASE_URL", "〔805〕"),
        ("GUANAI_REPORTS", "〔806〕"),
    ],
)
def test_what_is_one_machines_own_cannot_be_pooled(
    spoilt: str, number: str, tmp_path: Path, shared: dict[str, str]
) -> None:
    assert number in refused(tmp_path, {**shared, spoilt: ""}, "up", "--pool")


def test_the_engine_is_not_opened_to_other_machines_without_a_password(tmp_path: Path) -> None:
    assert "〔804〕" in refused(tmp_path, {}, "up", "--engine-host", "0.0.0.0")  # noqa: S104 - refused
