"""How the plan stands on a day: what is due, late, waiting, and how measures and phases come out of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from domain.gates import PHASE_NAMES
from domain.piles import Pile
from domain.plan import Plan
from domain.status import Light
from models.engine import reading, writing
from services.intake import submit
from services.review import accept, send_back
from services.standing import Standing, standing
from tests import cast
from tests.services.eventful import fill, live_through
from tests.services.from_facts import Reckoned, every_fact
from tests.services.test_gates import plan as two_phases
from tests.statements import asked

IN_TIME, LAST_DAY, DAY_AFTER = date(2025, 3, 20), date(2025, 3, 31), date(2025, 4, 1)


def on(engine: Engine, day: date, plan: Plan | None = None) -> Standing:
    with reading(engine) as session:
        return standing(session, plan or cast.small_plan(), day, cast.calendar())


def hand_in(engine: Engine, day: str) -> None:
    """东山镇's visits of the first quarter, due on 31 March."""
    at = cast.moment(f"{day} 09:00")
    with writing(engine) as session:
        submit(
            session, cast.small_plan(), [cast.visits()], unit=cast.TOWN, by=cast.LI_MING, at=at, door="page"
        )


def speak(engine: Engine, day: str, *, returned: bool = False) -> None:
    at, plan = cast.moment(f"{day} 09:00"), cast.small_plan()
    with writing(engine) as session:
        if returned:
            send_back(
                session, plan, cast.VISIT_Q1, version=1, reviewer=cast.ZHAO_QIANG, at=at, reason="请补充"
            )
        else:
            accept(session, plan, cast.VISIT_Q1, version=1, reviewer=cast.ZHAO_QIANG, at=at)


def test_an_item_is_due_when_the_plans_warning_time_begins_and_late_the_day_after(opened: Engine) -> None:
    assert cast.VISIT_Q1 not in {line.key for line in on(opened, IN_TIME).due.lines}
    line = next(line for line in on(opened, LAST_DAY).due.lines if line.key == cast.VISIT_Q1)
    assert (line.unit, line.title, line.period, line.days) == ("东山镇", "每季度走访", "2025年第一季度", 0)
    line = next(line for line in on(opened, DAY_AFTER).late.lines if line.key == cast.VISIT_Q1)
    assert line.days == 1
    assert cast.VISIT_Q1 not in {line.key for line in on(opened, DAY_AFTER).due.lines}


def test_what_was_handed_in_is_neither_due_nor_late_but_waits_for_the_office(opened: Engine) -> None:
    hand_in(opened, "2025-03-30")
    stands = on(opened, DAY_AFTER)
    assert cast.VISIT_Q1 not in {line.key for line in (*stands.due.lines, *stands.late.lines)}
    assert [line.key for line in stands.to_review.lines] == [cast.VISIT_Q1]


def test_what_was_sent_back_is_due_however_far_off_its_day(opened: Engine) -> None:
    hand_in(opened, "2025-03-10")
    speak(opened, "2025-03-12", returned=True)
    stands = on(opened, IN_TIME)
    assert [line.returned for line in stands.due.lines if line.key == cast.VISIT_Q1] == [True]
    assert [(line.key, line.reason) for line in stands.returned.lines] == [(cast.VISIT_Q1, "请补充")]
    assert stands.to_review.total == 0


def test_a_light_of_a_measure_is_its_worst_and_what_was_accepted_counts_as_finished(opened: Engine) -> None:
    hand_in(opened, "2025-03-10")
    speak(opened, "2025-03-12")
    first = on(opened, date(2025, 4, 2)).measures[0]
    assert (first.light, first.finished, first.late) == (Light.RED, 1, 1)  # 西河街道 has handed in nothing
    assert on(opened, date(2025, 3, 12)).lights["已完成"] == 1


def test_the_store_is_seen_as_of_the_day(opened: Engine) -> None:
    hand_in(opened, "2025-03-20")
    speak(opened, "2025-03-20")
    before, after = on(opened, date(2025, 3, 19)), on(opened, date(2025, 4, 2))
    assert before.lights.get("已完成", 0) == 0
    assert after.lights["已完成"] == 1
    late = {line.key for line in after.late.lines}
    assert cast.VISIT_Q1 not in late
    assert cast.item_key("home-visits", cast.STREET, "2025Q1") in late
    assert before.items < after.items  # what opens in April was not there in March


def test_lists_begin_with_what_is_most_pressing_and_end_where_they_are_told_to(opened: Engine) -> None:
    with reading(opened) as session:
        found = standing(session, cast.small_plan(), date(2025, 12, 31), cast.calendar(), 5).late
        every = standing(session, cast.small_plan(), date(2025, 12, 31), cast.calendar(), None).late
    assert len(found.lines) == 5
    assert len(every.lines) == every.total == found.total > 5
    assert found.lines == every.lines[:5]
    days = [line.due for line in every.lines]
    assert days == sorted(days)


DAYS = [date(2024, 12, 30) + timedelta(days=13 * n) for n in range(29)]


@pytest.mark.parametrize("seed", [1, 2])
def test_by_the_set_it_stands_as_it_does_item_by_item(engine: Engine, seed: int) -> None:
    plan = two_phases()
    live_through(engine, plan, seed)
    with reading(engine) as session:
        every = every_fact(session, plan)
        for day in DAYS:
            found = standing(session, plan, day, cast.calendar(), None)
            exact = Reckoned(plan, every, day)
            assert (found.items, found.lights) == (len(exact.facts), exact.lights), day
            assert found.rates == exact.rates, day
            for listing, pile in (
                (found.late, Pile.LATE),
                (found.due, Pile.DUE),
                (found.returned, Pile.RETURNED),
                (found.to_review, Pile.TO_REVIEW),
            ):
                assert [line.key for line in listing.lines] == [f.item.key for f in exact.on(pile)], (
                    day,
                    pile,
                )
                assert listing.total == len(listing.lines)
            for line in found.measures:
                light, items, _, finished, late, _ = exact.counts(exact.measure(line.number))
                assert (line.light, line.items, line.finished, line.late) == (light, items, finished, late), (
                    day
                )
            told = [(p.id, p.state, len(p.carried_over)) for p in found.phases]
            assert told == [(g.phase.id, PHASE_NAMES[g.state], len(g.carried_over)) for g in exact.gates], day


def test_many_units_ask_the_store_as_often_as_few(engine: Engine) -> None:
    day, few, many = date(2025, 4, 2), cast.many_units(25), cast.many_units(286)
    fill(engine, few, day)
    before = asked(engine, lambda: on(engine, day, few))
    fill(engine, many, day)
    after = asked(engine, lambda: on(engine, day, many))
    assert len(before) == len(after) <= 10


def test_it_is_reckoned_once_until_something_changes(opened: Engine) -> None:
    first = asked(opened, lambda: on(opened, DAY_AFTER))
    again = asked(opened, lambda: on(opened, DAY_AFTER))
    assert len(again) == 1 < len(first)
    assert on(opened, DAY_AFTER).to_review.total == 0
    hand_in(opened, "2025-03-30")
    assert on(opened, DAY_AFTER).to_review.total == 1
    speak(opened, "2025-03-31")
    assert on(opened, DAY_AFTER).to_review.total == 0
