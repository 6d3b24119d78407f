"""The command line of ``guanai bench``: which benchmarks, how large, and told how."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.bench.demo import demo
from cli.bench.family import family
from cli.bench.opening import opening
from cli.bench.orchestration import orchestration
from cli.bench.pdf import pdf
from cli.bench.portal import Load, portal
from cli.bench.reminders import killing, sending
from cli.bench.reminders_decide import deciding
from cli.bench.report import report
from cli.bench.results import Result, as_json, as_table
from cli.bench.rollup import rollup
from cli.bench.scene import Scene, scene
from cli.bench.stores import PostgresqlStores, SqliteStores, Stores
from cli.bench.workbooks import workbooks
from cli.terminal import telling_problems
from services.plans import load_plan
from services.settings import Settings, read_settings


class Name(StrEnum):
    """The benchmarks."""

    OPENING = "opening"
    WORKBOOKS = "workbooks"
    REPORT = "report"
    ORCHESTRATION = "orchestration"
    PORTAL = "portal"
    PDF = "pdf"
    FAMILY = "family"
    ROLLUP = "rollup"
    REMINDERS = "reminders"
    DEMO = "demo"


USUAL = (Name.OPENING, Name.WORKBOOKS, Name.REPORT)
"""Those that are run unless names are given; the others take minutes each."""


@dataclass(frozen=True)
class _Sizes:
    """How large: numbers of units, and how often each trial is run.

    ``messages`` is for how many items it is decided who is told, how many messages are queued, how many are owed where
    senders are killed, and how often they are.
    """

    opening: tuple[int, ...]
    workbooks: tuple[int, ...]
    report: tuple[int, ...]
    orchestration: tuple[int, ...]
    portal: Load
    pdf: tuple[int, ...]
    whole_family: bool
    rollup: int
    messages: tuple[int, int, int, int]
    demo_runs: int
    rounds: int


@telling_problems
def bench_command(
    names: Annotated[
        list[Name] | None,
        typer.Argument(help="测哪几项；不写则测 opening、workbooks、report 三项。", show_default=False),
    ] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,  # noqa: FBT002 - Typer's form of a switch
    portals: Annotated[
        int, typer.Option(min=1, max=16, help="测 portal 时用几个页面进程，同 guanai up --portals。")
    ] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="小规模试跑一遍，只看能否运行。")] = False,  # noqa: FBT002 - as above
) -> None:
    """Measure in a folder that is gone afterwards; the office's own data is neither read nor written."""
    settings = read_settings()
    with tempfile.TemporaryDirectory(prefix="guanai-bench-") as folder:
        results = list(_run(settings, Path(folder), names or USUAL, portals, quick=quick))
    if as_json_:
        typer.echo(json.dumps(as_json(results, quick=quick), ensure_ascii=False, indent=2))
        return
    console = Console()
    for result in results:
        console.print(as_table(result, quick=quick))
        console.print()
    console.print("“比对照”“每件比最小规模”均按处理器用时的中位数计算；用时受同机其他程序影响，仅供参考。")


def _run(
    settings: Settings, folder: Path, names: Sequence[Name], portals: int, *, quick: bool
) -> Iterator[Result]:
    here = scene(settings.plan, load_plan(settings.plan))
    sizes = _sizes(here, quick=quick)
    for name in dict.fromkeys(names):
        home = folder / name
        home.mkdir()
        match name:
            case Name.OPENING:
                for stores in _stores(settings, home):
                    yield opening(here, stores, sizes.opening, sizes.rounds)
            case Name.WORKBOOKS:
                yield workbooks(here, home, sizes.workbooks, sizes.rounds)
            case Name.REPORT:
                yield report(here, sizes.report, sizes.rounds)
            case Name.ORCHESTRATION:
                kinds = _stores(settings, home)
                yield from orchestration(here, kinds, settings.plan, home, sizes.orchestration, sizes.rounds)
            case Name.PORTAL:
                for stores in _stores(settings, home):
                    yield portal(here, stores, settings.plan, home, replace(sizes.portal, processes=portals))
            case Name.REMINDERS:
                yield from _reminders(here, settings, home, sizes)
            case _:
                yield _on_files(name, here, settings.plan, home, sizes)


def _on_files(name: Name, here: Scene, plan: Path, home: Path, sizes: _Sizes) -> Result:
    """What works on files, or in a store of its own among them."""
    match name:
        case Name.PDF:
            return pdf(here, sizes.pdf, 1)
        case Name.FAMILY:
            return family(here, plan, home, whole=sizes.whole_family)
        case Name.ROLLUP:
            return rollup(here, home, sizes.rollup)
        case _:
            return demo(home, sizes.demo_runs)


def _reminders(here: Scene, settings: Settings, home: Path, sizes: _Sizes) -> Iterator[Result]:
    """Deciding who is to be told, sending, and senders that are killed."""
    items, queued, owed, kills = sizes.messages
    for stores in _stores(settings, home):
        yield deciding(here, stores, items, sizes.rounds)
        yield sending(here, stores, home, queued, sizes.rounds)
    yield killing(here, settings.plan, home, owed, kills)


def _stores(settings: Settings, home: Path) -> list[Stores]:
    """SQLite, and PostgreSQL where the office's own store is one."""
    kinds: list[Stores] = [SqliteStores(home)]
    if settings.database_url.startswith("postgres"):
        kinds.append(PostgresqlStores(settings.database_url))
    return kinds


def _sizes(here: Scene, *, quick: bool) -> _Sizes:
    units = len(here.plan.units)
    if quick:
        return _Sizes(
            opening=(units, 2 * units),
            workbooks=(1, 2),
            report=(units, 2 * units),
            orchestration=(units, 2 * units),
            portal=Load(units=2 * units, people=5, pages=2, submissions=5, pause=0.1),
            pdf=(5, 10),
            whole_family=False,
            rollup=2,
            messages=(500, 20, 12, 2),
            demo_runs=1,
            rounds=1,
        )
    return _Sizes(
        opening=(100, 1_000, 10_000),
        workbooks=(units, 3 * units),
        report=(units, 3 * units, 10 * units),
        orchestration=(units, 10 * units, 10_000),
        portal=Load(units=3_000, people=50, pages=10, submissions=200),
        pdf=(10, 100, 500),
        whole_family=True,
        rollup=60,
        messages=(100_000, 10_000, 1_000, 50),
        demo_runs=2,
        rounds=3,
    )
