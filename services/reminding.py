"""Reminding (提醒与督办): what the plan's ladder owes on a day becomes messages in the ledger, one for a person and day.

Decided by the set in :mod:`models.ladder`, and by the same rule as :func:`domain.owed.owed`, which is proved for both
together. Whoever runs it twice, at once, late or with the clock put back tells nobody anything twice.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Engine, Row
from sqlmodel import Session

from domain.duties import Occurrence, occurrences
from domain.ladder import Pause, Reach, first_reached, next_moment, reaches
from domain.messages import OF_UNITS, MessageKind, Post
from domain.owed import Hold, holds, rungs_of, silence
from domain.plan import Plan
from domain.reminder import content
from domain.waiting import awaited, terms
from domain.workdays import BEIJING, WorkCalendar
from models import contacts, ladder
from models import states as store
from models.engine import writing
from models.ladder import Asked, Holding, Step
from services import audit
from services.enqueue import Owed, enqueue_all
from services.plan_versions import demanded_since

ACTION = "remind"


@dataclass(frozen=True)
class Digest:
    """One message: to whom by which channel, not before when, what it says, and the items that it tells of."""

    contact: int
    post: Post
    unit: str
    channel: str
    next_at: datetime
    content: Mapping[str, Any]
    items: tuple[tuple[int, date, str], ...]


@dataclass
class Planned:
    """What was planned for a day.

    Attributes:
        workday: whether anybody is told anything on the day.
        messages: how many messages are new.
        items: of how many items they tell, each time counted.
        rungs: the same by the rung's id.
        full: how many people had had the day's last message before.
    """

    workday: bool = True
    messages: int = 0
    items: int = 0
    rungs: Counter[str] = field(default_factory=Counter)
    full: int = 0


def plan_messages(
    engine: Engine, plan: Plan, *, as_of: date, calendar: WorkCalendar, at: datetime, by: str
) -> Planned:
    """Put into the ledger what the ladder owes on a day; nothing on a day that is not worked.

    Args:
        engine: the store.
        plan: the plan in force.
        as_of: the day.
        calendar: working days.
        at: the moment, from which on messages may go out.
        by: who or what plans.

    Raises:
        Problem: 201 where the calendar does not reach ``as_of``.
    """
    planned = Planned(workday=calendar.is_workday(as_of))
    if not planned.workday:
        return planned

    def counted(found: Iterator[Digest]) -> Iterator[Owed]:
        for one in found:
            planned.rungs.update(rung for _, _, rung in one.items)
            yield Owed(
                kind=MessageKind.LADDER,
                contact=one.contact,
                channel=one.channel,
                day=as_of,
                next_at=one.next_at,
                content=one.content,
                items=one.items,
            )

    with writing(engine) as session:
        audit.lock(session)  # two who plan at once take turns, and the second finds told what the first tells
        found = digests(session, plan, as_of=as_of, calendar=calendar, at=at)
        planned.full = ladder.at_limit(session, plan.id, as_of, plan.rules.ladder.daily_limit)
        planned.messages = enqueue_all(session, plan, counted(found), by=by, at=at)
        planned.items = planned.rungs.total()
        if planned.messages:
            detail: audit.Detail = {"messages": planned.messages, "items": planned.items}
            subject = f"{plan.id}/{as_of}"
            audit.record(session, at=at, actor=by, action=ACTION, subject=subject, detail=detail)
    return planned


def plan_now(
    engine: Engine, plan: Plan, *, as_of: date, calendar: WorkCalendar, at: datetime, by: str
) -> Planned:
    """As :func:`plan_messages` for a run that may come late: what is owed on the day on which it comes.

    A run for a day to come plans nothing: what it would tell may be done by then.
    """
    today = at.astimezone(BEIJING).date()
    if as_of > today:
        return Planned(workday=False)
    return plan_messages(engine, plan, as_of=today, calendar=calendar, at=at, by=by)


def digests(
    session: Session,
    plan: Plan,
    *,
    as_of: date,
    calendar: WorkCalendar,
    at: datetime,
    ahead: bool = False,
) -> Iterator[Digest]:
    """What is owed on a day, a digest for each person; found as it is asked for, and never in memory as a whole.

    Args:
        session: any.
        plan: the plan in force.
        as_of: the day.
        calendar: working days.
        at: the moment, from which on messages may go out.
        ahead: ``as_of`` is still to come, and by then the days before it will have told what is theirs: only what falls
            on the day itself is owed.
    """
    rules = plan.rules.ladder
    steps = _steps(plan, as_of, calendar, ahead=ahead)
    if not steps:
        return
    asked = Asked(
        plan_id=plan.id,
        as_of=as_of,
        items=store.seen(session, plan.id, as_of),
        since=demanded_since(session, plan),
        silence=silence((*rules.pauses, *office_pauses(session, plan, as_of)), plan, as_of),
        daily_limit=rules.daily_limit,
    )
    if asked.silence.everything:
        return
    known = _Periods(plan, as_of, calendar)
    held, holdings = _holdings(session, plan, asked, steps, known)
    rows = ladder.owed(session, asked, steps, held, holdings)
    start = next_moment(rules.hours, max(at, datetime.combine(as_of, time(), BEIJING)), calendar)
    for contact, own in groupby(rows, key=itemgetter(0)):
        found = _digest(plan, contact, list(own), holdings, known, start)
        if found is not None:
            yield found


def office_pauses(session: Session, plan: Plan, as_of: date) -> tuple[Pause, ...]:
    """The pauses that the office made and that are not over; of units and duties that the plan has no more, none."""
    return tuple(
        Pause(
            first=row.first,
            last=row.last,
            reason=row.reason,
            units=(row.unit,) if row.unit else (),
            duties=(row.duty,) if row.duty else (),
        )
        for row in contacts.pauses(session, plan.id, as_of)
        if not row.unit or row.unit in plan.units_by_id
    )


def _steps(plan: Plan, as_of: date, calendar: WorkCalendar, *, ahead: bool) -> list[Step]:
    """The rungs of all ladders as they stand on the day, with the duties of each."""
    days = {rung.id: rung.workdays for one in plan.rules.ladder.ladders() for rung in one}
    duties: dict[tuple[Any, ...], list[str]] = {}
    for duty in plan.duties:
        duties.setdefault(rungs_of(plan, duty.id), []).append(duty.id)
    found = []
    for rungs, own in duties.items():
        for reach in reaches(rungs, as_of, calendar):
            kept: Reach | None = first_reached(reach, as_of, calendar) if ahead else reach
            if kept is None:
                continue
            rung = kept.rung
            higher = tuple(name for name, day in days.items() if day > rung.workdays)
            posts = [(post.value, post in OF_UNITS) for post in rung.to]
            of_units = tuple(post for post, in_unit in posts if in_unit)
            others = tuple(post for post, in_unit in posts if not in_unit)
            found.append(Step(kept, tuple(own), higher, of_units, others))
    return found


class _Periods:
    """The occurrences of the plan's duties so far, worked out as they are asked for."""

    def __init__(self, plan: Plan, as_of: date, calendar: WorkCalendar) -> None:
        self._plan, self._as_of, self._calendar = plan, as_of, calendar
        self._found: dict[str, dict[str, Occurrence]] = {}

    def of(self, duty: str) -> dict[str, Occurrence]:
        """The occurrences of a duty in the years up to the day's, by period."""
        if duty not in self._found:
            own = self._plan.duties_by_id[duty]
            years = [year for year in self._plan.years if year <= self._as_of.year]
            self._found[duty] = {
                o.period: o for year in years for o in occurrences(self._plan, own, year, self._calendar)
            }
        return self._found[duty]

    def label(self, duty: str, period: str) -> str:
        """A period as people say it; by its code where the plan in force has it no more."""
        found = self.of(duty).get(period)
        return found.label if found else period


