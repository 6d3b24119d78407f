"""Sums over districts of what they have released. Pure.

Nothing can be learnt from such a sum that the districts' own reports do not tell: what a district withholds or lacks is left
out, and the sum says of how many districts it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from domain.counts import MISSING_MARK, WITHHELD_MARK, Missing, Shown, Withheld
from domain.rates import Rates, counted
from domain.report.summary import FigureSummary, Standing, Summary
from domain.rollup.frame import FrameIndicator, FrameMeasure, Matching, Name

LEFT_OUT_MARK = "▲"
"""Behind a sum that leaves out what some districts do not publish, or lack."""


@dataclass(frozen=True)
class Total:
    """An indicator over all districts.

    Attributes:
        indicator: of the frame.
        nature: ``stock``, ``flow``, ``ratio``; empty where no district has it.
        overlaps: whether the children counted may be counted elsewhere as well.
        value: the sum, or the rate of sums; None where there is nothing to add up.
        of: how many districts it is over.
        withheld: how many do not publish theirs.
        missing: how many have no figure, or one that lacks parts.
    """

    indicator: FrameIndicator
    nature: str
    overlaps: bool
    value: Decimal | None
    of: int
    withheld: int
    missing: int

    @property
    def text(self) -> str:
        """The sum as a table prints it."""
        if self.value is None:
            return WITHHELD_MARK if self.withheld else MISSING_MARK
        return f"{self.value:f}" + (LEFT_OUT_MARK if self.withheld or self.missing else "")


@dataclass(frozen=True)
class MeasureTotal:
    """A measure over all districts: how its items stand, and how many districts have it."""

    measure: FrameMeasure
    rates: Rates
    of: int
    complete: int
    """In how many districts everything that was due is there."""


def rates_of(standings: Iterable[Standing]) -> Rates:
    """The rates over several standings: of sums, never a mean of rates."""
    found = list(standings)
    return counted(
        due=sum(s.due for s in found),
        complete=sum(s.complete for s in found),
        timely=sum(s.timely for s in found),
        quality=sum(s.good for s in found),
        pending=0,
        returned=0,
    )


def measure_totals(matching: Matching) -> tuple[MeasureTotal, ...]:
    """Every measure of the frame over all districts."""
    by_district = [matching.measures_of(summary) for summary in matching.summaries]
    found = []
    for measure in matching.measures:
        own = [found_in[measure.number] for found_in in by_district if measure.number in found_in]
        each = [rates_of(m.standing for m in measures) for measures in own]
        found.append(
            MeasureTotal(
                measure=measure,
                rates=rates_of(m.standing for measures in own for m in measures),
                of=len(own),
                complete=sum(r.completeness.count == r.due for r in each),
            )
        )
    return tuple(found)


def totals(matching: Matching) -> tuple[Total, ...]:
    """Every indicator of the frame over all districts."""
    figures = [matching.figures_of(summary) for summary in matching.summaries]
    return tuple(_total(indicator, matching.summaries, figures) for indicator in matching.indicators)


def _total(
    indicator: FrameIndicator, summaries: Sequence[Summary], figures: Sequence[Mapping[Name, FigureSummary]]
) -> Total:
    name = (indicator.name, indicator.unit)
    own = [(summary, found[name]) for summary, found in zip(summaries, figures, strict=True) if name in found]
    first = own[0][1] if own else None
    if first is None:
        return Total(indicator, "", overlaps=False, value=None, of=0, withheld=0, missing=0)
    if first.nature == "ratio":
        value, of = _rate([parts for summary, figure in own if (parts := _parts(summary, figure))])
    else:
        known = [f.released.value for _, f in own if isinstance(f.released, Shown)]
        value, of = (sum(known, Decimal(0)), len(known)) if known and _adds_up(own) else (None, 0)
    return Total(
        indicator=indicator,
        nature=first.nature,
        overlaps=any(f.overlaps for _, f in own),
        value=value,
        of=of,
        withheld=sum(isinstance(f.released, Withheld) for _, f in own),
        missing=len(summaries)
        - len(own)
        + sum(isinstance(f.released, Missing) or not f.whole for _, f in own),
    )


def _adds_up(own: Sequence[tuple[Summary, FigureSummary]]) -> bool:
    return all(figure.adds_up for _, figure in own)


def _parts(summary: Summary, rate: FigureSummary) -> tuple[Decimal, Decimal] | None:
    """Numerator and denominator of a district's rate; None where either is not published."""
    found = {f.indicator: f.released for f in summary.figures if f.indicator in rate.parts}
    values = [found.get(part) for part in rate.parts]
    match values:
        case [Shown(value=top), Shown(value=bottom)]:
            return top, bottom
    return None


def _rate(parts: Sequence[tuple[Decimal, Decimal]]) -> tuple[Decimal | None, int]:
    """The rate of sums in per cent, to one digit, and how many districts it is over."""
    top = sum((t for t, _ in parts), Decimal(0))
    bottom = sum((b for _, b in parts), Decimal(0))
    if not bottom:
        return None, 0
    return (top * 100 / bottom).quantize(Decimal("0.1"), ROUND_HALF_UP), len(parts)
