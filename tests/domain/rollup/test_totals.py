"""Sums over districts say what they are sums of, and tell nothing that a district withheld."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.counts import Released, Shown, Withheld
from domain.report.summary import Summary
from domain.rollup.frame import Matching
from domain.rollup.totals import Total, measure_totals, totals
from tests.domain.rollup.districts import WITHHELD, figure, frame, measure, slug, summary


def of(*summaries: Summary) -> dict[str, Total]:
    return {t.indicator.name: t for t in totals(Matching(frame(), summaries))}


def test_published_figures_are_added_up_and_the_rest_is_said_to_be_left_out() -> None:
    total = of(
        summary("临河县", figure("留守儿童", 120)),
        summary("望江区", figure("留守儿童", WITHHELD)),
        summary("青山区", figure("留守儿童", None)),
    )["留守儿童"]
    assert (total.value, total.of, total.withheld, total.missing) == (Decimal(120), 1, 1, 1)
    assert total.text == "120▲"


def test_what_every_district_withholds_stays_withheld() -> None:
    total = of(summary("临河县", figure("孤儿", WITHHELD)), summary("望江区", figure("孤儿", WITHHELD)))[
        "孤儿"
    ]
    assert (total.value, total.text) == (None, "＊")


def test_a_district_whose_plan_lacks_the_indicator_counts_as_missing() -> None:
    total = of(summary("临河县", figure("孤儿", 12)), summary("望江区"))["孤儿"]
    assert (total.value, total.missing, total.text) == (Decimal(12), 1, "12▲")


def test_what_does_not_add_up_is_listed_without_a_sum() -> None:
    standard = {"unit": "元", "adds_up": False}
    total = of(
        summary("临河县", figure("月标准", 1460, **standard)),
        summary("望江区", figure("月标准", 1500, **standard)),
    )["月标准"]
    assert (total.value, total.text) == (None, "—")


def test_a_rate_is_that_of_sums_over_districts_that_publish_both_parts() -> None:
    def district(region: str, top: Released | int, bottom: int, rate: int) -> Summary:
        own = {"nature": "ratio", "unit": "%", "adds_up": False, "parts": (slug("已建档"), slug("应建档"))}
        return summary(region, figure("已建档", top), figure("应建档", bottom), figure("建档率", rate, **own))

    rate = of(
        district("临河县", 10, 100, 10),
        district("望江区", 900, 900, 100),
        district("青山区", WITHHELD, 50, 4),
    )["建档率"]
    assert (rate.value, rate.of) == (Decimal("91.0"), 2)


def test_measures_are_added_up_by_items_and_not_by_districts() -> None:
    found = measure_totals(
        Matching(
            frame(),
            (
                summary("临河县", measures=(measure(1, "建立台账", due=90, complete=90),)),
                summary("望江区", measures=(measure(4, "建立台账", due=10, complete=0),)),
                summary("青山区"),
            ),
        )
    )
    (only,) = found
    assert (only.of, only.complete, only.rates.completeness.text()) == (2, 1, "90%")


_RELEASED = st.one_of(st.integers(10, 500), st.just(WITHHELD), st.none())


@given(st.lists(_RELEASED, min_size=1, max_size=6))
def test_a_sum_can_be_reckoned_by_whoever_reads_the_districts_reports(
    given_: list[int | Withheld | None],
) -> None:
    total = of(*(summary(f"第{n}区", figure("留守儿童", one)) for n, one in enumerate(given_)))["留守儿童"]
    published = [one for one in given_ if isinstance(one, int)]
    assert total.value == (sum(published) if published else None)
    assert total.of + total.withheld + total.missing == len(given_)
    assert (total.text == str(sum(published))) == (len(published) == len(given_))


def test_a_figure_with_parts_missing_is_added_and_marked() -> None:
    total = of(summary("临河县", figure("留守儿童", Shown.of(80), whole=False)))["留守儿童"]
    assert total.text == "80▲"
