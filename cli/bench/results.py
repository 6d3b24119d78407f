"""What a benchmark found: rows with a baseline of the same run and the target beside, as table or as JSON."""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from rich.table import Table

from cli.bench.crowd import Latency
from cli.bench.measure import Cost

MIB = 1024 * 1024

_WORDS = ("项目", "比对照", "目标", "结论")
"""Columns of words, which begin at the left."""


class Verdict(StrEnum):
    """Whether a target was reached."""

    MET = "达到"
    MISSED = "未达到"
    UNCLEAR = "机器繁忙，看不出"
    TOO_SMALL = "规模小，不作结论"


@dataclass(frozen=True)
class Target:
    """What must not be exceeded: seconds of wall time, a ratio to the baseline, bytes of memory, seconds to an answer.

    ``p95`` is within how many seconds 95 of a hundred answers must be there.

    ``cores`` is on how many processors the work may run at once; no machine takes less than its share on each.
    """

    seconds: float | None = None
    ratio: float | None = None
    memory: int | None = None
    p95: float | None = None
    cores: int = 1

    def text(self) -> str:
        """The target as words of a table."""
        told = [
            f"≤ {self.seconds:g} 秒" if self.seconds is not None else "",
            f"≤ {self.ratio:g} 倍" if self.ratio is not None else "",
            f"≤ {self.memory // MIB} MiB" if self.memory is not None else "",
            f"p95 ≤ {self.p95 * 1e3:g} 毫秒" if self.p95 is not None else "",
        ]
        return "，".join(filter(None, told))


@dataclass(frozen=True)
class Row:
    """One line of a result.

    Attributes:
        what: what was measured.
        cost: what it took; None where only memory was looked at.
        count: how many parts it had, in ``unit``, for the cost of one.
        beside: the baseline of ``ratio``.
        ratio: its processor time as a multiple of the baseline's, each a part; None for a baseline.
        growth: the same beside the smallest size: about 1 where a part costs the same however many there are.
        memory: the most that was held at once, in bytes.
        latency: how long answers took, where others asked at the same time.
        at_once: how many asked at the same time.
    """

    what: str
    cost: Cost | None = None
    count: int = 1
    unit: str = ""
    beside: str = ""
    ratio: float | None = None
    growth: float | None = None
    memory: int | None = None
    latency: Latency | None = None
    at_once: int = 1
    target: Target | None = None

    def compared(self, baseline: "Row", beside: str) -> "Row":
        """This row with its ratio to a baseline, which is called ``beside``."""
        return replace(self, beside=beside, ratio=self._times(baseline))

    def grown(self, smallest: "Row") -> "Row":
        """This row with its growth since the smallest size."""
        return replace(self, growth=self._times(smallest))

    def held_to(self, target: Target) -> "Row":
        """This row with its target."""
        return replace(self, target=target)

    @property
    def cpu_each(self) -> float:
        """Seconds of processor time for one part."""
        return self.cost.cpu / self.count if self.cost else 0.0

    def _times(self, other: "Row") -> float:
        return self.cpu_each / max(other.cpu_each, 1e-9)

    def verdict(self) -> Verdict | None:
        """Whether the target was reached; None without one.

        A wall time beyond the target proves nothing while others use the machine: only where the processor time by
        itself is beyond it, the target is missed.
        """
        target = self.target
        if target is None:
            return None
        if target.ratio is not None:
            return _judged((self.ratio or 0.0) <= target.ratio)
        if target.p95 is not None and self.latency is not None:
            return self._waited(target.p95, self.latency.p95)
        if target.memory is not None:
            return _judged((self.memory or 0) <= target.memory)
        if self.cost is None or target.seconds is None or self.cost.wall <= target.seconds:
            return Verdict.MET
        return Verdict.MISSED if self.cost.cpu / target.cores > target.seconds else Verdict.UNCLEAR

    def _waited(self, most: float, found: float) -> Verdict:
        """Whether answers came in time: one process answers those who ask at once one after the other."""
        if found <= most:
            return Verdict.MET
        cores = self.target.cores if self.target else 1
        return Verdict.MISSED if self.cpu_each * self.at_once / cores > most else Verdict.UNCLEAR


@dataclass(frozen=True)
class Result:
    """A benchmark with its rows, and notes that a reader of the figures needs."""

    name: str
    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def as_table(result: Result, *, quick: bool) -> Table:
    """A result as a table for the terminal."""
    table = Table(title=result.title, title_justify="left", caption="\n".join(result.notes) or None)
    table.caption_justify = "left"
    lines = [_cells(row, quick=quick) for row in result.rows]
    told = [heading for heading in lines[0] if any(line[heading] for line in lines)]
    for heading in told:
        table.add_column(heading, justify="left" if heading in _WORDS else "right")
    for line in lines:
        table.add_row(*(line[heading] for heading in told))
    return table


def as_json(results: Sequence[Result], *, quick: bool) -> dict[str, Any]:
    """Results as plain data: seconds, bytes and ratios; ``load`` is the machine's when it was done."""
    return {
        "quick": quick,
        "cores": os.cpu_count(),
        "load": list(os.getloadavg()),
        "benchmarks": [
            {
                "name": result.name,
                "title": result.title,
                "rows": [{**asdict(row), "verdict": _verdict(row, quick=quick)} for row in result.rows],
                "notes": list(result.notes),
            }
            for result in results
        ],
    }


def _judged(met: bool) -> Verdict:  # noqa: FBT001 - the one thing it is about
    return Verdict.MET if met else Verdict.MISSED


def _verdict(row: Row, *, quick: bool) -> Verdict | None:
    return Verdict.TOO_SMALL if quick and row.target else row.verdict()


def _cells(row: Row, *, quick: bool) -> dict[str, str]:
    """A row's cells by heading; empty where there is nothing to tell."""
    verdict = _verdict(row, quick=quick)
    return {
        "项目": row.what,
        "数量": f"{row.count:,} {row.unit}" if row.unit else "",
        "用时": _seconds(row.cost.wall) if row.cost else "",
        "处理器用时": _seconds(row.cost.cpu) if row.cost else "",
        "每件": _seconds(row.cpu_each) if row.cost and row.count > 1 else "",
        "p50 / p95 / p99": _latency(row.latency) if row.latency else "",
        "内存": f"{row.memory / MIB:,.0f} MiB" if row.memory is not None else "",
        "比对照": f"{row.beside}的 {row.ratio:.2f} 倍" if row.ratio is not None else "",
        "每件比最小规模": f"{row.growth:.2f} 倍" if row.growth is not None else "",
        "目标": row.target.text() if row.target else "",
        "结论": verdict or "",
    }


def _latency(latency: Latency) -> str:
    return (
        " / ".join(f"{seconds * 1e3:,.0f}" for seconds in (latency.p50, latency.p95, latency.p99)) + " 毫秒"
    )


def _seconds(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} 秒"
    return f"{seconds * 1e3:.3g} 毫秒" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} 微秒"
