"""The years themselves: each day that matters, the round at six, units at ten, the office at four.

A round is left out where it could find nothing new: the plan brings nothing about on that day, nothing came back or was
closed the day before, and nobody is about to hand in what may have to wait for somebody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from pathlib import Path

from sqlalchemy import Engine, event
from sqlmodel import Session

from domain.assessing import to_be_assessed
from domain.duties import WorkItem, work_items
from domain.entries import ItemEntry, Refused
from domain.gates import PhaseState
from domain.plan import Plan
from domain.report.material import Issue, Material
from domain.report.snapshot import freeze
from domain.workdays import WorkCalendar
from models.engine import open_store, reading, writing
from services import gates, intake, phase_assessments, review
from services.facts import year_facts
from services.plan_versions import PlanVersion, adopt
from services.rehearsal.conduct import REVIEW, Conduct, by_day
from services.rehearsal.days import ONE_DAY, judging_day, plan_days, quarter_ends, report_day
from services.rounds import QUARTER, YEAR, Round, RoundResult, close_period, daily_round
from services.sample.behaviour import Behaviour
from services.sample.desk import OFFICE, moment
from services.sample.spec import SampleSpec

CLOCK = "推演"
"""Who opens and looks, in the record."""


@dataclass(frozen=True)
class Scene:
    """What is rehearsed: a plan on a calendar, from a day to a day, with the conduct that a seed gives.

    ``every_day`` plays the days on which nothing is due as well.
    """

    plan: Plan
    plan_path: Path
    calendar: WorkCalendar
    first: date
    last: date
    seed: int
    every_day: bool = False

    @property
    def reckoning(self) -> WorkCalendar:
        """The calendar for days that may lie after ``last``, which nobody plays and which need not be announced."""
        return self.calendar.assuming


@dataclass(frozen=True)
class Refusal:
    """An item that was not taken in on a day, and why."""

    key: str
    day: date
    reason: str


@dataclass
class Diary:
    """What was seen on the way and does not stand in the store.

    Attributes:
        days: how many days were played.
        held: items that their units held back, because they waited for somebody: for whom, in words.
        slips: what careless units tried to hand in and was refused, as it should be.
        refused: what could not be handed in although it should, and why.
        reports: when a year's report was drawn up, and what its face says first.
        assessments: when a phase was assessed, by its id.
    """

    days: int = 0
    held: dict[str, str] = field(default_factory=dict)
    slips: list[Refusal] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    reports: dict[int, tuple[date, tuple[str, ...]]] = field(default_factory=dict)
    assessments: dict[str, date] = field(default_factory=dict)


@dataclass
class _Waiting:
    """Somebody's item that is on its way: which version comes next."""

    item: WorkItem
    version: int = 1


