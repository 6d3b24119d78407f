"""The office's verdict on what units handed in (审核): accept it, or send it back with a reason; and corrections (更正)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from domain.canonical import person
from domain.facts import ItemFacts, Review, Verdict
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.workdays import BEIJING
from models import lists, queries
from models.desk import CorrectionRow
from models.lists import Wanted
from models.queries import Latest
from models.states import seen
from models.tables import ItemStateRow, ReviewRow, SubmissionRow, WorkItemRow
from services import audit
from services.items import own_item
from services.reasons import checked_person, checked_reason

_CORRECTION = select(col(CorrectionRow.reason), col(CorrectionRow.by), col(CorrectionRow.at)).where(
    col(CorrectionRow.submission_id) == bindparam("submission")
)


@dataclass(frozen=True)
class Pending:
    """A version that waits for the office's verdict."""

    key: str
    unit: str
    duty: str
    period_label: str
    due: date
    version: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Correction:
    """That the office let a unit correct an accepted version (更正), and why."""

    key: str
    unit: str
    version: int
    reason: str
    by: str
    at: datetime


def accept(session: Session, plan: Plan, key: str, *, version: int, reviewer: str, at: datetime) -> Review:
    """Accept the newest version of an item, which closes it.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        key: the item.
        version: the version that the reviewer has read.
        reviewer: name of the person.
        at: the moment, aware of its zone.

    Raises:
        Problem: 401 for no such item; 405 for somebody's own submission; 406 where nothing waits; 408 where a newer
            version has come in; 418 without a name.
    """
    return _review(session, plan, key, version, _verdict(Verdict.ACCEPTED, "", reviewer, at))


def send_back(
    session: Session, plan: Plan, key: str, *, version: int, reviewer: str, at: datetime, reason: str
) -> Review:
    """Send the newest version of an item back to its unit (退回), which may then hand in another.

    Args and errors as for :func:`accept`; besides:

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        key: the item.
        version: the version that the reviewer has read.
        reviewer: name of the person.
        at: the moment, aware of its zone.
        reason: what is to be mended, for the unit to read.

    Raises:
        Problem: 407 without a reason; 416 for one that is too long; 601 for one that could identify a child.
    """
    reason = checked_reason(reason, "退回理由", Problem(ProblemKind.REVIEW_REASON))
    return _review(session, plan, key, version, _verdict(Verdict.RETURNED, reason, reviewer, at))


def allow_correction(
    session: Session, plan: Plan, key: str, *, version: int, by: str, at: datetime, reason: str
) -> None:
    """Let a unit correct the accepted version of an item (允许更正): it may then hand in another.

    Until that is accepted, the accepted version goes on counting everywhere.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        key: the item.
        version: the accepted version, which must be the newest.
        by: name of the person in the office.
        at: the moment, aware of its zone.
        reason: what is to be corrected, for the unit to read.

    Raises:
        Problem: 401 for no such item; 408 where a newer version has come in; 416 for a reason that is too long; 418
            without a name; 419 where the newest version is not accepted; 420 where it may be corrected already; 421
            for somebody's own submission; 422 without a reason; 601 for a reason that could identify a child.
    """
    reason = checked_reason(reason, "更正理由", Problem(ProblemKind.CORRECTION_REASON))
    by = checked_person(by, "经办人")
    item, newest = _newest(session, plan, key)
    if newest is None or not newest.accepted:
        raise Problem(ProblemKind.CORRECTION_NOTHING, key=key)
    _refuse_stale(key, newest, version)
    submission = newest.submission.id or 0
    if queries.corrections(session, [submission]):
        raise Problem(ProblemKind.CORRECTION_STANDS, key=key)
    if _is_own(session, item, by):
        raise Problem(ProblemKind.CORRECTION_OWN, by=by)
    at = at.astimezone(BEIJING)
    session.add(CorrectionRow(submission_id=submission, reason=reason, by=by, at=at))
    session.flush()
    detail: audit.Detail = {"submission": submission, "version": version}
    audit.record(session, at=at, actor=by, action="allow-correction", subject=key, detail=detail)


