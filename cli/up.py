"""``guanai up``: the whole platform with one command, in one terminal."""

import os
from datetime import date
from typing import Annotated

import typer
from sqlalchemy import Engine

from cli.terminal import tell_past_due, telling_problems
from deployments.parts import LOOPBACK, Addresses, Share, parts
from deployments.sharing import mark_reports, see_common, see_engine_database
from deployments.supervisor import Supervisor
from domain.duties import past_due
from domain.plan import Plan
from models.engine import open_store, reading, writing
from services import clock
from services.links import first_administrator, link_address
from services.plan_versions import adopt, current, plan_sha256
from services.plans import load_plan
from services.running import PartState, Running, publish, running, sole, sole_server
from services.settings import Settings, read_settings
from services.signing import signing_key
from services.workcalendar import work_calendar

ACTOR = "系统"
"""Who adopts the plan at the first start, in the audit chain."""

Port = Annotated[int, typer.Option(min=1, max=65535, help="页面的端口。")]
EnginePort = Annotated[int, typer.Option(min=1, max=65535, help="流程引擎的端口。")]
EngineHost = Annotated[
    str, typer.Option(help="流程引擎在哪个地址上开放；对其他机器开放须设口令 GUANAI_ENGINE_PASSWORD。")
]
Pool = Annotated[bool, typer.Option("--pool", help="其他机器也用 guanai worker 分担运行。")]
Runs = Annotated[int, typer.Option(min=0, help="本机同时进行几次运行；0 为全部留给其他机器。")]
Portals = Annotated[
    int,
    typer.Option(
        min=1, max=16, help="用几个进程应答页面；同时使用的人多而处理器有余时加，每个约 100 MB 内存。"
    ),
]
PoolRuns = Annotated[int, typer.Option(min=1, help="所有机器合计同时进行几次运行。")]


@telling_problems
def up_command(  # noqa: PLR0913 - the options of a command
    host: Annotated[str, typer.Option(help="页面在哪个地址上开放；0.0.0.0 为本机所有地址。")] = LOOPBACK,
    port: Port = 8700,
    engine_port: EnginePort = 4200,
    engine_host: EngineHost = LOOPBACK,
    *,
    pool: Pool = False,
    runs: Runs = Share.runs,
    pool_runs: PoolRuns = Share.pool_runs,
    portals: Portals = Share.portals,
) -> None:
    """Run everything until Ctrl-C; a second one finds what is there."""
    settings = read_settings()
    with sole(settings.home) as alone:
        if not alone:
            _tell_of_other(settings)
            return
        _run(settings, Addresses(host, port, engine_port, engine_host), Share(pool, runs, pool_runs, portals))
    typer.echo("已全部停止。")


def _run(settings: Settings, where: Addresses, share: Share) -> None:
    typer.echo("正在启动（首次启动约需半分钟）…")
    if share.pool:
        see_common(settings)
        see_engine_database(settings)
        mark_reports(settings)
    wanted = parts(settings, where, share)
    store = open_store(settings.store_url)
    with sole_server(store):
        plan = load_plan(settings.plan)
        _put_into_force(store, plan)
        portal = settings.portal_url or where.portal
        shown = Running(pid=os.getpid(), started=clock.now(), portal=portal, engine=where.engine)
        first = first_administrator(store, signing_key(settings.home), by=ACTOR, at=clock.now())

        def tell_state(states: tuple[PartState, ...]) -> None:
            publish(settings.home, shown.model_copy(update={"parts": states}))

        def ready() -> None:
            typer.echo("已启动。")
            _tell_addresses(shown)
            if first is not None:
                typer.echo(
                    f"系统管理员首次登录请打开（24 小时内有效，只能使用一次）：\n  {link_address(portal, first)}"
                )
            if where.open_to_others and not portal.startswith("https:"):
                typer.echo(
                    "注意：页面未经加密，密码在网络上可能被截获；请在前面加一层 HTTPS（见 docs/operating.md）。"
                )
            if share.pool:
                typer.echo("其他机器用 guanai worker 接入，见 docs/operating.md 第十节。")
            typer.echo("按 Ctrl-C 停止。")

        Supervisor(wanted, _tell, tell_state, lambda: _tell_version(store, plan)).run(ready)


def _tell(line: str) -> None:
    typer.echo(f"{clock.now():%m-%d %H:%M:%S} {line}")


def _tell_of_other(settings: Settings) -> None:
    found = running(settings.home)
    if found is None:
        typer.echo("另一个 guanai up 正在启动，请稍候。")
        return
    typer.echo("已在运行，无须再次启动。")
    _tell_addresses(found)


def _tell_addresses(found: Running) -> None:
    typer.echo(f"  平台页面：{found.portal}\n  流程引擎：{found.engine}")


def _put_into_force(store: Engine, wanted: Plan) -> None:
    """Adopt the plan at the very first start; a plan changed since then is adopted by hand only."""
    with writing(store) as session:
        found = current(session, wanted.id)
        if found is None:
            adopt(session, wanted, at=clock.now(), actor=ACTOR)
            _tell_history(wanted, clock.today())
        elif found[1].sha256 != plan_sha256(wanted):
            typer.echo(
                f"注意：方案文件与已启用的第 {found[1].number} 版不同，仍按已启用的版本运行。"
                "如确需修订，请在另一个终端运行 guanai open --adopt；平台不必停止，会随即按新版本运行。"
            )


def _tell_history(plan: Plan, today: date) -> None:
    """Items that were over before the platform began, which its first round opens all the same."""
    years = [year for year in plan.years if year <= today.year]
    tell_past_due(past_due(plan, years, today, work_calendar(plan.rules.calendar.beyond_known)), today)


def _tell_version(store: Engine, plan: Plan) -> str:
    with reading(store) as session:
        found = current(session, plan.id)
    number = found[1].number if found else 1
    return f"方案第 {number} 版已启用，正在重新登记计划任务。"
