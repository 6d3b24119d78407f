"""Indicators: each figure has somebody who supplies it and a duty that collects it; rates and parts add up."""

from collections.abc import Iterator

from domain.plan import Indicator, Plan
from domain.plan_check.duties import owing_units
from domain.plan_check.finding import Finding, Loc, cycles, known_units


def check_indicators(plan: Plan) -> Iterator[Finding]:
    """Figures that nobody supplies or collects; rates, breakdowns and links that make no sense."""
    collecting = _collecting(plan)
    for i, indicator in enumerate(plan.indicators):
        loc: Loc = ("indicators", i)
        if indicator.ratio is None:
            yield from _supply(plan, loc, indicator, collecting.get(indicator.id))
        else:
            yield from _rate(plan, loc, indicator)
        yield from _breakdown(plan, loc, indicator)
        if indicator.id in indicator.linked:
            yield Finding((*loc, "linked"), "指标不能与自己关联。", "请删去此项。")
    yield from _collected_rates(plan)
    yield from _part_cycles(plan)


def _collecting(plan: Plan) -> dict[str, set[str]]:
    """Units that owe a duty which collects an indicator, by indicator."""
    found: dict[str, set[str]] = {}
    for duty in plan.duties:
        for name in duty.indicators:
            found.setdefault(name, set()).update(owing_units(plan, duty))
    return found


def _supply(plan: Plan, loc: Loc, indicator: Indicator, owing: set[str] | None) -> Iterator[Finding]:
    if not indicator.supplier:
        yield Finding(loc, f"指标“{indicator.name}”没有供数单位。", "请补上 supplier，或写明 ratio。")
    if owing is None:
        yield Finding(loc, f"没有职责事项收集指标“{indicator.name}”。", "请列入某个职责事项的 indicators。")
        return
    idle = [unit for unit in known_units(plan, indicator.supplier) if unit not in owing]
    if idle:
        names = "、".join(plan.units_by_id[unit].name for unit in idle)
        yield Finding(
            (*loc, "supplier"),
            f"{names}不承担收集“{indicator.name}”的职责事项，无处填报。",
            "请调整 supplier，或让该单位承担收集此指标的事项。",
        )


def _rate(plan: Plan, loc: Loc, indicator: Indicator) -> Iterator[Finding]:
    if indicator.supplier:
        yield Finding(
            (*loc, "supplier"),
            f"“{indicator.name}”是计算出来的比率，没有人填报。",
            "请删去 supplier。",
        )
    ratio = indicator.ratio
    if ratio is None:
        return
    parts = [plan.indicators_by_id.get(name) for name in (ratio.numerator, ratio.denominator)]
    top, bottom = parts
    if top is None or bottom is None:
        return
    here = (*loc, "ratio")
    if top.id == bottom.id:
        yield Finding(here, "比率的分子与分母相同。", "请改正其一。")
    for key, part in (("numerator", top), ("denominator", bottom)):
        if part.ratio is not None:
            yield Finding((*here, key), f"“{part.name}”本身是比率。", "比率只能由填报的数相除。")
        elif part.over_units == "none":
            yield Finding(
                (*here, key), f"“{part.name}”各单位不相加，无法计算全区比率。", "请改正 over_units。"
            )
    if set(known_units(plan, top.supplier)) != set(known_units(plan, bottom.supplier)):
        yield Finding(
            here,
            f"“{top.name}”与“{bottom.name}”的供数单位不同，范围不一，不能相除。",
            "请使两者的 supplier 一致。",
        )


def _breakdown(plan: Plan, loc: Loc, indicator: Indicator) -> Iterator[Finding]:
    if indicator.part_of is None:
        if indicator.breakdown is not None:
            yield Finding((*loc, "breakdown"), "写了分组方式，却没有写总数。", "请补上 part_of。")
        return
    if indicator.breakdown is None:
        yield Finding(
            (*loc, "part_of"), "没有写按什么分组。", "请补上 breakdown，如 年龄；同组的写法须一致。"
        )
    if indicator.overlaps:
        yield Finding(
            (*loc, "part_of"),
            f"“{indicator.name}”与其他指标有重叠，不能作为总数的一部分相加。",
            "请删去 part_of，或改正 overlaps。",
        )
    whole = plan.indicators_by_id.get(indicator.part_of)
    if whole is None:
        return
    for key, mine, theirs in (
        ("unit", indicator.unit, whole.unit),
        ("over_time", indicator.over_time, whole.over_time),
        ("over_units", indicator.over_units, whole.over_units),
    ):
        if mine != theirs:
            yield Finding(
                (*loc, key), f"与总数“{whole.name}”的 {key} 不同（{mine}、{theirs}）。", "部分与总数须一致。"
            )
    if indicator.ratio is not None or whole.ratio is not None:
        yield Finding((*loc, "part_of"), "比率不能相加成总数。", "请删去 part_of。")


def _collected_rates(plan: Plan) -> Iterator[Finding]:
    for i, duty in enumerate(plan.duties):
        for k, name in enumerate(duty.indicators):
            indicator = plan.indicators_by_id.get(name)
            if indicator is not None and indicator.ratio is not None:
                yield Finding(
                    ("duties", i, "indicators", k),
                    f"“{indicator.name}”是计算出来的比率，不能填报。",
                    "请改列它的分子和分母。",
                )


def _part_cycles(plan: Plan) -> Iterator[Finding]:
    position = {indicator.id: i for i, indicator in enumerate(plan.indicators)}
    needs = {n.id: [n.part_of] if n.part_of else [] for n in plan.indicators}
    for path in cycles(needs):
        yield Finding(
            ("indicators", position[path[0]], "part_of"),
            f"指标互为部分：{' → '.join(path)}。",
            "请去掉其中一环。",
        )
