"""How the plan stands on a day: what is due, late, waiting, and how measures and phases come out of it."""

from datetime import date

from sqlalchemy import Engine

from domain.facts import ItemFacts
from domain.status import Light
from models.engine import reading, writing
from services.intake import submit
from services.review import accept, send_back
from services.standing import Standing, reckon, standing
from tests import cast
from tests.domain.happenings import items, version

IN_TIME, LAST_DAY, DAY_AFTER = date(2025, 3, 20), date(2025, 3, 31), date(2025, 4, 1)


def on(day: date, facts: ItemFacts) -> Standing:
    """How the small plan stands when nothing but ``facts`` is open."""
    return reckon(cast.small_plan(), [facts], {}, day, cast.calendar())


def visit(**handed_in: str) -> ItemFacts:
    """东山镇's visits of the first quarter, due on 31 March, perhaps handed in."""
    item = items(cast.small_plan(), 2025, cast.calendar())["home-visits/town/2025Q1"]
    versions = (version(**handed_in),) if handed_in else ()  # type: ignore[arg-type]  # only days are given here
    return ItemFacts(item=item, submissions=versions)


def test_an_item_is_due_when_the_plans_warning_time_begins_and_late_the_day_after() -> None:
    assert on(IN_TIME, visit()).due == ()
    (line,) = on(LAST_DAY, visit()).due
    assert (line.unit, line.title, line.period, line.days) == ("东山镇", "每季度走访", "2025年第一季度", 0)
    (line,) = on(DAY_AFTER, visit()).late
    assert line.days == 1
    assert on(DAY_AFTER, visit()).due == ()


def test_what_was_handed_in_is_neither_due_nor_late_but_waits_for_the_office() -> None:
    stands = on(DAY_AFTER, visit(handed_in="2025-03-30"))
    assert (stands.due, stands.late) == ((), ())
    assert [line.key for line in stands.to_review] == [cast.VISIT_Q1]


def test_what_was_sent_back_is_due_however_far_off_its_day() -> None:
    stands = on(IN_TIME, visit(handed_in="2025-03-10", returned="2025-03-12"))
    assert [line.returned for line in stands.due] == [True]
    assert stands.to_review == ()


def test_what_was_accepted_asks_for_nothing_and_counts_as_finished() -> None:
    stands = on(DAY_AFTER, visit(handed_in="2025-03-10", accepted="2025-03-12"))
    assert (stands.due, stands.late, stands.to_review) == ((), (), ())
    assert stands.lights == {"已完成": 1}
    first = stands.measures[0]
    assert (first.number, first.light, first.items, first.finished, first.late) == (1, Light.GREEN, 1, 1, 0)
    assert stands.measures[1].light is Light.GREY  # nothing of it is open


def test_the_light_of_a_measure_is_its_worst() -> None:
    first = on(date(2025, 4, 2), visit()).measures[0]
    assert (first.light, first.late) == (Light.RED, 1)


def test_a_phase_is_told_with_its_state() -> None:
    (phase,) = on(IN_TIME, visit()).phases
    assert (phase.name, phase.state, phase.light) == ("实施阶段", "进行中", Light.BLUE)


def test_the_store_is_seen_as_of_the_day(opened: Engine) -> None:
    plan, at = cast.small_plan(), cast.moment("2025-03-20 09:00")
    with writing(opened) as session:
        submit(session, plan, [cast.visits()], unit=cast.TOWN, by=cast.LI_MING, at=at, door="page")
        accept(session, plan, cast.VISIT_Q1, version=1, reviewer=cast.ZHAO_QIANG, at=at)
    with reading(opened) as session:
        before = standing(session, plan, {}, date(2025, 3, 19), cast.calendar())
        after = standing(session, plan, {}, date(2025, 4, 2), cast.calendar())
    assert before.lights.get("已完成", 0) == 0
    assert after.lights["已完成"] == 1
    assert cast.VISIT_Q1 not in {line.key for line in after.late}
    late = [line.key for line in after.late]
    assert cast.item_key("home-visits", cast.STREET, "2025Q1") in late
    assert cast.VISIT_Q2 not in {line.key for line in after.due}
    assert before.items < after.items  # what opens in April was not there in March


def test_lists_begin_with_what_is_most_pressing(opened: Engine) -> None:
    plan = cast.small_plan()
    with writing(opened) as session:
        at = cast.moment("2025-04-02 09:00")
        submit(session, plan, [cast.visits()], unit=cast.TOWN, by=cast.LI_MING, at=at, door="page")
        how = {"version": 1, "reviewer": cast.ZHAO_QIANG, "at": at, "reason": "请补充"}
        send_back(session, plan, cast.VISIT_Q1, **how)  # type: ignore[arg-type]  # each is what it should be
    with reading(opened) as session:
        stands = standing(session, plan, {}, date(2025, 12, 31), cast.calendar())
    days = [line.due for line in stands.late]
    assert days == sorted(days)
    assert next(line for line in stands.late if line.key == cast.VISIT_Q1).returned
