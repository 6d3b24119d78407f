"""An attacker who shares no code with the rule: linear programming over what is published.

He knows every relation, every shown figure, earlier releases, that counts are whole and not
negative and, if he knows the rule, that a withheld figure of a group that shows its zeros is not
zero. He asks how low and how high each withheld figure can be.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from domain.counts import Shown
from domain.suppression import Sensitivity, Suppression, Table


@dataclass(frozen=True)
class Attack:
    """What one reader can find out about a table."""

    table: Table
    shown: dict[str, float]
    knows_rule: bool = False
    rounding: Decimal = Decimal("0.1")

    def interval(self, cell: str) -> tuple[float, float]:
        """Lowest and highest value of a cell that agree with everything published."""
        return self._extreme(cell, 1), self._extreme(cell, -1)

    def _extreme(self, cell: str, sign: int) -> float:
        cells = self.table.cells
        index = {c.id: i for i, c in enumerate(cells)}
        size = len(cells) + len(self.table.bounds)
        low, high = np.zeros(size), np.full(size, np.inf)
        for c in cells:
            i = index[c.id]
            if c.id in self.shown:
                low[i] = high[i] = self.shown[c.id]
            elif self.knows_rule and (c.printed or c.marked) and c.sensitivity is Sensitivity.COUNT:
                low[i] = 1
        rows = [{index[n]: float(k) for n, k in e.terms.items()} for e in self.table.equations]
        for number, b in enumerate(self.table.bounds):
            rows.append({index[b.part]: 1.0, len(cells) + number: 1.0, index[b.whole]: -1.0})
        matrix = np.zeros((len(rows), size))
        for r, row in enumerate(rows):
            for i, k in row.items():
                matrix[r, i] = k
        constraints = [LinearConstraint(matrix, 0, 0)] if rows else []
        constraints += self._percentages(index, size)
        objective = np.zeros(size)
        objective[index[cell]] = sign
        answer = milp(
            objective, constraints=constraints, bounds=Bounds(low, high), integrality=self._whole(size)
        )
        if answer.status == 0:
            return float(answer.fun) * sign
        # HiGHS calls it unbounded, or either of unbounded and infeasible; the truth is feasible.
        assert answer.status in (3, 4), answer.message
        return float("-inf") if sign > 0 else float("inf")

    def _whole(self, size: int) -> np.ndarray:
        """1 where a figure is a whole number: not for percentages, nor money in 万元."""
        whole = np.ones(size)
        fractions = {ratio.percentage for ratio in self.table.ratios}
        for i, c in enumerate(self.table.cells):
            if c.id in fractions or (c.value is not None and c.value.reveal_inside_office() % 1):
                whole[i] = 0
        return whole

    def _percentages(self, index: dict[str, int], size: int) -> list[LinearConstraint]:
        half = float(self.rounding) / 2
        constraints = []
        for ratio in self.table.ratios:
            if ratio.percentage not in self.shown:
                continue
            percentage = self.shown[ratio.percentage]
            for sign, limit in ((1, percentage + half), (-1, percentage - half)):
                row = np.zeros(size)
                row[index[ratio.numerator]] = sign * 100
                row[index[ratio.denominator]] = -sign * limit
                constraints.append(LinearConstraint(row, -np.inf, 1e-6))
        return constraints


def attack(decision: Suppression, *, knows_rule: bool = False) -> Attack:
    """Set the attacker on a release and on what was released before it."""
    shown = {
        name: float(figure.value) for name, figure in decision.released().items() if isinstance(figure, Shown)
    }
    return Attack(decision.table, shown | earlier(decision.table), knows_rule=knows_rule)


def attack_without_partners(decision: Suppression) -> Attack:
    """Set the attacker on a release that withholds the small counts and nothing else."""
    kept = {
        c.id: float(c.value.reveal_inside_office())
        for c in decision.table.cells
        if c.printed and c.value is not None and decision.causes.get(c.id) != "small"
    }
    return Attack(decision.table, kept | earlier(decision.table))


def earlier(table: Table) -> dict[str, float]:
    """What readers have from earlier releases."""
    return {
        c.id: float(c.value.reveal_inside_office())
        for c in table.cells
        if c.id in table.already_published and c.value is not None
    }
