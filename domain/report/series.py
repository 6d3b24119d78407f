"""Several years side by side: rates, figures, and how units did, from the plan's first year to the year reported on."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from domain.counts import MISSING_MARK
from domain.facts import ItemFacts
from domain.plan import Indicator, Nature
from domain.rates import Rates, rates
from domain.report.blocks import Bar, BarChart, Cell, Column, Row, Table
from domain.report.figures import MARKS, district_figure, indicator_cells, printable
from domain.report.material import Material
from domain.report.release import ReleasedFigure, change

Figures = tuple[ReleasedFigure | None, ...]
"""One indicator's figures, a year each."""


def years(material: Material) -> tuple[int, ...]:
    """The years of the plan up to the one reported on."""
    return tuple(material.books)


def figures(material: Material, indicator: Indicator) -> Figures:
    """The whole district's figure of every year; None where there is none."""
    return tuple(district_figure(book, indicator, material) for book in material.books.values())


def rates_of(material: Material, facts: Iterable[ItemFacts]) -> tuple[Rates, ...]:
    """How the items of each year stand on the day of the report."""
    found = list(facts)
    return tuple(rates((f for f in found if f.item.year == year), material.as_of) for year in years(material))


def rates_table(material: Material) -> Table:
    """Actions down; for each year, items due and how many of them are there."""
    plan = material.plan
    rows = []
    for action in plan.actions:
        numbers = {m.number for m in plan.measures if m.action == action.id}
        own = (f for f in material.history if f.item.measure in numbers)
        rows.append(Row(cells=_rates(action.name, rates_of(material, own))))
    others = [f for f in material.history if f.item.measure is None]
    if others:
        rows.append(Row(cells=_rates("组织保障", rates_of(material, others))))
    total = Row(kind="total", cells=_rates("合计", rates_of(material, material.history)))
    return _by_year(
        material,
        "各项行动历年完成情况",
        Column(title="行动", share=40),
        (*rows, total),
        ("每格为该年已报送的到期事项数／到期事项数及完整率。",),
    )


def units_table(material: Material) -> Table:
    """Units down; for each year, what the table of actions has."""
    rows = []
    for unit in material.plan.units:
        own = (f for f in material.history if f.item.unit == unit.id)
        rows.append(Row(cells=_rates(unit.name, rates_of(material, own))))
    notes = ("每格为该年已报送的到期事项数／到期事项数及完整率；“—”表示该年没有到期事项。",)
    return _by_year(material, "", Column(title="单位", share=40), tuple(rows), notes)


def figures_table(material: Material) -> Table:
    """Indicators down, measure by measure; a column a year, and the change from the first year to the last."""
    rows: list[Row] = []
    listed = sorted(printable(material.plan), key=lambda i: i.measures[0])
    for measure, group in groupby(listed, key=lambda i: i.measures[0]):
        title = material.plan.measures_by_number[measure].title
        rows.append(Row(kind="section", cells=(Cell(text=f"{measure}.{title}"),)))
        rows.extend(_figure_row(material, indicator) for indicator in group)
    span = years(material)
    return Table(
        columns=(
            Column(title="编号", share=11, align="center"),
            Column(title="指标", share=52),
            Column(title="单位", share=13, align="center"),
            Column(title="性质", share=13, align="center"),
            *(Column(title=f"{year}年", share=21, align="right") for year in span),
            Column(title=f"比{span[0]}年", share=24, align="right"),
        ),
        rows=tuple(rows),
        notes=("“存量”为该年最近一期期末数，“流量”为该年各期累计数；比率按合计数相除计算。", MARKS),
        small=True,
    )


def base_chart(material: Material) -> Iterator[BarChart]:
    """The groups of children whom the plan serves, year beside year; none where a figure of theirs is not published."""
    listed = [i for i in printable(material.plan) if i.base and i.nature is Nature.STOCK]
    series = [(i, [f for f in figures(material, i) if f is not None and f.shown is not None]) for i in listed]
    shown = [(i, found) for i, found in series if len(found) == len(years(material))]
    if not shown or len(years(material)) < 2:
        return
    span = tuple(f"{year}年" for year in years(material))
    told = "；".join(f"{i.name}{'、'.join(_texts(f))}" for i, f in shown)
    yield BarChart(
        title="服务对象历年情况",
        alt=f"服务对象历年情况（{'、'.join(span)}）：{told}",
        series=span,
        stacked=False,
        unit=shown[0][0].unit,
        bars=tuple(
            Bar(
                label=i.name.removesuffix("数"),
                values=tuple(one.shown for one in found if one.shown is not None),
                texts=_texts(found),
            )
            for i, found in shown
        ),
    )


def _figure_row(material: Material, indicator: Indicator) -> Row:
    found = figures(material, indicator)
    return Row(
        cells=(
            *indicator_cells(material, indicator),
            *(Cell(text=MISSING_MARK) if one is None else one.cell() for one in found),
            Cell(text=change(found[-1], found[0]) if len(found) > 1 else MISSING_MARK),
        )
    )


def _by_year(
    material: Material, caption: str, first: Column, rows: tuple[Row, ...], notes: tuple[str, ...]
) -> Table:
    return Table(
        caption=caption,
        columns=(first, *(Column(title=f"{year}年", share=34, align="right") for year in years(material))),
        rows=rows,
        notes=notes,
        small=True,
    )


def _rates(name: str, found: Sequence[Rates]) -> tuple[Cell, ...]:
    def text(one: Rates) -> str:
        if not one.due:
            return MISSING_MARK
        return f"{one.completeness.count}／{one.due}（{one.completeness.text()}）"

    return (Cell(text=name), *(Cell(text=text(one)) for one in found))


def _texts(found: Sequence[ReleasedFigure]) -> tuple[str, ...]:
    return tuple(one.released.text() for one in found)
