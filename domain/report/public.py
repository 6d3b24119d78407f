"""The version for the public (公开版): what was done, in figures of the whole district, and no more.

Left out are figures of single units, groups of children whose very existence in a small place tells something, what units
wrote, who is late with what, and the annexes by which the office finds its records.
"""

from collections.abc import Iterator

from domain.counts import Sensitivity
from domain.numerals import chinese, chinese_date
from domain.plan import Indicator, Measure, Plan
from domain.report.achievements import measure_figures, sentence
from domain.report.blocks import Block, Document, Heading, Paragraph, plain
from domain.report.figures import printable, shown_table
from domain.report.material import Material
from domain.report.overview import timeline
from domain.report.prose import listing

MOST_NAMED = 4
"""Units that are named for a measure; the rest is counted."""


def public_report(material: Material) -> Document:
    """What the public may read of a year, from the same material as the consolidated report."""
    plan = material.plan
    return Document(
        title=f"{material.year}年度{plan.report.subject}工作进展情况",
        subtitle="（公开版）",
        author=plan.report.issuer,
        day=material.as_of,
        sample=material.issue.sample,
        blocks=tuple(_blocks(material)),
    )


def open_indicators(plan: Plan) -> tuple[Indicator, ...]:
    """The indicators that the public may read of: not those of sensitive groups, nor what breaks a group down."""
    return tuple(
        i
        for i in printable(plan)
        if i.sensitivity in {Sensitivity.OPEN, Sensitivity.COUNT} and i.part_of is None and i.ratio is None
    )


def _blocks(material: Material) -> Iterator[Block]:
    plan = material.plan
    yield Paragraph(
        runs=plain(
            f"《{plan.name}》（{plan.document.number}）共{len(plan.actions)}项行动、{len(plan.measures)}项任务举措，"
            f"由{len(plan.units)}个单位共同推进。现将{material.year}年度（截至{chinese_date(material.as_of)}）的进展情况"
            "公布如下。"
        )
    )
    yield Heading(level=1, text="一、阶段安排")
    yield timeline(material)
    yield Heading(level=1, text="二、各项行动进展")
    for place, action in enumerate(plan.actions, start=1):
        yield Heading(level=2, text=f"（{chinese(place)}）{action.name}")
        for measure in plan.measures:
            if measure.action == action.id:
                yield _measure(material, measure)
    yield Heading(level=1, text="三、主要数据")
    yield _figures(material)


def _measure(material: Material, measure: Measure) -> Paragraph:
    allowed = {i.id for i in open_indicators(material.plan)}
    figures = [f for f in measure_figures(material, measure) if f.indicator.id in allowed]
    units = [material.plan.units_by_id[unit] for unit in material.plan.measure_units(measure.number)]
    names = [unit.name for unit in sorted(units, key=material.is_local)]
    told = "".join(part if isinstance(part, str) else part.text for part in sentence(figures))
    words = f"{told}由{listing(names, MOST_NAMED)}负责。"
    return Paragraph(lead=f"{measure.number}.{measure.title}。", runs=plain(words))


def _figures(material: Material) -> Block:
    note = "人数较少的不予公布，以保护儿童个人信息；各类儿童之间有交叉，不得相加。"
    table = shown_table(material, open_indicators(material.plan), note)
    return table or Paragraph(runs=plain("本年度尚无可以公布的数据。"))
