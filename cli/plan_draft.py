"""``guanai plan draft``: from another district's notice to the draft of its plan."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cli.terminal import problems_told
from domain.problems import ProblemKind
from services.plan_drafts import Written, draft_plan

_USAGE_PROBLEMS = (ProblemKind.NOTICE_NOT_FOUND, ProblemKind.DRAFT_EXISTS, ProblemKind.DRAFT_ID)


def draft_command(
    notice: Annotated[Path, typer.Argument(help="通知文件：纯文本、Word（.docx）或带文字的 PDF。")],
    plan_id: Annotated[
        str | None, typer.Option("--id", help="方案编号；不写则取发文年份和序号。", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="写到哪个目录；不写则为 plans/编号。", show_default=False)
    ] = None,
) -> None:
    """Draft a plan's folder, and tell what was found, what is unsure and what to do next."""
    with problems_told(_USAGE_PROBLEMS):
        written = draft_plan(notice, plan_id=plan_id, folder=out)
    for line in (*_found(written), *_unsure(written), *_next(written, notice)):
        typer.echo(line)


def _found(written: Written) -> Iterator[str]:
    made = written.draft
    recurring = sum(1 for duty in made.duties if duty["cadence"]["every"] not in ("standing", "once"))
    yield f"已起草：{written.folder}"
    yield (
        f"读出 {len(made.actions)} 项行动、{len(made.measures)} 项举措、{len(made.units)} 个单位"
        f"（职责分工 {made.assignments} 项）、{len(made.phases)} 个阶段、{made.milestones} 个节点、"
        f"{len(made.duties)} 项职责事项（其中 {recurring} 项有周期）。"
    )


def _unsure(written: Written) -> Iterator[str]:
    doubts = written.draft.doubts
    if doubts:
        yield f"存疑 {len(doubts)} 处："
        yield from (f"  {doubt.place}（{doubt.cite}）：{doubt.text}" for doubt in doubts)


def _next(written: Written, notice: Path) -> Iterator[str]:
    check = f"guanai plan check {written.folder}"
    yield "下一步："
    if written.faults:
        yield f"  1. 补正 {len(written.faults)} 处（{check} 也会列出）："
        for fault in written.faults:
            yield f"     {fault.file} 第 {fault.line or 1} 行：{fault.where} {fault.message}"
    else:
        yield f"  1. 方案已可通过检查（{check}）。"
    yield "  2. 对照通知逐条核对“存疑”处，把 demands、tasks 改成自己的概括，合并或删减职责事项，"
    yield "     补写指标和节点的证明材料。"
    yield f"  3. 核对出处：{check} --notice {notice}"
