"""A real PostgreSQL for the tests: one cluster a test run, started by whoever needs it first, one database a test.

The cluster lives in a folder of its own, listens on loopback only and has nothing worth keeping (``fsync=off``).
A small shell beside it waits for the test run to end, however it ends, then stops it and removes the folder.
"""

import fcntl
import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

USER = "guanai"
_names = count(1)
_MEMORY, _PLENTY = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - a folder of its own is made in it

_WATCH = """
while [ -d "/proc/$1" ]; do sleep 0.5; done
"$2/pg_ctl" stop -D "$3/data" -m immediate >/dev/null 2>&1
rm -rf "$3"
"""


def programs() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine; None where there is none."""
    versions = sorted(
        (p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda p: float(p.parent.name),
    )
    on_path = shutil.which("initdb")
    if versions:
        return versions[-1]
    return Path(on_path).parent if on_path and shutil.which("pg_ctl") else None


@dataclass(frozen=True)
class Cluster:
    """A running server."""

    port: int

    def url(self, database: str) -> str:
        """Address of one of its databases."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Run one statement outside of any transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def copy(self, template: str, name: str) -> None:
        """Make a database from another one, file by file: block by block, the way since version 15, takes far longer."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            how = "STRATEGY file_copy" if connection.info.server_version >= 150000 else ""
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} {how}")

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Address of a fresh database, gone afterwards."""
        name = f"guanai_{os.getpid()}_{next(_names)}"
        self.copy(template, name)
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def cluster(shared: Path, owner: int) -> Cluster:
    """The test run's cluster; the first to ask starts it.

    Args:
        shared: a folder that all workers of the run see.
        owner: id of the process with whose end the cluster ends.
    """
    found = shared / "postgresql.json"
    with (shared / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            found.write_text(json.dumps({"port": _start(owner)}))
    return Cluster(**json.loads(found.read_text()))


def _quickest() -> Path | None:
    """Memory, where there is plenty: a database is hundreds of files, which disks may take a quarter of a second to copy."""
    plenty = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _PLENTY
    return _MEMORY if plenty else None


def _start(owner: int) -> int:
    """Start a server and its watch; returns its port."""
    binaries = programs()
    if binaries is None:
        raise FileNotFoundError("initdb and pg_ctl of PostgreSQL")
    folder = Path(tempfile.mkdtemp(prefix="guanai-postgresql-", dir=_quickest()))
    try:
        if os.geteuid() == 0:  # the server refuses to run as root
            servant = pwd.getpwnam("postgres")
            os.chown(folder, servant.pw_uid, servant.pw_gid)
        initdb: list[str | Path] = [
            binaries / "initdb",
            "-D",
            folder / "data",
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        _run([*initdb, "--locale=C.UTF-8", "--no-sync"])
        port = _free_port()
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} "
            "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off "
            "-c shared_buffers=32MB -c max_connections=60 -c max_wal_size=256MB"
        )
        start: list[str | Path] = [binaries / "pg_ctl", "start", "-w", "-t", "30", "-D", folder / "data"]
        _run([*start, "-l", folder / "log", "-o", options])
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    watch = [*_as_servant(), "sh", "-c", _WATCH, "watch", str(owner), str(binaries), str(folder)]
    subprocess.Popen(
        watch,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return port


def _run(command: Sequence[str | Path]) -> None:
    # pg_ctl's server would hold a pipe open for ever: output goes to a file
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [*_as_servant(), *map(str, command)],
            cwd="/",
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[0]} failed:\n{output.read()}")


def _as_servant() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
