"""What may and must be handed in for an item, and everything wrong with what was. Pure.

The doors (page, Excel) build their forms from :func:`slots` and :func:`indicators`, so that what they ask for is
exactly what :func:`check_entry` expects.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from domain.canonical import decimal_places, decimal_text
from domain.entries import (
    HIGHLIGHTS,
    NEXT_STEPS,
    PROGRESS,
    SHORTCOMINGS,
    Fault,
    FigureEntry,
    ItemEntry,
    State,
    measure_slot,
)
from domain.plan import Duty, Indicator, Plan
from domain.plausibility import LastFigure, far_off
from domain.privacy import find
from domain.problems import Problem, ProblemKind

LEAST_TEXT = 4
"""Fewer characters than this tell nothing; 已完成 only repeats the state."""
MOST_TEXT = 5_000
MOST_REMARK = 500
MOST_FIGURE = Decimal(1_000_000_000)
"""Above every figure of a district, in any unit of measure: what is larger is a slip."""

_SLOT_NAMES = {PROGRESS: "进展情况", HIGHLIGHTS: "亮点", SHORTCOMINGS: "存在问题", NEXT_STEPS: "下一步打算"}
_WHAT_TO_TELL = {
    State.DONE: "完成情况选“已完成”的，请写明做了什么、成效如何。",
    State.UNDER_WAY: "完成情况选“推进中”的，请写明做到哪一步。",
    State.NOT_STARTED: "完成情况选“未开展”的，请写明原因和打算。",
}


def slots(plan: Plan, duty: Duty | None, unit: str) -> dict[str, str]:
    """Slots of narrative that a unit may fill for a duty, with their Chinese names, in the order of the form.

    The yearly progress report tells of each of the unit's measures; everything else has one passage, as has a
    duty that the present plan no longer knows (None).
    """
    if duty is None or duty.role != "annual-report":
        return {PROGRESS: _SLOT_NAMES[PROGRESS]}
    measures = {
        measure_slot(m.number): f"任务{m.number}（{m.title}）主要做法与成效" for m in plan.unit_measures(unit)
    }
    return measures | {slot: _SLOT_NAMES[slot] for slot in (HIGHLIGHTS, SHORTCOMINGS, NEXT_STEPS)}


def indicators(plan: Plan, duty: Duty | None, unit: str) -> tuple[Indicator, ...]:
    """The indicators that a unit must supply with a duty, in the duty's order; rates are never supplied."""
    if duty is None:
        return ()
    known = (plan.indicators_by_id[i] for i in duty.indicators)
    return tuple(i for i in known if i.ratio is None and unit in plan.suppliers(i))


def check_entry(
    plan: Plan, duty: Duty | None, unit: str, entry: ItemEntry, last: Mapping[str, LastFigure]
) -> tuple[Fault, ...]:
    """Every fault of a clean entry (:func:`domain.canonical.clean_entry`); empty where it may be stored.

    Args:
        plan: the plan in force.
        duty: the item's duty; None where the plan in force no longer has it.
        unit: id of the unit that hands in.
        entry: what it hands in.
        last: last period's figures of the same unit and duty, by indicator.
    """
    allowed = slots(plan, duty, unit)
    wanted = {i.id: i for i in indicators(plan, duty, unit)}
    return (
        *_repeated(plan, entry),
        *_passages(entry, allowed),
        *_figures(plan, duty, unit, entry, wanted),
        *(
            fault
            for figure in entry.figures
            if figure.indicator in wanted
            for fault in _figure(plan, entry.key, wanted[figure.indicator], figure, last)
        ),
    )


def _repeated(plan: Plan, entry: ItemEntry) -> Iterator[Fault]:
    for slot, times in Counter(p.slot for p in entry.passages).items():
        if times > 1:
            name = _SLOT_NAMES.get(slot, slot)
            yield Fault(entry.key, f"passage:{slot}", Problem(ProblemKind.ENTRY_TWICE, name=name))
    for indicator, times in Counter(f.indicator for f in entry.figures).items():
        if times > 1:
            name = _indicator_name(plan, indicator)
            yield Fault(entry.key, f"figure:{indicator}", Problem(ProblemKind.ENTRY_TWICE, name=name))


