"""What every page of the desk looks at: the plan in force, today, the working days."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from fastapi import Request
from sqlmodel import Session

from domain.plan import SAFEGUARDS, Plan, UnitKind
from domain.workdays import WorkCalendar
from models.engine import reading
from portal.desk import Desk
from services import clock
from services.running import running
from services.workcalendar import work_calendar

KIND_NAMES = {
    UnitKind.PARTY_ORGAN: "党委部门",
    UnitKind.DEPARTMENT: "政府部门",
    UnitKind.COURT: "法院",
    UnitKind.PROCURATORATE: "检察院",
    UnitKind.MASS_ORGANISATION: "群团组织",
    UnitKind.TOWNSHIP: "乡镇",
    UnitKind.STREET: "街道",
}
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})

Choice = tuple[str, str]
"""A value in the address, and what it is called."""


@dataclass(frozen=True)
class Scene:
    """The plan in force as it is looked at today, within one transaction."""

    session: Session
    plan: Plan
    day: date
    calendar: WorkCalendar

    def unit_name(self, unit: str) -> str:
        """The name of a unit; its id where the plan has it no more."""
        known = self.plan.units_by_id.get(unit)
        return known.name if known else unit

    def duty_title(self, duty: str) -> str:
        """The title of a duty; its id where the plan has it no more."""
        known = self.plan.duties_by_id.get(duty)
        return known.title if known else duty

    @property
    def units(self) -> list[Choice]:
        """The units to choose from."""
        return [(unit.id, unit.name) for unit in self.plan.units]

    @property
    def kinds(self) -> list[Choice]:
        """The kinds of units to choose from: those that the plan has."""
        present = {unit.kind for unit in self.plan.units}
        return [(kind.value, name) for kind, name in KIND_NAMES.items() if kind in present]

    @property
    def measures(self) -> list[Choice]:
        """The measures to choose from, and what serves them all."""
        own = [(str(m.number), f"{m.number:02} {m.title}") for m in self.plan.measures]
        return [*own, ("none", SAFEGUARDS)]

    @property
    def duties(self) -> list[Choice]:
        """The duties to choose from."""
        return [(duty.id, duty.title) for duty in self.plan.duties]

    @property
    def years(self) -> list[Choice]:
        """The years to choose from."""
        return [(str(year), f"{year}年") for year in self.plan.years]


@contextmanager
def scene(desk: Desk) -> Iterator[Scene]:
    """Look at the store in one transaction.

    Raises:
        Problem: 108 where no plan is in force.
    """
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        yield Scene(session, plan, clock.today(), work_calendar(plan.rules.calendar.beyond_known))


def engine_pages(request: Request, desk: Desk) -> str:
    """Address of Prefect's own pages; empty where they do not run, or for a browser on another machine."""
    if request.url.hostname not in _HERE:
        return ""
    found = running(desk.settings.home)
    return found.engine if found else ""
