"""How measures stand on a day, out of the store: items are counted by the set, so that units cost nothing here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from domain.duties import Occurrence, occurrences
from domain.facts import ItemFacts
from domain.plan import Duty, Plan
from domain.problems import Problem, ProblemKind
from domain.rounds import Alike, Line, Progress, lines
from domain.schedule import measure_order
from domain.status import OWED, Light, Stage, stage, stage_light
from domain.waiting import Term, Wait, Waiting, awaited, terms, waiting, waits
from domain.workdays import WorkCalendar
from models import states as store
from services.items import Known, occurrence
from services.mark import Kept, mark

_TERMS: Kept[dict[str, tuple[Term, ...]]] = Kept(32)
"""Who has not finished what others wait for: asked by every unit's page, and the same for all until something changes."""


@dataclass(frozen=True)
class Lit:
    """Items that stand alike, how many they are, how many of them wait for the office, and the light that each shows."""

    measure: int | None
    stage: Stage
    due: date
    items: int
    pending: int
    light: Light

    def late(self, as_of: date) -> bool:
        """Whether they are owed, and past the due day."""
        return self.stage in OWED and self.due < as_of


def lights_of(plan: Plan, rows: Iterable[Row[Any]], as_of: date, calendar: WorkCalendar) -> tuple[Lit, ...]:
    """What each row with measure, stage, last_day, items and pending counts, with its light, told once for all alike."""
    known: dict[tuple[Stage, date], Light] = {}
    found = []
    for row in rows:
        like = (Stage(row.stage), row.last_day)
        if like not in known:
            known[like] = stage_light(*like, as_of, plan.rules.lights, calendar)
        found.append(Lit(row.measure, *like, row.items, row.pending, known[like]))
    return tuple(found)


def measure_progress(
    session: Session, plan: Plan, as_of: date, calendar: WorkCalendar, number: int | None
) -> Progress:
    """How the items of a measure stand at the end of a day; None for the duties that serve all measures.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        as_of: the day.
        calendar: working days.
        number: the measure.

    Raises:
        Problem: 905 for a measure that the plan in force does not have.
    """
    if number is not None and number not in plan.measures_by_number:
        raise Problem(ProblemKind.MEASURE_UNKNOWN, number=number)
    return _progress(session, plan, as_of, calendar, [number])[0]


def all_progress(session: Session, plan: Plan, as_of: date, calendar: WorkCalendar) -> tuple[Progress, ...]:
    """How each measure stands, in the order of :func:`measure_order`, and last what serves all measures."""
    return _progress(session, plan, as_of, calendar, [*measure_order(plan), None])


def unit_waits(
    session: Session, plan: Plan, unit: str, rows: Iterable[Row[Any]], as_of: date, calendar: WorkCalendar
) -> dict[str, tuple[Wait, ...]]:
    """What each unfinished one of some items of a unit waits for, by the item's key; free ones are missing.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        unit: id of the unit.
        rows: the items as they stand at the end of ``as_of``, of :func:`models.lists.page`.
        as_of: the day.
        calendar: working days.
    """
    known: Known = {}
    unfinished = [row for row in rows if row.stage != Stage.FINISHED.value]
    duties = {duty for duty in {row.duty for row in unfinished} if _may_wait(plan, duty, unit)}
    held = {
        row.key: (plan.duties_by_id[row.duty], occurrence(row, known, row.plan_due))
        for row in unfinished
        if row.duty in duties
    }
    return _waits(session, plan, unit, held, as_of, calendar)


def item_waits(
    session: Session, plan: Plan, facts: ItemFacts, as_of: date, calendar: WorkCalendar
) -> tuple[Wait, ...]:
    """What one item waits for at the end of a day; args as for :func:`unit_waits`."""
    item = facts.item
    over = item.occurrence.opens > as_of or stage(facts.as_of(as_of)) is Stage.FINISHED
    if over or not _may_wait(plan, item.duty, item.unit):
        return ()
    held = {item.key: (plan.duties_by_id[item.duty], item.occurrence)}
    return _waits(session, plan, item.unit, held, as_of, calendar).get(item.key, ())


