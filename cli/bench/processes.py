"""Processes of their own: what one took, and the memory of everything that it started."""

import os
import resource
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cli.bench.measure import Cost

BETWEEN = 0.1
"""Seconds between two looks at the memory."""

_PAGE = resource.getpagesize()
_TICKS = os.sysconf("SC_CLK_TCK")


class RunFailedError(RuntimeError):
    """The process ended with an error; bears the end of what it said."""


@dataclass(frozen=True)
class Run:
    """What a run took: the most memory that its processes held at once, and that with nothing counted twice."""

    cost: Cost
    resident: int
    proportional: int


def peak(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Run:
    """Run a command to its end, and look ten times a second at the memory of all its processes.

    Raises:
        RunFailedError: where it ends with an error.
    """
    before, started, resident, proportional = _cpu(), time.perf_counter(), 0, 0
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - the project's own command
            command, env=environment, stdout=output, stderr=output, start_new_session=True
        ) as child,
    ):
        while child.poll() is None:
            processes = list(_session(child.pid))
            held = sum(map(memory_of, processes))
            if held > resident:
                resident, proportional = held, sum(map(_proportional, processes))
            with suppress(subprocess.TimeoutExpired):
                child.wait(BETWEEN)
    if child.returncode:
        raise RunFailedError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
    return Run(Cost(time.perf_counter() - started, _cpu() - before), resident, proportional)


def cpu_of(pid: int) -> float:
    """Seconds of processor time that a running process has taken so far, all its threads counted."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (
        int(fields[11]) + int(fields[12])
    ) / _TICKS  # proc(5): time in the program, and in the kernel for it


def children_of(pid: int) -> list[int]:
    """The processes that a running process has started itself."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def memory_of(pid: int) -> int:
    """Resident memory of a process (RSS) in bytes, pages that it shares with others included; 0 once it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0


def _session(leader: int) -> Iterator[int]:
    """Every process of a session: what its leader started, directly or not, unless that broke away."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if int(fields[3]) == leader:  # proc(5): fields from the state on; the fourth is the session
            yield int(folder.name)


def _proportional(pid: int) -> int:
    """The same with each shared page divided among those who share it (PSS); takes the kernel some milliseconds."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
