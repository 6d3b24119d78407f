"""The rule on small counts: what is withheld from a release, and why.

Primary: small counts and internal figures. Complementary: as few and as small other figures as it
takes so that no withheld small count can be worked out again. With them: linked amounts and
percentages. The guarantee, proved for every figure while partners are chosen: among the tables
that agree with all a reader knows there is one that shows a withheld small count as low as 1
(0 in a sensitive group) and one that shows it a threshold higher.

Source: threshold 10 with row-wise and column-wise suppression, percentages with it, as the UK
Longitudinal Linkage Collaboration's statistical disclosure control; the duty itself is that of
《困境儿童个人信息保护工作办法》 (whatever identifies a child alone or joined with other information).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.counts import Missing, ReleasedFigure, Sensitivity, Shown, Withheld, WithheldReason
from domain.suppression.protection import Protector
from domain.suppression.system import System, build
from domain.suppression.table import Cell, Table

DEFAULT_THRESHOLD = 10


class Cause(StrEnum):
    """Why the office withholds a figure. For the office only: readers see no difference."""

    SMALL = "small"
    INTERNAL = "internal"
    COMPLEMENTARY = "complementary"
    LINKED = "linked"
    PERCENTAGE = "percentage"


_REASONS = {
    Cause.SMALL: "人数过少（不足{threshold}），可能识别到具体儿童，不予公布",
    Cause.INTERNAL: "该项仅供内部掌握，不予公布",
    Cause.COMPLEMENTARY: "该数公布后可由合计、分项或前期数推算出被隐去的数，一并隐去",
    Cause.LINKED: "与被隐去的人数或金额相互对应，一并隐去",
    Cause.PERCENTAGE: "分子或分母未公布，百分比一并隐去",
}
_EXPOSED = "此前已公布的数字使该数仍可被推算，请办公室核查已公布的材料，必要时撤回更正"


@dataclass(frozen=True, slots=True, eq=False)
class Suppression:
    """The decision on one table.

    Attributes:
        table: What was decided on.
        threshold: Counts below it are small.
        causes: Cause by withheld cell; all other printed cells are shown (or missing).
        exposed: Withheld cells that earlier releases give away all the same; somebody must look.
    """

    table: Table
    threshold: int
    causes: Mapping[str, Cause]
    exposed: tuple[str, ...]

    def reason(self, cell: str) -> str | None:
        """Say to the office, in Chinese, why a cell is withheld; None if it is not."""
        cause = self.causes.get(cell)
        if cause is None:
            return None
        text = _REASONS[cause].format(threshold=self.threshold)
        return f"{text}；{_EXPOSED}" if cell in self.exposed else text

    def released(self, missing_reasons: Mapping[str, str] | None = None) -> dict[str, ReleasedFigure]:
        """Give every printed cell as a reader may have it.

        Args:
            missing_reasons: Why a figure is missing, by cell, where a unit gave a reason.
        """
        reasons = missing_reasons or {}
        return {c.id: self._release(c, reasons) for c in self.table.cells if c.printed}

    def _release(self, cell: Cell, missing_reasons: Mapping[str, str]) -> ReleasedFigure:
        cause = self.causes.get(cell.id)
        if cause is Cause.INTERNAL:
            return Withheld(reason=WithheldReason.INTERNAL)
        if cause is not None:
            return Withheld()
        if cell.value is None:
            reason = missing_reasons.get(cell.id)
            return Missing() if reason is None else Missing(reason=reason)
        return Shown(value=cell.value.reveal_inside_office())


def suppress(table: Table, *, threshold: int = DEFAULT_THRESHOLD) -> Suppression:
    """Decide which cells of a table are withheld.

    Deterministic; the order of cells and relations makes no difference.

    Args:
        table: Everything a reader can lay side by side.
        threshold: Smallest number of children that may be published (plan data).
    """
    if threshold < 2:
        raise ValueError("A threshold below 2 protects nobody.")
    decision = _Decision(table, build(table, threshold), threshold)
    decision.run()
    causes = {
        system_id: cause
        for system_id, cause in sorted(decision.causes.items())
        if decision.cells[system_id].value is not None or cause is Cause.INTERNAL
    }
    return Suppression(table, threshold, causes, tuple(sorted(decision.protector.exposed)))


@dataclass(slots=True, eq=False)
class _Decision:
    """The steps of one decision."""

    table: Table
    system: System
    threshold: int
    causes: dict[str, Cause] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    protector: Protector = field(init=False)

    def __post_init__(self) -> None:
        self.cells = {cell.id: cell for cell in self.table.cells}
        self.protector = Protector(self.system, self.table, self.threshold)

    def run(self) -> None:
        """Withhold primary cells, protect them, then let amounts and percentages follow."""
        primary = self._primary()
        for cell in primary:
            self.protector.withhold(cell)
        self.protector.protect_all(primary)
        self._name_causes()
        self._percentages()

    def _primary(self) -> list[int]:
        """Small and internal cells, in order of their ids."""
        primary = []
        for i, name in enumerate(self.system.ids):
            cause = self._primary_cause(i, self.cells[name])
            if cause is not None:
                self.causes[name] = cause
                primary.append(i)
        return primary

    def _primary_cause(self, i: int, cell: Cell) -> Cause | None:
        if cell.sensitivity is Sensitivity.INTERNAL:
            return Cause.INTERNAL
        if cell.sensitivity is Sensitivity.OPEN or not self.system.known_figure[i]:
            return None
        lowest = 1 if cell.sensitivity is Sensitivity.COUNT else 0
        small = lowest <= self.system.value[i] < self.threshold * self.system.scale[i]
        return Cause.SMALL if small else None

    def _name_causes(self) -> None:
        for i in self.protector.followers:
            self.causes.setdefault(self.system.ids[i], Cause.LINKED)
        for i in self.protector.partners:
            self.causes.setdefault(self.system.ids[i], Cause.COMPLEMENTARY)

    def _percentages(self) -> None:
        """Withhold percentages of withheld figures, and averages of such percentages."""
        before = -1
        while before != len(self.causes):
            before = len(self.causes)
            for ratio in self.table.ratios:
                if self._unknown(ratio.numerator) or self._unknown(ratio.denominator):
                    self.causes.setdefault(ratio.percentage, Cause.PERCENTAGE)

    def _unknown(self, name: str) -> bool:
        cell = self.cells[name]
        unreported = cell.value is None and cell.sensitivity is not Sensitivity.OPEN
        return name in self.causes or unreported
