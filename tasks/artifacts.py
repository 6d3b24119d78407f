"""What a run leaves on Prefect's pages (artifacts): how a measure stands, and how a phase does."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from domain.gates import PHASE_NAMES, Gate
from domain.milestones import MILESTONE_NAMES
from domain.plan import Plan
from domain.rounds import Line, Progress
from domain.status import LIGHT_NAMES, Light
from domain.waiting import quoted
from services.orders import Order
from services.platform import Outline

MOST_LINES = 40
"""Rows of a progress table; the newest periods are shown, for three years' would bury them."""
MOST_WAITS = 8
"""Lines about what waits for what; the newest, likewise."""


def progress_artifact(plan: Plan, name: str, progress: Progress) -> None:
    """The measure's progress table, newest period first, and below its title what waits for what."""
    newest = sorted(progress.waiting, key=lambda w: w.occurrence.due, reverse=True)
    waits = [f"- {one.words(plan)}" for one in newest[:MOST_WAITS]] or ["- 没有事项在等待其他事项"]
    if len(newest) > MOST_WAITS:
        waits.append(f"- 另有 {len(newest) - MOST_WAITS} 条，属更早的时段")
    state = f"总体状态：**{LIGHT_NAMES[progress.light]}**（各项中最需要关注的一种）。下表为各时段的事项数，最近的在前。"
    description = "\n".join(
        [f"## {name}（截至 {progress.as_of}）", "", state, "", "### 哪些事项在等待什么", "", *waits]
    )
    number = "all" if progress.measure is None else f"{progress.measure:02}"
    create_table_artifact(
        key=f"{plan.id}-measure-{number}",
        table=[_cells(plan, line) for line in progress.lines[: -MOST_LINES - 1 : -1]],
        description=description,
    )


def report_artifact(plan_id: str, order: Order, folder: Path, portal: str) -> None:
    """Where a report was filed: its PDFs by name, and the page on which they are read; ``portal`` may be empty."""
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.pdf"))
    lines = [f"## {order.title}", "", f"已归档到 `{folder}`，共 {len(names)} 份 PDF。", ""]
    if portal:
        lines += [f"[在平台页面上阅读、发布]({portal.rstrip('/')}/office/reports)", ""]
    create_markdown_artifact(
        key=f"{plan_id}-report-{(order.period or str(order.year)).lower()}",
        markdown="\n".join([*lines, *(f"- {name}" for name in names)]),
        description=f"## {order.title}",
    )


def gate_artifact(plan: Plan, gate: Gate, as_of: str) -> None:
    """The phase's milestones, with their evidence and how they stand."""
    rows = [
        f"| {m.milestone.title} | {m.milestone.due} | {MILESTONE_NAMES[m.state]} | {m.met_on or ''} |"
        for m in gate.milestones
    ]
    evidence = [f"- {m.milestone.title}：{m.milestone.evidence}" for m in gate.milestones]
    table = [
        "| 节点 | 日期 | 状态 | 达成日 |",
        "|---|---|---|---|",
        *rows,
        "",
        "### 以什么为依据",
        "",
        *evidence,
    ]
    carried = [f"- {m.words}" for m in gate.carried_over]
    if carried:
        table += ["", "### 自前一阶段结转", "", *carried]
    title = f"{gate.phase.name}：{PHASE_NAMES[gate.state]}（截至 {as_of}）"
    create_markdown_artifact(
        key=f"{plan.id}-phase-{gate.phase.id}",
        markdown="\n".join([gate.words, "", *table]),
        description=f"## {title}",
    )


def order_artifact(
    plan: Plan, steps: Outline, *, first: Sequence[str], beside: Sequence[str], last: str
) -> None:
    """What each box of the run graph is, and what it comes after: the graph itself shows codes and arrows only.

    Args:
        plan: the plan in force.
        steps: its measures and phases.
        first: the steps before them; measures and phases come after the last of these.
        beside: the steps that look at what serves all measures, and that remind.
        last: the step that comes after all.
    """
    opened = _code(first[-1])
    rows = [(step, "", "") for step in first]
    for measure in sorted(steps.measures, key=lambda m: m.number):
        links = plan.measures_by_number[measure.number].depends_on
        after = [opened, *(_code(steps.measure(n).name) for n in measure.upstream)]
        rows.append((measure.name, "、".join(after), "；".join(link.because for link in links)))
    rows += [(step, opened, "") for step in beside]
    before: list[str] = []
    for phase in steps.phases:
        after = [opened, *before, *_spans(phase.measures)]
        rows.append((phase.name, "、".join(after), "节点以这些举措的材料为依据" if phase.measures else ""))
        before = [_code(phase.name)]
    rows.append((last, "以上各步", ""))
    told = [f"| {' | '.join((*step.split(' ', 1), after, why))} |" for step, after, why in rows]
    lines = [
        "运行图中每个方框是一步，箭头指向在它之后的一步。图上画不出汉字，只显示编号，对照如下。",
        "",
        "| 编号 | 步骤 | 在哪些步骤之后 | 为什么 |",
        "|---|---|---|---|",
        *told,
    ]
    title = "图中各编号是什么，在哪些步骤之后"
    create_markdown_artifact(key=f"{plan.id}-order", markdown="\n".join(lines), description=f"## {title}")


def _spans(numbers: Iterable[int]) -> Iterator[str]:
    """Numbers of measures with each run of three and more told by its ends, for Prefect's tables do not wrap."""
    for _, together in groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0]):
        run = [f"{number:02}" for _, number in together]
        yield from [f"{run[0]} 至 {run[-1]}"] if len(run) > 2 else run


def _code(step: str) -> str:
    """The code with which the name of a step begins."""
    return step.split(" ", 1)[0]


def _cells(plan: Plan, line: Line) -> dict[str, str | int]:
    duty = plan.duties_by_id.get(line.duty)
    shown = {LIGHT_NAMES[light]: line.lights[light] for light in Light if light is not Light.GREY}
    return {
        "职责事项": quoted(duty.title)[1:-1] if duty else line.duty,
        "时段": line.occurrence.label,
        "截止": line.occurrence.due.isoformat(),
        "应报": line.total,
        **shown,
    }
