"""``guanai report verify`` and ``guanai trace``: whether a report's PDF is right, and where a figure in it comes from."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from cli.terminal import REFUSED, open_desk, telling_problems
from domain.plan import Plan
from models.engine import reading
from services.evidence import read_evidence
from services.proof import VERDICT_NAMES, Traced, Verdict, check_pdf_itself, check_store, trace

File = Annotated[Path, typer.Argument(help="报告的 PDF 文件。", metavar="文件.pdf", show_default=False)]
Alone = Annotated[bool, typer.Option("--alone", help="不查本系统的数据库，只凭文件本身。")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


@telling_problems
def verify_command(file: File, alone: Alone = False, as_json: AsJson = False) -> None:  # noqa: FBT002 - Typer's form of a switch
    """Check a PDF against its data, its data against itself, and both against the store; 1 where anything is wrong."""
    evidence = read_evidence(file)
    checks = list(check_pdf_itself(file, evidence))
    with _store(alone=alone) as store:
        if store is not None:
            checks += check_store(*store, evidence)
    if as_json:
        told = [{"check": c.title, "verdict": c.verdict, "found": c.found} for c in checks]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        table = Table("核对", "结论", "情况", title=evidence.document.title)
        for check in checks:
            table.add_row(check.title, VERDICT_NAMES[check.verdict], check.found)
        Console().print(table)
    if any(check.verdict is Verdict.WRONG for check in checks):
        raise typer.Exit(REFUSED)


@telling_problems
def trace_command(
    file: File,
    figure: Annotated[str, typer.Option(help="数字右上角的编号，如 31 或 31-04。", show_default=False)],
    alone: Alone = False,  # noqa: FBT002 - as above
    as_json: AsJson = False,  # noqa: FBT002 - as above
) -> None:
    """Show where a figure of a report comes from."""
    evidence = read_evidence(file)
    with _store(alone=alone) as store:
        found = trace(evidence, figure, store[0] if store else None)
    if as_json:
        told = [
            {
                **one.figure.model_dump(mode="json"),
                "sources": [
                    {**s.model_dump(mode="json"), "sha256": one.digests.get(s.submission)}
                    for s in one.sources
                ],
            }
            for one in found
        ]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for one in found:
        _show(one)


def _show(one: Traced) -> None:
    figure = one.figure
    typer.echo(f"{figure.id}　{figure.owner_name}{figure.name}，{figure.year} 年：{figure.text}")
    if figure.parts:
        typer.echo("  比率，由分子、分母的合计数相除；来源即二者的来源。")
    elif figure.adds_up and not figure.owner:
        typer.echo("  各单位数之和。")
    if not one.sources:
        typer.echo("  没有审核通过的来源。")
        return
    table = Table("单位", "事项", "期间", "提交号", "版次", "报送", "审核人", "审核", "内容指纹")
    for source in one.sources:
        table.add_row(
            source.unit,
            source.duty,
            source.period,
            str(source.submission),
            f"第 {source.version} 版",
            str(source.submitted),
            source.reviewer,
            str(source.reviewed),
            one.digests.get(source.submission, "—")[:16],
        )
    Console().print(table)


@contextmanager
def _store(*, alone: bool) -> Iterator[tuple[Session, Plan] | None]:
    """The store of this installation and the plan in force; None where it is not to be asked."""
    if alone:
        yield None
        return
    desk = open_desk()
    with reading(desk.engine) as session:
        yield session, desk.plan
