"""The only clock of the platform: everything else is given ``as_of`` or ``at``."""

from datetime import date, datetime

from domain.workdays import BEIJING


def now() -> datetime:
    """This moment, aware of its zone."""
    return datetime.now(BEIJING)


def today() -> date:
    """The day that it is in 北京时间, wherever the machine stands."""
    return now().date()
