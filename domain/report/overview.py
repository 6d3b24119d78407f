"""Part one of the consolidated report: 基本情况, how the work was organised, whom it serves, where the phases stand."""

from collections.abc import Iterator, Sequence

from domain.duties import report_due
from domain.milestones import MILESTONE_LIGHTS, MILESTONE_NAMES, MilestoneState, milestone_state
from domain.numerals import chinese_date
from domain.plan import Indicator, Milestone, Nature, Phase
from domain.rates import Rates, on_time
from domain.report.blocks import (
    Bar,
    BarChart,
    Block,
    Heading,
    Mark,
    Paragraph,
    Run,
    Stretch,
    Timeline,
    plain,
)
from domain.report.figures import printable
from domain.report.material import Material
from domain.report.progress import by_action, rates_told
from domain.report.prose import listing, runs

MILESTONES = "阶段与里程碑情况表"
"""The annex that draws and lists the milestones."""
MILESTONE_WORDS = {**MILESTONE_NAMES, MilestoneState.BEFORE_NOTICE: "时限早于方案印发的"}


def overview(material: Material) -> Iterator[Block]:
    """The blocks of 一、基本情况."""
    yield Heading(level=1, text="一、基本情况")
    yield Heading(level=2, text="（一）组织推进情况")
    yield Paragraph(runs=plain(_assignments(material)))
    yield Paragraph(runs=plain(_rates(material)))
    yield Paragraph(runs=plain(_reporting(material)))
    yield by_action(material, material.facts)
    yield Heading(level=2, text="（二）服务对象情况")
    yield Paragraph(runs=served(material))
    yield from breakdown_charts(material)
    yield Heading(level=2, text="（三）阶段推进情况")
    for phase in material.plan.phases:
        yield Paragraph(runs=plain(_phase(material, phase)))
    yield Paragraph(runs=plain(f"里程碑情况详见附件“{MILESTONES}”。"))


def served(material: Material) -> tuple[Run, ...]:
    """Whom the plan serves, group by group; groups overlap and are never added up."""
    figures = [material.book.get(i.id) for i in printable(material.plan) if i.base]
    known = [f for f in figures if f is not None and f.shown is not None]
    if not known:
        return plain("本年度尚无审核通过的服务对象底数数据。")
    parts: list[str | Run] = [f"据各单位报送并经审核的数据，{material.region}共有"]
    for place, figure in enumerate(known):
        before, after = figure.indicator.told_around
        parts += ["，" if place else "", before, figure.ref(), after]
    parts.append("。")
    if any(f.indicator.overlaps for f in known):
        parts.append("上述各类儿童之间有交叉，分别统计，不作合计。")
    if any(f.gaps for f in known):
        parts.append("部分单位数据尚未报齐，详见附件。")
    return runs(parts)


def breakdown_charts(material: Material) -> Iterator[BarChart]:
    """A chart for each breakdown of a group of children whose parts are all published."""
    plan = material.plan
    families: dict[tuple[str, str], list[Indicator]] = {}
    for indicator in printable(plan):
        if indicator.part_of is not None and plan.indicators_by_id[indicator.part_of].nature is Nature.STOCK:
            families.setdefault((indicator.part_of, indicator.breakdown or ""), []).append(indicator)
    for (whole, name), parts in families.items():
        figures = [material.book.get(part.id) for part in parts]
        shown = [f for f in figures if f is not None and f.shown is not None]
        if len(shown) < len(parts):
            continue
        title = f"{plan.indicators_by_id[whole].name.removesuffix('数')}按{name}分布"
        title += "（部分单位数据尚未报齐）" if any(f.gaps for f in shown) else ""
        yield BarChart(
            title=title,
            alt=f"{title}：" + "，".join(f"{f.indicator.told_around[0]}{f.ref().text}" for f in shown),
            series=(name,),
            stacked=False,
            unit=plan.indicators_by_id[whole].unit,
            bars=tuple(
                Bar(label=f.indicator.told_around[0], values=(f.shown,), texts=(f.released.text(),))
                for f in shown
                if f.shown is not None
            ),
        )


