"""Rounds: what is looked at and recorded for a day. Each may come late, twice or out of order.

A round opens what is due to open and everything missed before it, with true dates; reckons lights, waiting and gates
as of its day; and records what happened, each thing once. Rows are handled by the set: the work grows with duties
and periods, and only inside the database with units. ``flows/daily_round.py`` gives the steps their order.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session

from domain.canonical import canonical_json, sha256
from domain.duties import occurrences
from domain.gates import Gate
from domain.plan import Plan
from domain.problems import Problem
from domain.rounds import Happening, Progress, duty_happenings, gate_happenings
from domain.status import Light
from domain.workdays import WorkCalendar
from models import rounds as store
from models.engine import reading, writing
from services import audit
from services.gates import phase_gates
from services.opening import open_year
from services.plan_versions import PlanVersion
from services.reckoning import all_progress

DAILY, QUARTER, YEAR = "daily", "quarter-close", "year-close"


@dataclass(frozen=True)
class Round:
    """What a round is about: a plan in force, a day, and who looks at which moment."""

    plan: Plan
    version: PlanVersion
    as_of: date
    calendar: WorkCalendar
    at: datetime
    actor: str


@dataclass(frozen=True)
class Recorded:
    """What a round left in the store: what is newly recorded, and whether it was the first of its kind and day."""

    first: bool
    happenings: tuple[Happening, ...]


@dataclass(frozen=True)
class RoundResult:
    """What a daily round found.

    Attributes:
        as_of: its day.
        workday: whether offices work on that day; nobody is to be addressed on any other.
        opened: how many items it opened.
        progress: how each measure stands, in the order of :func:`domain.schedule.measure_order`, and last what serves
            all measures.
        gates: how each phase stands.
        recorded: what it left in the store.
    """

    as_of: date
    workday: bool
    opened: int
    progress: tuple[Progress, ...]
    gates: tuple[Gate, ...]
    recorded: Recorded


def daily_round(
    engine: Engine,
    plan: Plan,
    version: PlanVersion,
    *,
    as_of: date,
    calendar: WorkCalendar,
    at: datetime,
    actor: str,
) -> RoundResult:
    """Everything that is due on a day, in one go.

    Args:
        engine: the store.
        plan: the plan in force.
        version: its version.
        as_of: the day; a late run does what was due then.
        calendar: working days.
        at: the moment, for the record.
        actor: who or what looks.

    Raises:
        Problem: 201 or 202 where the calendar does not reach ``as_of``.
    """
    job = Round(plan, version, as_of, calendar, at, actor)
    opened = open_due(engine, job)
    with reading(engine) as session:
        progress = all_progress(session, plan, as_of, calendar)
        gates = phase_gates(session, plan, as_of, calendar)
    recorded = record(engine, job, DAILY, happenings(plan, progress, gates, as_of), tally(progress))
    return RoundResult(as_of, calendar.is_workday(as_of), opened, progress, gates, recorded)


def open_due(engine: Engine, job: Round) -> int:
    """Open what is due to open by the day and was not opened before; says how many items are new.

    What was opened under this version of the plan up to some day needs no second look.
    """
    with reading(engine) as session:
        if _opened_by(session, job):
            return 0
    with writing(engine) as session:
        return open_in(session, job)


def open_in(session: Session, job: Round) -> int:
    """As :func:`open_due`, in a transaction of the caller's."""
    done = store.newest_round(session, job.plan.id, _opening(job))
    if done is not None and job.as_of <= done:
        return 0  # somebody may have been faster
    opened = sum(_open_year(session, job, year) for year in _years_to_open(job, done))
    store.record_round(session, _row(job, _opening(job), {"opened": opened}))
    return opened


def _opening(job: Round) -> str:
    return f"open/{job.version.number}"


def _opened_by(session: Session, job: Round) -> bool:
    done = store.newest_round(session, job.plan.id, _opening(job))
    return done is not None and job.as_of <= done


