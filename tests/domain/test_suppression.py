"""The rule on small counts in cases that an officer can check by hand.

Units are 甲镇, 乙镇, 丙街道, 丁街道, written a to d where they are part of a cell's id. A figure
that is withheld is written ＊ as in a report; the threshold is 10 unless a case says otherwise.
"""

from decimal import Decimal

import pytest

from domain.counts import Missing, RawCount, Shown, Withheld, WithheldReason
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

OPEN, COUNT = Sensitivity.OPEN, Sensitivity.COUNT
SENSITIVE, INTERNAL = Sensitivity.SENSITIVE, Sensitivity.INTERNAL
PARTS = ("a", "b", "c", "d")


def cells(sensitivity: Sensitivity = COUNT, /, **values: int | str | None) -> tuple[Cell, ...]:
    """Cells by name; None is a figure that nobody reported."""
    return tuple(
        Cell(name, None if v is None else RawCount(Decimal(v)), sensitivity) for name, v in values.items()
    )


def row(**values: int | None) -> Table:
    """Units and their total."""
    parts = [name for name in values if name != "total"]
    return Table(cells(**values), (Equation.total("total", parts),))


def printed(decision: Suppression) -> str:
    """The table as a reader sees it."""
    return " ".join(f"{name}={figure.text()}" for name, figure in decision.released().items())


def test_a_table_without_small_counts_is_shown_whole() -> None:
    assert printed(suppress(row(a=12, b=30, c=0, total=42))) == "a=12 b=30 c=0 total=42"


def test_a_count_below_ten_is_never_shown_and_takes_a_partner_with_it() -> None:
    decision = suppress(row(a=3, b=24, c=18, d=37, total=82))
    assert printed(decision) == "a=＊ b=＊ c=18 d=37 total=82"
    assert decision.causes == {"a": Cause.SMALL, "b": Cause.COMPLEMENTARY}
    assert attack(decision).interval("a") == (0, 27)


def test_without_the_partner_the_total_would_give_the_count_away() -> None:
    decision = suppress(row(a=3, b=24, c=18, d=37, total=82))
    assert attack_without_partners(decision).interval("a") == (3, 3)


@pytest.mark.parametrize(("count", "shown"), [(0, True), (1, False), (9, False), (10, True), (11, True)])
def test_small_is_one_to_nine(count: int, *, shown: bool) -> None:
    (figure,) = suppress(Table(cells(a=count))).released().values()
    assert isinstance(figure, Shown) is shown


@pytest.mark.parametrize(("count", "shown"), [(0, False), (9, False), (10, True)])
def test_in_a_sensitive_group_none_is_small_too(count: int, *, shown: bool) -> None:
    (figure,) = suppress(Table(cells(SENSITIVE, a=count))).released().values()
    assert isinstance(figure, Shown) is shown


def test_the_threshold_is_the_plans() -> None:
    table = row(a=3, b=24, c=18, total=45)
    assert printed(suppress(table, threshold=3)) == "a=3 b=24 c=18 total=45"
    assert suppress(table, threshold=4).causes["a"] is Cause.SMALL
    with pytest.raises(ValueError, match="threshold"):
        suppress(table, threshold=1)


def test_two_withheld_counts_that_add_up_to_little_need_a_third() -> None:
    decision = suppress(row(a=1, b=2, c=25, d=32, total=60))
    assert printed(decision) == "a=＊ b=＊ c=＊ d=32 total=60"


def test_two_small_counts_that_add_up_to_enough_protect_each_other() -> None:
    decision = suppress(row(a=8, b=9, c=25, total=42))
    assert printed(decision) == "a=＊ b=＊ c=25 total=42"


def test_a_small_total_is_withheld_with_its_parts() -> None:
    decision = suppress(row(a=1, b=2, total=3))
    assert printed(decision) == "a=＊ b=＊ total=＊"
    assert attack(decision).interval("total") == (0, float("inf"))


def test_where_one_unit_alone_contributes_the_total_goes() -> None:
    parts = cells(a=4, b=0, c=0)
    table = Table(parts + cells(OPEN, total=4), (Equation.total("total", ["a", "b", "c"]),))
    assert printed(suppress(table)) == "a=＊ b=0 c=0 total=＊"


def test_a_zero_is_no_partner() -> None:
    assert printed(suppress(row(a=3, b=0, c=50, total=53))) == "a=＊ b=0 c=＊ total=53"


