"""The gates of phases (阶段): how a phase stands on a day, what closed it, and what it hands on. Pure.

A phase closes when its milestones are met with evidence accepted, or when the office closes it with a reason. The
next one opens on its date regardless, because the calendar does not wait, and says what is carried over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from domain.cadence import last_day
from domain.duties import occurrences
from domain.facts import ItemFacts
from domain.milestones import MILESTONE_NAMES, MilestoneState, milestone_state, proving_items
from domain.plan import Milestone, Phase, Plan
from domain.problems import Problem
from domain.status import FINISHED, Light
from domain.workdays import WorkCalendar


class PhaseState(StrEnum):
    """How a phase stands."""

    NOT_BEGUN = "not-begun"
    RUNNING = "running"
    OVERDUE = "overdue"
    CLOSED = "closed"


PHASE_NAMES = {
    PhaseState.NOT_BEGUN: "未开始",
    PhaseState.RUNNING: "进行中",
    PhaseState.OVERDUE: "到期未关闭",
    PhaseState.CLOSED: "已关闭",
}
PHASE_LIGHTS = {
    PhaseState.NOT_BEGUN: Light.GREY,
    PhaseState.RUNNING: Light.BLUE,
    PhaseState.OVERDUE: Light.RED,
    PhaseState.CLOSED: Light.GREEN,
}

SETTLED = frozenset({MilestoneState.MET, MilestoneState.BEFORE_NOTICE})
"""Milestones that hold a phase open no longer."""


@dataclass(frozen=True)
class Closing:
    """That the office closed a phase (关闭阶段), on which day in 北京时间, and why."""

    phase: str
    day: date
    by: str
    reason: str


@dataclass(frozen=True)
class MilestoneStanding:
    """How a milestone stands; ``met_on`` is the day of the last acceptance that met it, else None."""

    milestone: Milestone
    state: MilestoneState
    met_on: date | None = None

    @property
    def words(self) -> str:
        """The milestone and its state: 完成摸底排查（未达成）."""
        return f"{self.milestone.title}（{MILESTONE_NAMES[self.state]}）"


@dataclass(frozen=True)
class Gate:
    """A phase on a day.

    Attributes:
        phase: the phase.
        state: how it stands.
        milestones: its milestones, in the plan's order.
        closed_on: the day on which it closed; None while it is not closed.
        closing: the office's closing, where that is what closed it.
        carried_over: unsettled milestones of earlier phases, once this one has begun.
    """

    phase: Phase
    state: PhaseState
    milestones: tuple[MilestoneStanding, ...]
    closed_on: date | None = None
    closing: Closing | None = None
    carried_over: tuple[MilestoneStanding, ...] = ()

    @property
    def pending(self) -> tuple[MilestoneStanding, ...]:
        """The milestones that still hold the phase open; none once it is closed."""
        if self.state is PhaseState.CLOSED:
            return ()
        return tuple(m for m in self.milestones if m.state not in SETTLED)

    @property
    def closed_how(self) -> str:
        """What closed a phase that the office did not close."""
        if any(m.state is MilestoneState.MET for m in self.milestones):
            return "节点全部达成"
        return "印发前已结束" if self.milestones else "期满，未设节点"

    @property
    def words(self) -> str:
        """How the phase stands, for an officer to read."""
        head = f"{phase_title(self.phase)}（{self.phase.start} 至 {self.phase.end}）{PHASE_NAMES[self.state]}"
        parts = [head]
        if self.closing is not None:
            parts.append(f"{self.closing.day} 由{self.closing.by}关闭：{self.closing.reason.rstrip('。')}")
        elif self.closed_on is not None:
            parts.append(f"{self.closed_on} {self.closed_how}")
        if self.pending and self.state is not PhaseState.NOT_BEGUN:
            parts.append("尚待：" + "、".join(m.words for m in self.pending))
        if self.carried_over:
            parts.append("自前一阶段结转：" + "、".join(m.words for m in self.carried_over))
        return "；".join(parts) + "。"


def phase_title(phase: Phase) -> str:
    """A phase's name in a sentence: “推进实施”阶段."""
    return f"“{phase.name.removesuffix('阶段')}”阶段"


