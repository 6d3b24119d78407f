"""The consolidated report's annexes that show how the work stands: completion, milestones, who reported, what is late."""

from collections.abc import Iterable, Iterator, Sequence

from domain.aggregate import Span
from domain.cadence import last_day
from domain.facts import ItemFacts
from domain.milestones import MILESTONE_LIGHTS, MILESTONE_NAMES, MilestoneState
from domain.numerals import chinese_date
from domain.plan import Measure, Milestone, Phase
from domain.rates import on_time, rates
from domain.report.blocks import Annex, Cell, Column, Row, Table
from domain.report.material import Material
from domain.report.overview import MILESTONES, state_of, timeline
from domain.report.prose import listing
from domain.status import LIGHT_NAMES, LIGHT_SIGNS, Light

OUTSTANDING = "未完成事项清单"
MOST_MEASURES_ACROSS = 24
"""Measures that fit across a landscape page; more are parted into several tables."""


def completion(material: Material, number: int) -> Annex:
    """Units down, measures across: each cell the light of the unit's items under that measure."""
    measures = material.plan.measures
    parts = [measures[i : i + MOST_MEASURES_ACROSS] for i in range(0, len(measures), MOST_MEASURES_ACROSS)]
    return Annex(
        number=number,
        title="任务举措完成情况表",
        landscape=True,
        blocks=tuple(_completion_table(material, part) for part in parts),
    )


def _completion_table(material: Material, measures: Sequence[Measure]) -> Table:
    rows = []
    for unit, facts in material.by_unit.items():
        lights = [material.lights.get((unit, m.number)) for m in measures]
        found = rates(facts, material.as_of)
        rows.append(
            Row(
                cells=(
                    Cell(text=material.unit_name(unit)),
                    *(Cell(text="" if x is None else LIGHT_SIGNS[x], light=x) for x in lights),
                    Cell(text=f"{found.completeness.count}/{found.due}"),
                    Cell(text=found.timeliness.text()),
                    Cell(text=found.quality.text()),
                )
            )
        )
    signs = "，".join(f"“{LIGHT_SIGNS[x]}”{LIGHT_NAMES[x]}" for x in Light)
    return Table(
        columns=(
            Column(title="单位", share=27),
            *(
                Column(title=f"{m.number} {m.title}", share=7.5, align="center", upright=True)
                for m in measures
            ),
            Column(title="已报／到期", share=16, align="right"),
            Column(title="及时率", share=13, align="right"),
            Column(title="一次合格率", share=16, align="right"),
        ),
        rows=tuple(rows),
        notes=(
            f"每格取该单位该项举措下各事项中最需关注的状态：{signs}；空格表示该单位未承担该项举措，或本年度无相应事项。",
            f"状态截至{chinese_date(material.as_of)}。",
        ),
        small=True,
    )


def milestones(material: Material, number: int) -> Annex:
    """Every milestone of every phase, drawn and listed: its day, how it stands, what proves it.

    The drawing stands here, at the top of a page, and not in the text, where it would often leave half a page white.
    """
    rows: list[Row] = []
    for phase in material.plan.phases:
        span = f"{phase.name}（{chinese_date(phase.start)}至{chinese_date(phase.end)}）"
        rows.append(Row(kind="section", cells=(Cell(text=span + _phase_rates(material, phase)),)))
        for milestone in phase.milestones:
            state = state_of(material, milestone)
            rows.append(
                Row(
                    cells=(
                        Cell(text=chinese_date(last_day(milestone.due, milestone.bound))),
                        Cell(text=milestone.title),
                        Cell(text=_measures(material, milestone)),
                        Cell(text=MILESTONE_NAMES[state], light=MILESTONE_LIGHTS[state]),
                        Cell(text=milestone.evidence),
                    )
                )
            )
    table = Table(
        columns=(
            Column(title="最后期限", share=27),
            Column(title="里程碑", share=52),
            Column(title="举措", share=14, align="center"),
            Column(title="状态", share=18, align="center"),
            Column(title="佐证", share=45),
        ),
        rows=tuple(rows),
        notes=tuple(explained(state_of(material, m) for p in material.plan.phases for m in p.milestones)),
        small=True,
    )
    return Annex(number=number, title=MILESTONES, blocks=(timeline(material), table))


def explained(states: Iterable[MilestoneState]) -> Iterator[str]:
    """What those of the states mean that do not speak for themselves."""
    found = set(states)
    if MilestoneState.UNJUDGED in found:
        yield "“待认定”：方案未规定可核验的事项，由领导小组办公室认定。"
    if MilestoneState.BEFORE_NOTICE in found:
        yield "“印发前已过”：时限早于方案印发日。"


