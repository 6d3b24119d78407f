"""What every step of a run works on: the store of this installation and the plan in force there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.schedule import measure_name, measure_order, upstream
from models.engine import open_store, reading
from services import clock
from services.plan_versions import PlanVersion, current
from services.plans import load_plan
from services.rounds import Round
from services.settings import Settings
from services.workcalendar import work_calendar

ACTOR = "系统"


@dataclass(frozen=True)
class Platform:
    """The store, and the plan in force with its version."""

    engine: Engine
    plan: Plan
    version: PlanVersion

    def round(self, as_of: date) -> Round:
        """A round over the plan in force, for a day."""
        calendar = work_calendar(self.plan.rules.calendar.beyond_known)
        return Round(self.plan, self.version, as_of, calendar, clock.now(), ACTOR)


@dataclass(frozen=True)
class MeasureStep:
    """A measure in a run graph: its number, its name, and the measures whose ledger it uses."""

    number: int
    name: str
    upstream: tuple[int, ...]


@dataclass(frozen=True)
class PhaseStep:
    """A phase in a run graph: its id, its name, and the measures that its milestones rest on."""

    phase: str
    name: str
    measures: tuple[int, ...]


@dataclass(frozen=True)
class Outline:
    """What a run graph is drawn from: the measures in the order of their runs, and the phases in that of time."""

    plan: str
    measures: tuple[MeasureStep, ...]
    phases: tuple[PhaseStep, ...]

    def measure(self, number: int) -> MeasureStep:
        """The measure of that number.

        Raises:
            Problem: 905 where the plan in force has none.
        """
        for step in self.measures:
            if step.number == number:
                return step
        raise Problem(ProblemKind.MEASURE_UNKNOWN, number=number)

    def phase(self, phase: str) -> PhaseStep:
        """The phase of that id.

        Raises:
            Problem: 901 where the plan in force has none.
        """
        for step in self.phases:
            if step.phase == phase:
                return step
        known = "、".join(f"{step.phase}（{step.name}）" for step in self.phases)
        raise Problem(ProblemKind.PHASE_UNKNOWN, name=phase, known=known)


@contextmanager
def platform(settings: Settings) -> Iterator[Platform]:
    """The store at this program's version and the plan in force, for the time of the block.

    Raises:
        Problem: 101, 102 for the plan's files; 108 where no plan is in force yet; 301 to 303 for the store.
    """
    wanted = load_plan(settings.plan)
    engine = open_store(settings.store_url)
    try:
        with reading(engine) as session:
            found = current(session, wanted.id)
        if found is None:
            raise Problem(ProblemKind.PLAN_NOT_IN_FORCE, plan=wanted.short_name)
        yield Platform(engine, *found)
    finally:
        engine.dispose()


def outline(plan: Plan) -> Outline:
    """The plan's measures and phases, as steps of a run graph.

    Every step begins with a code of its own in Latin letters or digits, which is all that Prefect's graph can draw.
    """
    measures = (
        MeasureStep(n, measure_name(plan.measures_by_number[n]), upstream(plan, n))
        for n in measure_order(plan)
    )
    phases = (
        PhaseStep(
            phase.id,
            f"P{place} {phase.name.removesuffix('阶段')}阶段",
            tuple(n for n in measure_order(plan) if any(n in m.measures for m in phase.milestones)),
        )
        for place, phase in enumerate(sorted(plan.phases, key=lambda p: p.start), start=1)
    )
    return Outline(plan.id, tuple(measures), tuple(phases))
