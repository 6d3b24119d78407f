"""Chinese working days with make-up days (调休), as data that rules are given.

The State Council announces each year's holidays late in the year before, so every calendar ends somewhere. Beyond
its end this module either refuses or, where the plan says so, counts Monday to Friday and marks the answer as assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from zoneinfo import ZoneInfo

from domain.problems import Problem, ProblemKind

ONE_DAY = timedelta(days=1)
SATURDAY = 5
BEIJING = ZoneInfo("Asia/Shanghai")
"""The zone (北京时间) in which days begin and end."""


def day_end(day: date) -> datetime:
    """The moment at which ``day`` is over."""
    return datetime.combine(day + ONE_DAY, time(), BEIJING)


class Beyond(StrEnum):
    """What to do with a date that the calendar does not know."""

    ERROR = "error"
    ASSUME_WEEKDAYS = "assume_weekdays"


@dataclass(frozen=True)
class Day:
    """A date together with whether it rests on an assumption about an unannounced year."""

    date: date
    assumed: bool = False


@dataclass(frozen=True)
class WorkCalendar:
    """Working days of a country for the years in which its holidays are announced.

    Attributes:
        first: first day known.
        last: last day known.
        holidays: statutory days off, by date, with the holiday's Chinese name.
        makeup_days: weekend days that are worked (调休上班日).
        beyond: what to do outside ``first``..``last``.
    """

    first: date
    last: date
    holidays: Mapping[date, str] = field(repr=False)
    makeup_days: frozenset[date] = field(repr=False)
    beyond: Beyond = Beyond.ERROR

    def knows(self, day: date) -> bool:
        """Whether the holidays around ``day`` have been announced."""
        return self.first <= day <= self.last

    def is_workday(self, day: date) -> bool:
        """Whether offices work on ``day``.

        Raises:
            Problem: 201 where the day is unknown and the plan allows no assumption.
        """
        if not self.knows(day):
            if self.beyond is Beyond.ERROR:
                raise Problem(ProblemKind.CALENDAR_UNKNOWN, day=day, last=self.last)
            return day.weekday() < SATURDAY
        if day in self.makeup_days:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def last_workday(self, day: date) -> Day:
        """The last working day on or before ``day``: when an office must have acted."""
        assumed = not self.knows(day)
        while not self.is_workday(day):
            day -= ONE_DAY
            assumed = assumed or not self.knows(day)
        return Day(day, assumed)

    def add_workdays(self, day: date, count: int) -> Day:
        """The working day ``count`` working days after ``day`` (before it, where ``count`` is negative).

        With ``count`` 0 it is ``day`` itself, worked or not.
        """
        step = ONE_DAY if count >= 0 else -ONE_DAY
        assumed = False
        for _ in range(abs(count)):
            day += step
            while not self.is_workday(day):
                day += step
            assumed = assumed or not self.knows(day)
        return Day(day, assumed)

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative where ``end`` is earlier."""
        if end < start:
            return -self.workdays_between(end, start)
        if self.knows(start) and self.knows(end):
            return self._worked[(end - self.first).days] - self._worked[(start - self.first).days]
        days = (end - start).days
        return sum(self.is_workday(start + ONE_DAY * n) for n in range(1, days + 1))

    @cached_property
    def _worked(self) -> tuple[int, ...]:
        """How many working days there are up to and including each day that is known."""
        days = range((self.last - self.first).days + 1)
        return tuple(accumulate(self.is_workday(self.first + ONE_DAY * n) for n in days))

    @cached_property
    def assuming(self) -> "WorkCalendar":
        """The same days, with weekdays assumed where it ends."""
        return self if self.beyond is Beyond.ASSUME_WEEKDAYS else replace(self, beyond=Beyond.ASSUME_WEEKDAYS)

    def holiday_start(self, name: str, year: int) -> date | None:
        """First day off of the holiday called ``name`` in ``year``; None where it is not announced.

        Where other days off lead up to it (中秋 within the 国庆 week, 元旦 from the end of December), the first of those.
        """
        start = min(
            (d for d, holiday in self.holidays.items() if holiday == name and d.year == year), default=None
        )
        while start is not None and start - ONE_DAY in self.holidays:
            start -= ONE_DAY
        return start
