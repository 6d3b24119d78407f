"""The State Council's holidays and make-up working days (调休), from the data of ``chinesecalendar``."""

from datetime import date
from functools import cache

from chinese_calendar import constants

from domain.workdays import Beyond, WorkCalendar


@cache
def work_calendar(beyond: Beyond = Beyond.ERROR) -> WorkCalendar:
    """Every year that the installed data covers, whole; ``beyond`` rules what happens outside.

    Holidays bear their Chinese names (元旦, 春节, 清明, 劳动节, 端午, 中秋, 国庆节).
    """
    names = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    years = {day.year for day in constants.holidays}
    return WorkCalendar(
        first=date(min(years), 1, 1),
        last=date(max(years), 12, 31),
        holidays={day: names[name] for day, name in constants.holidays.items()},
        makeup_days=frozenset(constants.workdays),
        beyond=beyond,
    )


def holiday_names() -> tuple[str, ...]:
    """The names by which a plan's festivals may call a statutory holiday."""
    return tuple(holiday.chinese for holiday in constants.Holiday)
