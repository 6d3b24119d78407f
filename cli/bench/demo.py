"""The whole demonstration as a process of its own: its time, and the memory of everything that it starts."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.bench.measure import Cost
from cli.bench.results import MIB, Result, Row, Target
from cli.terminal import tracked
from services.settings import DATABASE_URL, DATABASE_URL_FILE, HOME

TIME = Target(seconds=60.0, cores=2)
MEMORY = Target(memory=1024 * MIB)

BETWEEN = 0.1
"""Seconds between two looks at the memory."""

_COMMAND = (sys.executable, "-c", "from cli.app import main; main()", "demo")
_PAGE = resource.getpagesize()


def demo(folder: Path, runs: int) -> Result:
    """Run the demonstration so often in one home: the first run also sets up Prefect's own database."""
    rows: list[Row] = []
    for number in tracked(range(1, runs + 1), "完整演示（每遍一两分钟）", runs):
        found = _run(folder)
        name = "首次演示（含准备流程引擎）" if number == 1 else f"第 {number} 次演示"
        rows += [
            Row(name, found.cost, target=TIME),
            Row("└ 内存（含流程引擎等全部子进程）", memory=found.memory, target=MEMORY),
        ]
    return Result("demo", "完整演示（guanai demo）", tuple(rows))


@dataclass(frozen=True)
class _Found:
    cost: Cost
    memory: int


def _run(folder: Path) -> _Found:
    """One run, looked at ten times a second."""
    environment = {k: v for k, v in os.environ.items() if k not in {DATABASE_URL, DATABASE_URL_FILE}}
    environment |= {HOME: str(folder), "PREFECT_HOME": str(folder / "prefect")}
    log = folder / "demo.log"
    before, started, most = _cpu(), time.perf_counter(), 0
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - the project's own command
            _COMMAND, env=environment, stdout=output, stderr=output, start_new_session=True
        ) as child,
    ):
        while child.poll() is None:
            most = max(most, sum(_memory(pid) for pid in _session(child.pid)))
            try:
                child.wait(BETWEEN)
            except subprocess.TimeoutExpired:
                continue
    if child.returncode:
        raise RuntimeError(f"the demonstration ended with {child.returncode}:\n{log.read_text()[-2000:]}")
    return _Found(Cost(time.perf_counter() - started, _cpu() - before), most)


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


def _memory(pid: int) -> int:
    """Resident memory of a process in bytes, pages that it shares with others included; 0 once it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
