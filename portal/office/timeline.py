"""Where phases and milestones stand on a line of time, in the units of an SVG picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.gates import PHASE_LIGHTS, Gate
from domain.milestones import MILESTONE_LIGHTS
from domain.plan import Plan
from domain.status import Light

WIDTH, EDGE, ROW = 1000, 20, 62
"""Width of the picture, what is left free at each side, and the height of a phase's row."""


@dataclass(frozen=True)
class Bar:
    """A phase; positions are from the left and from above."""

    name: str
    light: Light
    left: float
    width: float
    top: float


@dataclass(frozen=True)
class Diamond:
    """A milestone."""

    title: str
    light: Light
    x: float
    top: float


@dataclass(frozen=True)
class Tick:
    """The beginning of a year."""

    label: str
    x: float


@dataclass(frozen=True)
class Timeline:
    """The picture; ``today`` is None where the day lies outside the plan."""

    width: int
    height: float
    bars: tuple[Bar, ...]
    diamonds: tuple[Diamond, ...]
    ticks: tuple[Tick, ...]
    today: float | None


def timeline(plan: Plan, gates: Sequence[Gate], day: date) -> Timeline:
    """The phases one below the other, from the first day of the plan to its last."""
    first = min(plan.start, *(gate.phase.start for gate in gates))
    last = max(plan.end, *(gate.phase.end for gate in gates))
    days = max(1, (last - first).days)

    def x(when: date) -> float:
        share = min(max((when - first).days / days, 0), 1)
        return round(EDGE + share * (WIDTH - 2 * EDGE), 1)

    def top(row: int) -> float:
        return 30.0 + row * ROW

    return Timeline(
        width=WIDTH,
        height=top(len(gates)) + 6,
        bars=tuple(
            Bar(
                gate.phase.name,
                PHASE_LIGHTS[gate.state],
                x(gate.phase.start),
                round(x(gate.phase.end) - x(gate.phase.start), 1),
                top(row),
            )
            for row, gate in enumerate(gates)
        ),
        diamonds=tuple(
            Diamond(m.milestone.title, MILESTONE_LIGHTS[m.state], x(m.milestone.due), top(row))
            for row, gate in enumerate(gates)
            for m in gate.milestones
        ),
        ticks=tuple(
            Tick(f"{year}年", x(date(year, 1, 1))) for year in plan.years if first <= date(year, 1, 1) <= last
        ),
        today=x(day) if first <= day <= last else None,
    )
