"""The small plan with a ladder, and 和平区's people who are told by it."""

from datetime import date
from typing import Any

from sqlalchemy import Engine

from domain.messages import Post
from domain.plan import Plan
from models.engine import writing
from services import contacts
from services.addresses import Address
from services.opening import open_year
from services.plan_versions import adopt
from tests import cast

RUNGS = (
    {
        "id": "soon",
        "name": "提醒",
        "workdays": -3,
        "colour": "blue",
        "to": ["liaison"],
        "template": "due-soon",
    },
    {"id": "now", "name": "催办", "workdays": 0, "colour": "yellow", "to": ["liaison"], "template": "due"},
    {
        "id": "late",
        "name": "逾期催办",
        "workdays": 2,
        "colour": "orange",
        "to": ["liaison", "unit-leader"],
        "template": "overdue",
    },
    {
        "id": "told-director",
        "name": "报告主任",
        "workdays": 6,
        "colour": "red",
        "to": ["liaison", "office-director"],
        "template": "reported",
    },
)
WAITING = [{"duty": "home-visits", "period": "latest", "because": "例会要用走访情况"}]
"""What the bureau's monthly meetings wait for."""


def ladder_plan(units: tuple[dict[str, Any], ...] = (), **ladder: Any) -> Plan:
    """The small plan with a ladder, in which the bureau's meetings wait for everybody's visits; others need no ladder.

    The meetings have a ladder of their own, which begins on the due day.
    """
    content = cast.plan_content(units)
    meetings = next(duty for duty in content["duties"] if duty["id"] == "meetings")
    meetings["after"] = WAITING
    rules = {"rungs": RUNGS, "exceptions": [{"every": ["month"], "rungs": RUNGS[1:]}], **ladder}
    return Plan.model_validate({**content, "rules": {"ladder": rules}})


def register(engine: Engine, plan: Plan, *posts: tuple[str, Post], at: str = "2025-01-02 09:00") -> list[int]:
    """Somebody for each unit and post, reached by the outbox; returns their numbers."""
    with writing(engine) as session:
        return [
            contacts.add(
                session,
                plan,
                unit=unit,
                post=post,
                name=f"联系人{place}",
                addresses=[Address("outbox", f"{unit or 'office'}-{post.value}")],
                by=cast.ZHAO_QIANG,
                at=cast.moment(at),
            ).number
            for place, (unit, post) in enumerate(posts)
        ]


EVERYBODY = (
    *(
        (unit, post)
        for unit in (cast.CIVIL, cast.EDUCATION, cast.TOWN, cast.STREET)
        for post in Post
        if post in {Post.LIAISON, Post.UNIT_LEADER}
    ),
    ("", Post.OFFICE_DIRECTOR),
)
"""Every post that the ladder tells."""


def put_in_force(engine: Engine, plan: Plan, *, on: str = "2025-01-02", until: str = "2025-12-31") -> None:
    """The plan adopted on a day, with what of 2025 opens by another."""
    with writing(engine) as session:
        at = cast.moment(f"{on} 09:00")
        version = adopt(session, plan, at=at, actor=cast.ZHAO_QIANG)
        open_year(
            session,
            plan,
            version,
            2025,
            as_of=date.fromisoformat(until),
            calendar=cast.calendar(),
            at=at,
            actor=cast.ZHAO_QIANG,
        )