def pending(session: Session, plan: Plan, year: int) -> tuple[Pending, ...]:
    """What waits for the office in a year, longest waiting first."""
    state = ItemStateRow
    waiting = (
        select(WorkItemRow, col(state.due), SubmissionRow)
        .join(state, col(state.item_id) == col(WorkItemRow.id))
        .join(SubmissionRow, col(SubmissionRow.id) == col(state.newest_id))
        .where(col(state.plan_id) == plan.id, col(state.pending).is_(True), col(state.year) == year)
        .order_by(col(SubmissionRow.at), col(SubmissionRow.id))
    )
    return tuple(
        Pending(
            key=item.key,
            unit=item.unit,
            duty=item.duty,
            period_label=item.period_label,
            due=due,
            version=submission.version,
            by=submission.by,
            at=submission.at,
        )
        for item, due, submission in session.execute(waiting)
    )


def open_correction(session: Session, facts: ItemFacts) -> Correction | None:
    """The correction of an item that the office allowed and that has not been handed in yet; None where there is none."""
    newest = facts.latest
    if newest is None or not newest.accepted:
        return None
    row = session.execute(_CORRECTION, {"submission": newest.id}).one_or_none()
    if row is None:
        return None
    return Correction(facts.item.key, facts.item.unit, newest.version, row.reason, row.by, row.at)


def what_to_correct(session: Session, plan: Plan, year: int, as_of: date) -> dict[str, str]:
    """What the office lets units correct of accepted items of a year, as it stood at the end of a day, by key.

    Empty for a correction that was returned: its verdict says what is to be mended.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        year: the year of the items.
        as_of: the day.
    """
    rows = lists.page(session, seen(session, plan.id, as_of), Wanted(year=year, amending=True))
    allowed = select(col(CorrectionRow.submission_id), col(CorrectionRow.reason))
    ids = [row.newest_id for row in rows]
    reasons = dict(session.execute(allowed.where(col(CorrectionRow.submission_id).in_(ids))).tuples().all())
    return {row.key: reasons.get(row.newest_id, "") for row in rows}


def _verdict(verdict: Verdict, reason: str, reviewer: str, at: datetime) -> Review:
    reviewer = checked_person(reviewer, "审核人")
    at = at.astimezone(BEIJING)
    return Review(verdict=verdict, reason=reason, reviewer=reviewer, at=at, day=at.date())


def _review(session: Session, plan: Plan, key: str, version: int, review: Review) -> Review:
    item, newest = _newest(session, plan, key)
    if newest is None or newest.review is not None:
        raise Problem(ProblemKind.REVIEW_NOTHING, key=key)
    _refuse_stale(key, newest, version)
    if _is_own(session, item, review.reviewer):
        raise Problem(ProblemKind.REVIEW_OWN, reviewer=review.reviewer)
    session.add(
        ReviewRow(
            submission_id=newest.submission.id or 0,
            verdict=review.verdict.value,
            reason=review.reason,
            reviewer=review.reviewer,
            at=review.at,
        )
    )
    session.flush()
    action = "accept" if review.verdict is Verdict.ACCEPTED else "return"
    detail: audit.Detail = {"submission": newest.submission.id, "version": version}
    audit.record(session, at=review.at, actor=review.reviewer, action=action, subject=key, detail=detail)
    return review


def _newest(session: Session, plan: Plan, key: str) -> tuple[int, Latest | None]:
    """An item's id and its newest version; nobody else can hand in or decide until the transaction ends."""
    item, _ = own_item(session, plan, key, None, lock=True)
    return item, queries.latest_submissions(session, [item]).get(item)


def _refuse_stale(key: str, newest: Latest, version: int) -> None:
    if newest.submission.version != version:
        raise Problem(ProblemKind.REVIEW_STALE, key=key, version=newest.submission.version)


def _is_own(session: Session, item: int, name: str) -> bool:
    """Whether somebody has handed in a version of the item, under whichever spelling of their name."""
    return person(name) in {person(other) for other in queries.submitters(session, item)}
