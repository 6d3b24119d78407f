"""``guanai rehearse``: a plan's years on a virtual clock, told as a calendar and drawn as the year's wheel of duties."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.terminal import REFUSED, bar, telling_problems
from domain.cadence import CADENCE_NAMES
from domain.plan import Plan
from services.rehearsal.cases import CASES
from services.rehearsal.outcome import Calendar, ItemLine
from services.rehearsal.play import Scene
from services.rehearsal.whole import Verdict, load_scene, rehearse
from services.settings import read_settings
from services.wheel_drawing import draw_wheel_files

SEED = 7
CALENDAR_FILE = "推演日历.json"
MOST_TOLD = 40
"""How many mismatches the terminal shows; the file holds all."""


@telling_problems
def rehearse_command(  # noqa: PLR0913 - each is an option of the command
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="从哪一天起；不写则为印发日。", show_default=False),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="到哪一天止；不写则为方案期满。", show_default=False),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(help="方案目录；不写则为正在使用的方案。", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(help="示例行为的种子；同一种子结果相同。")] = SEED,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出推演日历。")] = False,
    out: Annotated[Path, typer.Option(help="日历和轮盘存到哪个目录。")] = Path("推演"),
    wheel: Annotated[
        int | None, typer.Option(help="画哪一年的职责轮盘；不写则为结束日所在年。", show_default=False)
    ] = None,
    cases: Annotated[Path, typer.Option(help="案例文件所在目录。", show_default=False)] = CASES,
) -> None:
    """Rehearse, tell what happened, and end with 1 where it differs from the plan or a case."""
    path = plan or read_settings().plan
    scene = load_scene(path, first.date() if first else None, last.date() if last else None, seed)
    year = wheel or scene.last.year
    out.mkdir(parents=True, exist_ok=True)
    drawn = draw_wheel_files(scene.plan, year, scene.calendar, out)  # first, for a wrong year shows at once
    verdict = _watched(scene, cases)
    told = json.dumps(_content(verdict), ensure_ascii=False, indent=1)
    (out / CALENDAR_FILE).write_text(told + "\n", encoding="utf-8")
    if as_json:
        typer.echo(told)
    else:
        _tell(Console(), scene.plan, verdict, [out / CALENDAR_FILE, *drawn])
    if verdict.mismatches:
        raise typer.Exit(REFUSED)


def _watched(scene: Scene, cases: Path) -> Verdict:
    with bar() as shown:
        total = (scene.last - scene.first).days
        task = shown.add_task(f"推演 {scene.first} 至 {scene.last}（天）", total=total)

        def watch(day: date) -> None:
            shown.update(task, completed=(day - scene.first).days)

        return rehearse(scene, cases, watch)


def _content(verdict: Verdict) -> dict[str, object]:
    content: dict[str, object] = verdict.calendar.model_dump(mode="json")
    return {**content, "cases": verdict.cases, "mismatches": list(verdict.mismatches)}


def _tell(console: Console, plan: Plan, verdict: Verdict, files: Iterable[Path]) -> None:
    calendar = verdict.calendar
    console.print(f"[bold]{plan.name}[/bold]")
    console.print(
        f"推演 {calendar.first} 至 {calendar.last}，走过 {calendar.days_played} 个有事的日子；"
        f"单位行为均为示例（种子 {calendar.seed}）。"
    )
    console.print(_items_table(plan, calendar))
    console.print(_gates_table(calendar))
    console.print(_reports_table(calendar))
    for path in files:
        console.print(f"已保存：{path}", soft_wrap=True)
    if not verdict.mismatches:
        console.print(f"[green]✓[/green] 与方案一致，{verdict.cases} 个案例全部相符。")
        return
    console.print(f"[red]✗ 有 {len(verdict.mismatches)} 处与方案或案例不符：[/red]")
    for words in verdict.mismatches[:MOST_TOLD]:
        console.print(f"  {words}", soft_wrap=True, markup=False, highlight=False)


def _items_table(plan: Plan, calendar: Calendar) -> Table:
    table = Table(title="事项", title_justify="left")
    for title in ("年度", "频次", "职责", "开出", "按时", "逾期", "退回", "审核通过", "等过他人"):
        table.add_column(title, justify="left" if title in ("年度", "频次") else "right")
    together: dict[tuple[int, str], list[ItemLine]] = {}
    for line in calendar.items:
        every = plan.duties_by_id[line.duty].cadence.every
        together.setdefault((line.year, every), []).append(line)
    order = list(CADENCE_NAMES)
    for year, cadence in sorted(together, key=lambda pair: (pair[0], order.index(pair[1]))):
        lines = together[year, cadence]
        table.add_row(
            str(year),
            CADENCE_NAMES[cadence],
            *map(
                str,
                (
                    len({line.duty for line in lines}),
                    len(lines),
                    sum(_in_time(line) for line in lines),
                    sum(_overdue(line, calendar.last) for line in lines),
                    sum(line.returned > 0 for line in lines),
                    sum(line.accepted is not None for line in lines),
                    sum(bool(line.held_for) for line in lines),
                ),
            ),
        )
    return table


def _in_time(line: ItemLine) -> bool:
    return line.handed_in is not None and line.handed_in <= line.due


def _overdue(line: ItemLine, last: date) -> bool:
    return line.due < last and not _in_time(line)


def _gates_table(calendar: Calendar) -> Table:
    table = Table("阶段、节点", "截止", "结果", "日期", title="阶段", title_justify="left")
    for gate in calendar.gates:
        how = f"{gate.state}（{gate.closed_by}）" if gate.closed_by else gate.state
        table.add_row(f"[bold]{gate.name}[/bold]", str(gate.end), how, str(gate.closed_on or "－"))
        for milestone in gate.milestones:
            table.add_row(
                f"  {milestone.title}", str(milestone.due), milestone.state, str(milestone.met_on or "－")
            )
        if gate.assessed:
            table.add_row("  阶段评估", "", "", str(gate.assessed))
        titles = {m.id: m.title for other in calendar.gates for m in other.milestones}
        if gate.carried_over:
            table.add_row("  自前一阶段结转", "", "、".join(titles[m] for m in gate.carried_over), "")
    return table


def _reports_table(calendar: Calendar) -> Table:
    table = Table(
        "年度",
        "截止",
        "最后工作日",
        "应报",
        "按时",
        "迟报",
        "未报",
        "汇总",
        title="年度报告",
        title_justify="left",
    )
    for report in calendar.reports:
        table.add_row(
            str(report.year),
            str(report.due),
            str(report.act_by),
            str(report.owed),
            str(report.in_time),
            str(report.late),
            "、".join(report.missing) or "无",
            str(report.drawn_up or "－"),
        )
    return table
