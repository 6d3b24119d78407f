"""The district's rates are over the units that gave both parts, and of the same periods."""

from decimal import Decimal

from domain.aggregate import Figure, Gap, Key
from domain.report.sums import DISTRICT, sums
from tests.domain.report import ledger


def known(value: int | None, *missing: str, unit: str = "town") -> Figure:
    return Figure(None if value is None else Decimal(value), gaps=tuple(Gap(unit, p) for p in missing))


def rate_of(collected: dict[Key, Figure]) -> Figure:
    return sums(ledger.plan(), collected).figures["rate", DISTRICT]


WHOLE = {
    ("due", "town"): known(10),
    ("visited", "town"): known(9),
    ("due", "street"): known(200),
    ("visited", "street"): known(100),
}


def test_a_district_rate_is_of_sums() -> None:
    assert rate_of(WHOLE).value == Decimal("51.9")


def test_a_unit_that_gave_only_one_part_is_left_out_of_the_rate_and_listed() -> None:
    silent = WHOLE | {("visited", "street"): known(None, "2025Q1", unit="street")}
    found = rate_of(silent)
    assert found.value == 90
    assert found.gaps == (Gap("street", "2025Q1"),)
    assert not sums(ledger.plan(), silent).whole_coverage(
        ledger.plan(), ledger.plan().indicators_by_id["rate"]
    )


def test_a_unit_whose_parts_speak_of_different_periods_has_no_rate_and_is_left_out() -> None:
    torn = WHOLE | {("visited", "street"): known(60, "2025Q2", unit="street")}
    found = sums(ledger.plan(), torn)
    assert found.figures["rate", "street"].value is None
    assert found.figures["rate", DISTRICT].value == 90


def test_where_both_parts_lack_the_same_period_the_rate_stands_and_is_partial() -> None:
    both = WHOLE | {
        ("due", "street"): known(150, "2025Q2", unit="street"),
        ("visited", "street"): known(75, "2025Q2", unit="street"),
    }
    found = rate_of(both)
    assert (found.value, found.partial) == (Decimal("52.5"), True)


def test_no_figure_adds_overlapping_groups_up() -> None:
    collected = {
        ("behind", "town"): known(60),
        ("hardship", "town"): known(50),
        ("children", "town"): known(90),
    }
    found = sums(ledger.plan(), collected).figures
    assert Decimal(110) not in {figure.value for figure in found.values()}
    assert {key for key, figure in found.items() if figure.value is not None} == {
        (name, unit) for name in ("behind", "hardship", "children") for unit in ("town", DISTRICT)
    }
