"""What a run leaves on Prefect's pages (artifacts): how a measure stands, and how a phase does."""

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from domain.gates import PHASE_NAMES, Gate
from domain.milestones import MILESTONE_NAMES
from domain.plan import Plan
from domain.rounds import Line, Progress
from domain.status import LIGHT_NAMES, Light
from domain.waiting import quoted

MOST_LINES = 40
"""Rows of a progress table; the newest periods are shown, for three years' would bury them."""


def progress_artifact(plan: Plan, name: str, progress: Progress) -> None:
    """The measure's progress table, newest period first, and below its title what waits for what."""
    waits = "\n".join(f"- {one.words(plan)}" for one in progress.waiting) or "- 没有事项在等待其他事项"
    description = (
        f"## {name}（截至 {progress.as_of}）\n\n{LIGHT_NAMES[progress.light]}\n\n### 等待\n\n{waits}"
    )
    number = "all" if progress.measure is None else f"{progress.measure:02}"
    create_table_artifact(
        key=f"{plan.id}-measure-{number}",
        table=[_cells(plan, line) for line in progress.lines[: -MOST_LINES - 1 : -1]],
        description=description,
    )


def gate_artifact(plan: Plan, gate: Gate, as_of: str) -> None:
    """The phase's milestones, with their evidence and how they stand."""
    rows = [
        f"| {m.milestone.title} | {m.milestone.due} | {MILESTONE_NAMES[m.state]} | {m.met_on or ''} "
        f"| {m.milestone.evidence} |"
        for m in gate.milestones
    ]
    table = ["| 节点 | 日期 | 状态 | 达成日 | 依据 |", "|---|---|---|---|---|", *rows]
    carried = [f"- {m.words}" for m in gate.carried_over]
    if carried:
        table += ["", "### 自前一阶段结转", "", *carried]
    title = f"## {gate.phase.name}：{PHASE_NAMES[gate.state]}（截至 {as_of}）\n\n{gate.words}\n"
    create_markdown_artifact(key=f"{plan.id}-phase-{gate.phase.id}", markdown="\n".join([title, *table]))


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
