"""The annexes of a circular: by measure, by unit, and every late item with its days and its new term."""

from collections.abc import Mapping, Sequence

from domain.canonical import decimal_text
from domain.numerals import chinese_date
from domain.report.blocks import Annex, Cell, Column, Row, Table
from domain.report.circular.material import CircularMaterial, Late, Ranked, Tally
from domain.status import OWED, Light, Stage, stage

MEASURES, UNITS, LATE = "任务举措进展情况表", "各单位完成情况表", "逾期事项清单"


def by_measure(material: CircularMaterial, number: int) -> Annex:
    """Measure by measure: what fell due, what is there, what is late."""
    earlier = material.previous
    rows = [
        Row(
            cells=(
                Cell(text="—" if n is None else str(n)),
                Cell(text=material.measure_title(n)),
                *_cells(tally),
                Cell(text="—" if earlier is None else str(len(earlier.by_measure[n].late))),
            )
        )
        for n, tally in material.by_measure.items()
        if n is not None or tally.rates.due or tally.late
    ]
    rows.append(_total(material, ("", "合计"), earlier))
    columns = (
        Column(title="序号", share=11, align="center"),
        Column(title="任务举措", share=36),
        *_columns(),
    )
    return Annex(number=number, title=MEASURES, blocks=(_table(material, (*columns, _BEFORE), rows),))


def by_unit(material: CircularMaterial, number: int) -> Annex:
    """Unit by unit, those with nothing to tell in a note; with what is to be made up for (补录), and scores, if any."""
    earlier, later = material.previous, _later(material)
    places = {one.unit: one for one in material.ranking}
    rows, idle = [], []
    for unit, tally in material.by_unit.items():
        late_before = 0 if earlier is None else len(earlier.by_unit[unit].late)
        if not (tally.due or tally.late or late_before or later.get(unit)):
            idle.append(unit)
            continue
        before = "—" if earlier is None else str(late_before)
        cells = (Cell(text=material.unit_name(unit)), *_cells(tally), Cell(text=before))
        rows.append(Row(cells=(*cells, *_more(str(later.get(unit, 0)), places.get(unit), later, places))))
    total = _total(material, ("合计",), earlier)
    more = _more(str(sum(later.values())), None, later, places)
    rows.append(total.model_copy(update={"cells": (*total.cells, *more)}))
    columns = [Column(title="单位", share=33 if places else 39), *_columns(), _BEFORE]
    columns += [Column(title="待补录", share=13, align="right")] if later else []
    if places:
        columns += [
            Column(title="得分", share=14, align="right"),
            Column(title="位次", share=11, align="right"),
        ]
    table = _table(material, columns, rows)
    notes = list(table.notes)
    if places:
        notes.append(f"得分和位次按方案的计分规则，只计{material.period.label}到期的事项；并列的位次相同。")
    if idle:
        names = "、".join(material.names(idle))
        notes.append(f"{names}{material.period.name}没有到期事项，也没有逾期事项，未列入本表。")
    table = table.model_copy(update={"notes": tuple(notes)})
    return Annex(number=number, title=UNITS, blocks=(table,))


def _more(
    open_: str, place: Ranked | None, later: Mapping[str, int], places: Mapping[str, Ranked]
) -> tuple[Cell, ...]:
    """A unit's cells in the columns that not every circular has."""
    texts = [open_] if later else []
    if places and (place is None or place.points is None):
        texts += ["—", "—"]
    elif place is not None and place.points is not None:
        texts += [decimal_text(place.points), str(place.rank)]
    return tuple(Cell(text=text) for text in texts)


def late_items(material: CircularMaterial, number: int) -> Annex:
    """Every late item, the oldest first, by how many working days, and until when it is to be mended."""
    table = Table(
        columns=(
            Column(title="单位", share=28),
            Column(title="举措", share=10, align="center"),
            Column(title="事项", share=46),
            Column(title="期间", share=27),
            Column(title="截止日期", share=29),
            Column(title="状态", share=20, align="center"),
            Column(title="逾期天数", share=18, align="right"),
        ),
        rows=tuple(_late_row(material, one) for one in material.late),
        notes=(
            f"截至{chinese_date(material.as_of)}，共{len(material.late)}项；办结期限：{chinese_date(material.mend_by.date)}（含当日）。",
            "逾期天数自截止日的次日起，按国务院公布的放假调休安排计工作日。",
        ),
        small=True,
    )
    return Annex(number=number, title=LATE, blocks=(table,))


_BEFORE = Column(title="上期同期逾期", share=17, align="right")


def _columns() -> tuple[Column, ...]:
    return (
        Column(title="到期", share=12, align="right"),
        Column(title="已报", share=12, align="right"),
        Column(title="完整率", share=15, align="right"),
        Column(title="及时率", share=15, align="right"),
        Column(title="一次合格率", share=20, align="right"),
        Column(title="逾期", share=12, align="right"),
        Column(title="最长逾期", share=17, align="right"),
    )


def _cells(tally: Tally) -> tuple[Cell, ...]:
    found, late = tally.rates, len(tally.late)
    return (
        Cell(text=str(found.due)),
        Cell(text=str(found.completeness.count)),
        Cell(text=found.completeness.text()),
        Cell(text=found.timeliness.text()),
        Cell(text=found.quality.text()),
        Cell(text=str(late), light=Light.RED if late else None),
        Cell(text=str(tally.worst) if late else "—"),
    )


def _total(material: CircularMaterial, head: Sequence[str], earlier: CircularMaterial | None) -> Row:
    before = "—" if earlier is None else str(len(earlier.late))
    cells = (*(Cell(text=text) for text in head), *_cells(material.whole), Cell(text=before))
    return Row(kind="total", cells=cells)


def _table(material: CircularMaterial, columns: Sequence[Column], rows: Sequence[Row]) -> Table:
    return Table(
        columns=tuple(columns),
        rows=tuple(rows),
        notes=(
            f"到期、已报和三项比率：{material.period.label}到期的事项；逾期含以前到期未办结的；最长逾期按工作日计。",
            f"数据来源：平台事项台账，截至{chinese_date(material.as_of)}。",
        ),
        small=True,
    )


def _late_row(material: CircularMaterial, one: Late) -> Row:
    item = one.facts.item
    texts = (
        material.unit_name(item.unit),
        "—" if item.measure is None else str(item.measure),
        material.duty_title(one.facts),
        item.occurrence.label,
        chinese_date(item.due),
        "退回未补正" if stage(one.facts) is Stage.RETURNED else "未报送",
        str(one.days),
    )
    return Row(cells=tuple(Cell(text=text) for text in texts))


def _later(material: CircularMaterial) -> dict[str, int]:
    """How many items each unit has still to record that fell due before the platform was used."""
    found: dict[str, int] = {}
    for f in material.made_up_for:
        if stage(f) in OWED:
            found[f.item.unit] = found.get(f.item.unit, 0) + 1
    return found
