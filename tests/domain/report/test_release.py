"""What leaves the office, attacked with all that a reader can lay side by side: two years, totals, rates, identities."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain.counts import Missing, Sensitivity, Shown, Withheld
from domain.report.material import Material
from domain.report.release import Book, ReleasedFigure, change
from domain.suppression import Cell, suppress
from tests.domain.disclosure_attacker import Attack, earlier
from tests.domain.report import ledger
from tests.domain.report.ledger import PLACES, World, material, torn, world

THRESHOLD = 10
END = {2025: "2025-12-31", 2026: "2026-12-31"}
attacked = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
chances = st.integers(0, 10**6).map(Random)


def small(cell: Cell) -> bool:
    if cell.value is None or cell.sensitivity not in (Sensitivity.COUNT, Sensitivity.SENSITIVE):
        return False
    lowest = 1 if cell.sensitivity is Sensitivity.COUNT else 0
    return lowest <= cell.value.reveal_inside_office() < THRESHOLD


def shown(book: Book) -> dict[str, float]:
    """Everything in print: this year's figures and the earlier years'."""
    now = {f"{book.year}|{k[0]}|{k[1]}": f.shown for k, f in book.figures.items() if f.shown is not None}
    return {name: float(value) for name, value in now.items()} | earlier(book.table)


def find_out(book: Book, *, knows_rule: bool = False) -> dict[str, tuple[float, float]]:
    """What a reader can say of each small count, printed or not, of this year or an earlier one."""
    reader = Attack(book.table, shown(book), knows_rule)
    return {cell.id: reader.interval(cell.id) for cell in book.table.cells if small(cell)}


@attacked
@given(chances, st.sampled_from(["2025-12-31", "2025-10-20"]))
def test_no_small_count_of_a_year_can_be_narrowed_down(chance: Random, as_of: str) -> None:
    book = material(world(chance), 2025, as_of).book
    assert not suppress(book.table).exposed
    for name, (low, high) in find_out(book).items():
        assert low <= 1, (name, low, high)
        assert high - low >= THRESHOLD, (name, low, high)


@attacked
@given(chances, st.sampled_from(["2026-12-31", "2026-11-15"]))
@example(Random(3), "2026-11-15")  # noqa: S311 - figures at random, no secret
@example(Random(13301), "2026-12-31")  # noqa: S311 - three of which last year's report told already that they are not 0
def test_nor_one_of_last_year_by_what_came_and_went_since(chance: Random, as_of: str) -> None:
    book = material(world(chance, largest=40), 2026, as_of).book
    assert not suppress(book.table).exposed
    for name, (low, high) in find_out(book).items():
        assert low <= 1, (name, low, high)
        assert high - low >= THRESHOLD, (name, low, high)
    for name, (low, high) in find_out(book, knows_rule=True).items():
        assert high - low >= THRESHOLD, (name, low, high)


@attacked
@given(chances, st.sampled_from(["2025-12-31", "2025-10-20"]))
def test_nor_by_a_rate_that_leaves_a_unit_out(chance: Random, as_of: str) -> None:
    book = material(torn(world(chance), chance), 2025, as_of).book
    assert not suppress(book.table).exposed
    for name, (low, high) in find_out(book).items():
        assert low <= 1, (name, low, high)
        assert high - low >= THRESHOLD, (name, low, high)


def test_the_attacker_succeeds_where_a_relation_is_forgotten() -> None:
    """So the attacks above can fail: told of no equation, the rule gives small counts away."""
    found = 0
    for seed in range(6):
        book = material(world(Random(seed)), 2025, END[2025]).book  # noqa: S311 - as above
        careless = suppress(replace(book.table, equations=())).released()
        in_print = {name: float(f.value) for name, f in careless.items() if isinstance(f, Shown)}
        reader = Attack(book.table, in_print)
        spans = [reader.interval(cell.id) for cell in book.table.cells if small(cell)]
        found += sum(high - low < THRESHOLD for low, high in spans)
    assert found


def steady(**changed: int | None) -> World:
    """A world without small counts, but for what is changed in 东山镇's every quarter."""
    usual: dict[str, int | None] = {
        "children": 90,
        "behind": 60,
        "hardship": 50,
        "both": 20,
        "came": 12,
        "went": 12,
        "due": 40,
    }
    usual |= {"visited": 20, "orphans": 15, "allowance": 45}
    found = {(year, place): [dict(usual) for _ in range(4)] for year in (2025, 2026) for place in PLACES}
    for year in (2025, 2026):
        found[year, "town"] = [usual | changed for _ in range(4)]
    return found


def released(figures: World, indicator: str, unit: str = "town", year: int = 2025) -> ReleasedFigure:
    figure = material(figures, year, END[year]).book.get(indicator, unit)
    assert figure is not None
    return figure


def test_where_nothing_is_small_everything_is_shown() -> None:
    book = material(steady(), 2026, END[2026]).book
    assert all(isinstance(figure.released, Shown) for figure in book.figures.values())


def test_a_small_count_is_withheld_and_never_alone_in_its_column() -> None:
    book = material(steady(orphans=4, allowance=12), 2025, END[2025]).book
    hidden = {unit for (name, unit), f in book.figures.items() if name == "orphans" and f.shown is None}
    assert "town" in hidden
    assert len(hidden) >= 2


