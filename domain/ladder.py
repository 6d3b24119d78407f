"""The ladder (督办阶梯) as a plan's data: on which working day about a due day who is told what, and when nobody is.

Days are counted as the lights count them: day 0 is the last working day in time, day -5 the one with five working days
left, day 1 the first working day that is late. :mod:`domain.owed` says what a ladder asks for on a day, and
:mod:`domain.plan_check.ladder` whether it contradicts itself. Worked dates stand in ``docs/rules.md``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field

from domain.cadence import Entry
from domain.messages import Post
from domain.workdays import BEIJING, ONE_DAY, WorkCalendar


class Colour(StrEnum):
    """How urgent a rung is, from the mildest to the most urgent."""

    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


COLOUR_NAMES = {Colour.BLUE: "蓝色", Colour.YELLOW: "黄色", Colour.ORANGE: "橙色", Colour.RED: "红色"}


class Template(NamedTuple):
    """What a message says of the items on a rung: in its title, to the unit that owes them, and to the district."""

    title: str
    unit: str
    district: str


TEMPLATES: Mapping[str, Template] = {
    "due-soon": Template("即将到期", "请在截止日前报送。", "请提醒有关单位在截止日前报送。"),
    "due": Template("已到截止日", "截止日已到，请尽快报送。", "请提醒有关单位尽快报送。"),
    "overdue": Template(
        "逾期未报",
        "已经逾期，请尽快报送；确有困难的，请与领导小组办公室联系。",
        "已经逾期，请督促有关单位尽快报送。",
    ),
    "reported": Template(
        "逾期未报，已报告办公室主任",
        "已经逾期，并已报告办公室主任，请立即报送。",
        "经催办仍未报送，请督促有关单位办理。",
    ),
    "circular": Template(
        "逾期未报，将列入通报",
        "经多次催办仍未报送，将列入下一期通报，请立即报送。",
        "经多次催办仍未报送，已列入下一期通报的名单。",
    ),
}
"""By the id under which a plan names them."""


class Rung(Entry):
    """A rung (层级): what is told about an item, to whom, from which working day on.

    Attributes:
        id: by which the ledger knows it; it keeps its meaning when a plan is revised.
        name: as people say it: 催办.
        workdays: from the due day; negative before it, 0 the last working day in time.
        colour: how urgent it is.
        to: who is told; posts of a unit are those of the unit that owes the item, or that holds it up.
        template: of :data:`TEMPLATES`.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)
    name: str = Field(min_length=1)
    workdays: int = Field(ge=-60, le=250)
    colour: Colour
    to: tuple[Post, ...]
    template: str


def day_words(rung: Rung) -> str:
    """When a rung is reached, as people say it: 截止日后 5 个工作日."""
    if rung.workdays == 0:
        return "截止日"
    return f"截止日{'后' if rung.workdays > 0 else '前'} {abs(rung.workdays)} 个工作日"


def _written_out(value: object) -> object:
    """A bare number would be taken for seconds after midnight."""
    if isinstance(value, int):
        raise ValueError("时刻须写成“时:分”，如 08:30")  # noqa: TRY004 - what pydantic tells as a fault of the plan
    return value


TimeOfDay = Annotated[time, BeforeValidator(_written_out)]


class Hours(Entry):
    """The hours of a working day in which messages may go out (免打扰以外的时间), in 北京时间; ``until`` is past them."""

    start: TimeOfDay = time(8, 30)
    until: TimeOfDay = time(17, 30)


class Special(Entry):
    """A ladder of their own for some duties, or for all of a cadence; without rungs nobody is told of them."""

    duties: tuple[str, ...] = ()
    every: tuple[str, ...] = ()
    rungs: tuple[Rung, ...] = ()


class Pause(Entry):
    """From ``first`` to ``last`` the ladder is silent (暂缓提醒), for some units or duties; for all where none are named."""

    first: date
    last: date
    reason: str
    units: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()


class LadderRules(Entry):
    """The whole ladder; without rungs nobody is reminded of anything.

    Attributes:
        rungs: in the order of their days.
        exceptions: other ladders; one that names a duty comes before one that names its cadence.
        hours: in which messages may go out.
        daily_limit: how many messages somebody gets on a day at most; the ladder waits for the next day then.
        pauses: known in advance; the office may add others.
    """

    rungs: tuple[Rung, ...] = ()
    exceptions: tuple[Special, ...] = ()
    hours: Hours = Hours()
    daily_limit: int = Field(default=3, ge=1)
    pauses: tuple[Pause, ...] = ()

    def ladders(self) -> Iterator[tuple[Rung, ...]]:
        """Every ladder, the common one first."""
        yield self.rungs
        yield from (one.rungs for one in self.exceptions)

    def of(self, duty: str, every: str) -> tuple[Rung, ...]:
        """The rungs for a duty of a cadence."""
        named = (one.rungs for one in self.exceptions if duty in one.duties)
        alike = (one.rungs for one in self.exceptions if every in one.every)
        return next(named, next(alike, self.rungs))


@dataclass(frozen=True)
class Reach:
    """The due days for which ``rung`` is the highest one reached; ``first`` is None where there is no end."""

    rung: Rung
    first: date | None
    last: date

    def holds(self, due: date) -> bool:
        """Whether an item with this due day stands on the rung."""
        return due <= self.last and (self.first is None or self.first <= due)


def reaches(rungs: tuple[Rung, ...], as_of: date, calendar: WorkCalendar) -> tuple[Reach, ...]:
    """Which due days stand on which rung on a day, the highest rung first; none on a day that is not worked.

    Of several rungs that were missed, only the highest remains: a due day stands on one rung.

    Where the calendar ends, weekdays are assumed: days ahead tell soon from later, no more.

    Raises:
        Problem: 201 where the calendar does not know ``as_of`` itself.
    """
    if not calendar.is_workday(as_of):
        return ()
    found: list[Reach] = []
    after: date | None = None
    for rung in sorted(rungs, key=lambda one: -one.workdays):
        last = _last_due(rung, as_of, calendar)
        found.append(Reach(rung, after, last))
        after = last + ONE_DAY
    return tuple(found)


def first_reached(reach: Reach, as_of: date, calendar: WorkCalendar) -> Reach | None:
    """Those of the due days that reach the rung on ``as_of`` itself and on no working day before; None for none."""
    before = calendar.assuming.last_workday(as_of - ONE_DAY).date
    first = _last_due(reach.rung, before, calendar) + ONE_DAY
    first = first if reach.first is None else max(first, reach.first)
    return Reach(reach.rung, first, reach.last) if first <= reach.last else None


def day_of(rung: Rung, due: date, calendar: WorkCalendar) -> date:
    """The working day on which an item reaches a rung."""
    known = calendar.assuming
    start = due if rung.workdays > 0 else known.last_workday(due).date
    return known.add_workdays(start, rung.workdays).date


def next_moment(hours: Hours, at: datetime, calendar: WorkCalendar) -> datetime:
    """The first moment from ``at`` on at which messages may go out: ``at`` itself within the hours of a working day."""
    at = at.astimezone(BEIJING)
    day = at.date()
    if calendar.is_workday(day) and at.time() < hours.until:
        return max(at, datetime.combine(day, hours.start, BEIJING))
    return datetime.combine(calendar.assuming.add_workdays(day, 1).date, hours.start, BEIJING)


def _last_due(rung: Rung, as_of: date, calendar: WorkCalendar) -> date:
    """The latest due day that has reached a rung on a working day."""
    return calendar.assuming.add_workdays(as_of, 1 - rung.workdays).date - ONE_DAY
