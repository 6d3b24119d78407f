"""Parts three to five of the consolidated report: 工作亮点, 存在问题, 下一步打算, from what units wrote and what is late."""

from collections import Counter
from collections.abc import Iterator

from domain.cadence import last_day
from domain.entries import HIGHLIGHTS, NEXT_STEPS, SHORTCOMINGS
from domain.milestones import MilestoneState
from domain.numerals import chinese_date
from domain.plan import Unit
from domain.report.blocks import Block, Heading, Paragraph, plain
from domain.report.material import LOCAL_EXAMPLES, Material
from domain.report.overview import state_of
from domain.report.prose import brief, counted, listing, told_by
from domain.status import Light

WORDS = 90
"""Characters that one unit's words may take in these parts; its own report has them whole."""


def closing(material: Material) -> Iterator[Block]:
    """The blocks of 三、工作亮点, 四、存在问题 and 五、下一步打算."""
    yield Heading(level=1, text="三、工作亮点")
    yield from voices(material, HIGHLIGHTS, "本年度无审核通过的亮点材料。")
    yield Heading(level=1, text="四、存在问题")
    yield Heading(level=2, text="（一）任务落实方面")
    yield Paragraph(runs=plain(_behind(material)))
    yield Heading(level=2, text="（二）各单位反映的问题")
    yield from voices(material, SHORTCOMINGS, "本年度各单位未反映问题，或材料尚未审核通过。")
    yield Heading(level=1, text="五、下一步打算")
    yield Paragraph(runs=plain(_ahead(material)))
    yield from voices(material, NEXT_STEPS, "")


def voices(material: Material, slot: str, otherwise: str) -> Iterator[Block]:
    """Units' accepted words in a slot: a paragraph for each that differ, some townships and streets together."""
    told = _words(material, slot)
    departments = {w: [u for u in units if not material.is_local(u)] for w, units in told.items()}
    for words, units in departments.items():
        if len(units) == 1:
            yield Paragraph(runs=plain(told_by(units[0], words)))
        elif units:
            yield Paragraph(runs=plain(f"{listing([u.name for u in units])}：{words}"))
    local = [(u, words) for words, units in told.items() for u in units if material.is_local(u)]
    if local:
        yield Paragraph(runs=plain(_examples(material, local)))
    if not told and otherwise:
        yield Paragraph(runs=plain(otherwise))


def _words(material: Material, slot: str) -> dict[str, list[Unit]]:
    """The units that say the same, by what they say; in the plan's order."""
    told: dict[str, list[Unit]] = {}
    for unit in material.plan.units:
        report = material.accepted_report(unit.id)
        words = "" if report is None else brief(report.passage(slot), WORDS)
        if words:
            told.setdefault(words, []).append(unit)
    return told


def _examples(material: Material, local: list[tuple[Unit, str]]) -> str:
    """The words of a few townships and streets that differ, and where the others' are to be found."""
    words = {unit.id: text for unit, text in local}
    chosen: dict[str, Unit] = {}
    for unit in material.best_first([unit for unit, _ in local]):
        chosen.setdefault(words[unit.id], unit)
    told = [told_by(unit, text) for text, unit in chosen.items()][:LOCAL_EXAMPLES]
    others = len(local) - len(told)
    rest = f"其余{others}个{material.local_name}的情况见各自年度报告。" if others else ""
    return "".join(told) + rest


def _behind(material: Material) -> str:
    found = material.rates
    if not found.due:
        return "本年度事项均未到期。"
    late = [f for f in material.due if material.light(f) is Light.RED]
    returned = sum(f.times_returned for f in material.facts)
    absent = found.due - found.completeness.count
    missed = found.timeliness.of - found.timeliness.count
    if not absent and not returned and not missed:
        return "本年度到期事项均已按时报送，未发生退回。"
    parts = [] if absent else ["本年度到期事项均已报送。"]
    if late:
        names = counted(material.plan, Counter(f.item.unit for f in late))
        parts.append(
            f"截至{chinese_date(material.as_of)}，有{len(late)}项事项逾期未报送或退回后未补正：{listing(names, 8)}。"
        )
    if absent > len(late):
        parts.append(f"另有{absent - len(late)}项已到期限、尚待报送或补正。")
    if returned:
        parts.append(f"全年退回补正{returned}次，部分材料填报质量有待提高。")
    if missed:
        parts.append(f"到期事项中有{missed}项未在期限内首次报送。")
    return "".join(parts)


def _ahead(material: Material) -> str:
    """What the plan itself asks for next: what is carried over, and the milestones to come."""
    carried = material.rates.due - sum(f.accepted is not None for f in material.due)
    parts = [f"督促有关单位尽快完成{carried}项尚未报送或尚未审核通过的到期事项。"] if carried else []
    ahead = [
        (last_day(m.due, m.bound), m.title)
        for phase in material.plan.phases
        for m in phase.milestones
        if state_of(material, m) is MilestoneState.AHEAD
    ]
    days = {day: [title for when, title in ahead if when == day] for day, _ in sorted(ahead)}
    told = [f"{chinese_date(day)}前（含当日）{'；'.join(titles)}" for day, titles in days.items()]
    if told:
        parts.append(f"对照方案抓好后续节点任务：{'。'.join(told)}。")
    return "".join(parts) or "继续推进各项常态化任务。"
