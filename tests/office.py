"""The platform as an office runs it, for tests: real processes in homes of their own, asked over HTTP."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

from tests.linhe import LINHE
from tests.processes import SOON, Program, descendants, newcomer, program

GUANAI = Path(sys.executable).with_name("guanai")
COLD = 120
"""Seconds for a first start, which migrates Prefect's own database."""

_open = build_opener(ProxyHandler({})).open


def fetch(address: str, body: object = None, password: str = "") -> str:
    """What is served there; the answer to ``body`` where one is sent."""
    content = None if body is None else json.dumps(body).encode()
    known = {"Authorization": f"Basic {base64.b64encode(password.encode()).decode()}"} if password else {}
    headers = {"Content-Type": "application/json", **known}
    with _open(Request(address, content, headers), timeout=10) as answer:  # noqa: S310 - our own address
        return str(answer.read().decode())


def free_ports(count: int) -> list[str]:
    """Ports that nobody uses."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [str(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def environment(home: Path, **more: str) -> dict[str, str]:
    """An installation of 临河县 in a home of its own."""
    return newcomer(**{"GUANAI_HOME": str(home), "GUANAI_PLAN": str(LINHE), **more})


@contextmanager
def terminal(environment: Mapping[str, str], *arguments: str) -> Iterator[Program]:
    """A command in a terminal of its own; whatever is left of it at the end is killed."""
    with program([GUANAI, *arguments], environment) as running:
        try:
            yield running
        finally:
            if running.process.poll() is None:
                for left in descendants(running.process.pid):
                    signal.pidfd_send_signal(left, signal.SIGKILL)
                    os.close(left)


def up(
    environment: Mapping[str, str], port: str, engine_port: str, *more: str
) -> AbstractContextManager[Program]:
    """The platform."""
    return terminal(environment, "up", "--port", port, "--engine-port", engine_port, *more)


def guanai(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Another command beside it."""
    return subprocess.run(
        [GUANAI, *arguments], env=environment, capture_output=True, text=True, timeout=SOON, check=False
    )


def part(home: Path, name: str) -> int:
    """The process of a part."""
    parts = json.loads((home / "up.json").read_text())["parts"]
    return next(int(one["pid"]) for one in parts if one["name"] == name)
