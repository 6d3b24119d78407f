"""The brief for leaders (领导参阅): one page on how things stand, what needs a word from them, and what comes next."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from domain.cadence import last_day
from domain.milestones import MilestoneState
from domain.numerals import chinese_date
from domain.report.blocks import Block, Cell, Column, Document, Heading, Paragraph, Row, Table, plain
from domain.report.figures import district_figure, last_year, printable
from domain.report.material import Material
from domain.report.overview import state_of
from domain.report.prose import listing
from domain.report.release import change
from domain.status import LIGHT_NAMES, Light

MOST_UNITS, MOST_FIGURES, MOST_NODES = 5, 8, 3
SOON = timedelta(days=90)
"""Milestones within so many days are named."""


def brief_report(material: Material) -> Document:
    """The brief of a year, from the same material as the consolidated report."""
    plan = material.plan
    return Document(
        title=f"{plan.short_name}情况参阅",
        subtitle=f"{material.year}年度，截至{chinese_date(material.as_of)}",
        author=plan.leading_group.office.name,
        day=material.as_of,
        sample=material.issue.sample,
        blocks=tuple(_blocks(material)),
    )


def _blocks(material: Material) -> Iterator[Block]:
    yield Heading(level=1, text="一、总体情况")
    yield Paragraph(runs=plain(_standing(material)))
    yield Heading(level=1, text="二、需要关注")
    yield from (Paragraph(runs=plain(text)) for text in _concerns(material))
    yield Heading(level=1, text="三、主要数据")
    yield from _figures(material)


def _standing(material: Material) -> str:
    found = material.rates
    if not found.due:
        return "本年度事项均未到期。"
    lights = Counter(material.light(f) for f in material.facts)
    shown = (Light.GREEN, Light.BLUE, Light.YELLOW, Light.RED)
    told = "、".join(f"{LIGHT_NAMES[x]}{lights[x]}项" for x in shown if lights[x])
    return (
        f"到期事项{found.due}项，已报送{found.completeness.count}项；完整率{found.completeness.text()}，"
        f"及时率{found.timeliness.text()}，一次合格率{found.quality.text()}。本年度各事项：{told}。"
    )


def _concerns(material: Material) -> Iterator[str]:
    """Who is late with how much, which milestones were missed, and which come soon."""
    late = Counter(f.item.unit for f in material.facts if material.light(f) is Light.RED)
    if late:
        ordered = sorted((u for u in material.plan.units if late[u.id]), key=lambda u: -late[u.id])
        names = [f"{unit.name}{late[unit.id]}项" for unit in ordered]
        yield f"逾期事项{late.total()}项：{listing(names, MOST_UNITS)}。"
    dated = sorted(
        (last_day(m.due, m.bound), m.title, state_of(material, m))
        for phase in material.plan.phases
        for m in phase.milestones
    )
    missed = [title for _, title, state in dated if state is MilestoneState.MISSED]
    if missed:
        rest = f"等{len(missed)}项" if len(missed) > MOST_NODES else ""
        yield f"未按期达成的里程碑：{'；'.join(missed[:MOST_NODES])}{rest}。"
    soon = [
        f"{chinese_date(day)}前（含当日）{title}"
        for day, title, state in dated
        if state is MilestoneState.AHEAD and day <= material.as_of + SOON
    ]
    if soon:
        yield f"近期节点：{'；'.join(soon[:MOST_NODES])}。"
    if not late and not missed and not soon:
        yield "各项工作均按计划推进，没有逾期事项。"


def _figures(material: Material) -> Iterator[Block]:
    """The groups whom the plan serves first, then what was done; only what is published."""
    rows: list[Row] = []
    for indicator in sorted(printable(material.plan), key=lambda i: not i.base):
        now = district_figure(material.book, indicator, material)
        if now is None or now.shown is None or indicator.part_of or len(rows) == MOST_FIGURES:
            continue
        before = material.book_before and district_figure(material.book_before, indicator, material)
        texts = (indicator.name, indicator.unit, now.text, change(now, before or None))
        rows.append(Row(cells=tuple(Cell(text=text) for text in texts)))
    if not rows:
        yield Paragraph(runs=plain("尚无审核通过的数据。"))
        return
    yield Table(
        columns=(
            Column(title="指标", share=70),
            Column(title="单位", share=20, align="center"),
            Column(title=f"{material.year}年", share=28, align="right"),
            Column(title=f"比{last_year(material)}", share=34, align="right"),
        ),
        rows=tuple(rows),
        notes=("各类儿童之间有交叉，不得相加；人数较少的不予列出。",),
        small=True,
    )
