"""The figures of a circular: of work done, and never of children.

A circular comes several times a year, beside the annual report. Whoever lays two of them side by side can take one from
the other; of counts of children that could leave a few of them, which no rule on one document alone withholds. Counts of
children therefore stand in the annual report only, whose rule knows all that its readers know. What is told here depends
on none of them: not linked to one, not part of a sum, a balance or a rate with one.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from domain.aggregate import unit_figures, year_to_date
from domain.counts import Sensitivity
from domain.numerals import chinese_date
from domain.plan import Action, Indicator, Plan
from domain.report.blocks import Annex, Cell, Column, Paragraph, Row, Run, Table
from domain.report.circular.material import CircularMaterial
from domain.report.figures import rate_row, source_rows
from domain.report.prose import runs
from domain.report.release import Book, ReleasedFigure, release
from domain.report.sums import parts_of

MOST_OF_ACTION = 6
"""Figures told of one action."""


@cache
def _tellable(indicators: tuple[Indicator, ...], together: tuple[frozenset[str], ...]) -> frozenset[str]:
    told = {i.id for i in indicators if i.sensitivity is Sensitivity.OPEN}
    while True:
        shut = {i for group in together if not group <= told for i in group & told}
        if not shut:
            return frozenset(told)
        told -= shut


def tellable(plan: Plan) -> frozenset[str]:
    """Ids of the indicators that depend on no count of children, whichever way readers might reckon."""
    groups = [frozenset((i.id, *i.linked)) for i in plan.indicators if i.linked]
    groups += [frozenset((i.id, *parts_of(i))) for i in plan.indicators if i.ratio is not None]
    groups += [frozenset((i.id, i.part_of)) for i in plan.indicators if i.part_of is not None]
    groups += [frozenset((*one.left, *one.right)) for one in plan.identities]
    groups += [frozenset((one.stock, one.entered, one.left)) for one in plan.balances]
    return _tellable(plan.indicators, tuple(groups))


def book(material: CircularMaterial) -> Book:
    """The year's released figures of work done, as far as the circular's period has come."""
    plan, told = material.plan, tellable(material.plan)
    span = year_to_date(material.period.year, material.until)
    found = unit_figures(plan, material.history, span, material.as_of)
    return release(
        plan, {key: figure for key, figure in found.items() if key[0] in told}, material.period.year
    )


def done(material: CircularMaterial, figures: Book) -> Iterator[Paragraph]:
    """A paragraph for each action with figures: what was done this year."""
    told_before: set[str] = set()
    for action in material.plan.actions:
        own = list(_figures(material.plan, figures, action, told_before))[:MOST_OF_ACTION]
        if own:
            yield Paragraph(lead=f"{action.name}。", runs=runs(_sentence(own)))


def _sentence(figures: Iterable[ReleasedFigure]) -> Iterator[str | Run]:
    partial = False
    for place, figure in enumerate(figures):
        before, after = figure.indicator.told_around
        yield ("，" if place else "") + before
        yield figure.ref()
        yield after
        partial = partial or bool(figure.gaps)
    yield "（部分数据尚未报齐）。" if partial else "。"


def _figures(plan: Plan, figures: Book, action: Action, told: set[str]) -> Iterator[ReleasedFigure]:
    """An action's published figures that are not nothing; no parts of a rate told before them."""
    measures = {m.number for m in plan.measures if m.action == action.id}
    for indicator in plan.indicators:
        if indicator.measures[0] in measures and indicator.part_of is None and indicator.id not in told:
            figure = figures.get(indicator.id)
            if figure is not None and figure.shown:
                told.update((indicator.id, *parts_of(indicator)))
                yield figure


def sources(material: CircularMaterial, figures: Book, number: int) -> Annex:
    """Where the figures come from: for each duty that collects some, the units' accepted versions."""
    plan, told = material.plan, tellable(material.plan)
    rows = list(source_rows(plan, figures, told))
    known = (i for i in plan.indicators if i.id in told and i.ratio is not None)
    rates = [rate_row(plan, figures, i) for i in known if (found := figures.get(i.id)) and found.shown]
    if rates:
        rows += [Row(kind="section", cells=(Cell(text="比率：来源即其分子、分母的来源"),)), *rates]
    table = Table(
        columns=(
            Column(title="单位", share=36),
            Column(title="期间、版次与提交号", share=92),
            Column(title="审核人", share=28),
        ),
        rows=tuple(rows),
        notes=(
            "正文数字右上角的编号为指标编号；各数为表中各单位数之和，某单位的数即其所在行各期之和或最近一期数。",
            f"只列截至{chinese_date(material.until)}已结束的各期；提交号为系统中报送记录的编号，可凭以调阅原件。",
        ),
        small=True,
    )
    return Annex(number=number, title="数据来源表", blocks=(table,))
