"""What pages show, reckoned item by item from facts with every version and verdict: what the set-wise way must equal."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from domain.facts import ItemFacts
from domain.gates import Gate, gates
from domain.piles import Pile
from domain.plan import Plan
from domain.rates import Rates, rates
from domain.status import LIGHT_NAMES, OWED, Light, Stage, light, stage, worst
from domain.workdays import day_end
from models.desk import CorrectionRow
from services.facts import year_facts
from tests import cast

CALENDAR = cast.calendar()


def waits(facts: ItemFacts) -> bool:
    """Whether the newest version waits for the office."""
    return facts.latest is not None and facts.latest.review is None


class Every(list[ItemFacts]):
    """Every item of a store with all that ever happened to it; and when which version was allowed to be corrected."""

    corrected: dict[int, datetime]


def every_fact(session: Session, plan: Plan) -> Every:
    """Everything there is."""
    found = Every(f for year in plan.years for f in year_facts(session, plan, year))
    allowed = session.execute(select(col(CorrectionRow.submission_id), col(CorrectionRow.at)))
    found.corrected = {row.submission_id: row.at for row in allowed}
    return found


class Reckoned:
    """A plan's items as they stood at the end of a day."""

    def __init__(self, plan: Plan, every: Every, as_of: date) -> None:
        self.plan, self.as_of = plan, as_of
        until = day_end(as_of)
        self.corrected = {one for one, at in every.corrected.items() if at < until}
        self.facts = [f.as_of(as_of) for f in every if f.item.occurrence.opens <= as_of]

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Of phases that the office has closed none of."""
        return gates(self.plan, self.facts, {}, self.as_of, CALENDAR)

    def light(self, facts: ItemFacts) -> Light:
        return light(facts, self.as_of, self.plan.rules.lights, CALENDAR)

    @property
    def lights(self) -> dict[str, int]:
        return dict(Counter(LIGHT_NAMES[self.light(f)] for f in self.facts))

    @property
    def rates(self) -> Rates:
        return rates(self.facts, self.as_of)

    def on(self, pile: Pile) -> list[ItemFacts]:
        """The items of a pile in the order of lists."""
        found = [f for f in self.facts if self._lies_on(f, pile)]
        return sorted(found, key=lambda f: (f.item.due, f.item.duty, f.item.unit, f.item.occurrence.opens))

    def _lies_on(self, facts: ItemFacts, pile: Pile) -> bool:
        at, due, latest = stage(facts), facts.item.due, facts.latest
        corrected = latest is not None and (latest.returned or latest.id in self.corrected)
        told = {
            Pile.LATE: at in OWED and due < self.as_of,
            Pile.DUE: at in OWED and due >= self.as_of and self.light(facts) is Light.YELLOW,
            Pile.AHEAD: at is Stage.OPEN and due >= self.as_of and self.light(facts) is Light.BLUE,
            Pile.OWED: at in OWED,
            Pile.UNFINISHED: at is not Stage.FINISHED,
            Pile.TO_REVIEW: waits(facts),
            Pile.AMENDING: facts.accepted is not None and corrected,
        }
        return told.get(pile, at.value == pile.value)

    def measure(self, number: int | None) -> list[ItemFacts]:
        return [f for f in self.facts if f.item.measure == number]

    def counts(self, facts: Sequence[ItemFacts]) -> tuple[Light, int, int, int, int, int]:
        """Light, items, owed, finished, late and to review, as a cell of the matrix has them."""
        stages = [stage(f) for f in facts]
        return (
            worst(self.light(f) for f in facts),
            len(facts),
            sum(one in OWED for one in stages),
            stages.count(Stage.FINISHED),
            sum(self._lies_on(f, Pile.LATE) for f in facts),
            sum(waits(f) for f in facts),
        )
