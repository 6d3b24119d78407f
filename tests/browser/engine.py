"""An engine that makes a report, as far as its page asks: a server on this machine that answers as Prefect's does."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from uuid import UUID

from services import clock
from services.running import Running, publish, sole
from tasks.report_runs import STEPS

RUN = UUID(int=7)


@contextmanager
def making_a_report(home: Path, state: str, steps: Mapping[str, str]) -> Iterator[None]:
    """A platform on whose engine the run :data:`RUN` stands in a state, and its steps in theirs.

    Args:
        home: the platform's home.
        state: of the run, as Prefect calls it.
        steps: states by title; what is missing has not begun.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({"id": str(RUN), "state_type": state, "state": {"message": "磁盘已满"}})

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path.endswith("/task_runs/filter"):
                self._answer([{"name": name, "state_type": one} for name, one in steps.items()])
            else:
                inner = "parent_flow_run_id" in asked.get("flow_runs", {})
                self._answer([{"id": str(UUID(int=8)), "created": "2025-12-31"}] if inner else [])

        def _answer(self, content: object) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    assert set(steps) <= set(STEPS)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, sole(home):
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        engine = f"http://127.0.0.1:{server.server_port}"
        publish(home, Running(pid=1, started=clock.now(), portal="", engine=engine))
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
