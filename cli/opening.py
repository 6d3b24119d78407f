"""``guanai open``: put the plan into force and open what is due to open."""

from datetime import datetime
from typing import Annotated

import typer

from cli.terminal import tell_past_due, telling_problems
from domain.duties import past_due
from domain.problems import Problem, ProblemKind
from models.engine import open_store, writing
from services import clock
from services.opening import open_year
from services.plan_versions import adopt, current, plan_sha256
from services.plans import load_plan
from services.settings import read_settings
from services.workcalendar import work_calendar


@telling_problems
def open_command(
    year: Annotated[int | None, typer.Option(help="年度；不写则为今年。", show_default=False)] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            help="开出到哪一天为止应开的事项；不写则为今天。",
            show_default=False,
        ),
    ] = None,
    adopt_changes: Annotated[  # noqa: FBT002 - Typer's form of a switch
        bool, typer.Option("--adopt", help="方案文件有改动时，启用为新版本；已开出的事项不变。")
    ] = False,
    by: Annotated[str, typer.Option(help="操作人，记入审计记录。")] = "办公室",
) -> None:
    """Put the plan into force and open what is due; a changed plan needs ``--adopt``."""
    settings = read_settings()
    plan = load_plan(settings.plan)
    engine = open_store(settings.store_url)
    day = as_of.date() if as_of else clock.today()
    with writing(engine) as session:
        found = current(session, plan.id)
        if found is not None and found[1].sha256 != plan_sha256(plan) and not adopt_changes:
            raise Problem(ProblemKind.PLAN_CHANGED, plan=plan.short_name)
        version = adopt(session, plan, at=clock.now(), actor=by)
        calendar = work_calendar(plan.rules.calendar.beyond_known)
        opened = open_year(
            session, plan, version, year or day.year, as_of=day, calendar=calendar, at=clock.now(), actor=by
        )
    if found is not None and version.number > found[1].number:
        typer.echo(f"方案第 {version.number} 版已启用。平台正在运行的，会随即按新版本重新登记计划任务。")
    typer.echo(f"{year or day.year} 年度：新开 {opened.created} 项，此前已开 {opened.existing} 项。")
    if found is None:
        tell_past_due(past_due(plan, [year or day.year], day, calendar), day)
