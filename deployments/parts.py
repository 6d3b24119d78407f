"""The parts of the running platform: what each is started with, where it answers, where it writes its log.

Every part is a process of its own, in a process group of its own, and dies with the supervisor however that dies.
"""

import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from deployments.embedded import QUIET, free_port
from domain.problems import Problem, ProblemKind
from services.places import PROJECT
from services.settings import Settings

LOOPBACK = "127.0.0.1"

SERVER = {
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # those pages call an analytics host from the reader's browser
    "PREFECT_UI_API_URL": "/api",  # else the pages ask port 4200, wherever the server listens
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "200",
}
"""What a server that stays needs besides :data:`deployments.embedded.QUIET`; the batches spare SQLite its locks."""


@dataclass(frozen=True)
class Part:
    """One process of the platform.

    Attributes:
        title: what people call it.
        health: address that answers 200 once the part can do its work, and as long as it can.
        seconds_to_stop: how long it may take to end by itself when it is asked to.
    """

    name: str
    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    health: str
    log: Path
    seconds_to_stop: float


@dataclass(frozen=True)
class Addresses:
    """Where the platform is to be found."""

    host: str
    port: int
    engine_port: int

    @property
    def portal(self) -> str:
        """Our own pages, as a browser on this machine reaches them."""
        if self.host == "0.0.0.0":  # noqa: S104 - a comparison
            return f"http://{LOOPBACK}:{self.port}"
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    @property
    def open_to_others(self) -> bool:
        """Whether other machines can reach our pages."""
        try:
            return not ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"

    @property
    def engine(self) -> str:
        """Prefect's pages, on loopback only: they know no users and no roles."""
        return f"http://{LOOPBACK}:{self.engine_port}"


def parts(settings: Settings, where: Addresses) -> tuple[Part, ...]:
    """Prefect's server, the runner of its schedules, and the portal, in the order of starting.

    Raises:
        Problem: 801 where a port is taken.
    """
    _see_free(where.host, where.port, "页面", "--port")
    _see_free(LOOPBACK, where.engine_port, "流程引擎", "--engine-port")
    logs = settings.home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    environment = _environment(settings, where)
    health = free_port()
    return (
        Part(
            name="engine",
            title="流程引擎",
            command=_uvicorn("prefect.server.api.server:create_app", LOOPBACK, where.engine_port),
            environment=environment,
            health=f"{where.engine}/api/health",
            log=logs / "engine.log",
            seconds_to_stop=3,
        ),
        Part(
            name="runner",
            title="调度",
            command=(sys.executable, "-m", "deployments.runner"),
            environment={
                **environment,
                "PREFECT_RUNNER_SERVER_HOST": LOOPBACK,
                "PREFECT_RUNNER_SERVER_PORT": str(health),
                "PREFECT_RUNNER_PROCESS_LIMIT": str(max(2, os.cpu_count() or 1)),
            },
            health=f"http://{LOOPBACK}:{health}/health",
            log=logs / "runner.log",
            seconds_to_stop=3,
        ),
        Part(
            name="portal",
            title="页面",
            command=(
                *_uvicorn("portal.app:create_app", where.host, where.port),
                "--timeout-graceful-shutdown",
                "1",
            ),
            environment=environment,
            health=f"{where.portal}/health",
            log=logs / "portal.log",
            seconds_to_stop=2,
        ),
    )


def _environment(settings: Settings, where: Addresses) -> dict[str, str]:
    """What every part is started with; what the operator has set stays, except where the server is to be found."""
    home = settings.home / "engine"
    home.mkdir(parents=True, exist_ok=True)
    return {
        "PREFECT_HOME": str(home),
        **QUIET,
        **SERVER,
        **os.environ,
        "GUANAI_HOME": str(settings.home),
        "GUANAI_PLAN": str(settings.plan),
        "PREFECT_API_URL": f"{where.engine}/api",
        "PYTHONUNBUFFERED": "1",
    }


def _uvicorn(factory: str, host: str, port: int) -> tuple[str, ...]:
    listen = ("--host", host, "--port", str(port), "--log-level", "warning")
    return (sys.executable, "-m", "uvicorn", "--factory", factory, "--app-dir", str(PROJECT), *listen)


def _see_free(host: str, port: int, part: str, option: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as uvicorn does: a port just left is free
        try:
            probe.bind((host, port))
        except OSError:
            raise Problem(ProblemKind.PORT_TAKEN, port=port, part=part, option=option) from None
