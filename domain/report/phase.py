"""The assessment of a phase (阶段评估): what it was to bring, what it brought and what proves that, what is handed on."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from domain.aggregate import Span, source_of
from domain.cadence import last_day
from domain.facts import ItemFacts
from domain.gates import Closing, Gate, MilestoneStanding, PhaseState, gates, phase_title
from domain.milestones import MILESTONE_LIGHTS, MILESTONE_NAMES, MilestoneState, proving_items
from domain.numerals import chinese_date
from domain.plan import Phase, Plan
from domain.problems import Problem, ProblemKind
from domain.rates import rates
from domain.report.annexes import explained
from domain.report.annual import CLOSING_WORDS, letterhead
from domain.report.blocks import (
    Annex,
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Paragraph,
    Row,
    Table,
    plain,
)
from domain.report.ledger import Ledger, source_line
from domain.report.material import Material
from domain.report.progress import by_action, rates_told
from domain.report.prose import counted, listing
from domain.report.single import SingleSnapshot

MOST_LATE = 8
"""Units named for what they are late with; the rest is counted."""


def see_phase(plan: Plan, name: str, as_of: date) -> Phase:
    """The phase of an id or a name, where it can be assessed on a day.

    Raises:
        Problem: 901 for no such phase; 1410 for one that has not begun by then.
    """
    phase = plan.phase(name.strip())
    if as_of < phase.start:
        raise Problem(ProblemKind.PHASE_NOT_ASSESSABLE, day=as_of, phase=phase.name, start=phase.start)
    return phase


def assessment_title(phase: Phase, as_of: date) -> str:
    """What people call the assessment: 推进实施阶段评估; one of a phase that is not over says so."""
    interim = "（阶段尚未结束）" if as_of <= phase.end else ""
    return f"{phase.name.removesuffix('阶段')}阶段评估{interim}"


def freeze_phase(
    material: Material, phase: Phase, closings: Mapping[str, Closing], plan_sha256: str
) -> SingleSnapshot:
    """Freeze the assessment of a phase, with the versions that prove its milestones.

    Args:
        material: facts of every year up to the phase's end, seen from the day of the assessment.
        phase: the phase.
        closings: the phases that the office closed, by id.
        plan_sha256: digest of the plan's version.
    """
    found = gates(material.plan, material.history, closings, material.as_of, material.calendar)
    place = next(place for place, gate in enumerate(found) if gate.phase.id == phase.id)
    following = found[place + 1].phase if place + 1 < len(found) else None
    return SingleSnapshot(
        kind="phase",
        plan=material.plan.id,
        plan_sha256=plan_sha256,
        period=phase.id,
        year=material.year,
        as_of=material.as_of,
        until=min(material.as_of, phase.end),
        interim=material.as_of <= phase.end,
        sample=material.issue.sample,
        document=phase_report(material, found[place], following),
        ledger=_versions(material, found[place]),
    )


def _versions(material: Material, gate: Gate) -> Ledger:
    """The versions that the annex names; the assessment tells no figures."""
    proving = (item for standing in gate.milestones for item in _proving(material, standing))
    found = {item.accepted.id: source_of(item) for item in proving if item.accepted}
    return Ledger(
        figures=(), sources=tuple(source_line(material.plan, source) for _, source in sorted(found.items()))
    )


def phase_report(material: Material, gate: Gate, following: Phase | None) -> Document:
    """The assessment of a phase.

    Args:
        material: facts of every year up to the phase's end, seen from the day of the assessment.
        gate: the phase as it stands on that day.
        following: the next phase; None after the last.
    """
    plan, phase = material.plan, gate.phase
    return Document(
        title=f"{plan.report.issuer}关于{plan.report.subject}{phase_title(phase)}评估情况的报告",
        author=plan.report.issuer,
        day=material.as_of,
        sample=material.issue.sample,
        face=_face(material, gate),
        letterhead=letterhead(material),
        blocks=(
            Paragraph(
                runs=plain(
                    f"根据《{plan.name}》（{plan.document.number}）要求，现将{phase_title(phase)}"
                    f"（{chinese_date(phase.start)}至{chinese_date(phase.end)}）评估情况报告如下："
                )
            ),
            *_goal(gate),
            *_milestones(material, gate),
            *_items(material, phase),
            *_ahead(gate, following),
            Paragraph(runs=plain(CLOSING_WORDS)),
        ),
        annexes=tuple(_annexes(material, gate)),
    )


def items_of(material: Material, phase: Phase) -> tuple[ItemFacts, ...]:
    """The items due within a phase."""
    span = Span(phase.start, phase.end)
    return tuple(f.as_of(material.as_of) for f in material.history if span.holds(f.item))


def _face(material: Material, gate: Gate) -> tuple[str, ...]:
    if material.as_of <= gate.phase.end:
        return (f"本阶段尚未结束，以下为截至{chinese_date(material.as_of)}的情况。",)
    return ()


def _goal(gate: Gate) -> Iterator[Block]:
    phase = gate.phase
    yield Heading(level=1, text="一、阶段目标和总体情况")
    yield Paragraph(runs=plain(f"本阶段的目标是：{phase.goal}"))
    yield Paragraph(runs=plain(f"本阶段{outcome(gate)}。"))


def outcome(gate: Gate) -> str:
    """How a phase ended, or where it stands, as the rest of a sentence about it; 关闭 is a word of the platform's own."""
    if gate.closing is not None:
        reason = gate.closing.reason.rstrip("。")
        return f"由{gate.closing.by}于{chinese_date(gate.closing.day)}认定结束，理由是：{reason}"
    if gate.closed_on is None:
        return _UNDER_WAY[gate.state]
    if any(m.state is MilestoneState.MET for m in gate.milestones):
        return f"所设里程碑已于{chinese_date(gate.closed_on)}全部达成"
    return "期限早于方案印发，不再评估" if gate.milestones else "期满结束，未设里程碑"


