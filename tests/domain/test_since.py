"""What was over before it could be demanded is made up for (补录), and nobody is reminded of it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.since import Edition, since

ISSUED = date(2024, 4, 29)


def test_nothing_is_demanded_from_before_the_plan_came_into_force() -> None:
    found = since(ISSUED, [Edition(date(2025, 3, 10), {"town"}, {"visits"})])
    assert found.backfill("town", "visits", date(2025, 3, 9))
    assert not found.backfill("town", "visits", date(2025, 3, 10))


def test_a_plan_adopted_before_its_issue_counts_from_the_issue() -> None:
    found = since(ISSUED, [Edition(date(2024, 1, 1), {"town"}, {"visits"})])
    assert found.of("town", "visits") == ISSUED


def test_a_unit_that_joins_later_owes_from_then_on_and_so_does_a_new_duty() -> None:
    found = since(
        ISSUED,
        [
            Edition(date(2024, 5, 6), {"town"}, {"visits"}),
            Edition(date(2025, 2, 3), {"town", "street"}, {"visits"}),
            Edition(date(2025, 7, 1), {"town", "street"}, {"visits", "training"}),
        ],
    )
    assert found.of("town", "visits") == date(2024, 5, 6)
    assert found.of("street", "visits") == date(2025, 2, 3)
    assert found.of("street", "training") == date(2025, 7, 1)


def test_a_unit_that_left_and_came_back_counts_from_its_return() -> None:
    editions = [
        Edition(date(2024, 5, 6), {"town", "street"}, {"visits"}),
        Edition(date(2024, 9, 2), {"town"}, {"visits"}),
        Edition(date(2025, 2, 3), {"town", "street"}, {"visits"}),
    ]
    assert since(ISSUED, editions).of("street", "visits") == date(2025, 2, 3)


@given(st.lists(st.tuples(st.dates(date(2024, 5, 1), date(2026, 1, 1)), st.sets(st.sampled_from("abc")))))
def test_nobody_owes_from_before_the_first_version(versions: list[tuple[date, set[str]]]) -> None:
    editions = [Edition(day, units, {"d"}) for day, units in sorted(versions, key=lambda v: v[0])]
    found = since(ISSUED, editions)
    first = editions[0].day if editions else ISSUED
    assert all(found.of(unit, "d") >= max(ISSUED, first) for unit in "abc")
