"""The final report over all years: what was to be reached, what was, how figures went, what stays to be done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from domain.cadence import last_day
from domain.entries import HIGHLIGHTS, NEXT_STEPS
from domain.gates import Gate, phase_title
from domain.milestones import MilestoneState
from domain.numerals import chinese, chinese_date
from domain.report import annexes, figures
from domain.report.achievements import told
from domain.report.annual import CLOSING_WORDS, face, letterhead
from domain.report.blocks import Annex, Block, Document, Heading, Paragraph, plain
from domain.report.closing import voices
from domain.report.material import Material
from domain.report.overview import served, state_of
from domain.report.phase import outcome
from domain.report.prose import listing
from domain.report.series import base_chart, figures_table, rates_of, rates_table, units_table

FIGURES = "历年主要指标情况表"
"""The annex of the figures of all years."""


@dataclass(frozen=True)
class Case:
    """A good case (优秀案例) that the office selected: whose, what it is called, and what is told of it."""

    unit: str
    title: str
    words: str


@dataclass(frozen=True)
class Merits:
    """What stands out over the years: selected cases, and who is to be commended (表扬), by name of unit and why."""

    cases: tuple[Case, ...] = ()
    commended: tuple[tuple[str, str], ...] = ()


def final_report(material: Material, gates: tuple[Gate, ...], merits: Merits) -> Document:
    """The final report.

    Args:
        material: facts of every year, seen from the day of the report; its year is the plan's last.
        gates: every phase as it stands on that day.
        merits: cases and commendations.
    """
    plan = material.plan
    return Document(
        title=f"{plan.report.issuer}关于{plan.report.subject}的总结报告",
        author=plan.report.issuer,
        day=material.as_of,
        sample=material.issue.sample,
        face=face(material),
        letterhead=letterhead(material),
        blocks=(
            Paragraph(
                runs=plain(
                    f"根据《{plan.name}》（{plan.document.number}）要求，现将{plan.start.year}年至{plan.end.year}年"
                    f"（截至{chinese_date(material.as_of)}）实施情况总结报告如下："
                )
            ),
            *_sections(material, gates, merits),
            Paragraph(runs=plain(CLOSING_WORDS)),
        ),
        annexes=tuple(_annexes(material)),
    )


def _sections(material: Material, gates: tuple[Gate, ...], merits: Merits) -> Iterator[Block]:
    """The parts in their order; one that has nothing to tell is left out."""
    parts: list[tuple[str, list[Block]]] = [
        ("总体情况", list(_overview(material))),
        ("目标完成情况", list(_goals(gates))),
        ("主要做法与成效", list(_achievements(material))),
        ("经验做法和先进典型", list(_merits(material, merits))),
        ("存在问题和下一步打算", list(_left(material))),
    ]
    for place, (heading, blocks) in enumerate(((h, b) for h, b in parts if b), start=1):
        yield Heading(level=1, text=f"{chinese(place)}、{heading}")
        yield from blocks


def _overview(material: Material) -> Iterator[Block]:
    plan = material.plan
    found = rates_of(material, material.history)
    due = sum(r.due for r in found)
    complete = sum(r.completeness.count for r in found)
    yield Heading(level=2, text="（一）工作推进情况")
    text = (
        f"{len(plan.units)}个单位共同推进{len(plan.actions)}项行动、{len(plan.measures)}项任务举措。"
        f"{chinese(len(found))}年来，到期事项共{due}项，已报送{complete}项。"
    )
    each = {year: r.completeness.text() for year, r in zip(material.books, found, strict=True) if r.due}
    if len(each) > 1 and len(set(each.values())) == 1:
        text += f"历年报送完整率均为{next(iter(each.values()))}。"
    elif each:
        text += f"历年报送完整率为：{'、'.join(f'{year}年{rate}' for year, rate in each.items())}。"
    yield Paragraph(runs=plain(text))
    yield rates_table(material)
    yield Heading(level=2, text="（二）服务对象情况")
    yield Paragraph(runs=served(material))
    if plan.indicators:
        yield Paragraph(runs=plain(f"历年对比见附件“{FIGURES}”。"))


def _goals(gates: tuple[Gate, ...]) -> Iterator[Block]:
    """What each phase was to bring, and what it brought."""
    for place, gate in enumerate(gates, start=1):
        yield Heading(level=2, text=f"（{chinese(place)}）{gate.phase.name.removesuffix('阶段')}阶段")
        yield Paragraph(runs=plain(f"目标是：{gate.phase.goal}{_outcome(gate)}"))


def _outcome(gate: Gate) -> str:
    met = [m.milestone.title for m in gate.milestones if m.state is MilestoneState.MET]
    open_ = [
        m.words for m in gate.milestones if m.state not in {MilestoneState.MET, MilestoneState.BEFORE_NOTICE}
    ]
    parts = [f"该阶段{outcome(gate)}"]
    if met:
        parts.append(f"已达成的里程碑：{'；'.join(met)}")
    if open_:
        parts.append(f"尚未达成或待认定的里程碑：{'；'.join(open_)}")
    return "。".join(parts) + "。"


def _achievements(material: Material) -> Iterator[Block]:
    """The measures with the last year's figures and words; the annex has the figures of all years."""
    for place, action in enumerate(material.plan.actions, start=1):
        yield Heading(level=2, text=f"（{chinese(place)}）{action.name}")
        for measure in material.plan.measures:
            if measure.action == action.id:
                yield Paragraph(lead=f"{measure.number}.{measure.title}。", runs=told(material, measure))


