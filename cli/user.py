"""``guanai user``: accounts from the shell, for the first start and for whoever prefers it."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.terminal import Desk, open_desk, telling_problems
from domain.people import Account, Grant, Role
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from services import accounts, clock, sign_in
from services.links import link_address
from services.running import running
from services.signing import signing_key

app = typer.Typer(help="账号：添加、列出、停用，生成登录链接，设置密码。", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="登录名。", show_default=False)]
Roles = Annotated[
    list[Role] | None,
    typer.Option(
        "--role",
        help="角色，可重复：office 办公室，leader 领导，administrator 系统管理员。",
        show_default=False,
    ),
]
Units = Annotated[
    list[str] | None,
    typer.Option("--unit", help="作为联络员为哪个单位填报（名称、简称或编号），可重复。", show_default=False),
]
By = Annotated[str, typer.Option(help="操作人，记入审计记录。")]
OPERATOR = "系统管理员"
DEFAULT_PORTAL = "http://127.0.0.1:8700"


@app.command("add", help="添加账号，并给出本人首次登录用的链接。")
@telling_problems
def add_command(
    login: Login,
    name: Annotated[str, typer.Argument(help="姓名。", show_default=False)],
    role: Roles = None,
    unit: Units = None,
    by: By = OPERATOR,
) -> None:
    """Make an account and a link for it."""
    desk = open_desk()
    with writing(desk.engine) as session:
        grants = _grants(desk, role, unit)
        made = accounts.add(session, desk.plan, login=login, name=name, grants=grants, by=by, at=clock.now())
    typer.echo(f"已添加{made.name}（{made.role_names}）。")
    _tell_link(desk, made, by)


@app.command("list", help="列出全部账号。")
@telling_problems
def list_command() -> None:
    """List everybody."""
    desk = open_desk()
    with reading(desk.engine) as session:
        everybody = accounts.everybody(session)
    table = Table("登录名", "姓名", "角色", "单位", "状态")
    for one in everybody:
        units = "、".join(
            desk.plan.units_by_id[unit].name if unit in desk.plan.units_by_id else unit for unit in one.units
        )
        state = "已停用" if not one.active else "在用" if one.has_password else "尚未设密码"
        table.add_row(one.login, one.name, one.role_names, units, state)
    Console().print(table)


@app.command("link", help="给出一个登录链接：在有效期内使用一次，不需要密码。")
@telling_problems
def link_command(login: Login, by: By = OPERATOR) -> None:
    """Make a link."""
    desk = open_desk()
    _tell_link(desk, _account(desk, login), by)


@app.command("password", help="设置密码：从终端输入，或用管道送入一行。")
@telling_problems
def password_command(login: Login, by: By = OPERATOR) -> None:
    """Set a password; never as an argument, which others on the machine could see."""
    desk = open_desk()
    account = _account(desk, login)
    if sys.stdin.isatty():
        password = typer.prompt("新密码", hide_input=True, confirmation_prompt="再输入一次")
    else:
        password = sys.stdin.readline().rstrip("\n")
    accounts.set_password(desk.engine, account.id, password, by=by, at=clock.now())
    typer.echo(f"已设置{account.name}的密码。")


@app.command("role", help="更改账号的角色；所写的取代原有的全部角色。")
@telling_problems
def role_command(login: Login, role: Roles = None, unit: Units = None, by: By = OPERATOR) -> None:
    """Give other roles."""
    desk = open_desk()
    account = _account(desk, login)
    _change(desk, account, grants=_grants(desk, role, unit), active=account.active, by=by)


@app.command("disable", help="停用账号：不能再登录，此前的记录不受影响。")
@telling_problems
def disable_command(login: Login, by: By = OPERATOR) -> None:
    """Take an account out of use."""
    desk = open_desk()
    account = _account(desk, login)
    _change(desk, account, grants=account.grants, active=False, by=by)


@app.command("enable", help="恢复已停用的账号。")
@telling_problems
def enable_command(login: Login, by: By = OPERATOR) -> None:
    """Take an account into use again."""
    desk = open_desk()
    account = _account(desk, login)
    _change(desk, account, grants=account.grants, active=True, by=by)


def _change(desk: Desk, account: Account, *, grants: tuple[Grant, ...], active: bool, by: str) -> None:
    with writing(desk.engine) as session:
        changed = accounts.change(
            session, desk.plan, account.id, grants=grants, active=active, by=by, at=clock.now()
        )
    typer.echo(f"{changed.name}：{changed.role_names}，{'在用' if changed.active else '已停用'}。")


def _grants(desk: Desk, roles: list[Role] | None, units: list[str] | None) -> tuple[Grant, ...]:
    for role in roles or []:
        if role is Role.LIAISON and not units:
            raise Problem(ProblemKind.ROLE_MISSING)
    kept = [Grant(role) for role in roles or [] if role is not Role.LIAISON]
    kept += [Grant(Role.LIAISON, desk.plan.unit(unit).id) for unit in units or []]
    return tuple(kept)


def _account(desk: Desk, login: str) -> Account:
    with reading(desk.engine) as session:
        found = accounts.find(session, login)
    if found is None:
        raise Problem(ProblemKind.ACCOUNT_UNKNOWN, login=login)
    return found


def _tell_link(desk: Desk, account: Account, by: str) -> None:
    key = signing_key(desk.settings.home)
    with writing(desk.engine) as session:
        token = sign_in.make_link(session, key, account.id, by=by, at=clock.now())
    found = running(desk.settings.home)
    portal = desk.settings.portal_url or (found.portal if found else DEFAULT_PORTAL)
    typer.echo(
        f"登录链接（{sign_in.LINK_HOURS} 小时内有效，只能使用一次）：\n  {link_address(portal, token)}"
    )
