"""The plan as data: document, units, measures, phases, duties and indicators, each with its citation.

A plan is what a notice binds anybody to. Everything here is read from ``plans/<id>/*.yaml``; no number of measures,
no phase and no district is known to the code. What a validated plan guarantees beyond types (units that exist, no
cycles, citations that resolve) is checked by :mod:`domain.plan_check`.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.cadence import Bound, Cadence, Entry
from domain.counts import Sensitivity
from domain.ladder import LadderRules
from domain.periods import PartOfYear
from domain.problems import Problem, ProblemKind
from domain.score_rules import CaseRules, CommendationRules, ScoringRules
from domain.workdays import Beyond

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
Cite = Annotated[str, StringConstraints(pattern=r"^\S+?(#\d+)?$")]
Cites = Annotated[tuple[Cite, ...], Field(min_length=1)]


class Basis(Entry):
    """A superior document that the notice rests on."""

    number: str
    title: str
    issuer: str


class Document(Entry):
    """The notice itself: its number (发文字号), issuer and date."""

    title: str
    number: str
    issuer: str
    issued: date
    region: str
    addressee: str
    basis: tuple[Basis, ...] = ()
    cites: Cites


class ServiceObject(Entry):
    """A group of children whom the plan serves (服务对象); groups may overlap."""

    id: Slug
    name: str
    definition: str
    cites: Cites


class Officer(Entry):
    """A post on the leading group's roster (领导小组成员)."""

    role: Literal["lead", "deputy", "member"]
    name: str
    post: str
    unit: str | None = None


class Office(Entry):
    """The leading group's office (办公室): the unit that hosts it and who directs it."""

    name: str
    host: str
    director: str


class LeadingGroup(Entry):
    """The leading group (领导小组): who sits on it and what it does."""

    name: str
    office: Office
    roster: tuple[Officer, ...]
    tasks: tuple[str, ...]
    cites: Cites


class UnitKind(StrEnum):
    """What sort of body a unit is; lists and tables group units by it."""

    DEPARTMENT = "department"
    COURT = "court"
    PROCURATORATE = "procuratorate"
    MASS_ORGANISATION = "mass-organisation"
    PARTY_ORGAN = "party-organ"
    TOWNSHIP = "township"
    STREET = "street"


class Unit(Entry):
    """A reporting unit; ``member`` says whether it sits on the leading group's roster (成员单位)."""

    id: Slug
    name: str
    aliases: tuple[str, ...] = ()
    kind: UnitKind
    member: bool
    cites: Cites


class UnitGroup(Entry):
    """A name that stands for several units, as 各乡镇街道 does."""

    name: str
    members: tuple[str, ...] = Field(min_length=1)


class Action(Entry):
    """One of the plan's actions (行动), which bundle measures."""

    id: Slug
    name: str
    cites: Cites


class MeasureLink(Entry):
    """A measure whose ledger another one works on."""

    measure: int
    because: str
    cites: Cites


SAFEGUARDS = "保障措施"
"""What the duties of no measure are called together: they serve all measures."""


class Measure(Entry):
    """A task measure (任务举措): who is named for it and what it demands, in our own words."""

    number: int = Field(ge=1)
    title: str
    action: Slug
    units: tuple[str, ...] = Field(min_length=1)
    lead: tuple[str, ...] = ()
    demands: tuple[str, ...] = Field(min_length=1)
    depends_on: tuple[MeasureLink, ...] = ()
    cites: Cites


class Milestone(Entry):
    """A dated result that a phase must bring; ``evidence`` says what proves it."""

    id: Slug
    due: date
    bound: Bound = Bound.BY
    title: str
    measures: tuple[int, ...] = ()
    units: tuple[str, ...] = ()
    duties: tuple[Slug, ...] = ()
    evidence: str
    cites: Cites


class Phase(Entry):
    """A phase (阶段) of the plan, from ``start`` to ``end``, both included; filed reports know it by its id."""

    id: Annotated[Slug, StringConstraints(max_length=20)]
    name: str
    start: date
    end: date
    goal: str
    milestones: tuple[Milestone, ...] = ()
    cites: Cites


