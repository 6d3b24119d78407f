"""Portals under test: each a process of its own, forked from one that has loaded it already, since loading takes seconds.

``python -m tests.browser.serving`` is that one: each line on its input asks for a portal, whose process it tells on its
output; at the end of its input it ends.
"""

import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen

from deployments.embedded import free_port
from deployments.parts import LOOPBACK, PORTAL
from services.places import PROJECT
from tests.processes import until_healthy


@dataclass
class Portals:
    """Starts portals, and ends them."""

    mother: "Popen[str]"

    def start(self, environment: Mapping[str, str], log: Path) -> tuple[str, int]:
        """A portal with this environment, which writes what it says to ``log``; its address and its process."""
        port = free_port()
        asks, answers = self.mother.stdin, self.mother.stdout
        assert asks is not None
        assert answers is not None
        asks.write(json.dumps({"port": port, "environment": dict(environment), "log": str(log)}) + "\n")
        asks.flush()
        process = int(answers.readline())
        address = f"http://{LOOPBACK}:{port}"
        until_healthy(f"{address}/health", lambda: Path(f"/proc/{process}").exists())
        return address, process


def portals() -> Portals:
    """What starts portals; its input is to be closed at the end."""
    command = [sys.executable, "-m", "tests.browser.serving"]
    return Portals(Popen(command, cwd=PROJECT, stdin=PIPE, stdout=PIPE, text=True))


def main() -> None:
    """Fork a portal for each line."""
    import uvicorn  # noqa: PLC0415 - only this process needs it

    import portal.app  # noqa: F401, PLC0415 - so that the children have it

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends is gone at once
    for line in sys.stdin:
        told = json.loads(line)
        child = os.fork()
        if child == 0:
            with Path(told["log"]).open("wb") as log:
                os.dup2(log.fileno(), 1)
                os.dup2(log.fileno(), 2)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.environ.clear()
            os.environ.update(told["environment"])
            uvicorn.run(PORTAL, factory=True, host=LOOPBACK, port=told["port"], log_level="warning")
            os._exit(0)
        print(child, flush=True)  # noqa: T201 - whoever asked listens


if __name__ == "__main__":
    main()
