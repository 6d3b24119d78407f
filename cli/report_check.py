"""``guanai report check``: measure a PDF against the standard for official documents."""

import hashlib
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.terminal import REFUSED, telling_problems, tracked
from services import workers
from services.layout_check.check import check_layout_file
from services.layout_check.findings import STANDARD, LayoutReport, Verdict
from services.layout_check.pictures import draw_pages

_WIDTH = 160
"""Columns of the table where the output is no terminal."""
_STYLES = {Verdict.BROKEN: "bold red", Verdict.UNKNOWN: "yellow", Verdict.ABSENT: "dim", Verdict.MET: "green"}


@telling_problems
def check_command(
    file: Annotated[Path, typer.Argument(help="要检查的 PDF，不限由本平台生成。", show_default=False)],
    pictures: Annotated[
        Path | None,
        typer.Option(
            "--pictures", help="把每页画成图片放到这个目录，并画出版心和 22 行的行格。", show_default=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取。")] = False,  # noqa: FBT002 - an option
) -> None:
    """Measure each clause; ends with 1 where any is not kept."""
    report = check_layout_file(file)
    if pictures is not None:
        drawn = list(draw_pages(file.read_bytes(), pictures))
        typer.echo(f"{len(drawn)} 页已画成图片：{pictures}", err=True)
    if as_json:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        told = {"file": file.name, "sha256": digest, **report.as_json()}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print(file, report)
    if report.broken:
        raise typer.Exit(REFUSED)


def tell_layout(folder: Path) -> None:
    """Measure every PDF that was filed, and say which should be looked at before it is printed."""
    files = sorted(folder.rglob("*.pdf"))
    with workers.pool() as pool:
        reports = tracked(pool.map(check_layout_file, files), "检查版式", len(files))
        broken = {file: report.broken for file, report in zip(files, reports, strict=True) if report.broken}
    if not broken:
        typer.echo(f"版式：{len(files)} 份 PDF 对照 {STANDARD} 均无不符。")
    for file, findings in broken.items():
        parts = "、".join(f"{finding.clause} {finding.part}" for finding in findings)
        typer.echo(f"版式：{file.name} 有不符（{parts}），请运行 guanai report check 查看。")


def _print(file: Path, report: LayoutReport) -> None:
    table = Table("条款", "项目", "结论", "实测", "要求", "说明", title=f"{file.name}（{report.pages} 页）")
    for finding in report.findings:
        cells = [
            finding.clause,
            finding.part,
            finding.verdict,
            finding.measured,
            finding.expected,
            finding.note,
        ]
        table.add_row(*(Text(cell, overflow="fold") for cell in cells), style=_STYLES[finding.verdict])
    console = Console()
    console = console if console.is_terminal else Console(width=_WIDTH)
    console.print(table)
    if report.stand_ins:
        fonts = "，".join(f"{face}用 {font}" for face, font in report.stand_ins.items())
        console.print(f"以开源字体代替：{fonts}。装有标准所用字体的机器会自动改用。", soft_wrap=True)
    count = {v: sum(f.verdict is v for f in report.findings) for v in Verdict}
    console.print(f"对照 {STANDARD}：" + "，".join(f"{v}{n} 项" for v, n in count.items()) + "。")
