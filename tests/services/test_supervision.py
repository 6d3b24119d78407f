"""A unit's supervision in a term: all that was done to have its work done, asked for with the same few questions."""

from datetime import date
from typing import Any

from sqlalchemy import Engine

from domain.scoring import Criterion
from models.engine import reading, writing
from services.extensions import ask, refuse
from services.review import allow_correction
from services.supervision import Supervision, supervision
from tests import cast
from tests.services.test_appeals import LATE, dispute
from tests.services.test_instructions import instruct
from tests.services.test_scoring import hand_in, quarter
from tests.services.test_urging import press
from tests.statements import asked

__all__ = ["quarter"]  # a fixture that is taken over as it is

AT = cast.moment("2025-04-08 12:00")


def seen(
    engine: Engine, unit: str = cast.TOWN, period: str = "2025Q1", on: str = "2025-04-08"
) -> Supervision:
    with reading(engine) as session:
        day = date.fromisoformat(on)
        return supervision(session, cast.small_plan(), unit, period, day, cast.calendar())


def test_what_was_done_about_a_units_items_of_a_term_stands_together(quarter: Engine) -> None:
    plan = cast.small_plan()
    with writing(quarter) as session:
        how: dict[str, Any] = {"reason": "请更正人次", "by": cast.ZHAO_QIANG, "at": AT}
        allow_correction(session, plan, cast.VISIT_Q1, version=2, **how)
        wanted: dict[str, Any] = {"unit": cast.TOWN, "until": date(2025, 7, 20), "reason": "汛期道路中断"}
        number = ask(session, plan, cast.VISIT_Q2, by=cast.LI_MING, at=AT, **wanted).number
        refuse(session, plan, number, by=cast.ZHAO_QIANG, at=AT, reason="请按期报送")
    instruct(quarter)
    press(quarter, [cast.VISIT_Q2])
    first = seen(quarter)
    assert (first.returns, first.resubmissions, first.ranked, first.sound) == (1, 1, 3, 0)
    assert [one.leader for one in first.instructions] == ["周平"]
    assert (first.urges, first.extensions) == ((), ())
    assert list(first.names.values()) == ["每季度走访，2025年第一季度"]
    second = seen(quarter, period="2025Q2")
    assert (len(second.urges), second.instructions, second.returns) == (1, (), 0)
    (request,) = second.extensions
    assert request.decision is not None
    assert request.decision.reason == "请按期报送"
    assert second.place.rank is None  # nothing has fallen due yet


def test_each_line_tells_whether_and_until_when_it_may_be_disputed(quarter: Engine) -> None:
    made = dispute(quarter)
    (lines,) = seen(quarter).lines.values()
    told = {one.line.id: (one.appeal, one.until) for one in lines}
    assert told.pop(LATE) == (made, None)
    assert {line.criterion: until for line, (_, until) in told.items()} == {
        Criterion.COMPLETENESS: date(2025, 4, 15),  # returned that morning, and not mended yet
        Criterion.OVERDUE: date(2025, 4, 10),
        Criterion.RETURN: date(2025, 4, 15),
    }
    (later,) = seen(quarter, on="2025-04-16").lines.values()
    assert all(one.until is None for one in later)


def test_more_to_tell_costs_no_more_questions(quarter: Engine) -> None:
    before = asked(quarter, lambda: seen(quarter))
    with writing(quarter) as session:
        hand_in(session, cast.VISIT_Q2, "2025-04-08 09:00")
    instruct(quarter)
    instruct(quarter, deadline=date(2025, 4, 10))
    dispute(quarter)
    assert len(asked(quarter, lambda: seen(quarter))) <= len(before) + 1  # the answers to instructions
    assert len(before) < 15
