"""The office closes a phase once, with a reason, and the audit knows; gates are reckoned from what was accepted."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.gates import Closing, Gate, PhaseState
from domain.milestones import MilestoneState
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from services import audit
from services.gates import close_phase, closings, phase_gates
from services.intake import submit
from services.review import accept
from tests import cast

JULY = cast.moment("2025-07-10 09:00")


def plan() -> Plan:
    """The small plan in two phases, of which the first rests on the census."""
    content = cast.plan_content()
    census = {"id": "census", "due": "2025-06-30", "title": "完成摸底", "evidence": "统计", "cites": ["一"]}
    first = content["phases"][0] | {
        "id": "first",
        "name": "摸底",
        "end": "2025-06-30",
        "milestones": [census | {"duties": ["census"]}],
    }
    second = content["phases"][0] | {"id": "second", "name": "推进", "start": "2025-07-01"}
    content["phases"] = [first, second]
    return Plan.model_validate(content)


def close(
    engine: Engine,
    phase: str = "first",
    reason: str = "西河街道延期，转入下一阶段",
    by: str = cast.ZHAO_QIANG,
    at: datetime = JULY,
) -> Closing:
    with writing(engine) as session:
        return close_phase(session, plan(), phase, reason=reason, by=by, at=at, calendar=cast.calendar())


def gate(engine: Engine, as_of: str, phase: str = "first") -> Gate:
    with reading(engine) as session:
        found = phase_gates(session, plan(), cast.moment(f"{as_of} 00:00").date(), cast.calendar())
    return next(g for g in found if g.phase.id == phase)


def hand_in_the_census(engine: Engine, *, but: str = "") -> None:
    """Everybody's census but one unit's, handed in on 20 June and accepted on 2 July."""
    units = plan().duty_units(plan().duties_by_id["census"])
    with writing(engine) as session:
        for unit in (unit for unit in units if unit != but):
            key = cast.item_key("census", unit, "once")
            entry = cast.visits(key).model_copy(update={"figures": ()})
            by, at = f"{unit}联络员", cast.moment("2025-06-20 09:00")
            submit(session, plan(), [entry], unit=unit, by=by, at=at, door="page")
            at = cast.moment("2025-07-02 09:00")
            accept(session, plan(), key, version=1, reviewer=cast.ZHAO_QIANG, at=at)


def test_a_gate_closes_with_the_last_acceptance_in_the_store(opened: Engine) -> None:
    assert gate(opened, "2025-07-01").state is PhaseState.OVERDUE
    hand_in_the_census(opened)
    assert gate(opened, "2025-07-01").state is PhaseState.OVERDUE
    found = gate(opened, "2025-07-02")
    assert (found.state, found.closed_on) == (PhaseState.CLOSED, cast.moment("2025-07-02 09:00").date())
    assert found.milestones[0].state is MilestoneState.MET


def test_the_office_closes_a_phase_and_the_next_says_what_it_takes_over(opened: Engine) -> None:
    closing = close(opened)
    with reading(opened) as session:
        assert closings(session, plan()) == {"first": closing}
        (line,) = [line for line in audit.lines(session, last=5) if line.action == "close-phase"]
    assert (line.actor, line.subject, line.detail) == (cast.ZHAO_QIANG, "small/first", '{"pending":1}')
    assert gate(opened, "2025-07-09").state is PhaseState.OVERDUE
    assert gate(opened, "2025-07-10").state is PhaseState.CLOSED
    assert "结转：完成摸底（未达成）" in gate(opened, "2025-07-10", "second").words


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ({"phase": "third"}, ProblemKind.PHASE_UNKNOWN),
        ({"at": cast.moment("2024-12-31 23:59")}, ProblemKind.PHASE_NOT_BEGUN),
        ({"reason": "  "}, ProblemKind.PHASE_REASON),
        ({"reason": "延" * 20000}, ProblemKind.PASSAGE_TOO_LONG),
        ({"reason": "因李某某（身份证号999999201501019990）一户未访"}, ProblemKind.CHILD_DATA),
        ({"by": " "}, ProblemKind.PERSON_MISSING),
    ],
)
def test_a_closing_that_cannot_be_is_refused(
    opened: Engine, other: dict[str, Any], kind: ProblemKind
) -> None:
    with pytest.raises(Problem) as refusal:
        close(opened, **other)
    assert refusal.value.kind is kind
    with reading(opened) as session:
        assert closings(session, plan()) == {}


def test_a_phase_closes_once(opened: Engine) -> None:
    close(opened)
    with pytest.raises(Problem) as refusal:
        close(opened)
    assert refusal.value.kind is ProblemKind.PHASE_CLOSED
    assert "2025-07-10" in str(refusal.value)


def test_a_phase_whose_milestones_are_met_needs_no_closing(opened: Engine) -> None:
    hand_in_the_census(opened)
    with pytest.raises(Problem) as refusal:
        close(opened)
    assert refusal.value.kind is ProblemKind.PHASE_CLOSED


def test_a_phase_may_be_called_by_its_name(opened: Engine) -> None:
    assert close(opened, phase="摸底").phase == "first"
