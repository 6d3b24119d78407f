"""Real programs under test: read what they say as they say it, and see that nothing of them is left."""

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from deployments.supervisor import healthy

OURS = ("GUANAI_", "PREFECT_")
SOON = 60
"""Seconds for whatever must come soon, on a machine that has other things to do."""
_NEVER = Event()


def newcomer(**own: str) -> dict[str, str]:
    """The environment of a shell in which nothing was set for us, and then ``own``.

    Tests of this very process may have set something for it: Prefect's home, for one, for as long as the process lasts.
    """
    return {**{name: value for name, value in os.environ.items() if not name.startswith(OURS)}, **own}


class Program:
    """A program that tells what it does, line by line, on its standard output."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.told = ""
        self._read = 0

    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def until(self, words: str, seconds: float) -> str:
        """The next line with these words that has not been waited for yet.

        Raises:
            AssertionError: where it ends, or does not say so in time.
        """
        output = self.process.stdout
        assert output is not None
        deadline = time.monotonic() + seconds
        while words not in self.told[self._read :]:
            ready, _, _ = select.select([output], [], [], max(0, deadline - time.monotonic()))
            content = os.read(output.fileno(), 65536) if ready else b""
            assert content, f"never said “{words}”:\n{self.told}"
            self.told += content.decode()
        start = self.told.index(words, self._read)
        end = self.told.find("\n", start)
        self._read = end if end >= 0 else len(self.told)
        return self.told[self.told.rfind("\n", 0, start) + 1 : self._read]

    def rest(self, seconds: float) -> int:
        """Wait for its end; says with what it ended."""
        output, _ = self.process.communicate(timeout=seconds)
        self.told += output.decode()
        return self.process.returncode


@contextmanager
def program(command: Sequence[str | Path], environment: Mapping[str, str]) -> Iterator[Program]:
    """Start a program; it is killed at the end if it still runs."""
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield Program(process)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def descendants(pid: int) -> list[int]:
    """Handles on every process below ``pid``: they turn readable when their process ends."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # gone in the meantime
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        below = parents.get(waiting.pop(), [])
        waiting += below
        for one in below:
            with contextlib.suppress(ProcessLookupError):
                found.append(os.pidfd_open(one))
    return found


def all_gone(handles: list[int], seconds: float) -> bool:
    """Whether all these processes end in time."""
    deadline = time.monotonic() + seconds
    left = set(handles)
    while left:
        ended, _, _ = select.select(left, [], [], max(0, deadline - time.monotonic()))
        if not ended:
            break
        left -= set(ended)
    for handle in handles:
        os.close(handle)
    return not left


def wait_for(condition: Callable[[], bool], seconds: float = SOON, *, between: float = 0.1) -> bool:
    """Whether something comes true soon; who does not answer yet may be asked again.

    Between two looks the processor is left to those who are waited for.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if condition():
                return True
        _NEVER.wait(between)
    return False


def until_healthy(address: str, alive: Callable[[], bool], seconds: float = SOON) -> None:
    """Wait until somebody answers 200 there.

    Args:
        address: what is asked.
        alive: whether who shall answer still runs.
        seconds: how long it may take.

    Raises:
        AssertionError: where the process ends, or does not answer in time.
    """

    def answers() -> bool:
        assert alive(), f"{address} never answered"
        return healthy(address)

    assert wait_for(answers, seconds), f"{address} does not answer"