def test_a_unit_with_a_single_member_goes_with_it() -> None:
    table = Table(
        cells(village=4, a=4, b=30, total=34),
        (Equation.total("a", ["village"]), Equation.total("total", ["a", "b"])),
    )
    decision = suppress(table)
    assert printed(decision) == "village=＊ a=＊ b=＊ total=34"


def test_a_sum_inside_another_is_seen_through() -> None:
    table = Table(
        cells(a=3, b=20, c=30, townships=23, total=53),
        (Equation.total("townships", ["a", "b"]), Equation.total("total", ["a", "b", "c"])),
    )
    assert printed(suppress(table)) == "a=＊ b=＊ c=30 townships=23 total=53"


def by_age() -> Table:
    """Units by age, with totals of both."""
    values = {
        "a0": 3, "a6": 21, "a14": 16, "a": 40,
        "b0": 15, "b6": 33, "b14": 20, "b": 68,
        "c0": 25, "c6": 31, "c14": 42, "c": 98,
        "t0": 43, "t6": 85, "t14": 78, "t": 206,
    }  # fmt: skip
    sums = [Equation.total(u, [f"{u}0", f"{u}6", f"{u}14"]) for u in "abct"]
    sums += [Equation.total(f"t{k}", [f"{u}{k}" for u in "abc"]) for k in ("0", "6", "14", "")]
    return Table(cells(**values), tuple(sums))


def test_rows_and_columns_take_the_corners_of_a_rectangle() -> None:
    decision = suppress(by_age())
    assert set(decision.causes) == {"a0", "a14", "b0", "b14"}
    low, high = attack(decision, knows_rule=True).interval("a0")
    assert (low, high) == (1, 17)


def orphans() -> Table:
    """The real leak: 孤儿 1, 1469元 by township. The standard is 1469 yuan a month a child."""
    counts = {"a": 1, "b": 24, "c": 18, "d": 37, "total": 80}
    money = {f"{name}_yuan": n * 1469 for name, n in counts.items()}
    return Table(
        cells(**counts) + cells(OPEN, **money),
        (
            Equation.total("total", PARTS),
            Equation.total("total_yuan", [f"{u}_yuan" for u in PARTS]),
        ),
        links=tuple(Link(f"{name}_yuan", name) for name in counts),
    )


def test_one_orphan_and_1469_yuan_are_withheld_together() -> None:
    decision = suppress(orphans())
    assert printed(decision) == (
        "a=＊ b=＊ c=18 d=37 total=80 a_yuan=＊ b_yuan=＊ c_yuan=26442 d_yuan=54353 total_yuan=117520"
    )
    assert decision.causes["a_yuan"] is Cause.LINKED
    low, high = attack(decision).interval("a_yuan")
    assert low <= 1469
    assert high >= 11 * 1469


def test_the_standard_known_to_everybody_does_not_help_either() -> None:
    table = orphans()
    rates = tuple(Equation({f"{u}_yuan": 1, u: -1469}) for u in (*PARTS, "total"))
    decision = suppress(Table(table.cells, table.equations + rates, links=table.links))
    assert not decision.exposed
    assert attack(decision).interval("a") == (0, 25)


def test_two_known_standards_of_pay_can_be_solved_for_and_are_not_left_so() -> None:
    """With a and b alone withheld, a + b = 25 and 1469a + 2000b = 49469 would have one answer."""
    table = Table(
        cells(a=1, b=24, c=18, d=37, total=80)
        + cells(OPEN, a_yuan=1469, b_yuan=48000, c_yuan=26442, d_yuan=74000, total_yuan=149911),
        (
            Equation.total("total", PARTS),
            Equation.total("total_yuan", [f"{u}_yuan" for u in PARTS]),
            *(
                Equation({f"{u}_yuan": 1, u: -rate})
                for u, rate in zip(PARTS, (1469, 2000, 1469, 2000), strict=True)
            ),
        ),
        links=tuple(Link(f"{u}_yuan", u) for u in PARTS),
    )
    decision = suppress(table)
    low, high = attack(decision).interval("a")
    assert low <= 1
    assert high >= 11


