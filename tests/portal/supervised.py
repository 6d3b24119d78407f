"""What was done to have work done in 临河县, for the pages that show it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.scoring import Criterion, LineId
from domain.workdays import Beyond
from models.engine import writing
from services import appeals, clock, good_cases, instructions, urging
from services.appeals import Appeal
from services.good_cases import GoodCase
from services.instructions import Instruction
from services.plan_versions import adopt
from services.urging import Urged
from services.workcalendar import work_calendar
from tests import cast
from tests.linhe import linhe
from tests.portal.conftest import fill
from tests.portal.handed_in import CHECKUPS, LEDGER, LESSONS, VISITS, accept, hand_in, number_of, send_back
from tests.portal.unit_items import BUILD, YEARLY
from tests.stores import Fill


@pytest.fixture
def portal_content() -> Fill:
    """What is in the store: the plan is in force from the day of its issue, so that 2025 is demanded and scored."""
    return county_of_2025


def county_of_2025(engine: Engine) -> None:
    """The plan in force from the day of its issue on."""
    fill(engine, cast.moment("2025-02-20 09:00"))


ORDER = "请县民政局查明原因，本周内补齐。"
STORY = "各村以网格为单位，组织邻里结对照看，网格员每周走访一次，发现困难当天报送乡镇，三天内答复。" * 3
OVERDUE = LineId(Criterion.OVERDUE)


def soon() -> date:
    """A working day a few days off."""
    return work_calendar(Beyond.ASSUME_WEEKDAYS).add_workdays(clock.today(), 3).date


def instruct(engine: Engine, key: str, **how: Any) -> Instruction:
    """郑明 gives an instruction."""
    wanted: dict[str, Any] = {"leader": "郑明", "text": ORDER, "deadline": soon(), "by": "郑明"}
    calendar = work_calendar(Beyond.ASSUME_WEEKDAYS)
    with writing(engine) as session:
        number, at = number_of(engine, key), clock.now()
        return instructions.give(session, linhe(), number, calendar=calendar, at=at, **(wanted | how))


def urge(engine: Engine, *keys: str) -> Urged:
    """罗敏 urges."""
    with writing(engine) as session:
        numbers, at = [number_of(engine, key) for key in keys], clock.now()
        calendar = work_calendar(Beyond.ASSUME_WEEKDAYS)
        reason = "已逾期，请今天报送。"
        return urging.urge(session, linhe(), numbers, reason=reason, calendar=calendar, by="罗敏", at=at)


def appeal(engine: Engine, key: str, line: LineId = OVERDUE) -> Appeal:
    """A unit disputes a line."""
    calendar, at = work_calendar(Beyond.ASSUME_WEEKDAYS), clock.now()
    who: dict[str, Any] = {"unit": key.split("/")[2], "by": "高原", "reason": "因系统维护未能按时报送。"}
    with writing(engine) as session:
        return appeals.appeal(session, linhe(), number_of(engine, key), line, calendar=calendar, at=at, **who)


def nominate(engine: Engine, **how: Any) -> GoodCase:
    """县民政局 nominates a case."""
    wanted: dict[str, Any] = {"unit": "civil", "measure": None, "period": "2025", "title": "邻里结对照看"}
    wanted |= {"text": STORY, "by": "高原"}
    with writing(engine) as session:
        return good_cases.nominate(session, linhe(), at=clock.now(), **(wanted | how))


def select(engine: Engine, number: int) -> GoodCase:
    """罗敏 selects a case."""
    with writing(engine) as session:
        return good_cases.decide(
            session, linhe(), number, selected=True, reason="做法可推广。", by="罗敏", at=clock.now()
        )


def supervised_morning(engine: Engine) -> None:
    """县民政局 is urged, instructed and appeals; a case is selected and another waits; a list waits to be fixed."""
    with writing(engine) as session:
        adopt(session, linhe(commend), at=clock.now(), actor="周岚")
    hand_in(engine, VISITS, {"families": 120, "visited": 118}, at=cast.moment("2025-06-27 10:00"))
    accept(engine, VISITS)
    hand_in(engine, LEDGER, {"children": 210}, by="马健", at=cast.moment("2025-07-04 10:00"))
    send_back(engine, LEDGER)
    hand_in(
        engine, CHECKUPS, {"pupils": 5200, "checked": 5100}, by="许静", at=cast.moment("2025-12-22 10:00")
    )
    hand_in(engine, LESSONS, by="周岚", at=cast.moment("2025-12-30 10:00"))
    urge(engine, BUILD, YEARLY)
    instruct(engine, BUILD)
    given = instruct(engine, YEARLY)
    with writing(engine) as session:
        done = "已补报进展情况，台账同步更新。"
        instructions.answer(
            session, linhe(), given.number, unit="civil", text=done, by="高原", at=clock.now()
        )
    appeal(engine, YEARLY)
    select(engine, nominate(engine).number)
    nominate(engine, title="结对看护员轮值")


def commend(data: dict[str, Any]) -> None:
    """Have 临河县's plan commend in its first phase."""
    data["rules"] = {**data.get("rules", {}), "commendation": {"phase": data["phases"][0]["id"], "units": 2}}
