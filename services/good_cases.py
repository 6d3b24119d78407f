"""Good cases (优秀案例): a unit nominates one, the office selects it or not, with a reason."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from domain.canonical import person
from domain.entry_check import MOST_TEXT
from domain.plan import SAFEGUARDS, Phase, Plan
from domain.problems import Problem, ProblemKind
from domain.terms import term, terms
from domain.workdays import BEIJING
from models.supervision import GoodCaseDecisionRow, GoodCaseRow
from services import audit
from services.reasons import checked_person, checked_reason

SELECTED, NOT_SELECTED = "selected", "not-selected"
LEAST_TITLE, MOST_TITLE = 4, 60
"""Characters of a title."""


@dataclass(frozen=True)
class Verdict:
    """What the office made of a case, and why."""

    selected: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class GoodCase:
    """A case.

    Attributes:
        number: its number in the store.
        unit: id of the unit.
        measure: number of the measure; None where it serves all.
        term: code of the term that it tells of.
        verdict: the office's; None while there is none.
    """

    number: int
    unit: str
    measure: int | None
    term: str
    title: str
    text: str
    by: str
    at: datetime
    verdict: Verdict | None

    @property
    def term_label(self) -> str:
        """The term as people say it."""
        return term(self.term).label

    def tells_of(self, phase: Phase) -> bool:
        """Whether its term touches a phase."""
        own = term(self.term)
        return own.start <= phase.end and phase.start <= own.end

    def measure_name(self, plan: Plan) -> str:
        """The measure in words."""
        known = plan.measures_by_number.get(self.measure) if self.measure is not None else None
        return f"{known.number}．{known.title}" if known else SAFEGUARDS


def nominate(  # noqa: PLR0913 - what a case consists of; each is a different thing
    session: Session,
    plan: Plan,
    *,
    unit: str,
    measure: int | None,
    period: str,
    title: str,
    text: str,
    by: str,
    at: datetime,
) -> GoodCase:
    """Nominate a case for the office to judge.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        unit: id of the unit.
        measure: number of one of its measures; None where the case serves all.
        period: code of the term that it tells of.
        title: what was done, in a line.
        text: why, how, and what came of it.
        by: name of the person.
        at: the moment, aware of its zone.

    Raises:
        Problem: 416 for a text that is too long; 418 without a name; 601 for what could identify a child; 1301, 1323 for a
            term that cannot be; 1321 for a title or a text that is too short; 1322 for a measure of other units.
    """
    at = at.astimezone(BEIJING)
    title = _checked("题目", title, LEAST_TITLE, MOST_TITLE).replace("\n", " ")
    text = _checked("正文", text, plan.rules.cases.least_characters, MOST_TEXT)
    by = checked_person(by, "推荐人")
    own = plan.unit(unit).id
    if measure is not None and measure not in {one.number for one in plan.unit_measures(own)}:
        raise Problem(ProblemKind.CASE_MEASURE)
    told = term(period)
    if told not in terms(plan, at.date()):
        raise Problem(ProblemKind.CASE_TERM, term=told.label)
    row = GoodCaseRow(
        plan_id=plan.id, unit=own, measure=measure, term=told.code, title=title, text=text, by=by, at=at
    )
    session.add(row)
    session.flush()
    detail: audit.Detail = {"case": row.id, "term": told.code, "measure": measure}
    audit.record(
        session, at=at, actor=by, action="nominate-case", subject=_subject(plan, row.id), detail=detail
    )
    return _case(row, None)


def decide(
    session: Session, plan: Plan, number: int, *, selected: bool, reason: str, by: str, at: datetime
) -> GoodCase:
    """Select a case, or not.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        number: of the case.
        selected: whether it is selected.
        reason: why, for the unit to read.
        by: name of the person in the office, who must not have nominated it.
        at: the moment, aware of its zone.

    Raises:
        Problem: 416 for a reason that is too long; 418 without a name; 601 for a reason that could identify a child; 1324
            for no such case; 1325 where it is decided; 1326 for somebody's own; 1327 without a reason.
    """
    reason = checked_reason(reason, "评定理由", Problem(ProblemKind.CASE_REASON))
    by, at = checked_person(by, "经办人"), at.astimezone(BEIJING)
    own = (col(GoodCaseRow.id) == number) & (col(GoodCaseRow.plan_id) == plan.id)
    session.scalars(
        select(col(GoodCaseRow.id)).where(own).with_for_update()
    ).all()  # one who decides at a time
    found = next(iter(_found(session, own)), None)
    if found is None:
        raise Problem(ProblemKind.CASE_UNKNOWN, number=number)
    if found.verdict is not None:
        raise Problem(ProblemKind.CASE_DECIDED, number=number)
    if person(found.by) == person(by):
        raise Problem(ProblemKind.CASE_OWN, by=by)
    verdict = SELECTED if selected else NOT_SELECTED
    session.add(GoodCaseDecisionRow(case_id=number, verdict=verdict, reason=reason, by=by, at=at))
    session.flush()
    action = "select-case" if selected else "decline-case"
    subject, detail = _subject(plan, number), {"case": number}
    audit.record(session, at=at, actor=by, action=action, subject=subject, detail=detail)
    return _found(session, own)[0]


def undecided(session: Session, plan: Plan) -> tuple[GoodCase, ...]:
    """The cases that wait for the office, longest waiting first."""
    return tuple(_found(session, _of_plan(plan) & col(GoodCaseDecisionRow.id).is_(None)))


def decided(session: Session, plan: Plan, *, selected: bool) -> tuple[GoodCase, ...]:
    """The cases that were selected, or those that were not; newest first."""
    verdict = col(GoodCaseDecisionRow.verdict) == (SELECTED if selected else NOT_SELECTED)
    return tuple(reversed(_found(session, _of_plan(plan) & verdict)))


def of_unit(session: Session, plan: Plan, unit: str) -> tuple[GoodCase, ...]:
    """A unit's own cases, newest first."""
    return tuple(reversed(_found(session, _of_plan(plan) & (col(GoodCaseRow.unit) == unit))))


