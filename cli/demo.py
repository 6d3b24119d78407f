"""``guanai demo``: a whole reporting year with sample figures, in a store of its own."""

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.panel import Panel

from cli.report import run_flow
from cli.terminal import telling_problems, tracked
from deployments import embedded
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from models.engine import open_store
from services import reporting, workers
from services.plans import load_plan
from services.sample.behaviour import Behaviour
from services.sample.desk import Desk
from services.sample.spec import SampleSpec
from services.sample.year import by_workbook, past, report_day, rounds
from services.settings import CHANNELS, DATABASE_URL, DATABASE_URL_FILE, HOME, Settings, read_settings
from services.workcalendar import work_calendar

MARKER = ".guanai-demo"
SEED = 7


@telling_problems
def demo_command(
    year: Annotated[int, typer.Option(help="演示哪个年度。")] = 2025,
) -> None:
    """Walk a whole reporting year with sample data; whatever the office has stays untouched."""
    own = read_settings()
    plan = load_plan(own.plan)
    if year not in plan.years:
        raise Problem(ProblemKind.YEAR_OUTSIDE_PLAN, year=year, first=plan.start, last=plan.end)
    settings = _settings_of_demo(own)
    console = Console()
    console.print(f"[bold]{plan.name}[/bold]\n演示 {year} 年度，所有数据均为示例。")
    with embedded.engine(settings) as engine:  # takes its time to start while the year goes by
        desk = _walk(settings, plan, year)
        day = report_day(plan, year)
        out = settings.home / "报告"
        folder = run_flow(
            engine, "annual_report", out, year=year, as_of=day, sample=True, actor="演示（示例）"
        )
    _summary(console, desk, plan, folder)


def _settings_of_demo(own: Settings) -> Settings:
    """Settings for a store of the demonstration's own, emptied of the last one; the flow reads them as well."""
    home = own.home / "demo"
    if home.exists():
        if not (home / MARKER).exists():
            raise Problem(ProblemKind.DEMO_FOLDER_TAKEN, folder=home)
        _clear(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / MARKER).touch()
    os.environ.pop(DATABASE_URL, None)  # a demonstration never writes into an office's database
    os.environ.pop(DATABASE_URL_FILE, None)
    os.environ.pop(CHANNELS, None)  # nor does it write to anybody
    os.environ[HOME] = str(home)
    # Prefect's own state is no part of the demonstration; kept, it need not be set up anew each time
    os.environ.setdefault("PREFECT_HOME", str(own.home / "prefect"))
    return read_settings()


def _clear(home: Path) -> None:
    for path in home.iterdir():
        if path.name == MARKER:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _walk(settings: Settings, plan: Plan, year: int) -> Desk:
    """Earlier years, then the year shown round by round, each under a bar."""
    store = open_store(settings.store_url)
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    behaviour = Behaviour(plan, SampleSpec.beside(settings.plan), SEED)
    with workers.pool() as pool:
        desk = Desk(store, plan, calendar, behaviour, settings.home / "填报表", pool)
        for earlier in range(plan.start.year, year):
            steps = rounds(plan, calendar, earlier, date(earlier, 12, 31))
            list(tracked(past(desk, earlier), f"{earlier} 年：开出事项、报送、审核", len(steps)))
        steps = rounds(plan, calendar, year, report_day(plan, year))
        title = f"{year} 年：发表、填写、收表、审核（{len(steps)} 轮）"
        for one in tracked(steps, title, len(steps)):
            by_workbook(desk, year, one)
    store.dispose()
    return desk


def _summary(console: Console, desk: Desk, plan: Plan, folder: Path) -> None:
    tally = desk.tally
    snapshot = reporting.read_filed(folder)
    console.print()
    for outcome in tally.refused:
        console.print(f"✗ 拒收 {outcome.file}：")
        for fault in outcome.faults:
            console.print(f"    {fault.place.sheet} {fault.place.cell}：{fault.problem}", soft_wrap=True)
    for key in tally.returned:
        console.print(
            f"↩ 退回补正：{plan.units_by_id[key.split('/')[2]].name}的年度工作进展情况，已重新报送。"
        )
    console.print(
        Panel(
            f"填报表：发出 {tally.handed_out} 份，导入 {tally.taken_in} 份，拒收 {len(tally.refused)} 份；"
            f"事项：审核通过 {tally.accepted} 项，退回 {len(tally.returned)} 项。\n"
            f"报告：综合报告 1 份，单位报告 {len(snapshot.units)} 份，"
            f"另有{'、'.join(other.name for other in snapshot.others)}，每页均标有“示例数据”。\n"
            + "\n".join(f"首页提示：{line}" for line in snapshot.consolidated.face),
            title="演示完成",
        )
    )
    console.print(f"综合报告：{folder / reporting.jobs(snapshot)[0].name}", soft_wrap=True)
    console.print(f"单位报告：{folder / '各单位'}", soft_wrap=True)
    console.print(f"填报表：{desk.folder}", soft_wrap=True)