class After(Entry):
    """What a duty waits for: another duty of the ``same`` period, or the ``latest`` one closed.

    ``scope`` says whose: each unit its own (``same-unit``), or everybody's (``all-units``).
    """

    duty: Slug
    scope: Literal["same-unit", "all-units"] = "all-units"
    period: Literal["same", "latest"] = "latest"
    because: str


class Duty(Entry):
    """Something that units owe again and again, or once (职责事项).

    ``measure`` is None for duties of the safeguards chapter (保障措施), which serve all measures. ``role`` marks
    the yearly progress report, which standing duties are told with. ``units`` defaults to the measure's.
    """

    id: Slug
    measure: int | None = None
    title: str
    demand: str
    role: Literal["annual-report"] | None = None
    cadence: Cadence
    units: tuple[str, ...] = ()
    after: tuple[After, ...] = ()
    indicators: tuple[Slug, ...] = ()
    evidence: str = ""
    active_from: date | None = None
    active_until: date | None = None
    cites: Cites


class Nature(StrEnum):
    """Whether a figure is a level at a day (存量) or what happened in a period (流量)."""

    STOCK = "stock"
    FLOW = "flow"


class Ratio(Entry):
    """A rate reckoned from two collected indicators: the ratio of sums, never a mean of rates.

    What the whole has beyond the part is protected like a count of children, unless ``remainder_open`` says that it
    tells nothing of a child: a visit or a file that is still to come is the office's debt.
    """

    numerator: Slug
    denominator: Slug
    remainder_open: bool = False


class Indicator(Entry):
    """A figure that units supply, or a rate reckoned from such figures.

    Attributes:
        unit: unit of measure (计量单位), as 人, 人次, 场次, 万元.
        supplier: who supplies it; empty for a rate.
        over_time: how a year is made of periods: the ``latest`` value, or the ``sum``.
        over_units: how the district is made of units: the ``sum``, or ``none`` where adding makes no sense.
        ratio: set for rates only, shown in per cent.
        part_of: the indicator that this one and its siblings break down without overlap.
        breakdown: which breakdown of ``part_of`` this is (as 年龄, 监护人); siblings share it.
        overlaps: groups of children that may be counted in several indicators are never summed.
        linked: indicators (as an amount of money) that give this count away, and the other way round.
        decimals: digits after the point that may be entered.
        phrase: how prose tells the figure, with ``{}`` for number and unit: 开展法治宣传活动{}.
        base: one of the groups of children whom the report names at its beginning (服务对象底数).
    """

    id: Slug
    name: str
    unit: str
    nature: Nature
    supplier: tuple[str, ...] = ()
    measures: tuple[int, ...] = Field(min_length=1)
    over_time: Literal["latest", "sum"]
    over_units: Literal["sum", "none"] = "sum"
    ratio: Ratio | None = None
    part_of: Slug | None = None
    breakdown: str | None = None
    overlaps: bool = False
    linked: tuple[Slug, ...] = ()
    sensitivity: Sensitivity
    decimals: int = Field(default=0, ge=0, le=4)
    definition: str = ""
    phrase: str = Field(default="", pattern=r"^([^{}]*\{\}[^{}]*)?$")
    base: bool = False
    cites: Cites

    @property
    def told_around(self) -> tuple[str, str]:
        """What prose says before the figure and after it; its name, without 数 or the unit, where it has no phrase."""
        name = self.name.removesuffix("数").removesuffix(self.unit)
        before, after = (self.phrase or f"{name}{{}}").split("{}")
        return before, after


class Identity(Entry):
    """Sums of collected figures that are equal by definition, unit by unit: ``left`` adds up to ``right``.

    Whoever knows all but one of them knows the last, so small counts are withheld with this in mind.
    """

    left: tuple[Slug, ...] = Field(min_length=1)
    right: tuple[Slug, ...] = Field(min_length=1)
    because: str


class Balance(Entry):
    """A stock that carries over: 期末数 = 期初数 + 新增 - 退出, so that two years' stocks tell the flows apart."""

    stock: Slug
    entered: Slug
    left: Slug


class Note(Entry):
    """What the notice leaves open, contradicts or misprints, and how the plan deals with it."""

    kind: Literal["contradiction", "open", "misprint", "assumption"]
    text: str
    duties: tuple[Slug, ...] = ()
    cites: Cites


class LightRules(Entry):
    """Status lights: how many working days before the due day an item turns yellow, and after it red."""

    due_soon_workdays: int = Field(default=5, ge=0)
    red_after_workdays: int = Field(default=0, ge=0)


