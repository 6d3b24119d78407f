"""Everything that was done to have a unit's work done in a term (督查情况), with its score."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from domain.plan import Plan
from domain.scoring import ItemScore, Line, LineId
from domain.workdays import WorkCalendar
from models import scores
from services import appeals, extensions, instructions
from services.appeals import Appeal
from services.extensions import Extension
from services.instructions import Instruction
from services.scoring import Place, Ranking, ranking
from services.urging import Urge, urges_of


@dataclass(frozen=True)
class Disputable:
    """A line of the working with the appeal against it (None for none), and until when it may still be disputed.

    ``until`` is None where it may not be: it was, the days for it are over, or the plan allows no appeal.
    """

    line: Line
    appeal: Appeal | None
    until: date | None


@dataclass(frozen=True)
class Supervision:
    """A unit in a term.

    Attributes:
        ranking: of all units.
        place: the unit's.
        lines: the working of each of its items that lost points, by the item's number.
        extensions: requests for more time for items of the term, oldest first.
        urges: of items of the term, newest first.
        instructions: on items of the term, oldest first.
        returns: how often the office sent one back.
        resubmissions: how many versions came after a first one.
        names: title and period of every item of the term, by its number.
    """

    ranking: Ranking
    place: Place
    lines: Mapping[int, tuple[Disputable, ...]]
    extensions: tuple[Extension, ...]
    urges: tuple[Urge, ...]
    instructions: tuple[Instruction, ...]
    returns: int
    resubmissions: int
    names: Mapping[int, str]

    @property
    def ranked(self) -> int:
        """How many units are ranked."""
        return sum(place.rank is not None for place in self.ranking.places)

    @property
    def faulted(self) -> tuple[ItemScore, ...]:
        """The items with lines, the one that lost most first."""
        own = [one for one in self.place.score.items if one.lines]
        return tuple(sorted(own, key=lambda one: (one.points, one.item.due, one.item.number)))

    @property
    def sound(self) -> int:
        """How many items lost nothing."""
        return sum(not one.lines for one in self.place.score.items)


def supervision(
    session: Session, plan: Plan, unit: str, period: str, as_of: date, calendar: WorkCalendar
) -> Supervision:
    """A unit in a term; the same few queries, however many items fell due.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        unit: id of the unit.
        period: code of the term.
        as_of: the day.
        calendar: working days.

    Raises:
        Problem: 103 for a unit that the plan does not know; 201 where the calendar does not reach; 1301 for no such term.
    """
    own = plan.unit(unit).id
    ranked = ranking(session, plan, period, as_of, calendar)
    place = ranked.of(own)
    if place is None:
        raise LookupError(own)  # every unit of the plan is ranked or listed
    rows = scores.returns(session, plan.id, own, ranked.term.start, ranked.term.end)
    items = [row.item_id for row in rows]
    known = {(one.item, one.id): one for one in appeals.of_unit(session, plan, own)}
    urges = [urge for some in urges_of(session, items).values() for urge in some]
    return Supervision(
        ranking=ranked,
        place=place,
        lines={
            one.item.number: tuple(_disputable(plan, one, line, known, as_of, calendar) for line in one.lines)
            for one in place.score.items
            if one.lines
        },
        extensions=extensions.of_items(session, items),
        urges=tuple(sorted(urges, key=lambda urge: -urge.number)),
        instructions=instructions.of_items(session, items),
        returns=sum(row.returns for row in rows),
        resubmissions=sum(row.version - 1 for row in rows if row.version),
        names={row.item_id: _name(plan, row.duty, row.period_label) for row in rows},
    )


def _name(plan: Plan, duty: str, period_label: str) -> str:
    known = plan.duties_by_id.get(duty)
    return f"{known.title if known else duty}，{period_label}"


def _disputable(
    plan: Plan,
    score: ItemScore,
    line: Line,
    known: Mapping[tuple[int, LineId], Appeal],
    as_of: date,
    calendar: WorkCalendar,
) -> Disputable:
    made = known.get((score.item.number, line.id))
    until = None if made else appeals.last_day(line, score.item.due, plan, calendar)
    return Disputable(line, made, until if until and as_of <= until else None)
