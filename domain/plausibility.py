"""Whether a figure is so far off last period's that the unit must say why. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from domain.plan import PlausibilityRules


@dataclass(frozen=True)
class LastFigure:
    """What the same unit last reported for the same duty and indicator, and for which period."""

    value: Decimal
    period: str


def far_off(value: Decimal, last: Decimal, rules: PlausibilityRules) -> bool:
    """Whether ``value`` is more than ``factor`` times ``last`` (or the other way round) and ``floor`` away from it.

    Both are at least 0. From 0, every figure of ``floor`` or more is far off, and so is the way back.
    """
    low, high = sorted((value, last))
    return high > low * rules.factor and high - low >= rules.floor
