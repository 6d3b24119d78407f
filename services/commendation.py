"""The commendation list (表扬名单): proposed from scores and good cases, fixed once by the office, shown to the leaders."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from domain.canonical import clean_text
from domain.entry_check import LEAST_TEXT
from domain.plan import Phase, Plan
from domain.privacy import Context, find
from domain.problems import Problem, ProblemKind
from domain.terms import Term
from domain.workdays import BEIJING, WorkCalendar
from models.supervision import CommendationRow, CommendedRow
from services import audit, good_cases
from services.reasons import checked_person, checked_reason
from services.scoring import Place, ranking_over

_PARTS = re.compile(r"[,，\t]")


@dataclass(frozen=True)
class Candidate:
    """A unit with its place over the whole plan so far, how many of its cases were selected, and whether it is proposed."""

    place: Place
    cases: int
    proposed: bool


@dataclass(frozen=True)
class Person:
    """Somebody to be commended, in which unit, and for what."""

    unit: str
    name: str
    merit: str


@dataclass(frozen=True)
class Commended:
    """A line of the list: a unit by its name, or somebody in it; place and score as they were when the list was fixed."""

    unit_id: str
    unit: str
    person: str
    rank: int | None
    points: Decimal | None
    cases: int
    merit: str


@dataclass(frozen=True)
class Commendation:
    """A list that was fixed."""

    phase: str
    as_of: date
    reason: str
    by: str
    at: datetime
    units: tuple[Commended, ...]
    people: tuple[Commended, ...]


def phase_of(plan: Plan) -> Phase:
    """The phase in which the plan commends.

    Raises:
        Problem: 1331 where it does not.
    """
    found = next((one for one in plan.phases if one.id == plan.rules.commendation.phase), None)
    if found is None:
        raise Problem(ProblemKind.COMMENDATION_NONE)
    return found


def span(plan: Plan) -> Term:
    """What is looked at: everything since the plan began, to the end of the phase in which it commends.

    Raises:
        Problem: 1331 where it does not.
    """
    phase = phase_of(plan)
    return Term(phase.id, f"{plan.start.year}年以来", plan.start, phase.end)


def propose(session: Session, plan: Plan, as_of: date, calendar: WorkCalendar) -> tuple[Candidate, ...]:
    """Every unit by its score; proposed are the first of them, as many as the plan says, and those with a selected case.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        as_of: the day.
        calendar: working days.

    Raises:
        Problem: 1331 where the plan does not commend.
    """
    most = plan.rules.commendation.units
    cases = Counter(case.unit for case in good_cases.decided(session, plan, selected=True))
    places = ranking_over(session, plan, span(plan), as_of, calendar).places
    return tuple(
        Candidate(
            place=place,
            cases=cases[place.unit_id],
            proposed=(place.rank is not None and place.rank <= most) or cases[place.unit_id] > 0,
        )
        for place in places
    )


def people_of(plan: Plan, text: str) -> tuple[Person, ...]:
    """People out of a text with one in a line: unit, name and merit, between commas.

    Raises:
        Problem: 1336 for a line that is not so.
    """
    found = []
    for number, line in enumerate(clean_text(text).splitlines(), start=1):
        if not line.strip():
            continue
        parts = [part.strip() for part in _PARTS.split(line, maxsplit=2)]
        if len(parts) < 3 or not all(parts):
            raise Problem(ProblemKind.COMMENDATION_PERSON, line=number, found="缺少单位、姓名或事由")
        if not plan.knows_unit(parts[0]):
            raise Problem(ProblemKind.COMMENDATION_PERSON, line=number, found="方案中没有这个单位")
        found.append(Person(plan.unit(parts[0]).id, parts[1], parts[2]))
    return tuple(found)


def fix(  # noqa: PLR0913 - what a list consists of; each is a different thing
    session: Session,
    plan: Plan,
    *,
    units: Mapping[str, str],
    people: Sequence[Person],
    reason: str,
    calendar: WorkCalendar,
    by: str,
    at: datetime,
) -> Commendation:
    """Fix the list, once and for good.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        units: what each unit is commended for, by its id.
        people: who is commended besides.
        reason: on what the list rests.
        calendar: working days.
        by: name of the person in the office.
        at: the moment, aware of its zone.

    Raises:
        Problem: 103 for a unit that the plan does not know; 416 for a text that is too long; 418 without a name; 601 for
            what could identify a child; 1331 where the plan does not commend; 1332 before the phase; 1333 where it was
            fixed; 1334 without a reason; 1335 for an empty list; 1337 for somebody without a merit.
    """
    phase, at = phase_of(plan), at.astimezone(BEIJING)
    if at.date() < phase.start:
        raise Problem(ProblemKind.COMMENDATION_EARLY, phase=phase.name, start=phase.start)
    missing = Problem(ProblemKind.COMMENDATION_REASON)
    reason = checked_reason(reason, "确定名单的理由", missing, least=LEAST_TEXT)
    by = checked_person(by, "经办人")
    audit.lock(session)  # two who fix it at once take turns, and the second finds it fixed
    before = fixed(session, plan)
    if before is not None:
        day = before.at.astimezone(BEIJING).date()
        raise Problem(ProblemKind.COMMENDATION_FIXED, phase=phase.name, by=before.by, day=day)
    if not units and not people:
        raise Problem(ProblemKind.COMMENDATION_EMPTY)
    known = {one.place.unit_id: one for one in propose(session, plan, at.date(), calendar)}
    list_ = CommendationRow(plan_id=plan.id, phase=phase.id, as_of=at.date(), reason=reason, by=by, at=at)
    session.add(list_)
    session.flush()
    for unit, merit in units.items():
        session.add(_row(plan, list_, known[plan.unit(unit).id], "", merit))
    for one in people:
        session.add(_row(plan, list_, known[one.unit], _name(one.name), one.merit))
    session.flush()
    detail: audit.Detail = {"units": len(units), "people": len(people)}
    subject = f"{plan.id}/{phase.id}"
    audit.record(session, at=at, actor=by, action="fix-commendation", subject=subject, detail=detail)
    found = fixed(session, plan)
    if found is None:
        raise LookupError(subject)  # it was put there in this transaction
    return found


def fixed(session: Session, plan: Plan) -> Commendation | None:
    """The list; None while it is not fixed, or where the plan commends nobody."""
    phase = plan.rules.commendation.phase
    list_ = session.scalar(
        select(CommendationRow).where(
            col(CommendationRow.plan_id) == plan.id, col(CommendationRow.phase) == phase
        )
    )
    if list_ is None:
        return None
    rows = session.scalars(select(CommendedRow).where(col(CommendedRow.commendation_id) == list_.id)).all()
    order = {unit: place for place, unit in enumerate(plan.units_by_id)}
    last = len(order)
    ordered = sorted(rows, key=lambda row: (row.rank or last + 1, order.get(row.unit, last), row.person))
    lines = [_commended(plan, row) for row in ordered]
    return Commendation(
        phase=list_.phase,
        as_of=list_.as_of,
        reason=list_.reason,
        by=list_.by,
        at=list_.at,
        units=tuple(line for line in lines if not line.person),
        people=tuple(line for line in lines if line.person),
    )


def _row(plan: Plan, list_: CommendationRow, candidate: Candidate, name: str, merit: str) -> CommendedRow:
    place = candidate.place
    missing = Problem(ProblemKind.COMMENDATION_MERIT, name=name or plan.unit(place.unit_id).name)
    return CommendedRow(
        commendation_id=list_.id or 0,
        unit=place.unit_id,
        person=name,
        rank=place.rank,
        points=place.points,
        cases=candidate.cases,
        merit=checked_reason(merit, "事由", missing, least=LEAST_TEXT),
    )


def _name(name: str) -> str:
    """An officer's name, in which nothing else may hide."""
    name = checked_person(name, "受表扬人")
    if found := find(name, context=Context.CONTACT):
        raise Problem(ProblemKind.CHILD_DATA, reason=found[0].reason.rstrip("。"))
    return name


def _commended(plan: Plan, row: CommendedRow) -> Commended:
    unit = plan.units_by_id.get(row.unit)
    return Commended(
        unit_id=row.unit,
        unit=unit.name if unit else row.unit,
        person=row.person,
        rank=row.rank,
        points=row.points,
        cases=row.cases,
        merit=row.merit,
    )