def test_money_in_ten_thousand_yuan_keeps_its_decimals() -> None:
    table = Table(
        cells(a=1, b=24, c=18, total=43)
        + cells(OPEN, a_wan="0.1469", b_wan="3.5256", c_wan="2.6442", total_wan="6.3167"),
        (
            Equation.total("total", ["a", "b", "c"]),
            Equation.total("total_wan", ["a_wan", "b_wan", "c_wan"]),
        ),
        links=(Link("a_wan", "a"), Link("b_wan", "b"), Link("c_wan", "c")),
    )
    assert printed(suppress(table)).endswith("a_wan=＊ b_wan=＊ c_wan=2.6442 total_wan=6.3167")


def test_a_percentage_goes_with_its_numerator() -> None:
    table = Table(
        cells(visited=7, all=40) + cells(OPEN, rate="17.5"),
        ratios=(Ratio("rate", "visited", "all"),),
    )
    decision = suppress(table)
    assert printed(decision) == "visited=＊ all=40 rate=＊"
    assert decision.causes["rate"] is Cause.PERCENTAGE
    shown = attack(decision).shown | {"rate": 17.5}
    assert type(attack(decision))(table, shown).interval("visited") == (7, 7)


def test_a_percentage_goes_with_its_denominator() -> None:
    table = Table(cells(girls=0, all=8) + cells(OPEN, rate=0), ratios=(Ratio("rate", "girls", "all"),))
    assert printed(suppress(table)) == "girls=0 all=＊ rate=＊"


def test_a_percentage_of_shown_figures_is_shown() -> None:
    table = Table(
        cells(visited=30, all=40) + cells(OPEN, rate=75),
        ratios=(Ratio("rate", "visited", "all"),),
    )
    assert printed(suppress(table)) == "visited=30 all=40 rate=75"


def test_a_percentage_does_not_stand_in_for_a_missing_count_of_children() -> None:
    table = Table(
        cells(visited=None, all=40) + cells(OPEN, rate="17.5"),
        ratios=(Ratio("rate", "visited", "all"),),
    )
    assert printed(suppress(table)) == "visited=— all=40 rate=＊"


def test_the_few_that_were_not_visited_are_protected_though_no_table_shows_them() -> None:
    table = Table(
        (*cells(due=50, done=49), Cell("not_done", RawCount(1), COUNT, printed=False)),
        (Equation.total("due", ["done", "not_done"]),),
    )
    decision = suppress(table)
    assert "not_done" not in decision.released()
    assert len([n for n in ("due", "done") if n in decision.causes]) == 1


def test_the_difference_to_last_quarters_total_is_no_way_in() -> None:
    """Up to the 2nd quarter 12, up to the 3rd 14: the two of the 3rd cannot be shown."""
    table = Table(
        cells(to_q2=12, q3=2, to_q3=14),
        (Equation.cumulative("to_q3", "to_q2", "q3"),),
        already_published=frozenset({"to_q2"}),
    )
    assert printed(suppress(table)) == "to_q2=12 q3=＊ to_q3=＊"


def test_stock_and_flow_are_seen_through() -> None:
    """期末 = 期初 + 新增 - 退出: three of them shown would give the fourth."""
    table = Table(
        cells(before=100, entered=12, left=3, now=109),
        (Equation.stock("now", "before", "entered", "left"),),
        already_published=frozenset({"before"}),
    )
    decision = suppress(table)
    assert printed(decision) == "before=100 entered=＊ left=＊ now=109"


def test_what_earlier_releases_give_away_is_withheld_and_reported_to_the_office() -> None:
    table = Table(
        cells(to_q2=12, q3=2, to_q3=14),
        (Equation.cumulative("to_q3", "to_q2", "q3"),),
        already_published=frozenset({"to_q2", "to_q3"}),
    )
    decision = suppress(table)
    assert decision.exposed == ("q3",)
    assert printed(decision) == "to_q2=12 q3=＊ to_q3=14"
    assert "请办公室核查" in (decision.reason("q3") or "")


def test_a_percentage_published_before_is_reported_to_the_office() -> None:
    table = Table(
        cells(visited=7, all=40) + cells(OPEN, rate="17.5"),
        ratios=(Ratio("rate", "visited", "all"),),
        already_published=frozenset({"rate"}),
    )
    assert suppress(table).exposed == ("visited",)


def test_an_amount_published_before_is_reported_to_the_office() -> None:
    table = Table(
        cells(a=1) + cells(OPEN, a_yuan=1469),
        links=(Link("a_yuan", "a"),),
        already_published=frozenset({"a_yuan"}),
    )
    assert suppress(table).exposed == ("a",)


