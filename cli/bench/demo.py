"""The whole demonstration as a process of its own: its time, and the memory of everything that it starts."""

import os
import sys
from pathlib import Path

from cli.bench.processes import Run, peak
from cli.bench.results import MIB, Result, Row, Target
from cli.terminal import tracked
from services.settings import DATABASE_URL, DATABASE_URL_FILE, HOME

TIME = Target(seconds=60.0, cores=2)
MEMORY = Target(memory=1024 * MIB)

_COMMAND = (sys.executable, "-c", "from cli.start import main; main()", "demo")


def demo(folder: Path, runs: int) -> Result:
    """Run the demonstration so often in one home: the first run also sets up Prefect's own database."""
    rows: list[Row] = []
    for number in tracked(range(1, runs + 1), "完整演示（每遍一两分钟）", runs):
        found = _demonstration(folder)
        name = "首次演示（含准备流程引擎）" if number == 1 else f"第 {number} 次演示"
        rows += [
            Row(name, found.cost, target=TIME),
            Row("├ 内存：各进程占用之和（共用部分重复计）", memory=found.resident, target=MEMORY),
            Row("└ 内存：当时实际占用（共用部分只计一次）", memory=found.proportional),
        ]
    return Result("demo", "完整演示（guanai demo）", tuple(rows))


def _demonstration(folder: Path) -> Run:
    environment = {k: v for k, v in os.environ.items() if k not in {DATABASE_URL, DATABASE_URL_FILE}}
    environment |= {HOME: str(folder), "PREFECT_HOME": str(folder / "prefect")}
    return peak(_COMMAND, environment, folder / "demo.log")
