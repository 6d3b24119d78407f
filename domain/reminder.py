"""What a reminder (提醒) says beside the items that it lists. Pure; no figure, no child and no reason of anybody's in it."""

from collections.abc import Iterator, Mapping, Sequence
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
    plan: Plan, post: Post, unit: str, counts: Mapping[str, int], holds: Sequence[tuple[Hold, str, str]]
) -> dict[str, Any]:
    """Title, paragraphs and link of one digest.

    Args:
        plan: the plan in force.
        post: who it goes to.
        unit: id of their unit; empty for the district's posts.
        counts: how many items there are on each rung, by its id, without those that are told of for others' sake only.
        holds: what waits for the unit, with the labels of the periods that wait and that are waited for.
    """
    own = post in OF_UNITS
    who = plan.units_by_id[unit].name if own else "各单位"
    known = rungs_by_id(plan)
    paragraphs = []
    for rung in sorted((known[name] for name in counts), key=lambda rung: -rung.workdays):
        words = TEMPLATES[rung.template]
        paragraphs.append(f"{rung.name}：{words.unit if own else words.district}")
    return {
        "title": _title(who, [known[name] for name in counts], sum(counts.values())),
        "paragraphs": [*paragraphs, *_held_words(plan, holds)],
        "link": f"/units/{unit}" if own else LINKS.get(post, _OFFICE_LINK),
    }


def _title(who: str, rungs: Sequence[Rung], total: int) -> str:
    """By the highest rung; where there is none, others wait for what is not late itself."""
    if not rungs:
        return f"其他单位正在等待：请{who}优先办理"
    highest = max(rungs, key=lambda rung: rung.workdays)
    return f"{TEMPLATES[highest.template].title}：{who}有 {total} 项工作待报送"


def _held_words(plan: Plan, holds: Sequence[tuple[Hold, str, str]]) -> Iterator[str]:
    """Who waits for the unit, once for each duty and period that does."""
    for hold, held_period, own_period in holds:
        (held, _), (own, _) = hold.held, hold.by
        yield (
            f"{held_period}{quoted(plan.duties_by_id[held].title)}正在等待贵单位完成"
            f"{own_period}{quoted(plan.duties_by_id[own].title)}（{hold.because}），请优先办理。"
        )
