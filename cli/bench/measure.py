"""Measuring on a machine that others use too: processor time beside wall time, medians of runs in turn.

A wall time says little about code where somebody else is compiling. Two trials that take turns meet the same
weather, so the ratio of their processor times does say something.
"""

import gc
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from cli.terminal import tracked


@dataclass(frozen=True)
class Cost:
    """What a piece of work took, in seconds; ``cpu`` counts all threads, and children that were waited for."""

    wall: float
    cpu: float


class Stopwatch:
    """Measures the one block under it; what a trial sets up before and clears away after costs nothing."""

    def __init__(self) -> None:
        self.cost = Cost(0.0, 0.0)
        self._started = self.cost

    def __enter__(self) -> Self:
        gc.collect()  # garbage of the trial before is not this one's
        self._started = _now()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ended = _now()
        self.cost = Cost(ended.wall - self._started.wall, ended.cpu - self._started.cpu)


Trial = Callable[[Stopwatch], None]
"""Sets up what it needs, then does the work to be measured under the stopwatch."""


def timed(work: Callable[[], object]) -> Trial:
    """A trial of work that needs nothing set up."""

    def trial(watch: Stopwatch) -> None:
        with watch:
            work()

    return trial


def in_turn(title: str, trials: Mapping[str, Trial], rounds: int) -> dict[str, Cost]:
    """Run trials in turn, every other round backwards, under a bar; the median of each.

    Args:
        title: what the bar says.
        trials: by name.
        rounds: how often each is run.
    """
    order = list(trials)
    schedule = [name for turn in range(rounds) for name in (order if turn % 2 == 0 else reversed(order))]
    costs: dict[str, list[Cost]] = {name: [] for name in trials}
    for name in tracked(schedule, title, len(schedule)):
        watch = Stopwatch()
        trials[name](watch)
        costs[name].append(watch.cost)
    return {name: median(found) for name, found in costs.items()}


def median(costs: list[Cost]) -> Cost:
    """The median of wall times and that of processor times, each by itself."""
    return Cost(statistics.median(c.wall for c in costs), statistics.median(c.cpu for c in costs))


def _now() -> Cost:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Cost(time.perf_counter(), sum(u.ru_utime + u.ru_stime for u in used))
