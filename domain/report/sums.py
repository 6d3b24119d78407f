"""The district's figures out of the units': totals, and rates over the units that gave both of their parts."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.aggregate import Figure, Key, comparable, ratio, total
from domain.plan import Indicator, Plan

DISTRICT = ""
"""Stands for the sum over all suppliers where a unit's id would stand."""


def district_name(plan: Plan) -> str:
    """The whole of the plan's region in a word: 全区, 全县, 全市."""
    name = plan.document.region
    return f"全{name[-1]}" if name[-1:] in set("省市县区旗州盟乡镇") else "全域"


@dataclass(frozen=True)
class Sums:
    """A year's figures by indicator and unit, totals and rates included, and the units each district rate is over.

    ``coverage`` holds, by rate, the units that gave both parts; a rate is never of a part of one set of units and a
    whole of another.
    """

    figures: Mapping[Key, Figure]
    coverage: Mapping[str, tuple[str, ...]]

    def whole_coverage(self, plan: Plan, rate: Indicator) -> bool:
        """Whether a district rate is of the printed totals, no unit being left out."""
        given = {unit for part in parts_of(rate) for unit in _givers(plan, self.figures, part)}
        return given == set(self.coverage[rate.id])


def sums(plan: Plan, collected: Mapping[Key, Figure]) -> Sums:
    """Unit figures with the district's totals, and the rates of both."""
    figures = dict(collected)
    coverage: dict[str, tuple[str, ...]] = {}
    for indicator in plan.indicators:
        if indicator.ratio is None and indicator.over_units == "sum":
            figures[indicator.id, DISTRICT] = total(indicator, collected, plan.suppliers(indicator))
    for rate in plan.indicators:
        if rate.ratio is not None:
            coverage[rate.id] = tuple(u for u in plan.units_by_id if comparable(plan, rate, collected, u))
            figures.update(_unit_rates(plan, rate, collected, coverage[rate.id]))
            if all((part, DISTRICT) in figures for part in parts_of(rate)):
                figures[rate.id, DISTRICT] = _district_rate(plan, rate, figures, coverage[rate.id])
    return Sums(figures, coverage)


def parts_of(rate: Indicator) -> tuple[str, ...]:
    """Ids of a rate's numerator and denominator; none for what is no rate."""
    return () if rate.ratio is None else (rate.ratio.numerator, rate.ratio.denominator)


def _unit_rates(
    plan: Plan, rate: Indicator, collected: Mapping[Key, Figure], covered: tuple[str, ...]
) -> Mapping[Key, Figure]:
    found: dict[Key, Figure] = {}
    for unit in plan.units_by_id:
        parts = [collected[part, unit] for part in parts_of(rate) if (part, unit) in collected]
        if len(parts) == 2:
            whole = ratio(*parts)
            found[rate.id, unit] = whole if unit in covered else Figure(None, gaps=whole.gaps)
    return found


def _district_rate(
    plan: Plan, rate: Indicator, figures: Mapping[Key, Figure], covered: tuple[str, ...]
) -> Figure:
    """Of sums over the covered units; it lacks what the district's totals lack."""
    top, bottom = (total(plan.indicators_by_id[part], figures, covered) for part in parts_of(rate))
    found = ratio(top, bottom)
    gaps = (gap for part in parts_of(rate) for gap in figures[part, DISTRICT].gaps)
    return Figure(found.value, found.sources, tuple(dict.fromkeys(gaps)))


def _givers(plan: Plan, figures: Mapping[Key, Figure], indicator: str) -> tuple[str, ...]:
    """The units that gave a value."""
    suppliers = plan.suppliers(plan.indicators_by_id[indicator])
    return tuple(
        u for u in suppliers if (indicator, u) in figures and figures[indicator, u].value is not None
    )
