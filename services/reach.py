"""Whom the ladder is to tell and cannot reach."""

from collections import defaultdict
from dataclasses import dataclass

from sqlmodel import Session

from domain.ladder import LadderRules
from domain.messages import OF_UNITS, Post
from domain.owed import rungs_of
from domain.plan import Plan
from models import contacts as store


@dataclass(frozen=True)
class Missing:
    """A post that the ladder tells and in which nobody can be reached; ``unit`` is empty for the district's posts."""

    post: Post
    unit: str


def missing(session: Session, plan: Plan) -> tuple[Missing, ...]:
    """Posts that the ladder tells and in which nobody can be reached: the district's, then the units' in their order."""
    held = {(row.unit, row.post) for row in store.held_posts(session, plan.id)}
    found = [
        Missing(post, "")
        for post in _posts(plan.rules.ladder)
        if post not in OF_UNITS and ("", post) not in held
    ]
    told: defaultdict[str, set[Post]] = defaultdict(set)
    for duty in plan.duties:
        posts = {post for rung in rungs_of(plan, duty.id) for post in rung.to if post in OF_UNITS}
        for unit in plan.duty_units(duty) if posts else ():
            told[unit] |= posts
    found += [
        Missing(post, unit)
        for post in Post
        for unit in plan.units_by_id
        if post in told[unit] and (unit, post) not in held
    ]
    return tuple(found)


def _posts(rules: LadderRules) -> tuple[Post, ...]:
    told = {post for ladder in rules.ladders() for rung in ladder for post in rung.to}
    return tuple(post for post in Post if post in told)
