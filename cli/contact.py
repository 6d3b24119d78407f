"""``guanai contact``: whom messages go to, from the shell or from a list in Excel."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.terminal import REFUSED, open_desk, telling_problems
from domain.messages import POST_NAMES, Post
from models.engine import reading, writing
from services import clock, contacts
from services.addresses import Address
from services.contact_sheet import ContactFaults, import_file, render_contacts
from services.contacts import Contact
from services.reach import missing
from services.upcoming import unit_words

app = typer.Typer(help="联系人：提醒和通报发给谁、从哪个渠道发。", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="编号，见 guanai contact list。", show_default=False)]
Addresses = Annotated[
    list[str] | None,
    typer.Option(
        "--address",
        help="渠道=地址，如 邮件=li@example.cn；可重复，写在前面的先试。",
        show_default=False,
    ),
]
Login = Annotated[str | None, typer.Option(help="本人的登录名；本人可在网页上改地址。", show_default=False)]
By = Annotated[str, typer.Option(help="操作人，记入审计记录。")]
OFFICE = "办公室"


@app.command("add", help="登记一位联系人。")
@telling_problems
def add_command(
    name: Annotated[str, typer.Argument(help="姓名。", show_default=False)],
    post: Annotated[
        Post,
        typer.Option(
            help="岗位：" + "，".join(f"{post.value} {name}" for post, name in POST_NAMES.items()) + "。"
        ),
    ] = Post.LIAISON,
    unit: Annotated[str, typer.Option(help="单位（名称、简称或编号）。", show_default=False)] = "",
    address: Addresses = None,
    login: Login = None,
    by: By = OFFICE,
) -> None:
    """Put somebody on the list."""
    desk = open_desk()
    with writing(desk.engine) as session:
        made = contacts.add(
            session,
            desk.plan,
            unit=unit,
            post=post,
            name=name,
            addresses=_addresses(address),
            login=login or "",
            by=by,
            at=clock.now(),
        )
    typer.echo(
        f"已登记第 {made.number} 号：{unit_words(desk.plan, made.unit)}{POST_NAMES[made.post]}{made.name}。"
    )


@app.command("change", help="修改一位联系人；写了 --address 的，取代原有的全部地址。")
@telling_problems
def change_command(
    number: Number,
    name: Annotated[str | None, typer.Option(help="姓名。", show_default=False)] = None,
    address: Addresses = None,
    login: Login = None,
    *,
    active: Annotated[
        bool | None, typer.Option("--on/--off", help="恢复或停用；停用后不再发给此人。", show_default=False)
    ] = None,
    by: By = OFFICE,
) -> None:
    """Change somebody."""
    desk = open_desk()
    with writing(desk.engine) as session:
        known = contacts.get(session, desk.plan, number)
        changed = contacts.change(
            session,
            desk.plan,
            number,
            name=known.name if name is None else name,
            addresses=known.addresses if address is None else _addresses(address),
            active=known.active if active is None else active,
            login=login,
            by=by,
            at=clock.now(),
        )
    typer.echo(
        f"第 {number} 号：{changed.name}，{_reached(changed) or '没有地址'}{'' if changed.active else '，已停用'}。"
    )


@app.command("list", help="列出联系人；--out 写成 Excel，填好后可用 guanai contact import 导入。")
@telling_problems
def list_command(
    out: Annotated[Path | None, typer.Option(help="写到哪个 .xlsx 文件。", show_default=False)] = None,
    channel: Annotated[
        list[str] | None, typer.Option(help="Excel 中另加哪些渠道的列，可重复。", show_default=False)
    ] = None,
    *,
    without: Annotated[bool, typer.Option("--missing", help="只列出没有收件地址的岗位。")] = False,
) -> None:
    """List everybody, or the posts in which nobody can be reached."""
    desk = open_desk()
    with reading(desk.engine) as session:
        if out is not None:
            data = render_contacts(session, desk.plan, channel or [], clock.now())
        found = contacts.everybody(session, desk.plan)
        logins = contacts.logins(session, found)
        empty = missing(session, desk.plan)
    if out is not None:
        out.write_bytes(data)
        typer.echo(f"已写入 {out.resolve()}")
        return
    if without:
        table = Table("单位", "岗位", title=f"没有收件地址的岗位（{len(empty)} 个）", title_justify="left")
        for post in empty:
            table.add_row(Text(unit_words(desk.plan, post.unit)), POST_NAMES[post.post])
    else:
        table = Table("编号", "单位", "岗位", "姓名", "登录名", "地址", "状态")
        for one in found:
            state = "在用" if one.active else "已停用"
            words = (str(one.number), unit_words(desk.plan, one.unit), POST_NAMES[one.post], one.name)
            login = logins.get(one.account or 0, "")
            table.add_row(*(Text(word) for word in (*words, login, _reached(one), state)))
    Console().print(table)


@app.command("import", help="导入 Excel 联系人表；任何一处有问题，整份不导入。")
@telling_problems
def import_command(
    file: Annotated[
        Path, typer.Argument(help="文件，列为 单位、岗位、姓名、登录名和各渠道。", show_default=False)
    ],
    by: By = OFFICE,
) -> None:
    """Take a list over, or tell everything that is wrong with it."""
    desk = open_desk()
    try:
        done = import_file(desk.engine, desk.plan, file, by=by, at=clock.now())
    except ContactFaults as refused:
        typer.echo(str(refused), err=True)
        for fault in refused.faults:
            typer.echo(f"  {fault.place.sheet} {fault.place.cell}：{fault.problem}", err=True)
        raise typer.Exit(REFUSED) from refused
    typer.echo(f"已导入：新登记 {done.added} 人，更新 {done.changed} 人。")


@app.command("forget", help="删除一位联系人的姓名和地址，不能恢复；已发消息的台账保留。")
@telling_problems
def forget_command(number: Number, by: By = OFFICE) -> None:
    """Remove what somebody can be known by."""
    desk = open_desk()
    with writing(desk.engine) as session:
        contacts.forget(session, desk.plan, number, by=by, at=clock.now())
    typer.echo(f"已删除第 {number} 号联系人的姓名和地址。")


def _addresses(given: list[str] | None) -> list[Address]:
    found = []
    for one in given or []:
        channel, equals, address = one.partition("=")
        if not equals:
            raise typer.BadParameter(f"“{one}”请写成 渠道=地址。", param_hint="--address")
        found.append(Address(channel.strip(), address.strip()))
    return found


def _reached(one: Contact) -> str:
    return "，".join(f"{a.channel}：{a.address}" for a in one.addresses)
