"""Good cases and the commendation list: nominated by units, decided by the office, each with a reason and once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.score_rules import CommendationRules
from models.engine import reading, writing
from services import audit, good_cases
from services.commendation import Commendation, Person, fix, fixed, people_of, propose
from services.good_cases import GoodCase, count_undecided, nominate, of_unit, undecided
from services.scoring import ranking
from tests import cast
from tests.services.test_scoring import quarter

__all__ = ["quarter"]  # a fixture that is taken over as it is

AT = cast.moment("2025-04-10 10:00")
TEXT = "村里以网格为单位，邻里结对照看。" * 8
MERIT = "走访扎实，台账规范"


@cache
def plan() -> Plan:
    """The small plan, which commends the best two units in its only phase."""
    rules = cast.small_plan().rules
    own = rules.model_copy(update={"commendation": CommendationRules(phase="all", units=2)})
    return cast.small_plan().model_copy(update={"rules": own})


def put_forward(engine: Engine, **how: Any) -> GoodCase:
    wanted: dict[str, Any] = {"unit": cast.TOWN, "measure": 1, "period": "2025Q1", "title": "邻里结对照看"}
    wanted |= {"text": TEXT, "by": cast.LI_MING, "at": AT}
    with writing(engine) as session:
        return nominate(session, plan(), **(wanted | how))


def judge(engine: Engine, found: GoodCase, **how: Any) -> GoodCase:
    wanted: dict[str, Any] = {"selected": True, "reason": "做法可推广", "by": cast.ZHAO_QIANG, "at": AT}
    with writing(engine) as session:
        return good_cases.decide(session, plan(), found.number, **(wanted | how))


def test_a_case_is_nominated_waits_and_is_selected_with_a_reason(opened: Engine) -> None:
    found = put_forward(opened, title=" 邻里\n结对照看 ")
    assert (found.title, found.measure_name(plan()), found.term_label) == (
        *("邻里 结对照看", "1．走访探视"),
        "2025年第一季度",
    )
    with reading(opened) as session:
        assert undecided(session, plan()) == of_unit(session, plan(), cast.TOWN) == (found,)
        assert count_undecided(session, plan()) == 1
    told = judge(opened, found)
    assert told.verdict is not None
    assert (told.verdict.selected, told.verdict.reason) == (True, "做法可推广")
    with reading(opened) as session:
        assert count_undecided(session, plan()) == 0
        assert good_cases.decided(session, plan(), selected=True) == (told,)
        assert good_cases.decided(session, plan(), selected=False) == ()
        acts = [line.action for line in audit.lines_of(session, "small/case/1", last=2)]
    assert acts == ["select-case", "nominate-case"]


def test_a_selected_case_adds_to_the_score_of_the_quarter_in_which_it_was_selected(quarter: Engine) -> None:
    judge(quarter, put_forward(quarter), at=cast.moment("2025-03-30 10:00"))
    judge(quarter, put_forward(quarter, title="另一做法"), selected=False)
    with reading(quarter) as session:
        for period, points in (("2025Q1", 58), ("2025Q2", None)):
            place = ranking(session, plan(), period, date(2025, 4, 25), cast.calendar()).of(cast.TOWN)
            assert place is not None
            assert place.points == points


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ({"title": "走访"}, ProblemKind.CASE_INCOMPLETE),
        ({"title": "走" * 61}, ProblemKind.CASE_INCOMPLETE),
        ({"text": "做法很好"}, ProblemKind.CASE_INCOMPLETE),
        ({"text": f"{TEXT}例如11010519491231002X一户"}, ProblemKind.CHILD_DATA),
        ({"title": "帮助11010519491231002X"}, ProblemKind.CHILD_DATA),
        ({"measure": 2, "unit": cast.STREET}, ProblemKind.CASE_MEASURE),
        ({"period": "2025Q3"}, ProblemKind.CASE_TERM),
        ({"period": "2019"}, ProblemKind.CASE_TERM),
        ({"period": "春天"}, ProblemKind.TERM_UNKNOWN),
        ({"by": ""}, ProblemKind.PERSON_MISSING),
    ],
)
def test_a_case_that_cannot_be_is_refused(opened: Engine, how: dict[str, Any], kind: ProblemKind) -> None:
    with pytest.raises(Problem) as refusal:
        put_forward(opened, **how)
    assert refusal.value.kind is kind


def test_a_case_is_decided_once_with_a_reason_and_by_somebody_else(opened: Engine) -> None:
    found = put_forward(opened, measure=None)
    assert found.measure_name(plan()) == "保障措施"
    for how, kind in (
        ({"reason": " "}, ProblemKind.CASE_REASON),
        ({"by": cast.LI_MING}, ProblemKind.CASE_OWN),
    ):
        with pytest.raises(Problem) as refusal:
            judge(opened, found, **how)
        assert refusal.value.kind is kind

    def one(name: str) -> str:
        try:
            judge(opened, found, by=name)
        except Problem as problem:
            return problem.kind.name
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, [cast.ZHAO_QIANG, cast.CHEN_JING])) == ["", "CASE_DECIDED"]


def settle(engine: Engine, **how: Any) -> Commendation:
    wanted: dict[str, Any] = {"units": {cast.STREET: MERIT}, "people": (), "reason": "经研究确定"}
    wanted |= {"calendar": cast.calendar(), "by": cast.ZHAO_QIANG, "at": cast.moment("2025-04-30 10:00")}
    with writing(engine) as session:
        return fix(session, how.pop("plan", plan()), **(wanted | how))


def test_the_best_units_and_those_with_a_selected_case_are_proposed(quarter: Engine) -> None:
    case = put_forward(quarter, unit=cast.EDUCATION, measure=2, by=cast.WANG_FANG)
    judge(quarter, case)
    with reading(quarter) as session:
        found = propose(session, plan(), date(2025, 4, 25), cast.calendar())
    assert [(one.place.unit, one.place.rank, one.cases, one.proposed) for one in found] == [
        ("西河街道", 1, 0, True),
        ("东山镇", 2, 0, True),
        ("民政局", 3, 0, False),
        ("教育局", None, 1, True),  # owed nothing yet
    ]


def test_the_list_is_fixed_once_as_things_stood_and_kept(quarter: Engine) -> None:
    people = people_of(plan(), f"东山镇，王慧，{MERIT}\n\n西河街道，刘洋，结对帮扶，成效明显")
    found = settle(quarter, people=people)
    assert [(one.unit, one.rank, str(one.points), one.merit) for one in found.units] == [
        ("西河街道", 1, "100", MERIT)
    ]
    assert [(one.unit, one.person, one.merit) for one in found.people] == [
        ("西河街道", "刘洋", "结对帮扶，成效明显"),
        ("东山镇", "王慧", MERIT),
    ]
    with reading(quarter) as session:
        assert fixed(session, plan()) == found
        (line,) = audit.lines_of(session, "small/all", last=1)
    assert (line.action, line.actor) == ("fix-commendation", cast.ZHAO_QIANG)
    with pytest.raises(Problem) as refusal:
        settle(quarter)
    assert refusal.value.kind is ProblemKind.COMMENDATION_FIXED


def test_two_who_fix_the_list_at_once_fix_it_once(quarter: Engine) -> None:
    def one(name: str) -> str:
        try:
            settle(quarter, by=name)
        except Problem as problem:
            return problem.kind.name
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, [cast.ZHAO_QIANG, cast.CHEN_JING])) == ["", "COMMENDATION_FIXED"]


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ({"units": {}}, ProblemKind.COMMENDATION_EMPTY),
        ({"reason": ""}, ProblemKind.COMMENDATION_REASON),
        ({"units": {cast.TOWN: " "}}, ProblemKind.COMMENDATION_MERIT),
        ({"units": {"moon": MERIT}}, ProblemKind.UNKNOWN_UNIT),
        ({"units": {cast.TOWN: "帮助11010519491231002X一户"}}, ProblemKind.CHILD_DATA),
        ({"people": (Person(cast.TOWN, "11010519491231002X", MERIT),)}, ProblemKind.CHILD_DATA),
        ({"at": cast.moment("2024-12-31 10:00")}, ProblemKind.COMMENDATION_EARLY),
        ({"plan": cast.small_plan()}, ProblemKind.COMMENDATION_NONE),
    ],
)
def test_a_list_that_cannot_be_is_refused(opened: Engine, how: dict[str, Any], kind: ProblemKind) -> None:
    with pytest.raises(Problem) as refusal:
        settle(opened, **how)
    assert refusal.value.kind is kind
    with reading(opened) as session:
        assert fixed(session, plan()) is None


@pytest.mark.parametrize("line", ["东山镇 王慧 走访扎实", "东山镇，王慧", "月亮镇，王慧，走访扎实", "，，"])
def test_a_line_about_a_person_that_is_not_so_is_named(line: str) -> None:
    with pytest.raises(Problem) as refusal:
        people_of(plan(), f"东山镇，王慧，走访扎实\n{line}")
    assert refusal.value.kind is ProblemKind.COMMENDATION_PERSON
    assert "第 2 行" in str(refusal.value)