class PlausibilityRules(Entry):
    """A figure is queried when it is more than ``factor`` times off last period's and differs by ``floor``."""

    factor: Decimal = Field(default=Decimal(3), gt=1)
    floor: Decimal = Field(default=Decimal(20), ge=0)


class SuppressionRules(Entry):
    """Counts of children below ``threshold`` do not leave the office."""

    threshold: int = Field(default=10, ge=2)


class CalendarRules(Entry):
    """What to do where holidays are not announced yet."""

    beyond_known: Beyond = Beyond.ERROR


class OpeningRules(Entry):
    """Periodic items whose due day comes within so many days of the issue are not opened."""

    skip_if_due_within_days: int = Field(default=0, ge=0)


class ExtensionRules(Entry):
    """By how many days at most the office may extend an item beyond the plan's day (延期); 0 forbids it."""

    most_days: int = Field(default=30, ge=0)


class CircularRules(Entry):
    """The office's circular (调度通报): of which periods it tells, when it is made, and what it asks for.

    Attributes:
        every: the part of the year that one circular is about.
        scheduled: whether it is made by itself; where not, the office orders each.
        after_workdays: how many working days after the period's end it is made.
        mend_workdays: how many working days units have to mend what is late, from the day of the circular.
        explain_after_workdays: what is late by more working days than these is explained by the unit's leader.
        addressee: to whom it goes (主送机关).
    """

    every: PartOfYear = "quarter"
    scheduled: bool = True
    after_workdays: int = Field(default=5, ge=1, le=10)
    mend_workdays: int = Field(default=5, ge=1, le=30)
    explain_after_workdays: int = Field(default=10, ge=1)
    addressee: str = "各有关单位"


class Rules(Entry):
    """Everything a district decides for itself; each is data so that another may decide otherwise."""

    opening: OpeningRules = OpeningRules()
    lights: LightRules = LightRules()
    plausibility: PlausibilityRules = PlausibilityRules()
    suppression: SuppressionRules = SuppressionRules()
    calendar: CalendarRules = CalendarRules()
    extensions: ExtensionRules = ExtensionRules()
    ladder: LadderRules = LadderRules()
    scoring: ScoringRules = ScoringRules()
    cases: CaseRules = CaseRules()
    commendation: CommendationRules = CommendationRules()
    circular: CircularRules = CircularRules()


class ReportSpec(Entry):
    """The letterhead of the consolidated report: who sends it, to whom, under which number.

    ``heading`` is the red 发文机关标志, ``number_prefix`` the 机关代字 before 〔year〕, ``issuer`` signs.
    """

    heading: str
    number_prefix: str
    issuer: str
    addressee: str
    copies: tuple[str, ...] = ()
    printer: str
    subject: str


class Paragraph(Entry):
    """A paragraph of the notice: its number, its heading, and a digest of each sentence (never the text)."""

    id: str
    title: str = ""
    sentences: tuple[str, ...] = ()


