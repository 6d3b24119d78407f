"""Sample figures that hang together: breakdowns and balances add up, parts stay below wholes, years grow a little."""

import re
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from domain.plan import Balance, Indicator, Nature, Plan
from services.sample.spec import SampleSpec, Typical

FALLBACK = {"人": 40, "人次": 120, "户次": 40, "场次": 4, "次": 4, "万元": 6, "份": 30}
"""Typical figure by unit of measure, where the sample material names none."""
OTHERWISE = 8
STOCK_NOISE = Decimal("0.02")
FLOW_NOISE = Decimal("0.2")
QUARTER = re.compile(r"(\d{4})Q([1-4])")
HALF_YEAR = re.compile(r"\d{4}H([12])")
MONTH = re.compile(r"\d{4}-(\d\d)")
YEARLY_REPORT = 3
"""The quarter whose levels a yearly report tells: the last one closed when it is written in November."""


class Figures:
    """Figures made up from a seed: the same seed, unit, indicator and period give the same figure."""

    def __init__(self, plan: Plan, spec: SampleSpec, seed: int) -> None:
        self._plan = plan
        self._spec = spec
        self._seed = seed

    def value(self, indicator: Indicator, unit: str, period: str) -> Decimal:
        """A figure for one unit and period, with as many decimals as the indicator allows."""
        typical = self._typical(indicator)
        balance = next((b for b in self._plan.balances if indicator.id in {b.entered, b.left}), None)
        if balance is not None and QUARTER.fullmatch(period):
            return self._movement(balance, indicator, unit, period)
        if indicator.part_of is not None and typical.share is not None:
            return self._part(indicator, unit, period)
        if typical.plus:
            more, less = (
                [self.value(self._plan.indicators_by_id[i], unit, period) for i in others]
                for others in (typical.plus, typical.minus)
            )
            return sum(more, Decimal(0)) - sum(less, Decimal(0))
        return self._alone(indicator, typical, unit, period)

    def _alone(self, indicator: Indicator, typical: Typical, unit: str, period: str) -> Decimal:
        """A figure that is told by itself, or as a share of another."""
        if typical.of is not None:
            whole = self.value(self._plan.indicators_by_id[typical.of], unit, period)
            rate = self._for_unit(typical, unit) or typical.rate
            noise = 1 if rate == 1 else self._noise(indicator, unit, period, _width(typical, Nature.STOCK))
            return self._rounded(indicator, whole * rate * noise, whole if rate <= 1 else None)
        if typical.by_year:
            began = [year for year in typical.by_year if year <= self._year(period)]
            return self._rounded(indicator, typical.by_year[max(began, default=min(typical.by_year))], None)
        size = self._for_unit(typical, unit)
        if size is None:
            size = self._base(indicator, typical) * self._draw(unit, typical.spread)
        if not typical.steady:
            size *= 1 + typical.growth * self._years_gone(period)
            size *= self._noise(indicator, unit, period, _width(typical, indicator.nature))
        return self._rounded(indicator, size, None)

    def _movement(self, balance: Balance, indicator: Indicator, unit: str, period: str) -> Decimal:
        """Who came or went in a quarter: as many on both sides as usually, and the change of the stock on one."""
        stock = self._plan.indicators_by_id[balance.stock]
        change = self.value(stock, unit, period) - self.value(stock, unit, _quarter_before(period))
        entered = self._plan.indicators_by_id[balance.entered]
        usual = self._alone(entered, self._typical(entered), unit, period)
        return usual + max(change if indicator.id == balance.entered else -change, Decimal(0))

    def _part(self, indicator: Indicator, unit: str, period: str) -> Decimal:
        """A part of a breakdown, by largest remainders, so that the parts add up exactly."""
        whole = self.value(self._plan.indicators_by_id[indicator.part_of or ""], unit, period)
        family = [
            i
            for i in self._plan.indicators
            if i.part_of == indicator.part_of and i.breakdown == indicator.breakdown
        ]
        weights = {
            i.id: (self._typical(i).share or Decimal(0)) * self._draw(f"{i.id}/{unit}", Decimal("0.15"))
            for i in family
        }
        total = sum(weights.values())
        exact = {i: whole * weight / total for i, weight in weights.items()}
        floors = {i: int(part) for i, part in exact.items()}
        left = int(whole) - sum(floors.values())
        for i in sorted(exact, key=lambda i: floors[i] - exact[i])[:left]:
            floors[i] += 1
        return Decimal(floors[indicator.id])

    def _typical(self, indicator: Indicator) -> Typical:
        return self._spec.figures.get(indicator.id, Typical())

    def _for_unit(self, typical: Typical, unit: str) -> Decimal | None:
        told = (v for name, v in typical.by_unit.items() if self._plan.unit(name).id == unit)
        return next(told, None)

    @staticmethod
    def _base(indicator: Indicator, typical: Typical) -> Decimal:
        if typical.typical is not None:
            return typical.typical
        return Decimal(FALLBACK.get(indicator.unit, OTHERWISE))

    def _year(self, period: str) -> int:
        return int(period[:4]) if period[:4].isdigit() else self._plan.start.year

    def _years_gone(self, period: str) -> Decimal:
        """Years since the plan began, in quarters, so that levels rise little by little."""
        return self._year(period) - self._plan.start.year + Decimal(_quarter(period) - 1) / 4

    def _noise(self, indicator: Indicator, unit: str, period: str, width: Decimal) -> Decimal:
        """What is peculiar to a period; a level is the same however its period is named."""
        if indicator.nature is Nature.STOCK:
            period = f"{self._year(period)}Q{_quarter(period)}"
        return self._draw(f"{indicator.id}/{unit}/{period}", width)

    def _draw(self, of: str, width: Decimal) -> Decimal:
        """A factor within ``width`` of 1."""
        return 1 + width * Decimal(str(Random(f"{self._seed}/{of}").uniform(-1, 1)))  # noqa: S311 - sample figures

    @staticmethod
    def _rounded(indicator: Indicator, value: Decimal, ceiling: Decimal | None) -> Decimal:
        rounded = value.quantize(Decimal(1).scaleb(-indicator.decimals), ROUND_HALF_UP)
        return rounded if ceiling is None else min(rounded, ceiling)


def _width(typical: Typical, nature: Nature) -> Decimal:
    usual = STOCK_NOISE if nature is Nature.STOCK else FLOW_NOISE
    return usual if typical.noise is None else typical.noise


def _quarter(period: str) -> int:
    """The quarter that a period ends in; of a whole year, the last one that its report can tell of."""
    if found := QUARTER.fullmatch(period):
        return int(found[2])
    if found := HALF_YEAR.fullmatch(period):
        return int(found[1]) * 2
    if found := MONTH.fullmatch(period):
        return (int(found[1]) + 2) // 3
    return YEARLY_REPORT


def _quarter_before(period: str) -> str:
    year, quarter = int(period[:4]), _quarter(period)
    return f"{year}Q{quarter - 1}" if quarter > 1 else f"{year - 1}Q4"
