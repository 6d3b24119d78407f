"""``guanai notify``: messages from the shell: send, look, try a channel, settle what is in doubt."""

import time
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.terminal import Desk, open_desk, telling_problems
from domain.messages import KIND_NAMES, STATE_NAMES, MessageState
from models import ledger as rows
from models.engine import reading, writing
from models.ledger import Filters
from services import clock
from services.delivery import ledger
from services.delivery.mailroom import Mailroom, mailroom
from services.delivery.trial import send_trial
from services.delivery.turn import PATIENCE, take_turn

app = typer.Typer(help="消息：发送、查看台账、试发、处理失败和存疑。", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="消息编号，见 guanai notify queue。", show_default=False)]
By = Annotated[str, typer.Option(help="操作人，记入审计记录。")]
OPERATOR = "系统管理员"
_SHOWN = 30


def _room(desk: Desk) -> Mailroom:
    return mailroom(desk.settings, desk.engine, desk.plan, desk.version)


@app.command("send", help="发送到时间的消息；有渠道或模板出错时以 1 结束，其他消息照常发送。")
@telling_problems
def send_command(
    wait: Annotated[bool, typer.Option(help="渠道限流时等它放行，最多 8 分钟。")] = True,  # noqa: FBT002 - an option's form
) -> None:
    """Take a sender's turn."""
    desk = open_desk()
    room, kept = _room(desk), timedelta(days=desk.settings.messages_kept)
    patience = PATIENCE if wait else timedelta()
    done = take_turn(room, now=clock.now, wait=time.sleep, patience=patience, kept=kept)
    told = [f"{STATE_NAMES[state]} {count} 条" for state, count in done.came_to.items()]
    typer.echo("，".join(told) + "。" if told else "没有到时间的消息。")
    if done.full_until is not None:
        typer.echo(f"有渠道达到限额，其余的 {done.full_until:%Y-%m-%d %H:%M} 以后再发。")
    for problem in dict.fromkeys(str(one) for one in done.troubles):
        typer.echo(problem, err=True)
    if done.troubles:
        raise typer.Exit(1)


@app.command("queue", help="各渠道有多少消息在等、在发、失败、存疑，以及需要处理的消息。")
@telling_problems
def queue_command() -> None:
    """Show what is under way, and what needs somebody."""
    desk = open_desk()
    with reading(desk.engine) as session:
        under_way = rows.waiting(session, desk.plan.id)
        troubled = ledger.page(session, desk.plan, Filters(troubled=True))
    console = Console()
    table = Table("渠道", "状态", "条数", "最早")
    for channel, state, count, at in under_way:
        table.add_row(escape(channel), STATE_NAMES[state], str(count), f"{at:%Y-%m-%d %H:%M}")
    console.print(table if under_way else "没有在途的消息。")
    if not troubled.total:
        console.print("没有需要处理的消息。")
        return
    needing = Table(
        "编号", "状态", "种类", "联系人", "渠道", "原因", title=f"需要处理（{troubled.total} 条）"
    )
    for row in troubled.rows[:_SHOWN]:
        kind, standing = KIND_NAMES[row.kind], STATE_NAMES[row.state]
        needing.add_row(str(row.number), standing, kind, escape(row.contact), row.channel, escape(row.error))
    console.print(needing)
    if troubled.total > _SHOWN:
        console.print(f"其余的见页面“消息台账”。共 {troubled.total} 条。")


@app.command("show", help="显示一条消息和它的全部经过。")
@telling_problems
def show_command(number: Number) -> None:
    """Show one message with its events."""
    desk = open_desk()
    with reading(desk.engine) as session:
        found = ledger.account(session, desk.plan, number)
    row = found.row
    unit = desk.plan.units_by_id.get(row.unit)
    typer.echo(f"消息 {row.number}（{KIND_NAMES[row.kind]}，{row.day}）：{STATE_NAMES[row.state]}")
    typer.echo(
        f"收件人：{row.contact or '（已删除）'}{f'，{unit.name}' if unit else ''}；渠道：{row.channel}"
    )
    if row.stands_in_for:
        typer.echo(f"代替：消息 {row.stands_in_for}")
    if row.taken_over:
        typer.echo(f"已由消息 {row.taken_over} 代替。")
    for told in found.told:
        duty = desk.plan.duties_by_id.get(told.duty)
        typer.echo(f"  · {duty.title if duty else told.duty}（{told.period_label}），{told.due} 截止")
    for event in found.events:
        came_to = STATE_NAMES[MessageState(event.state)]
        typer.echo(f"  {event.at:%Y-%m-%d %H:%M:%S}  {came_to}  {event.by}  {event.detail}".rstrip())


@app.command("test", help="向自己试发一条，核对渠道是否可用；不进台账，记入审计记录。")
@telling_problems
def trial_command(
    channel: Annotated[str, typer.Option(help="渠道名称。", show_default=False)],
    to: Annotated[str, typer.Option(help="自己在这个渠道的地址。", show_default=False)],
    by: By = OPERATOR,
) -> None:
    """Send one message to oneself."""
    desk = open_desk()
    receipt = send_trial(_room(desk), channel, to, by=by, at=clock.now())
    typer.echo(f"渠道“{channel}”已收下{'并送达' if receipt.delivered else ''}。请查看是否收到。")


@app.command("retry", help="重发一条失败、已停止重试或不再发送的消息。")
@telling_problems
def retry_command(number: Number, by: By = OPERATOR) -> None:
    """Have a message sent again at the next chance."""
    desk = open_desk()
    with writing(desk.engine) as session:
        ledger.retry(session, desk.plan, number, by=by, at=clock.now())
    typer.echo(f"消息 {number} 将在下次发送时重发。")


@app.command("resolve", help="写明一条存疑的消息对方究竟收到没有；没有收到的会重发。")
@telling_problems
def resolve_command(
    number: Number,
    sent: Annotated[
        bool, typer.Option("--sent/--not-sent", help="对方收到了／没有收到。", show_default=False)
    ],
    by: By = OPERATOR,
) -> None:
    """End a doubt."""
    desk = open_desk()
    with writing(desk.engine) as session:
        ledger.settle(session, desk.plan, number, sent=sent, by=by, at=clock.now())
    typer.echo(f"消息 {number} 已登记为{'对方已收到' if sent else '没有收到，将重发'}。")


@app.command("drop", help="不再发送一条消息，须写明理由。")
@telling_problems
def drop_command(
    number: Number,
    reason: Annotated[str, typer.Option(help="理由。", show_default=False)],
    by: By = OPERATOR,
) -> None:
    """Send a message no more."""
    desk = open_desk()
    with writing(desk.engine) as session:
        ledger.let_go(session, desk.plan, number, reason=reason, by=by, at=clock.now())
    typer.echo(f"消息 {number} 不再发送。")
