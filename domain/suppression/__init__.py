"""The rule on small counts: statistical disclosure control over linked figures (pure)."""

from domain.counts import Sensitivity
from domain.suppression.rule import DEFAULT_THRESHOLD, Cause, Suppression, suppress
from domain.suppression.table import (
    AtMost,
    Cell,
    Equation,
    Link,
    Ratio,
    Table,
)

__all__ = [
    "DEFAULT_THRESHOLD",
    "AtMost",
    "Cause",
    "Cell",
    "Equation",
    "Link",
    "Ratio",
    "Sensitivity",
    "Suppression",
    "Table",
    "suppress",
]
