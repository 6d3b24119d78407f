"""How the units of a demonstration behave: most are punctual; a few are late, silent, careless or sent back."""

from dataclasses import dataclass
from random import Random

from domain.duties import WorkItem
from domain.entries import (
    HIGHLIGHTS,
    NEXT_STEPS,
    PROGRESS,
    SHORTCOMINGS,
    FigureEntry,
    ItemEntry,
    Passage,
    State,
    measure_slot,
)
from domain.plan import Duty, Plan
from services.sample.figures import Figures
from services.sample.spec import SampleSpec, Speaker

FORGETS = 0.03
"""Share of ordinary items that nobody hands in in time."""
RETURN_REASON = "“存在问题”一栏过于笼统，请对照本单位承担的任务举措逐项说明。"


@dataclass(frozen=True)
class Cast:
    """Who plays which part when the yearly report is due; ids of units."""

    silent: frozenset[str]
    late: frozenset[str]
    unreviewed: str
    careless: str
    returned: str


class Behaviour:
    """What each unit hands in, and when; the same seed gives the same year."""

    def __init__(self, plan: Plan, spec: SampleSpec, seed: int) -> None:
        self._plan = plan
        self._seed = seed
        self._figures = Figures(plan, spec, seed)
        self._speaker = Speaker(plan, spec)
        self.cast = _cast(plan, seed)

    def forgets(self, item: WorkItem) -> bool:
        """Whether the unit forgets an ordinary item, so that it stays open past its day."""
        return Random(f"{self._seed}/{item.key}").random() < FORGETS  # noqa: S311 - a demonstration

    def entry(self, item: WorkItem) -> ItemEntry:
        """What the unit writes and counts for an item."""
        duty = self._plan.duties_by_id[item.duty]
        return ItemEntry(
            key=item.key,
            state=State.DONE,
            passages=self._passages(item, duty),
            figures=tuple(self._figure_entries(item, duty)),
        )

    def _figure_entries(self, item: WorkItem, duty: Duty) -> list[FigureEntry]:
        indicators = [self._plan.indicators_by_id[i] for i in duty.indicators]
        return [
            FigureEntry(
                indicator=i.id,
                value=self._figures.value(i, item.unit, item.occurrence.period),
            )
            for i in indicators
            if item.unit in self._plan.suppliers(i)
        ]

    def _passages(self, item: WorkItem, duty: Duty) -> tuple[Passage, ...]:
        if duty.role != "annual-report":
            return (Passage(slot=PROGRESS, text=f"已按要求完成：{duty.demand}"),)
        unit = self._plan.units_by_id[item.unit]
        told = {
            **{
                measure_slot(m.number): self._speaker.on_measure(unit, m)
                for m in self._plan.unit_measures(unit.id)
            },
            HIGHLIGHTS: self._speaker.highlights(unit),
            SHORTCOMINGS: self._speaker.shortcomings(unit),
            NEXT_STEPS: self._speaker.next_steps(unit),
        }
        return tuple(Passage(slot=slot, text=text) for slot, text in told.items() if text)


def with_an_id_number(entry: ItemEntry) -> ItemEntry:
    """The yearly report as a careless liaison sends it: with a (made-up) ID number in its first passage."""
    first, *others = entry.passages
    if first.slot == PROGRESS:
        return entry
    careless = Passage(slot=first.slot, text=f"{first.text}联系对象证件号{_made_up_id(2015)}。")
    return entry.model_copy(update={"passages": (careless, *others)})


def amended(entry: ItemEntry) -> ItemEntry:
    """The yearly report as a unit sends it again after it came back for :data:`RETURN_REASON`."""
    passages = tuple(
        Passage(slot=p.slot, text=f"{p.text}已逐项对照任务举措列出问题清单，明确整改时限和责任人。")
        if p.slot == SHORTCOMINGS
        else p
        for p in entry.passages
    )
    return entry.model_copy(update={"passages": passages})


def _made_up_id(born: int) -> str:
    """A number with a right check digit (GB 11643-1999) in a region code that is not assigned."""
    body = f"999999{born}0101999"
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def _cast(plan: Plan, seed: int) -> Cast:
    others = [unit.id for unit in plan.units if unit.id != plan.host.id]
    shuffled = Random(f"{seed}/cast").sample(others, len(others))  # noqa: S311 - a demonstration
    while len(shuffled) < 6:  # a plan of few units lets one play several parts
        shuffled += shuffled or [plan.host.id]
    return Cast(
        silent=frozenset(shuffled[0:1]),
        late=frozenset(shuffled[1:3]),
        unreviewed=shuffled[3],
        careless=shuffled[4],
        returned=shuffled[5],
    )