def timeline(material: Material) -> Timeline:
    """The phases with their milestones, each with its light, and the day of the report."""
    plan = material.plan
    states = [(m, state_of(material, m)) for phase in plan.phases for m in phase.milestones]
    told = "；".join(f"{chinese_date(m.due)}，{m.title}（{MILESTONE_NAMES[s]}）" for m, s in states)
    return Timeline(
        title="阶段与里程碑",
        alt=f"阶段与里程碑：{told}",
        stretches=tuple(Stretch(start=p.start, end=p.end, label=p.name) for p in plan.phases),
        marks=tuple(
            Mark(day=m.due, label=f"{m.title}（{MILESTONE_NAMES[s]}）", light=MILESTONE_LIGHTS[s])
            for m, s in states
        ),
        today=material.as_of,
    )


def state_of(material: Material, milestone: Milestone) -> MilestoneState:
    """How a milestone stands on the day of the report."""
    return milestone_state(material.plan, milestone, material.history, material.as_of)


def _assignments(material: Material) -> str:
    plan = material.plan
    shares = sum(len(plan.measure_units(number)) for number in plan.measures_by_number)
    return (
        f"按照方案部署，{len(plan.units)}个单位共同推进{len(plan.actions)}项行动、{len(plan.measures)}项任务举措，"
        f"按单位分解为{shares}项职责分工，由{plan.leading_group.office.name}逐项明确期限、跟踪落实。"
    )


def _rates(material: Material) -> str:
    found = material.rates
    if found.due == 0:
        return f"截至{chinese_date(material.as_of)}，本年度事项均未到期。"
    return f"截至{chinese_date(material.as_of)}，本年度{rates_told(found)}{_open_ends(found)}"


def _open_ends(found: Rates) -> str:
    """What of the handed in is not accepted yet; nothing where all is."""
    told = [f"{found.pending}项待审核"] if found.pending else []
    told += [f"{found.returned}项退回后待补正"] if found.returned else []
    return f"另有{'、'.join(told)}。" if told else ""


def _reporting(material: Material) -> str:
    """Who sent the yearly report in time, late, or not at all."""
    if not material.annual:
        return "本年度未要求各单位报送年度工作进展情况。"
    silent = [u for u, f in material.annual.items() if f.latest is None]
    late = [u for u, f in material.annual.items() if f.submissions and not on_time(f)]
    timely = len(material.annual) - len(silent) - len(late)
    due = chinese_date(report_due(material.plan, material.year))
    text = f"年度工作进展情况报送截止日为{due}，{len(material.annual)}个单位"
    text += f"中，{timely}个按时报送" if late or silent else "均按时报送"
    if late:
        text += f"，{len(late)}个逾期报送（{_names(material, late)}）"
    if silent:
        text += f"，{len(silent)}个尚未报送（{_names(material, silent)}）"
    return text + "。"


def _names(material: Material, units: Sequence[str]) -> str:
    return listing([material.unit_name(unit) for unit in units])


def _phase(material: Material, phase: Phase) -> str:
    states = [state_of(material, m) for m in phase.milestones]
    if material.as_of < phase.start:
        where = "尚未开始"
    elif material.as_of > phase.end:
        where = "已结束"
    else:
        where = "正在进行"
    text = f"{phase.name.removesuffix('阶段')}阶段（{_months(phase)}）{where}"
    counted = [f"{MILESTONE_WORDS[s]}{states.count(s)}项" for s in MilestoneState if s in states]
    if len(counted) == 1:
        every = "均" if len(states) > 1 else ""
        text += f"，所设{len(states)}项里程碑{every}{MILESTONE_WORDS[states[0]].removesuffix('的')}"
    elif counted:
        text += f"，所设{len(states)}项里程碑中，{'、'.join(counted)}"
    missed = [m.title for m, s in zip(phase.milestones, states, strict=True) if s is MilestoneState.MISSED]
    return text + (f"。未达成的是：{'；'.join(missed)}。" if missed else "。")


def _months(phase: Phase) -> str:
    """A phase's span as people say it: 2024年1月至2月, 2024年3月至2025年12月."""
    start, end = phase.start, phase.end
    until = f"{end.month}月" if start.year == end.year else f"{end.year}年{end.month}月"
    return f"{start.year}年{start.month}月至{until}"
