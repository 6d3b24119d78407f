"""More time: asked for before the due day, decided by somebody else, and heeded wherever the due day counts."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from domain.aggregate import year_to_date
from domain.duties import Extended, WorkItem
from domain.extensions import check_asking, check_until, last_until
from domain.facts import ItemFacts
from domain.milestones import MilestoneState
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.rates import on_time, rates
from domain.rounds import DUTY_OVERDUE, duty_happenings
from domain.status import Light, light
from models.engine import reading, writing
from services import audit
from services.extensions import Extension, ask, grant, of_item, refuse, undecided
from services.facts import year_facts
from services.intake import submit
from services.items import own_item
from services.reckoning import measure_progress
from services.review import accept, pending
from tests import cast
from tests.domain.happenings import day, items
from tests.services.test_gates import gate, hand_in_the_census

ASKED = cast.moment("2025-03-20 09:00")
DECIDED = cast.moment("2025-03-25 15:00")
STREETS = cast.item_key("home-visits", cast.STREET, "2025Q1")
WHY = "汛期道路中断，入户走访推迟"


def _ask(engine: Engine, **how: Any) -> Extension:
    asked: dict[str, Any] = {
        "unit": cast.TOWN,
        "until": date(2025, 4, 20),
        "reason": WHY,
        "by": cast.LI_MING,
        "at": ASKED,
    }
    key = how.pop("key", cast.VISIT_Q1)
    with writing(engine) as session:
        return ask(session, cast.small_plan(), key, **(asked | how))


def _grant(engine: Engine, number: int, **how: Any) -> Extension:
    granted: dict[str, Any] = {"by": cast.ZHAO_QIANG, "at": DECIDED, "calendar": cast.calendar()}
    with writing(engine) as session:
        return grant(session, cast.small_plan(), number, **(granted | how))


def _refuse(engine: Engine, number: int, **how: Any) -> Extension:
    refused: dict[str, Any] = {"by": cast.ZHAO_QIANG, "at": DECIDED, "reason": "请按期先报已完成部分"}
    with writing(engine) as session:
        return refuse(session, cast.small_plan(), number, **(refused | how))


def _submit(engine: Engine, at: str) -> None:
    how: dict[str, Any] = {"unit": cast.TOWN, "by": cast.LI_MING, "at": cast.moment(at), "door": "page"}
    with writing(engine) as session:
        submit(session, cast.small_plan(), [cast.visits()], **how)


def _facts(engine: Engine, key: str = cast.VISIT_Q1) -> ItemFacts:
    with reading(engine) as session:
        return next(f for f in year_facts(session, cast.small_plan(), 2025) if f.item.key == key)


def _stand(engine: Engine, on: str) -> tuple[Light, Light]:
    """The lights of 东山镇's and 西河街道's item, from their facts; the store must count them alike."""
    rules, calendar = cast.small_plan().rules.lights, cast.calendar()
    town, street = (light(_facts(engine, key), day(on), rules, calendar) for key in (cast.VISIT_Q1, STREETS))
    with reading(engine) as session:
        progress = measure_progress(session, cast.small_plan(), day(on), calendar, 1)
    (line,) = [line for line in progress.lines if line.occurrence.period == "2025Q1"]
    assert sorted(line.lights.elements()) == sorted((town, street))
    return town, street


def _kind(refusal: pytest.ExceptionInfo[Problem]) -> ProblemKind:
    return refusal.value.kind


def test_a_request_waits_until_it_is_granted(opened: Engine) -> None:
    asked = _ask(opened, reason=f" {WHY}\n")
    with reading(opened) as session:
        assert undecided(session, cast.small_plan()) == (asked,)
    assert (asked.key, asked.unit, asked.due, asked.until) == (
        cast.VISIT_Q1,
        cast.TOWN,
        date(2025, 3, 31),
        date(2025, 4, 20),
    )
    assert (asked.reason, asked.by, asked.at, asked.decision) == (WHY, cast.LI_MING, ASKED, None)
    found = _grant(opened, asked.number)
    assert found.decision is not None
    assert (found.decision.until, found.decision.by, found.decision.at) == (
        date(2025, 4, 20),
        cast.ZHAO_QIANG,
        DECIDED,
    )
    with reading(opened) as session:
        assert undecided(session, cast.small_plan()) == ()
        assert of_item(session, own_item(session, cast.small_plan(), cast.VISIT_Q1, cast.TOWN)) == (found,)


def test_the_office_may_grant_another_day_which_bears_its_last_working_day(opened: Engine) -> None:
    _grant(opened, _ask(opened).number, until=date(2025, 4, 13))
    item = _facts(opened).item
    assert (item.due, item.act_by, item.occurrence.due) == (
        date(2025, 4, 13),
        date(2025, 4, 11),  # the 13th is a Sunday
        date(2025, 3, 31),
    )
    assert item.extended == Extended(on=DECIDED.date(), until=date(2025, 4, 13), act_by=date(2025, 4, 11))


def test_the_lights_follow_the_granted_day_and_nobody_elses_do(opened: Engine) -> None:
    _grant(opened, _ask(opened).number)
    assert _stand(opened, "2025-03-24") == (Light.YELLOW, Light.YELLOW)  # nothing is granted yet
    assert _stand(opened, "2025-03-26") == (Light.BLUE, Light.YELLOW)
    assert _stand(opened, "2025-04-08") == (Light.BLUE, Light.RED)
    assert _stand(opened, "2025-04-14") == (Light.YELLOW, Light.RED)  # five working days left: 14 to 18 April
    assert _stand(opened, "2025-04-21") == (Light.RED, Light.RED)


def test_a_duty_is_overdue_from_the_first_unit_that_is(opened: Engine) -> None:
    _grant(opened, _ask(opened).number)
    with writing(opened) as session:
        entry = cast.visits(STREETS)
        how: dict[str, Any] = {"unit": cast.STREET, "by": cast.CHEN_JING, "at": ASKED, "door": "page"}
        submit(session, cast.small_plan(), [entry], **how)
    for on, expected in (("2025-04-20", []), ("2025-05-06", [date(2025, 4, 21)])):
        with reading(opened) as session:
            progress = measure_progress(session, cast.small_plan(), day(on), cast.calendar(), 1)
        found = [h for h in duty_happenings(cast.small_plan(), progress) if h.subject.endswith("2025Q1")]
        assert [(h.name, h.day) for h in found] == [(DUTY_OVERDUE, on) for on in expected]


def test_what_came_by_the_granted_day_is_in_time(opened: Engine) -> None:
    number = _ask(opened).number
    _submit(opened, "2025-04-20 23:59")
    assert not on_time(_facts(opened))
    _grant(opened, number)
    assert on_time(_facts(opened))
    assert rates([_facts(opened)], date(2025, 4, 19)).due == 0
    assert rates([_facts(opened)], date(2025, 4, 20)).timeliness.count == 1


def test_the_period_stays_what_the_plan_made_it(opened: Engine) -> None:
    last = cast.item_key("home-visits", cast.TOWN, "2025Q4")
    at = cast.moment("2025-12-20 09:00")
    asked = _ask(opened, key=last, until=date(2026, 1, 15), at=at)
    _grant(opened, asked.number, at=at)
    item = _facts(opened, last).item
    assert item.due == date(2026, 1, 15)
    assert year_to_date(2025, date(2025, 12, 31)).holds(item)
    assert not year_to_date(2026, date(2026, 12, 31)).holds(item)


def test_the_review_list_tells_the_granted_day(opened: Engine) -> None:
    _grant(opened, _ask(opened).number)
    _submit(opened, "2025-04-10 09:00")
    with reading(opened) as session:
        assert [one.due for one in pending(session, cast.small_plan(), 2025)] == [date(2025, 4, 20)]


def test_a_milestone_is_not_met_by_putting_off_what_proves_it(opened: Engine) -> None:
    census = cast.item_key("census", cast.TOWN, "once")
    asked = _ask(opened, key=census, until=date(2025, 7, 20))
    _grant(opened, asked.number)
    hand_in_the_census(opened, but=cast.TOWN)
    (milestone,) = gate(opened, "2025-07-10").milestones
    assert milestone.state is MilestoneState.MISSED


def test_a_refusal_says_why_and_changes_nothing(opened: Engine) -> None:
    before = _facts(opened).item
    found = _refuse(opened, _ask(opened).number)
    assert found.decision is not None
    assert (found.decision.until, found.decision.reason) == (None, "请按期先报已完成部分")
    assert _facts(opened).item == before
    assert _ask(opened, at=DECIDED).decision is None  # one may ask again


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ({"at": cast.moment("2025-04-01 00:00")}, ProblemKind.EXTENSION_LATE),
        ({"until": date(2025, 3, 31)}, ProblemKind.EXTENSION_DATE),
        ({"until": date(2025, 5, 1)}, ProblemKind.EXTENSION_DATE),
        ({"reason": "忙"}, ProblemKind.EXTENSION_REASON),
        ({"reason": "因11010519491231002X一案推迟"}, ProblemKind.CHILD_DATA),
        ({"by": "　"}, ProblemKind.PERSON_MISSING),
        ({"unit": cast.STREET}, ProblemKind.ITEM_NOT_YOURS),
        ({"key": "small/home-visits/town/2031Q1"}, ProblemKind.ITEM_UNKNOWN),
    ],
)
def test_what_cannot_be_asked_for(opened: Engine, how: dict[str, Any], kind: ProblemKind) -> None:
    with pytest.raises(Problem) as refusal:
        _ask(opened, **how)
    assert _kind(refusal) is kind


def test_one_may_ask_to_the_last_minute_of_the_due_day(opened: Engine) -> None:
    assert _ask(opened, at=cast.moment("2025-03-31 23:59"), until=date(2025, 4, 30))


def test_one_request_waits_at_a_time_and_one_is_granted_for_good(opened: Engine) -> None:
    number = _ask(opened).number
    with pytest.raises(Problem) as refusal:
        _ask(opened)
    assert _kind(refusal) is ProblemKind.EXTENSION_WAITS
    _grant(opened, number)
    with pytest.raises(Problem) as refusal:
        _ask(opened, until=date(2025, 4, 25))
    assert _kind(refusal) is ProblemKind.EXTENSION_TWICE


def test_what_is_accepted_needs_no_more_time(opened: Engine) -> None:
    _submit(opened, "2025-03-15 09:00")
    with writing(opened) as session:
        accept(session, cast.small_plan(), cast.VISIT_Q1, version=1, reviewer=cast.ZHAO_QIANG, at=ASKED)
    with pytest.raises(Problem) as refusal:
        _ask(opened)
    assert _kind(refusal) is ProblemKind.EXTENSION_CLOSED


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ({"by": " 李 明"}, ProblemKind.EXTENSION_OWN),
        ({"until": date(2025, 3, 31)}, ProblemKind.EXTENSION_DATE),
        ({"until": date(2025, 5, 1)}, ProblemKind.EXTENSION_DATE),
        ({"by": ""}, ProblemKind.PERSON_MISSING),
        ({"reason": "请删去11010519491231002X"}, ProblemKind.CHILD_DATA),
    ],
)
def test_what_cannot_be_granted(opened: Engine, how: dict[str, Any], kind: ProblemKind) -> None:
    number = _ask(opened).number
    with pytest.raises(Problem) as refusal:
        _grant(opened, number, **how)
    assert _kind(refusal) is kind


def test_a_request_is_decided_once_with_a_reason_where_it_is_refused(opened: Engine) -> None:
    number = _ask(opened).number
    with pytest.raises(Problem) as refusal:
        _refuse(opened, number, reason=" ")
    assert _kind(refusal) is ProblemKind.EXTENSION_REFUSAL
    _refuse(opened, number)
    with pytest.raises(Problem) as refusal:
        _grant(opened, number)
    assert _kind(refusal) is ProblemKind.EXTENSION_DECIDED
    with pytest.raises(Problem) as refusal:
        _grant(opened, number + 1)
    assert _kind(refusal) is ProblemKind.EXTENSION_UNKNOWN


def test_the_chain_tells_who_asked_and_who_granted_what(opened: Engine) -> None:
    _grant(opened, _ask(opened).number)
    with reading(opened) as session:
        asked, granted = audit.lines(session, last=2)
        assert audit.verify(session).intact
    assert (asked.actor, asked.action, asked.subject) == (cast.LI_MING, "ask-extension", cast.VISIT_Q1)
    assert (granted.actor, granted.action) == (cast.ZHAO_QIANG, "grant-extension")
    assert "2025-04-20" in granted.detail
    assert "汛期" not in asked.detail


ITEM = items(cast.small_plan(), 2025, cast.calendar())["home-visits/town/2025Q1"]


def test_a_plan_may_forbid_extensions() -> None:
    content = cast.plan_content() | {"rules": {"extensions": {"most_days": 0}}}
    strict = Plan.model_validate(content)
    assert last_until(strict, ITEM) == ITEM.due
    with pytest.raises(Problem):
        check_until(strict, ITEM, date(2025, 4, 1))


def test_nothing_is_extended_beyond_the_plan() -> None:
    december = items(cast.small_plan(), 2026, cast.calendar())["home-visits/town/2026Q4"]
    assert last_until(cast.small_plan(), december) == december.due == date(2026, 12, 31)


@given(
    until=st.dates(date(2025, 1, 1), date(2026, 1, 1)), asked=st.dates(date(2025, 3, 1), date(2025, 4, 30))
)
def test_whatever_may_be_asked_for_moves_the_due_day_on_and_not_too_far(until: date, asked: date) -> None:
    try:
        check_asking(cast.small_plan(), ITEM, until, asked, accepted=False)
    except Problem:
        assert asked > ITEM.due or not ITEM.due < until <= last_until(cast.small_plan(), ITEM)
        return
    act_by = cast.calendar().last_workday(until).date
    extended = _extended(ITEM, Extended(on=asked, until=until, act_by=act_by))
    facts = ItemFacts(item=extended)
    assert ITEM.due < extended.due <= date(2025, 4, 30)
    assert facts.as_of(asked).item == extended
    assert facts.as_of(date.fromordinal(asked.toordinal() - 1)).item == ITEM


def _extended(item: WorkItem, extended: Extended) -> WorkItem:
    return item.model_copy(update={"extended": extended})
