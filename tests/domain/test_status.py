"""The quarterly visit of 东山镇 is due on Tuesday 2025-09-30; Sunday the 28th is worked, 1 to 8 October is off."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.entries import State
from domain.facts import ItemFacts, Submission
from domain.plan import LightRules
from domain.status import LIGHT_NAMES, LIGHT_SIGNS, Light, Span, Stage, light, spans, stage_light, worst
from domain.workdays import Beyond
from services.workcalendar import work_calendar
from tests import cast
from tests.domain.happenings import day, facts, items, version

CALENDAR = work_calendar()
RULES = LightRules(due_soon_workdays=5, red_after_workdays=0)
ITEM = items(cast.small_plan(), 2025, CALENDAR)["home-visits/town/2025Q3"]
NOTHING: tuple[Submission, ...] = ()
PENDING = (version("2025-09-10"),)
DONE = (version("2025-09-10", accepted="2025-09-12"),)
NO_OCCASION = (version("2025-09-10", accepted="2025-09-12", state=State.NO_OCCASION),)
UNDER_WAY = (version("2025-09-10", accepted="2025-09-12", state=State.UNDER_WAY),)
NOT_STARTED = (version("2025-09-10", accepted="2025-09-12", state=State.NOT_STARTED),)
RETURNED = (version("2025-09-10", returned="2025-09-12"),)
MENDED = (*RETURNED, version("2025-10-10"))
MENDED_WELL = (*RETURNED, version("2025-09-15", accepted="2025-09-16"))


def on(as_of: str, versions: tuple[Submission, ...], rules: LightRules = RULES) -> Light:
    return light(facts(ITEM, *versions), day(as_of), rules, CALENDAR)


@pytest.mark.parametrize(
    ("as_of", "versions", "shown"),
    [
        ("2025-06-30", NOTHING, Light.GREY),  # opens on 1 July
        ("2025-07-01", NOTHING, Light.BLUE),
        ("2025-09-23", NOTHING, Light.BLUE),  # 24, 25, 26, 28 (调休), 29, 30: six working days left
        ("2025-09-24", NOTHING, Light.YELLOW),  # five left
        ("2025-09-30", NOTHING, Light.YELLOW),  # the day itself is in time
        ("2025-10-01", NOTHING, Light.YELLOW),  # past due, but no office has worked since
        ("2025-10-08", NOTHING, Light.YELLOW),
        ("2025-10-09", NOTHING, Light.RED),  # first working day after the holiday
        ("2025-09-11", PENDING, Light.BLUE),
        ("2025-12-01", PENDING, Light.BLUE),  # waits for the office, not for the unit
        ("2025-09-12", DONE, Light.GREEN),
        ("2025-12-01", DONE, Light.GREEN),
        ("2025-12-01", NO_OCCASION, Light.GREEN),
        ("2025-09-30", UNDER_WAY, Light.BLUE),
        ("2025-10-01", UNDER_WAY, Light.YELLOW),
        ("2025-12-01", UNDER_WAY, Light.YELLOW),
        ("2025-10-01", NOT_STARTED, Light.YELLOW),
        ("2025-09-12", RETURNED, Light.YELLOW),
        ("2025-10-08", RETURNED, Light.YELLOW),
        ("2025-10-09", RETURNED, Light.RED),
        ("2025-10-09", MENDED, Light.RED),
        ("2025-10-10", MENDED, Light.BLUE),
        ("2025-09-16", MENDED_WELL, Light.GREEN),
    ],
)
def test_an_item_shows_the_light_of_its_state_on_the_day(
    as_of: str, versions: tuple[Submission, ...], shown: Light
) -> None:
    assert on(as_of, versions) is shown


def test_a_plan_may_grant_days_of_grace_before_red() -> None:
    patient = LightRules(due_soon_workdays=5, red_after_workdays=2)
    seen = [on(d, NOTHING, patient) for d in ("2025-10-09", "2025-10-10", "2025-10-11", "2025-10-12")]
    assert seen == [Light.YELLOW, Light.YELLOW, Light.RED, Light.RED]  # Saturday the 11th is worked


def test_a_plan_may_warn_earlier_or_not_at_all() -> None:
    assert on("2025-09-23", NOTHING, LightRules(due_soon_workdays=6)) is Light.YELLOW
    assert on("2025-09-29", NOTHING, LightRules(due_soon_workdays=0)) is Light.BLUE
    assert on("2025-09-30", NOTHING, LightRules(due_soon_workdays=0)) is Light.YELLOW


DAYS = st.dates(date(2025, 6, 1), date(2025, 12, 31))


@given(DAYS, st.sampled_from([NOTHING, PENDING, DONE, UNDER_WAY, RETURNED]), st.data())
def test_the_light_of_a_past_day_never_knows_of_what_came_later(
    as_of: date, versions: tuple[Submission, ...], data: st.DataObject
) -> None:
    known = facts(ITEM, *versions).as_of(as_of)
    handed_in = data.draw(st.dates(as_of + timedelta(days=1), date(2026, 3, 1)))
    later = version(handed_in.isoformat(), accepted=handed_in.isoformat())
    with_later = ItemFacts(item=ITEM, submissions=(*known.submissions, later))

    assert light(with_later, as_of, RULES, CALENDAR) is light(known, as_of, RULES, CALENDAR)


def test_a_verdict_of_tomorrow_is_not_known_today() -> None:
    assert on("2025-09-11", DONE) is Light.BLUE
    assert on("2025-09-11", RETURNED) is Light.BLUE


@given(st.lists(st.sampled_from(Light)))
def test_a_whole_shows_the_worst_light_of_its_parts(lights: list[Light]) -> None:
    shown = worst(lights)
    assert all(shown >= part for part in lights)
    assert shown in lights or (not lights and shown is Light.GREY)


def test_every_light_can_be_read_without_colour() -> None:
    assert set(LIGHT_NAMES) == set(LIGHT_SIGNS) == set(Light)
    assert len(set(LIGHT_SIGNS.values())) == len(Light)


@given(DAYS, st.integers(0, 9), st.integers(0, 9), st.sampled_from(Stage), st.integers(-60, 60))
def test_each_open_item_lies_in_the_span_of_its_light_and_of_no_other(
    as_of: date, soon: int, grace: int, one: Stage, ahead: int
) -> None:
    rules = LightRules(due_soon_workdays=soon, red_after_workdays=grace)
    due = as_of + timedelta(days=ahead)
    found = [each for each in Light for span in spans(each, as_of, rules, CALENDAR) if span.holds(one, due)]
    assert found == [stage_light(one, due, as_of, rules, CALENDAR)]


@given(DAYS, DAYS, DAYS, DAYS, DAYS)
def test_two_spans_share_what_both_hold(a: date, b: date, c: date, d: date, due: date) -> None:
    first, second = Span(Stage.OPEN, a, b), Span(Stage.OPEN, c, d)
    both = first.shared(second)
    assert (first.holds(Stage.OPEN, due) and second.holds(Stage.OPEN, due)) == (
        both is not None and both.holds(Stage.OPEN, due)
    )
    assert first.shared(Span(Stage.FINISHED)) is None


def test_spans_are_told_up_to_the_end_of_the_calendar() -> None:
    assert CALENDAR.beyond is Beyond.ERROR
    late, soon = (spans(each, CALENDAR.last, RULES, CALENDAR)[0] for each in (Light.RED, Light.YELLOW))
    assert late.last is not None
    assert soon.last is not None
    assert late.last < CALENDAR.last < soon.last
