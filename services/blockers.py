"""What still blocks the milestones of phases: whose items prove them and are not finished."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from domain.cadence import last_day
from domain.plan import Milestone, Plan
from models import states


@dataclass(frozen=True)
class Blocker:
    """A duty of a period that a milestone rests on, and the ids of the units that have not finished it."""

    duty: str
    title: str
    period: str
    period_label: str
    units: tuple[str, ...]


def blockers(
    session: Session, plan: Plan, as_of: date, milestones: Iterable[Milestone]
) -> dict[str, tuple[Blocker, ...]]:
    """By milestone: what of it is open and not finished at the end of a day; two queries, however many.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        as_of: the day.
        milestones: which ones; those that nothing blocks are missing.
    """
    wanted = [one for one in milestones if one.duties]
    duties = {duty for one in wanted for duty in one.duties}
    if not duties:
        return {}
    items = states.seen(session, plan.id, as_of)
    owing = states.unfinished(session, items, duties)
    due = {
        (row.duty, row.period): (row.due, row.period_label) for row in states.groups(session, items, duties)
    }
    found: defaultdict[str, list[Blocker]] = defaultdict(list)
    for one in wanted:
        day = last_day(one.due, one.bound)
        for (duty, period), units in owing.items():
            plan_due, label = due[duty, period]
            if duty in one.duties and units and plan_due <= day:
                title = plan.duties_by_id[duty].title
                found[one.id].append(Blocker(duty, title, period, label, tuple(units)))
    return {milestone: tuple(own) for milestone, own in found.items()}
