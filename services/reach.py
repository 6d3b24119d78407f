"""Whom the ladder is to tell and cannot reach."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from domain.messages import OF_UNITS, POST_NAMES, Post
from domain.owed import rungs_of
from domain.plan import Plan
from domain.waiting import unit_names
from models import contacts as store


@dataclass(frozen=True)
class Missing:
    """A post that the ladder tells and in which nobody can be reached; ``unit`` is empty for the district's posts."""

    post: Post
    unit: str


class Gap(BaseModel):
    """A post in which nobody can be reached, in words; ``units`` is how many units lack it, 0 for the district."""

    model_config = ConfigDict(frozen=True)

    post: str
    units: int
    words: str


def missing(session: Session, plan: Plan) -> tuple[Missing, ...]:
    """Posts that the ladder tells and in which nobody can be reached: the district's, then the units' in their order."""
    told: dict[Post, set[str]] = {}
    for duty in plan.duties:
        for post in {post for rung in rungs_of(plan, duty.id) for post in rung.to}:
            told.setdefault(post, set()).update(plan.duty_units(duty) if post in OF_UNITS else [""])
    held = {(row.unit, row.post) for row in store.held_posts(session, plan.id)} if told else set()
    order = sorted(told, key=lambda post: (post in OF_UNITS, list(Post).index(post)))
    return tuple(
        Missing(post, unit)
        for post in order
        for unit in ("", *plan.units_by_id)
        if unit in told[post] and (unit, post) not in held
    )


def gaps(session: Session, plan: Plan) -> tuple[Gap, ...]:
    """The same by post, for a page or the shell."""
    units: dict[Post, list[str]] = {}
    for one in missing(session, plan):
        units.setdefault(one.post, []).extend([one.unit] if one.unit else [])
    return tuple(
        Gap(
            post=POST_NAMES[post],
            units=len(own),
            words=f"{POST_NAMES[post]}：{unit_names(plan, own) if own else '未登记'}",
        )
        for post, own in units.items()
    )