def _may_wait(plan: Plan, duty: str, unit: str) -> bool:
    """Whether items of a duty wait for anything, and the unit owes it by the plan in force."""
    found = plan.duties_by_id.get(duty)
    return found is not None and bool(found.after) and unit in plan.duty_units(found)


def _waits(
    session: Session,
    plan: Plan,
    unit: str,
    held: Mapping[str, tuple[Duty, Occurrence]],
    as_of: date,
    calendar: WorkCalendar,
) -> dict[str, tuple[Wait, ...]]:
    """As :func:`unit_waits`, for unfinished items by their key."""
    if not held:
        return {}
    others = awaited(plan, (duty for duty, _ in held.values()))
    ids = tuple(duty.id for duty in others)
    key = (mark(session, as_of), plan.id, calendar.last, ids)

    def look() -> dict[str, tuple[Term, ...]]:
        owed = store.unfinished(session, store.seen(session, plan.id, as_of), ids)
        return {duty.id: terms(plan, duty, _so_far(plan, duty, as_of, calendar), owed) for duty in others}

    by_duty = _TERMS.answer(key, look)
    found = {key: waits(duty, unit, when, by_duty, as_of) for key, (duty, when) in held.items()}
    return {key: own for key, own in found.items() if own}


def _progress(
    session: Session, plan: Plan, as_of: date, calendar: WorkCalendar, numbers: Sequence[int | None]
) -> tuple[Progress, ...]:
    """How measures stand; the same few questions to the store, however many."""
    own = [duty for duty in plan.duties if duty.measure in numbers]
    items = store.seen(session, plan.id, as_of)
    found = lines(_alike(session, items, own), as_of, plan.rules.lights, calendar)
    held = _waiting(session, plan, items, own, found, as_of, calendar)
    measure = {duty.id: duty.measure for duty in own}
    return tuple(
        Progress(
            number,
            as_of,
            tuple(line for line in found if measure[line.duty] == number),
            tuple(w for w in held if measure[w.duty] == number),
        )
        for number in numbers
    )


def _alike(session: Session, items: store.Seen, duties: Sequence[Duty]) -> Iterator[Alike]:
    known: Known = {}
    for row in store.groups(session, items, [duty.id for duty in duties]):
        yield Alike(
            duty=row.duty,
            occurrence=occurrence(row, known),
            stage=Stage(row.stage),
            due=row.last_day,
            since=row.since.date() if row.since else None,
            count=row.items,
        )


def _waiting(
    session: Session,
    plan: Plan,
    items: store.Seen,
    own: Sequence[Duty],
    found: Sequence[Line],
    as_of: date,
    calendar: WorkCalendar,
) -> list[Waiting]:
    """What unfinished items wait for, told once for all units of a period."""
    held = {duty.id: duty for duty in own if duty.after}
    if not held:
        return []
    others = awaited(plan, held.values())
    wanted = sorted({*held, *(duty.id for duty in others)})
    owed = store.unfinished(session, items, wanted)
    by_duty = {duty.id: terms(plan, duty, _so_far(plan, duty, as_of, calendar), owed) for duty in others}
    return [
        one
        for line in found
        if line.duty in held
        for one in waiting(
            held[line.duty],
            line.occurrence,
            owed.get((line.duty, line.occurrence.period), ()),
            by_duty,
            as_of,
        )
    ]


def _so_far(plan: Plan, duty: Duty, as_of: date, calendar: WorkCalendar) -> Iterator[Occurrence]:
    """The occurrences of a duty in the years up to the day's."""
    for year in plan.years:
        if year <= as_of.year:
            yield from occurrences(plan, duty, year, calendar)
