"""What an item waits for: other duties' items that must be finished first, as the plan's ``after`` says. Pure.

Waiting forbids nothing: a unit may report before what it waits for is there. It tells the unit why its own work has
nothing to stand on yet, and the office whom to ask. Worked dates stand in ``docs/rules.md``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.duties import Occurrence
from domain.facts import ItemFacts
from domain.plan import After, Duty, Plan
from domain.status import FINISHED

MOST_NAMES = 5
"""How many units a sentence names before it says how many there are."""

Owing = Mapping[tuple[str, str], Collection[str]]
"""By duty and period: the ids of units whose item is open and not finished; empty where all have finished."""


@dataclass(frozen=True)
class Term:
    """One occurrence of a duty and who has not finished it.

    ``owing`` holds the ids of units whose item is not accepted as done (or as having had no occasion), in the plan's
    order; an occurrence that is not open yet is owed by everybody.
    """

    duty: str
    occurrence: Occurrence
    owing: tuple[str, ...]


@dataclass(frozen=True)
class Wait:
    """That something waits for ``units`` to finish a duty's occurrence."""

    after: After
    occurrence: Occurrence
    units: tuple[str, ...]

    def words(self, plan: Plan) -> str:
        """The wait as an officer reads it: 等待山门镇完成2025年第三季度“核实台账变动”（…）."""
        title = plan.duties_by_id[self.after.duty].title
        who = unit_names(plan, self.units)
        return f"等待{who}完成{self.occurrence.label}{quoted(title)}（{self.after.because}）"


@dataclass(frozen=True)
class Waiting:
    """Units whose items of one occurrence wait for the same thing.

    With ``scope: same-unit`` each of ``units`` waits for itself, and ``wait.units`` are the same ones.
    """

    duty: str
    occurrence: Occurrence
    units: tuple[str, ...]
    wait: Wait

    def words(self, plan: Plan) -> str:
        """Who waits for what, in one sentence."""
        title = plan.duties_by_id[self.duty].title
        what = f"{unit_names(plan, self.units)}的{self.occurrence.label}{quoted(title)}"
        if self.wait.after.scope == "same-unit":
            other = plan.duties_by_id[self.wait.after.duty].title
            label = self.wait.occurrence.label
            return f"{what}等待本单位先完成{label}{quoted(other)}（{self.wait.after.because}）"
        return what + self.wait.words(plan)


def quoted(title: str) -> str:
    """A title in Chinese quotation marks, those inside it turned to single ones."""
    return f"“{title.replace('“', '‘').replace('”', '’')}”"


def unit_names(plan: Plan, units: Sequence[str]) -> str:
    """Names of units in a sentence; the first few and how many where there are many."""
    known = plan.units_by_id
    names = "、".join(known[unit].name if unit in known else unit for unit in units[:MOST_NAMES])
    return names if len(units) <= MOST_NAMES else f"{names}等{len(units)}个单位"


def owing(facts: Iterable[ItemFacts], as_of: date) -> dict[tuple[str, str], tuple[str, ...]]:
    """Who had not finished what at the end of ``as_of``, from the items that were open."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for item in facts:
        if item.item.occurrence.opens > as_of:
            continue
        pair = (item.item.duty, item.item.occurrence.period)
        accepted = item.as_of(as_of).accepted
        done = accepted is not None and accepted.state in FINISHED
        found[pair] = found.get(pair, ()) if done else (*found.get(pair, ()), item.item.unit)
    return found


def terms(plan: Plan, duty: Duty, occurrences: Iterable[Occurrence], owed: Owing) -> tuple[Term, ...]:
    """The occurrences of a duty with who owes each, in order of the due day."""
    ordered = sorted(occurrences, key=lambda o: (o.due, o.period))
    everybody = plan.duty_units(duty)
    return tuple(Term(duty.id, o, tuple(owed.get((duty.id, o.period), everybody))) for o in ordered)


def awaited(plan: Plan, duties: Iterable[Duty]) -> tuple[Duty, ...]:
    """The duties that any of ``duties`` waits for, each once, in the plan's order."""
    wanted = {after.duty for duty in duties for after in duty.after}
    return tuple(duty for duty in plan.duties if duty.id in wanted)


def waits(
    duty: Duty, unit: str, occurrence: Occurrence, others: Mapping[str, Sequence[Term]], as_of: date
) -> tuple[Wait, ...]:
    """What one unfinished item waits for at the end of ``as_of``, in the order of the plan's ``after``.

    Args:
        duty: the item's duty.
        unit: the unit that owes the item.
        occurrence: the item's period.
        others: terms of the duties that it waits for, by duty, in order of the due day.
        as_of: the day.
    """
    found = []
    for after in duty.after:
        term = target(after, occurrence, others.get(after.duty, ()), as_of)
        units = _held_by(after, unit, term)
        if term is not None and units:
            found.append(Wait(after, term.occurrence, units))
    return tuple(found)


def waiting(
    duty: Duty,
    occurrence: Occurrence,
    units: Sequence[str],
    others: Mapping[str, Sequence[Term]],
    as_of: date,
) -> tuple[Waiting, ...]:
    """As :func:`waits` for all ``units`` whose item of ``occurrence`` is unfinished, told once for all of them."""
    found = []
    for after in duty.after:
        term = target(after, occurrence, others.get(after.duty, ()), as_of)
        if term is None or not term.owing or not units:
            continue
        if after.scope == "all-units":
            found.append(Waiting(duty.id, occurrence, tuple(units), Wait(after, term.occurrence, term.owing)))
            continue
        still = set(term.owing)
        own = tuple(unit for unit in units if unit in still)
        if own:
            found.append(Waiting(duty.id, occurrence, own, Wait(after, term.occurrence, own)))
    return tuple(found)


def target(after: After, occurrence: Occurrence, others: Sequence[Term], as_of: date) -> Term | None:
    """The occurrence of the other duty that ``occurrence`` waits for; None where there is none to wait for.

    ``same``: that of the same period. ``latest``: the last one whose term was over before ``as_of``, or the first
    one while none is over; never one that falls due after ``occurrence`` itself, for nothing can wait beyond its own
    day. A later one that everybody has finished already serves as well, so that nothing is waited for then.
    """
    if after.period == "same":
        return next((t for t in others if t.occurrence.period == occurrence.period), None)
    usable = [t for t in others if t.occurrence.due <= occurrence.due]
    if not usable:
        return None
    over = [t for t in usable if t.occurrence.due < as_of]
    chosen = over[-1] if over else usable[0]
    newer = usable[usable.index(chosen) :]
    return next((t for t in newer if not t.owing), chosen)


def _held_by(after: After, unit: str, term: Term | None) -> tuple[str, ...]:
    if term is None:
        return ()
    if after.scope == "all-units":
        return term.owing
    return (unit,) if unit in term.owing else ()