def happenings(
    plan: Plan, progress: Iterable[Progress], gates: Sequence[Gate], as_of: date
) -> tuple[Happening, ...]:
    """Everything that progress and gates show to have happened, by day."""
    found = [h for one in progress for h in duty_happenings(plan, one)]
    found += gate_happenings(plan, gates, as_of)
    return tuple(sorted(found, key=lambda h: (h.day, h.name, h.subject)))


def tally(progress: Iterable[Progress]) -> dict[str, dict[str, int]]:
    """How many items have which light, by measure; ``all`` is what serves all measures."""
    return {
        str(one.measure or "all"): {
            light.name.lower(): one.lights[light] for light in Light if one.lights[light]
        }
        for one in progress
    }


def record(
    engine: Engine, job: Round, kind: str, found: Sequence[Happening], counted: dict[str, dict[str, int]]
) -> Recorded:
    """Record a round and what it found, in one transaction; what is recorded already stays as it is."""
    rows = [
        {
            "plan_id": job.plan.id,
            "name": h.name,
            "subject": h.subject,
            "day": h.day,
            "words": h.words,
            "at": job.at,
        }
        for h in found
    ]
    with reading(engine) as session:
        known = {(row.name, row.subject) for row in store.happenings(session, job.plan.id)}
        done = store.round_done(session, job.plan.id, kind, job.as_of) is not None
    rows = [row for row in rows if (row["name"], row["subject"]) not in known]
    if done and not rows:
        return Recorded(first=False, happenings=())
    with writing(engine) as session:
        new = set(store.record_happenings(session, rows))
        first = store.record_round(session, _row(job, kind, counted))
        if first and kind in {QUARTER, YEAR}:
            subject = f"{job.plan.id}/{job.as_of}"
            detail: audit.Detail = {"counts_sha256": sha256(canonical_json(counted))}
            audit.record(session, at=job.at, actor=job.actor, action=kind, subject=subject, detail=detail)
    return Recorded(first, tuple(h for h in found if (h.name, h.subject) in new))


def close_period(engine: Engine, job: Round, kind: str) -> Recorded:
    """Record how everything stood at the end of a quarter or a year, once; ``job.as_of`` is its last day.

    Everything that was due to open by then is opened first, so that nothing is missing from the count.
    """
    open_due(engine, job)
    with reading(engine) as session:
        if store.round_done(session, job.plan.id, kind, job.as_of) is not None:
            return Recorded(first=False, happenings=())
        progress = all_progress(session, job.plan, job.as_of, job.calendar)
        gates = phase_gates(session, job.plan, job.as_of, job.calendar)
    return record(engine, job, kind, happenings(job.plan, progress, gates, job.as_of), tally(progress))


def _years_to_open(job: Round, done: date | None) -> Iterator[int]:
    """The years with something that opens after ``done`` and by the day: what is due years ahead may open now."""
    for year in job.plan.years:
        opening = _openings(job, year) if year <= job.as_of.year else _early_openings(job, year)
        if any(day <= job.as_of and (done is None or day > done) for day in opening):
            yield year


def _early_openings(job: Round, year: int) -> list[date]:
    """As :func:`_openings` for a year to come; none while its holidays are not announced."""
    try:
        return _openings(job, year)
    except Problem:
        return []


def _openings(job: Round, year: int) -> list[date]:
    return [o.opens for duty in job.plan.duties for o in occurrences(job.plan, duty, year, job.calendar)]


def _open_year(session: Session, job: Round, year: int) -> int:
    opened = open_year(
        session,
        job.plan,
        job.version,
        year,
        as_of=job.as_of,
        calendar=job.calendar,
        at=job.at,
        actor=job.actor,
    )
    return opened.created


def _row(job: Round, kind: str, detail: object) -> dict[str, object]:
    return {
        "plan_id": job.plan.id,
        "plan_version_id": job.version.id,
        "kind": kind,
        "as_of": job.as_of,
        "detail": canonical_json(detail),
        "actor": job.actor,
        "at": job.at,
    }
