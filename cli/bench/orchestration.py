"""A day's rounds on Prefect beside the services alone: what Prefect costs, and that units cost it nothing.

Every run is a process of its own, as a worker starts it, so that loading counts on both sides. The server's processor
time is counted until it has recorded the run's last step.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from urllib.request import Request

from cli.bench.measure import Cost, Stopwatch, in_turn
from cli.bench.processes import Run, cpu_of, memory_of, peak
from cli.bench.results import Result, Row, Target
from cli.bench.scene import Scene
from cli.bench.stores import Stores
from deployments.embedded import Engine, engine
from domain.schedule import measure_order, upstream
from models.engine import writing
from services.plan_versions import adopt
from services.rounds import daily_round
from services.sample.desk import OFFICE, moment
from services.settings import DATABASE_URL, DATABASE_URL_FILE, HOME, PREFIX, Settings
from tasks.engine import open_own

SHIPPED = Target(seconds=15.0)
LARGEST = Target(seconds=60.0)
PATIENCE = 120
"""Seconds until a server that does not record a run's steps is given up."""

NOTES = (
    "每次运行都是单独的进程，载入程序的时间计算在内；“经流程引擎”的处理器用时包括流程引擎服务进程的份额。",
    "当日为 10 月 1 日：前一天已开出的事项不再开出，新一季度的事项在当日开出。",
)

_START = "import sys; from datetime import date; day = date.fromisoformat(sys.argv[1]); "
_HERE = (
    "from services import rounds; from services.platform import platform; from services.settings import read_settings; "
    "here = platform(read_settings()).__enter__(); "
)
_SERVICES = {
    "daily": "job = here.round(day); rounds.daily_round(here.engine, here.plan, here.version, as_of=day, "
    "calendar=job.calendar, at=job.at, actor=job.actor)",
    "quarter": "from domain.rounds import quarter_before; "
    "rounds.close_period(here.engine, here.round(quarter_before(day)), rounds.QUARTER)",
}
_FLOWS = {
    "daily": "from flows.daily_round import daily_round; daily_round(as_of=day)",
    "measure": "from flows.measure import measure; measure(measure=int(sys.argv[2]), as_of=day)",
    "quarter": "from flows.quarter_close import quarter_close; quarter_close(as_of=day)",
}


