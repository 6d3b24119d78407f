"""From which day on an item is demanded of a unit; what was over before that is made up for (补录), and not late. Pure.

A plan may be put into force when part of its time is over, a unit may join later, and a revised plan may bring a duty whose
periods began before it. What had fallen due by then nobody could have handed in on time: it is still to be told, shown
among what is overdue, and reviewed like everything else, but nobody is reminded of it and no circular names it as late.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

BACKFILL = "补录"
"""What such an item is called."""


@dataclass(frozen=True)
class Since:
    """The first due days that are demanded: ``day`` of everybody and everything, later ones by unit and by duty."""

    day: date
    units: Mapping[str, date]
    duties: Mapping[str, date]

    def of(self, unit: str, duty: str) -> date:
        """The first due day that is demanded of a unit for a duty."""
        return max(self.day, self.units.get(unit, self.day), self.duties.get(duty, self.day))

    def backfill(self, unit: str, duty: str, due: date) -> bool:
        """Whether an item was over before it could be demanded (补录)."""
        return due < self.of(unit, duty)


@dataclass(frozen=True)
class Edition:
    """Whom and what a version of a plan knew, from the day on which it came into force."""

    day: date
    units: Collection[str]
    duties: Collection[str]


def since(issued: date, editions: Iterable[Edition]) -> Since:
    """The first due days demanded under a plan that was ``issued`` on a day, by its versions, oldest first.

    A unit or duty that left and came back counts from its return.
    """
    first: date | None = None
    units: dict[str, date] = {}
    duties: dict[str, date] = {}
    for edition in editions:
        first = first or edition.day
        for known, now in ((units, edition.units), (duties, edition.duties)):
            for name in set(known) - set(now):
                del known[name]
            for name in now:
                known.setdefault(name, edition.day)
    day = max(issued, first or issued)
    return Since(day, *({name: on for name, on in known.items() if on > day} for known in (units, duties)))
