"""The office's verdict on what units handed in (审核): accept it, or send it back with a reason."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from domain.canonical import clean_text, person
from domain.entry_check import MOST_TEXT, shown
from domain.facts import Review, Verdict
from domain.plan import Plan
from domain.privacy import find
from domain.problems import Problem, ProblemKind
from domain.status import Stage
from domain.workdays import BEIJING
from models import queries
from models.tables import ItemStateRow, ReviewRow, SubmissionRow, WorkItemRow
from services import audit
from services.intake import MOST_NAME


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
    reason = clean_text(reason)
    if not reason:
        raise Problem(ProblemKind.REVIEW_REASON)
    if len(reason) > MOST_TEXT:
        raise Problem(ProblemKind.PASSAGE_TOO_LONG, slot="退回理由", length=len(reason), limit=MOST_TEXT)
    if found := find(reason):
        raise Problem(ProblemKind.CHILD_DATA, reason=found[0].reason.rstrip("。"))
    return _review(session, plan, key, version, _verdict(Verdict.RETURNED, reason, reviewer, at))


def pending(session: Session, plan: Plan, year: int) -> tuple[Pending, ...]:
    """What waits for the office in a year, longest waiting first."""
    state = ItemStateRow
    waiting = (
        select(WorkItemRow, SubmissionRow)
        .join(state, col(state.item_id) == col(WorkItemRow.id))
        .join(SubmissionRow, col(SubmissionRow.id) == col(state.submission_id))
        .where(
            col(state.plan_id) == plan.id, col(state.stage) == Stage.TO_REVIEW.value, col(state.year) == year
        )
        .order_by(col(SubmissionRow.at), col(SubmissionRow.id))
    )
    return tuple(
        Pending(
            key=item.key,
            unit=item.unit,
            duty=item.duty,
            period_label=item.period_label,
            due=item.due,
            version=submission.version,
            by=submission.by,
            at=submission.at,
        )
        for item, submission in session.execute(waiting)
    )


def _verdict(verdict: Verdict, reason: str, reviewer: str, at: datetime) -> Review:
    reviewer = clean_text(reviewer)
    if not person(reviewer) or len(reviewer) > MOST_NAME:
        raise Problem(ProblemKind.PERSON_MISSING, role="审核人", limit=MOST_NAME)
    at = at.astimezone(BEIJING)
    return Review(verdict=verdict, reason=reason, reviewer=reviewer, at=at, day=at.date())


def _review(session: Session, plan: Plan, key: str, version: int, review: Review) -> Review:
    item = queries.items_by_key(session, [key], lock=True).get(key)
    if item is None or item.id is None or item.plan_id != plan.id:
        raise Problem(ProblemKind.ITEM_UNKNOWN, key=shown(key))
    newest = queries.latest_submissions(session, [item.id]).get(item.id)
    if newest is None or newest.review is not None:
        raise Problem(ProblemKind.REVIEW_NOTHING, key=key)
    if newest.submission.version != version:
        raise Problem(ProblemKind.REVIEW_STALE, key=key, version=newest.submission.version)
    if person(review.reviewer) in {person(name) for name in queries.submitters(session, item.id)}:
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
