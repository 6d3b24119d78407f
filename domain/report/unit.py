"""A unit's own year report: what it did, in its own words and whole, with its figures and its record."""

from collections.abc import Iterator

from domain.entries import HIGHLIGHTS, NEXT_STEPS, SHORTCOMINGS, STATE_NAMES, measure_slot
from domain.numerals import chinese, chinese_date
from domain.plan import Measure
from domain.rates import rates
from domain.report.blocks import Block, Cell, Column, Document, Heading, Paragraph, Row, Table, plain
from domain.report.figures import MARKS, last_year, printable
from domain.report.material import Material
from domain.report.progress import rates_told
from domain.report.prose import lines
from domain.report.release import change
from domain.status import LIGHT_NAMES


def unit_report(material: Material, unit: str) -> Document:
    """The year report of one unit, from its accepted material only."""
    name = material.unit_name(unit)
    return Document(
        title=f"{name}{material.year}年度工作进展情况",
        subtitle=material.plan.short_name,
        author=name,
        day=material.as_of,
        sample=material.issue.sample,
        face=_face(material, unit),
        blocks=tuple(_blocks(material, unit)),
    )


def _face(material: Material, unit: str) -> tuple[str, ...]:
    item = material.annual.get(unit)
    if item is None or item.accepted is not None:
        return ()
    if item.latest is None:
        return ("本单位尚未报送年度工作进展情况，本报告仅据日常报送内容形成。",)
    return ("本单位年度工作进展情况尚未审核通过，其内容未采用。",)


def _blocks(material: Material, unit: str) -> Iterator[Block]:
    sections = (
        ("总体情况", _overall(material, unit)),
        ("主要做法与成效", _measures(material, unit)),
        ("工作亮点", _slot(material, unit, HIGHLIGHTS)),
        ("存在问题", _slot(material, unit, SHORTCOMINGS)),
        ("下一步打算", _slot(material, unit, NEXT_STEPS)),
        ("主要指标", _figures(material, unit)),
        ("事项完成情况", _items(material, unit)),
    )
    told = [(title, blocks) for title, found in sections if (blocks := list(found))]
    for place, (title, blocks) in enumerate(told, start=1):
        yield Heading(level=1, text=f"{chinese(place)}、{title}")
        yield from blocks


def _overall(material: Material, unit: str) -> Iterator[Block]:
    shared = material.plan.unit_measures(unit)
    found = rates(material.by_unit[unit], material.as_of)
    numbers = "、".join(str(m.number) for m in shared)
    text = f"本单位承担{len(shared)}项任务举措（第{numbers}项）。" if shared else "本单位未单独承担任务举措。"
    if found.due:
        text += f"截至{chinese_date(material.as_of)}，本年度{rates_told(found)}"
    yield Paragraph(runs=plain(text))


def _measures(material: Material, unit: str) -> Iterator[Block]:
    told = [(m, blocks) for m in material.plan.unit_measures(unit) if (blocks := _measure(material, unit, m))]
    for place, (measure, blocks) in enumerate(told, start=1):
        yield Heading(level=2, text=f"（{chinese(place)}）{_title(measure)}")
        yield from blocks


def _measure(material: Material, unit: str, measure: Measure) -> list[Block]:
    return list(_slot(material, unit, measure_slot(measure.number)))


def _title(measure: Measure) -> str:
    return f"{measure.title}（第{measure.number}项）"


def _slot(material: Material, unit: str, slot: str) -> Iterator[Block]:
    """A unit's words whole, a paragraph for each of its own."""
    report = material.accepted_report(unit)
    for words in lines("" if report is None else report.passage(slot)):
        yield Paragraph(runs=plain(words))


def _figures(material: Material, unit: str) -> Iterator[Block]:
    rows = []
    for indicator in printable(material.plan):
        now = material.book.get(indicator.id, unit)
        before = material.book_before.get(indicator.id, unit) if material.book_before else None
        if now is None and before is None:
            continue
        rows.append(
            Row(
                cells=(
                    Cell(text=indicator.name),
                    Cell(text=indicator.unit),
                    Cell(text="—" if now is None else now.text),
                    Cell(text="—" if before is None else before.text),
                    Cell(text=change(now, before)),
                )
            )
        )
    if rows:
        yield Table(
            columns=(
                Column(title="指标", share=70),
                Column(title="单位", share=16, align="center"),
                Column(title=f"{material.year}年", share=22, align="right"),
                Column(title=last_year(material), share=22, align="right"),
                Column(title="比上年", share=26, align="right"),
            ),
            rows=tuple(rows),
            notes=(MARKS,),
            small=True,
        )


def _items(material: Material, unit: str) -> Iterator[Block]:
    facts = sorted(material.by_unit[unit], key=lambda f: (f.item.due, f.item.key))
    if not facts:
        return
    rows = []
    for item in facts:
        light = material.light(item)
        counting = item.counting
        told = STATE_NAMES[counting.state] if counting is not None else "—"
        when = chinese_date(counting.day) if counting is not None else "—"
        duty = material.plan.duties_by_id[item.item.duty]
        rows.append(
            Row(
                cells=(
                    Cell(text=duty.title),
                    Cell(text=item.item.occurrence.label),
                    Cell(text=chinese_date(item.item.due)),
                    Cell(text=when),
                    Cell(text=told),
                    Cell(text=LIGHT_NAMES[light], light=light),
                )
            )
        )
    yield Table(
        columns=(
            Column(title="事项", share=52),
            Column(title="期间", share=29),
            Column(title="截止日期", share=26),
            Column(title="报送日期", share=26),
            Column(title="完成情况", share=18, align="center"),
            Column(title="状态", share=16, align="center"),
        ),
        rows=tuple(rows),
        small=True,
    )
