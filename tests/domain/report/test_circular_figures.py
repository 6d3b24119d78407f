"""What a circular gives away of children: nothing, because nothing in it depends on a count of them."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random

import pytest

from domain.counts import Sensitivity
from domain.facts import ItemFacts
from domain.periods import period_of
from domain.plan import Plan
from domain.report.circular.document import circular, freeze_circular
from domain.report.circular.figures import book, tellable
from domain.report.circular.material import CircularMaterial
from domain.report.frozen import to_bytes
from domain.report.material import Issue
from domain.since import Since
from domain.workdays import WorkCalendar
from tests import cast
from tests.domain.happenings import day
from tests.domain.report import ledger, tiedong
from tests.domain.report.circulars import words
from tests.linhe import linhe

PLANS = [
    pytest.param(tiedong.plan, id="tiedong"),
    pytest.param(linhe, id="linhe"),
    pytest.param(ledger.plan, id="ledger"),
]
SECRET = (Sensitivity.COUNT, Sensitivity.SENSITIVE, Sensitivity.INTERNAL)


def seen(plan: Plan, calendar: WorkCalendar, history: tuple[ItemFacts, ...]) -> CircularMaterial:
    period = period_of("2025Q3")
    assert period is not None
    since = Since(plan.document.issued, {}, {})
    return CircularMaterial(plan, calendar, period, day("2025-10-14"), since, history, Issue())


def swapped(history: tuple[ItemFacts, ...], values: Mapping[str, Decimal]) -> tuple[ItemFacts, ...]:
    """The same history with other values for some indicators."""
    return tuple(
        f.model_copy(
            update={
                "submissions": tuple(
                    s.model_copy(
                        update={
                            "figures": tuple(
                                one.model_copy(update={"value": values.get(one.indicator, one.value)})
                                for one in s.figures
                            )
                        }
                    )
                    for s in f.submissions
                )
            }
        )
        for f in history
    )


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_counts_of_children_are_the_circular_is_the_same_to_the_byte(seed: int) -> None:
    chance, plan = Random(seed), tiedong.plan()  # noqa: S311 - figures at random, no secret
    history = tiedong.history(2025)
    secret = [i.id for i in plan.indicators if i.sensitivity in SECRET]
    other = swapped(history, {i: Decimal(chance.randint(0, 30)) for i in secret})
    first, second = (
        to_bytes(freeze_circular(seen(plan, tiedong.calendar(), h), "0")) for h in (history, other)
    )
    assert first == second


def test_nor_does_it_tell_what_stands_for_them() -> None:
    history = ledger.happened(ledger.world(Random(1)), (2025,))  # noqa: S311 - as above
    found = seen(ledger.plan(), cast.calendar(), history)
    assert not any(f.shown for f in book(found).figures.values())
    assert "allowance" not in tellable(ledger.plan())  # what is paid for each orphan tells how many there are
    assert "服务对象数" not in words(circular(found))


@pytest.mark.parametrize("plan", PLANS)
def test_nothing_told_is_tied_to_a_count_of_children(plan: object) -> None:
    known = plan()  # type: ignore[operator]  # one of the plans above
    told = tellable(known)
    kinds = {i.id: i.sensitivity for i in known.indicators}
    assert all(kinds[i] is Sensitivity.OPEN for i in told)
    for indicator in known.indicators:
        parts = {*indicator.linked, *({indicator.part_of} if indicator.part_of else set())}
        if indicator.ratio is not None:
            parts |= {indicator.ratio.numerator, indicator.ratio.denominator}
        if indicator.id in told:
            assert parts <= told, indicator.id
        elif indicator.linked:
            assert not parts & told, indicator.id


def test_what_was_done_is_told_with_its_sources() -> None:
    found = seen(tiedong.plan(), tiedong.calendar(), tiedong.history(2025))
    document = circular(found)
    assert "排查发现校园隐患100处" in words(document)
    (annex,) = [one for one in document.annexes if one.title == "数据来源表"]
    rows = [[cell.text for cell in row.cells] for t in annex.blocks if t.kind == "table" for row in t.rows]
    assert any("校园隐患发现数" in row[0] for row in rows)
    assert any("上半年 第1版" in cell for row in rows for cell in row)
