"""A unit's list: each unfinished item once, in the part that says what is to be done with it."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import Engine

from domain.entries import ItemEntry, Passage, State
from domain.piles import Pile
from models.engine import reading, writing
from services import items
from services.facts import year_facts
from services.intake import submit
from services.review import accept, allow_correction, send_back
from services.unit_desk import Part, unit_desk
from services.worklist import Filters, work_list
from tests import cast
from tests.statements import asked

PLAN, DAY = cast.small_plan(), date(2025, 12, 31)
NOON = cast.moment("2025-04-01 12:00")


def parts(engine: Engine, day: date = DAY) -> dict[Part, list[str]]:
    """Keys of the unit's items by part."""
    with reading(engine) as session:
        found = unit_desk(session, PLAN, cast.TOWN, day, cast.calendar())
    return {part: [line.key for line in lines] for part, lines in found.parts.items()}


def hand_in(engine: Engine, state: State = State.DONE, text: str = "已逐户走访并建立台账") -> None:
    """The first quarter's visits."""
    entry = cast.visits().model_copy(update={"state": state})
    passages = tuple(Passage(slot=p.slot, text=text) for p in entry.passages)
    entry = ItemEntry(**{**entry.model_dump(), "passages": passages})
    with writing(engine) as session:
        submit(session, PLAN, [entry], unit=cast.TOWN, by=cast.LI_MING, at=NOON, door="page")


def decide(engine: Engine, version: int, reason: str = "") -> None:
    """The office's verdict; returned where there is a reason."""
    act = partial(send_back, reason=reason) if reason else accept
    with writing(engine) as session:
        act(session, PLAN, cast.VISIT_Q1, version=version, reviewer=cast.ZHAO_QIANG, at=NOON)


def test_every_unfinished_item_of_the_unit_is_there_once(opened: Engine) -> None:
    hand_in(opened)
    decide(opened, 1)
    told = [key for keys in parts(opened).values() for key in keys]
    with reading(opened) as session:
        filters = Filters(pile=Pile.UNFINISHED, units=(cast.TOWN,))
        unfinished = work_list(session, PLAN, DAY, cast.calendar(), filters, size=1000).lines
    assert sorted(told) == sorted(line.key for line in unfinished)
    assert cast.VISIT_Q1 not in told


def test_an_item_goes_from_part_to_part_as_unit_and_office_act(opened: Engine) -> None:
    def part(day: date = date(2025, 4, 2)) -> Part | None:
        found = parts(opened, day).items()
        return next((one for one, keys in found if cast.VISIT_Q1 in keys), None)

    assert part(date(2025, 1, 10)) is Part.AHEAD
    assert part(date(2025, 3, 31)) is Part.SOON
    assert part() is Part.LATE
    hand_in(opened)
    assert part() is Part.TO_REVIEW
    decide(opened, 1, "请写明户数。")
    assert part() is Part.RETURNED
    hand_in(opened, State.UNDER_WAY, "已走访大半，其余正在走访")
    decide(opened, 2)
    assert part() is Part.UNDER_WAY
    with writing(opened) as session:
        allow_correction(
            session, PLAN, cast.VISIT_Q1, version=2, by=cast.ZHAO_QIANG, at=NOON, reason="户数有误。"
        )
    assert part() is Part.AMENDING
    hand_in(opened, text="已全部走访并更正户数")
    assert part() is Part.TO_REVIEW
    decide(opened, 3)
    assert part() is None


def test_a_list_costs_the_same_few_questions_however_long_it_is(opened: Engine) -> None:
    def look(day: date) -> None:
        with reading(opened) as session:
            unit_desk(session, PLAN, cast.TOWN, day, cast.calendar())

    look(DAY)  # what the plan's versions say is read once
    short, long = (asked(opened, partial(look, day)) for day in (date(2025, 1, 10), DAY))
    assert len(short) == len(long) <= 10


@pytest.mark.parametrize("unit", [cast.TOWN, "edu"])
def test_an_item_is_known_by_its_number_to_its_unit_only(opened: Engine, unit: str) -> None:
    with reading(opened) as session:
        lines = work_list(session, PLAN, DAY, cast.calendar(), Filters(units=(cast.TOWN,))).lines
        for line in lines:
            found = items.by_number(session, PLAN, line.number, unit)
            assert (found and found.item.key) == (line.key if unit == cast.TOWN else None)


def test_the_year_of_one_unit_is_its_part_of_everybodys(opened: Engine) -> None:
    hand_in(opened)
    with reading(opened) as session:
        everybodys = year_facts(session, PLAN, 2025)
        own = year_facts(session, PLAN, 2025, cast.TOWN)
    assert own == tuple(facts for facts in everybodys if facts.item.unit == cast.TOWN)
    assert any(facts.submissions for facts in own)
