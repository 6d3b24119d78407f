"""Whether the platform is running on this machine, and how its parts do: told by a file that the supervisor keeps.

Anybody may look (the page, ``guanai status``, a second ``guanai up``) without asking Prefect or waking anything.
"""

import fcntl
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from domain.problems import Problem, ProblemKind
from models.engine import only_holder

LOCK, STATE, WATCH = "up.lock", "up.json", "watch.lock"
_GLANCES, _GLANCE = 10, 0.03
_SERVERS = 0x67756170  # any number that nobody else locks in this database


class PartState(BaseModel):
    """One part of the running platform.

    Attributes:
        title: what people call it (流程引擎, 调度, 页面).
        up: whether it answered when it was last looked at.
        restarts: how often it died and was started again.
        note: what is the matter with it; empty where nothing is.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    pid: int | None
    up: bool
    restarts: int = 0
    note: str = ""


class Running(BaseModel):
    """The platform as its supervisor sees it.

    Attributes:
        portal: address of our own pages.
        engine: address of Prefect's pages; its API is below ``/api``.
    """

    model_config = ConfigDict(frozen=True)

    pid: int
    started: datetime
    portal: str
    engine: str
    parts: tuple[PartState, ...] = ()


@contextmanager
def sole(home: Path) -> Iterator[bool]:
    """Take the place of the one supervisor of ``home``; gives False where another has it.

    The place goes with the process, however that ends.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / LOCK).open("w") as lock:
        mine = _taken(lock) or _taken_after_a_glance(lock)
        try:
            yield mine
        finally:
            if mine:
                (home / STATE).unlink(missing_ok=True)


@contextmanager
def watchman(home: Path) -> Iterator[Callable[[], bool]]:
    """The place of the one watchman of ``home``: gives the question whether it is ours, or has become ours by now.

    The place goes with the process, however that ends, and the next one who asks has it.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / WATCH).open("w") as lock:
        yield lambda: _taken(lock)


def publish(home: Path, state: Running) -> None:
    """Tell how the parts do; for the supervisor that holds the place."""
    draft = home / f"{STATE}.part"
    draft.write_text(state.model_dump_json(indent=1), encoding="utf-8")
    draft.replace(home / STATE)


def running(home: Path) -> Running | None:
    """How the platform does; None where it is not running, or is only just starting."""
    try:
        with (home / LOCK).open() as lock:
            if _taken(lock, fcntl.LOCK_SH):
                return None
        return Running.model_validate(json.loads((home / STATE).read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError):
        return None


@contextmanager
def sole_server(engine: Engine) -> Iterator[None]:
    """Keep other supervisors off the store, whichever home they have; on PostgreSQL whichever machine.

    Raises:
        Problem: 803 where another one serves it.
    """
    if engine.dialect.name == "sqlite":
        database = make_url(engine.url).database or ""
        with Path(f"{database}.up").open("w") as lock:
            if not _taken(lock):
                raise Problem(ProblemKind.TWO_SERVERS)
            yield
        return
    with only_holder(engine, _SERVERS) as mine:
        if not mine:
            raise Problem(ProblemKind.TWO_SERVERS)
        yield


def _taken_after_a_glance(lock: IO[str]) -> bool:
    """Try again for a moment: whoever looks whether somebody is running holds the lock while looking."""
    for _ in range(_GLANCES):
        time.sleep(_GLANCE)
        if _taken(lock):
            return True
    return False


def _taken(lock: IO[str], kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
