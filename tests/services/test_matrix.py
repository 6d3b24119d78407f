"""The matrix and the rates of units and measures, by the set, are those of the facts."""

from datetime import date, timedelta

from sqlalchemy import Engine

from domain.plan import UnitKind
from domain.rates import Rates, rates
from domain.status import Light
from models.engine import reading
from services.matrix import Matrix, matrix
from services.performance import RatesOrder, Step, measure_rates, trend, unit_rates
from tests import cast
from tests.services.from_facts import Reckoned, every_fact
from tests.statements import asked

PLAN = cast.small_plan()
DAYS = [date(2025, 1, 1) + timedelta(days=29 * n) for n in range(14)]
AUTUMN = date(2025, 10, 9)


def whole(engine: Engine, **how: object) -> Matrix:
    with reading(engine) as session:
        return matrix(session, PLAN, AUTUMN, cast.calendar(), **how)  # type: ignore[arg-type]  # each test gives what it should


def test_every_cell_is_on_every_day_what_facts_say(eventful: Engine) -> None:
    with reading(eventful) as session:
        every = every_fact(session, PLAN)
        for day in DAYS:
            exact = Reckoned(PLAN, every, day)
            found = matrix(session, PLAN, day, cast.calendar())
            assert [row.unit_id for row in found.rows] == [unit.id for unit in PLAN.units]
            assert [column.number for column in found.columns] == [1, 2, None]
            for row in found.rows:
                for column, cell in zip(found.columns, row.cells, strict=True):
                    own = [f for f in exact.measure(column.number) if f.item.unit == row.unit_id]
                    told = (
                        (cell.light, cell.items, cell.owed, cell.finished, cell.late, cell.to_review)
                        if cell
                        else (Light.GREY, 0, 0, 0, 0, 0)
                    )
                    assert told == exact.counts(own), (day, row.unit, column.title)


def test_a_unit_without_part_in_a_measure_has_no_cell_there(eventful: Engine) -> None:
    education = next(row for row in whole(eventful).rows if row.unit_id == cast.EDUCATION)
    assert education.cells[0] is None
    assert education.cells[1] is not None


def test_units_are_found_by_kind_and_by_light_and_shown_by_pages(eventful: Engine) -> None:
    streets = whole(eventful, kinds=[UnitKind.STREET, UnitKind.TOWNSHIP])
    assert [row.unit_id for row in streets.rows] == [cast.TOWN, cast.STREET]
    pages = [whole(eventful, number=n, size=3) for n in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [3, 1, 0]
    assert pages[0].pages == 2
    assert (*pages[0].rows, *pages[1].rows) == whole(eventful).rows
    for light in Light:
        with reading(eventful) as session:
            exact = Reckoned(PLAN, every_fact(session, PLAN), AUTUMN)
        having = {f.item.unit for f in exact.measure(1) if exact.light(f) is light}
        found = whole(eventful, light=light, measures=[1])
        assert {row.unit_id for row in found.rows} == having
        assert [column.number for column in found.columns] == [1]


def test_rates_of_units_measures_and_quarters_are_those_of_their_facts(eventful: Engine) -> None:
    with reading(eventful) as session:
        every = every_fact(session, PLAN)
        for day in DAYS:
            exact = Reckoned(PLAN, every, day)
            for unit in unit_rates(session, PLAN, day).units:
                assert unit.rates == rates([f for f in exact.facts if f.item.unit == unit.unit_id], day)
            told = {m.number: m.rates for m in measure_rates(session, PLAN, day)}
            for number in (1, 2, None):
                own = rates(exact.measure(number), day)
                assert told.get(number, own) == own
                assert (number in told) == (own.due > 0)
            for units in ((), (cast.TOWN,)):
                facts = [f for f in exact.facts if not units or f.item.unit in units]
                points = trend(session, PLAN, day, units=units)
                for point in points:
                    ends = [point.start + timedelta(days=n) for n in range(93)]
                    of_quarter = [
                        f
                        for f in facts
                        if f.item.due in ends and f.item.due.month - point.start.month in (0, 1, 2)
                    ]
                    assert point.rates == rates(of_quarter, day), (day, point.label)
                assert sum(p.rates.due for p in points) == rates(facts, day).due


def test_a_trend_is_told_in_the_words_of_its_periods(eventful: Engine) -> None:
    with reading(eventful) as session:
        quarters = trend(session, PLAN, AUTUMN)
        years = trend(session, PLAN, AUTUMN, Step.YEAR, measures=[1])
    assert [p.label for p in quarters] == [
        "2025年第一季度",
        "2025年第二季度",
        "2025年第三季度",
        "2025年第四季度",
    ]
    assert [(p.label, p.start) for p in years] == [("2025年", date(2025, 1, 1))]


def test_the_worst_units_come_first_where_that_is_asked_for(eventful: Engine) -> None:
    def shares(order: RatesOrder) -> list[Rates]:
        with reading(eventful) as session:
            first = unit_rates(session, PLAN, AUTUMN, order=order, size=2)
            second = unit_rates(session, PLAN, AUTUMN, order=order, size=2, number=2)
        assert first.total == len(PLAN.units)
        return [unit.rates for unit in (*first.units, *second.units)]

    timely = [r.timeliness.percent for r in shares(RatesOrder.TIMELINESS) if r.due]
    assert timely == sorted(timely)  # type: ignore[type-var]  # all of them owed something
    assert len({*timely}) > 1
    owing = [r.due for r in shares(RatesOrder.COMPLETENESS)]
    assert 0 not in owing[: -owing.count(0) or None]


def test_the_matrix_asks_as_often_for_many_units_as_for_few(eventful: Engine) -> None:
    few = asked(eventful, lambda: whole(eventful, size=1))
    assert len(few) == len(asked(eventful, lambda: whole(eventful, size=1000))) == 2
    assert len(asked(eventful, lambda: whole(eventful, light=Light.RED))) == 3
