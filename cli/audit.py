"""``guanai audit``: look at the audit chain, and check that nobody has tampered with it."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.terminal import problems_told
from domain.problems import Problem, ProblemKind
from models.engine import open_store, reading
from services import audit
from services.audit_content import check_contents
from services.settings import read_settings

app = typer.Typer(help="查看和核验审计记录。", no_args_is_help=True)

_ACTIONS = {"adopt": "启用方案", "open": "开出事项", "submit": "报送", "accept": "审核通过", "return": "退回"}
_WIDTH = 120
"""Columns of the list where the output is no terminal."""


@app.command(help="核验审计记录：有无被改动、删除、插入或调换，以及提交内容是否与提交时一致。")
def verify(
    expect: Annotated[
        str, typer.Option(metavar="条数:校验值", help="此前核验时留存的“条数:校验值”，核对其后未被整体改写。")
    ] = "",
) -> None:
    """Check the whole chain and what it vouches for; ends with 1 where anything is not as it was written."""
    expected = _head(expect) if expect else None
    with problems_told():
        with reading(open_store(read_settings().store_url)) as session:
            report = audit.verify(session, expected)
            contents = check_contents(session)
        found = [(fault.line, fault.reason) for fault in report.faults]
        for line, reason in found:
            typer.echo(f"审计记录第 {line} 条：{reason}。")
        for content in contents:
            typer.echo(f"事项 {content.key} 第 {content.version} 版：{content.reason}。")
            found.append((content.line, content.reason))
        if found:
            line, reason = found[0]
            raise Problem(ProblemKind.AUDIT_BROKEN, line=line, reason=reason)
    typer.echo(f"审计记录完好，共 {report.lines} 条。")
    typer.echo(f"请将下列校验值抄录留存于系统之外，下次核验时用 --expect 核对：\n{report.head}")


@app.command("list", help="列出最近的审计记录。")
def list_lines(
    last: Annotated[int, typer.Option(min=1, help="显示最近多少条。")] = 50,
) -> None:
    """Print the newest lines of the chain, oldest of them first."""
    table = Table("序号", "时间", "人员", "动作", "对象")
    with problems_told(), reading(open_store(read_settings().store_url)) as session:
        for line in audit.lines(session, last=last):
            action = _ACTIONS.get(line.action, line.action)
            cells = (str(line.seq), f"{line.at:%Y-%m-%d %H:%M}", line.actor, action, line.subject)
            table.add_row(*(Text(cell, overflow="fold") for cell in cells))
    console = Console()
    (console if console.is_terminal else Console(width=_WIDTH)).print(table)


def _head(text: str) -> audit.Head:
    number, _, digest = text.partition(":")
    if not number.isdecimal() or not digest:
        raise typer.BadParameter("请写成“条数:校验值”，如 128:3f5a…", param_hint="--expect")
    return audit.Head(int(number), digest)
