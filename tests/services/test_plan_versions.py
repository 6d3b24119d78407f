"""Plans in force: the same content is the same version, and old versions stay."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, func, select

from domain.plan import Plan
from models.engine import reading, writing
from models.tables import PlanVersionRow
from services.plan_versions import PlanVersion, adopt, current
from tests import cast
from tests.statements import asked

AT = cast.moment("2025-01-02 09:00")


def _adopt(engine: Engine, plan: Plan) -> PlanVersion:
    with writing(engine) as session:
        return adopt(session, plan, at=AT, actor=cast.ZHAO_QIANG)


def _renamed(name: str) -> Plan:
    return Plan.model_validate(cast.plan_content() | {"name": name})


def test_a_plan_that_nobody_adopted_is_not_in_force(engine: Engine) -> None:
    with reading(engine) as session:
        assert current(session, "small") is None


def test_the_plan_in_force_comes_back_whole(engine: Engine) -> None:
    version = _adopt(engine, cast.small_plan())
    with reading(engine) as session:
        assert current(session, "small") == (cast.small_plan(), version)


def test_what_a_plan_says_is_fetched_once_and_not_for_every_page(engine: Engine) -> None:
    plan = _renamed(f"每个库只读一次的方案（{engine.dialect.name}）")
    _adopt(engine, plan)

    def look() -> None:
        with reading(engine) as session:
            found = current(session, "small")
            assert found is not None
            assert found[0] == plan

    fetched = [sum("content" in statement for statement in asked(engine, look)) for _ in range(2)]
    assert fetched == [1, 0]


def test_the_same_content_is_the_same_version(engine: Engine) -> None:
    first = _adopt(engine, cast.small_plan())
    assert _adopt(engine, Plan.model_validate(cast.plan_content())) == first


def test_changed_content_is_a_new_version_beside_the_old(engine: Engine) -> None:
    first, second = _adopt(engine, cast.small_plan()), _adopt(engine, _renamed("修订方案"))
    assert (first.number, second.number) == (1, 2)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(PlanVersionRow)) == 2
        found = current(session, "small")
    assert found is not None
    assert found[0].name == "修订方案"


def test_a_plan_may_go_back_to_what_it_said_before(engine: Engine) -> None:
    _adopt(engine, cast.small_plan())
    _adopt(engine, _renamed("修订方案"))
    assert _adopt(engine, cast.small_plan()).number == 3


def test_two_who_adopt_at_once_adopt_once(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        versions = set(pool.map(lambda _: _adopt(engine, cast.small_plan()), range(8)))
    assert len(versions) == 1