def _holdings(
    session: Session, plan: Plan, asked: Asked, steps: Sequence[Step], known: _Periods
) -> tuple[list[tuple[str, str]], list[Holding]]:
    """Duties and periods that others hold up, and on which rungs and towards which days these others are told so."""
    waiting = [duty for duty in plan.duties if duty.after and rungs_of(plan, duty.id)]
    if not waiting:
        return [], []
    last = max(step.reach.last for step in steps)
    pairs = ladder.owing(session, asked, [duty.id for duty in waiting], last)
    others = awaited(plan, [plan.duties_by_id[duty] for duty in {duty for (duty, _), _ in pairs}])
    unfinished = store.unfinished(session, asked.items, [duty.id for duty in others]) if others else {}
    by_duty = {duty.id: terms(plan, duty, known.of(duty.id).values(), unfinished) for duty in others}
    found: list[Holding] = []
    held: dict[tuple[str, str], None] = {}
    for (duty, period), due in pairs:
        occurrence = known.of(duty).get(period)
        step = next((s for s in steps if duty in s.duties and s.reach.holds(due)), None)
        if occurrence is None or step is None:
            continue
        for hold in holds(plan, [(duty, occurrence)], by_duty, asked.as_of):
            held[hold.held] = None
            found.append(Holding(len(found), hold, step, due))
    return list(held), found


def _digest(
    plan: Plan,
    contact: int,
    rows: Sequence[Row[Any]],
    holdings: Sequence[Holding],
    known: _Periods,
    next_at: datetime,
) -> Digest | None:
    """What one person is told; None for somebody of a unit that the plan has no more."""
    first = rows[0]
    if first.unit and first.unit not in plan.units_by_id:
        return None
    items: dict[tuple[int, date, str], None] = {}
    counts: Counter[str] = Counter()
    why: dict[Hold, None] = {}
    for *_, item, due, rung, _, holding in rows:
        one = (item, due, rung)
        if holding >= 0:
            why[holdings[holding].hold] = None
        elif one not in items:
            counts[rung] += 1
        items[one] = None
    words = [(hold, known.label(*hold.held), known.label(*hold.by)) for hold in why]
    post = Post(first.post)
    return Digest(
        contact=contact,
        post=post,
        unit=first.unit,
        channel=first.channel,
        next_at=next_at,
        content=content(plan, post, first.unit, counts, words),
        items=tuple(items),
    )
