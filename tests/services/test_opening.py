"""Opening a year's items: once each, however often one asks, and never rewritten."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from domain.duties import open_items
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from models.tables import AuditLineRow, WorkItemRow
from services import audit
from services.facts import year_facts
from services.opening import Opened, open_year
from services.plan_versions import PlanVersion, adopt
from tests import cast

AT = cast.moment("2025-01-02 09:00")
YEAR_END = date(2025, 12, 31)


def _adopted(session: Session, plan: Plan) -> PlanVersion:
    return adopt(session, plan, at=AT, actor=cast.ZHAO_QIANG)


def _open(engine: Engine, plan: Plan, as_of: date, year: int = 2025) -> Opened:
    with writing(engine) as session:
        version = _adopted(session, plan)
        return open_year(
            session, plan, version, year, as_of=as_of, calendar=cast.calendar(), at=AT, actor=cast.ZHAO_QIANG
        )


def _changed(**changes: Any) -> Plan:
    return Plan.model_validate(cast.plan_content() | changes)


@pytest.mark.parametrize("as_of", [date(2025, 1, 1), date(2025, 4, 1), date(2025, 9, 30), YEAR_END])
def test_what_is_opened_is_what_the_calendar_says(engine: Engine, as_of: date) -> None:
    opened = _open(engine, cast.small_plan(), as_of)
    expected = open_items(cast.small_plan(), 2025, as_of, cast.calendar())
    with reading(engine) as session:
        found = [facts.item for facts in year_facts(session, cast.small_plan(), 2025)]
    assert found == list(expected)
    assert opened == Opened(created=len(expected), existing=0)


def test_opening_twice_opens_once(engine: Engine) -> None:
    first = _open(engine, cast.small_plan(), YEAR_END)
    second = _open(engine, cast.small_plan(), YEAR_END)
    assert second == Opened(created=0, existing=first.created)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(WorkItemRow)) == first.created


def test_a_later_run_opens_what_has_come_due_since(engine: Engine) -> None:
    spring = _open(engine, cast.small_plan(), date(2025, 3, 31))
    whole = _open(engine, cast.small_plan(), YEAR_END)
    assert whole.existing == spring.created
    assert whole.created > 0


def test_a_new_plan_version_rewrites_nothing_that_is_open(engine: Engine) -> None:
    _open(engine, cast.small_plan(), date(2025, 3, 31))
    later = cast.plan_content()["duties"]
    later[0]["cadence"]["due"] = "2025-09-30"
    _open(engine, _changed(duties=later), YEAR_END)
    with reading(engine) as session:
        items = session.scalars(select(WorkItemRow).where(col(WorkItemRow.duty) == "census")).all()
        versions = set(session.scalars(select(col(WorkItemRow.plan_version_id))))
    assert {item.due for item in items} == {date(2025, 6, 30)}
    assert versions == {1, 2}


def test_an_opening_is_one_line_of_the_audit_however_many_items(engine: Engine) -> None:
    opened = _open(engine, cast.many_units(300), YEAR_END)
    with reading(engine) as session:
        lines = [line for line in audit.lines(session, last=100) if line.action == "open"]
    assert len(lines) == 1
    assert f'"count":{opened.created}' in lines[0].detail


def test_an_opening_that_opens_nothing_leaves_no_line(engine: Engine) -> None:
    _open(engine, cast.small_plan(), YEAR_END)
    _open(engine, cast.small_plan(), YEAR_END)
    with reading(engine) as session:
        actions = list(session.scalars(select(col(AuditLineRow.action))))
    assert actions == ["adopt", "open"]


def test_a_year_outside_the_plan_is_refused_and_opens_nothing(engine: Engine) -> None:
    with pytest.raises(Problem) as refusal:
        _open(engine, cast.small_plan(), date(2030, 1, 1), year=2030)
    assert refusal.value.kind is ProblemKind.YEAR_OUTSIDE_PLAN
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(WorkItemRow)) == 0
