"""A district of places that keep one ledger: every kind of relation between figures in a plan of one measure.

Each quarter a place tells how many children are on its ledger, how many of them stayed behind, are in hardship, or
both; how many came and went; how many families were due for a visit and visited; how many orphans are paid how much.
"""

from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any

from domain.duties import WorkItem
from domain.facts import ItemFacts
from domain.plan import Plan
from domain.report.material import Material
from tests import cast
from tests.domain.happenings import accepted, day, items

PLACES = ("town", "street", "hill", "lake")
STANDARD = 3
COLLECTED = (
    "children",
    "behind",
    "hardship",
    "both",
    "came",
    "went",
    "due",
    "visited",
    "orphans",
    "allowance",
)
YearOfPlace = list[dict[str, int | None]]
"""Four quarters of figures by indicator; None is a missing one."""
World = dict[tuple[int, str], YearOfPlace]


@cache
def plan() -> Plan:
    """The plan; two years long, quarters as periods."""
    content = cast.plan_content(
        [
            {"id": "hill", "name": "北山乡", "kind": "township", "member": True, "cites": ["一"]},
            {"id": "lake", "name": "南湖街道", "kind": "street", "member": True, "cites": ["一"]},
        ]
    )
    content["duties"] = [
        {
            "id": "ledger",
            "title": "更新台账",
            "demand": "每季度更新台账",
            "measure": 1,
            "cadence": {"every": "quarter"},
            "units": ["各乡镇街道"],
            "indicators": list(COLLECTED),
            "cites": ["一"],
        },
        *(duty for duty in content["duties"] if duty["id"] == "annual-report"),
    ]
    content["indicators"] = [
        _indicator("children", "服务对象数", "stock", base=True),
        _indicator("behind", "留守儿童数", "stock", base=True, overlaps=True),
        _indicator("hardship", "困境儿童数", "stock", base=True, overlaps=True),
        _indicator("both", "留守且困境儿童数", "stock", overlaps=True),
        _indicator("came", "新增对象数", "flow"),
        _indicator("went", "退出对象数", "flow"),
        _indicator("due", "应访户次", "flow"),
        _indicator("visited", "已访户次", "flow"),
        _indicator(
            "rate", "走访率", "stock", supplier=[], ratio={"numerator": "visited", "denominator": "due"}
        ),
        _indicator("orphans", "孤儿数", "stock", sensitivity="sensitive", overlaps=True),
        _indicator("allowance", "孤儿生活费", "flow", sensitivity="open", linked=["orphans"]),
    ]
    content["identities"] = [
        {"left": ["behind", "hardship"], "right": ["children", "both"], "because": "同属两类的只算一人"}
    ]
    content["balances"] = [{"stock": "children", "entered": "came", "left": "went"}]
    return Plan.model_validate(content)


def _indicator(indicator: str, name: str, nature: str, **more: Any) -> dict[str, Any]:
    basics = {"id": indicator, "name": name, "unit": "人", "nature": nature, "measures": [1], "cites": ["一"]}
    rules = {"over_time": "sum" if nature == "flow" else "latest", "sensitivity": "count"}
    return {**basics, **rules, "supplier": ["各乡镇街道"], **more}


def world(chance: Random, largest: int = 60) -> World:
    """Figures of two years that hang together, many of them small."""
    found: World = {}
    for place in PLACES:
        children = chance.choice([chance.randint(0, 14), chance.randint(10, largest)])
        for year in (2025, 2026):
            quarters: YearOfPlace = []
            for _ in range(4):
                came, went = chance.randint(0, 6), chance.randint(0, min(4, children))
                children += came - went
                hardship = chance.randint(0, children)
                both = chance.randint(0, hardship)
                due = chance.randint(0, 40)
                orphans = chance.choice([0, chance.randint(0, 25)])
                quarters.append(
                    {
                        "children": children,
                        "behind": children - hardship + both,
                        "hardship": hardship,
                        "both": both,
                        "came": came,
                        "went": went,
                        "due": due,
                        "visited": due - chance.choice([0, chance.randint(0, due)]),
                        "orphans": orphans,
                        "allowance": orphans * STANDARD,
                    }
                )
            found[year, place] = quarters
    return found


def torn(figures: World, chance: Random) -> World:
    """The same world where some figures of visits were not to be had."""
    return {
        place: [q | {i: None for i in ("due", "visited") if not chance.randint(0, 5)} for q in quarters]
        for place, quarters in figures.items()
    }


def happened(figures: World, years: tuple[int, ...]) -> tuple[ItemFacts, ...]:
    """Every quarter of the world handed in and accepted."""
    return tuple(
        accepted(item, _figures(figures, item))
        for year in years
        for item in items(plan(), year, cast.calendar()).values()
        if item.duty == "ledger"
    )


def _figures(figures: World, item: WorkItem) -> Mapping[str, int | None]:
    return figures[item.year, item.unit][int(item.occurrence.period[-1]) - 1]


def material(figures: World, year: int, as_of: str) -> Material:
    """The material of a year's report over this world."""
    history = happened(figures, tuple(y for y in (2025, 2026) if y <= year))
    return Material(plan(), cast.calendar(), year, day(as_of), history)
