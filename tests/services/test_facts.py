"""What happened, as rules are given it; and last period's figures beside the form."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine

from domain.facts import Verdict
from domain.plausibility import LastFigure
from models.engine import reading, writing
from services.facts import item_facts, last_figures, year_facts
from services.intake import submit
from services.review import accept, send_back
from tests import cast
from tests.statements import asked

APRIL = cast.moment("2025-04-02 09:00")
JULY = cast.moment("2025-07-01 09:00")
Q3 = cast.item_key("home-visits", cast.TOWN, "2025Q3")


def _submit(engine: Engine, key: str, count: int | None, unit: str = cast.TOWN) -> None:
    entry = cast.visits(key, count=count)
    if count is None:
        figures = tuple(f.model_copy(update={"remark": "台账尚未汇总"}) for f in entry.figures)
        entry = entry.model_copy(update={"figures": figures})
    with writing(engine) as session:
        submit(session, cast.small_plan(), [entry], unit=unit, by=cast.LI_MING, at=JULY, door="page")


def _last(engine: Engine, *keys: str, unit: str = cast.TOWN) -> dict[str, dict[str, LastFigure]]:
    with reading(engine) as session:
        return last_figures(session, cast.small_plan(), unit, keys)


def test_facts_tell_every_version_and_every_verdict(opened: Engine) -> None:
    plan = cast.small_plan()
    _submit(opened, cast.VISIT_Q1, 120)
    with writing(opened) as session:
        send_back(session, plan, cast.VISIT_Q1, version=1, reviewer=cast.ZHAO_QIANG, at=JULY, reason="请核对")
    _submit(opened, cast.VISIT_Q1, 118)
    with writing(opened) as session:
        accept(session, plan, cast.VISIT_Q1, version=2, reviewer=cast.ZHAO_QIANG, at=JULY)
    with reading(opened) as session:
        facts = {f.item.key: f for f in year_facts(session, plan, 2025)}
    visit = facts[cast.VISIT_Q1]
    assert [(s.version, s.review.verdict if s.review else None) for s in visit.submissions] == [
        (1, Verdict.RETURNED),
        (2, Verdict.ACCEPTED),
    ]
    assert visit.times_returned == 1
    assert visit.accepted is not None
    assert visit.accepted.figures[1].value == Decimal(118)
    assert visit.accepted.day == JULY.date()
    assert facts[cast.VISIT_Q2].submissions == ()


def test_facts_of_another_year_are_others(opened: Engine) -> None:
    with reading(opened) as session:
        assert year_facts(session, cast.small_plan(), 2026) == ()


@pytest.mark.parametrize("submissions", [1, 3])
def test_facts_cost_the_same_queries_however_many_there_are(opened: Engine, submissions: int) -> None:
    for count in range(submissions):
        _submit(opened, cast.VISIT_Q1, 100 + count)
        _submit(opened, cast.VISIT_Q2, 100 + count)
    plan = cast.small_plan()
    with reading(opened) as session:
        session.connection()
        assert len(asked(opened, lambda: year_facts(session, plan, 2025))) == 4
        assert len(asked(opened, lambda: item_facts(session, plan, cast.VISIT_Q1))) == 4


def test_facts_of_one_item_are_those_that_the_year_has_of_it(opened: Engine) -> None:
    plan = cast.small_plan()
    _submit(opened, cast.VISIT_Q1, 120)
    _submit(opened, cast.VISIT_Q1, 121)
    _submit(opened, cast.VISIT_Q2, 90)
    with reading(opened) as session:
        facts = {f.item.key: f for f in year_facts(session, plan, 2025)}
        assert [item_facts(session, plan, key) for key in facts] == list(facts.values())
        assert item_facts(session, plan, "small/none/town/2025") is None


def test_last_period_is_the_nearest_one_before_with_a_value(opened: Engine) -> None:
    _submit(opened, cast.VISIT_Q1, 120)
    _submit(opened, cast.VISIT_Q2, None)
    first = LastFigure(Decimal(120), "2025年第一季度")
    assert _last(opened, cast.VISIT_Q1, cast.VISIT_Q2, Q3) == {
        cast.VISIT_Q2: {cast.VISITS: first, cast.FUNDS: LastFigure(Decimal("3.5"), "2025年第一季度")},
        Q3: {cast.VISITS: first, cast.FUNDS: LastFigure(Decimal("3.5"), "2025年第二季度")},
    }


def test_last_periods_figure_is_that_of_its_newest_version(opened: Engine) -> None:
    _submit(opened, cast.VISIT_Q1, 120)
    _submit(opened, cast.VISIT_Q1, 130)
    assert _last(opened, cast.VISIT_Q2)[cast.VISIT_Q2][cast.VISITS].value == Decimal(130)


def test_a_returned_figure_is_nothing_to_compare_with(opened: Engine) -> None:
    _submit(opened, cast.VISIT_Q1, 120)
    with writing(opened) as session:
        send_back(
            session,
            cast.small_plan(),
            cast.VISIT_Q1,
            version=1,
            reviewer=cast.ZHAO_QIANG,
            at=JULY,
            reason="请核对",
        )
    assert _last(opened, cast.VISIT_Q2) == {}


def test_another_units_figures_are_never_shown(opened: Engine) -> None:
    _submit(opened, cast.VISIT_Q1, 120)
    street = cast.item_key("home-visits", cast.STREET, "2025Q2")
    assert _last(opened, street, unit=cast.STREET) == {}
    assert _last(opened, cast.VISIT_Q2, unit=cast.STREET) == {}
