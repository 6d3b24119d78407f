"""``guanai review``: what waits for the office, its verdicts, and corrections that it allows."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.terminal import Desk, open_desk, telling_problems
from domain.canonical import decimal_text
from domain.entries import STATE_NAMES
from domain.facts import ItemFacts, Submission
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from services import clock, facts
from services import review as reviews

app = typer.Typer(help="审核：查看待审材料，通过或退回，允许更正。", no_args_is_help=True)

Key = Annotated[str, typer.Argument(help="事项编号，见 guanai review list。", show_default=False)]
By = Annotated[str, typer.Option(help="审核人姓名；不能审核自己提交的材料。", show_default=False)]


@app.command("list", help="列出待审核的材料，等候最久的在前。")
@telling_problems
def list_command(
    year: Annotated[int | None, typer.Option(help="年度；不写则为今年。", show_default=False)] = None,
) -> None:
    """List what waits for the office."""
    desk = open_desk()
    year = year or clock.today().year
    with reading(desk.engine) as session:
        waiting = reviews.pending(session, desk.plan, year)
    table = Table(
        "单位", "事项", "期间", "报送", "版次", "编号", title=f"{year} 年度待审核（{len(waiting)} 项）"
    )
    for one in waiting:
        table.add_row(
            desk.plan.units_by_id[one.unit].name,
            desk.plan.duties_by_id[one.duty].title,
            one.period_label,
            f"{one.at:%m-%d %H:%M} {one.by}",
            str(one.version),
            one.key,
        )
    Console().print(table)


@app.command("show", help="显示一个事项最新一版的全部内容。")
@telling_problems
def show_command(key: Key) -> None:
    """Show what was handed in last, and what became of it."""
    desk = open_desk()
    found = _item(desk, key)
    typer.echo(
        f"{desk.plan.units_by_id[found.item.unit].name}　{desk.plan.duties_by_id[found.item.duty].title}"
    )
    typer.echo(f"{found.item.occurrence.label}，截止 {found.item.due}")
    if found.latest is None:
        typer.echo("尚未报送。")
    else:
        _print_submission(desk, found.latest)


@app.command("accept", help="审核通过；可以一次写多个事项编号。")
@telling_problems
def accept_command(
    keys: Annotated[list[str], typer.Argument(help="事项编号。", show_default=False)], by: By
) -> None:
    """Accept the newest version of each item, all of them or none."""
    desk = open_desk()
    versions = {key: _waiting(desk, key) for key in keys}
    with writing(desk.engine) as session:
        for key, version in versions.items():
            reviews.accept(session, desk.plan, key, version=version, reviewer=by, at=clock.now())
    typer.echo(f"已通过 {len(versions)} 项。")


@app.command("return", help="退回，并写明需要补正的内容。")
@telling_problems
def return_command(
    key: Key,
    by: By,
    reason: Annotated[str, typer.Option(help="退回理由，会告诉报送单位。", show_default=False)],
) -> None:
    """Send the newest version of an item back."""
    desk = open_desk()
    version = _waiting(desk, key)
    with writing(desk.engine) as session:
        reviews.send_back(
            session, desk.plan, key, version=version, reviewer=by, at=clock.now(), reason=reason
        )
    typer.echo(f"已退回第 {version} 版，等待重新报送。")


@app.command("correct", help="允许报送单位更正已审核通过的材料；更正通过之前，原材料继续作数。")
@telling_problems
def correct_command(
    key: Key,
    by: Annotated[str, typer.Option(help="经办人姓名；不能允许更正自己提交的材料。", show_default=False)],
    reason: Annotated[str, typer.Option(help="需要更正的内容，会告诉报送单位。", show_default=False)],
) -> None:
    """Let a unit correct an accepted version."""
    desk = open_desk()
    version = _waiting(desk, key)
    with writing(desk.engine) as session:
        reviews.allow_correction(
            session, desk.plan, key, version=version, by=by, at=clock.now(), reason=reason
        )
    typer.echo(f"已允许更正第 {version} 版，等待重新报送。")


def _item(desk: Desk, key: str) -> ItemFacts:
    with reading(desk.engine) as session:
        found = facts.item_facts(session, desk.plan, key)
    if found is None:
        raise Problem(ProblemKind.ITEM_UNKNOWN, key=key)
    return found


def _waiting(desk: Desk, key: str) -> int:
    """The version that the reviewer decides on."""
    latest = _item(desk, key).latest
    if latest is None:
        raise Problem(ProblemKind.REVIEW_NOTHING, key=key)
    return latest.version


def _print_submission(desk: Desk, submission: Submission) -> None:
    typer.echo(f"第 {submission.version} 版，{submission.by} 于 {submission.at:%Y-%m-%d %H:%M} 报送")
    typer.echo(f"完成情况：{STATE_NAMES[submission.state]}")
    for passage in submission.passages:
        typer.echo(f"［{passage.slot}］{passage.text}")
    for figure in submission.figures:
        indicator = desk.plan.indicators_by_id[figure.indicator]
        value = "空缺" if figure.value is None else f"{decimal_text(figure.value)}{indicator.unit}"
        typer.echo(f"{indicator.name}：{value}" + (f"（{figure.remark}）" if figure.remark else ""))
    if submission.review is not None:
        outcome = "通过" if submission.accepted else f"退回：{submission.review.reason}"
        typer.echo(f"{submission.review.reviewer} 于 {submission.review.day} 审核：{outcome}")
