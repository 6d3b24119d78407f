"""More time for an item (延期): units ask, the office grants or refuses; each with a reason and in the audit chain."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from domain.canonical import person
from domain.duties import WorkItem
from domain.entry_check import LEAST_TEXT
from domain.extensions import check_asking, check_until
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.workdays import BEIJING, WorkCalendar
from models import extensions as store
from models import queries
from models.desk import ExtensionDecisionRow, ExtensionRow
from models.tables import WorkItemRow
from services import audit
from services.items import OwnItem, own_item
from services.reasons import checked_person, checked_reason

GRANTED, REFUSED = "granted", "refused"


@dataclass(frozen=True)
class Decision:
    """What the office made of a request; ``until`` is None where it was refused."""

    until: date | None
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Extension:
    """A request for more time.

    Attributes:
        number: its number in the store.
        key: the item; ``item`` its number in the store.
        unit: id of the unit that asks.
        duty: id of the duty; ``measure`` the number of its measure.
        period_label: the period as people say it.
        due: the day that the plan sets.
        until: the day that is asked for.
        reason: why.
        by: who asked.
        at: when.
        decision: the office's; None while there is none.
    """

    number: int
    key: str
    item: int
    unit: str
    duty: str
    measure: int | None
    period_label: str
    due: date
    until: date
    reason: str
    by: str
    at: datetime
    decision: Decision | None


def ask(  # noqa: PLR0913 - what a request consists of; each is a different thing
    session: Session, plan: Plan, key: str, *, unit: str, until: date, reason: str, by: str, at: datetime
) -> Extension:
    """Ask for more time for an item.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        key: the item.
        unit: id of the unit, whose item it must be.
        until: the last day in time that is wanted.
        reason: why, for the office to read.
        by: name of the person.
        at: the moment, aware of its zone.

    Raises:
        Problem: 401 for no such item; 404 for another unit's; 416 for a reason that is too long; 418 without a name; 423
            after the due day; 424 for a day that cannot be; 425 where a version is accepted; 426 where a request waits;
            427 without a reason; 432 where more time was granted already; 601 for a reason that could identify a child.
    """
    missing = Problem(ProblemKind.EXTENSION_REASON, least=LEAST_TEXT)
    reason = checked_reason(reason, "延期理由", missing, least=LEAST_TEXT)
    by, at = checked_person(by, "申请人"), at.astimezone(BEIJING)
    number, item = own_item(session, plan, key, unit, lock=True)
    if any(one.decision is None for one in _found(session, col(ExtensionRow.item_id) == number)):
        raise Problem(ProblemKind.EXTENSION_WAITS, key=key)
    check_asking(plan, item, until, at.date(), accepted=queries.has_accepted(session, number))
    row = ExtensionRow(item_id=number, until=until, reason=reason, by=by, at=at)
    session.add(row)
    session.flush()
    detail: audit.Detail = {"extension": row.id, "until": until.isoformat()}
    audit.record(session, at=at, actor=by, action="ask-extension", subject=key, detail=detail)
    return _found(session, col(ExtensionRow.id) == row.id)[0]


def grant(  # noqa: PLR0913 - what a decision consists of; each is a different thing
    session: Session,
    plan: Plan,
    number: int,
    *,
    by: str,
    at: datetime,
    calendar: WorkCalendar,
    until: date | None = None,
    reason: str = "",
) -> Extension:
    """Grant a request, to the day that was asked for or to another.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        number: of the request.
        by: name of the person in the office, who must not have asked.
        at: the moment, aware of its zone; the new day holds from then on.
        calendar: working days.
        until: the new last day in time; the one asked for where it is None.
        reason: a word to the unit, where there is one.

    Raises:
        Problem: 201 where the calendar does not reach; 416 for a reason that is too long; 418 without a name; 424 for a day
            that cannot be; 428 for no such request; 429 where it is decided; 430 for somebody's own; 601 for a reason
            that could identify a child.
    """
    by = checked_person(by, "经办人")
    if reason.strip():
        reason = checked_reason(reason, "办理意见", Problem(ProblemKind.EXTENSION_REFUSAL))
    asked, item = _undecided(session, plan, number, by)
    until = until or asked.until
    check_until(plan, item, until)
    act_by = calendar.last_workday(until)
    row = ExtensionDecisionRow(
        extension_id=number,
        verdict=GRANTED,
        until=until,
        act_by=act_by.date,
        assumed=act_by.assumed,
        reason=reason,
        by=by,
        at=at.astimezone(BEIJING),
    )
    return _decide(session, asked, row)


def refuse(session: Session, plan: Plan, number: int, *, by: str, at: datetime, reason: str) -> Extension:
    """Refuse a request, with a reason for the unit to read; it may ask again while its due day is not past.

    Args and errors as for :func:`grant`; besides:

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        number: of the request.
        by: name of the person in the office, who must not have asked.
        at: the moment, aware of its zone.
        reason: why not.

    Raises:
        Problem: 431 without a reason.
    """
    by = checked_person(by, "经办人")
    reason = checked_reason(reason, "不同意延期的理由", Problem(ProblemKind.EXTENSION_REFUSAL))
    asked, _ = _undecided(session, plan, number, by)
    row = ExtensionDecisionRow(
        extension_id=number, verdict=REFUSED, reason=reason, by=by, at=at.astimezone(BEIJING)
    )
    return _decide(session, asked, row)


def undecided(session: Session, plan: Plan) -> tuple[Extension, ...]:
    """The requests that wait for the office, longest waiting first."""
    return tuple(
        _found(session, (col(WorkItemRow.plan_id) == plan.id) & col(ExtensionDecisionRow.id).is_(None))
    )


def of_item(session: Session, own: OwnItem) -> tuple[Extension, ...]:
    """Every request for an item, oldest first."""
    return tuple(_found(session, col(ExtensionRow.item_id) == own.number))


def of_items(session: Session, items: Collection[int]) -> tuple[Extension, ...]:
    """Every request for some items, by their number in the store; oldest first."""
    return tuple(_found(session, col(ExtensionRow.item_id).in_(items)))


def _undecided(session: Session, plan: Plan, number: int, by: str) -> tuple[Extension, WorkItem]:
    """A request that ``by`` may decide, and its item; nobody else can until the transaction ends."""
    asked = next(iter(_found(session, col(ExtensionRow.id) == number)), None)
    if asked is None:
        raise Problem(ProblemKind.EXTENSION_UNKNOWN, number=number)
    _, item = own_item(session, plan, asked.key, None, lock=True)
    (asked,) = _found(session, col(ExtensionRow.id) == number)  # again: somebody may have been faster
    if asked.decision is not None:
        raise Problem(ProblemKind.EXTENSION_DECIDED, number=number)
    if person(asked.by) == person(by):
        raise Problem(ProblemKind.EXTENSION_OWN, by=by)
    return asked, item


def _decide(session: Session, asked: Extension, row: ExtensionDecisionRow) -> Extension:
    session.add(row)
    session.flush()
    until = row.until.isoformat() if row.until else None
    detail: audit.Detail = {"extension": asked.number, "until": until}
    action = "grant-extension" if row.verdict == GRANTED else "refuse-extension"
    audit.record(session, at=row.at, actor=row.by, action=action, subject=asked.key, detail=detail)
    return _found(session, col(ExtensionRow.id) == asked.number)[0]


def _found(session: Session, condition: ColumnElement[bool]) -> list[Extension]:
    return [extension_of(*row) for row in store.found(session, condition)]


def extension_of(asked: ExtensionRow, decided: ExtensionDecisionRow | None, item: WorkItemRow) -> Extension:
    """A request out of the store."""
    decision = None
    if decided is not None:
        decision = Decision(decided.until, decided.reason, decided.by, decided.at)
    return Extension(
        number=asked.id or 0,
        key=item.key,
        unit=item.unit,
        item=item.id or 0,
        duty=item.duty,
        measure=item.measure,
        period_label=item.period_label,
        due=item.due,
        until=asked.until,
        reason=asked.reason,
        by=asked.by,
        at=asked.at,
        decision=decision,
    )
