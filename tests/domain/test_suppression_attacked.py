"""The guarantee, tried on tables at random by an attacker who shares no code with the rule."""

from dataclasses import replace
from decimal import Decimal
from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from domain.counts import RawCount, Shown
from domain.suppression import (
    AtMost,
    Cause,
    Cell,
    Equation,
    Link,
    Ratio,
    Sensitivity,
    Suppression,
    Table,
    suppress,
)
from tests.domain.disclosure_attacker import attack, attack_without_partners

THRESHOLD = 10
AGES = ("0", "6", "")  # 0-5, 6-13, all
STANDARD = 1469
attacked = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
figures = st.one_of(st.just(0), st.integers(1, 12), st.integers(1, 40), st.integers(10, 300))


@st.composite
def tables(draw: st.DrawFn, *, earlier: bool = False) -> Table:
    """Units by age over two years, with flows, money, percentages and a group within the group."""
    units = [f"u{i}" for i in range(draw(st.integers(1, 4)))]
    sensitivity = draw(st.sampled_from([Sensitivity.COUNT, Sensitivity.SENSITIVE]))
    values: dict[str, int] = {}
    equations: list[Equation] = []
    for year in "12":
        for age in AGES[:-1]:
            values |= {f"{year}{u}{age}": draw(figures) for u in units}
            values[f"{year}t{age}"] = sum(values[f"{year}{u}{age}"] for u in units)
        for u in (*units, "t"):
            values[f"{year}{u}"] = sum(values[f"{year}{u}{age}"] for age in AGES[:-1])
            equations.append(Equation.total(f"{year}{u}", [f"{year}{u}{a}" for a in AGES[:-1]]))
        equations += [Equation.total(f"{year}t{a}", [f"{year}{u}{a}" for u in units]) for a in AGES]
    for u in (*units, "t"):
        left = draw(st.integers(0, 9)) + max(0, values[f"1{u}"] - values[f"2{u}"])
        values |= {f"left{u}": left, f"new{u}": values[f"2{u}"] - values[f"1{u}"] + left}
        equations.append(Equation.stock(f"2{u}", f"1{u}", f"new{u}", f"left{u}"))
    cells = [Cell(name, RawCount(v), sensitivity) for name, v in values.items()]
    extra = draw(st.fixed_dictionaries({k: st.booleans() for k in ("money", "rate", "both")}))
    pay = draw(st.none() | st.lists(st.integers(600, 2000), min_size=4, max_size=4))
    table = Table(tuple(cells), tuple(equations))
    if extra["money"]:
        table = with_money(table, values, units, pay)
    if extra["rate"]:
        table = with_rates(table, values, units)
    if extra["both"]:
        table = with_overlap(table, values, units, sensitivity)
    if earlier:
        known = [n for n, v in values.items() if n.startswith("1") and v >= THRESHOLD]
        assume(known)
        table = replace(table, already_published=draw(st.frozensets(st.sampled_from(known))))
    return table


def with_money(table: Table, values: dict[str, int], units: list[str], pay: list[int] | None) -> Table:
    """Add what was paid in year 2: by the known standard, or a share for each unit."""
    rates = dict(zip(units, pay or [STANDARD] * len(units), strict=False))
    yuan = {f"yuan{u}": values[f"2{u}"] * rates[u] for u in units}
    yuan["yuant"] = sum(yuan.values())
    names = [*units, "t"]
    known = [] if pay else [Equation({f"yuan{u}": 1, f"2{u}": -STANDARD}) for u in names]
    return replace(
        table,
        cells=table.cells + tuple(Cell(n, RawCount(v), Sensitivity.OPEN) for n, v in yuan.items()),
        equations=(*table.equations, *known, Equation.total("yuant", [f"yuan{u}" for u in units])),
        links=tuple(Link(f"yuan{u}", f"2{u}") for u in names),
    )


def with_rates(table: Table, values: dict[str, int], units: list[str]) -> Table:
    """Add the share of the youngest in year 2, to one decimal place."""
    cells, ratios = [], []
    for u in (*units, "t"):
        if values[f"2{u}"]:
            share = (Decimal(100 * values[f"2{u}0"]) / values[f"2{u}"]).quantize(Decimal("0.1"))
            cells.append(Cell(f"rate{u}", RawCount(share), Sensitivity.OPEN))
            ratios.append(Ratio(f"rate{u}", f"2{u}0", f"2{u}"))
    return replace(table, cells=table.cells + tuple(cells), ratios=tuple(ratios))


