"""A fictitious district of quite another shape than the shipped plan's, and ways to spoil its plan."""

import json
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from domain.plan import Plan
from services.plan_files import read_plan_files

LINHE = Path(__file__).parent / "data" / "plans" / "linhe-2025"
LINHE_PLAN = LINHE / "plan.yaml"
LINHE_NOTICE = LINHE / "notice.txt"


@cache
def _data() -> dict[str, Any]:
    return dict(read_plan_files("linhe-2025", [LINHE_PLAN]).data)


def entry(data: dict[str, Any], part: str, name: str | int) -> dict[str, Any]:
    """The entry of a list in the plan's data that bears this id, name or number."""
    found = [e for e in data[part] if name in (e.get("id"), e.get("name"), e.get("number"))]
    assert len(found) == 1
    return dict_of(found[0])


def dict_of(value: object) -> dict[str, Any]:
    """``value``, which is a mapping."""
    assert isinstance(value, dict)
    return value


def drop_visits(data: dict[str, Any]) -> None:
    """Take measure 4 (走访困难家庭) out of the plan, with everything of it; what is left is a plan without faults."""
    data["measures"] = [m for m in data["measures"] if m["number"] != 4]
    data["duties"] = [d for d in data["duties"] if d.get("measure") != 4]
    data["indicators"] = [i for i in data["indicators"] if i["measures"] != [4]]
    left = {m["action"] for m in data["measures"]}
    data["actions"] = [a for a in data["actions"] if a["id"] in left]


def write_linhe(folder: Path, spoil: Callable[[dict[str, Any]], object] = lambda _: None) -> None:
    """Write 临河县's plan into ``folder``, after ``spoil`` has had its data."""
    data = deepcopy(_data())
    spoil(data)
    folder.mkdir(exist_ok=True)
    content = json.dumps(data, ensure_ascii=False, default=str)  # JSON is YAML
    (folder / "plan.yaml").write_text(content, encoding="utf-8")


def linhe(spoil: Callable[[dict[str, Any]], object] = lambda _: None) -> Plan:
    """临河县's plan, after ``spoil`` has had its data."""
    data = deepcopy(_data())
    spoil(data)
    return Plan.model_validate(data)
