"""What a round makes of a day: how the items of each measure stand, and what has happened. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.cadence import last_day
from domain.duties import Occurrence, report_due
from domain.gates import Gate, PhaseState, phase_title
from domain.milestones import MilestoneState
from domain.plan import LightRules, Plan
from domain.status import Light, Stage, stage_light, worst
from domain.waiting import Waiting, quoted
from domain.workdays import WorkCalendar

MILESTONE_MET = "guanai.milestone.met"
MILESTONE_MISSED = "guanai.milestone.missed"
DUTY_OVERDUE = "guanai.duty.overdue"
PHASE_OPENED = "guanai.phase.opened"
PHASE_OVERDUE = "guanai.phase.overdue"
PHASE_CLOSED = "guanai.phase.closed"


@dataclass(frozen=True)
class Alike:
    """Open items of one duty and period that stand alike and are due on one day; and how many they are.

    ``due`` is their last day in time, which is later than the occurrence's where the office granted more; ``since`` is the
    day of the first verdict among them, None while the office has spoken on none.
    """

    duty: str
    occurrence: Occurrence
    stage: Stage
    due: date
    since: date | None
    count: int


@dataclass(frozen=True)
class Line:
    """How the items of one duty and period stand: how many have which light, and since when some are overdue."""

    duty: str
    occurrence: Occurrence
    lights: Counter[Light]
    overdue_since: date | None

    @property
    def total(self) -> int:
        """How many items there are."""
        return self.lights.total()


@dataclass(frozen=True)
class Progress:
    """How a measure stands on a day; ``measure`` is None for the duties that serve all measures (保障措施)."""

    measure: int | None
    as_of: date
    lines: tuple[Line, ...]
    waiting: tuple[Waiting, ...]

    @property
    def lights(self) -> Counter[Light]:
        """How many items of all periods have which light."""
        return sum((line.lights for line in self.lines), Counter[Light]())

    @property
    def light(self) -> Light:
        """The light of the whole measure."""
        return worst(self.lights)


@dataclass(frozen=True)
class Happening:
    """Something that happened to ``subject`` on ``day`` (事件); recorded once, told in ``words``."""

    name: str
    subject: str
    day: date
    words: str


def lines(alike: Iterable[Alike], as_of: date, rules: LightRules, calendar: WorkCalendar) -> tuple[Line, ...]:
    """One line for each duty and period among ``alike``, in their order."""
    together: dict[tuple[str, str], list[Alike]] = {}
    for group in alike:
        together.setdefault((group.duty, group.occurrence.period), []).append(group)
    known: dict[tuple[date, Stage], Light] = {}
    return tuple(_line(groups, known, as_of, rules, calendar) for groups in together.values())


def duty_happenings(plan: Plan, progress: Progress) -> Iterator[Happening]:
    """A duty's occurrence is overdue as soon as one unit's item is."""
    for line in progress.lines:
        if line.overdue_since is None:
            continue
        duty = plan.duties_by_id.get(line.duty)
        title = duty.title if duty else line.duty
        yield Happening(
            DUTY_OVERDUE,
            f"{plan.id}/{line.duty}/{line.occurrence.period}",
            line.overdue_since,
            f"{line.occurrence.label}{quoted(title)}有单位逾期（截止 {line.occurrence.due}）",
        )


def gate_happenings(plan: Plan, gates: Sequence[Gate], as_of: date) -> Iterator[Happening]:
    """Phases opened, overdue and closed, milestones met and missed; nothing from before the notice came out."""
    for gate in gates:
        for happening in (*_of_phase(plan, gate, as_of), *_of_milestones(plan, gate)):
            if happening.day >= plan.document.issued:
                yield happening


def quarter_before(day: date) -> date:
    """The last day of the quarter that was over by ``day``."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)


def year_before(day: date) -> date:
    """The last day of the year that was over by ``day``."""
    return date(day.year, 1, 1) - timedelta(days=1)


def reported_year(plan: Plan, day: date) -> int | None:
    """The year whose progress reports were due last before ``day``; None while none were."""
    return max((year for year in plan.years if report_due(plan, year) < day), default=None)


def _of_phase(plan: Plan, gate: Gate, as_of: date) -> Iterator[Happening]:
    phase, subject = gate.phase, f"{plan.id}/{gate.phase.id}"
    if as_of >= phase.start:
        yield Happening(PHASE_OPENED, subject, phase.start, f"{phase_title(phase)}开始")
    if gate.state is PhaseState.OVERDUE:
        day = phase.end + timedelta(days=1)
        yield Happening(PHASE_OVERDUE, subject, day, f"{phase_title(phase)}到期未关闭")
    if gate.closed_on is not None:
        reason = f"：{gate.closing.reason}" if gate.closing else f"：{gate.closed_how}"
        yield Happening(PHASE_CLOSED, subject, gate.closed_on, f"{phase_title(phase)}关闭{reason}")


def _of_milestones(plan: Plan, gate: Gate) -> Iterator[Happening]:
    for standing in gate.milestones:
        milestone = standing.milestone
        subject = f"{plan.id}/{gate.phase.id}/{milestone.id}"
        if standing.state is MilestoneState.MET and standing.met_on is not None:
            yield Happening(MILESTONE_MET, subject, standing.met_on, f"节点{quoted(milestone.title)}已达成")
        if standing.state is MilestoneState.MISSED:
            day = last_day(milestone.due, milestone.bound) + timedelta(days=1)
            yield Happening(MILESTONE_MISSED, subject, day, f"节点{quoted(milestone.title)}到期未达成")


def _line(
    groups: Sequence[Alike],
    known: dict[tuple[date, Stage], Light],
    as_of: date,
    rules: LightRules,
    calendar: WorkCalendar,
) -> Line:
    """``known`` holds the lights of groups before, for many duties share their days."""
    first = groups[0]
    found: Counter[Light] = Counter()
    overdue: list[date] = []
    for group in groups:
        like = (group.due, group.stage)
        if like not in known:
            known[like] = stage_light(group.stage, group.due, as_of, rules, calendar)
        own = known[like]
        found[own] += group.count
        if own is Light.RED:
            overdue.append(_red_since(group, rules, calendar))
    return Line(first.duty, first.occurrence, found, min(overdue, default=None))


def _red_since(group: Alike, rules: LightRules, calendar: WorkCalendar) -> date:
    """The day on which the first of items that stand alike turned red: late, or sent back when it was late already."""
    late = calendar.add_workdays(group.due, rules.red_after_workdays + 1).date
    return max(late, group.since) if group.since else late
