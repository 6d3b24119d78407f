"""What happened is told to each channel until it is noted that it was told, and not again after that."""

from datetime import date

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from domain.rounds import Happening
from models.engine import make_engine, migrate, writing
from models.migrations.config import alembic_config
from services.outbox import PREFECT, mark_told, news_id, untold
from services.plan_versions import adopt
from services.rounds import DAILY, Round, record
from tests import cast

PLAN = cast.small_plan().id
AT = cast.moment("2025-07-01 06:05")
OPENED = Happening("guanai.phase.opened", "small/all", date(2025, 1, 1), "阶段开始")
OVERDUE = Happening("guanai.duty.overdue", "small/census/once", date(2025, 7, 1), "有单位逾期")


@pytest.fixture
def happened(engine: Engine) -> Engine:
    """A store in which two things happened, recorded the later one first."""
    plan = cast.small_plan()
    with writing(engine) as session:
        version = adopt(session, plan, at=AT, actor=cast.ZHAO_QIANG)
    record(engine, Round(plan, version, AT.date(), cast.calendar(), AT, "系统"), DAILY, [OVERDUE, OPENED], {})
    return engine


def to_tell(engine: Engine, channel: str = PREFECT) -> list[Happening]:
    return [one.happening for one in untold(engine, PLAN, channel)]


def test_what_happened_is_to_be_told_in_the_order_of_its_days_until_that_is_noted(happened: Engine) -> None:
    news = untold(happened, PLAN, PREFECT)
    assert [one.happening for one in news] == [OPENED, OVERDUE]
    mark_told(happened, news[:1], PREFECT, AT)
    assert to_tell(happened) == [OVERDUE]
    mark_told(happened, news, PREFECT, AT)  # two runs told it at the same time
    mark_told(happened, (), PREFECT, AT)
    assert to_tell(happened) == []


def test_each_channel_is_told_for_itself_and_each_plan(happened: Engine) -> None:
    mark_told(happened, untold(happened, PLAN, PREFECT), PREFECT, AT)
    assert to_tell(happened, "mail") == [OPENED, OVERDUE]
    assert untold(happened, "another", "mail") == ()


def test_the_same_thing_has_the_same_id_however_it_is_told_and_no_other_has_it(happened: Engine) -> None:
    ids = [one.id for one in untold(happened, PLAN, PREFECT)]
    again = Happening(OPENED.name, OPENED.subject, date(2025, 1, 2), "换一种说法")
    assert ids[0] == news_id(PLAN, again)
    assert len({*ids, news_id("another", OPENED)}) == 3


def test_what_happened_before_the_store_kept_this_counts_as_told(blank_url: str) -> None:
    engine = make_engine(blank_url)
    scripts = ScriptDirectory.from_config(alembic_config())
    told = next(s for s in scripts.walk_revisions() if s.path.endswith("_told.py"))
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), str(told.down_revision))
        values = (
            "'small', 'guanai.phase.opened', 'small/all', '2025-01-01', '阶段开始', '2025-01-01 06:05:00'"
        )
        connection.execute(
            text(f"INSERT INTO happening (plan_id, name, subject, day, words, at) VALUES ({values})")  # noqa: S608 - as above
        )
    migrate(engine)
    assert to_tell(engine) == []
    assert len(to_tell(engine, "mail")) == 1
    engine.dispose()
