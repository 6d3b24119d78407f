"""Scores out of the store: what the rule is given is what happened, for all units at once."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from domain.problems import Problem, ProblemKind
from domain.scoring import Criterion, ItemScore
from models.engine import reading, writing
from services.extensions import ask, grant
from services.intake import submit
from services.opening import open_year
from services.plan_versions import adopt
from services.review import accept, send_back
from services.scoring import Ranking, ranking, unit_score
from tests import cast
from tests.statements import asked

STREETS = cast.item_key("home-visits", cast.STREET, "2025Q1")
AS_OF = date(2025, 4, 30)


def hand_in(session: Session, key: str, at: str) -> None:
    how: dict[str, Any] = {"unit": key.split("/")[2], "by": cast.LI_MING, "door": "page"}
    submit(session, cast.small_plan(), [cast.visits(key)], at=cast.moment(at), **how)


def verdict(at: str) -> dict[str, Any]:
    return {"reviewer": cast.ZHAO_QIANG, "at": cast.moment(at)}


@pytest.fixture
def quarter(opened: Engine) -> Engine:
    """东山镇 hands in three working days late and is sent back once; 西河街道 is in order."""
    plan = cast.small_plan()
    with writing(opened) as session:
        hand_in(session, STREETS, "2025-03-31 23:59")
        accept(session, plan, STREETS, version=1, **verdict("2025-04-02 09:00"))
        hand_in(session, cast.VISIT_Q1, "2025-04-03 10:00")
        how = verdict("2025-04-08 09:00")
        send_back(session, plan, cast.VISIT_Q1, version=1, reason="请补充台账份数", **how)
    with writing(opened) as session:
        entry = cast.visits(text="已逐户走访，建立台账 40 份")
        at = cast.moment("2025-04-10 10:00")
        submit(session, plan, [entry], unit=cast.TOWN, by=cast.LI_MING, at=at, door="page")
        accept(session, plan, cast.VISIT_Q1, version=2, **verdict("2025-04-11 09:00"))
    return opened


def ranked(engine: Engine, period: str = "2025Q1", as_of: date = AS_OF) -> Ranking:
    with reading(engine) as session:
        return ranking(session, cast.small_plan(), period, as_of, cast.calendar())


def places(found: Ranking) -> Mapping[str, tuple[int | None, Decimal | None]]:
    return {place.unit: (place.rank, place.points) for place in found.places}


def item_of(found: Ranking, unit: str) -> ItemScore:
    place = found.of(unit)
    assert place is not None
    (one,) = place.score.items
    return one


def test_units_are_ranked_by_what_fell_due_in_the_term(quarter: Engine) -> None:
    found = ranked(quarter)
    assert places(found) == {
        "西河街道": (1, Decimal("100.00")),
        "东山镇": (2, Decimal("57.00")),  # 30 for being late, 3 for three working days, 10 for a return
        "民政局": (3, Decimal("10.00")),  # three monthly meetings: nothing handed in, 20 days late or more
        "教育局": (None, None),
    }
    assert [place.unit for place in found.places] == ["西河街道", "东山镇", "民政局", "教育局"]
    assert [line.words for line in item_of(found, cast.TOWN).lines] == [
        "首次报送于2025年4月3日，晚于截止日",
        "超过截止日 3 个工作日",
        "2025年4月8日被退回（第 1 版）",
    ]


def test_a_unit_alone_has_the_score_that_it_has_among_all(quarter: Engine) -> None:
    found = ranked(quarter)
    with reading(quarter) as session:
        for place in found.places:
            own = unit_score(session, cast.small_plan(), place.unit, "2025Q1", AS_OF, cast.calendar())
            assert own == place.score


def test_a_day_in_the_past_knows_nothing_of_what_came_later(quarter: Engine) -> None:
    before = item_of(ranked(quarter, as_of=date(2025, 4, 7)), cast.TOWN)
    assert [line.id.criterion for line in before.lines] == [Criterion.TIMELINESS, Criterion.OVERDUE]
    sent_back = item_of(ranked(quarter, as_of=date(2025, 4, 8)), cast.TOWN)
    assert [line.words for line in sent_back.lines][:1] == ["退回后尚未补正"]


def test_what_is_due_today_is_not_judged_yet(quarter: Engine) -> None:
    assert places(ranked(quarter, as_of=date(2025, 3, 31)))["东山镇"] == (None, None)
    assert places(ranked(quarter, as_of=date(2025, 4, 1)))["东山镇"][1] is not None


def test_an_item_belongs_to_the_term_of_the_day_that_was_granted(opened: Engine) -> None:
    plan = cast.small_plan()
    with writing(opened) as session:
        wanted: dict[str, Any] = {"until": date(2025, 4, 20), "reason": "汛期道路中断", "by": cast.LI_MING}
        at = cast.moment("2025-03-20 09:00")
        number = ask(session, plan, cast.VISIT_Q1, unit=cast.TOWN, at=at, **wanted).number
        grant(session, plan, number, by=cast.ZHAO_QIANG, at=at, calendar=cast.calendar())
        hand_in(session, cast.VISIT_Q1, "2025-04-18 09:00")
    assert places(ranked(opened))["东山镇"] == (None, None)
    assert item_of(ranked(opened, "2025Q2"), cast.TOWN).points == 100


def test_what_was_over_before_it_could_be_demanded_does_not_count(engine: Engine) -> None:
    plan, at = cast.small_plan(), cast.moment("2025-04-15 09:00")
    with writing(engine) as session:
        version = adopt(session, plan, at=at, actor=cast.ZHAO_QIANG)
        how: dict[str, Any] = {"calendar": cast.calendar(), "at": at, "actor": cast.ZHAO_QIANG}
        open_year(session, plan, version, 2025, as_of=date(2025, 12, 31), **how)
    assert {place.points for place in ranked(engine).places} == {None}
    later = ranked(engine, "2025Q2", date(2025, 7, 15))
    assert places(later)["东山镇"][1] is not None


def test_a_year_holds_its_quarters_and_a_half_year_two_of_them(quarter: Engine) -> None:
    later = date(2025, 7, 15)
    by_term = {
        code: sum(len(place.score.items) for place in ranked(quarter, code, later).places)
        for code in ("2025Q1", "2025Q2", "2025H1", "2025")
    }
    assert by_term["2025"] == by_term["2025H1"] == by_term["2025Q1"] + by_term["2025Q2"]


def test_no_term_is_refused(opened: Engine) -> None:
    with pytest.raises(Problem) as refusal:
        ranked(opened, "2025Q9")
    assert refusal.value.kind is ProblemKind.TERM_UNKNOWN


def test_all_units_are_scored_with_the_same_few_questions(quarter: Engine) -> None:
    ranked(quarter)  # reads once from when on what is demanded
    few = asked(quarter, lambda: ranked(quarter, "2025Q1"))
    many = asked(quarter, lambda: ranked(quarter, "2025", date(2025, 12, 31)))
    # whether anything moved since, what happened, from when on what is demanded, what fell due, good cases
    assert len(few) == len(many) == 5
