"""What asks a reviewer to read a version by itself."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from domain.entries import FigureEntry, State
from domain.facts import Submission
from domain.flags import FLAG_NAMES, Flag, flags
from domain.plan import PlausibilityRules
from domain.plausibility import LastFigure
from tests import cast

RULES = PlausibilityRules(factor=Decimal(3), floor=Decimal(20))
LAST = {"visits": LastFigure(value=Decimal(100), period="2025年第一季度")}


def version(*figures: FigureEntry, state: State = State.DONE) -> Submission:
    at = cast.moment("2025-07-01 09:00")
    return Submission(
        id=2,
        version=1,
        state=state,
        passages=(),
        figures=figures,
        by=cast.LI_MING,
        at=at,
        day=date(2025, 7, 1),
        door="page",
        content_sha256="",
    )


def visits(value: int | None, remark: str = "") -> FigureEntry:
    return FigureEntry(indicator="visits", value=None if value is None else Decimal(value), remark=remark)


def told(one: Submission, last: Mapping[str, LastFigure] = LAST, **how: int) -> list[Flag]:
    correction, returns = bool(how.get("correction", 0)), how.get("returns", 0)
    return [*flags(one, last, RULES, correction=correction, returns=returns)]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (version(visits(120)), []),
        (version(visits(301)), [Flag.FAR_OFF]),
        (version(visits(301, "新并入两个村")), [Flag.FAR_OFF, Flag.REMARK]),
        (version(visits(120, "含邻村")), [Flag.REMARK]),
        (version(visits(None, "尚未统计")), [Flag.NO_FIGURE, Flag.REMARK]),
        (version(visits(120), state=State.UNDER_WAY), []),
        (version(visits(120), state=State.NOT_STARTED), [Flag.NOT_STARTED]),
        (version(visits(120), state=State.NO_OCCASION), [Flag.NO_OCCASION]),
    ],
)
def test_a_version_is_flagged_for_what_is_out_of_the_ordinary(one: Submission, expected: list[Flag]) -> None:
    assert told(one) == expected


def test_a_first_figure_is_far_off_nothing() -> None:
    assert told(version(visits(9000)), {}) == []


def test_what_came_before_flags_it_too() -> None:
    assert told(version(visits(120)), returns=1) == [Flag.RETURNED_BEFORE]
    assert told(version(visits(120)), correction=1) == [Flag.CORRECTION]
    assert told(version(visits(301)), correction=1, returns=2) == [
        Flag.CORRECTION,
        Flag.RETURNED_BEFORE,
        Flag.FAR_OFF,
    ]


def test_every_flag_has_a_name() -> None:
    assert FLAG_NAMES.keys() == set(Flag)