class Play:
    """A rehearsal under way; :meth:`days` plays it."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene = scene
        self.diary = Diary()
        self.engine = _store(folder)
        plan = scene.plan
        behaviour = Behaviour(plan, SampleSpec.beside(scene.plan_path), scene.seed)
        self.conduct = Conduct(plan, scene.reckoning, behaviour, scene.seed, scene.first)
        with writing(self.engine) as session:
            self.version: PlanVersion = adopt(session, plan, at=moment(scene.first, hour=5), actor=CLOCK)
        items = [i for y in _years(scene) for i in work_items(plan, y, scene.calendar)]
        self._items = {item.key: item for item in items}
        self._meant = by_day(self.conduct, items)
        self._due: dict[str, _Waiting] = {}
        self._to_review: dict[date, list[str]] = {}
        self._returned: dict[date, list[str]] = {}
        self._rounds = self._round_days()
        self._agenda = [day for day in {*self._rounds, *self._meant} if day >= scene.first]
        heapify(self._agenda)

    def days(self) -> Iterator[date]:
        """Play to the end; yields each day when it is over."""
        previous = None
        while self._agenda:
            day = heappop(self._agenda)
            if day == previous or day > self.scene.last:
                continue
            previous = day
            self._day(day)
            self.diary.days += 1
            yield day
        if self.scene.last in quarter_ends(self.scene.first, self.scene.last):
            self._close(self.scene.last, moment_of=self.scene.last, hour=23)

    def _round_days(self) -> set[date]:
        scene = self.scene
        if scene.every_day:
            span = (scene.last - scene.first).days
            return {scene.first + timedelta(days=n) for n in range(span + 1)}
        return set(plan_days(scene.plan, scene.reckoning, scene.first, scene.last))

    def _day(self, day: date) -> None:
        if day - ONE_DAY in quarter_ends(self.scene.first, day):
            self._close(day - ONE_DAY, moment_of=day, hour=6)
        self._arrive(day)
        seen = self._round(day) if day in self._rounds or self._may_wait() else None
        if self.scene.calendar.is_workday(day):
            self._units(day, seen)
            self._office(day)
            self._judge(day, seen)
        for year in _years(self.scene):
            if day == report_day(self.scene.plan, year):
                self._report(year, day)
        for phase in to_be_assessed(self.scene.plan, day, self.scene.reckoning):
            if phase.id not in self.diary.assessments:
                self._assess(phase.id, day)

    def _close(self, end: date, *, moment_of: date, hour: int) -> None:
        at = moment(moment_of, hour=hour)
        job = Round(self.scene.plan, self.version, end, self.scene.calendar, at, CLOCK)
        close_period(self.engine, job, QUARTER)
        if end.month == 12:
            close_period(self.engine, job, YEAR)

    def _round(self, day: date) -> RoundResult:
        return daily_round(
            self.engine,
            self.scene.plan,
            self.version,
            as_of=day,
            calendar=self.scene.calendar,
            at=moment(day, hour=6),
            actor=CLOCK,
        )

    def _arrive(self, day: date) -> None:
        """What units mean to hand in today comes to those that they still hold."""
        for item in self._meant.get(day, ()):
            self._due[item.key] = _Waiting(item)
        for key in self._returned.pop(day, ()):
            self._due[key] = _Waiting(self._items[key], version=2)

    def _may_wait(self) -> bool:
        return any(self.scene.plan.duties_by_id[w.item.duty].after for w in self._due.values())

    def _units(self, day: date, seen: RoundResult | None) -> None:
        """Units hand in what they meant to, or hold it while they wait for somebody and have time left."""
        waits = {
            (w.duty, w.occurrence.period, unit): w.wait.words(self.scene.plan)
            for progress in (seen.progress if seen else ())
            for w in progress.waiting
            for unit in w.units
        }
        ready: dict[str, list[_Waiting]] = {}
        for key, waiting in list(self._due.items()):
            item = waiting.item
            words = waits.get((item.duty, item.occurrence.period, item.unit))
            if words and day < item.occurrence.act_by:
                self.diary.held[key] = words
                continue
            ready.setdefault(item.unit, []).append(self._due.pop(key))
        for unit, own in ready.items():
            self._hand_in(unit, own, day)

    def _hand_in(self, unit: str, own: list[_Waiting], day: date) -> None:
        for waiting in own:
            slip = self.conduct.slip(waiting.item) if waiting.version == 1 else None
            if slip is not None:
                self.diary.slips += self._submit(unit, [slip], day)
        entries = [self.conduct.entry(w.item, w.version) for w in own]
        refused = self._submit(unit, entries, day)
        self.diary.refused += refused
        if not refused:
            when = self.scene.reckoning.add_workdays(day, REVIEW).date
            self._to_review.setdefault(when, []).extend(entry.key for entry in entries)
            heappush(self._agenda, when)

    def _submit(self, unit: str, entries: list[ItemEntry], day: date) -> list[Refusal]:
        by = self.conduct.liaison(unit)
        try:
            with writing(self.engine) as session:
                intake.submit(
                    session,
                    self.scene.plan,
                    entries,
                    unit=unit,
                    by=by,
                    at=moment(day, hour=10),
                    door="rehearsal",
                )
        except Refused as refused:
            return [Refusal(fault.key, day, str(fault.problem)) for fault in refused.faults]
        return []

    def _office(self, day: date) -> None:
        """The office reviews what has waited long enough."""
        keys = set(self._to_review.pop(day, ()))
        if not keys:
            return
        with writing(self.engine) as session:
            for year in sorted({self._items[key].year for key in keys}):
                for one in review.pending(session, self.scene.plan, year):
                    if one.key in keys:
                        self._verdict(session, one, day)

    def _judge(self, day: date, seen: RoundResult | None) -> None:
        """The office closes the phases that should have closed by themselves, and says what is left."""
        for gate in seen.gates if seen else ():
            if gate.state is not PhaseState.OVERDUE:
                continue
            if day < judging_day(gate.phase.end, self.scene.reckoning):
                continue
            pending = "、".join(m.milestone.title for m in gate.pending)
            with writing(self.engine) as session:
                gates.close_phase(
                    session,
                    self.scene.plan,
                    gate.phase.id,
                    reason=f"领导小组已逐项研究认定，未尽事项转下一阶段继续办理：{pending}。",
                    by=OFFICE,
                    at=moment(day, hour=17),
                    calendar=self.scene.calendar,
                )
            self._look_again(day + ONE_DAY)

    def _look_again(self, day: date) -> None:
        """See to it that there is a round on a day."""
        self._rounds.add(day)
        heappush(self._agenda, day)

    def _verdict(self, session: Session, one: review.Pending, day: date) -> None:
        reason = self.conduct.return_reason(self._items[one.key]) if one.version == 1 else ""
        plan, at = self.scene.plan, moment(day, hour=16)
        if not reason:
            review.accept(session, plan, one.key, version=one.version, reviewer=OFFICE, at=at)
            return
        review.send_back(session, plan, one.key, version=one.version, reviewer=OFFICE, at=at, reason=reason)
        again = self.scene.reckoning.add_workdays(day, REVIEW).date
        self._returned.setdefault(again, []).append(one.key)
        self._look_again(day + ONE_DAY)
        heappush(self._agenda, again)

    def _report(self, year: int, day: date) -> None:
        plan = self.scene.plan
        with reading(self.engine) as session:
            years = [y for y in plan.years if y <= year]
            history = tuple(f for y in years for f in year_facts(session, plan, y))
        if not any(f.item.year == year for f in history):
            return
        material = Material(plan, self.scene.calendar, year, day, history, Issue(sample=True))
        snapshot = freeze(material, self.version.sha256)
        self.diary.reports[year] = (day, snapshot.consolidated.face)

    def _assess(self, phase: str, day: date) -> None:
        plan, issue = self.scene.plan, Issue(sample=True)
        with reading(self.engine) as session:
            phase_assessments.frozen(session, plan, self.version, phase, day, issue)
        self.diary.assessments[phase] = day


def _years(scene: Scene) -> list[int]:
    return [year for year in scene.plan.years if year <= scene.last.year]


def _store(folder: Path) -> Engine:
    """A store that is thrown away afterwards, and so need not survive a loss of power."""
    engine = open_store(f"sqlite:///{folder / 'rehearsal.db'}")

    @event.listens_for(engine, "connect")
    def _careless(connection: object, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]  # a sqlite3 connection

    engine.dispose()  # connections from here on are careless
    return engine
