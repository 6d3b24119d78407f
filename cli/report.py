"""``guanai report``: make a year's reports, circulars, assessments of phases; check, release, compare, send upward."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import TaskID
from rich.table import Table

from cli import package, proof, report_check
from cli.report_diff import diff_command
from cli.terminal import Desk, bar, open_desk, telling_problems
from deployments import embedded
from domain.report.circular.material import see_period
from domain.report.phase import see_phase
from models.engine import reading, writing
from services import acknowledging, clock, filed_reports, progress
from services.settings import read_settings

app = typer.Typer(
    help="报告：生成年度报告、通报和阶段评估，检查版式，列出、发布，比对改过的，打包上报。",
    no_args_is_help=True,
)

By = Annotated[str, typer.Option(help="操作人，记入审计记录。")]
Out = Annotated[Path, typer.Option(help="归档到哪个目录。")]
OutOrHome = Annotated[
    Path | None, typer.Option("--out", help="归档到哪个目录；不写则为平台的报告目录。", show_default=False)
]
Number = Annotated[str, typer.Option(help="发文字号，如 四东民〔2025〕12号；不写则留空待填。")]
Signatory = Annotated[str, typer.Option(help="签发人；不写则留空待填。")]

app.command("package", help="打包上报：把归档的年度报告连同数据、清单和签名装成一个文件。")(
    package.package_command
)
app.command("diff", help="比对改过的 Word 文件与生成时的不同：先数字，后文字。")(diff_command)


app.command("check", help="对照 GB/T 9704-2012 检查一个 PDF 的版式，逐条给出实测值和结论；有不符以 1 结束。")(
    report_check.check_command
)


app.command("verify", help="核验报告：页面与所附数据是否一致，数字能否复算，与库中记录是否相符。")(
    proof.verify_command
)


@app.command("annual", help="生成年度报告：各单位报告和全区综合报告，核验后归档。")
@telling_problems
def annual_command(
    year: Annotated[int, typer.Option(help="年度。", show_default=False)],
    out: Out = Path("报告"),
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="数据截至哪一天；不写则为今天。", show_default=False),
    ] = None,
    number: Number = "",
    signatory: Signatory = "",
    by: By = "办公室",
) -> None:
    """Run the flow of the annual report here, without a server to set up."""
    day = as_of.date() if as_of else clock.today()
    with embedded.engine(read_settings()) as engine:
        told = {"number": number, "signatory": signatory, "actor": by}
        folder = run_flow(engine, "annual_report", out, year=year, as_of=day, **told)
    typer.echo(f"年度报告已归档：{folder}")
    report_check.tell_layout(folder)


@app.command("circular", help="生成一期通报（调度通报），核验后归档；通读后用 guanai report release 发布。")
@telling_problems
def circular_command(
    period: Annotated[str, typer.Option(help="期间：2026Q3、2026-09 或 2026H1。", show_default=False)],
    out: OutOrHome = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="数据截至哪一天；不写则为今天。期间尚未结束的必须写，生成的是阶段性通报。",
            show_default=False,
        ),
    ] = None,
    number: Number = "",
    by: By = "办公室",
) -> None:
    """Run the flow of the circular here, without a server to set up."""
    desk = open_desk()
    wanted, day = see_period(desk.plan, period, as_of.date() if as_of else None, clock.today())
    with embedded.engine(desk.settings) as engine:
        out = out or desk.settings.reports_folder
        folder = run_flow(engine, "circular", out, period=wanted.code, as_of=day, number=number, actor=by)
    _tell_filed(desk, "通报", folder)


@app.command(
    "phase",
    help="生成一个阶段的评估报告（阶段评估），核验后归档；通读后用 guanai report release 发布给领导。",
)
@telling_problems
def phase_command(
    phase: Annotated[
        str, typer.Option(help="阶段的编号或名称，如 implementation、推进实施。", show_default=False)
    ],
    out: OutOrHome = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="数据截至哪一天；不写则为今天。阶段尚未结束的，报告首页写明。",
            show_default=False,
        ),
    ] = None,
    number: Number = "",
    signatory: Signatory = "",
    by: By = "办公室",
) -> None:
    """Run the flow of the assessment here, without a server to set up."""
    desk = open_desk()
    day = as_of.date() if as_of else clock.today()
    wanted = see_phase(desk.plan, phase, day)
    told = {"number": number, "signatory": signatory, "actor": by}
    with embedded.engine(desk.settings) as engine:
        out = out or desk.settings.reports_folder
        folder = run_flow(engine, "phase_assessment", out, phase=wanted.id, as_of=day, **told)
    _tell_filed(desk, "阶段评估", folder)


def _tell_filed(desk: Desk, what: str, folder: Path) -> None:
    """Say where a report lies, and how it is released."""
    with reading(desk.engine) as session:
        found = next(one for one in filed_reports.filed(session, desk.plan.id) if one.folder == folder)
    typer.echo(f"{what}已归档：{folder}\n通读后发布：guanai report release {found.id} --by 姓名")


@app.command("list", help="列出已归档的年度报告、通报和阶段评估，以及发布情况。")
@telling_problems
def list_command() -> None:
    """Every filed report, newest first."""
    desk = open_desk()
    with reading(desk.engine) as session:
        found = filed_reports.filed(session, desk.plan.id)
    table = Table("编号", "报告", "数据截至", "发布", box=None)
    for one in found:
        told = f"{one.released_by} {one.released_at:%Y-%m-%d %H:%M}" if one.released_at else "未发布"
        table.add_row(str(one.id), one.title, str(one.as_of), told)
    Console().print(table if found else "还没有归档的报告。")


@app.command(
    "release", help="发布：年度报告和阶段评估供领导阅读；通报发给各单位联络员和分管领导。发布后不能撤回。"
)
@telling_problems
def release_command(
    number: Annotated[int, typer.Argument(help="报告的编号，见 guanai report list。", show_default=False)],
    by: Annotated[str, typer.Option(help="发布人，记入审计记录。", show_default=False)],
) -> None:
    """Release a filed report."""
    desk = open_desk()
    with writing(desk.engine) as session:
        report = acknowledging.release(
            session, desk.plan, number, folders=desk.settings.own_folders, by=by, at=clock.now()
        )
        units = acknowledging.standing(session, desk.plan, number) if report.is_circular else ()
    typer.echo(f"{report.title}已发布。")
    if units:
        _tell_reach([one.name for one in units if not one.told], len(units))


def _tell_reach(silent: Sequence[str], count: int) -> None:
    """Say to how many units a circular goes, and which must be told otherwise."""
    if len(silent) == count:
        typer.echo("各单位都没有登记联络方式，请另行送达；各单位登录平台也能看到并签收。")
        return
    typer.echo(f"将发给 {count - len(silent)} 个单位的联络员和分管领导；签收情况见页面“报告”。")
    if silent:
        typer.echo(f"没有联络方式、须另行送达的单位：{'、'.join(silent)}。")


def run_flow(engine: embedded.Engine, name: str, out: Path, **parameters: str | int | date) -> Path:
    """Run the flow of a report in this process, with a progress bar.

    Args:
        engine: Prefect's server for it.
        name: of the flow, as of its file: ``annual_report``, ``circular``, ``phase_assessment``.
        out: folder in which the report is filed.
        parameters: the flow's others.

    Returns:
        The folder in which it was filed.
    """
    with _bars():
        engine.wait()
        flow = getattr(
            import_module(f"flows.{name}"), name
        )  # not before: Prefect costs seconds, and only this needs it
        return Path(flow(out=str(out.resolve()), **parameters))


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