@dataclass(frozen=True)
class Bench:
    """Where trials are run: the plan's folder, a folder for what they write, and Prefect's server."""

    plan: Path
    home: Path
    server: Engine

    def program(self, code: str, arguments: Sequence[str], store: str) -> Run:
        """Run a program on a store, to its end."""
        own = {HOME: str(self.home), PREFIX + "PLAN": str(self.plan), DATABASE_URL: store}
        environment = {k: v for k, v in os.environ.items() if k != DATABASE_URL_FILE} | own
        return peak((sys.executable, "-c", code, *arguments), environment, self.home / "run.log")

    def recorded(self) -> int:
        """How many steps the server has recorded as done."""
        body = json.dumps({"task_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}).encode()
        asked = Request(  # noqa: S310 - our own server
            f"{self.server.address}/task_runs/count", body, {"Content-Type": "application/json"}
        )
        with open_own(asked, timeout=PATIENCE) as answer:
            return int(answer.read())


def orchestration(
    scene: Scene, stores: Sequence[Stores], plan: Path, folder: Path, sizes: Sequence[int], rounds: int
) -> Iterator[Result]:
    """A daily round of each size on each kind of store; a measure's run and a quarter's end of the first size.

    Args:
        scene: the plan, with its sample.
        stores: the kinds of stores.
        plan: folder of the plan, by which runs find it.
        folder: for Prefect's own database and logs.
        sizes: numbers of units; the first is held to one target, the last to another.
        rounds: how often each trial of the first size is run; those of the others once.
    """
    with _server(folder) as server:
        bench = Bench(plan, folder, server)
        for one in stores:
            yield _result(scene, bench, one, sizes, rounds)


def _result(scene: Scene, bench: Bench, stores: Stores, sizes: Sequence[int], rounds: int) -> Result:
    rows: list[Row] = []
    for size in sizes:
        trials = _Trials(bench, scene.of(size), stores)
        times = rounds if size == sizes[0] else 1
        found = trials.compare("daily", f"每日巡查：{size:,} 个单位", times)
        rows += [found[0].grown(rows[0]) if rows else found[0], *found[1:]]
    rows[0] = rows[0].held_to(SHIPPED)
    rows[-4] = rows[-4].held_to(LARGEST)
    trials = _Trials(bench, scene.of(sizes[0]), stores)
    rows += trials.compare("measure", "一项任务举措", rounds)
    rows += trials.compare("quarter", "季度结转", rounds)
    rows.append(Row("内存：流程引擎服务进程", memory=memory_of(bench.server.process.pid)))
    return Result("orchestration", f"流程引擎的份额（{stores.name}）", tuple(rows), NOTES)


@dataclass(frozen=True)
class _Trials:
    """Rounds of one day over a plan, on Prefect or by the services."""

    bench: Bench
    scene: Scene
    stores: Stores
    served: list[float] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)

    def compare(self, kind: str, title: str, rounds: int) -> list[Row]:
        """Rows of a kind of run: on Prefect, the server's share, the run's memory; by services alone where it can be."""
        for found in (self.served, self.steps, self.held):
            found.clear()
        trials: dict[str, Callable[[Stopwatch], None]] = {"flow": lambda watch: self._by_flow(kind, watch)}
        if kind in _SERVICES:
            trials["services"] = lambda watch: self._by_services(kind, watch)
        costs = in_turn(f"{title}（{self.stores.name}）", trials, rounds)
        steps = max(self.steps)
        whole = Row(f"{title}，经流程引擎", costs["flow"], steps, "步")
        share = Row("├ 其中：流程引擎服务进程", Cost(costs["flow"].wall, median(self.served)), steps, "步")
        memory = Row("├ 内存：运行进程", memory=max(self.held))
        if "services" not in costs:
            return [whole, share, memory]
        alone = Row("└ 对照：只用服务，不经流程引擎", costs["services"], steps, "步")
        return [whole.compared(alone, "对照"), share, memory, alone]

    def _by_flow(self, kind: str, watch: Stopwatch) -> None:
        with self._day_before() as store:
            before, served = self.bench.recorded(), cpu_of(self.bench.server.process.pid)
            run = self.bench.program(_START + _FLOWS[kind], self._arguments, store)
            steps = self._until_recorded(before + self._expected(kind)) - before
            served = cpu_of(self.bench.server.process.pid) - served
        watch.cost = Cost(run.cost.wall, run.cost.cpu + served)
        self.served.append(served)
        self.steps.append(steps)
        self.held.append(run.resident)

    def _by_services(self, kind: str, watch: Stopwatch) -> None:
        with self._day_before() as store:
            watch.cost = self.bench.program(_START + _HERE + _SERVICES[kind], self._arguments, store).cost

    def _until_recorded(self, steps: int) -> int:
        deadline = time.monotonic() + PATIENCE
        while (found := self.bench.recorded()) < steps:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the server has recorded {found} steps of {steps}")
            time.sleep(0.1)
        return found

    def _expected(self, kind: str) -> int:
        """How many steps a run has."""
        plan = self.scene.plan
        match kind:
            case "daily":  # besides: reading the plan, opening, what serves all measures, recording
                return len(plan.measures) + len(plan.phases) + 4
            case "measure":  # besides: reading the plan, opening, the measure itself, recording
                return len(upstream(plan, self._measure)) + 4
        return 1

    @property
    def _measure(self) -> int:
        """The measure that is run: the one whose run has most steps."""
        return max(measure_order(self.scene.plan), key=lambda n: len(upstream(self.scene.plan, n)))

    @property
    def _day(self) -> date:
        return date(self.scene.year, 10, 1)

    @property
    def _arguments(self) -> tuple[str, str]:
        return str(self._day), str(self._measure)

    @contextmanager
    def _day_before(self) -> Iterator[str]:
        """The address of a store in which everything was done up to the day before."""
        plan, day = self.scene.plan, self._day - timedelta(days=1)
        with self.stores.fresh() as engine:
            with writing(engine) as session:
                version = adopt(session, plan, at=moment(plan.document.issued), actor=OFFICE)
            daily_round(
                engine,
                plan,
                version,
                as_of=day,
                calendar=self.scene.calendar,
                at=moment(day),
                actor=OFFICE,
            )
            yield engine.url.render_as_string(hide_password=False)


@contextmanager
def _server(folder: Path) -> Iterator[Engine]:
    """A server with a database of its own; this process's environment is as before afterwards."""
    before = dict(os.environ)
    os.environ["PREFECT_HOME"] = str(folder / "prefect")
    try:
        with engine(Settings(home=folder)) as server:
            server.wait()
            yield server
    finally:
        os.environ.clear()
        os.environ.update(before)
