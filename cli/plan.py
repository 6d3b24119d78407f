"""``guanai plan``: draft a plan, check it, show it, work out its calendar, take a notice's outline."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.tree import Tree

from cli.plan_draft import draft_command
from cli.terminal import REFUSED, problems_told
from domain.cadence import CADENCE_NAMES
from domain.duties import work_items
from domain.ladder import COLOUR_NAMES, day_words
from domain.messages import POST_NAMES
from domain.plan import Plan
from domain.plan_view import cadence_words, item_view, plan_view
from domain.problems import ProblemKind
from services.plans import check_plan, load_plan, outline_yaml, read_notice
from services.settings import read_settings
from services.workcalendar import work_calendar

_USAGE_PROBLEMS = (
    ProblemKind.PLAN_NOT_FOUND,
    ProblemKind.NOTICE_NOT_FOUND,
    ProblemKind.UNKNOWN_UNIT,
    ProblemKind.YEAR_OUTSIDE_PLAN,
)

app = typer.Typer(help="方案：起草、检查、查看、推算日历。", no_args_is_help=True)
PlanPath = Annotated[
    Path | None, typer.Argument(help="方案所在目录或文件；不写则用当前启用的方案。", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]

app.command("draft", help="从别区县的通知（文本、Word 或 PDF）起草方案，存疑处逐条列出。")(draft_command)


@app.command("check", help="检查方案，逐处列出文件、行号、问题和改法。")
def check_command(
    path: PlanPath = None,
    notice: Annotated[Path | None, typer.Option(help="通知原文（文本、Word 或 PDF），用来核对出处。")] = None,
) -> None:
    """Tell every fault of a plan with file, line and mend; with a notice, prove its citations."""
    with problems_told(_USAGE_PROBLEMS):
        path = path or read_settings().plan
        faults = check_plan(path, read_notice(notice) if notice else None)
        for fault in faults:
            place = f"{fault.file} 第 {fault.line} 行" if fault.line else fault.file
            typer.echo(f"✗ {place}" + (f"（{fault.where}）" if fault.where else ""))
            typer.echo(f"  {fault.message}{fault.mend}")
        if faults:
            typer.echo(f"共 {len(faults)} 处问题。", err=True)
            raise typer.Exit(REFUSED)
        plan = load_plan(path)
        typer.echo(
            f"方案“{plan.short_name}”检查通过：{len(plan.actions)} 项行动、{len(plan.measures)} 项举措、"
            f"{len(plan.phases)} 个阶段、{len(plan.units)} 个单位、{len(plan.duties)} 项职责事项、"
            f"{len(plan.indicators)} 项指标。" + ("出处与通知原文一致。" if notice else "")
        )


@app.command("show", help="显示方案：阶段、举措、单位、职责事项和指标。")
def show_command(path: PlanPath = None, as_json: AsJson = False) -> None:  # noqa: FBT002 - Typer's form of a switch
    """Show a plan, for people or as JSON."""
    with problems_told(_USAGE_PROBLEMS):
        plan = load_plan(path or read_settings().plan)
    if as_json:
        _print_json(plan_view(plan))
        return
    console = Console()
    console.print(f"[bold]{plan.name}[/bold]")
    console.print(f"{plan.document.number}　{plan.document.issuer}　{plan.document.issued} 印发")
    for shown in (
        _phases(plan),
        _measures(plan),
        _units(plan),
        _duties(plan),
        _indicators(plan),
        *([_ladder(plan)] if plan.rules.ladder.rungs else []),
        _notes(plan),
    ):
        console.print()
        console.print(shown)


@app.command("outline", help="从通知原文生成方案的 outline（段落编号、标题、各句指纹）。")
def outline_command(
    notice: Annotated[Path, typer.Argument(help="通知原文（文本、Word 或 PDF）。")],
    text: Annotated[  # noqa: FBT002 - Typer's form of a switch
        bool, typer.Option("--text", help="列出每句的出处编号和原文，供编写方案时查对。")
    ] = False,
) -> None:
    """Print the outline of a notice, or its sentences with their numbers."""
    with problems_told(_USAGE_PROBLEMS):
        paragraphs = read_notice(notice)
    if not text:
        typer.echo(outline_yaml(paragraphs), nl=False)
        return
    for paragraph in paragraphs:
        typer.echo(f"{paragraph.id}　{paragraph.title}")
        for number, sentence in enumerate(paragraph.sentences, start=1):
            typer.echo(f"  {paragraph.id}#{number}　{sentence}")


@app.command("calendar", help="推算一个年度的事项：何时可报、何时截止、最迟哪个工作日办。")
def calendar_command(
    year: Annotated[int, typer.Option(help="年度。")],
    path: PlanPath = None,
    unit: Annotated[str | None, typer.Option(help="只看一个单位（名称、别名或编号）。")] = None,
    as_json: AsJson = False,  # noqa: FBT002 - Typer's form of a switch
) -> None:
    """Work out a year's items with opening, due and last working days."""
    with problems_told(_USAGE_PROBLEMS):
        plan = load_plan(path or read_settings().plan)
        wanted = plan.unit(unit).id if unit else None
        items = work_items(plan, year, work_calendar(plan.rules.calendar.beyond_known))
    items = tuple(item for item in items if wanted in (None, item.unit))
    if as_json:
        _print_json([item_view(plan, item) for item in items])
        return
    title = f"{year} 年事项（{len(items)} 项）"
    table = _table("事项", "时段", "单位", "可报", "截止", "最后工作日", title=title)
    for item in sorted(items, key=lambda item: (item.due, item.key)):
        when = item.occurrence
        table.add_row(
            plan.duties_by_id[item.duty].title,
            when.label,
            plan.units_by_id[item.unit].name,
            when.opens.isoformat(),
            when.due.isoformat(),
            when.act_by.isoformat() + ("（推定）" if when.assumed else ""),
        )
    Console().print(table)
    if any(item.occurrence.assumed for item in items):
        typer.echo("“推定”：该年放假调休安排尚未公布，按周一至周五为工作日推算，公布后请升级复核。")


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _table(*headings: str, title: str) -> Table:
    """A table that breaks long cells into lines and cuts nothing off."""
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _phases(plan: Plan) -> Tree:
    tree = Tree("[bold]阶段与节点[/bold]")
    for phase in plan.phases:
        branch = tree.add(f"{phase.name}　{phase.start} 至 {phase.end}")
        for milestone in phase.milestones:
            branch.add(f"{milestone.due}　{milestone.title}（{'、'.join(milestone.cites)}）")
    return tree


