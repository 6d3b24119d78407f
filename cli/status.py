"""``guanai status``: how it stands, from the shell; works with nothing running."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from domain.problems import Problem
from domain.since import BACKFILL
from domain.status import LIGHT_SIGNS
from models.engine import open_store
from services import clock
from services.settings import read_settings
from services.situation import Level, Situation, situation
from services.standing import Listing
from tasks import engine_runs

MOST_LINES = 15
"""How many items a list shows unless all are asked for; the rest is counted."""


def status_command(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供其他程序读取。")] = False,
    in_full: Annotated[bool, typer.Option("--all", help="每个清单都列出全部事项，不只是最紧要的。")] = False,
) -> None:
    """Tell how it stands; ends with 0 where all is fine, 1 where something is late, 3 where something is broken."""
    try:
        settings = read_settings()
        engine = open_store(settings.store_url)
        most = None if in_full else MOST_LINES
        found = situation(settings, engine, clock.now(), engine_runs.troubles, most)
        engine.dispose()
    except Problem as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(Level.BROKEN) from problem
    if as_json:
        typer.echo(_json(found))
    else:
        _print(found, Console(highlight=False))
    raise typer.Exit(found.level)


def _json(found: Situation) -> str:
    content = {"level": found.level.value, "verdict": found.verdict, **found.model_dump(mode="json")}
    return json.dumps(content, ensure_ascii=False, indent=1)


def _print(found: Situation, console: Console) -> None:
    plan = found.standing
    console.print(f"[bold]{escape(plan.plan)}[/bold]　{found.at:%Y-%m-%d %H:%M}")
    console.print(found.verdict)
    for trouble in found.troubles:
        console.print(f"  ！{trouble.text}{trouble.mend}", soft_wrap=True, markup=False)
    if found.running:
        parts = "，".join(
            f"{part.title}{'正常' if part.up else part.note or '正在启动'}" for part in found.running.parts
        )
        console.print(
            f"平台：{parts}\n  平台页面：{found.running.portal}\n  流程引擎：{found.running.engine}",
            markup=False,
        )
    rates = plan.rates
    console.print(
        f"事项：已开出 {plan.items} 项，"
        + "，".join(f"{name} {count} 项" for name, count in plan.lights.items())
        + f"；完整率 {rates.completeness.text()}，及时率 {rates.timeliness.text()}"
    )
    for phase in plan.phases:
        console.print(
            f"阶段：{LIGHT_SIGNS[phase.light]} {phase.name}（{phase.start} 至 {phase.end}）{phase.state}",
            markup=False,
        )
    _list(console, "逾期未报", plan.late)
    _list(console, "即将到期或待补正", plan.due)
    _list(console, "等待办公室审核", plan.to_review)
    for gap in found.unreachable:
        console.print(f"没有收件地址，提醒不到：{gap.words}", markup=False, soft_wrap=True)
    for one in found.rounds:
        console.print(f"最近运行：{one.title}（{one.day}），完成于 {one.at:%Y-%m-%d %H:%M}", markup=False)


def _list(console: Console, title: str, listing: Listing) -> None:
    if not listing.total:
        console.print(f"{title}：无")
        return
    table = Table(
        "单位", "事项", "期间", "截止", "天数", title=f"{title}（{listing.total} 项）", title_justify="left"
    )
    for line in listing.lines:
        days = f"超过 {line.days} 天" if line.days > 0 else f"还有 {-line.days} 天"
        words = "已退回" if line.returned else f"{BACKFILL}，{days}" if line.backfill else days
        table.add_row(line.unit, line.title, line.period, str(line.due), words)
    console.print(table)
    if listing.total > len(listing.lines):
        console.print(f"  另有 {listing.total - len(listing.lines)} 项，用 --all 可查看全部。")
