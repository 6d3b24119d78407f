"""The desks of a demonstration: units that hand in, by Excel or directly, and an office that opens and reviews.

Everything goes through the services that a real office uses; only the words and figures are made up.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from domain.duties import WorkItem
from domain.entries import ItemEntry
from domain.plan import Plan
from domain.workdays import BEIJING, WorkCalendar
from models.engine import make_engine, reading, writing
from services import intake, review
from services.opening import open_year
from services.plan_versions import adopt
from services.sample.behaviour import RETURN_REASON, Behaviour
from services.workbook.delivery import Edition, forms, hand_out
from services.workbook.filling import fill
from services.workbook.layout import Form
from services.workbook.receiving import Outcome, Sender, receive

OFFICE = "审核员甲（示例）"

Change = Callable[[ItemEntry], ItemEntry]


@dataclass
class Tally:
    """What happened by Excel, for the summary."""

    handed_out: int = 0
    taken_in: int = 0
    accepted: int = 0
    refused: list[Outcome] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Trip:
    """One form's way: to whom, with which answers, on which day, filled in by whom."""

    form: Form
    answers: tuple[ItemEntry, ...]
    day: date
    by: str


class Desk:
    """Units and office at work on the demonstration's own store; forms lie in ``folder``."""

    def __init__(
        self,
        engine: Engine,
        plan: Plan,
        calendar: WorkCalendar,
        behaviour: Behaviour,
        folder: Path,
        pool: Executor | None = None,
    ) -> None:
        self.plan = plan
        self.calendar = calendar
        self.behaviour = behaviour
        self.folder = folder
        self.tally = Tally()
        self._engine = engine
        self._store_url = engine.url.render_as_string(hide_password=False)
        self._pool = pool
        with writing(engine) as session:
            self._version = adopt(session, plan, at=moment(plan.document.issued), actor=OFFICE)
        self._edition = Edition(plan, self._version.sha256)

    def open(self, year: int, as_of: date) -> int:
        """Open what is due to open; says how many items are new."""
        with writing(self._engine) as session:
            opened = open_year(
                session,
                self.plan,
                self._version,
                year,
                as_of=as_of,
                calendar=self.calendar,
                at=moment(as_of),
                actor=OFFICE,
            )
        return opened.created

    def hand_in(self, items_by_unit: dict[str, tuple[WorkItem, ...]], day: date) -> None:
        """Hand in without a form, and have it accepted: how a demonstration makes its past."""
        with writing(self._engine) as session:
            for unit, items in items_by_unit.items():
                entries = [self.behaviour.entry(item) for item in items]
                receipts = intake.submit(
                    session,
                    self.plan,
                    entries,
                    unit=unit,
                    by=self._liaison(unit),
                    at=moment(day),
                    door="sample",
                )
                for receipt in receipts:
                    self._accept(session, receipt.key, receipt.version, day)

    def forms(self, year: int, day: date, units: Sequence[str]) -> dict[str, Form | None]:
        """Each unit's form as of a day."""
        with reading(self._engine) as session:
            return dict(forms(session, self.plan, year, day, units))

    def trip(self, form: Form, items: Sequence[WorkItem], day: date, change: Change | None = None) -> Trip:
        """A form's way to a unit and back; ``change`` is what the liaison adds to it."""
        entries = (self.behaviour.entry(item) for item in items)
        answers = tuple(change(e) if change else e for e in entries)
        return Trip(form, answers, day, self._liaison(form.unit))

    def send(self, trips: Sequence[Trip]) -> None:
        """Hand forms out, have them filled in, and take them in; several at once where there is a pool."""
        travel = partial(_travel, self._store_url, self._edition, self.folder)
        outcomes = self._pool.map(travel, trips) if self._pool else map(travel, trips)
        for outcome in outcomes:
            self.tally.handed_out += 1
            if outcome.refused:
                self.tally.refused.append(outcome)
            else:
                self.tally.taken_in += 1

    def review(self, year: int, day: date, *, sends_back: str = "", leaves: str = "") -> None:
        """Accept what waits, but send the yearly report of one unit back, and leave that of another."""
        annual = self.plan.annual_duty
        with writing(self._engine) as session:
            for waiting in review.pending(session, self.plan, year):
                is_report = annual is not None and waiting.duty == annual.id
                if is_report and waiting.unit == leaves:
                    continue
                if is_report and waiting.unit == sends_back and waiting.version == 1:
                    self._send_back(session, waiting.key, waiting.version, day)
                else:
                    self._accept(session, waiting.key, waiting.version, day)
                    self.tally.accepted += 1

    def _accept(self, session: Session, key: str, version: int, day: date) -> None:
        review.accept(session, self.plan, key, version=version, reviewer=OFFICE, at=moment(day, hour=16))

    def _send_back(self, session: Session, key: str, version: int, day: date) -> None:
        at = moment(day, hour=16)
        review.send_back(
            session, self.plan, key, version=version, reviewer=OFFICE, at=at, reason=RETURN_REASON
        )
        self.tally.returned.append(key)

    def _liaison(self, unit: str) -> str:
        return f"{self.plan.units_by_id[unit].name}联络员（示例）"


def moment(day: date, hour: int = 9) -> datetime:
    """An hour of a day in 北京时间."""
    return datetime.combine(day, time(hour), tzinfo=BEIJING)


def _travel(store_url: str, edition: Edition, folder: Path, trip: Trip) -> Outcome:
    """Take one form out and back in, in whichever process."""
    path = hand_out(trip.form, edition, folder / f"{trip.day:%Y-%m-%d}", moment(trip.day, hour=8))
    fill(path, {entry.key: entry for entry in trip.answers}, by=trip.by)
    engine = make_engine(store_url)
    try:
        return receive(engine, edition, path, Sender(moment(trip.day, hour=14), unit=trip.form.unit))
    finally:
        engine.dispose()
