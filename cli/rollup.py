"""``guanai rollup``: a city's or province's report over its districts' packages."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from cli.terminal import bar, telling_problems
from domain.report.material import Issue
from services import clock
from services.upward.reading import Package
from services.upward.rolling import Rolled, draft_frame, read_frame, read_packages, roll_up


@telling_problems
def rollup_command(
    packages: Annotated[
        list[Path],
        typer.Argument(help="各地区的上报包（.guanai.zip）。", metavar="上报包...", show_default=False),
    ],
    frame: Annotated[
        Path | None,
        typer.Option(
            help="汇总口径文件：本级名称、版头、应报送的地区，以及举措和指标的对应关系。", show_default=False
        ),
    ] = None,
    draft: Annotated[
        Path | None,
        typer.Option(help="不作汇总，而是据收到的上报包起草一份汇总口径文件。", show_default=False),
    ] = None,
    out: Annotated[Path, typer.Option(help="归档到哪个目录。")] = Path("汇总"),
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="报告的日期；不写则为今天。", show_default=False),
    ] = None,
    number: Annotated[str, typer.Option(help="发文字号；不写则留空待填。")] = "",
    signatory: Annotated[str, typer.Option(help="签发人；不写则留空待填。")] = "",
) -> None:
    """Check the packages, then draft a frame from them, or write the report that a frame asks for."""
    if (frame is None) == (draft is None):
        raise typer.BadParameter("请给出 --frame（汇总）或 --draft（起草汇总口径）之一。")
    wanted = read_frame(frame) if frame else None
    with bar() as shown:
        found = _checked(packages, shown)
        if wanted is not None:
            task = shown.add_task("汇总、排版、归档", total=1)
            issue = Issue(number, signatory, sample=any(p.snapshot.sample for p in found))
            when = day.date() if day else clock.today()
            _tell(roll_up(found, wanted, when, out.resolve(), issue))
            shown.update(task, completed=1)
    if draft is not None:
        draft_frame(found, draft)
        typer.echo(f"已据 {len(found)} 个上报包起草汇总口径：{draft}")
        typer.echo("请按文件开头的说明填写、核对，再用 --frame 汇总。")


def _checked(paths: Sequence[Path], shown: Progress) -> tuple[Package, ...]:
    task = shown.add_task("核验上报包", total=len(paths))
    return read_packages(paths, lambda _: shown.advance(task))


def _tell(rolled: Rolled) -> None:
    typer.echo(f"汇总了 {rolled.districts} 个地区的年度报告。")
    if rolled.missing:
        typer.echo(f"尚未报送：{'、'.join(rolled.missing)}。")
    if rolled.unmatched:
        typer.echo(f"有 {rolled.unmatched} 项举措或指标没有对应项，未计入，见报告所附清单。")
    typer.echo(f"汇总报告：{rolled.pdf}")
