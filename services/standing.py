"""How the plan stands on a day, for the page and the shell: what is due, late, waiting for review, and each phase."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from domain.facts import ItemFacts
from domain.gates import PHASE_LIGHTS, PHASE_NAMES, Closing, Gate, MilestoneStanding, gates
from domain.milestones import MILESTONE_LIGHTS, MILESTONE_NAMES
from domain.plan import Measure, Plan
from domain.rates import Rates, rates
from domain.status import LIGHT_NAMES, Light, light, worst
from domain.workdays import WorkCalendar
from services.facts import year_facts


class Line(BaseModel):
    """One item that asks for attention.

    Attributes:
        days: days since the due day; negative while it is ahead.
        returned: whether the office sent the last version back.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    unit: str
    title: str
    measure: int | None
    period: str
    due: date
    days: int
    returned: bool


class MeasureLine(BaseModel):
    """How a measure stands over all items opened so far."""

    model_config = ConfigDict(frozen=True)

    number: int
    title: str
    light: Light
    items: int
    finished: int
    late: int


class MilestoneLine(BaseModel):
    """How a milestone stands, in words and as a light."""

    model_config = ConfigDict(frozen=True)

    title: str
    due: date
    state: str
    light: Light


class PhaseLine(BaseModel):
    """A phase and its milestones, and what earlier phases have left it; ``state`` in words."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    start: date
    end: date
    state: str
    light: Light
    milestones: tuple[MilestoneLine, ...]
    carried_over: tuple[MilestoneLine, ...]


class Standing(BaseModel):
    """How the plan stands at the end of a day; lists begin with what is most pressing.

    Attributes:
        lights: number of items by the name of their light (已完成, 推进中, 需关注, 逾期).
        due: owed, and due within the plan's warning time, or sent back.
        late: owed, and past the due day.
        to_review: handed in, and waiting for the office.
    """

    model_config = ConfigDict(frozen=True)

    plan: str
    as_of: date
    items: int
    lights: dict[str, int]
    rates: Rates
    due: tuple[Line, ...]
    late: tuple[Line, ...]
    to_review: tuple[Line, ...]
    measures: tuple[MeasureLine, ...]
    phases: tuple[PhaseLine, ...]


def standing(
    session: Session, plan: Plan, closings: Mapping[str, Closing], as_of: date, calendar: WorkCalendar
) -> Standing:
    """How the plan stands at the end of ``as_of``, over every year of it that has begun.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        closings: the phases that the office has closed.
        as_of: the day.
        calendar: working days.
    """
    years = [year for year in plan.years if year <= as_of.year]
    facts = [f.as_of(as_of) for year in years for f in year_facts(session, plan, year)]
    return reckon(plan, [f for f in facts if f.item.occurrence.opens <= as_of], closings, as_of, calendar)


def reckon(
    plan: Plan,
    facts: Sequence[ItemFacts],
    closings: Mapping[str, Closing],
    as_of: date,
    calendar: WorkCalendar,
) -> Standing:
    """The same from facts, which are those of ``as_of``."""
    lights = _lights(plan, facts, as_of, calendar)
    owed = [f for f in facts if f.latest is None or f.latest.returned]
    late = [f for f in owed if f.item.due < as_of]
    due = [f for f in owed if f.item.due >= as_of and lights[f.item.key] is Light.YELLOW]
    waiting = [f for f in facts if f.latest is not None and f.latest.review is None]
    names = Counter(LIGHT_NAMES[one] for one in lights.values())
    return Standing(
        plan=plan.name,
        as_of=as_of,
        items=len(facts),
        lights={name: names[name] for name in LIGHT_NAMES.values() if name in names},
        rates=rates(facts, as_of),
        due=_lines(plan, due, as_of),
        late=_lines(plan, late, as_of),
        to_review=_lines(plan, waiting, as_of),
        measures=tuple(_measure(measure, facts, lights, late) for measure in plan.measures),
        phases=tuple(_phase(gate) for gate in gates(plan, facts, closings, as_of, calendar)),
    )


def _lights(plan: Plan, facts: Sequence[ItemFacts], as_of: date, calendar: WorkCalendar) -> dict[str, Light]:
    """The light of each item by its key; reckoned once for all that share occurrence, state and verdict."""
    known: dict[tuple[object, ...], Light] = {}
    found: dict[str, Light] = {}
    for f in facts:
        latest, occurrence = f.latest, f.item.occurrence
        newest = None if latest is None else (latest.state, latest.accepted, latest.returned)
        alike = (occurrence.opens, occurrence.due, newest)
        if alike not in known:
            known[alike] = light(f, as_of, plan.rules.lights, calendar)
        found[f.item.key] = known[alike]
    return found


def _lines(plan: Plan, facts: Sequence[ItemFacts], as_of: date) -> tuple[Line, ...]:
    return tuple(
        Line(
            key=f.item.key,
            unit=plan.units_by_id[f.item.unit].name if f.item.unit in plan.units_by_id else f.item.unit,
            title=plan.duties_by_id[f.item.duty].title if f.item.duty in plan.duties_by_id else f.item.duty,
            measure=f.item.measure,
            period=f.item.occurrence.label,
            due=f.item.due,
            days=(as_of - f.item.due).days,
            returned=f.latest is not None and f.latest.returned,
        )
        for f in sorted(facts, key=lambda f: (f.item.due, f.item.key))
    )


def _measure(
    measure: Measure, facts: Sequence[ItemFacts], lights: dict[str, Light], late: Sequence[ItemFacts]
) -> MeasureLine:
    own = [lights[f.item.key] for f in facts if f.item.measure == measure.number]
    return MeasureLine(
        number=measure.number,
        title=measure.title,
        light=worst(own),
        items=len(own),
        finished=own.count(Light.GREEN),
        late=sum(f.item.measure == measure.number for f in late),
    )


def _phase(gate: Gate) -> PhaseLine:
    return PhaseLine(
        id=gate.phase.id,
        name=gate.phase.name,
        start=gate.phase.start,
        end=gate.phase.end,
        state=PHASE_NAMES[gate.state],
        light=PHASE_LIGHTS[gate.state],
        milestones=tuple(_milestone(one) for one in gate.milestones),
        carried_over=tuple(_milestone(one) for one in gate.carried_over),
    )


def _milestone(one: MilestoneStanding) -> MilestoneLine:
    return MilestoneLine(
        title=one.milestone.title,
        due=one.milestone.due,
        state=MILESTONE_NAMES[one.state],
        light=MILESTONE_LIGHTS[one.state],
    )
