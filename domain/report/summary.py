"""What a year's report amounts to, for whoever adds up several districts': rates, released figures, milestones, words.

It holds nothing that the report itself does not say: every figure has gone through the rule on small counts.
"""

from collections.abc import Iterable
from typing import Literal

from domain.counts import Released
from domain.entries import HIGHLIGHTS, SHORTCOMINGS
from domain.facts import ItemFacts
from domain.milestones import MILESTONE_NAMES
from domain.plan import Indicator
from domain.rates import Rates, rates
from domain.report.blocks import Part
from domain.report.figures import district_figure, printable
from domain.report.material import Material
from domain.report.overview import state_of
from domain.report.prose import brief, told_by
from domain.report.release import ReleasedFigure
from domain.report.sums import parts_of

WORDS = 120
"""Characters that one unit's words may take."""
SPEAKERS = 3
"""How many units' words go along."""


class Standing(Part):
    """How the items of something stand: how many were due, are there, came in time, and were right at once."""

    due: int
    complete: int
    timely: int
    good: int


class MeasureSummary(Part):
    """A measure under its number and title in the district's own plan."""

    number: int
    title: str
    standing: Standing


class UnitSummary(Part):
    """A unit and how its items stand."""

    name: str
    standing: Standing


class FigureSummary(Part):
    """A released figure of the whole district.

    Attributes:
        id: of its mark in the report.
        indicator: id of the indicator in the district's plan.
        unit: unit of measure.
        overlaps: whether it counts children who are in other groups as well.
        adds_up: whether it may be added up over districts.
        parts: of a rate, the ids of numerator and denominator.
        released: shown, withheld or missing.
        whole: whether every part that was due is in it.
    """

    id: str
    indicator: str
    name: str
    unit: str
    nature: Literal["stock", "flow", "ratio"]
    overlaps: bool
    adds_up: bool
    parts: tuple[str, ...] = ()
    released: Released
    whole: bool


class MilestoneSummary(Part):
    """A milestone and how it stands, in words."""

    phase: str
    title: str
    state: str


class Summary(Part):
    """What a district reports upward for a year, in figures and a few words."""

    region: str
    plan: str
    plan_name: str
    number: str
    issuer: str
    standing: Standing
    measures: tuple[MeasureSummary, ...]
    units: tuple[UnitSummary, ...]
    figures: tuple[FigureSummary, ...]
    milestones: tuple[MilestoneSummary, ...]
    highlights: tuple[str, ...]
    shortcomings: tuple[str, ...]


def summarise(material: Material) -> Summary:
    """The summary of a year's reports."""
    plan = material.plan
    return Summary(
        region=plan.document.region,
        plan=plan.id,
        plan_name=plan.name,
        number=plan.document.number,
        issuer=plan.report.issuer,
        standing=_standing(material.rates),
        measures=tuple(
            MeasureSummary(
                number=measure.number,
                title=measure.title,
                standing=_of(material, (f for f in material.facts if f.item.measure == measure.number)),
            )
            for measure in plan.measures
        ),
        units=tuple(
            UnitSummary(name=unit.name, standing=_of(material, material.by_unit[unit.id]))
            for unit in plan.units
        ),
        figures=tuple(
            _figure(indicator, figure)
            for indicator in printable(plan)
            if (figure := district_figure(material.book, indicator, material)) is not None
        ),
        milestones=tuple(
            MilestoneSummary(
                phase=phase.name,
                title=milestone.title,
                state=MILESTONE_NAMES[state_of(material, milestone)],
            )
            for phase in plan.phases
            for milestone in phase.milestones
        ),
        highlights=_words(material, HIGHLIGHTS),
        shortcomings=_words(material, SHORTCOMINGS),
    )


def _of(material: Material, facts: Iterable[ItemFacts]) -> Standing:
    return _standing(rates(facts, material.as_of))


def _standing(found: Rates) -> Standing:
    return Standing(
        due=found.due,
        complete=found.completeness.count,
        timely=found.timeliness.count,
        good=found.quality.count,
    )


def _figure(indicator: Indicator, figure: ReleasedFigure) -> FigureSummary:
    return FigureSummary(
        id=figure.id,
        indicator=indicator.id,
        name=indicator.name,
        unit=indicator.unit,
        nature="ratio" if indicator.ratio else indicator.nature.value,
        overlaps=indicator.overlaps,
        adds_up=indicator.ratio is None and indicator.over_units == "sum",
        parts=parts_of(indicator),
        released=figure.released,
        whole=not figure.gaps,
    )


def _words(material: Material, slot: str) -> tuple[str, ...]:
    """What the units that did best wrote into a slot of their accepted yearly report, shortened to whole sentences."""
    told: list[str] = []
    for unit in material.best_first(material.plan.units):
        report = material.accepted_report(unit.id)
        words = "" if report is None else brief(report.passage(slot), WORDS)
        if words and all(not known.endswith(words) for known in told):
            told.append(told_by(unit, words))
        if len(told) == SPEAKERS:
            break
    return tuple(told)
