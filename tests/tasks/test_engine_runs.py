"""What Prefect knows of runs, as the watchman is told: with a stand-in for its API that answers what a test lays down."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

from services.running import Running
from services.watchman import Trouble
from tasks.engine_runs import tell, troubles
from tests import cast

NOW = cast.moment("2025-07-01 12:00")


class Api:
    """A server that holds runs, and keeps the events that it is sent."""

    def __init__(self, *runs: dict[str, Any], status: int = 200) -> None:
        self.runs, self.status = runs, status
        self.events: list[dict[str, Any]] = []

    def answer(self, path: str, body: Any) -> object:
        if path == "/api/events":
            self.events += body
            return None
        if path == "/api/deployments/filter":
            return [{"id": i, "name": f"08 {i}"} for i in body["deployments"]["id"]["any_"]]
        states = body["flow_runs"]["state"]["type"]["any_"]
        before = datetime.fromisoformat(body["flow_runs"]["expected_start_time"]["before_"])
        found = [r for r in self.runs if r["state_type"] in states and moment(r) <= before]
        return sorted(found, key=moment, reverse=True)


def moment(run: dict[str, Any]) -> datetime:
    """When a run was to start."""
    return datetime.fromisoformat(run["expected_start_time"])


@contextmanager
def served(api: Api, up_for: int = 600) -> Iterator[Running]:
    """A platform that has been running for some minutes, whose engine is ``api``."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            content = json.dumps(api.answer(self.path, body)).encode()
            self.send_response(api.status)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            started = NOW - timedelta(minutes=up_for)
            yield Running(pid=1, started=started, portal="", engine=f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()


def run(
    state: str, ago: timedelta, deployment: str = "走访", began: timedelta | None = None
) -> dict[str, Any]:
    """A run of a deployment that was to start some time ago, and perhaps began later."""
    return {
        "id": "0",
        "name": f"{deployment} 的运行",
        "deployment_id": deployment,
        "state_type": state,
        "expected_start_time": (NOW - ago).isoformat(),
        "start_time": None if began is None else (NOW - began).isoformat(),
    }


def seen(*runs: dict[str, Any]) -> list[tuple[str, str]]:
    """Kind and subject of what is amiss with these runs."""
    with served(Api(*runs)) as running:
        return [(trouble.kind, trouble.subject) for trouble in troubles(running, NOW)]


def test_a_run_that_crashed_or_failed_is_told_once_a_deployment() -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    assert seen(run("CRASHED", hour), run("FAILED", day), run("FAILED", day, "年报")) == [
        ("failed", "走访"),
        ("failed", "年报"),
    ]


def test_a_later_run_that_was_done_makes_good_for_it() -> None:
    assert seen(run("CRASHED", timedelta(hours=2)), run("COMPLETED", timedelta(hours=1))) == []
    assert seen(run("COMPLETED", timedelta(hours=2)), run("CRASHED", timedelta(hours=1))) == [
        ("failed", "走访")
    ]
    other = run("COMPLETED", timedelta(hours=1), "年报")
    assert seen(run("CRASHED", timedelta(hours=2)), other) == [("failed", "走访")]


def test_a_run_hangs_two_hours_after_it_began_however_late_that_was() -> None:
    day = timedelta(days=1)
    assert seen(run("RUNNING", day, began=timedelta(minutes=119))) == []
    assert seen(run("RUNNING", day, began=timedelta(minutes=121))) == [("stuck", "走访")]


def test_a_run_is_missed_half_an_hour_after_it_should_have_begun() -> None:
    assert seen(run("SCHEDULED", timedelta(minutes=29)), run("PENDING", timedelta(minutes=29))) == []
    assert seen(run("SCHEDULED", timedelta(minutes=31))) == [("missed", "走访")]
    assert seen(run("SCHEDULED", -timedelta(days=3))) == []  # still to come


def test_a_platform_that_was_just_started_has_time_to_catch_up() -> None:
    late = (run("SCHEDULED", timedelta(hours=9)), run("CRASHED", timedelta(hours=9), "年报"))
    with served(Api(*late), up_for=14) as running:
        assert [trouble.kind for trouble in troubles(running, NOW)] == ["failed"]
    with served(Api(*late), up_for=16) as running:
        assert [trouble.kind for trouble in troubles(running, NOW)] == ["missed", "failed"]


def test_a_flow_within_a_flow_is_told_by_the_one_around_it() -> None:
    assert seen(run("RUNNING", timedelta(hours=3)) | {"deployment_id": None}) == []


def test_a_run_is_told_by_the_name_of_its_deployment() -> None:
    with served(Api(run("FAILED", timedelta(hours=1)))) as running:
        (trouble,) = troubles(running, NOW)
    assert trouble.text == "“08 走访”（07-01 11:00）没有做完就中断了。"


def test_an_engine_that_is_down_says_nothing_and_one_that_refuses_is_told() -> None:
    with served(Api()) as running:
        pass
    assert troubles(running, NOW) == ()
    with served(Api(status=422)) as running:
        (trouble,) = troubles(running, NOW)
    assert (trouble.kind, trouble.subject) == ("part", "engine-api")
    assert "422" in trouble.text


def test_a_trouble_goes_out_as_an_event() -> None:
    api, trouble = Api(), Trouble(kind="missed", subject="daily-round", text="没有运行。", mend="请查看。")
    with served(api) as running:
        assert tell(running, "guanai.watchman.trouble", trouble, NOW)
    (event,) = api.events
    assert event["event"] == "guanai.watchman.trouble"
    assert event["resource"] == {"prefect.resource.id": "guanai.watchman.missed.daily-round"}
    assert event["payload"]["text"] == "没有运行。"
    assert datetime.fromisoformat(event["occurred"]) == NOW
    assert not tell(running, "guanai.watchman.trouble", trouble, NOW)  # the engine is gone
