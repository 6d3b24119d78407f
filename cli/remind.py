"""``guanai remind`` and ``guanai pause``: what the ladder owes, now or on another day, and when it is to be silent."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.terminal import Desk, open_desk, telling_problems
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from models.messages import LadderPauseRow
from services import clock
from services.pauses import pause, pauses_to_come
from services.reach import missing
from services.reminding import plan_messages
from services.upcoming import Upcoming, UpcomingMessage, unit_words, upcoming
from services.workcalendar import work_calendar

MOST_NAMES = 8
"""How many units without a contact are named; the rest is counted."""

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], show_default=False)]
By = Annotated[str, typer.Option(help="操作人，记入审计记录。")]


@telling_problems
def remind_command(
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="哪一天；不写则为今天。", show_default=False),
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出会发出什么，不生成。")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 列出（与 --dry-run 连用）。")] = False,
    by: By = "办公室",
) -> None:
    """Plan the day's messages, or with ``--dry-run`` print everything that would go out on a day."""
    if as_json and not dry_run:
        raise typer.BadParameter("--json 须与 --dry-run 连用。")
    desk, at = open_desk(), clock.now()
    day = as_of.date() if as_of else at.date()
    calendar = work_calendar(desk.plan.rules.calendar.beyond_known)
    if dry_run:
        found = upcoming(desk.engine, desk.plan, desk.version, as_of=day, calendar=calendar, at=at, by=by)
        if as_json:
            typer.echo(found.model_dump_json(indent=1))
        else:
            _print(found, Console(highlight=False))
        return
    if day != at.date():
        raise Problem(ProblemKind.REMIND_NOT_TODAY, day=day)
    planned = plan_messages(desk.engine, desk.plan, as_of=day, calendar=calendar, at=at, by=by)
    if not planned.workday:
        typer.echo(f"{day} 不是工作日，不提醒任何人。")
        return
    typer.echo(f"已生成 {planned.messages} 条消息，涉及 {planned.items} 项次，由发送程序在允许的时间内发出。")
    if planned.full:
        typer.echo(f"{planned.full} 人今天的消息已到上限，余下的改在下一个工作日提醒。")
    _tell_missing(desk)


@telling_problems
def pause_command(
    first: Annotated[
        datetime | None,
        typer.Option("--first", formats=["%Y-%m-%d"], help="从哪一天起。", show_default=False),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--last", formats=["%Y-%m-%d"], help="到哪一天止（含）。", show_default=False),
    ] = None,
    unit: Annotated[str, typer.Option(help="哪个单位；不写则为全部。", show_default=False)] = "",
    duty: Annotated[str, typer.Option(help="哪个事项（编号）；不写则为全部。", show_default=False)] = "",
    reason: Annotated[str, typer.Option(help="理由。", show_default=False)] = "",
    by: By = "办公室",
) -> None:
    """Silence the ladder for some days; without days, list the pauses that are not over."""
    desk, at = open_desk(), clock.now()
    if first is None or last is None:
        if first or last:
            raise typer.BadParameter("请同时写明 --first 和 --last。")
        with reading(desk.engine) as session:
            _print_pauses(desk, list(pauses_to_come(session, desk.plan, at.date())))
        return
    with writing(desk.engine) as session:
        made = pause(
            session,
            desk.plan,
            first=first.date(),
            last=last.date(),
            unit=unit,
            duty=duty,
            reason=reason,
            by=by,
            at=at,
        )
    typer.echo(f"已登记：{made.first} 至 {made.last} 暂缓提醒，到期后自动恢复。")


def _print(found: Upcoming, console: Console) -> None:
    if not found.workday:
        console.print(f"{found.day} 不是工作日，不提醒任何人。")
        return
    console.print(f"{found.day}：会发出 {len(found.messages)} 条消息。")
    for message in found.messages:
        console.print(_table(message))
        for words in message.paragraphs:
            console.print(f"  {words}", markup=False, soft_wrap=True)
    for unit, post in found.unreachable[:MOST_NAMES]:
        console.print(f"没有收件地址：{unit}　{post}", markup=False)
    more = len(found.unreachable) - MOST_NAMES
    if more > 0:
        console.print(f"……另有 {more} 个岗位没有收件地址，用 guanai contact list --missing 查看。")


def _table(message: UpcomingMessage) -> Table:
    who = f"{message.unit}　{message.post}　{message.name}"
    title = Text(f"\n{who}（{message.channel}，{message.at:%m-%d %H:%M} 起）\n{message.title}")
    table = Table("层级", "单位", "事项", "期间", "截止", title=title, title_justify="left")
    for item in message.items:
        row = (f"{item.rung_name}（{item.colour}）", item.unit, item.title, item.period, str(item.due))
        table.add_row(*(Text(cell) for cell in row))
    return table


def _print_pauses(desk: Desk, found: list[LadderPauseRow]) -> None:
    table = Table("起", "止", "单位", "事项", "理由", "经办人")
    for one in found:
        unit = unit_words(desk.plan, one.unit) if one.unit else "全部"
        duty = desk.plan.duties_by_id[one.duty].title if one.duty in desk.plan.duties_by_id else one.duty
        row = (str(one.first), str(one.last), unit, duty or "全部", one.reason, one.by)
        table.add_row(*(Text(cell) for cell in row))
    if found:
        Console().print(table)
    else:
        typer.echo("没有暂缓提醒。")


def _tell_missing(desk: Desk) -> None:
    with reading(desk.engine) as session:
        without = missing(session, desk.plan)
    if without:
        typer.echo(f"另有 {len(without)} 个岗位没有收件地址，用 guanai contact list --missing 查看。")