def gates(
    plan: Plan,
    facts: Sequence[ItemFacts],
    closings: Mapping[str, Closing],
    as_of: date,
    calendar: WorkCalendar,
) -> tuple[Gate, ...]:
    """Every phase as it stood at the end of ``as_of``, in order of the start.

    Args:
        plan: the plan.
        facts: at least the items of the duties that milestones name, of all years that are open.
        closings: the office's closings, by phase.
        as_of: the day.
        calendar: working days; where it ends, weekdays are assumed, for only the due days count here.
    """
    found: list[Gate] = []
    by_duty: dict[str, list[ItemFacts]] = {}
    for item in facts:
        by_duty.setdefault(item.item.duty, []).append(item)
    for phase in sorted(plan.phases, key=lambda p: p.start):
        standings = tuple(_standing(plan, m, _of(m, by_duty), as_of, calendar) for m in phase.milestones)
        closing = closings.get(phase.id)
        gate = _gate(phase, standings, closing if closing and closing.day <= as_of else None, as_of)
        carried = _carried_over(found) if as_of >= phase.start else ()
        found.append(replace(gate, carried_over=carried))
    return tuple(found)


def proving_duties(plan: Plan) -> tuple[str, ...]:
    """Ids of the duties by which milestones are proved, in the plan's order."""
    named = {duty for phase in plan.phases for m in phase.milestones for duty in m.duties}
    return tuple(duty.id for duty in plan.duties if duty.id in named)


def _of(milestone: Milestone, by_duty: Mapping[str, list[ItemFacts]]) -> list[ItemFacts]:
    return [item for duty in milestone.duties for item in by_duty.get(duty, ())]


def _standing(
    plan: Plan, milestone: Milestone, facts: list[ItemFacts], as_of: date, calendar: WorkCalendar
) -> MilestoneStanding:
    """As :func:`milestone_state`, but what is not open yet is not met either."""
    state = milestone_state(plan, milestone, facts, as_of)
    if state is not MilestoneState.MET:
        return MilestoneStanding(milestone, state)
    if not _all_open(plan, milestone, facts, as_of, calendar):
        day = last_day(milestone.due, milestone.bound)
        return MilestoneStanding(milestone, MilestoneState.AHEAD if as_of <= day else MilestoneState.MISSED)
    return MilestoneStanding(milestone, state, _met_on(proving_items(milestone, facts), as_of))


def _all_open(
    plan: Plan, milestone: Milestone, facts: Iterable[ItemFacts], as_of: date, calendar: WorkCalendar
) -> bool:
    """Whether each occurrence that a milestone rests on has been opened by ``as_of``."""
    day = last_day(milestone.due, milestone.bound)
    assuming = calendar.assuming
    opened = {(f.item.duty, f.item.occurrence.period) for f in facts if f.item.occurrence.opens <= as_of}
    try:
        return all(
            (duty, o.period) in opened
            for duty in milestone.duties
            for year in plan.years
            if year <= day.year
            for o in occurrences(plan, plan.duties_by_id[duty], year, assuming)
            if o.due <= day
        )
    except Problem:  # a festival that is not announced yet: its items are still to come
        return False


def _met_on(items: Iterable[ItemFacts], as_of: date) -> date | None:
    """The day on which the last of ``items`` was first accepted as finished; a later correction does not move it."""
    days = (
        min(
            s.review.day
            for s in item.as_of(as_of).submissions
            if s.accepted and s.review and s.state in FINISHED
        )
        for item in items
    )
    return max(days, default=None)


def _gate(
    phase: Phase, standings: tuple[MilestoneStanding, ...], closing: Closing | None, as_of: date
) -> Gate:
    settled = all(m.state in SETTLED for m in standings)
    met_on = _settled_on(phase, standings)
    if settled and met_on <= as_of and (closing is None or met_on <= closing.day):
        return Gate(phase, PhaseState.CLOSED, standings, met_on)
    if closing is not None:
        return Gate(phase, PhaseState.CLOSED, standings, closing.day, closing)
    if as_of < phase.start:
        return Gate(phase, PhaseState.NOT_BEGUN, standings)
    return Gate(phase, PhaseState.OVERDUE if as_of > phase.end else PhaseState.RUNNING, standings)


def _settled_on(phase: Phase, standings: Iterable[MilestoneStanding]) -> date:
    """The day on which the last milestone was met, not before the phase began; its end where nothing is to be met."""
    days = [m.met_on for m in standings if m.met_on is not None]
    return max([phase.start, *days]) if days else phase.end


def _carried_over(earlier: Iterable[Gate]) -> tuple[MilestoneStanding, ...]:
    """What earlier phases leave: missed milestones until they are met, and open ones until the phase is closed."""
    return tuple(
        m
        for gate in earlier
        for m in gate.milestones
        if m.state is MilestoneState.MISSED
        or (m.state is MilestoneState.UNJUDGED and gate.state is not PhaseState.CLOSED)
    )
