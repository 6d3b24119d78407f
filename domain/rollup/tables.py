"""The tables of a report over districts."""

from collections.abc import Iterator, Sequence

from domain.counts import MISSING_MARK, WITHHELD_MARK
from domain.numerals import chinese_date
from domain.report.blocks import Annex, Cell, Column, Row, Table
from domain.report.release import INCOMPLETE_MARK
from domain.report.summary import FigureSummary, Standing
from domain.rollup.frame import Matching
from domain.rollup.senders import Sender
from domain.rollup.totals import LEFT_OUT_MARK, MeasureTotal, Total, rates_of

ACROSS = 9
"""Indicators that fit across a landscape page."""
_NATURES = {"stock": "存量", "flow": "流量", "ratio": "比率"}
_RATES = (
    Column(title="到期事项", share=18, align="right"),
    Column(title="已报送", share=16, align="right"),
    Column(title="完整率", share=17, align="right"),
    Column(title="及时率", share=17, align="right"),
    Column(title="一次合格率", share=21, align="right"),
)


def by_district(senders: Sequence[Sender]) -> Table:
    """Districts down, their rates across."""
    rows = [
        Row(cells=_cells(s.summary.region, str(len(s.summary.units)), *_texts(s.summary.standing)))
        for s in senders
    ]
    whole = _cells(
        "合计",
        str(sum(len(s.summary.units) for s in senders)),
        *_texts(*(s.summary.standing for s in senders)),
    )
    return Table(
        caption="各地区工作进展情况",
        columns=(Column(title="地区", share=40), Column(title="单位", share=13, align="right"), *_RATES),
        rows=(*rows, Row(kind="total", cells=whole)),
        notes=("完整率、及时率、一次合格率按各地区事项数合计后相除计算。",),
        small=True,
    )


def by_measure(found: Sequence[MeasureTotal]) -> Table:
    """Measures down, their rates over all districts across."""
    rows = tuple(
        Row(
            cells=_cells(
                str(m.measure.number),
                m.measure.title,
                str(m.of),
                str(m.rates.due),
                str(m.rates.completeness.count),
                m.rates.completeness.text(),
                m.rates.timeliness.text(),
                m.rates.quality.text(),
            )
        )
        for m in found
    )
    return Table(
        caption="各项举措推进情况",
        columns=(
            Column(title="序号", share=11, align="center"),
            Column(title="举措", share=50),
            Column(title="地区", share=13, align="right"),
            *_RATES,
        ),
        rows=rows,
        notes=("“地区”为方案中有该项举措的地区数。",),
        small=True,
    )


def by_indicator(totals: Sequence[Total]) -> Table:
    """Indicators down: the sum, and over how many districts it is."""
    rows = tuple(
        Row(
            cells=_cells(
                t.indicator.name,
                t.indicator.unit,
                _NATURES.get(t.nature, MISSING_MARK),
                t.text,
                str(t.of) if t.of else MISSING_MARK,
            )
        )
        for t in totals
    )
    return Table(
        caption="主要指标汇总情况",
        columns=(
            Column(title="指标", share=72),
            Column(title="单位", share=16, align="center"),
            Column(title="性质", share=16, align="center"),
            Column(title="合计", share=26, align="right"),
            Column(title="地区数", share=18, align="right"),
        ),
        rows=rows,
        notes=(
            f"“{LEFT_OUT_MARK}”：未含部分地区不予公布或未报齐的数据；“{WITHHELD_MARK}”：各地区均不予公布。",
            f"“{MISSING_MARK}”：无数据，或不宜合计。",
        ),
        small=True,
    )


def annexes(senders: Sequence[Sender], matching: Matching, totals: Sequence[Total]) -> tuple[Annex, ...]:
    """The annexes in their order; one with nothing to tell is left out."""
    found: list[tuple[str, bool, tuple[Table, ...]]] = []
    if matching.indicators:
        found.append(("分地区指标情况表", True, tuple(_figures(matching, totals))))
    found.append(("数据来源表", False, (_sources(senders),)))
    if matching.unmatched:
        found.append(("未计入事项清单", False, (_unmatched(matching),)))
    return tuple(
        Annex(number=number, title=title, landscape=landscape, blocks=blocks)
        for number, (title, landscape, blocks) in enumerate(found, start=1)
    )


def _figures(matching: Matching, totals: Sequence[Total]) -> Iterator[Table]:
    figures = [(summary.region, matching.figures_of(summary)) for summary in matching.summaries]
    for start in range(0, len(totals), ACROSS):
        part = totals[start : start + ACROSS]
        names = [(t.indicator.name, t.indicator.unit) for t in part]
        rows = [Row(cells=_cells(region, *(_figure(own.get(n)) for n in names))) for region, own in figures]
        last = start + ACROSS >= len(totals)
        yield Table(
            columns=(
                Column(title="地区", share=34),
                *(Column(title=f"{name}（{unit}）", share=21, align="right") for name, unit in names),
            ),
            rows=(*rows, Row(kind="total", cells=_cells("合计", *(t.text for t in part)))),
            notes=(
                f"“{WITHHELD_MARK}”：该地区不予公布；“{MISSING_MARK}”：无数据；“{INCOMPLETE_MARK}”：未报齐。",
            )
            if last
            else (),
            small=True,
        )


def _sources(senders: Sequence[Sender]) -> Table:
    rows = tuple(
        Row(
            cells=_cells(
                s.summary.region,
                s.summary.number,
                chinese_date(s.as_of),
                s.snapshot[:16],
                s.key if s.known else f"{s.key}（未登记）",
            )
        )
        for s in senders
    )
    return Table(
        columns=(
            Column(title="地区", share=30),
            Column(title="方案文号", share=34),
            Column(title="数据截至", share=28),
            Column(title="快照指纹", share=30),
            Column(title="签名公钥指纹", share=44),
        ),
        rows=rows,
        notes=("快照指纹为各地区年度报告快照 SHA-256 的前 16 位，与其报告一致即为同一份数据。",),
        small=True,
    )


def _unmatched(matching: Matching) -> Table:
    rows = tuple(Row(cells=_cells(one.region, one.what)) for one in matching.unmatched)
    return Table(
        columns=(Column(title="地区", share=34), Column(title="未计入的举措或指标", share=110)),
        rows=rows,
        small=True,
    )


def _figure(figure: FigureSummary | None) -> str:
    if figure is None:
        return MISSING_MARK
    return figure.released.text() + ("" if figure.whole else INCOMPLETE_MARK)


def _texts(*standings: Standing) -> tuple[str, ...]:
    found = rates_of(standings)
    return (
        str(found.due),
        str(found.completeness.count),
        found.completeness.text(),
        found.timeliness.text(),
        found.quality.text(),
    )


def _cells(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text=text) for text in texts)
