"""Receipts found again by their number; each unit finds its own and nobody else's."""

from typing import Any

import pytest
from sqlalchemy import Engine

from domain.entries import State
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from services.intake import Receipt, submit
from services.receipts import Slip, find_receipt
from tests import cast

APRIL = cast.moment("2025-04-01 09:00")


def hand_in(engine: Engine, count: int = 120, key: str = cast.VISIT_Q1, unit: str = cast.TOWN) -> Receipt:
    how: dict[str, Any] = {"unit": unit, "by": cast.LI_MING, "at": APRIL, "door": "page"}
    with writing(engine) as session:
        return submit(session, cast.small_plan(), [cast.visits(key, count=count)], **how)[0]


def found(engine: Engine, number: str, unit: str | None = None) -> Slip:
    with reading(engine) as session:
        return find_receipt(session, cast.small_plan(), number, unit=unit)


def test_a_receipt_is_found_again_as_it_was_given(opened: Engine) -> None:
    receipt = hand_in(opened)
    slip = found(opened, f" {receipt.number}\n", cast.TOWN)
    assert slip.receipt == receipt
    assert (slip.unit, slip.duty, slip.period_label, slip.state, slip.by, slip.door, slip.attachments) == (
        cast.TOWN,
        "home-visits",
        "2025年第一季度",
        State.DONE,
        cast.LI_MING,
        "page",
        0,
    )
    assert found(opened, receipt.number) == slip


@pytest.mark.parametrize(
    "number",
    [
        "20250401-000002",
        "20250402-000001",
        "000001",
        "20250401-1",
        "",
        "２０２５０４０１-000001",
        "20250401-0000001",
    ],
)
def test_a_wrong_number_finds_nothing(opened: Engine, number: str) -> None:
    hand_in(opened)
    with pytest.raises(Problem) as refusal:
        found(opened, number)
    assert refusal.value.kind is ProblemKind.RECEIPT_UNKNOWN


def test_another_units_receipt_is_as_good_as_none(opened: Engine) -> None:
    receipt = hand_in(opened)
    with pytest.raises(Problem) as refusal:
        found(opened, receipt.number, cast.STREET)
    assert refusal.value.kind is ProblemKind.RECEIPT_UNKNOWN