def count_undecided(session: Session, plan: Plan) -> int:
    """How many cases wait for the office."""
    rows = (
        select(func.count())
        .select_from(GoodCaseRow)
        .outerjoin(GoodCaseDecisionRow, col(GoodCaseDecisionRow.case_id) == col(GoodCaseRow.id))
        .where(_of_plan(plan), col(GoodCaseDecisionRow.id).is_(None))
    )
    return session.scalar(rows) or 0


def _checked(part: str, text: str, least: int, most: int) -> str:
    missing = Problem(ProblemKind.CASE_INCOMPLETE, part=part, least=least, most=most)
    text = checked_reason(text, part, missing, least=least)
    if len(text) > most:
        raise missing
    return text


def _subject(plan: Plan, number: int | None) -> str:
    return f"{plan.id}/case/{number}"


def _of_plan(plan: Plan) -> ColumnElement[bool]:
    return col(GoodCaseRow.plan_id) == plan.id


def _found(session: Session, condition: ColumnElement[bool]) -> list[GoodCase]:
    rows = (
        select(GoodCaseRow, GoodCaseDecisionRow)
        .outerjoin(GoodCaseDecisionRow, col(GoodCaseDecisionRow.case_id) == col(GoodCaseRow.id))
        .where(condition)
        .order_by(col(GoodCaseRow.id))
    )
    return [_case(*row) for row in session.execute(rows)]


def _case(row: GoodCaseRow, decided: GoodCaseDecisionRow | None) -> GoodCase:
    verdict = None
    if decided is not None:
        verdict = Verdict(decided.verdict == SELECTED, decided.reason, decided.by, decided.at)
    return GoodCase(
        number=row.id or 0,
        unit=row.unit,
        measure=row.measure,
        term=row.term,
        title=row.title,
        text=row.text,
        by=row.by,
        at=row.at,
        verdict=verdict,
    )
