"""Every document of a year, made as the office has them made: time and memory of all that it takes."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from cli.bench.processes import peak
from cli.bench.results import MIB, Result, Row, Target
from cli.bench.scene import Scene
from cli.terminal import tracked
from domain.periods import parts_of_year
from models.engine import open_store
from services import workers
from services.sample.desk import Desk
from services.sample.year import past, report_day
from services.settings import DATABASE_URL, DATABASE_URL_FILE, HOME, PREFIX

TIME = Target(seconds=60.0, cores=2)
MEMORY = Target(memory=1024 * MIB)


def family(scene: Scene, plan_folder: Path, home: Path, *, whole: bool) -> Result:
    """Make the reports of a year in which everything was handed in, and the circular of each of its periods.

    The documents are made in a process of their own, which starts others for typesetting, by the steps that the flows
    take; Prefect is left out: it is measured by itself (``guanai bench orchestration``). Without ``whole`` only the last
    circular is made.
    """
    _play(scene, home)
    orders, jobs = list(_orders(scene, home / "报告")), home / "orders.json"
    jobs.write_text(json.dumps(orders if whole else orders[-1:]), encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k not in {DATABASE_URL, DATABASE_URL_FILE}}
    environment |= {HOME: str(home), PREFIX + "PLAN": str(plan_folder.resolve())}
    command = (sys.executable, "-m", "cli.bench.family_process", str(jobs))
    run = peak(command, environment, home / "family.log")
    papers = sorted((home / "报告").rglob("*.pdf"))
    pages = sum(map(_pages, papers))
    return Result(
        "family",
        "一年的全部文件",
        (
            Row(
                f"{len(papers)} 份文件（PDF 和 Word），PDF 共 {pages} 页", run.cost, pages, "页", target=TIME
            ),
            Row("├ 内存：各进程占用之和（共用部分重复计）", memory=run.resident, target=MEMORY),
            Row("└ 内存：当时实际占用（共用部分只计一次）", memory=run.proportional),
        ),
    )


def _play(scene: Scene, home: Path) -> None:
    """Fill a store with every year up to the measured one."""
    store = open_store(f"sqlite:///{home / 'guanai.db'}")
    with workers.pool() as pool:
        desk = Desk(store, scene.plan, scene.calendar, scene.behaviour, home / "填报表", pool)
        years = [year for year in scene.plan.years if year <= scene.year]
        for year in tracked(years, "准备各年度的报送", len(years)):
            list(past(desk, year))
    store.dispose()


def _orders(scene: Scene, out: Path) -> Iterator[dict[str, Any]]:
    """The year's reports on their day, and each circular on its own."""
    rules = scene.plan.rules.circular
    told = {"year": scene.year, "out": str(out)}
    yield {**told, "as_of": str(report_day(scene.plan, scene.year)), "period": ""}
    for period in parts_of_year(rules.every, scene.year):
        day = scene.calendar.add_workdays(period.end, rules.after_workdays).date
        yield {**told, "as_of": str(day), "period": period.code}


def _pages(path: Path) -> int:
    with pikepdf.open(path) as document:
        return len(document.pages)