_UNDER_WAY = {
    PhaseState.NOT_BEGUN: "尚未开始",
    PhaseState.RUNNING: "正在进行",
    PhaseState.OVERDUE: "期限已到，尚有里程碑未达成或待认定",
}


def _milestones(material: Material, gate: Gate) -> Iterator[Block]:
    yield Heading(level=1, text="二、里程碑完成情况")
    if not gate.milestones:
        yield Paragraph(runs=plain("方案对本阶段未设里程碑。"))
        return
    states = [m.state for m in gate.milestones]
    each = [f"{MILESTONE_NAMES[s]}的{states.count(s)}项" for s in MilestoneState if s in states]
    told = f"中，{'、'.join(each)}"
    if len(each) == 1:
        told = f"{'均' if len(states) > 1 else ''}{MILESTONE_NAMES[states[0]]}"
    yield Paragraph(runs=plain(f"所设{len(states)}项里程碑{told}。各项情况及佐证如下："))
    yield Table(
        caption="里程碑完成情况",
        columns=(
            Column(title="最后期限", share=25),
            Column(title="里程碑", share=42),
            Column(title="状态", share=16, align="center"),
            Column(title="达成日期", share=25),
            Column(title="佐证", share=52),
        ),
        rows=tuple(_milestone_row(material, m) for m in gate.milestones),
        notes=(
            *explained(states),
            "佐证栏括号内为已审核通过的佐证事项数／应有事项数，逐项见附件。",
        ),
        small=True,
    )


def _milestone_row(material: Material, standing: MilestoneStanding) -> Row:
    milestone = standing.milestone
    proving = _proving(material, standing)
    accepted = sum(f.accepted is not None for f in proving)
    evidence = f"{milestone.evidence}（{accepted}／{len(proving)}）" if proving else milestone.evidence
    return Row(
        cells=(
            Cell(text=chinese_date(last_day(milestone.due, milestone.bound))),
            Cell(text=milestone.title),
            Cell(text=MILESTONE_NAMES[standing.state], light=MILESTONE_LIGHTS[standing.state]),
            Cell(text=chinese_date(standing.met_on) if standing.met_on else "—"),
            Cell(text=evidence),
        )
    )


