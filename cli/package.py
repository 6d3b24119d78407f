"""``guanai report package``: the district's package for the level above."""

from pathlib import Path
from typing import Annotated

import typer

from cli.terminal import open_desk, telling_problems
from services import clock
from services.upward.sending import report_to_send, send_up


@telling_problems
def package_command(
    year: Annotated[int, typer.Option(help="年度。", show_default=False)],
    out: Annotated[Path, typer.Option(help="放到哪个目录。")] = Path("上报"),
    by: Annotated[str, typer.Option(help="操作人，记入审计记录。")] = "办公室",
) -> None:
    """Pack the year's report that was released last."""
    desk = open_desk()
    report = report_to_send(desk.engine, desk.plan.id, year)
    if report.released_at is None:
        typer.echo(f"注意：{year} 年度报告尚未发布，所装的是最近一次归档的（截至 {report.as_of}）。")
    packed = send_up(
        desk.engine, desk.plan.id, report, desk.settings.home, out.resolve(), by=by, at=clock.now()
    )
    typer.echo(f"上报包：{packed.path}（{packed.files} 个文件）")
    typer.echo(f"签名公钥指纹：{packed.key}")
    typer.echo("首次上报时，请当面或电话把指纹告诉上级单位核对；以后每次都应相同。")