def _phase_rates(material: Material, phase: Phase) -> str:
    """How the items due within a phase stand; nothing where none was due."""
    span = Span(phase.start, phase.end)
    found = rates((f for f in material.history if span.holds(f.item)), material.as_of)
    if not found.due:
        return ""
    return (
        f"：到期事项{found.due}项，完整率{found.completeness.text()}、及时率{found.timeliness.text()}、"
        f"一次合格率{found.quality.text()}"
    )


def _measures(material: Material, milestone: Milestone) -> str:
    if set(milestone.measures) >= set(material.plan.measures_by_number) or not milestone.measures:
        return "全部"
    return "、".join(str(m) for m in milestone.measures)


def reporting(material: Material, number: int) -> Annex:
    """Who sent the yearly report when, in which version, and what the office made of it."""
    rows = tuple(_reporting_row(material, unit) for unit in material.plan.units_by_id)
    silent = [material.unit_name(u) for u, f in material.annual.items() if f.latest is None]
    table = Table(
        columns=(
            Column(title="单位", share=40),
            Column(title="首次报送", share=30),
            Column(title="是否按时", share=18, align="center"),
            Column(title="版次", share=12, align="center"),
            Column(title="退回", share=12, align="center"),
            Column(title="审核结果", share=20, align="center"),
            Column(title="审核日期", share=30),
        ),
        rows=rows,
        notes=(
            f"报送截止日：{chinese_date(material.due_day)}。",
            f"尚未报送：{listing(silent, len(silent))}。" if silent else "各单位均已报送。",
        ),
        small=True,
    )
    return Annex(number=number, title="年度工作进展情况报送情况表", blocks=(table,))


def _reporting_row(material: Material, unit: str) -> Row:
    item = material.annual.get(unit)
    counting = item.counting if item is not None else None
    if item is None or counting is None:
        missing = "未报送" if item is not None else "无此事项"
        light = Light.RED if item is not None and item.item.due < material.as_of else None
        texts = [missing, "否" if light else "—", "—", "—", "—", "—"]
        cells = [Cell(text=texts[0], light=light), *(Cell(text=t) for t in texts[1:])]
    else:
        review = counting.review
        outcome = "待审核" if review is None else {"accepted": "通过", "returned": "已退回"}[review.verdict]
        cells = [
            Cell(text=chinese_date(item.submissions[0].day)),
            Cell(text="是" if on_time(item) else "否", light=None if on_time(item) else Light.YELLOW),
            Cell(text=f"第{counting.version}版"),
            Cell(text=f"{item.times_returned}次" if item.times_returned else "—"),
            Cell(text=outcome, light=None if outcome == "通过" else Light.YELLOW),
            Cell(text="—" if review is None else chinese_date(review.day)),
        ]
    return Row(cells=(Cell(text=material.unit_name(unit)), *cells))


def outstanding(material: Material, number: int) -> Annex:
    """Every item that was due and is not there, or not accepted yet, with how late it is."""
    open_items = [f for f in material.due if f.accepted is None]
    rows = tuple(_outstanding_row(material, item) for item in sorted(open_items, key=_by_due))
    table = Table(
        columns=(
            Column(title="单位", share=28),
            Column(title="举措", share=10, align="center"),
            Column(title="事项", share=48),
            Column(title="期间", share=27),
            Column(title="截止日期", share=29),
            Column(title="状态", share=36, align="center"),
        ),
        rows=rows,
        notes=(f"截至{chinese_date(material.as_of)}，共{len(rows)}项；逾期天数按工作日计。",),
        small=True,
    )
    return Annex(number=number, title=OUTSTANDING, blocks=(table,))


def _by_due(item: ItemFacts) -> tuple[object, ...]:
    return (item.item.due, item.item.key)


def _outstanding_row(material: Material, item: ItemFacts) -> Row:
    latest = item.latest
    if latest is not None and latest.review is None:
        state, light = "待审核", Light.BLUE
    else:
        late = material.calendar.workdays_between(item.item.due, material.as_of)
        state, light = ("退回待补正" if latest else "未报"), material.light(item)
        state += f"，逾期{late}天" if late > 0 else ""
    duty = material.plan.duties_by_id[item.item.duty]
    return Row(
        cells=(
            Cell(text=material.unit_name(item.item.unit)),
            Cell(text="—" if item.item.measure is None else str(item.item.measure)),
            Cell(text=duty.title),
            Cell(text=item.item.occurrence.label),
            Cell(text=chinese_date(item.item.due)),
            Cell(text=state, light=light),
        )
    )
