"""Appeals: a unit disputes a line of its own score, the office decides, and what it upholds no longer counts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.scoring import Criterion, LineId, UnitScore
from models.engine import reading, writing
from services import audit
from services.appeals import Appeal, appeal, count_undecided, decide, decided, of_unit, undecided
from services.scoring import unit_score
from tests import cast
from tests.services.test_scoring import quarter
from tests.services.test_urging import number, press

__all__ = ["quarter"]  # a fixture that is taken over as it is

AT = cast.moment("2025-04-08 10:00")
LATE, RETURNED = LineId(Criterion.TIMELINESS), LineId(Criterion.RETURN, 1)
WHY = "截止日当天平台维护，有通知为证"
AS_OF = date(2025, 4, 30)


def dispute(engine: Engine, line: LineId = LATE, plan: Plan | None = None, **how: Any) -> Appeal:
    wanted: dict[str, Any] = {"unit": cast.TOWN, "reason": WHY, "by": cast.LI_MING, "at": AT}
    item = number(engine, how.pop("key", cast.VISIT_Q1))
    with writing(engine) as session:
        own = plan or cast.small_plan()
        return appeal(session, own, item, line, calendar=cast.calendar(), **(wanted | how))


def rule(engine: Engine, found: Appeal, **how: Any) -> Appeal:
    at = cast.moment("2025-04-09 10:00")
    wanted: dict[str, Any] = {"upheld": True, "reason": "情况属实", "by": cast.ZHAO_QIANG, "at": at}
    with writing(engine) as session:
        return decide(session, cast.small_plan(), found.number, **(wanted | how))


def score(engine: Engine, period: str = "2025Q1", as_of: date = AS_OF) -> UnitScore:
    with reading(engine) as session:
        return unit_score(session, cast.small_plan(), cast.TOWN, period, as_of, cast.calendar())


def refused(engine: Engine, line: LineId = LATE, **how: Any) -> ProblemKind:
    with pytest.raises(Problem) as refusal:
        dispute(engine, line, **how)
    return refusal.value.kind


def test_an_upheld_appeal_takes_the_line_out_of_every_term_that_holds_it(quarter: Engine) -> None:
    found = dispute(quarter)
    assert (found.line, found.criterion_name) == ("首次报送于2025年4月3日，晚于截止日", "及时")
    assert found.points == -30
    assert score(quarter).points == 57  # not before it is decided
    told = rule(quarter, found)
    assert told.ruling is not None
    assert (told.ruling.upheld, told.ruling.reason, told.ruling.by) == (True, "情况属实", cast.ZHAO_QIANG)
    for period in ("2025Q1", "2025H1", "2025-03"):
        (one,) = [one for one in score(quarter, period).items if one.item.number == found.item]
        assert one.points == 87
        assert [line.struck for line in one.lines] == [True, False, False]
    assert score(quarter, as_of=date(2025, 4, 8)).items[0].points < 87  # nobody knew it then
    with reading(quarter) as session:
        acts = [line.action for line in audit.lines_of(session, cast.VISIT_Q1, last=2)]
    assert acts == ["uphold-appeal", "appeal"]


def test_a_refused_appeal_changes_nothing(quarter: Engine) -> None:
    rule(quarter, dispute(quarter), upheld=False, reason="维护在夜间，不影响报送")
    assert score(quarter).points == 57


def test_an_appeal_waits_for_the_office_and_is_told_to_both(quarter: Engine) -> None:
    plan, found = cast.small_plan(), dispute(quarter)
    with reading(quarter) as session:
        assert undecided(session, plan) == of_unit(session, plan, cast.TOWN) == (found,)
        assert (count_undecided(session, plan), of_unit(session, plan, cast.STREET)) == (1, ())
    told = rule(quarter, found)
    with reading(quarter) as session:
        assert (undecided(session, plan), count_undecided(session, plan)) == ((), 0)
        assert decided(session, plan, most=9) == of_unit(session, plan, cast.TOWN) == (told,)


def test_a_line_is_disputed_once_and_each_return_for_itself(quarter: Engine) -> None:
    rule(quarter, dispute(quarter), upheld=False)
    assert refused(quarter) is ProblemKind.APPEAL_TWICE
    rule(quarter, dispute(quarter, RETURNED))
    assert score(quarter).points == 67


def test_an_urging_may_be_disputed_by_its_number(opened: Engine) -> None:
    (one,) = press(opened).urges
    found = dispute(opened, LineId(Criterion.URGE, one.number))
    assert found.line == "2025年4月2日经催办"


@pytest.mark.parametrize(
    ("line", "how", "kind"),
    [
        (LATE, {"reason": "  "}, ProblemKind.APPEAL_REASON),
        (LATE, {"reason": "走访11010519491231002X一户耽误"}, ProblemKind.CHILD_DATA),
        (LATE, {"unit": cast.STREET}, ProblemKind.ITEM_NOT_YOURS),
        (LineId(Criterion.COMPLETENESS), {"at": cast.moment("2025-04-14 09:00")}, ProblemKind.APPEAL_NO_LINE),
        (LineId(Criterion.RETURN, 2), {}, ProblemKind.APPEAL_NO_LINE),
        (LATE, {"key": cast.item_key("home-visits", cast.TOWN, "2025Q2")}, ProblemKind.APPEAL_NO_LINE),
        (LATE, {"at": cast.moment("2025-04-08 23:59")}, None),
        (LATE, {"at": cast.moment("2025-04-09 00:00")}, ProblemKind.APPEAL_LATE),
        (RETURNED, {"at": cast.moment("2025-04-15 09:00")}, None),
        (RETURNED, {"at": cast.moment("2025-04-16 09:00")}, ProblemKind.APPEAL_LATE),
    ],
)
def test_what_may_be_disputed_and_until_when(
    quarter: Engine, line: LineId, how: dict[str, Any], kind: ProblemKind | None
) -> None:
    if kind is None:
        assert dispute(quarter, line, **how).ruling is None
    else:
        assert refused(quarter, line, **how) is kind


def test_a_plan_may_allow_no_appeal(quarter: Engine) -> None:
    plan = cast.small_plan()
    scoring = plan.rules.scoring.model_copy(update={"appeal_workdays": 0})
    rules = plan.rules.model_copy(update={"scoring": scoring})
    strict = plan.model_copy(update={"rules": rules})
    assert refused(quarter, plan=strict) is ProblemKind.APPEAL_FORBIDDEN


def test_an_appeal_is_decided_once_with_a_reason_and_by_somebody_else(quarter: Engine) -> None:
    found = dispute(quarter)
    for how, kind in (
        ({"reason": ""}, ProblemKind.APPEAL_DECISION),
        ({"by": f" {cast.LI_MING} "}, ProblemKind.APPEAL_OWN),
        ({"reason": "查11010519491231002X一户"}, ProblemKind.CHILD_DATA),
    ):
        with pytest.raises(Problem) as refusal:
            rule(quarter, found, **how)
        assert refusal.value.kind is kind
    rule(quarter, found)
    with pytest.raises(Problem) as refusal:
        rule(quarter, found, upheld=False)
    assert refusal.value.kind is ProblemKind.APPEAL_DECIDED
    with pytest.raises(Problem) as refusal, writing(quarter) as session:
        decide(session, cast.small_plan(), 99, upheld=True, reason="属实", by=cast.ZHAO_QIANG, at=AT)
    assert refusal.value.kind is ProblemKind.APPEAL_UNKNOWN


def test_two_who_decide_at_once_decide_once(quarter: Engine) -> None:
    found = dispute(quarter)

    def one(name: str) -> str:
        try:
            rule(quarter, found, by=name)
        except Problem as problem:
            return problem.kind.name
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, [cast.ZHAO_QIANG, cast.CHEN_JING])) == ["", "APPEAL_DECIDED"]