def _merits(material: Material, merits: Merits) -> Iterator[Block]:
    for case in merits.cases:
        yield Paragraph(lead=f"{case.title}（{case.unit}）。", runs=plain(case.words))
    yield from voices(material, HIGHLIGHTS, "")
    if merits.commended:
        names = [f"{unit}（{why}）" if why else unit for unit, why in merits.commended]
        yield Paragraph(runs=plain(f"对下列单位予以表扬：{listing(names, len(names))}。"))


def _left(material: Material) -> Iterator[Block]:
    missed, unjudged = (
        [
            f"{m.title}（{phase_title(phase)}，期限{chinese_date(last_day(m.due, m.bound))}）"
            for phase in material.plan.phases
            for m in phase.milestones
            if state_of(material, m) is state
        ]
        for state in (MilestoneState.MISSED, MilestoneState.UNJUDGED)
    )
    if missed:
        yield Paragraph(runs=plain(f"未按期达成的里程碑：{'；'.join(missed)}。"))
    if unjudged:
        yield Paragraph(
            runs=plain(f"待{material.plan.leading_group.office.name}认定的里程碑：{'；'.join(unjudged)}。")
        )
    open_items = sum(
        f.as_of(material.as_of).accepted is None for f in material.history if f.item.due <= material.as_of
    )
    if open_items:
        yield Paragraph(runs=plain(f"尚有{open_items}项到期事项未报送或未审核通过，将继续督促有关单位完成。"))
    elif missed or unjudged:
        yield Paragraph(runs=plain("到期事项均已审核通过。"))
    else:
        yield Paragraph(runs=plain("各项里程碑和到期事项均已完成。"))
    yield from voices(material, NEXT_STEPS, "")


def _annexes(material: Material) -> Iterator[Annex]:
    """The annexes in their order; those of figures only where the plan collects some."""
    makers: list[Callable[[Material, int], Annex]] = [annexes.milestones, _units]
    if material.plan.indicators:
        books = tuple(material.books.values())
        makers = [_figures, *makers, partial(figures.sources, books=books)]
    for number, make in enumerate(makers, start=1):
        yield make(material, number)


def _figures(material: Material, number: int) -> Annex:
    """The drawing and the table; in the text the drawing would often leave half a page white."""
    return Annex(number=number, title=FIGURES, blocks=(*base_chart(material), figures_table(material)))


def _units(material: Material, number: int) -> Annex:
    return Annex(number=number, title="各单位历年完成情况表", blocks=(units_table(material),))
