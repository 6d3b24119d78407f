"""From accepted submissions to figures: over periods, over units, with the sources of each. Pure.

Missing is not zero: a figure that nobody accepted yet is None, and a sum tells which parts it lacks. Overlapping
groups of children are never added up, because no indicator says how (``over_units`` and ``part_of`` are all there is).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from domain.canonical import decimal_text
from domain.duties import WorkItem
from domain.facts import ItemFacts, Submission
from domain.plan import Indicator, Plan

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Source:
    """Where a figure comes from: the accepted version of one unit's item; ``label`` is its period as people say it."""

    key: str
    unit: str
    period: str
    label: str
    submission: int
    version: int
    day: date
    by: str
    reviewer: str
    reviewed: date
    content_sha256: str


@dataclass(frozen=True)
class Gap:
    """A part that a figure lacks: this unit's figure for this period."""

    unit: str
    period: str


@dataclass(frozen=True)
class Figure:
    """A figure with its sources, and the parts that it lacks. ``value`` is None where nothing is known."""

    value: Decimal | None
    sources: tuple[Source, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def partial(self) -> bool:
        """Whether a value is known but lacks parts."""
        return self.value is not None and bool(self.gaps)


NOTHING = Figure(None)

Key = tuple[str, str]
"""Indicator id and unit id."""


@dataclass(frozen=True)
class Span:
    """The days whose items count, both included: a year, a phase, a quarter.

    With ``until``, periods within a year count only where they are over by that day, so that every unit's figure
    speaks of the same periods; what is told once a year, or once, counts as soon as it is accepted.
    """

    start: date
    end: date
    until: date | None = None

    def holds(self, item: WorkItem) -> bool:
        """Whether an item counts."""
        if not self.start <= item.occurrence.due <= self.end:
            return False
        once = item.occurrence.period in {"once", str(item.year)}
        return self.until is None or item.occurrence.due <= self.until or once


def year_to_date(year: int, day: date) -> Span:
    """The year as it stands on ``day``; the whole year from its last day on."""
    return Span(date(year, 1, 1), date(year, 12, 31), until=min(day, date(year, 12, 31)))


def unit_figures(plan: Plan, facts: Iterable[ItemFacts], span: Span, as_of: date) -> Mapping[Key, Figure]:
    """Each unit's figure for each collected indicator over ``span``, as known at the end of ``as_of``.

    Only items due within the span, and of them only accepted versions, count. Stocks take the latest period that
    has a value, flows the sum of the periods. Items that were due by ``as_of`` without an accepted value are gaps.
    """
    parts: dict[Key, list[tuple[ItemFacts, Decimal | None]]] = {}
    suppliers = {i.id: frozenset(plan.suppliers(i)) for i in plan.indicators}
    for item in facts:
        if not span.holds(item.item):
            continue
        known = item.as_of(as_of)
        values = _values(known.accepted)
        for indicator in plan.duties_by_id[item.item.duty].indicators:
            if item.item.unit in suppliers[indicator]:
                parts.setdefault((indicator, item.item.unit), []).append((known, values.get(indicator)))
    return {key: _over_time(plan.indicators_by_id[key[0]], found, as_of) for key, found in parts.items()}


def total(indicator: Indicator, figures: Mapping[Key, Figure], units: Iterable[str]) -> Figure:
    """The sum of an indicator over ``units``; nothing where the plan says that adding makes no sense."""
    if indicator.over_units == "none":
        return NOTHING
    found = [figures[indicator.id, unit] for unit in units if (indicator.id, unit) in figures]
    values = [f.value for f in found if f.value is not None]
    return Figure(
        value=sum(values, Decimal(0)) if values else None,
        sources=tuple(s for f in found for s in f.sources),
        gaps=tuple(g for f in found for g in f.gaps),
    )


def ratio(numerator: Figure, denominator: Figure) -> Figure:
    """A rate in per cent to one digit, of sums and never of rates; None where a part is missing or the whole is zero.

    It lacks what its two parts lack. Both must speak of the same units and periods: see :func:`comparable`.
    """
    sources = tuple(dict.fromkeys((*numerator.sources, *denominator.sources)))
    gaps = tuple(dict.fromkeys((*numerator.gaps, *denominator.gaps)))
    if numerator.value is None or denominator.value is None or denominator.value == 0:
        return Figure(None, sources, gaps)
    share = (numerator.value * HUNDRED / denominator.value).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Figure(Decimal(decimal_text(share)), sources, gaps)


def comparable(plan: Plan, rate: Indicator, figures: Mapping[Key, Figure], unit: str) -> bool:
    """Whether a unit's two parts of a rate are known and speak of the same periods.

    A level may be divided by what happened in a year, so periods are compared only between figures of one nature.
    """
    if rate.ratio is None:
        return False
    top, bottom = (plan.indicators_by_id[i] for i in (rate.ratio.numerator, rate.ratio.denominator))
    parts = [figures.get((part.id, unit), NOTHING) for part in (top, bottom)]
    if any(part.value is None for part in parts):
        return False
    return top.nature is not bottom.nature or parts[0].gaps == parts[1].gaps


def _values(submission: Submission | None) -> dict[str, Decimal | None]:
    return {} if submission is None else {f.indicator: f.value for f in submission.figures}


def _over_time(indicator: Indicator, parts: list[tuple[ItemFacts, Decimal | None]], as_of: date) -> Figure:
    parts = sorted(parts, key=lambda part: (part[0].item.occurrence.due, part[0].item.key))
    known = [(item, value) for item, value in parts if value is not None]
    if indicator.over_time == "latest":
        return _latest(parts, known, as_of)
    gaps = tuple(_gap(item) for item, value in parts if value is None and item.item.occurrence.due <= as_of)
    if not known:
        return Figure(None, gaps=gaps)
    return Figure(
        value=sum((value for _, value in known), Decimal(0)),
        sources=tuple(source_of(item) for item, _ in known),
        gaps=gaps,
    )


def _latest(
    parts: list[tuple[ItemFacts, Decimal | None]], known: list[tuple[ItemFacts, Decimal]], as_of: date
) -> Figure:
    """The newest level known; it lacks the newest level due, where that has not come."""
    due = [item for item, _ in parts if item.item.occurrence.due <= as_of]
    if not known:
        return Figure(None, gaps=tuple(_gap(item) for item in due[-1:]))
    item, value = known[-1]
    behind = due and item.item.occurrence.due < due[-1].item.occurrence.due
    return Figure(value, (source_of(item),), (_gap(due[-1]),) if behind else ())


def _gap(item: ItemFacts) -> Gap:
    return Gap(unit=item.item.unit, period=item.item.occurrence.period)


def source_of(item: ItemFacts) -> Source:
    """The accepted version of an item that has one, as a source."""
    accepted = item.accepted
    if accepted is None or accepted.review is None:
        raise ValueError(f"{item.item.key} has no accepted version to be a source")
    return Source(
        key=item.item.key,
        unit=item.item.unit,
        period=item.item.occurrence.period,
        label=item.item.occurrence.label,
        submission=accepted.id,
        version=accepted.version,
        day=accepted.day,
        by=accepted.by,
        reviewer=accepted.review.reviewer,
        reviewed=accepted.review.day,
        content_sha256=accepted.content_sha256,
    )
