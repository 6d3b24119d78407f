"""How often a duty falls due: the vocabulary of a plan's ``cadence`` entries.

Bounds follow the notice's own words: 12月1日前 (``before``) excludes the day, 6月底前 (``by``) includes it.
"""

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


class Entry(BaseModel):
    """Base of everything in a plan: frozen, and unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bound(StrEnum):
    """Whether a due day is itself still in time."""

    BY = "by"
    BEFORE = "before"


def last_day(day: date, bound: Bound) -> date:
    """The last day that is still in time for a due ``day`` under ``bound``."""
    return day - timedelta(days=1) if bound is Bound.BEFORE else day


def _check_month_day(text: str) -> str:
    if not re.fullmatch(r"\d\d-\d\d", text):
        raise ValueError("日期须写成“月-日”，如 12-01")
    try:
        date.fromisoformat(f"2024-{text}")  # a leap year, so that 02-29 is a day
    except ValueError as error:
        raise ValueError(f"没有“{text}”这一天") from error
    return text


MonthDay = Annotated[str, AfterValidator(_check_month_day)]


def on_year(month_day: str, year: int) -> date:
    """``month_day`` in ``year``; 29 February becomes the 28th in common years."""
    month, day = (int(part) for part in month_day.split("-"))
    if (month, day) == (2, 29) and not _is_leap(year):
        day = 28
    return date(year, month, day)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


class Once(Entry):
    """Falls due one time, on a fixed date."""

    every: Literal["once"]
    due: date
    bound: Bound = Bound.BY
    opens: date | None = None


class Yearly(Entry):
    """Falls due each year: before or by a day, or over a season (``opens`` to ``due``)."""

    every: Literal["year"]
    due: MonthDay = "12-31"
    bound: Bound = Bound.BY
    opens: MonthDay = "01-01"

    @model_validator(mode="after")
    def _opens_before_due(self) -> "Yearly":
        if self.opens > self.due:
            raise ValueError("opens 不得晚于 due（跨年的季节请分成两项）")
        return self


class HalfYearly(Entry):
    """Falls due at the end of each half year (上半年、下半年)."""

    every: Literal["half-year"]


class Quarterly(Entry):
    """Falls due at the end of each quarter (季度)."""

    every: Literal["quarter"]


class Monthly(Entry):
    """Falls due at the end of each month."""

    every: Literal["month"]


class FestivalDay(Entry):
    """A festival: on a fixed ``on`` day, or where the year's holiday calendar puts ``holiday``."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: str
    on: MonthDay | None = None
    holiday: str | None = None

    @model_validator(mode="after")
    def _one_way_to_date_it(self) -> "FestivalDay":
        if (self.on is None) == (self.holiday is None):
            raise ValueError("节日须且只须写明 on（固定日期）或 holiday（法定节假日名称）之一")
        return self


class Festivals(Entry):
    """Falls due at each of the named festivals; ``lead_days`` before it opens."""

    every: Literal["festival"]
    festivals: tuple[FestivalDay, ...] = Field(min_length=1)
    lead_days: int = Field(default=14, ge=0, le=90)


class Standing(Entry):
    """Always in force (常态化): told once a year, with the yearly progress report."""

    every: Literal["standing"]


Cadence = Annotated[
    Once | Yearly | HalfYearly | Quarterly | Monthly | Festivals | Standing,
    Field(discriminator="every"),
]

CADENCE_NAMES = {
    "once": "一次性",
    "year": "每年",
    "half-year": "每半年",
    "quarter": "每季度",
    "month": "每月",
    "festival": "重要节日",
    "standing": "常态化",
}
