"""The brief for leaders (领导参阅): one page on how things stand, what needs a word from them, and what comes next."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from math import ceil

from domain.cadence import last_day
from domain.milestones import MilestoneState
from domain.numerals import chinese_date
from domain.report.blocks import Block, Document, Heading, Paragraph, plain
from domain.report.figures import printable, shown_table
from domain.report.material import Material
from domain.report.overview import state_of
from domain.report.progress import rates_told
from domain.report.prose import counted, listing
from domain.status import Light

MOST_FIGURES, ENOUGH_FIGURES = 8, 6
SOON = timedelta(days=90)
"""Milestones within so many days are named."""
_DETAIL = ((5, 3), (4, 2), (3, 1), (1, 1))
"""How many units and milestones are named, from much to little, until it fits."""
_LINE = 27
_ROOM, _CONCERNS = 12.0, 5
"""Lines of the page for text and table, without title, headings and signature; and of these for what to look at."""
_TABLE, _ROW = 2.3, 0.53
"""What a table in small type takes besides its rows, and each row, in lines."""
_LARGE_TABLE, _LARGE_ROW = 2.8, 0.74
"""Likewise in the usual type, which is kinder to its readers and taken where enough figures fit."""


def brief_report(material: Material) -> Document:
    """The brief of a year, from the same material as the consolidated report."""
    plan = material.plan
    return Document(
        title=f"{plan.short_name}情况参阅",
        subtitle=f"（{material.year}年度，截至{chinese_date(material.as_of)}）",
        author=plan.leading_group.office.name,
        day=material.as_of,
        sample=material.issue.sample,
        blocks=tuple(_blocks(material)),
    )


def _blocks(material: Material) -> Iterator[Block]:
    whole = _standing(material)
    versions = (tuple(_concerns(material, *detail)) for detail in _DETAIL)
    concerns: tuple[str, ...] = ()
    for concerns in versions:  # the last one where none fits
        if _lines(concerns) <= _CONCERNS:
            break
    room = _ROOM - _lines((whole, *concerns))
    large = (fitting := int((room - _LARGE_TABLE) / _LARGE_ROW)) >= ENOUGH_FIGURES
    most = min(MOST_FIGURES, fitting if large else max(2, int((room - _TABLE) / _ROW)))
    yield Heading(level=1, text="一、总体情况")
    yield Paragraph(runs=plain(whole))
    yield Heading(level=1, text="二、需要关注")
    yield from (Paragraph(runs=plain(text)) for text in concerns)
    yield Heading(level=1, text="三、主要数据")
    yield _figures(material, most, small=not large)


def _lines(texts: Iterable[str]) -> int:
    """How many lines paragraphs take."""
    return sum(ceil((len(text) + 2) / _LINE) for text in texts)


def _standing(material: Material) -> str:
    found = material.rates
    if not found.due:
        return "本年度事项均未到期。"
    return f"本年度{rates_told(found)}"


def _concerns(material: Material, most_units: int, most_nodes: int) -> Iterator[str]:
    """Who is late with how much, which milestones were missed, and which come soon."""
    late = Counter(f.item.unit for f in material.facts if material.light(f) is Light.RED)
    if late:
        yield f"逾期事项{late.total()}项：{listing(counted(material.plan, late), most_units)}。"
    dated = sorted(
        (last_day(m.due, m.bound), m.title, state_of(material, m))
        for phase in material.plan.phases
        for m in phase.milestones
    )
    missed = [title for _, title, state in dated if state is MilestoneState.MISSED]
    if missed:
        yield f"未按期达成的里程碑：{'；'.join(missed[:most_nodes])}{_rest(missed, most_nodes)}。"
    soon = [
        (day, title)
        for day, title, state in dated
        if state is MilestoneState.AHEAD and day <= material.as_of + SOON
    ]
    if soon:
        days = groupby(soon[:most_nodes], key=lambda node: node[0])
        told = [
            f"{chinese_date(day)}前（含当日）{'，'.join(title for _, title in found)}" for day, found in days
        ]
        yield f"近期节点：{'；'.join(told)}{_rest(soon, most_nodes)}。"
    if not late and not missed and not soon:
        yield "各项工作均按计划推进，没有逾期事项。"


def _rest(listed: Sequence[object], most: int) -> str:
    return f"等{len(listed)}项" if len(listed) > most else ""


def _figures(material: Material, most: int, *, small: bool) -> Block:
    """So many figures: of the groups whom the plan serves first, then of what was done; only what is published."""
    whole = (i for i in printable(material.plan) if i.part_of is None)
    note = "各类儿童之间有交叉，不得相加；人数较少的不予列出。"
    table = shown_table(material, sorted(whole, key=lambda i: not i.base), note, most)
    if table is not None:
        return table.model_copy(update={"small": small})
    return Paragraph(runs=plain("尚无审核通过的数据。"))
