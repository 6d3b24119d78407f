"""Who is to be told of which item on a day, by the plan's ladder: plan, facts and ``as_of`` in, tellings out. Pure.

:mod:`services.reminding` asks the store the same by the set, for a hundred thousand items at once. Three things are told to
nobody: what is not owed (handed in, accepted), what was over before it could be demanded (:mod:`domain.since`), and what
somebody was told on the same rung, or anybody on a higher one, towards the same due day.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.duties import Occurrence
from domain.ladder import Pause, Reach, Rung, day_of, reaches
from domain.messages import OF_UNITS, POST_NAMES, Post
from domain.plan import Plan
from domain.since import Since
from domain.status import OWED, Stage
from domain.waiting import Term, target
from domain.workdays import WorkCalendar

Pair = tuple[str, str]
"""A duty and a period."""


@dataclass(frozen=True)
class OpenItem:
    """An item that is open on the day, by its last day in time (granted or the plan's) and its stage."""

    key: str
    duty: str
    unit: str
    period: str
    due: date
    stage: Stage


@dataclass(frozen=True)
class Telling:
    """That an item is told of on a rung towards a due day, to whoever holds a post; ``unit`` is empty for the district's.

    ``waits`` is the duty and period that waits for the item; None where it is told of for its own sake.
    """

    item: str
    due: date
    rung: str
    post: Post
    unit: str
    waits: Pair | None = None


@dataclass(frozen=True)
class Hold:
    """That all items of a duty and period (``held``) wait for those of another (``by``) that are not finished."""

    held: Pair
    by: Pair
    because: str


def owed(  # noqa: PLR0913 - what the rule knows; each is a different thing
    plan: Plan,
    items: Iterable[OpenItem],
    told: Collection[Telling],
    *,
    as_of: date,
    calendar: WorkCalendar,
    since: Since,
    holds: Sequence[Hold] = (),
    pauses: Sequence[Pause] = (),
) -> tuple[Telling, ...]:
    """What the ladder owes on a day, each telling once; nothing on a day that is not worked.

    Args:
        plan: the plan in force.
        items: everything that is open.
        told: what was told before.
        as_of: the day.
        calendar: working days.
        since: from which due day on items are demanded.
        holds: what waits for what.
        pauses: the office's own, beside the plan's.
    """
    silent = silence((*plan.rules.ladder.pauses, *pauses), plan, as_of)
    asked = [
        i
        for i in items
        if i.stage in OWED and not since.backfill(i.unit, i.duty, i.due) and not silent.covers(i.unit, i.duty)
    ]
    known: dict[str, tuple[Reach, ...]] = {}
    found: dict[tuple[str, date, str, Post, str], Telling] = {}
    for item in asked:
        if item.duty not in known:
            known[item.duty] = reaches(rungs_of(plan, item.duty), as_of, calendar)
        reach = next((r for r in known[item.duty] if r.holds(item.due)), None)
        for one in _tellings(item, asked, reach.rung, holds) if reach else ():
            found.setdefault((one.item, one.due, one.rung, one.post, one.unit), one)
    ranks = {rung.id: rung.workdays for ladder in plan.rules.ladder.ladders() for rung in ladder}
    return tuple(one for one in found.values() if not _told_before(one, told, ranks))


def _tellings(
    item: OpenItem, asked: Sequence[OpenItem], rung: Rung, holds: Sequence[Hold]
) -> Iterator[Telling]:
    """Whom a rung tells: the district's posts of the item itself; the unit's, or those of the units that hold it up.

    Somebody whom the office gave more time than the item has is not pressed for the item's sake.
    """
    holding = [hold for hold in holds if hold.held == (item.duty, item.period)]
    for post in rung.to:
        if post not in OF_UNITS:
            yield Telling(item.key, item.due, rung.id, post, "")
        elif not holding:
            yield Telling(item.key, item.due, rung.id, post, item.unit)
        for hold in holding if post in OF_UNITS else ():
            for other in asked:
                if (other.duty, other.period) == hold.by and other.due <= item.due:
                    yield Telling(other.key, item.due, rung.id, post, other.unit, hold.held)


def _told_before(one: Telling, told: Iterable[Telling], ranks: Mapping[str, int]) -> bool:
    """Whether anybody was told on a higher rung, or this post on this rung, of the item towards the same due day."""
    for other in told:
        if (other.item, other.due) != (one.item, one.due):
            continue
        if ranks.get(other.rung, ranks[one.rung]) > ranks[one.rung]:
            return True
        if (other.rung, other.post, other.unit) == (one.rung, one.post, one.unit):
            return True
    return False


@dataclass(frozen=True)
class Silence:
    """Of whom and what nothing is told on a day (暂缓提醒): of nobody and nothing where it is ``everything``."""

    everything: bool
    units: frozenset[str]
    duties: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    def covers(self, unit: str, duty: str) -> bool:
        """Whether nothing is told of a unit's items of a duty."""
        return self.everything or unit in self.units or duty in self.duties or (unit, duty) in self.pairs


def silence(pauses: Iterable[Pause], plan: Plan, as_of: date) -> Silence:
    """What pauses leave out on a day; one that names units and duties means these duties of these units."""
    now = [one for one in pauses if one.first <= as_of <= one.last]
    named = [(frozenset(plan.expand(one.units)), frozenset(one.duties)) for one in now]
    return Silence(
        everything=any(not units and not duties for units, duties in named),
        units=frozenset(unit for units, duties in named if not duties for unit in units),
        duties=frozenset(duty for units, duties in named if not units for duty in duties),
        pairs=frozenset((unit, duty) for units, duties in named for unit in units for duty in duties),
    )


def rungs_of(plan: Plan, duty: str) -> tuple[Rung, ...]:
    """The ladder of a duty; none for one that the plan has no more."""
    known = plan.duties_by_id.get(duty)
    return plan.rules.ladder.of(duty, known.cadence.every) if known else ()


def timetable(plan: Plan, duty: str, due: date, calendar: WorkCalendar) -> tuple[tuple[date, Rung], ...]:
    """On which working days an item that stays open reaches which rungs, in order of the days."""
    found = ((day_of(rung, due, calendar), rung) for rung in rungs_of(plan, duty))
    return tuple(sorted(found, key=lambda step: step[0]))


def step_words(day: date, rung: Rung) -> str:
    """A step of a timetable as an officer reads it: 2025-09-30 催办：单位联络员."""
    return f"{day} {rung.name}：{'、'.join(POST_NAMES[post] for post in rung.to)}"


def holds(
    plan: Plan,
    pairs: Iterable[tuple[str, Occurrence]],
    others: Mapping[str, Sequence[Term]],
    as_of: date,
) -> tuple[Hold, ...]:
    """What of some duties and periods waits for other units (``scope: all-units``), each thing that it waits for once.

    What a unit waits for in its own house changes nothing: it is the one to be told either way. What cannot be reported
    yet holds nobody up.

    Args:
        plan: the plan in force.
        pairs: duties with their occurrences.
        others: terms of the duties that others wait for, by duty, in order of the due day.
        as_of: the day.
    """
    found: dict[tuple[Pair, Pair], Hold] = {}
    for duty, occurrence in pairs:
        for after in plan.duties_by_id[duty].after:
            term = target(after, occurrence, others.get(after.duty, ()), as_of)
            if after.scope != "all-units" or term is None or not term.owing or term.occurrence.opens > as_of:
                continue
            held, by = (duty, occurrence.period), (after.duty, term.occurrence.period)
            found.setdefault((held, by), Hold(held, by, after.because))
    return tuple(found.values())