class Plan(Entry):
    """A whole plan. ``start`` and ``end`` bound everything it asks for."""

    id: Slug
    name: str
    short_name: str
    start: date
    end: date
    document: Document
    service_objects: tuple[ServiceObject, ...] = ()
    leading_group: LeadingGroup
    report: ReportSpec
    units: tuple[Unit, ...] = Field(min_length=1)
    groups: tuple[UnitGroup, ...] = ()
    actions: tuple[Action, ...] = Field(min_length=1)
    measures: tuple[Measure, ...] = Field(min_length=1)
    phases: tuple[Phase, ...] = Field(min_length=1)
    duties: tuple[Duty, ...] = Field(min_length=1)
    indicators: tuple[Indicator, ...] = ()
    identities: tuple[Identity, ...] = ()
    balances: tuple[Balance, ...] = ()
    rules: Rules = Rules()
    notes: tuple[Note, ...] = ()
    outline: tuple[Paragraph, ...] = Field(min_length=1)

    @cached_property
    def _unit_names(self) -> dict[str, tuple[str, ...]]:
        names: dict[str, tuple[str, ...]] = {}
        for unit in self.units:
            for name in (unit.id, unit.name, *unit.aliases):
                names[name] = (unit.id,)
        for group in self.groups:
            names[group.name] = tuple(i for member in group.members for i in names.get(member, ()))
        return names

    @cached_property
    def _expanded(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """What :meth:`expand` found before: every form of every unit asks for the same few."""
        return {}

    @cached_property
    def _measures_by_unit(self) -> dict[str, tuple[Measure, ...]]:
        shared: dict[str, list[Measure]] = {unit: [] for unit in self.units_by_id}
        for measure in self.measures:
            for unit in self.measure_units(measure.number):
                shared[unit].append(measure)
        return {unit: tuple(measures) for unit, measures in shared.items()}

    @cached_property
    def units_by_id(self) -> dict[str, Unit]:
        """Units by their id, in the plan's order."""
        return {unit.id: unit for unit in self.units}

    @cached_property
    def measures_by_number(self) -> dict[int, Measure]:
        """Measures by their number, in the plan's order."""
        return {measure.number: measure for measure in self.measures}

    @cached_property
    def duties_by_id(self) -> dict[str, Duty]:
        """Duties by their id, in the plan's order."""
        return {duty.id: duty for duty in self.duties}

    @cached_property
    def indicators_by_id(self) -> dict[str, Indicator]:
        """Indicators by their id, in the plan's order."""
        return {indicator.id: indicator for indicator in self.indicators}

    @cached_property
    def annual_duty(self) -> Duty | None:
        """The duty that is the yearly progress report; None where the plan asks for none."""
        return next((duty for duty in self.duties if duty.role == "annual-report"), None)

    @cached_property
    def host(self) -> Unit:
        """The unit that hosts the leading group's office."""
        return self.unit(self.leading_group.office.host)

    @property
    def years(self) -> range:
        """The calendar years that the plan touches."""
        return range(self.start.year, self.end.year + 1)

    def knows_unit(self, name: str) -> bool:
        """Whether ``name`` is the id, name, alias or group name of a unit."""
        return name in self._unit_names

    def unit(self, name: str) -> Unit:
        """The one unit with this id, name or alias.

        Raises:
            Problem: 103 where no single unit is called so.
        """
        ids = self._unit_names.get(name, ())
        if len(ids) != 1:
            known = "、".join(unit.name for unit in self.units)
            raise Problem(ProblemKind.UNKNOWN_UNIT, name=name, known=known)
        return self.units_by_id[ids[0]]

    def phase(self, name: str) -> Phase:
        """The phase with this id or name.

        Raises:
            Problem: 901 where none is called so.
        """
        for phase in self.phases:
            if name in (phase.id, phase.name):
                return phase
        known = "、".join(f"{p.id}（{p.name}）" for p in self.phases)
        raise Problem(ProblemKind.PHASE_UNKNOWN, name=name, known=known)

    def expand(self, names: Iterable[str]) -> tuple[str, ...]:
        """Unit ids for names as written, groups expanded, in the plan's order, each once.

        Raises:
            Problem: 103 for a name that the plan does not know.
        """
        written = tuple(names)
        if (known_before := self._expanded.get(written)) is not None:
            return known_before
        wanted: set[str] = set()
        for name in written:
            if name not in self._unit_names:
                known = "、".join(unit.name for unit in self.units)
                raise Problem(ProblemKind.UNKNOWN_UNIT, name=name, known=known)
            wanted.update(self._unit_names[name])
        return self._expanded.setdefault(written, tuple(i for i in self.units_by_id if i in wanted))

    def measure_units(self, number: int) -> tuple[str, ...]:
        """Ids of the units that share a measure, leads included."""
        measure = self.measures_by_number[number]
        return self.expand((*measure.lead, *measure.units))

    def duty_units(self, duty: Duty) -> tuple[str, ...]:
        """Ids of the units that owe a duty: its own, else its measure's, else everybody."""
        if duty.units:
            return self.expand(duty.units)
        if duty.measure is not None:
            return self.measure_units(duty.measure)
        return tuple(self.units_by_id)

    def unit_measures(self, unit: str) -> tuple[Measure, ...]:
        """The measures that a unit shares, in the plan's order."""
        return self._measures_by_unit.get(unit, ())

    def suppliers(self, indicator: Indicator) -> tuple[str, ...]:
        """Ids of the units that supply an indicator; none for a rate."""
        return self.expand(indicator.supplier)
