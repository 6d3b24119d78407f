"""How the plan stands on a day, for pages and the shell: what is due, late, waiting for review, and each phase."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from domain.gates import PHASE_LIGHTS, PHASE_NAMES, Gate, MilestoneStanding
from domain.milestones import MILESTONE_LIGHTS, MILESTONE_NAMES
from domain.piles import Pile
from domain.plan import Measure, Plan
from domain.rates import Rates
from domain.status import LIGHT_NAMES, Light, Stage, worst
from domain.workdays import WorkCalendar
from models import lists
from models.states import groups, seen
from services.gates import gates_of
from services.mark import Kept, mark
from services.performance import rates_of
from services.plan_versions import demanded_since
from services.reckoning import Lit, lights_of
from services.worklist import Filters, Line, asked, told

MOST = 30
"""How many items each list shows; the rest is counted."""


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


class Listing(BaseModel):
    """How many items lie on a pile, and the most pressing of them."""

    model_config = ConfigDict(frozen=True)

    total: int
    lines: tuple[Line, ...]


class Standing(BaseModel):
    """How the plan stands at the end of a day; lists begin with what is most pressing.

    Attributes:
        lights: number of items by the name of their light (已完成, 推进中, 需关注, 逾期).
        due: owed, and due within the plan's warning time, or sent back.
        late: owed, and past the due day.
        returned: sent back and not mended, late or not.
        to_review: handed in, and waiting for the office.
    """

    model_config = ConfigDict(frozen=True)

    plan: str
    as_of: date
    items: int
    lights: dict[str, int]
    rates: Rates
    due: Listing
    late: Listing
    returned: Listing
    to_review: Listing
    measures: tuple[MeasureLine, ...]
    phases: tuple[PhaseLine, ...]


_KEPT: Kept[Standing] = Kept(8)


def standing(
    session: Session, plan: Plan, as_of: date, calendar: WorkCalendar, most: int | None = MOST
) -> Standing:
    """How the plan stands at the end of ``as_of``, over everything that is open by then.

    Kept while nothing changes (:mod:`services.mark`): a hundred who look at once cost one reckoning. A reckoning costs
    the same handful of queries, however many units there are.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        as_of: the day.
        calendar: working days.
        most: how many items each list shows; None for all of them.
    """
    key = (mark(session, as_of), plan.id, calendar.last, most)
    return _KEPT.answer(key, lambda: _reckon(session, plan, as_of, calendar, most))


def _reckon(session: Session, plan: Plan, as_of: date, calendar: WorkCalendar, most: int | None) -> Standing:
    items = seen(session, plan.id, as_of)
    rows = groups(session, items)
    lit = lights_of(plan, rows, as_of, calendar)
    since = demanded_since(session, plan)
    names: Counter[str] = Counter()
    for group in lit:
        names[LIGHT_NAMES[group.light]] += group.items

    def listing(one: Pile) -> Listing:
        wanted = asked(plan, as_of, calendar, Filters(pile=one))
        if wanted.spans is None:
            total = sum(g.pending for g in lit)
        else:
            total = sum(g.items for g in lit if any(span.holds(g.stage, g.due) for span in wanted.spans))
        first = lists.page(session, items, wanted, most=most) if total else ()
        return Listing(total=total, lines=told(plan, first, as_of, calendar, since))

    return Standing(
        plan=plan.name,
        as_of=as_of,
        items=names.total(),
        lights={name: names[name] for name in LIGHT_NAMES.values() if name in names},
        rates=rates_of(rows, as_of),
        due=listing(Pile.DUE),
        late=listing(Pile.LATE),
        returned=listing(Pile.RETURNED),
        to_review=listing(Pile.TO_REVIEW),
        measures=tuple(
            _measure(measure, [g for g in lit if g.measure == measure.number], as_of)
            for measure in plan.measures
        ),
        phases=tuple(_phase(gate) for gate in gates_of(session, plan, rows, as_of, calendar)),
    )


def _measure(measure: Measure, own: Sequence[Lit], as_of: date) -> MeasureLine:
    return MeasureLine(
        number=measure.number,
        title=measure.title,
        light=worst(g.light for g in own),
        items=sum(g.items for g in own),
        finished=sum(g.items for g in own if g.stage is Stage.FINISHED),
        late=sum(g.items for g in own if g.late(as_of)),
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
