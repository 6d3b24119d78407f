"""``guanai up`` as an office runs it: real processes, started, found, harmed, looked at and stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from services import clock
from tests.linhe import LINHE
from tests.processes import Program, all_gone, descendants, program

GUANAI = Path(sys.executable).with_name("guanai")
COLD, SOON = 120, 60
"""Seconds for a first start, which migrates Prefect's own database; and for anything later."""

_open = build_opener(ProxyHandler({})).open


def fetch(address: str, body: object = None) -> str:
    """What is served there; the answer to ``body`` where one is sent."""
    content = None if body is None else json.dumps(body).encode()
    with _open(Request(address, content, {"Content-Type": "application/json"}), timeout=10) as answer:  # noqa: S310 - our own address
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
    return {**os.environ, "GUANAI_HOME": str(home), "GUANAI_PLAN": str(LINHE), **more}


@contextmanager
def up(environment: Mapping[str, str], port: str, engine_port: str) -> Iterator[Program]:
    """The command in a terminal of its own; whatever is left of it at the end is killed."""
    command: list[str | Path] = [GUANAI, "up", "--port", port, "--engine-port", engine_port]
    with program(command, environment) as running:
        try:
            yield running
        finally:
            if running.process.poll() is None:
                for left in descendants(running.process.pid):
                    signal.pidfd_send_signal(left, signal.SIGKILL)
                    os.close(left)


def guanai(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Another command beside it."""
    return subprocess.run(
        [GUANAI, *arguments], env=environment, capture_output=True, text=True, timeout=SOON, check=False
    )


def part(home: Path, name: str) -> int:
    """The process of a part."""
    parts = json.loads((home / "up.json").read_text())["parts"]
    return next(int(one["pid"]) for one in parts if one["name"] == name)


@pytest.mark.slow
def test_the_platform_comes_up_whole_mends_itself_and_leaves_nothing(tmp_path: Path) -> None:
    home, (port, engine_port) = tmp_path / "home", free_ports(2)
    own = environment(home)
    with up(own, port, engine_port) as running:
        running.until("已启动", COLD)
        portal, engine = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{engine_port}"

        # both pages answer, the administrator can come in, and the shell agrees
        link = running.until("/enter/", SOON).strip()
        assert "系统管理员" in fetch(link)
        assert "临河县儿童关爱保护两年提升计划" in fetch(portal)
        assert "<title>Prefect" in fetch(engine)
        told = json.loads(guanai(own, "status", "--json").stdout)
        assert [one["up"] for one in told["running"]["parts"]] == [True, True, True]
        assert told["running"]["portal"] == portal
        assert told["troubles"] == []

        # the plan's runs stand in Prefect's calendar
        to_come = {"flow_runs": {"expected_start_time": {"after_": clock.now().isoformat()}}}
        assert wait_for(lambda: int(fetch(f"{engine}/api/flow_runs/count", to_come)) > 0)

        # the first round does not wait for tomorrow morning
        assert wait_for(lambda: "每日巡查" in guanai(own, "status").stdout)

        # a second one finds the first, from the same home or with the same database
        second = guanai(own, "up")
        assert second.returncode == 0
        assert portal in second.stdout
        stranger = environment(tmp_path / "other", GUANAI_DATABASE_URL=f"sqlite:///{home / 'guanai.db'}")
        refused = guanai(stranger, "up", "--port", free_ports(1)[0], "--engine-port", free_ports(1)[0])
        assert refused.returncode == 1
        assert "〔803〕" in refused.stderr

        # a part that is killed comes back
        os.kill(part(home, "engine"), signal.SIGKILL)
        running.until("“流程引擎”意外结束", SOON)
        running.until("“流程引擎”已恢复", SOON)
        assert "<title>Prefect" in fetch(engine)

        # Ctrl-C ends it all in time
        below = descendants(running.process.pid)
        began = time.monotonic()
        running.process.send_signal(signal.SIGINT)
        assert running.rest(SOON) == 0
        assert time.monotonic() - began < 10
        assert all_gone(below, 0)
    assert not (home / "up.json").exists()
    assert "Traceback" not in running.told


def wait_for(condition: Callable[[], bool]) -> bool:
    """Whether something comes true soon."""
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        if condition():
            return True
    return False


@pytest.mark.parametrize("option", ["--port", "--engine-port"])
def test_a_port_in_use_is_named_with_what_to_do(tmp_path: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        other = "--engine-port" if option == "--port" else "--port"
        told = guanai(environment(tmp_path), "up", option, port, other, free_ports(1)[0])
    assert told.returncode == 1
    assert "〔801〕" in told.stderr
    assert port in told.stderr
    assert f"{option} 换一个端口" in told.stderr