def with_overlap(table: Table, values: dict[str, int], units: list[str], sensitivity: Sensitivity) -> Table:
    """Add a group inside the group of year 2, without a total."""
    cells = tuple(Cell(f"in{u}", RawCount(values[f"2{u}"] // 2), sensitivity) for u in units)
    bounds = tuple(AtMost(f"in{u}", f"2{u}") for u in units)
    return replace(table, cells=table.cells + cells, bounds=bounds)


def small(decision: Suppression) -> list[str]:
    return [name for name, cause in decision.causes.items() if cause is Cause.SMALL]


def assert_protected(decision: Suppression) -> None:
    plain, informed = attack(decision), attack(decision, knows_rule=True)
    for name in small(decision):
        if name in decision.exposed:
            continue
        low, high = plain.interval(name)
        assert low <= 1, name
        assert high - low >= THRESHOLD, (name, low, high)
        low, high = informed.interval(name)
        assert high - low >= THRESHOLD, (name, low, high)
    for amount, share in shares(decision):
        low, high = plain.interval(amount)
        assert high - low >= THRESHOLD * share, (amount, low, high)


def shares(decision: Suppression) -> list[tuple[str, float]]:
    """Amounts of small counts, with what each child gets."""
    value = {c.id: c.value.reveal_inside_office() for c in decision.table.cells if c.value is not None}
    return [
        (link.amount, float(value[link.amount] / value[link.count]))
        for link in decision.table.links
        if link.count in small(decision)
        and value[link.count]
        and not {link.amount, link.count} & set(decision.exposed)
    ]


@attacked
@given(tables())
def test_nobody_can_narrow_a_small_count_down_to_less_than_the_threshold(table: Table) -> None:
    decision = suppress(table, threshold=THRESHOLD)
    assert not decision.exposed
    assert_protected(decision)


@attacked
@given(tables(earlier=True))
def test_nor_together_with_what_was_published_before(table: Table) -> None:
    assert_protected(suppress(table, threshold=THRESHOLD))


def test_the_attacker_succeeds_where_only_the_small_counts_are_withheld() -> None:
    """So the attack above can fail: without partners nearly every small count is found."""
    chance = Random(7)  # noqa: S311 - tables at random, no secret
    found = tried = 0
    for _ in range(20):
        values = {f"u{i}": chance.choice([chance.randint(1, 9), 40, 70]) for i in range(5)}
        values["t"] = sum(values.values())
        table = Table(
            tuple(Cell(n, RawCount(v), Sensitivity.COUNT) for n, v in values.items()),
            (Equation.total("t", [n for n in values if n != "t"]),),
        )
        decision = suppress(table, threshold=THRESHOLD)
        for name in small(decision):
            low, high = attack_without_partners(decision).interval(name)
            tried += 1
            found += high - low < THRESHOLD
    assert found > tried / 3 > 0


@attacked
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_cells_and_relations_makes_no_difference(table: Table, chance: Random) -> None:
    cells, equations = list(table.cells), list(table.equations)
    chance.shuffle(cells)
    chance.shuffle(equations)
    turned = replace(
        table,
        cells=tuple(cells),
        equations=tuple(Equation(dict(list(e.terms.items())[::-1])) for e in equations),
        bounds=table.bounds[::-1],
        ratios=table.ratios[::-1],
        links=table.links[::-1],
    )
    first, second = suppress(table), suppress(turned)
    assert first.causes == second.causes
    assert first.exposed == second.exposed


@attacked
@given(tables())
def test_no_small_count_is_ever_shown(table: Table) -> None:
    sensitivity = {c.id: c.sensitivity for c in table.cells}
    for name, figure in suppress(table, threshold=THRESHOLD).released().items():
        if isinstance(figure, Shown) and sensitivity[name] is not Sensitivity.OPEN:
            none = 0 if sensitivity[name] is Sensitivity.COUNT else -1
            assert figure.value == none or figure.value >= THRESHOLD


@attacked
@given(tables())
def test_amounts_and_counts_share_their_fate_and_percentages_follow(table: Table) -> None:
    withheld = suppress(table, threshold=THRESHOLD).causes.keys()
    for link in table.links:
        assert (link.amount in withheld) == (link.count in withheld)
    for ratio in table.ratios:
        parts = {ratio.numerator, ratio.denominator}
        assert (ratio.percentage in withheld) == bool(parts & withheld)


@attacked
@given(tables())
def test_where_nothing_is_small_nothing_is_withheld(table: Table) -> None:
    raised = tuple(
        replace(c, value=RawCount(c.value.reveal_inside_office() + 1000))
        for c in table.cells
        if c.value is not None
    )
    assert not suppress(replace(table, cells=raised), threshold=THRESHOLD).causes
