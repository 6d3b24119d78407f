"""More time for an item (延期): who may have it, and until when. Pure.

A unit asks before the due day has passed, with a reason and a new day; the office grants or refuses. The day that the
plan sets stays what tells the period; the granted one is when the item turns yellow, red, or late.
"""

from datetime import date, timedelta

from domain.duties import WorkItem
from domain.plan import Plan
from domain.problems import Problem, ProblemKind


def last_until(plan: Plan, item: WorkItem) -> date:
    """The latest day that may be granted: ``rules.extensions.most_days`` after the plan's own day, within the plan."""
    return min(plan.end, item.occurrence.due + timedelta(days=plan.rules.extensions.most_days))


def check_asking(plan: Plan, item: WorkItem, until: date, as_of: date, *, accepted: bool) -> None:
    """Whether more time may be asked for on ``as_of``; ``accepted`` says whether a version is.

    Raises:
        Problem: 423 after the due day; 424 for a day that is not later, or too late; 425 where a version is accepted; 432
            where more time was granted already.
    """
    if accepted:
        raise Problem(ProblemKind.EXTENSION_CLOSED, key=item.key)
    if item.extended is not None:
        raise Problem(ProblemKind.EXTENSION_TWICE, key=item.key, until=item.extended.until)
    if as_of > item.due:
        raise Problem(ProblemKind.EXTENSION_LATE, key=item.key, due=item.due)
    check_until(plan, item, until)


def check_until(plan: Plan, item: WorkItem, until: date) -> None:
    """Whether an item may be extended to ``until``.

    Raises:
        Problem: 424 for a day that is not later than the present due day, or too late.
    """
    last = last_until(plan, item)
    if not item.due < until <= last:
        raise Problem(ProblemKind.EXTENSION_DATE, until=until, due=item.due, last=last)
