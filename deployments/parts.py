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

from sqlalchemy.engine import make_url

from deployments.embedded import QUIET, free_port
from domain.problems import Problem, ProblemKind
from services.places import PROJECT
from services.settings import Settings

LOOPBACK = "127.0.0.1"
PORTAL = "portal.app:create_app"

SERVER = {
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # those pages call an analytics host from the reader's browser
    "PREFECT_UI_API_URL": "/api",  # else the pages ask port 4200, wherever the server listens
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "200",
    # a server that comes back must still know who holds which place, or runs in progress are ended
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
}
"""What a server that stays needs besides :data:`deployments.embedded.QUIET`; the batches spare SQLite its locks."""

RUNS = {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}
"""What whoever starts runs hands down to them: how many seconds lie between their signs of life."""


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
    engine_host: str = LOOPBACK

    @property
    def portal(self) -> str:
        """Our own pages, as a browser on this machine reaches them."""
        return _here(self.host, self.port)

    @property
    def open_to_others(self) -> bool:
        """Whether other machines can reach our pages."""
        return _open_to_others(self.host)

    @property
    def engine(self) -> str:
        """Prefect's pages as this machine reaches them; they know no users and no roles."""
        return _here(self.engine_host, self.engine_port)

    @property
    def engine_open_to_others(self) -> bool:
        """Whether other machines can reach Prefect."""
        return _open_to_others(self.engine_host)


@dataclass(frozen=True)
class Share:
    """Who does how much.

    Attributes:
        pool: whether other machines take runs as well.
        runs: how many runs this machine has in progress at once; with 0 it leaves all to the others.
        pool_runs: how many all machines have in progress together.
        portals: how many processes answer for the pages.
    """

    pool: bool = False
    runs: int = max(2, os.cpu_count() or 1)
    pool_runs: int = 16
    portals: int = 1


def parts(settings: Settings, where: Addresses, share: Share | None = None) -> tuple[Part, ...]:
    """Prefect's server, what sees to its runs, and the portal, in the order of starting.

    Raises:
        Problem: 801 where a port is taken; 804 where the engine would be open to all.
    """
    share = share or Share()
    if where.engine_open_to_others and not settings.engine_password:
        raise Problem(ProblemKind.ENGINE_UNGUARDED, host=where.engine_host)
    _see_free(where.host, where.port, "页面", "--port")
    _see_free(where.engine_host, where.engine_port, "流程引擎", "--engine-port")
    logs = settings.home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    environment = _environment(settings, where)
    health = free_port()
    return (
        Part(
            name="engine",
            title="流程引擎",
            command=_uvicorn("prefect.server.api.server:create_app", where.engine_host, where.engine_port),
            environment=environment,
            health=f"{where.engine}/api/health",
            log=logs / "engine.log",
            seconds_to_stop=3,
        ),
        Part(
            name="runner",
            title="调度",
            command=_runner(share),
            environment={
                **environment,
                "PREFECT_WORKER_WEBSERVER_HOST": LOOPBACK,
                "PREFECT_WORKER_WEBSERVER_PORT": str(health),
            },
            health=f"http://{LOOPBACK}:{health}/health",
            log=logs / "runner.log",
            seconds_to_stop=3,
        ),
        Part(
            name="portal",
            title="页面",
            command=portal_command(where.host, where.port, processes=share.portals),
            environment=environment,
            health=f"{where.portal}/health",
            log=logs / "portal.log",
            seconds_to_stop=2,
        ),
    )


def portal_command(host: str, port: int, factory: str = PORTAL, *, processes: int = 1) -> tuple[str, ...]:
    """What starts the portal, or another application in the same way; it learns everything else from its environment.

    Of several processes one keeps the others: it listens, answers nobody itself, and brings back what dies or hangs.
    """
    several = ("--workers", str(processes)) if processes > 1 else ()
    return (*_uvicorn(factory, host, port), "--timeout-graceful-shutdown", "1", *several)


def run_environment(settings: Settings, engine: str) -> dict[str, str]:
    """What whoever starts runs is started with; what the operator has set stays, except where things are found.

    Args:
        settings: of this installation.
        engine: address of Prefect's server, without ``/api``.
    """
    home = settings.home / "engine"
    home.mkdir(parents=True, exist_ok=True)
    password = {"PREFECT_API_AUTH_STRING": settings.engine_password} if settings.engine_password else {}
    return {
        "PREFECT_HOME": str(home),
        **QUIET,
        **RUNS,
        **os.environ,
        **settings.environment(),
        **password,
        "PREFECT_API_URL": f"{engine}/api",
        "PYTHONUNBUFFERED": "1",
    }


def _environment(settings: Settings, where: Addresses) -> dict[str, str]:
    """What every part is started with."""
    own = run_environment(settings, where.engine)
    if settings.engine_password:
        own["PREFECT_SERVER_API_AUTH_STRING"] = settings.engine_password
    if settings.engine_database_url:
        address = make_url(settings.engine_database_url).set(drivername="postgresql+asyncpg")
        own["PREFECT_API_DATABASE_CONNECTION_URL"] = address.render_as_string(hide_password=False)
    return {**SERVER, **own}


def _runner(share: Share) -> tuple[str, ...]:
    told = ("--runs", str(share.runs), "--pool-runs", str(share.pool_runs))
    return (sys.executable, "-m", "deployments.runner", *told, *(["--pool"] if share.pool else []))


def _here(host: str, port: int) -> str:
    """An address as this machine reaches it."""
    if host == "0.0.0.0":  # noqa: S104 - a comparison
        return f"http://{LOOPBACK}:{port}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _open_to_others(host: str) -> bool:
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


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