def test_a_part_shown_inside_a_small_whole_would_bound_it() -> None:
    table = Table(cells(OPEN, both=8) + cells(hard=9), bounds=(AtMost("both", "hard"),))
    decision = suppress(table)
    assert printed(decision) == "both=＊ hard=＊"
    assert attack(decision).interval("hard") == (0, float("inf"))


def test_a_whole_that_bounds_a_small_part_is_withheld() -> None:
    table = Table(cells(both=3) + cells(OPEN, left_behind=8), bounds=(AtMost("both", "left_behind"),))
    assert printed(suppress(table)) == "both=＊ left_behind=＊"


def test_a_whole_that_is_large_enough_is_shown() -> None:
    table = Table(cells(both=3, left_behind=800), bounds=(AtMost("both", "left_behind"),))
    assert printed(suppress(table)) == "both=＊ left_behind=800"


def test_an_internal_figure_never_leaves_and_cannot_be_worked_out() -> None:
    table = Table(
        cells(INTERNAL, a=137) + cells(OPEN, b=60, c=45, total=242),
        (Equation.total("total", ["a", "b", "c"]),),
    )
    decision = suppress(table)
    assert decision.released()["a"] == Withheld(reason=WithheldReason.INTERNAL)
    low, high = attack(decision).interval("a")
    assert high - low >= 10


def test_an_internal_figure_does_not_tell_whether_it_was_reported() -> None:
    (figure,) = suppress(Table(cells(INTERNAL, a=None))).released().values()
    assert figure == Withheld(reason=WithheldReason.INTERNAL)


def test_a_missing_figure_is_no_zero_and_no_partner() -> None:
    decision = suppress(row(a=3, b=None, c=50, total=53))
    assert printed(decision) == "a=＊ b=— c=＊ total=53"
    assert decision.released({"b": "未按时报送"})["b"] == Missing(reason="未按时报送")


def test_a_missing_figure_that_a_total_from_elsewhere_gives_away_is_protected() -> None:
    """The information system counts 53, the units that reported 50: the other has 3."""
    assert printed(suppress(row(a=3, b=None, c=50, total=56))) == "a=＊ b=— c=＊ total=56"
    assert printed(suppress(row(a=20, b=None, c=30, total=53))) == "a=＊ b=— c=30 total=53"


def test_where_no_total_was_reported_no_partner_is_needed() -> None:
    assert printed(suppress(row(a=3, b=24, c=18, total=None))) == "a=＊ b=24 c=18 total=—"


def test_figures_that_disagree_with_their_total_are_protected_all_the_same() -> None:
    assert printed(suppress(row(a=3, b=24, c=18, total=46))) == "a=＊ b=＊ c=18 total=46"


def test_a_change_on_last_year_may_be_negative_and_is_no_way_in() -> None:
    table = Table(
        cells(last=12, now=4) + cells(OPEN, change=-8),
        (Equation.cumulative("now", "last", "change"),),
        already_published=frozenset({"last"}),
    )
    assert printed(suppress(table)) == "last=12 now=＊ change=＊"


def test_readers_cannot_tell_the_small_count_from_its_partner() -> None:
    released = suppress(row(a=3, b=24, c=18, total=45)).released()
    assert released["a"] == released["b"] == Withheld()


def test_the_office_reads_the_reason_in_chinese() -> None:
    decision = suppress(row(a=3, b=24, c=18, total=45))
    assert decision.reason("a") == "人数过少（不足10），可能识别到具体儿童，不予公布"
    assert decision.reason("b") == "该数公布后可由合计、分项或前期数推算出被隐去的数，一并隐去"
    assert decision.reason("c") is None


def test_in_a_column_of_thousands_one_partner_is_enough() -> None:
    values = {f"u{i:04}": 20 for i in range(3000)} | {"u1500": 4}
    decision = suppress(row(**values, total=sum(values.values())))
    assert set(decision.causes) == {"u1500", "u0000"}


def test_a_table_with_a_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        Table(cells(a=1) + cells(a=2))
    with pytest.raises(ValueError, match="lacks"):
        Table(cells(a=1), (Equation.total("total", ["a"]),))
    with pytest.raises(ValueError, match="zero coefficient"):
        Table(cells(a=1), (Equation({"a": 0}),))
    with pytest.raises(ValueError, match="negative"):
        Table(cells(a=-1))