def test_money_paid_to_a_few_is_withheld_with_them() -> None:
    assert isinstance(released(steady(orphans=4, allowance=12), "allowance").released, Withheld)


def test_nobody_in_a_sensitive_group_is_withheld_too() -> None:
    assert isinstance(released(steady(orphans=0, allowance=0), "orphans").released, Withheld)


def test_one_of_an_identity_is_not_left_to_be_reckoned_from_the_others() -> None:
    figures = steady(both=4, behind=44)  # 44 + 50 = 90 + 4
    book = material(figures, 2025, END[2025]).book
    terms = [book.get(i, "town") for i in ("behind", "hardship", "children", "both")]
    assert sum(f is not None and f.shown is None for f in terms) >= 2


def test_those_due_but_not_visited_are_not_left_to_be_reckoned() -> None:
    figures = steady(due=40, visited=39)  # over the year 160 and 156: four families not visited
    pair = [released(figures, i) for i in ("due", "visited")]
    assert any(figure.shown is None for figure in pair)
    assert released(figures, "rate").shown is None


def test_when_all_were_visited_the_full_rate_is_told() -> None:
    figures = steady(due=40, visited=40)
    assert released(figures, "rate").shown == 100


def test_a_rate_below_ten_per_cent_is_no_small_count() -> None:
    figures = steady(due=90, visited=6)  # 24 of 360 over the year
    assert released(figures, "rate").shown == Decimal("6.7")


def test_more_visited_than_due_does_no_harm() -> None:
    assert released(steady(due=40, visited=50), "rate").shown == 125


def test_a_level_that_was_withheld_last_year_is_not_given_away_by_this_years() -> None:
    figures = steady()
    few: dict[str, int | None] = {"children": 7, "behind": 4, "hardship": 4, "both": 1}
    figures[2025, "town"] = [quarter | few for quarter in figures[2025, "town"]]
    before = material(figures, 2025, END[2025]).book.get("children", "town")
    book = material(figures, 2026, END[2026]).book
    now = [book.get(i, "town") for i in ("children", "came", "went")]
    assert before is not None
    assert before.shown is None
    assert any(f is not None and f.shown is None for f in now)


def test_last_years_figures_are_released_just_as_they_were_last_year() -> None:
    figures = world(Random(11))  # noqa: S311 - as above
    last_year = material(figures, 2025, END[2025]).book
    beside = material(figures, 2026, END[2026]).book_before
    assert beside is not None
    assert {k: f.released for k, f in beside.figures.items()} == {
        k: f.released for k, f in last_year.figures.items()
    }


def test_the_first_year_of_a_plan_has_no_year_before() -> None:
    assert material(steady(), 2025, END[2025]).book_before is None


def test_a_year_so_far_stands_beside_the_same_part_of_last_year() -> None:
    found = material(steady(), 2026, "2026-10-20")
    now, before = found.book.get("came", "town"), (found.book_before or found.book).get("came", "town")
    assert now is not None
    assert before is not None
    assert now.shown == before.shown == 36
    assert change(now, before) == "持平"


def figure(value: int | str | None, *, indicator: str = "children", partial: bool = False) -> ReleasedFigure:
    found = released(steady(), indicator)
    gaps = released_with_gap().gaps if partial else ()
    kind = Missing() if value is None else Shown(value=Decimal(value))
    return ReleasedFigure(found.id, found.indicator, found.unit, found.year, kind, found.sources, gaps)


def released_with_gap() -> ReleasedFigure:
    figures = steady()
    history = tuple(
        f
        if f.item.unit != "town" or not f.item.key.endswith("Q2")
        else f.model_copy(update={"submissions": ()})
        for f in ledger.happened(figures, (2025,))
    )
    found = Material(ledger.plan(), material(figures, 2025, END[2025]).calendar, 2025, day_of(2025), history)
    gap = found.book.get("came", "town")
    assert gap is not None
    return gap


def day_of(year: int) -> date:
    return material(steady(), year, END[year]).as_of


def test_a_figure_that_lacks_a_part_bears_its_mark() -> None:
    assert released_with_gap().text == "36△"


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (110, 100, "+10%"),
        (90, 100, "-10%"),
        (100, 100, "持平"),
        (1, 3, "-66.7%"),
        (5, 0, "—"),
        (0, 0, "持平"),
        (None, 100, "—"),
        (100, None, "—"),
    ],
)
def test_the_change_on_last_year_is_reckoned_from_published_figures(
    now: int | None, before: int | None, told: str
) -> None:
    assert change(figure(now), figure(before)) == told


def test_the_change_of_a_rate_is_in_points() -> None:
    assert change(figure("96.5", indicator="rate"), figure("95", indicator="rate")) == "+1.5个百分点"


def test_there_is_no_change_where_a_year_lacks_parts_or_is_not_known() -> None:
    assert change(figure(100, partial=True), figure(90)) == "—"
    assert change(figure(100), figure(90, partial=True)) == "—"
    assert change(figure(100), None) == "—"
    assert change(None, figure(100)) == "—"
