"""Scores of units over a term (计分排名), with the working line by line. Pure; numbers from the plan's ``rules.scoring``.

An item counts from the day after its due day. It begins with full points; each line takes some off, and says why. What an
upheld appeal struck out (申诉成立) takes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from domain.numerals import chinese_date
from domain.score_rules import ScoringRules
from domain.status import OWED, Stage
from domain.workdays import ONE_DAY, WorkCalendar

CENT = Decimal("0.01")

Between = Callable[[date, date], int]
"""Working days after one day up to and including another: :meth:`domain.workdays.WorkCalendar.workdays_between`."""


class Criterion(StrEnum):
    """Why a line takes points off an item."""

    COMPLETENESS = "completeness"
    TIMELINESS = "timeliness"
    OVERDUE = "overdue"
    RETURN = "return"
    URGE = "urge"
    INSTRUCTION = "instruction"


CRITERION_NAMES = {
    Criterion.COMPLETENESS: "完整",
    Criterion.TIMELINESS: "及时",
    Criterion.OVERDUE: "逾期天数",
    Criterion.RETURN: "退回",
    Criterion.URGE: "催办",
    Criterion.INSTRUCTION: "批示",
}


@dataclass(frozen=True)
class LineId:
    """Which line of an item: its criterion, and for what may happen more than once the number of the happening, else 0."""

    criterion: Criterion
    ref: int = 0


@dataclass(frozen=True)
class Happening:
    """A return (``ref`` is the version), an urging, or an instruction not answered in time; ``day`` is when it was."""

    id: LineId
    day: date


@dataclass(frozen=True)
class ScoredItem:
    """What is known of an item by the end of a day.

    Attributes:
        number: of the item in the store.
        due: the last day in time, which the office may have granted.
        first: the day of the first version; None where there is none.
        happenings: in the order in which they were.
        struck: lines that an upheld appeal took out.
    """

    number: int
    unit: str
    duty: str
    measure: int | None
    period_label: str
    due: date
    stage: Stage
    first: date | None
    happenings: tuple[Happening, ...] = ()
    struck: frozenset[LineId] = frozenset()


@dataclass(frozen=True)
class Line:
    """A line of the working: ``points`` are what it takes, as a number below 0; nothing is taken where it is ``struck``.

    ``day`` is when it came to be, or for what still grows the day of the reckoning.
    """

    id: LineId
    points: Decimal
    words: str
    day: date
    struck: bool = False

    @property
    def counted(self) -> Decimal:
        """What it takes in the end."""
        return Decimal(0) if self.struck else self.points


@dataclass(frozen=True)
class ItemScore:
    """An item's points with their working."""

    item: ScoredItem
    full: Decimal
    lines: tuple[Line, ...]

    @property
    def points(self) -> Decimal:
        """What is left of the full points, never less than 0."""
        return max(Decimal(0), self.full + sum((line.counted for line in self.lines), Decimal(0)))


@dataclass(frozen=True)
class Bonus:
    """A good case that was selected in the term; ``points`` are what it adds to the unit's score."""

    case: int
    title: str
    points: Decimal


@dataclass(frozen=True)
class UnitScore:
    """A unit's score; ``points`` are None where it owed nothing, and then it is not ranked."""

    unit: str
    items: tuple[ItemScore, ...]
    bonuses: tuple[Bonus, ...] = ()

    @property
    def mean(self) -> Decimal | None:
        """The mean of its items' points to two digits, halves rounded up; None where it owed nothing."""
        if not self.items:
            return None
        total = sum((one.points for one in self.items), Decimal(0))
        return (total / len(self.items)).quantize(CENT, ROUND_HALF_UP)

    @property
    def points(self) -> Decimal | None:
        """The mean with what good cases add."""
        mean = self.mean
        return None if mean is None else mean + sum((one.points for one in self.bonuses), Decimal(0))

    def lost(self, criterion: Criterion) -> Decimal:
        """What lines of a criterion take off its items, as a number below 0 or 0."""
        lines = (line for one in self.items for line in one.lines if line.id.criterion is criterion)
        return sum((line.counted for line in lines), Decimal(0))


