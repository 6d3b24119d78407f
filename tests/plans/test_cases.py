"""Runs the hand-worked cases of ``*.toml`` beside this file against the plans that they name."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from domain.duties import WorkItem, work_items
from domain.owed import step_words, timetable
from domain.plan import Plan
from services.plans import load_plan
from services.workcalendar import work_calendar

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
FILES = sorted(HERE.glob("*.toml"))


def _cases() -> list[Any]:
    found = []
    for file in FILES:
        content = tomllib.loads(file.read_text("utf-8"))
        plan = PROJECT / content["方案"]
        found += [
            pytest.param(plan, case, id=f"{file.stem}-{case['事项']}-{case['时段']}")
            for case in content.get("案例", ())
        ]
    return found


@cache
def _plan(path: Path) -> Plan:
    return load_plan(path)


@cache
def _items(path: Path, year: int) -> dict[str, WorkItem]:
    plan = _plan(path)
    items = work_items(plan, year, work_calendar(plan.rules.calendar.beyond_known))
    return {item.key: item for item in items}


def test_there_are_cases_for_more_than_one_district() -> None:
    assert len(FILES) >= 2
    assert len(_cases()) >= 40


@pytest.mark.parametrize(("path", "case"), _cases())
def test_the_calendar_agrees_with_the_case_worked_by_hand(path: Path, case: dict[str, Any]) -> None:
    plan = _plan(path)
    duty = plan.duties_by_id[case["事项"]]
    unit = plan.unit(case["单位"])
    assert unit.id in plan.duty_units(duty)

    item = _items(path, case["年度"]).get(f"{plan.id}/{duty.id}/{unit.id}/{case['时段']}")

    if case.get("不产生"):
        assert item is None
        return
    assert item is not None
    when = item.occurrence
    assert (when.opens, when.due, when.act_by) == (case["开放"], case["截止"], case["最后工作日"])
    assert when.assumed is case.get("推定", False)


@pytest.mark.parametrize(("path", "case"), _cases())
def test_the_sentence_that_a_case_rests_on_exists(path: Path, case: dict[str, Any]) -> None:
    paragraph, _, sentence = case["依据"].partition("#")
    kept = {entry.id: entry for entry in _plan(path).outline}

    assert paragraph in kept
    assert 1 <= int(sentence) <= len(kept[paragraph].sentences)


def _reminders() -> list[Any]:
    return [
        pytest.param(PROJECT / content["方案"], case, id=f"{file.stem}-{case['事项']}-{case['时段']}")
        for file in FILES
        for content in [tomllib.loads(file.read_text("utf-8"))]
        for case in content.get("提醒", ())
    ]


def test_there_are_cases_of_the_ladder_for_more_than_one_district() -> None:
    assert len({case.values[0] for case in _reminders()}) >= 2


@pytest.mark.parametrize(("path", "case"), _reminders())
def test_the_ladder_agrees_with_the_case_worked_by_hand(path: Path, case: dict[str, Any]) -> None:
    plan = _plan(path)
    key = f"{plan.id}/{case['事项']}/{plan.unit(case['单位']).id}/{case['时段']}"
    (item,) = [i for year in plan.years if (i := _items(path, year).get(key))]
    calendar = work_calendar(plan.rules.calendar.beyond_known)

    steps = timetable(plan, item.duty, case.get("延期至", item.due), calendar)

    assert [step_words(*step) for step in steps] == case["日程"]
