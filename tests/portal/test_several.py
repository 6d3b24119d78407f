"""Several processes that answer for the pages together: one that dies is replaced, one watches, none is left over."""

import contextlib
import os
import signal
from pathlib import Path

import pytest

from deployments.embedded import free_port
from deployments.parts import LOOPBACK, portal_command
from deployments.supervisor import healthy
from services.running import watchman
from tests.office import environment
from tests.processes import all_gone, descendants, program, until_healthy, wait_for

TOGETHER = 2


def answering(keeper: int) -> set[int]:
    """The processes that answer for their keeper."""
    found: set[int] = set()
    for pid in Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split():
        with contextlib.suppress(FileNotFoundError):  # gone in the meantime
            if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text():
                found.add(int(pid))
    return found


@pytest.mark.slow(8)
def test_of_several_processes_one_that_dies_is_replaced_and_none_outlives_the_portal(tmp_path: Path) -> None:
    port = free_port()
    health = f"http://{LOOPBACK}:{port}/health"
    with program(portal_command(LOOPBACK, port, processes=TOGETHER), environment(tmp_path)) as running:
        until_healthy(health, running.alive)
        keeper = running.process.pid
        first = answering(keeper)
        assert len(first) == TOGETHER
        with watchman(tmp_path) as ours:
            assert not ours()

        os.kill(min(first), signal.SIGKILL)
        assert healthy(health, timeout=10)
        assert wait_for(lambda: len(answering(keeper) - {min(first)}) == TOGETHER)

        below = descendants(keeper)
        running.process.kill()
        assert all_gone(below, 10)
    with watchman(tmp_path) as ours:
        assert ours()
