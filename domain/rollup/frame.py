"""The frame (汇总口径) in which a city or province adds districts up: whom it expects, and what corresponds to what.

Districts have plans of their own. What a frame names explicitly is taken as it says; for the rest, measures of the same
title and indicators of the same name and unit of measure are the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import Field

from domain.cadence import Entry
from domain.canonical import person
from domain.plan import ReportSpec, Slug
from domain.report.summary import FigureSummary, MeasureSummary, Summary

Name = tuple[str, str]
"""An indicator's name and unit of measure."""


class District(Entry):
    """A district that owes its package; ``key`` is the fingerprint of what it signs with, empty while nobody knows it."""

    region: str
    key: str = Field(default="", pattern=r"^([0-9a-f]{4}(-[0-9a-f]{4}){7})?$")


class MeasureSource(Entry):
    """Measures of one district's plan that one measure of the frame stands for."""

    plan: Slug
    measures: tuple[int, ...] = Field(min_length=1)


class FrameMeasure(Entry):
    """A measure as the frame counts it."""

    number: int = Field(ge=1)
    title: str
    sources: tuple[MeasureSource, ...] = ()


class IndicatorSource(Entry):
    """The indicator of one district's plan that one of the frame stands for."""

    plan: Slug
    indicator: Slug


class FrameIndicator(Entry):
    """An indicator as the frame counts it."""

    name: str
    unit: str
    sources: tuple[IndicatorSource, ...] = ()


class Frame(Entry):
    """Whose report it is, which districts it expects, and what of theirs corresponds.

    Attributes:
        region: whose report it is, as 四平市.
        report: letterhead, addressee and subject.
        districts: who is expected; nobody in particular where it is empty.
        measures: in the order in which they are told; empty for those of the packages themselves.
        indicators: likewise.
    """

    region: str
    report: ReportSpec
    districts: tuple[District, ...] = ()
    measures: tuple[FrameMeasure, ...] = ()
    indicators: tuple[FrameIndicator, ...] = ()


@dataclass(frozen=True)
class Unmatched:
    """What of a district's the frame has no place for."""

    region: str
    what: str


@dataclass(frozen=True)
class Matching:
    """What corresponds to what, for these districts."""

    frame: Frame
    summaries: tuple[Summary, ...]

    @cached_property
    def measures(self) -> tuple[FrameMeasure, ...]:
        """The frame's measures; those of the packages by title where it names none."""
        if self.frame.measures:
            return self.frame.measures
        titles: dict[str, str] = {}
        for summary in self.summaries:
            for own in summary.measures:
                titles.setdefault(_folded(own.title), own.title)
        return tuple(FrameMeasure(number=n, title=t) for n, t in enumerate(titles.values(), start=1))

    @cached_property
    def indicators(self) -> tuple[FrameIndicator, ...]:
        """The frame's indicators; those of the packages by name and unit of measure where it names none."""
        if self.frame.indicators:
            return self.frame.indicators
        names: dict[Name, FrameIndicator] = {}
        for summary in self.summaries:
            for own in summary.figures:
                names.setdefault((_folded(own.name), own.unit), FrameIndicator(name=own.name, unit=own.unit))
        return tuple(names.values())

    def measures_of(self, summary: Summary) -> Mapping[int, tuple[MeasureSummary, ...]]:
        """A district's own measures, by the number of the frame's measure that stands for them."""
        own = {m.number: m for m in summary.measures}
        named = {
            measure.number: [n for s in measure.sources if s.plan == summary.plan for n in s.measures]
            for measure in self.measures
        }
        taken = {n for numbers in named.values() for n in numbers}
        by_title = {_folded(m.title): m for n, m in own.items() if n not in taken}
        found: dict[int, tuple[MeasureSummary, ...]] = {}
        for measure in self.measures:
            if named[measure.number]:
                found[measure.number] = tuple(own[n] for n in named[measure.number] if n in own)
            elif (alike := by_title.get(_folded(measure.title))) is not None:
                found[measure.number] = (alike,)
        return found

    def figures_of(self, summary: Summary) -> Mapping[Name, FigureSummary]:
        """A district's own figures, by the name and unit of measure of the frame's indicator."""
        own = {f.indicator: f for f in summary.figures}
        named = {
            (i.name, i.unit): s.indicator
            for i in self.indicators
            for s in i.sources
            if s.plan == summary.plan
        }
        by_name = {(_folded(f.name), f.unit): f for f in own.values() if f.indicator not in named.values()}
        found: dict[Name, FigureSummary] = {}
        for indicator in self.indicators:
            name = (indicator.name, indicator.unit)
            figure = own.get(named[name]) if name in named else by_name.get((_folded(name[0]), name[1]))
            if figure is not None:
                found[name] = figure
        return found

    @cached_property
    def unmatched(self) -> tuple[Unmatched, ...]:
        """What of the districts' has no place, district by district."""
        return tuple(one for summary in self.summaries for one in self._unmatched(summary))

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The districts that are expected and sent nothing."""
        here = {summary.region for summary in self.summaries}
        return tuple(d.region for d in self.frame.districts if d.region not in here)

    def _unmatched(self, summary: Summary) -> Iterable[Unmatched]:
        used = {m.number for group in self.measures_of(summary).values() for m in group}
        for measure in summary.measures:
            if measure.number not in used:
                yield Unmatched(summary.region, f"举措 {measure.number}.{measure.title}")
        known = {f.indicator for f in self.figures_of(summary).values()}
        for figure in summary.figures:
            if figure.indicator not in known:
                yield Unmatched(summary.region, f"指标 {figure.name}（{figure.unit}）")


def draft(region: str, report: ReportSpec, senders: Sequence[tuple[Summary, str]]) -> Frame:
    """A frame to start from: everything that these districts have, each thing with where it comes from.

    Args:
        region: whose frame it is.
        report: its letterhead.
        senders: the districts' summaries, each with the fingerprint of its key.
    """
    matching = Matching(Frame(region=region, report=report), tuple(s for s, _ in senders))
    plans = {summary.plan: summary for summary in matching.summaries}
    measures = {plan: matching.measures_of(summary) for plan, summary in plans.items()}
    figures = {plan: matching.figures_of(summary) for plan, summary in plans.items()}
    return Frame(
        region=region,
        report=report,
        districts=tuple(District(region=summary.region, key=key) for summary, key in senders),
        measures=tuple(
            FrameMeasure(
                number=m.number,
                title=m.title,
                sources=tuple(
                    MeasureSource(plan=plan, measures=tuple(one.number for one in found[m.number]))
                    for plan, found in measures.items()
                    if m.number in found
                ),
            )
            for m in matching.measures
        ),
        indicators=tuple(
            FrameIndicator(
                name=i.name,
                unit=i.unit,
                sources=tuple(
                    IndicatorSource(plan=plan, indicator=found[i.name, i.unit].indicator)
                    for plan, found in figures.items()
                    if (i.name, i.unit) in found
                ),
            )
            for i in matching.indicators
        ),
    )


def _folded(text: str) -> str:
    """A title as it is compared: one width, no blanks."""
    return person(text)
