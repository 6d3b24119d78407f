"""Parts of a year that work is reckoned by: months, quarters and half years, with their codes and names. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

PartOfYear = Literal["month", "quarter", "half-year"]

_MONTHS_OF: dict[PartOfYear, int] = {"month": 1, "quarter": 3, "half-year": 6}
_CODES: tuple[tuple[PartOfYear, re.Pattern[str]], ...] = (
    ("month", re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])", re.ASCII)),
    ("quarter", re.compile(r"([12]\d{3})Q([1-4])", re.ASCII)),
    ("half-year", re.compile(r"([12]\d{3})H([12])", re.ASCII)),
)


@dataclass(frozen=True)
class Period:
    """A part of a year.

    Attributes:
        every: its size.
        year: the year that it is part of.
        part: its place within the year, from 1.
    """

    every: PartOfYear
    year: int
    part: int

    @property
    def code(self) -> str:
        """Its stable code: ``2026-09``, ``2026Q3``, ``2026H2``."""
        if self.every == "month":
            return f"{self.year}-{self.part:02}"
        return f"{self.year}{'Q' if self.every == 'quarter' else 'H'}{self.part}"

    @property
    def name(self) -> str:
        """As people say it within its year: 9月, 第三季度, 下半年."""
        if self.every == "month":
            return f"{self.part}月"
        return (
            f"第{'一二三四'[self.part - 1]}季度"
            if self.every == "quarter"
            else f"{'上下'[self.part - 1]}半年"
        )

    @property
    def label(self) -> str:
        """As people say it: 2026年第三季度."""
        return f"{self.year}年{self.name}"

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, (self.part - 1) * _MONTHS_OF[self.every] + 1, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return self.following.start - timedelta(days=1)

    @property
    def following(self) -> "Period":
        """The one after it."""
        return Period(self.every, *_next(self.year, self.part, 12 // _MONTHS_OF[self.every]))

    @property
    def before(self) -> "Period":
        """The one before it."""
        if self.part > 1:
            return Period(self.every, self.year, self.part - 1)
        return Period(self.every, self.year - 1, 12 // _MONTHS_OF[self.every])


def parts_of_year(every: PartOfYear, year: int) -> tuple[Period, ...]:
    """Every part of a year, in order."""
    return tuple(Period(every, year, part) for part in range(1, 12 // _MONTHS_OF[every] + 1))


def period_of(code: str) -> Period | None:
    """The period of a code; None where it is none."""
    for every, pattern in _CODES:
        if (found := pattern.fullmatch(code)) is not None:
            return Period(every, int(found[1]), int(found[2]))
    return None


def period_with(every: PartOfYear, day: date) -> Period:
    """The period that holds ``day``."""
    return Period(every, day.year, (day.month - 1) // _MONTHS_OF[every] + 1)


def _next(year: int, part: int, parts: int) -> tuple[int, int]:
    return (year + 1, 1) if part == parts else (year, part + 1)
