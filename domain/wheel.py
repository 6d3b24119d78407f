"""The year's wheel of duties (年度职责轮盘): what goes around in a year, ring by ring, as dates and words. Pure.

Where each thing lies on a page is :mod:`services.wheel_drawing`'s affair.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.cadence import Festivals, Once, Standing, Yearly, last_day
from domain.duties import Occurrence, occurrences, report_due
from domain.plan import Duty, Plan
from domain.problems import Problem, ProblemKind
from domain.workdays import WorkCalendar

Tone = Literal["month", "quarter", "half-year", "festival", "year", "report", "milestone", "phase"]
PARTS: tuple[tuple[Tone, str], ...] = (("month", "每月"), ("quarter", "每季度"), ("half-year", "每半年"))
"""Cadences that divide the year, with the names of their rings."""
MOST_NAMES = 2
"""How many units a date names before it says how many there are."""


@dataclass(frozen=True)
class Span:
    """What lies on a ring from ``start`` to ``end``, both included."""

    start: date
    end: date
    words: tuple[str, ...]
    tone: Tone


@dataclass(frozen=True)
class Ring:
    """One ring; ``sectors`` divide it, ``arcs`` may overlap, ``marks`` are single days."""

    title: str
    kind: Literal["sectors", "arcs", "marks"]
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class DateLine:
    """A day of the year's list: the last day in time, the last working day, what, and whose."""

    due: date
    act_by: date
    title: str
    who: str
    tone: Tone


@dataclass(frozen=True)
class Wheel:
    """A year of a plan.

    Attributes:
        year: the year.
        plan: the plan's short name.
        number: 发文字号 of its notice.
        rings: from the rim inwards; a ring on which nothing lies is left out.
        dates: what has a date of its own, by day.
        standing: how many duties have none (常态化), and go with the yearly report.
        report_due: last day in time of the yearly report.
        assumed: whether a date rests on an assumption about the calendar.
    """

    year: int
    plan: str
    number: str
    rings: tuple[Ring, ...]
    dates: tuple[DateLine, ...]
    standing: int
    report_due: date
    assumed: bool


def wheel(plan: Plan, year: int, calendar: WorkCalendar) -> Wheel:
    """The wheel of one year.

    Raises:
        Problem: 105 for a year outside the plan; 201 or 202 where the calendar does not reach.
    """
    if year not in plan.years:
        raise Problem(ProblemKind.YEAR_OUTSIDE_PLAN, year=year, first=plan.start, last=plan.end)
    own = {duty.id: occurrences(plan, duty, year, calendar) for duty in plan.duties}
    rings = (
        Ring("节点", "marks", tuple(_marks(plan, year))),
        *(Ring(name, "sectors", tuple(_sectors(plan, own, tone))) for tone, name in PARTS),
        Ring("节日", "arcs", tuple(_festivals(plan, own))),
        Ring("限期", "arcs", tuple(_terms(plan, year, own, calendar))),
        Ring("阶段", "sectors", tuple(_phases(plan, year))),
    )
    lines = (*_dates(plan, own), *_milestone_dates(plan, year, calendar))
    return Wheel(
        year=year,
        plan=plan.short_name,
        number=plan.document.number,
        rings=tuple(ring for ring in rings if ring.spans),
        dates=tuple(sorted(lines, key=lambda line: (line.due, line.tone != "milestone", line.title))),
        standing=sum(isinstance(duty.cadence, Standing) and bool(own[duty.id]) for duty in plan.duties),
        report_due=report_due(plan, year),
        assumed=any(o.assumed for found in own.values() for o in found),
    )


def _marks(plan: Plan, year: int) -> Iterator[Span]:
    for phase in plan.phases:
        for milestone in phase.milestones:
            day = last_day(milestone.due, milestone.bound)
            if day.year == year:
                yield Span(day, day, (milestone.title,), "milestone")
    if plan.annual_duty is not None:
        day = report_due(plan, year)
        if plan.document.issued <= day <= plan.end:
            yield Span(day, day, (plan.annual_duty.title,), "report")


