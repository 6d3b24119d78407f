"""What goes into a unit's form: its open items, the figures it supplies, the passages of its report. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.duties import WorkItem
from domain.entries import HIGHLIGHTS, NEXT_STEPS, PROGRESS, SHORTCOMINGS, STATE_NAMES, measure_slot
from domain.entry_check import indicators, slots
from domain.facts import ItemFacts, Submission
from domain.numerals import chinese_date
from domain.plan import Duty, Plan
from domain.plausibility import LastFigure
from services.workbook.layout import ANNUAL_SHEET, FIGURES_SHEET, PROGRESS_SHEET, SHEETS, Deadline, Form, Line

_HINTS = {
    HIGHLIGHTS: "可供借鉴的做法和实际效果",
    SHORTCOMINGS: "工作中的困难和不足",
    NEXT_STEPS: "下一年度的主要安排",
}


@dataclass(frozen=True)
class Material:
    """What is known for a form as of a day: items with what was handed in, and last period's figures.

    ``last_figures`` are by item key and indicator; ``amending`` says what is to be corrected of accepted items that may
    be, by key. Items may be anybody's; the form takes its own.
    """

    items: Sequence[ItemFacts]
    last_figures: Mapping[str, Mapping[str, LastFigure]]
    as_of: date
    amending: Mapping[str, str] = field(default_factory=dict)


def build_form(plan: Plan, unit: str, year: int, material: Material) -> Form | None:
    """The form that ``unit`` (an id) fills in for ``year``; None where nothing is open for it.

    Items that are not open yet are left out, and those already accepted that may not be corrected.
    """
    as_of, last_figures = material.as_of, material.last_figures
    mine = [i.as_of(as_of) for i in material.items if _to_fill_in(i, unit, year, material)]
    mine.sort(key=lambda i: (i.item.due, i.item.key))
    if not mine:
        return None
    lines: dict[str, list[Line]] = {sheet.name: [] for sheet in SHEETS}
    for number, facts in _numbered(mine):
        reason = _reason(facts.latest, material.amending.get(facts.item.key))
        duty = plan.duties_by_id.get(facts.item.duty)
        if duty is not None and duty.role == "annual-report":
            lines[ANNUAL_SHEET.name] += _annual_lines(plan, duty, facts, reason)
        else:
            lines[PROGRESS_SHEET.name].append(_progress_line(plan, duty, number, facts, reason))
        before = last_figures.get(facts.item.key, {})
        lines[FIGURES_SHEET.name] += _figure_lines(plan, duty, number, facts, before)
    return Form(
        plan_id=plan.id,
        plan_name=plan.name,
        unit=unit,
        unit_name=plan.units_by_id[unit].name,
        year=year,
        as_of=as_of,
        deadlines=_deadlines(plan, mine),
        lines={name: tuple(rows) for name, rows in lines.items()},
    )


def due_words(item: WorkItem) -> str:
    """The last day in time, with the last working day before it where offices are closed on the day itself."""
    words = chinese_date(item.due) + ("（已延期）" if item.extended else "")
    if item.act_by == item.due:
        return words
    return f"{words}\n（最后工作日{item.act_by.month}月{item.act_by.day}日）"


def _to_fill_in(facts: ItemFacts, unit: str, year: int, material: Material) -> bool:
    item, newest = facts.item, facts.as_of(material.as_of).latest
    return (
        item.unit == unit
        and item.year == year
        and item.occurrence.opens <= material.as_of
        and (newest is None or not newest.accepted or item.key in material.amending)
    )


def _numbered(items: Sequence[ItemFacts]) -> Iterator[tuple[str, ItemFacts]]:
    """Items with their number: the measure's and a running one (``8-2``); ``0-`` for those that serve all."""
    by_measure: dict[int, list[ItemFacts]] = {}
    for facts in items:
        by_measure.setdefault(facts.item.measure or 0, []).append(facts)
    for measure in sorted(by_measure, key=lambda m: (m == 0, m)):
        for position, facts in enumerate(by_measure[measure], start=1):
            yield f"{measure}-{position}", facts


def _progress_line(plan: Plan, duty: Duty | None, number: str, facts: ItemFacts, reason: str | None) -> Line:
    item, latest = facts.item, facts.latest
    return Line(
        number=number,
        key=item.key,
        part=PROGRESS,
        locked=(
            _measure_name(plan, item.measure),
            _title(duty, facts),
            duty.demand if duty else "方案修订前开出的事项，仍请报送进展。",
            item.occurrence.label,
            due_words(item),
            reason,
        ),
        filled=(STATE_NAMES[latest.state], latest.passage(PROGRESS) or None) if latest else (None, None),
    )


def _figure_lines(
    plan: Plan, duty: Duty | None, number: str, facts: ItemFacts, before: Mapping[str, LastFigure]
) -> Iterator[Line]:
    item = facts.item
    handed_in = {f.indicator: f for f in facts.latest.figures} if facts.latest else {}
    for position, indicator in enumerate(indicators(plan, duty, item.unit), start=1):
        figure, last = handed_in.get(indicator.id), before.get(indicator.id)
        yield Line(
            number=f"{number}-{position}",
            key=item.key,
            part=indicator.id,
            locked=(
                _title(duty, facts),
                item.occurrence.label,
                indicator.name,
                indicator.unit,
                indicator.definition or None,
                last.value if last else None,
            ),
            filled=(figure.value, figure.remark or None) if figure else (None, None),
            decimals=indicator.decimals,
        )


def _annual_lines(plan: Plan, duty: Duty, facts: ItemFacts, reason: str | None) -> Iterator[Line]:
    hints = {measure_slot(m.number): "；".join(m.demands) for m in plan.measures} | _HINTS
    for position, (slot, name) in enumerate(slots(plan, duty, facts.item.unit).items(), start=1):
        yield Line(
            number=f"年报-{position}",
            key=facts.item.key,
            part=slot,
            locked=(name, hints.get(slot), reason if position == 1 else None),
            filled=((facts.latest.passage(slot) or None) if facts.latest else None,),
        )


def _title(duty: Duty | None, facts: ItemFacts) -> str:
    """What an item is called; the code of its duty where the plan in force no longer has it."""
    return duty.title if duty else facts.item.duty


def _measure_name(plan: Plan, number: int | None) -> str:
    return "综合" if number is None else f"{number}．{plan.measures_by_number[number].title}"


def _reason(latest: Submission | None, correction: str | None) -> str | None:
    """Why the office returned the newest version, or what it lets the unit correct; None for neither."""
    if latest and latest.returned and latest.review:
        return latest.review.reason
    return f"可更正：{correction}" if correction else None


def _deadlines(plan: Plan, items: Sequence[ItemFacts]) -> tuple[Deadline, ...]:
    """What is due when, for items in the order of their due days."""
    by_day: dict[str, list[str]] = {}
    for facts in items:
        label = facts.item.occurrence.label
        title = _title(plan.duties_by_id.get(facts.item.duty), facts)
        whole_year = label == f"{facts.item.year}年"
        by_day.setdefault(due_words(facts.item), []).append(title if whole_year else f"{title}：{label}")
    return tuple(Deadline(day, tuple(titles)) for day, titles in by_day.items())