def _proving(material: Material, standing: MilestoneStanding) -> tuple[ItemFacts, ...]:
    found = proving_items(standing.milestone, material.history)
    duties = {duty: place for place, duty in enumerate(material.plan.duties_by_id)}
    units = {unit: place for place, unit in enumerate(material.plan.units_by_id)}
    ordered = sorted(found, key=lambda f: (duties[f.item.duty], units[f.item.unit], f.item.occurrence.due))
    return tuple(f.as_of(material.as_of) for f in ordered)


def _items(material: Material, phase: Phase) -> Iterator[Block]:
    yield Heading(level=1, text="三、任务举措推进情况")
    own = items_of(material, phase)
    found = rates(own, material.as_of)
    if not found.due:
        yield Paragraph(runs=plain("本阶段没有到期事项。"))
        return
    yield Paragraph(runs=plain(f"本阶段{rates_told(found)}{_late(material, own)}"))
    yield by_action(material, own)


def _late(material: Material, own: Iterable[ItemFacts]) -> str:
    missing = Counter(f.item.unit for f in own if f.item.due <= material.as_of and f.accepted is None)
    if not missing:
        return "到期事项均已审核通过。"
    return (
        f"尚有{missing.total()}项未报送或未审核通过：{listing(counted(material.plan, missing), MOST_LATE)}。"
    )


def _ahead(gate: Gate, following: Phase | None) -> Iterator[Block]:
    yield Heading(level=1, text="四、未完成事项和下一步安排")
    left = [m.words for m in gate.milestones if m.state in {MilestoneState.MISSED, MilestoneState.UNJUDGED}]
    carried = [m.words for m in gate.carried_over]
    if left:
        yield Paragraph(runs=plain(f"本阶段尚待落实的里程碑：{'；'.join(left)}。"))
    if carried:
        yield Paragraph(runs=plain(f"自前一阶段结转的里程碑：{'；'.join(carried)}。"))
    if not left and not carried:
        yield Paragraph(runs=plain("本阶段没有结转的里程碑。"))
    if following is None:
        return
    text = f"{phase_title(following)}自{chinese_date(following.start)}开始，目标是：{following.goal}"
    if following.milestones:
        listed = [
            f"{chinese_date(last_day(m.due, m.bound))}前（含当日）{m.title}" for m in following.milestones
        ]
        text += f"主要节点：{'；'.join(listed)}。"
    if gate.state is PhaseState.OVERDUE:
        text += "本阶段尚待落实的里程碑继续推进，不影响下一阶段按期开始。"
    yield Paragraph(runs=plain(text))


def _annexes(material: Material, gate: Gate) -> Iterator[Annex]:
    rows: list[Row] = []
    for standing in gate.milestones:
        proving = _proving(material, standing)
        if proving:
            rows.append(Row(kind="section", cells=(Cell(text=standing.milestone.title),)))
            rows += [_evidence_row(material, item) for item in proving]
    if not rows:
        return
    table = Table(
        columns=(
            Column(title="单位", share=34),
            Column(title="事项", share=44),
            Column(title="期间", share=31),
            Column(title="版次", share=13, align="center"),
            Column(title="提交号", share=17, align="right"),
            Column(title="审核", share=39, align="center"),
        ),
        rows=tuple(rows),
        notes=("提交号为系统中报送记录的编号，可凭以调阅原件。",),
        small=True,
    )
    yield Annex(number=1, title="里程碑佐证清单", blocks=(table,))


def _evidence_row(material: Material, item: ItemFacts) -> Row:
    accepted = item.accepted
    review = accepted.review if accepted else None
    told = f"{chinese_date(review.day)}通过" if review else ("待审核" if item.latest else "未报送")
    return Row(
        cells=(
            Cell(text=material.unit_name(item.item.unit)),
            Cell(text=material.plan.duties_by_id[item.item.duty].title),
            Cell(text=item.item.occurrence.label),
            Cell(text=f"第{accepted.version}版" if accepted else "—"),
            Cell(text=str(accepted.id) if accepted else "—"),
            Cell(text=told),
        )
    )