def score_item(item: ScoredItem, rules: ScoringRules, as_of: date, between: Between) -> ItemScore:
    """The points of an item at the end of ``as_of``, which lies after its due day."""
    standing = (line for line in _standing(item, rules, as_of, between) if line.points)
    return ItemScore(item, rules.full, (*standing, *_happened(item, rules)))


def score_unit(
    unit: str, items: Iterable[ItemScore], cases: Mapping[int, str], rules: ScoringRules
) -> UnitScore:
    """A unit's score from those of its items and the titles of its selected cases by their number."""
    left, bonuses = rules.most_cases, []
    for case, title in cases.items():
        points = min(rules.per_case, left)
        left -= points
        bonuses.append(Bonus(case, title, points))
    return UnitScore(unit, tuple(items), tuple(bonuses))


def ranks(scores: Sequence[Decimal | None]) -> list[int | None]:
    """The place of each score, the highest first; equals share a place and the next one is left out: 1, 2, 2, 4.

    None for whoever has no score.
    """
    scored = [score for score in scores if score is not None]
    return [None if score is None else 1 + sum(other > score for other in scored) for score in scores]


def appeal_until(line: Line, quarter_end: date, rules: ScoringRules, calendar: WorkCalendar) -> date | None:
    """The last day on which a line may be disputed; None where the plan allows no appeal.

    So many working days after the end of the quarter in which the item fell due, or after the day on which the line came
    to be where that is later. Where the calendar ends, weekdays are assumed.
    """
    if not rules.appeal_workdays:
        return None
    return calendar.assuming.add_workdays(max(quarter_end, line.day), rules.appeal_workdays).date


def _standing(item: ScoredItem, rules: ScoringRules, as_of: date, between: Between) -> Iterator[Line]:
    """What is taken for how the item stands, and when it came in."""

    def line(criterion: Criterion, points: Decimal, words: str, day: date) -> Line:
        own = LineId(criterion)
        return Line(own, -points, words, day, struck=own in item.struck)

    over = item.due + ONE_DAY
    if item.stage in OWED:
        returned = [one.day for one in item.happenings if one.id.criterion is Criterion.RETURN]
        words = "退回后尚未补正" if item.stage is Stage.RETURNED else "到期未报送"
        yield line(Criterion.COMPLETENESS, rules.completeness, words, max([over, *returned]))
    if item.first is not None and item.first <= item.due:
        return
    came = as_of if item.first is None else item.first
    words = "截止日前没有报送" if item.first is None else f"首次报送于{chinese_date(came)}，晚于截止日"
    yield line(Criterion.TIMELINESS, rules.timeliness, words, over)
    late = between(item.due, came)
    points = min(rules.per_overdue_day * late, rules.most_overdue)
    yield line(Criterion.OVERDUE, points, f"超过截止日 {late} 个工作日", came)


def _happened(item: ScoredItem, rules: ScoringRules) -> Iterator[Line]:
    """What is taken for returns, urgings and instructions: each so much, all of a kind no more than the plan sets."""
    tariff = {
        Criterion.RETURN: (rules.per_return, rules.quality, "{day}被退回（第 {ref} 版）"),
        Criterion.URGE: (rules.per_urge, rules.most_urges, "{day}经催办"),
        Criterion.INSTRUCTION: (
            rules.per_late_instruction,
            rules.most_instructions,
            "批示没有按期反馈（期限 {day}）",
        ),
    }
    left = {criterion: most for criterion, (_, most, _) in tariff.items()}
    for one in item.happenings:
        criterion = one.id.criterion
        each, _, words = tariff[criterion]
        if not each or (criterion is Criterion.URGE and one.day <= item.due):
            continue  # a reminder while there is time is no reproach
        struck = one.id in item.struck
        points = each if struck else min(each, left[criterion])
        if not struck:
            left[criterion] -= points
        found = Line(
            one.id, -points, words.format(day=chinese_date(one.day), ref=one.id.ref), one.day, struck
        )
        yield found if points else replace(found, words=f"{found.words}，已扣至上限")
