"""A phase closes when its milestones are met or the office says so; the next begins on its date regardless."""

from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.facts import ItemFacts, Submission
from domain.gates import Closing, Gate, PhaseState, gates, proving_duties
from domain.milestones import MilestoneState
from domain.plan import Plan
from tests import cast
from tests.domain.happenings import day, facts, items, version

ON_TIME = version("2025-06-20", accepted="2025-06-25")
LATE = version("2025-08-20", accepted="2025-08-25")


@cache
def plan() -> Plan:
    """Three phases: one before the notice, one with the census and a judgement, one with the yearly report."""
    content = cast.plan_content()
    content |= {"start": "2024-12-01", "end": "2026-12-31"}
    content["phases"] = [
        _phase("early", "2024-12-01", "2024-12-15", _milestone("kick-off", "2024-12-15")),
        _phase("work", "2025-01-01", "2025-06-30", _milestone("census", "2025-06-30", duties=["census"])),
        _phase("rest", "2025-07-01", "2025-09-30", _milestone("results", "2025-08-31")),
        _phase(
            "reports",
            "2025-10-01",
            "2026-12-31",
            _milestone("all-reports", "2026-12-31", duties=["annual-report"]),
        ),
    ]
    return Plan.model_validate(content)


def _phase(name: str, start: str, end: str, *milestones: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "start": start,
        "end": end,
        "goal": "完成",
        "milestones": milestones,
        "cites": ["一"],
    }


def _milestone(name: str, due: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "due": due, "title": name, "evidence": "台账", "cites": ["一"], **more}


def census(last: Submission | None) -> list[ItemFacts]:
    """The census of all three units: two in time, and the town as given."""
    own = [i for k, i in items(plan(), 2025, cast.calendar()).items() if k.startswith("census/")]
    town = () if last is None else (last,)
    return [facts(item, *(town if item.unit == cast.TOWN else (ON_TIME,))) for item in own]


def gate(name: str, as_of: str, found: list[ItemFacts], *closings: Closing) -> Gate:
    every = gates(plan(), found, {c.phase: c for c in closings}, day(as_of), cast.calendar())
    return next(g for g in every if g.phase.id == name)


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("2024-12-31", PhaseState.NOT_BEGUN),
        ("2025-01-01", PhaseState.RUNNING),
        ("2025-06-30", PhaseState.RUNNING),
        ("2025-07-01", PhaseState.OVERDUE),
        ("2025-08-24", PhaseState.OVERDUE),
        ("2025-08-25", PhaseState.CLOSED),
    ],
)
def test_a_phase_runs_is_overdue_and_closes_with_its_last_proof(as_of: str, state: PhaseState) -> None:
    assert gate("work", as_of, census(LATE)).state is state


def test_it_closes_on_the_day_of_the_last_acceptance() -> None:
    found = gate("work", "2025-12-31", census(LATE))
    assert found.closed_on == date(2025, 8, 25)
    assert found.words == "“work”阶段（2025-01-01 至 2025-06-30）已关闭；2025-08-25 节点全部达成。"


def test_the_next_phase_opens_on_its_date_and_says_what_is_carried_over() -> None:
    found = gate("rest", "2025-07-01", census(None))
    assert found.state is PhaseState.RUNNING
    assert [m.milestone.id for m in found.carried_over] == ["census"]
    assert "自前一阶段结转：census（未达成）" in found.words


def test_what_is_met_late_is_carried_no_further() -> None:
    assert gate("rest", "2025-08-25", census(LATE)).carried_over == ()


def test_nothing_is_carried_into_a_phase_that_has_not_begun() -> None:
    assert gate("reports", "2025-09-30", census(None)).carried_over == ()


def test_the_office_closes_with_a_reason_from_its_day_on() -> None:
    closing = Closing("work", date(2025, 7, 10), "赵强", "东山镇延期，转入下一阶段。")
    before = gate("work", "2025-07-09", census(None), closing)
    assert before.state is PhaseState.OVERDUE
    after = gate("work", "2025-07-10", census(None), closing)
    assert (after.state, after.closed_on, after.pending) == (PhaseState.CLOSED, date(2025, 7, 10), ())
    assert "由赵强关闭：东山镇延期，转入下一阶段。" in after.words


def test_a_missed_milestone_is_carried_over_even_if_the_office_closed_the_phase() -> None:
    closing = Closing("work", date(2025, 7, 10), "赵强", "转入下一阶段")
    carried = gate("rest", "2025-07-20", census(None), closing).carried_over
    assert [m.milestone.id for m in carried] == ["census"]


def test_what_only_the_office_can_judge_is_settled_by_its_closing() -> None:
    open_still = gate("reports", "2025-10-01", census(ON_TIME))
    assert [m.milestone.id for m in open_still.carried_over] == ["results"]
    judged = Closing("rest", date(2025, 10, 1), "赵强", "成果已认定")
    assert gate("reports", "2025-10-01", census(ON_TIME), judged).carried_over == ()


def test_proof_before_the_offices_closing_is_what_closed_it() -> None:
    closing = Closing("work", date(2025, 9, 1), "赵强", "已完成")
    found = gate("work", "2025-12-31", census(LATE), closing)
    assert (found.closed_on, found.closing) == (date(2025, 8, 25), None)


def test_a_phase_from_before_the_notice_is_nobodys_debt() -> None:
    found = gate("early", "2025-01-01", [])
    assert (found.state, found.closed_on) == (PhaseState.CLOSED, date(2024, 12, 15))
    assert "印发前已结束" in found.words


def test_reports_of_a_year_that_is_not_open_yet_keep_the_gate_open() -> None:
    own = [i for k, i in items(plan(), 2025, cast.calendar()).items() if k.startswith("annual-report/")]
    first_year = [facts(item, version("2025-11-20", accepted="2025-11-25")) for item in own]
    found = gate("reports", "2026-01-10", first_year)
    assert found.state is PhaseState.RUNNING
    assert found.milestones[0].state is MilestoneState.AHEAD


def test_the_duties_that_prove_milestones_are_asked_for_once() -> None:
    assert proving_duties(plan()) == ("census", "annual-report")


@given(
    handed_in=st.dates(date(2025, 1, 1), date(2026, 6, 30)),
    closed=st.none() | st.dates(date(2025, 1, 1), date(2026, 6, 30)),
    days=st.lists(st.dates(date(2024, 12, 1), date(2026, 12, 31)), min_size=2, max_size=6).map(sorted),
)
def test_a_phase_only_ever_moves_on_and_closes_on_one_day(
    handed_in: date, closed: date | None, days: list[date]
) -> None:
    when = handed_in.isoformat()
    closings = () if closed is None else (Closing("work", closed, "赵强", "转入下一阶段"),)
    found = [gate("work", day.isoformat(), census(version(when, accepted=when)), *closings) for day in days]
    order = list(PhaseState)
    assert [order.index(one.state) for one in found] == sorted(order.index(one.state) for one in found)
    assert len({one.closed_on for one in found if one.closed_on is not None}) <= 1
    assert all((one.closed_on is not None) == (one.state is PhaseState.CLOSED) for one in found)
