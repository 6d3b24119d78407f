"""From the plan to a timetable: which run starts at which hours of the year, in 北京时间. Pure.

A timetable fires on calendar days; what a run does on its day the run itself works out, with that day as ``as_of``
(a cron line knows neither years nor make-up working days). So a line that fires too often does no harm, and one that
should fire on a day that is not worked is not lost.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from domain.assessing import assessed_phases, days_of_assessing
from domain.cadence import (
    Festivals,
    HalfYearly,
    Monthly,
    Once,
    Quarterly,
    Standing,
    Yearly,
    last_day,
    on_year,
)
from domain.duties import report_due
from domain.periods import parts_of_year
from domain.plan import CircularRules, Duty, Measure, Phase, Plan

ZONE = "Asia/Shanghai"
DAILY_HOUR = 6
MEASURE_HOUR = 7
PHASE_HOUR = 12
REPORT_HOUR = 13
CIRCULAR_HOUR = 14
ASSESSMENT_HOUR = 15
DELIVERY_EVERY = 10
"""Minutes that a message waits at most, within the plan's hours."""
STAGGER = 3
"""Minutes between the starts of two measures, or of two phases; a run takes a process of its own to start."""
COMMON_YEAR = 2025
"""Any year without 29 February: the days of a cron line are the same each year."""
NEW_YEAR = (1, 1)

MonthAndDay = tuple[int, int]


class Kind(StrEnum):
    """What sort of run a timetable starts."""

    MEASURE = "measure"
    PHASE = "phase"
    DAILY_ROUND = "daily-round"
    QUARTER_CLOSE = "quarter-close"
    YEAR_CLOSE = "year-close"
    ANNUAL_REPORT = "annual-report"
    DELIVERY = "delivery"
    CIRCULAR = "circular"
    PHASE_ASSESSMENT = "phase-assessment"


@dataclass(frozen=True)
class Line:
    """One cron line; ``slug`` is its name, stable as long as the plan says the same."""

    slug: str
    cron: str


@dataclass(frozen=True)
class Timetable:
    """When one run starts.

    Attributes:
        kind: what it runs.
        name: name of the run, unique within the plan: number and title for a measure.
        parameters: what the run is told besides its day: ``measure`` or ``phase``.
        lines: the hours at which it starts.
    """

    kind: Kind
    name: str
    parameters: tuple[tuple[str, str | int], ...]
    lines: tuple[Line, ...]


def timetables(plan: Plan) -> tuple[Timetable, ...]:
    """Every run of the plan: the measures by number, the phases by their start, then the common rounds."""
    ordered = measure_order(plan)
    phases = sorted(plan.phases, key=lambda p: p.start)
    return (
        *(_measure(plan, plan.measures_by_number[n], place) for place, n in enumerate(ordered)),
        *(_phase(phase, place) for place, phase in enumerate(phases)),
        *_common(plan),
    )


def measure_name(measure: Measure) -> str:
    """A measure's name in lists that sort by text: 08 开展摸底走访建档."""
    return f"{measure.number:02} {measure.title}"


def upstream(plan: Plan, number: int) -> tuple[int, ...]:
    """The measures whose ledger a measure works on (``depends_on``), in the plan's order."""
    named = {link.measure for link in plan.measures_by_number[number].depends_on}
    return tuple(n for n in plan.measures_by_number if n in named)


def measure_order(plan: Plan) -> tuple[int, ...]:
    """The measures so that each comes after those it depends on, otherwise in the plan's order."""
    ordered: list[int] = []
    waiting = list(plan.measures_by_number)
    while waiting:
        ready = next(n for n in waiting if not set(upstream(plan, n)) & set(waiting) - {n})
        ordered.append(ready)
        waiting.remove(ready)
    return tuple(ordered)


def days_of(plan: Plan, duty: Duty) -> tuple[MonthAndDay, ...]:
    """Month and day of every opening of a duty, and of every day after its last day in time, in the year's order.

    A festival that the year's holiday calendar places has no day of its own; the daily round opens it.
    """
    return tuple(sorted(set(_days_of(plan, duty))))


def _days_of(plan: Plan, duty: Duty) -> Iterator[MonthAndDay]:
    cadence = duty.cadence
    match cadence:
        case Once():
            yield _of(cadence.opens or plan.document.issued)
            yield _after(last_day(cadence.due, cadence.bound))
        case Yearly():
            yield _of(on_year(cadence.opens, COMMON_YEAR))
            yield _after(last_day(on_year(cadence.due, COMMON_YEAR), cadence.bound))
        case Standing():
            yield NEW_YEAR
            yield _after(report_due(plan, COMMON_YEAR))
        case HalfYearly():
            yield from ((month, 1) for month in (1, 7))
        case Quarterly():
            yield from ((month, 1) for month in (1, 4, 7, 10))
        case Monthly():
            yield from ((month, 1) for month in range(1, 13))
        case Festivals():
            for festival in cadence.festivals:
                if festival.on is not None:
                    due = on_year(festival.on, COMMON_YEAR)
                    yield _of(due - timedelta(days=cadence.lead_days))
                    yield _after(due)


