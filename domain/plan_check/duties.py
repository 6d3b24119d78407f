"""Duties: every unit that a measure names owes something under it, and nobody waits in a circle."""

from collections.abc import Iterator

from domain.cadence import Festivals, Yearly
from domain.plan import After, Duty, Measure, Plan
from domain.plan_check.finding import Finding, Loc, cycles, known_units


def check_duties(plan: Plan) -> Iterator[Finding]:
    """Assignments without a duty, circles, dependencies that can never match, more than one annual report."""
    yield from _assignments(plan)
    yield from _measure_cycles(plan)
    yield from _duty_cycles(plan)
    yield from _dependencies(plan)
    yield from _annual_reports(plan)


def owing_units(plan: Plan, duty: Duty) -> tuple[str, ...]:
    """As :meth:`domain.plan.Plan.duty_units`, unknown names and measures left out."""
    if duty.units:
        return known_units(plan, duty.units)
    measure = plan.measures_by_number.get(duty.measure or 0)
    if measure is not None:
        return _named_units(plan, measure)
    return tuple(plan.units_by_id) if duty.measure is None else ()


def _named_units(plan: Plan, measure: Measure) -> tuple[str, ...]:
    return known_units(plan, (*measure.lead, *measure.units))


def _assignments(plan: Plan) -> Iterator[Finding]:
    owed: dict[int, set[str]] = {}
    for duty in plan.duties:
        if duty.measure is not None:
            owed.setdefault(duty.measure, set()).update(owing_units(plan, duty))
    for i, measure in enumerate(plan.measures):
        named = _named_units(plan, measure)
        idle = [unit for unit in named if unit not in owed.get(measure.number, set())]
        if not idle:
            continue
        names = "、".join(plan.units_by_id[unit].name for unit in idle)
        message = (
            f"举措 {measure.number} 的责任单位在它之下没有任何职责事项。"
            if len(idle) == len(named)
            else f"举措 {measure.number} 之下，{names}没有任何职责事项。"
        )
        yield Finding(("measures", i, "units"), message, "请在 duties 中补上（measure 写此序号）。")


def _measure_cycles(plan: Plan) -> Iterator[Finding]:
    needs = {m.number: [link.measure for link in m.depends_on] for m in plan.measures}
    position = {measure.number: i for i, measure in enumerate(plan.measures)}
    for path in cycles(needs):
        shown = " → ".join(str(number) for number in path)
        yield Finding(
            ("measures", position[path[0]], "depends_on"), f"举措循环依赖：{shown}。", "请去掉其中一环。"
        )


def _duty_cycles(plan: Plan) -> Iterator[Finding]:
    needs = {duty.id: [after.duty for after in duty.after] for duty in plan.duties}
    position = {duty.id: i for i, duty in enumerate(plan.duties)}
    for path in cycles(needs):
        yield Finding(
            ("duties", position[path[0]], "after"),
            f"职责事项循环等待：{' → '.join(path)}。",
            "请去掉其中一环。",
        )


def _dependencies(plan: Plan) -> Iterator[Finding]:
    for i, duty in enumerate(plan.duties):
        for k, after in enumerate(duty.after):
            other = plan.duties_by_id.get(after.duty)
            if other is not None:
                yield from _dependency(plan, ("duties", i, "after", k), duty, after, other)


def _dependency(plan: Plan, loc: Loc, duty: Duty, after: After, other: Duty) -> Iterator[Finding]:
    if after.period == "same" and _periods(duty) != _periods(other):
        yield Finding(
            (*loc, "period"),
            f"“{other.title}”的周期与本事项不同，没有“同期”可言。",
            "请改用 period: latest，或改正周期。",
        )
    if after.scope == "same-unit" and not set(owing_units(plan, duty)) & set(owing_units(plan, other)):
        yield Finding(
            (*loc, "scope"),
            f"没有一个单位同时承担本事项和“{other.title}”。",
            "请改用 scope: all-units，或核对承担单位。",
        )


def _periods(duty: Duty) -> tuple[str, ...]:
    """What an item's period code is made of: two duties share periods where this is equal."""
    cadence = duty.cadence
    if isinstance(cadence, Festivals):
        return ("festival", *sorted(festival.id for festival in cadence.festivals))
    return ("year",) if cadence.every == "standing" else (cadence.every,)


def _annual_reports(plan: Plan) -> Iterator[Finding]:
    found = [(i, duty) for i, duty in enumerate(plan.duties) if duty.role == "annual-report"]
    for i, duty in found[:1]:
        if not isinstance(duty.cadence, Yearly):
            yield Finding(
                ("duties", i, "cadence"),
                "年度进展报告必须每年一次。",
                "请写 cadence: {every: year, due: 月-日}。",
            )
    for i, _ in found[1:]:
        yield Finding(
            ("duties", i, "role"),
            f"年度进展报告只能有一项，“{found[0][1].id}”已经是。",
            "请删去多余的 role: annual-report。",
        )
