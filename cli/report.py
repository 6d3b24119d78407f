"""``guanai report``: make the reports of a year, see what was changed in them by hand, and send them upward."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import TaskID

from cli import package, proof
from cli.report_diff import diff_command
from cli.terminal import bar, telling_problems
from deployments import embedded
from domain.report.material import Issue
from services import clock, progress
from services.settings import read_settings

app = typer.Typer(help="报告：生成年度报告，比对改过的报告，打包上报。", no_args_is_help=True)


app.command("package", help="打包上报：把归档的年度报告连同数据、清单和签名装成一个文件。")(
    package.package_command
)
app.command("diff", help="比对改过的 Word 文件与生成时的不同：先数字，后文字。")(diff_command)


app.command("verify", help="核验报告：页面与所附数据是否一致，数字能否复算，与库中记录是否相符。")(
    proof.verify_command
)


@app.command("annual", help="生成年度报告：各单位报告和全区综合报告，核验后归档。")
@telling_problems
def annual_command(
    year: Annotated[int, typer.Option(help="年度。", show_default=False)],
    out: Annotated[Path, typer.Option(help="归档到哪个目录。")] = Path("报告"),
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="数据截至哪一天；不写则为今天。", show_default=False),
    ] = None,
    number: Annotated[str, typer.Option(help="发文字号，如 四东民〔2025〕12号；不写则留空待填。")] = "",
    signatory: Annotated[str, typer.Option(help="签发人；不写则留空待填。")] = "",
    by: Annotated[str, typer.Option(help="操作人，记入审计记录。")] = "办公室",
) -> None:
    """Run the flow of the annual report here, without a server to set up."""
    day = as_of.date() if as_of else clock.today()
    with embedded.engine(read_settings()) as engine:
        folder = run_annual(engine, year, day, out, issue=Issue(number, signatory), by=by)
    typer.echo(f"年度报告已归档：{folder}")


def run_annual(engine: embedded.Engine, year: int, as_of: date, out: Path, *, issue: Issue, by: str) -> Path:
    """Run ``flows/annual_report.py`` in this process on ``engine``, with a progress bar.

    Returns:
        The folder in which the reports were filed.
    """
    with _bars():
        engine.wait()
        from flows.annual_report import annual_report  # noqa: PLC0415 - Prefect costs seconds; only reports need it

        return Path(
            annual_report(
                year=year,
                as_of=as_of,
                out=str(out.resolve()),
                number=issue.number,
                signatory=issue.signatory,
                sample=issue.sample,
                actor=by,
            )
        )


@contextmanager
def _bars() -> Iterator[None]:
    """A bar for each step that tells its progress."""
    with bar() as shown:
        waiting: TaskID | None = shown.add_task("启动流程引擎", total=None)
        steps: dict[str, TaskID] = {}

        def watch(step: str, done: int, total: int) -> None:
            nonlocal waiting
            if waiting is not None:
                shown.remove_task(waiting)
                waiting = None
            if step not in steps:
                steps[step] = shown.add_task(step, total=total)
            shown.update(steps[step], completed=done)

        with progress.watched_by(watch):
            yield
