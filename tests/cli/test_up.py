"""``guanai up`` as an office runs it: real processes, started, found, harmed, looked at and stopped."""

import json
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from services import clock
from tests.office import COLD, SOON, environment, fetch, free_ports, guanai, part, up, wait_for
from tests.processes import all_gone, descendants


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
