"""``guanai worker``: another machine that takes runs from the pool."""

import asyncio
import os
import signal
from typing import Annotated

import typer

from cli.terminal import telling_problems
from deployments.parts import run_environment
from deployments.sharing import see_common, see_pool, see_reports
from domain.problems import Problem, ProblemKind
from services.platform import platform
from services.settings import PREFIX, Settings, read_settings


@telling_problems
def worker_command(
    engine: Annotated[
        str,
        typer.Option(
            help="流程引擎的地址，如 http://10.0.0.5:4200；不写则取 GUANAI_ENGINE_URL。", show_default=False
        ),
    ] = "",
    name: Annotated[
        str, typer.Option(help="本机在流程引擎页面上的名称；不写则为机器名。", show_default=False)
    ] = "",
    runs: Annotated[int, typer.Option(min=1, help="本机同时进行几次运行。")] = max(2, os.cpu_count() or 1),
) -> None:
    """Take runs until Ctrl-C."""
    settings = read_settings()
    address = _address(engine or settings.engine_url)
    _see_all_there(settings, address)
    os.environ.update(run_environment(settings, address))
    from deployments.pool import worker_name  # noqa: PLC0415 - Prefect costs seconds, and reads its settings on import

    called = name or worker_name()
    typer.echo(f"“{called}”已接入 {address}，同时最多进行 {runs} 次运行。按 Ctrl-C 停止。")
    asyncio.run(_until_told(called, runs))
    typer.echo("已停止；没有做完的运行由其他工作机重做。")


def _address(told: str) -> str:
    if not told.startswith(("http://", "https://")):
        raise Problem(
            ProblemKind.SETTING_INVALID,
            name=f"{PREFIX}ENGINE_URL",
            found=told or "没有写",
            mend="请用 --engine 写明流程引擎的地址，如 http://10.0.0.5:4200。",
        )
    return told.rstrip("/").removesuffix("/api")


def _see_all_there(settings: Settings, address: str) -> None:
    """Refuse before Prefect is loaded, rather than let every run fail."""
    see_common(settings)
    with platform(settings):
        see_reports(settings)
    see_pool(address, settings.engine_password)


async def _until_told(name: str, runs: int) -> None:
    """Work until Ctrl-C or SIGTERM; a run in progress is ended and told as cut off, so that another takes it at once."""
    from deployments.pool import work  # noqa: PLC0415 - as above

    working = asyncio.ensure_future(work(name, runs, watched=False))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    await asyncio.wait([working])
    if not working.cancelled():
        working.result()