def _measure(plan: Plan, measure: Measure, place: int) -> Timetable:
    own = [duty for duty in plan.duties if duty.measure == measure.number]
    days = {day for duty in own for day in days_of(plan, duty)} or {NEW_YEAR}
    return Timetable(
        Kind.MEASURE, measure_name(measure), (("measure", measure.number),), _lines(days, MEASURE_HOUR, place)
    )


def _phase(phase: Phase, place: int) -> Timetable:
    """A phase is looked at when it begins, when a milestone's day is over, and when it should have closed."""
    ends = (last_day(m.due, m.bound) for m in phase.milestones)
    days = {_of(phase.start), _after(phase.end), *(_after(day) for day in ends)}
    name = f"阶段{place + 1} {phase.name}"
    return Timetable(Kind.PHASE, name, (("phase", phase.id),), _lines(days, PHASE_HOUR, place))


def _common(plan: Plan) -> Iterator[Timetable]:
    yield Timetable(Kind.DAILY_ROUND, "每日巡查", (), (Line("daily", f"0 {DAILY_HOUR} * * *"),))
    quarter = Line("quarter", f"20 {DAILY_HOUR} 1 1,4,7,10 *")
    yield Timetable(Kind.QUARTER_CLOSE, "季度结转", (), (quarter,))
    yield Timetable(Kind.YEAR_CLOSE, "年度结转", (), (Line("year", f"40 {DAILY_HOUR} 1 1 *"),))
    if plan.annual_duty is not None:
        month, day = _after(report_due(plan, COMMON_YEAR))
        line = Line("report", f"0 {REPORT_HOUR} {day} {month} *")
        yield Timetable(Kind.ANNUAL_REPORT, "年度报告", (), (line,))
    hours = plan.rules.ladder.hours
    last = hours.until.hour if hours.until.minute else hours.until.hour - 1
    every = Line("delivery", f"*/{DELIVERY_EVERY} {hours.start.hour}-{max(last, hours.start.hour)} * * *")
    yield Timetable(Kind.DELIVERY, "消息发送", (), (every,))
    if plan.rules.circular.scheduled:
        yield Timetable(Kind.CIRCULAR, "通报", (), (_circular_line(plan.rules.circular),))
    if assessed_phases(plan):
        yield Timetable(Kind.PHASE_ASSESSMENT, "阶段评估", (), _assessment_lines(plan))


def _circular_line(rules: CircularRules) -> Line:
    """Every day on which so many working days may be over since a period's end; the run knows whether they are.

    Among them lie, at most, the weekends and the eight days off of the longest holiday with the days around it.
    """
    first, last = rules.after_workdays, rules.after_workdays * 7 // 5 + 12
    months = [part.following.start.month for part in parts_of_year(rules.every, COMMON_YEAR)]
    return Line("circular", f"0 {CIRCULAR_HOUR} {first}-{last} {_months(sorted(months))} *")


def _assessment_lines(plan: Plan) -> tuple[Line, ...]:
    """Every day on which a phase's assessment may come by itself, a line for each month; the run knows whether it does."""
    days = {_of(day) for phase in assessed_phases(plan) for day in days_of_assessing(phase)}
    months: dict[int, list[int]] = {}
    for month, day in sorted(days):
        months.setdefault(month, []).append(day)
    return tuple(
        Line(f"month-{month:02}", f"0 {ASSESSMENT_HOUR} {_spans(own)} {month} *")
        for month, own in months.items()
    )


def _spans(days: Iterable[int]) -> str:
    """Days of a month in their order, those that follow each other as a span: 1-14, 29."""
    runs = (list(run) for _, run in groupby(enumerate(days), lambda pair: pair[1] - pair[0]))
    ends = ((run[0][1], run[-1][1]) for run in runs)
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ends)


def _lines(days: Iterable[MonthAndDay], hour: int, place: int) -> tuple[Line, ...]:
    """One line for each day of the month, with all its months; starts are staggered by ``place``."""
    minutes = place * STAGGER
    hour, minute = (hour + minutes // 60) % 24, minutes % 60
    months: dict[int, list[int]] = {}
    for month, day in sorted(days):
        months.setdefault(day, []).append(month)
    return tuple(
        Line(f"day-{day:02}", f"{minute} {hour} {day} {_months(which)} *")
        for day, which in sorted(months.items())
    )


def _months(which: list[int]) -> str:
    return "*" if len(which) == 12 else ",".join(str(month) for month in which)


def _of(day: date) -> MonthAndDay:
    """Month and day; 29 February as the 28th, so that it comes every year."""
    return (2, 28) if (day.month, day.day) == (2, 29) else (day.month, day.day)


def _after(day: date) -> MonthAndDay:
    following = day + timedelta(days=1)
    return (3, 1) if (following.month, following.day) == (2, 29) else (following.month, following.day)
