"""``guanai workbook``: hand out the units' forms in Excel, and take them in again."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.terminal import REFUSED, open_desk, telling_problems, tracked
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from models.engine import reading
from services import clock
from services.workbook.delivery import Edition, forms, hand_out, refuse_overwriting
from services.workbook.receiving import Outcome, Sender, receive

app = typer.Typer(help="填报表：导出给各单位填写，再导入系统。", no_args_is_help=True)


@app.command("export", help="导出填报表（每个单位一个 .xlsx 文件）。")
@telling_problems
def export_command(
    year: Annotated[int, typer.Option(help="年度。")],
    unit: Annotated[str | None, typer.Option(help="单位（名称、别名或编号）。", show_default=False)] = None,
    everybody: Annotated[  # noqa: FBT002 - Typer's form of a switch
        bool, typer.Option("--all", help="导出所有单位的。")
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="以哪一天为准；不写则为今天。", show_default=False),
    ] = None,
    out: Annotated[Path, typer.Option(help="放到哪个目录。")] = Path("填报表"),
    overwrite: Annotated[  # noqa: FBT002 - Typer's form of a switch
        bool, typer.Option("--overwrite", help="覆盖已有的同名文件。")
    ] = False,
) -> None:
    """Write the forms of one unit or of all; units with nothing to fill in are left out."""
    if everybody == (unit is not None):
        raise typer.BadParameter("请用 --unit 指定一个单位，或用 --all 导出所有单位（二者选一）。")
    desk = open_desk()
    plan, day = desk.plan, as_of.date() if as_of else clock.today()
    units = [plan.unit(unit).id] if unit else list(plan.units_by_id)
    with reading(desk.engine) as session:
        found = list(tracked(forms(session, plan, year, day, units), "整理事项", len(units)))
    to_write = [form for _, form in found if form is not None]
    if not to_write:
        raise Problem(ProblemKind.WORKBOOK_NOTHING, unit=plan.unit(unit).name if unit else "各单位")
    if not overwrite:
        refuse_overwriting(to_write, out)
    edition, at = Edition(plan, desk.version.sha256), clock.now()
    for form in tracked(to_write, "导出填报表", len(to_write)):
        hand_out(form, edition, out, at)
    typer.echo(f"已导出 {len(to_write)} 份填报表，在 {out.resolve()}")
    idle = [plan.units_by_id[name].name for name, form in found if form is None]
    if idle:
        typer.echo(f"目前没有可填报事项的单位：{'、'.join(idle)}")


@app.command("import", help="导入填好的填报表；任何一处有问题，该文件就整份不导入。")
@telling_problems
def import_command(
    files: Annotated[list[Path], typer.Argument(help="填报表文件，可以多个。", show_default=False)],
    by: Annotated[str, typer.Option(help="报送人；不写则用表中的填报人。", show_default=False)] = "",
    unit: Annotated[
        str | None, typer.Option(help="只接收这个单位的表（名称、别名或编号）。", show_default=False)
    ] = None,
) -> None:
    """Take forms over, file by file, and tell what became of each; ends with 1 where any was refused."""
    desk = open_desk()
    edition = Edition(desk.plan, desk.version.sha256)
    sender = Sender(at=clock.now(), by=by, unit=desk.plan.unit(unit).id if unit else None)
    work = (receive(desk.engine, edition, path, sender) for path in files)
    outcomes = list(tracked(work, "导入填报表", len(files)))
    Console().print(_results(desk.plan, outcomes))
    for outcome in outcomes:
        _tell_notices(outcome)
        _tell_faults(outcome)
    if any(outcome.refused for outcome in outcomes):
        raise typer.Exit(REFUSED)


def _results(plan: Plan, outcomes: list[Outcome]) -> Table:
    table = Table("文件", "单位", "结果", title="导入结果")
    for outcome in outcomes:
        unit = plan.units_by_id[outcome.unit].name if outcome.unit else "—"
        table.add_row(Text(outcome.file, overflow="fold"), unit, _result(outcome))
    return table


def _result(outcome: Outcome) -> str:
    if outcome.refused:
        return f"未导入（{max(len(outcome.faults), 1)} 处问题）"
    if outcome.seen_before:
        return "此文件已导入过，没有变化"
    new = sum(not receipt.unchanged for receipt in outcome.receipts)
    same = len(outcome.receipts) - new
    if not outcome.receipts:
        return "没有填写新的内容"
    return f"已导入 {new} 项" + (f"，{same} 项没有变化" if same else "")


def _tell_notices(outcome: Outcome) -> None:
    for notice in outcome.notices:
        typer.echo(f"※ {outcome.file}：{notice}")


def _tell_faults(outcome: Outcome) -> None:
    if outcome.problem is not None:
        typer.echo(f"✗ {outcome.problem}", err=True)
    if not outcome.faults:
        return
    refused = Problem(ProblemKind.WORKBOOK_REFUSED, file=outcome.file, count=len(outcome.faults))
    typer.echo(f"✗ {refused}", err=True)
    for fault in outcome.faults:
        place = " ".join(filter(None, (fault.place.sheet, fault.place.cell)))
        typer.echo(f"  {place or '整份文件'}：{fault.problem}", err=True)
