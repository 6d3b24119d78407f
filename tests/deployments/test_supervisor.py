"""The supervisor over real processes that die, hang, do not come up and do not want to go."""

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import Program, all_gone, descendants, program

LONG = 20
"""Seconds after which a toy that should have moved has not."""


@contextmanager
def toys(folder: Path, *wanted: str) -> Iterator[Program]:
    """A platform of toys, as ``name=behaviour``."""
    with program([sys.executable, "-m", "tests.deployments.toys", folder, *wanted], os.environ) as running:
        yield running


def pid_of(name: str, states: str) -> int:
    """The process of a part, from a line about the parts."""
    found = re.search(rf"{name}:(\d+):", states)
    assert found, states
    return int(found[1])


def test_a_killed_part_is_noticed_told_and_brought_back(tmp_path: Path) -> None:
    with toys(tmp_path, "one=good", "two=good") as running:
        first = pid_of("two", running.until("one:", LONG))
        running.until("ready", LONG)
        os.kill(first, signal.SIGKILL)
        assert "信号 9" in running.until("“two”意外结束", LONG)
        running.until("“two”已恢复", LONG)
        states = running.until("two:", LONG)
        assert states.endswith(":up:1")
        assert pid_of("two", states) != first
        assert ":up:0" in states.split()[1]  # the other one was left in peace


def test_a_part_that_asks_to_be_started_anew_is_so_at_once_and_nothing_is_amiss(tmp_path: Path) -> None:
    with toys(tmp_path, "one=renewable", "two=good") as running:
        first = pid_of("one", running.until("one:", LONG))
        running.until("ready", LONG)
        os.kill(first, signal.SIGUSR1)
        running.until("something new", LONG)
        running.until("“one”已恢复", LONG)
        states = running.until("one:", LONG)
        assert pid_of("one", states) != first
        assert states.split()[1].endswith(":up:0")
    assert "意外结束" not in running.told


@pytest.mark.slow(8)
def test_a_part_that_hangs_is_killed_and_started_again(tmp_path: Path) -> None:
    with toys(tmp_path, "one=good") as running:
        pid = pid_of("one", running.until("one:", LONG))
        running.until("ready", LONG)
        os.kill(pid, signal.SIGSTOP)
        running.until("长时间没有应答", LONG)
        running.until("“one”已恢复", LONG)


def test_ctrl_c_stops_everything_even_what_does_not_want_to_go(tmp_path: Path) -> None:
    with toys(tmp_path, "one=good", "two=stubborn", "three=parent") as running:
        running.until("ready", LONG)
        below = descendants(running.process.pid)
        assert len(below) == 4  # three parts, and what one of them has started
        began = time.monotonic()
        running.process.send_signal(signal.SIGINT)
        assert running.rest(LONG) == 0
        assert time.monotonic() - began < 10
        assert all_gone(below, 0)


def test_what_a_dead_part_leaves_behind_is_ended(tmp_path: Path) -> None:
    with toys(tmp_path, "one=good", "two=parent") as running:
        pid = pid_of("two", running.until("two:", LONG))
        running.until("ready", LONG)
        left_behind = descendants(pid)
        assert len(left_behind) == 1
        os.kill(pid, signal.SIGKILL)
        running.until("“two”已恢复", LONG)
        assert all_gone(left_behind, 0)


def test_a_killed_supervisor_takes_its_parts_with_it(tmp_path: Path) -> None:
    with toys(tmp_path, "one=good", "two=stubborn") as running:
        running.until("ready", LONG)
        below = descendants(running.process.pid)
        running.process.kill()
        assert all_gone(below, LONG)


def test_a_part_that_never_comes_up_stops_the_rest_and_names_its_log(tmp_path: Path) -> None:
    with toys(tmp_path, "one=good", "two=broken") as running:
        below = running.until("〔802〕", LONG)
        assert "“two”没有启动" in below
        assert str(tmp_path / "two.log") in below
        assert running.rest(LONG) == 1
    assert "cannot start" in (tmp_path / "two.log").read_text()
