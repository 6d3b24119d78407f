"""Prefect's own server for one command: nothing to set up, state under GUANAI_HOME, not a word to the outside.

Prefect could start such a server itself, but leaves it behind when the command is killed; ours ends with the command.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from domain.problems import Problem, ProblemKind
from services.settings import Settings

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}
"""Prefect's settings for a machine that nobody watches; what the operator has set stays."""

PATIENCE = 120
"""Seconds until a server that does not answer is given up; a first start migrates Prefect's own database."""
_PAUSE = 0.05


@dataclass(frozen=True)
class Engine:
    """A server that is starting or running, for this process and its children."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def wait(self) -> None:
        """Return once the server answers.

        Raises:
            Problem: 709 where it ends or does not answer in :data:`PATIENCE` seconds; its log says why.
        """
        for _ in range(int(PATIENCE / _PAUSE)):
            if self.process.poll() is not None:
                break
            try:
                with urlopen(f"{self.address}/health", timeout=1):  # noqa: S310 - our own address on loopback
                    return
            except (URLError, TimeoutError, ConnectionError):
                time.sleep(_PAUSE)
        raise Problem(ProblemKind.ENGINE_SILENT, log=self.log)


@contextmanager
def engine(settings: Settings) -> Iterator[Engine]:
    """A server of Prefect for the time of the block; must be entered before Prefect is imported.

    An address of a server that the operator has set (PREFECT_API_URL) is overridden: a single report needs none.
    """
    home = Path(os.environ.setdefault("PREFECT_HOME", str(settings.home / "prefect")))
    home.mkdir(parents=True, exist_ok=True)
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    port = free_port()
    address = os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    server = ["uvicorn", "--factory", "prefect.server.api.server:create_app"]
    command = [
        sys.executable,
        "-m",
        *server,
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            ["/usr/bin/setpriv", "--pdeathsig", "KILL", *command],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        )
    try:
        yield Engine(process, address, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of loopback on which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