def _measures(plan: Plan) -> Tree:
    tree = Tree("[bold]行动与举措[/bold]")
    for action in plan.actions:
        branch = tree.add(action.name)
        for measure in plan.measures:
            if measure.action == action.id:
                lead = f"牵头：{'、'.join(measure.lead)}；" if measure.lead else ""
                branch.add(f"{measure.number}. {measure.title}（{lead}{'、'.join(measure.units)}）")
    return tree


def _units(plan: Plan) -> Table:
    table = _table("编号", "名称", "别名", "举措", title="单位")
    for unit in plan.units:
        numbers = "、".join(str(measure.number) for measure in plan.unit_measures(unit.id))
        table.add_row(unit.id, unit.name, "、".join(unit.aliases), numbers or "—")
    return table


def _duties(plan: Plan) -> Table:
    table = _table("举措", "职责事项", "期限", "单位数", "出处", title="职责事项")
    for duty in plan.duties:
        table.add_row(
            str(duty.measure or "—"),
            duty.title,
            cadence_words(duty.cadence),
            str(len(plan.duty_units(duty))),
            "、".join(duty.cites),
        )
    return table


def _indicators(plan: Plan) -> Table:
    table = _table("编号", "指标", "单位", "供数", "举措", title="指标")
    for indicator in plan.indicators:
        supplier = "计算得出" if indicator.ratio else "、".join(indicator.supplier)
        numbers = "、".join(str(number) for number in indicator.measures)
        table.add_row(indicator.id, indicator.name, indicator.unit, supplier, numbers)
    return table


def _ladder(plan: Plan) -> Table:
    rules = plan.rules.ladder
    table = _table("适用于", "层级", "时间", "颜色", "发给", title="督办阶梯")
    for number, rungs in enumerate(rules.ladders()):
        one = rules.exceptions[number - 1] if number else None
        names = [CADENCE_NAMES[every] for every in one.every] if one else ["其他事项"]
        names += [plan.duties_by_id[duty].title for duty in one.duties] if one else []
        for rung in rungs:
            posts = "、".join(POST_NAMES[post] for post in rung.to)
            table.add_row("、".join(names), rung.name, day_words(rung), COLOUR_NAMES[rung.colour], posts)
        if not rungs:
            table.add_row("、".join(names), "不提醒", "", "", "")
        table.add_section()
    return table


def _notes(plan: Plan) -> Tree:
    tree = Tree("[bold]说明（通知未明或有出入之处）[/bold]")
    for note in plan.notes:
        tree.add(f"{note.text}（{'、'.join(note.cites)}）")
    return tree
