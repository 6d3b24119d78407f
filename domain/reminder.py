"""What a reminder (提醒) says beside the items that it lists. Pure; no figure, no child and no reason of anybody's in it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from domain.ladder import TEMPLATES, Rung
from domain.messages import OF_UNITS, Post
from domain.owed import Hold
from domain.plan import Plan
from domain.waiting import quoted

LINKS = {Post.LEADER: "/leader"}
"""Where those begin who have no list of items to work on."""
_OFFICE_LINK = "/office/items?pile=late"


def rungs_by_id(plan: Plan) -> dict[str, Rung]:
    """Every rung of a plan's ladders; one that several ladders share as the first of them has it."""
    found: dict[str, Rung] = {}
    for ladder in plan.rules.ladder.ladders():
        for rung in ladder:
            found.setdefault(rung.id, rung)
    return found


def content(
    plan: Plan, post: Post, unit: str, counts: Mapping[str, int], holds: Iterable[tuple[Hold, str, str]]
) -> dict[str, Any]:
    """Title, paragraphs and link of one digest.

    Args:
        plan: the plan in force.
        post: who it goes to.
        unit: id of their unit; empty for the district's posts.
        counts: how many items there are on each rung, by its id.
        holds: what waits for the unit, with the labels of the periods that wait and that are waited for.
    """
    known = rungs_by_id(plan)
    ordered = sorted((known[name] for name in counts), key=lambda rung: -rung.workdays)
    total, first = sum(counts.values()), TEMPLATES[ordered[0].template]
    own = post in OF_UNITS
    who = plan.units_by_id[unit].name if own else "各单位"
    paragraphs = []
    for rung in ordered:
        words = TEMPLATES[rung.template]
        paragraphs.append(f"{rung.name}（{counts[rung.id]} 项）：{words.unit if own else words.district}")
    return {
        "title": f"{first.title}：{who}有 {total} 项工作待报送",
        "paragraphs": [*paragraphs, *_held_words(plan, holds)],
        "link": f"/units/{unit}" if own else LINKS.get(post, _OFFICE_LINK),
    }


def _held_words(plan: Plan, holds: Iterable[tuple[Hold, str, str]]) -> Iterator[str]:
    """Who waits for the unit, once for each duty and period that does."""
    for hold, held_period, own_period in holds:
        (held, _), (own, _) = hold.held, hold.by
        yield (
            f"{held_period}{quoted(plan.duties_by_id[held].title)}正在等待贵单位完成"
            f"{own_period}{quoted(plan.duties_by_id[own].title)}（{hold.because}），请优先办理。"
        )
