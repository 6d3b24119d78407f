"""A leader's instruction: given with a deadline, told to the unit, answered, and late where it is not."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from domain.instructions import InstructionState, check_deadline, instruction_state
from domain.messages import Post
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from services import audit
from services.instructions import Instruction, Waiting, answer, answered, give, of_item, unanswered, waiting
from services.intake import submit
from services.scoring import unit_score
from tests import cast
from tests.services.contacts_in_store import add_contact, content, messages
from tests.services.test_urging import number

AT = cast.moment("2025-04-02 09:00")
DEADLINE = date(2025, 4, 9)
TEXT = "请查明走访未开展的原因，一周内补齐。"
DONE = "已补齐走访，台账同步更新。"


def instruct(engine: Engine, key: str = cast.VISIT_Q1, **how: Any) -> Instruction:
    wanted: dict[str, Any] = {"leader": "周平", "text": TEXT, "deadline": DEADLINE, "by": "周平", "at": AT}
    with writing(engine) as session:
        item = number(engine, key)
        return give(session, cast.small_plan(), item, calendar=cast.calendar(), **(wanted | how))


def reply(engine: Engine, given_one: Instruction, **how: Any) -> Instruction:
    at = cast.moment("2025-04-08 16:00")
    wanted: dict[str, Any] = {"unit": cast.TOWN, "text": DONE, "by": cast.LI_MING, "at": at}
    with writing(engine) as session:
        return answer(session, cast.small_plan(), given_one.number, **(wanted | how))


def standing(engine: Engine, on: str) -> tuple[Waiting, int, int]:
    """How many wait on a day; and how many are listed as unanswered and as answered."""
    plan, day = cast.small_plan(), date.fromisoformat(on)
    with reading(engine) as session:
        return (
            waiting(session, plan, day),
            len(unanswered(session, plan, cast.TOWN)),
            len(answered(session, plan, cast.TOWN)[0]),
        )


def test_an_instruction_is_told_to_the_units_liaison_and_its_leader(opened: Engine) -> None:
    li = add_contact(opened, cast.TOWN, Post.LIAISON, cast.LI_MING, "mail")
    lin = add_contact(opened, cast.TOWN, Post.UNIT_LEADER, "林强", "sms")
    found = instruct(opened)
    assert (found.leader, found.text, found.deadline, found.by, found.unit) == (
        *("周平", TEXT, DEADLINE, "周平"),
        cast.TOWN,
    )
    rung = f"instruction/{found.number}"
    assert messages(opened) == [(li, "mail", "instruction", (rung,)), (lin, "sms", "instruction", (rung,))]
    assert TEXT in content(opened)[0]
    with reading(opened) as session:
        assert of_item(session, found.item) == (found,)
        (line,) = audit.lines_of(session, cast.VISIT_Q1, last=1)
    assert (line.actor, line.action) == ("周平", "instruct")


def test_the_office_enters_one_for_a_leader_and_says_whose_it_is(opened: Engine) -> None:
    found = instruct(opened, by=cast.ZHAO_QIANG)
    assert (found.leader, found.by) == ("周平", cast.ZHAO_QIANG)


def test_an_answer_closes_it_and_later_ones_add_to_it(opened: Engine) -> None:
    found = instruct(opened)
    assert standing(opened, "2025-04-09") == (Waiting(1, 0), 1, 0)
    assert standing(opened, "2025-04-10") == (Waiting(1, 1), 1, 0)
    reply(opened, found)
    told = reply(opened, found, text="又走访两村，情况一致。", at=cast.moment("2025-04-20 09:00"))
    assert [one.text for one in told.answers] == [DONE, "又走访两村，情况一致。"]
    assert told.state(date(2025, 4, 30)) is InstructionState.ANSWERED
    assert standing(opened, "2025-04-10") == (Waiting(0, 0), 0, 1)


def test_only_the_items_own_unit_may_answer(opened: Engine) -> None:
    found = instruct(opened)
    for how, kind in (
        ({"unit": cast.STREET}, ProblemKind.INSTRUCTION_UNKNOWN),
        ({"text": "好"}, ProblemKind.ANSWER_TEXT),
        ({"text": "已联系11010519491231002X一户"}, ProblemKind.CHILD_DATA),
        ({"by": ""}, ProblemKind.PERSON_MISSING),
    ):
        with pytest.raises(Problem) as refusal:
            reply(opened, found, **how)
        assert refusal.value.kind is kind


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ({"text": " "}, ProblemKind.INSTRUCTION_TEXT),
        ({"text": "请查11010519491231002X一户"}, ProblemKind.CHILD_DATA),
        ({"leader": ""}, ProblemKind.PERSON_MISSING),
        ({"deadline": date(2025, 4, 1)}, ProblemKind.INSTRUCTION_DEADLINE),
        ({"deadline": date(2025, 4, 5)}, ProblemKind.INSTRUCTION_DEADLINE),
        ({"deadline": date(2026, 12, 30)}, ProblemKind.INSTRUCTION_DEADLINE),
    ],
)
def test_what_is_not_to_be_is_refused(opened: Engine, how: dict[str, Any], kind: ProblemKind) -> None:
    with pytest.raises(Problem) as refusal:
        instruct(opened, **how)
    assert refusal.value.kind is kind
    assert standing(opened, "2025-04-09")[1] == 0


def test_a_make_up_sunday_is_a_day_for_an_answer(opened: Engine) -> None:
    assert instruct(opened, deadline=date(2025, 4, 27)).deadline == date(2025, 4, 27)


def test_a_weekday_beyond_the_announced_holidays_is_a_day_for_an_answer() -> None:
    check_deadline(date(2027, 1, 7), date(2026, 12, 30), cast.calendar())
    with pytest.raises(Problem, match="这一天不上班"):
        check_deadline(date(2027, 1, 9), date(2026, 12, 30), cast.calendar())


@pytest.mark.parametrize(("at", "points"), [("2025-04-09 23:59", 100), ("2025-04-10 00:00", 90)])
def test_one_that_was_not_answered_in_time_costs_points(opened: Engine, at: str, points: int) -> None:
    plan = cast.small_plan()
    with writing(opened) as session:
        when = cast.moment("2025-03-30 09:00")
        submit(session, plan, [cast.visits()], unit=cast.TOWN, by=cast.LI_MING, at=when, door="page")
    reply(opened, instruct(opened), at=cast.moment(at))
    with reading(opened) as session:
        score = unit_score(session, plan, cast.TOWN, "2025Q1", date(2025, 4, 30), cast.calendar())
    assert score.points == points


@given(st.dates(date(2025, 1, 1), date(2026, 12, 30)), st.dates(date(2025, 1, 1), date(2025, 12, 31)))
def test_a_deadline_is_a_working_day_within_a_year(deadline: date, today: date) -> None:
    calendar = cast.calendar()
    fine = calendar.is_workday(deadline) and 0 <= (deadline - today).days <= 366
    refusal: AbstractContextManager[object] = (
        nullcontext() if fine else pytest.raises(Problem, match="〔1307〕")
    )
    with refusal:
        check_deadline(deadline, today, calendar)


DAYS = st.dates(date(2025, 1, 1), date(2025, 2, 28))


@given(DAYS, st.none() | DAYS, DAYS)
def test_how_one_stands_follows_from_three_days(deadline: date, told: date | None, today: date) -> None:
    found = instruction_state(deadline, told, today)
    known = told is not None and told <= today
    assert (found in (InstructionState.ANSWERED, InstructionState.ANSWERED_LATE)) == known
    late = (told if known and told is not None else today) > deadline
    assert (found in (InstructionState.LATE, InstructionState.ANSWERED_LATE)) == late
