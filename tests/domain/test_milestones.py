"""A milestone is proved by the items of its duties that were due by its day."""

from functools import cache
from typing import Any

import pytest

from domain.entries import State
from domain.facts import ItemFacts, Submission
from domain.milestones import (
    MILESTONE_LIGHTS,
    MILESTONE_NAMES,
    MilestoneState,
    milestone_state,
    proving_items,
)
from domain.plan import Milestone, Plan
from tests import cast
from tests.domain.happenings import day, facts, items, version


@cache
def plan() -> Plan:
    content = cast.plan_content()
    content["phases"][0]["milestones"] = [
        _milestone("census-done", "2025-06-30", duties=["census"]),
        _milestone("visits-done", "2025-07-01", duties=["home-visits"], bound="before"),
        _milestone("too-early", "2024-12-19", duties=["census"]),
        _milestone("for-the-office", "2025-06-30"),
        _milestone("two-years", "2026-12-31", duties=["school-training"]),
    ]
    return Plan.model_validate(content)


def _milestone(name: str, due: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "due": due, "title": name, "evidence": "台账", "cites": ["一"], **more}


def milestone(name: str) -> Milestone:
    return next(m for phase in plan().phases for m in phase.milestones if m.id == name)


def census(*versions: Submission) -> list[ItemFacts]:
    """The census of all four units, due on 30 June: three have done it; this is how the fourth stands."""
    done = version("2025-06-20", accepted="2025-06-25")
    every = [i for k, i in items(plan(), 2025, cast.calendar()).items() if k.startswith("census/")]
    return [facts(item, *(versions if item.unit == cast.TOWN else (done,))) for item in every]


DONE = (version("2025-06-20", accepted="2025-06-25"),)


def state(name: str, as_of: str, found: list[ItemFacts]) -> MilestoneState:
    return milestone_state(plan(), milestone(name), found, day(as_of))


def test_it_is_met_as_soon_as_every_item_is_accepted_as_done() -> None:
    assert state("census-done", "2025-06-25", census(*DONE)) is MilestoneState.MET
    assert state("census-done", "2026-01-01", census(*DONE)) is MilestoneState.MET


def test_no_occasion_is_as_good_as_done() -> None:
    none = version("2025-06-20", accepted="2025-06-25", state=State.NO_OCCASION)
    assert state("census-done", "2025-06-30", census(none)) is MilestoneState.MET


def test_a_day_in_the_past_does_not_know_that_it_will_be_met() -> None:
    assert state("census-done", "2025-06-24", census(*DONE)) is MilestoneState.AHEAD


@pytest.mark.parametrize(
    "versions",
    [
        pytest.param((), id="nothing"),
        pytest.param((version("2025-06-20"),), id="not reviewed"),
        pytest.param((version("2025-06-20", returned="2025-06-22"),), id="sent back"),
        pytest.param((version("2025-06-20", accepted="2025-06-22", state=State.UNDER_WAY),), id="under way"),
    ],
)
def test_one_item_that_is_not_proved_keeps_it_ahead_until_its_day_and_missed_after(
    versions: tuple[Submission, ...],
) -> None:
    assert state("census-done", "2025-06-30", census(*versions)) is MilestoneState.AHEAD
    assert state("census-done", "2025-07-01", census(*versions)) is MilestoneState.MISSED


def test_what_was_over_before_the_notice_is_nobodys_debt() -> None:
    assert state("too-early", "2026-01-01", census()) is MilestoneState.BEFORE_NOTICE


def test_one_without_a_duty_is_for_the_office_to_judge_once_its_day_is_past() -> None:
    assert state("for-the-office", "2025-06-30", census(*DONE)) is MilestoneState.AHEAD
    assert state("for-the-office", "2025-07-01", census(*DONE)) is MilestoneState.UNJUDGED


def test_one_whose_items_were_never_opened_is_for_the_office_to_judge_too() -> None:
    assert state("census-done", "2025-07-01", []) is MilestoneState.UNJUDGED


def test_only_items_due_by_its_day_prove_it() -> None:
    every = items(plan(), 2025, cast.calendar())
    found = [facts(item) for key, item in every.items() if key.startswith("home-visits/")]
    proving = proving_items(milestone("visits-done"), found)  # before 1 July: the first two quarters
    assert {item.item.occurrence.period for item in proving} == {"2025Q1", "2025Q2"}


def test_what_recurs_is_not_met_by_the_years_that_have_been_so_far() -> None:
    def trained(*years: int) -> list[ItemFacts]:
        when = [
            (items(plan(), y, cast.calendar())[f"school-training/education/{y}"], f"{y}-11-20") for y in years
        ]
        return [facts(item, version(day_, accepted=day_)) for item, day_ in when]

    assert state("two-years", "2025-12-31", trained(2025)) is MilestoneState.AHEAD
    assert state("two-years", "2026-11-20", trained(2025, 2026)) is MilestoneState.MET
    assert state("two-years", "2027-01-05", trained(2025)) is MilestoneState.UNJUDGED


def test_every_state_has_a_name_and_a_light() -> None:
    assert set(MILESTONE_NAMES) == set(MILESTONE_LIGHTS) == set(MilestoneState)
