"""Appeals against scores (申诉): a unit disputes a line of the working, the office decides; an upheld one strikes it out."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from domain.canonical import person
from domain.entry_check import LEAST_TEXT
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.scoring import CRITERION_NAMES, Criterion, Line, LineId, appeal_until
from domain.terms import quarter_of
from domain.workdays import BEIJING, WorkCalendar
from models.supervision import AppealDecisionRow, AppealRow
from models.tables import WorkItemRow
from services import audit
from services.items import key_of, own_item
from services.reasons import checked_person, checked_reason
from services.scoring import unit_score

UPHELD, REFUSED = "upheld", "refused"


@dataclass(frozen=True)
class Ruling:
    """What the office decided, and why."""

    upheld: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Appeal:
    """An appeal.

    Attributes:
        number: its number in the store.
        item: number of the item, by which pages name it; ``key`` its key.
        unit: id of the unit.
        duty: id of the duty.
        period_label: the period as people say it.
        id: the line that it disputes.
        line: what the line said then, and ``points`` what it took.
        reason: why it is disputed.
        ruling: the office's; None while there is none.
    """

    number: int
    item: int
    key: str
    unit: str
    duty: str
    period_label: str
    id: LineId
    line: str
    points: Decimal
    reason: str
    by: str
    at: datetime
    ruling: Ruling | None

    @property
    def criterion_name(self) -> str:
        """What the line is about."""
        return CRITERION_NAMES[self.id.criterion]


def appeal(  # noqa: PLR0913 - what an appeal consists of; each is a different thing
    session: Session,
    plan: Plan,
    item: int,
    line: LineId,
    *,
    unit: str,
    reason: str,
    calendar: WorkCalendar,
    by: str,
    at: datetime,
) -> Appeal:
    """Dispute a line of a unit's score.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        item: number of the item.
        line: which line of it.
        unit: id of the unit, whose item it must be.
        reason: why, for the office to read.
        calendar: working days.
        by: name of the person.
        at: the moment, aware of its zone.

    Raises:
        Problem: 401 for no such item; 404 for another unit's; 416 for a reason that is too long; 418 without a name; 601
            for a reason that could identify a child; 1310 where the plan allows no appeal; 1311 for no such line; 1312
            after its last day; 1313 where it was disputed; 1314 without a reason.
    """
    missing = Problem(ProblemKind.APPEAL_REASON, least=LEAST_TEXT)
    reason = checked_reason(reason, "申诉理由", missing, least=LEAST_TEXT)
    by, at = checked_person(by, "申诉人"), at.astimezone(BEIJING)
    key = key_of(session, plan, item)
    own_item(session, plan, key, unit, lock=True)
    same = (col(AppealRow.item_id) == item) & (col(AppealRow.criterion) == line.criterion.value)
    for before in _found(session, same & (col(AppealRow.ref) == line.ref)):
        raise Problem(ProblemKind.APPEAL_TWICE, by=before.by, day=before.at.astimezone(BEIJING).date())
    found = _line(session, plan, key, line, at.date(), calendar)
    row = AppealRow(
        item_id=item,
        criterion=line.criterion.value,
        ref=line.ref,
        line=found.words,
        points=found.points,
        reason=reason,
        by=by,
        at=at,
    )
    session.add(row)
    session.flush()
    detail: audit.Detail = {"appeal": row.id, "criterion": line.criterion.value, "ref": line.ref}
    audit.record(session, at=at, actor=by, action="appeal", subject=key, detail=detail)
    return _found(session, col(AppealRow.id) == row.id)[0]


def decide(
    session: Session, plan: Plan, number: int, *, upheld: bool, reason: str, by: str, at: datetime
) -> Appeal:
    """Decide an appeal.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        number: of the appeal.
        upheld: whether the line is taken out of the score from now on.
        reason: why, for the unit to read.
        by: name of the person in the office, who must not have made the appeal.
        at: the moment, aware of its zone.

    Raises:
        Problem: 416 for a reason that is too long; 418 without a name; 601 for a reason that could identify a child; 1315
            for no such appeal; 1316 where it is decided; 1317 for somebody's own; 1318 without a reason.
    """
    reason = checked_reason(reason, "办理理由", Problem(ProblemKind.APPEAL_DECISION))
    by, at = checked_person(by, "经办人"), at.astimezone(BEIJING)
    own = (col(AppealRow.id) == number) & (col(WorkItemRow.plan_id) == plan.id)
    found = next(iter(_found(session, own)), None)
    if found is None:
        raise Problem(ProblemKind.APPEAL_UNKNOWN, number=number)
    own_item(session, plan, found.key, None, lock=True)
    (found,) = _found(session, own)  # again: somebody may have been faster
    if found.ruling is not None:
        raise Problem(ProblemKind.APPEAL_DECIDED, number=number)
    if person(found.by) == person(by):
        raise Problem(ProblemKind.APPEAL_OWN, by=by)
    verdict = UPHELD if upheld else REFUSED
    session.add(AppealDecisionRow(appeal_id=number, verdict=verdict, reason=reason, by=by, at=at))
    session.flush()
    detail: audit.Detail = {"appeal": number}
    action = "uphold-appeal" if upheld else "refuse-appeal"
    audit.record(session, at=at, actor=by, action=action, subject=found.key, detail=detail)
    return _found(session, own)[0]


def last_day(line: Line, due: date, plan: Plan, calendar: WorkCalendar) -> date | None:
    """The last day on which a line of an item that fell due on ``due`` may be disputed; None where the plan allows none."""
    return appeal_until(line, quarter_of(due).end, plan.rules.scoring, calendar)


def undecided(session: Session, plan: Plan) -> tuple[Appeal, ...]:
    """The appeals that wait for the office, longest waiting first."""
    waits = (col(WorkItemRow.plan_id) == plan.id) & col(AppealDecisionRow.id).is_(None)
    return tuple(_found(session, waits))


def count_undecided(session: Session, plan: Plan) -> int:
    """How many appeals wait for the office."""
    rows = (
        select(func.count())
        .select_from(AppealRow)
        .join(WorkItemRow, col(WorkItemRow.id) == col(AppealRow.item_id))
        .outerjoin(AppealDecisionRow, col(AppealDecisionRow.appeal_id) == col(AppealRow.id))
        # an expression has no index: few appeals lead to their items, and not all items to few appeals
        .where(col(WorkItemRow.plan_id).concat("") == plan.id, col(AppealDecisionRow.id).is_(None))
    )
    return session.scalar(rows) or 0


def decided(session: Session, plan: Plan, *, most: int) -> tuple[Appeal, ...]:
    """The appeals that were decided last, newest first."""
    newest = (
        select(col(AppealDecisionRow.appeal_id))
        .join(AppealRow, col(AppealRow.id) == col(AppealDecisionRow.appeal_id))
        .join(WorkItemRow, col(WorkItemRow.id) == col(AppealRow.item_id))
        .where(col(WorkItemRow.plan_id) == plan.id)
        .order_by(col(AppealDecisionRow.id).desc())
        .limit(most)
    )
    found = _found(session, col(AppealRow.id).in_(session.scalars(newest).all()))
    return tuple(sorted(found, key=lambda one: one.ruling.at if one.ruling else one.at, reverse=True))


def of_unit(session: Session, plan: Plan, unit: str) -> tuple[Appeal, ...]:
    """Every appeal of a unit, oldest first."""
    own = (col(WorkItemRow.plan_id) == plan.id) & (col(WorkItemRow.unit) == unit)
    return tuple(_found(session, own))


def _line(session: Session, plan: Plan, key: str, wanted: LineId, day: date, calendar: WorkCalendar) -> Line:
    """The line as it stands, which may still be disputed."""
    if not plan.rules.scoring.appeal_workdays:
        raise Problem(ProblemKind.APPEAL_FORBIDDEN)
    number, item = own_item(session, plan, key, None)
    own = unit_score(session, plan, item.unit, quarter_of(item.due).code, day, calendar)
    lines = (line for one in own.items if one.item.number == number for line in one.lines)
    found = next((line for line in lines if line.id == wanted), None)
    if found is None:
        raise Problem(ProblemKind.APPEAL_NO_LINE)
    until = last_day(found, item.due, plan, calendar)
    if until is not None and day > until:
        raise Problem(ProblemKind.APPEAL_LATE, until=until)
    return found


def _found(session: Session, condition: ColumnElement[bool]) -> list[Appeal]:
    rows = (
        select(AppealRow, AppealDecisionRow, WorkItemRow)
        .join(WorkItemRow, col(WorkItemRow.id) == col(AppealRow.item_id))
        .outerjoin(AppealDecisionRow, col(AppealDecisionRow.appeal_id) == col(AppealRow.id))
        .where(condition)
        .order_by(col(AppealRow.id))
    )
    return [_appeal(*row) for row in session.execute(rows)]


def _appeal(row: AppealRow, decided: AppealDecisionRow | None, item: WorkItemRow) -> Appeal:
    ruling = None
    if decided is not None:
        ruling = Ruling(decided.verdict == UPHELD, decided.reason, decided.by, decided.at)
    return Appeal(
        number=row.id or 0,
        item=row.item_id,
        key=item.key,
        unit=item.unit,
        duty=item.duty,
        period_label=item.period_label,
        id=LineId(Criterion(row.criterion), row.ref),
        line=row.line,
        points=row.points,
        reason=row.reason,
        by=row.by,
        at=row.at,
        ruling=ruling,
    )