def _sectors(plan: Plan, own: dict[str, tuple[Occurrence, ...]], tone: Tone) -> Iterator[Span]:
    """One sector for each period, with everything that is owed in it."""
    found: dict[str, list[tuple[Occurrence, str]]] = {}
    for duty in plan.duties:
        if duty.cadence.every == tone:
            for occurrence in own[duty.id]:
                found.setdefault(occurrence.period, []).append((occurrence, duty.title))
    for together in found.values():
        start = min(occurrence.opens for occurrence, _ in together)
        yield Span(start, together[0][0].due, tuple(title for _, title in together), tone)


def _festivals(plan: Plan, own: dict[str, tuple[Occurrence, ...]]) -> Iterator[Span]:
    for duty in plan.duties:
        if isinstance(duty.cadence, Festivals):
            for occurrence in own[duty.id]:
                yield Span(occurrence.opens, occurrence.due, (_festive(duty, occurrence),), "festival")


def _festive(duty: Duty, occurrence: Occurrence) -> str:
    """The festival with what is to be done: 春节：走访慰问; told once where the duty's title names it."""
    festival = occurrence.label.partition("年")[2]
    if festival in duty.title or not isinstance(duty.cadence, Festivals) or len(duty.cadence.festivals) == 1:
        return duty.title
    return f"{festival}{duty.title.removeprefix('节日')}"


def _terms(
    plan: Plan, year: int, own: dict[str, tuple[Occurrence, ...]], calendar: WorkCalendar
) -> Iterator[Span]:
    """What has a term of its own: yearly, or once, the latter also while it runs on into later years."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    for duty in plan.duties:
        tone: Tone = "report" if duty.role == "annual-report" else "year"
        if isinstance(duty.cadence, Yearly):
            for occurrence in own[duty.id]:
                yield Span(max(occurrence.opens, first), occurrence.due, (duty.title,), tone)
        elif isinstance(duty.cadence, Once):
            for later in plan.years:
                for occurrence in occurrences(plan, duty, later, calendar):
                    if occurrence.opens <= last and occurrence.due >= first:
                        end = min(occurrence.due, last)
                        yield Span(max(occurrence.opens, first), end, (duty.title,), tone)


def _phases(plan: Plan, year: int) -> Iterator[Span]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    for phase in plan.phases:
        if phase.start <= last and phase.end >= first:
            yield Span(max(phase.start, first), min(phase.end, last), (phase.name,), "phase")


def _dates(plan: Plan, own: dict[str, tuple[Occurrence, ...]]) -> Iterator[DateLine]:
    for duty in plan.duties:
        if not isinstance(duty.cadence, Festivals | Yearly | Once):
            continue
        for o in own[duty.id]:
            tone: Tone = "festival" if isinstance(duty.cadence, Festivals) else "year"
            tone = "report" if duty.role == "annual-report" else tone
            title = _festive(duty, o) if tone == "festival" else duty.title
            yield DateLine(o.due, o.act_by, title, _who(plan, plan.duty_units(duty)), tone)


def _milestone_dates(plan: Plan, year: int, calendar: WorkCalendar) -> Iterator[DateLine]:
    for phase in plan.phases:
        for m in phase.milestones:
            day = last_day(m.due, m.bound)
            if day.year == year:
                units = plan.expand(m.units)
                act_by = calendar.last_workday(day).date
                yield DateLine(day, act_by, m.title, _who(plan, units), "milestone")


def _who(plan: Plan, units: tuple[str, ...]) -> str:
    """Units in few words: by name, by the name of their group, or how many they are."""
    if not units or len(units) == len(plan.units):
        return f"全部{len(plan.units)}个单位"
    if len(units) <= MOST_NAMES:
        return "、".join(plan.units_by_id[unit].name for unit in units)
    group = next((g.name for g in plan.groups if plan.expand([g.name]) == units), None)
    return group or f"{plan.units_by_id[units[0]].name}等{len(units)}个单位"