def _passages(entry: ItemEntry, allowed: Mapping[str, str]) -> Iterator[Fault]:
    for passage in entry.passages:
        field = f"passage:{passage.slot}"
        if passage.slot not in allowed:
            problem = Problem(ProblemKind.PASSAGE_NOT_ASKED, key=entry.key, slot=shown(passage.slot))
            yield Fault(entry.key, field, problem)
            continue
        yield from _text(entry.key, field, allowed[passage.slot], passage.text, MOST_TEXT)
    mend = _WHAT_TO_TELL.get(entry.state)
    if mend and not any(p.slot in allowed and len(p.text) >= LEAST_TEXT for p in entry.passages):
        slot, name = next(iter(allowed.items()))
        problem = Problem(ProblemKind.PASSAGE_MISSING, slot=name, least=LEAST_TEXT, mend=mend)
        yield Fault(entry.key, f"passage:{slot}", problem)


def _figures(
    plan: Plan, duty: Duty | None, unit: str, entry: ItemEntry, wanted: Mapping[str, Indicator]
) -> Iterator[Fault]:
    """Figures that nobody asked for, and those that are not there."""
    given = {figure.indicator for figure in entry.figures}
    for unasked in sorted(given - wanted.keys()):
        yield Fault(entry.key, f"figure:{unasked}", _unwanted(plan, duty, unit, entry.key, unasked))
    for indicator in wanted.values():
        if indicator.id not in given:
            problem = Problem(ProblemKind.FIGURE_MISSING, name=indicator.name)
            yield Fault(entry.key, f"figure:{indicator.id}", problem)


def _unwanted(plan: Plan, duty: Duty | None, unit: str, key: str, indicator: str) -> Problem:
    if indicator not in plan.indicators_by_id:
        return Problem(ProblemKind.UNKNOWN_INDICATOR, name=shown(indicator))
    name = _indicator_name(plan, indicator)
    if duty is None or indicator not in duty.indicators:
        return Problem(ProblemKind.FIGURE_NOT_ASKED, key=key, name=name)
    return Problem(ProblemKind.FIGURE_NOT_YOURS, name=name, unit=plan.units_by_id[unit].name)


def _figure(
    plan: Plan, key: str, indicator: Indicator, figure: FigureEntry, last: Mapping[str, LastFigure]
) -> Iterator[Fault]:
    field = f"figure:{indicator.id}"
    yield from _text(key, f"remark:{indicator.id}", f"{indicator.name}的说明", figure.remark, MOST_REMARK)
    if figure.value is None:
        if not figure.remark:
            yield Fault(key, field, Problem(ProblemKind.FIGURE_MISSING, name=indicator.name))
        return
    mend = _invalid(figure.value, indicator)
    if mend:
        found = str(figure.value)[:30]
        problem = Problem(ProblemKind.FIGURE_INVALID, name=indicator.name, found=found, mend=mend)
        yield Fault(key, field, problem)
        return
    before = last.get(indicator.id)
    if before and not figure.remark and far_off(figure.value, before.value, plan.rules.plausibility):
        shown = f"{decimal_text(before.value)} {indicator.unit}"
        problem = Problem(ProblemKind.FIGURE_FAR_OFF, name=indicator.name, period=before.period, last=shown)
        yield Fault(key, field, problem)


def _invalid(value: Decimal, indicator: Indicator) -> str | None:
    """What to do about a value that is no figure of this indicator; None where it is one."""
    if value < 0:
        return "请填写不小于 0 的数。"
    if value > MOST_FIGURE:
        return f"数值过大，请核对计量单位（{indicator.unit}）。"
    if decimal_places(value) > indicator.decimals:
        return f"请最多保留 {indicator.decimals} 位小数。" if indicator.decimals else "请填写整数。"
    return None


def _text(key: str, field: str, name: str, text: str, limit: int) -> Iterator[Fault]:
    if len(text) > limit:
        problem = Problem(ProblemKind.PASSAGE_TOO_LONG, slot=name, length=len(text), limit=limit)
        yield Fault(key, field, problem)
        return
    for reason in dict.fromkeys(finding.reason for finding in find(text)):
        yield Fault(key, field, Problem(ProblemKind.CHILD_DATA, reason=reason.rstrip("。")))


def _indicator_name(plan: Plan, indicator: str) -> str:
    known = plan.indicators_by_id.get(indicator)
    return known.name if known else shown(indicator)


def shown(word: str) -> str:
    """A word that somebody else chose, short and printable enough for a message, and no child's data."""
    return "（已略去）" if find(word) else "".join(c for c in word[:40] if c.isprintable())
