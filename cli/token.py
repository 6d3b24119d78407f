"""``guanai token``: tokens of the API from the shell."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.terminal import open_desk, telling_problems
from domain.tokens import MOST_DAYS, SCOPE_NAMES, Scope
from models.engine import reading, writing
from services import clock, tokens

app = typer.Typer(help="访问令牌：让其他系统通过接口代一个单位查看和报送。", no_args_is_help=True)

By = Annotated[str, typer.Option(help="操作人，记入审计记录。")]
OPERATOR = "系统管理员"
_SCOPES = "，".join(f"{scope.value} {name}" for scope, name in SCOPE_NAMES.items())


@app.command("add", help="生成一个令牌；只显示这一次。")
@telling_problems
def add_command(
    unit: Annotated[str, typer.Argument(help="单位的名称、简称或编号。", show_default=False)],
    name: Annotated[str, typer.Argument(help="令牌名称，写使用它的系统。", show_default=False)],
    scope: Annotated[
        list[Scope], typer.Option("--scope", help=f"权限，可重复：{_SCOPES}。", show_default=False)
    ],
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="有效天数。")] = MOST_DAYS,
    by: By = OPERATOR,
) -> None:
    """Make a token and show it."""
    desk = open_desk()
    with writing(desk.engine) as session:
        made, secret = tokens.make(
            session, desk.plan, unit=unit, name=name, scopes=scope, days=days, by=by, at=clock.now()
        )
    owner = desk.plan.units_by_id[made.unit].name
    typer.echo(f"已为{owner}生成令牌 {made.id}（{made.name}），有效期至 {made.expires_at:%Y-%m-%d %H:%M}。")
    typer.echo(f"请妥善保存，以后不再显示：\n  {secret}")


@app.command("list", help="列出全部令牌。")
@telling_problems
def list_command() -> None:
    """List every token."""
    desk, at = open_desk(), clock.now()
    with reading(desk.engine) as session:
        found = tokens.everything(session)
    table = Table("编号", "名称", "单位", "权限", "有效期至", "最近使用", "状态")
    for one in found:
        owner = desk.plan.units_by_id.get(one.unit)
        state = "已停用" if one.revoked_at else "在用" if one.usable(at) else "已过期"
        used = f"{one.used_at:%Y-%m-%d %H:%M}" if one.used_at else ""
        scopes = "、".join(sorted(one.scopes))
        table.add_row(
            str(one.id),
            one.name,
            owner.name if owner else one.unit,
            scopes,
            f"{one.expires_at:%Y-%m-%d %H:%M}",
            used,
            state,
        )
    Console().print(table)


@app.command("revoke", help="停用令牌，立即生效，不能恢复。")
@telling_problems
def revoke_command(
    number: Annotated[int, typer.Argument(help="令牌编号，见 guanai token list。", show_default=False)],
    by: By = OPERATOR,
) -> None:
    """Take a token back."""
    desk = open_desk()
    with writing(desk.engine) as session:
        found = tokens.revoke(session, number, by=by, at=clock.now())
    typer.echo(f"已停用令牌 {found.id}（{found.name}）。")
