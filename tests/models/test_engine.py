"""Connections: who writes waits for who writes; who reads waits for nobody and changes nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from domain.problems import Problem, ProblemKind
from models.engine import make_engine, reading, writing
from services.plan_versions import adopt, current
from services.review import send_back
from tests import cast

AT = cast.moment("2025-01-02 09:00")


@pytest.mark.parametrize(
    "url", ["", "guanai.db", "mysql://u:opensesame@h/d", "sqlite://", "sqlite:///:memory:", "sqlite:///"]
)
def test_an_address_that_is_no_store_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(Problem) as refusal:
        make_engine(url)
    assert refusal.value.kind is ProblemKind.SETTING_INVALID
    assert "opensesame" not in str(refusal.value)


def test_who_reads_can_change_nothing(engine: Engine) -> None:
    with pytest.raises(DBAPIError), reading(engine) as session:
        session.execute(text("UPDATE audit_head SET seq = 5"))
    with writing(engine) as session:  # the same connection, out of the pool, may write again
        adopt(session, cast.small_plan(), at=AT, actor=cast.ZHAO_QIANG)


def test_a_reader_sees_one_state_while_others_write(engine: Engine) -> None:
    with reading(engine) as reader:
        assert current(reader, "small") is None
        with writing(engine) as session:
            adopt(session, cast.small_plan(), at=AT, actor=cast.ZHAO_QIANG)
        assert current(reader, "small") is None
    with reading(engine) as reader:
        assert current(reader, "small") is not None


def test_what_fails_half_way_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(Problem, match="407"), writing(engine) as session:  # noqa: PT012 - the second step fails
        adopt(session, cast.small_plan(), at=AT, actor=cast.ZHAO_QIANG)
        send_back(session, cast.small_plan(), "", version=1, reviewer=cast.ZHAO_QIANG, at=AT, reason="")
    with reading(engine) as session:
        assert current(session, "small") is None


def test_rows_without_their_parents_are_refused(engine: Engine) -> None:
    orphan = "INSERT INTO passage (submission_id, slot, text) VALUES (77, 'progress', '孤儿')"
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text(orphan))


def test_only_what_need_not_last_does_not_wait_for_the_disk(engine: Engine) -> None:
    asked = "PRAGMA synchronous" if engine.dialect.name == "sqlite" else "SHOW synchronous_commit"
    found = []
    for lasting in (True, False, True):
        with writing(engine, lasting=lasting) as session:
            found.append(str(session.scalar(text(asked))))
    assert found[0] == found[2]
    assert found[1] == ("1" if engine.dialect.name == "sqlite" else "off")
    assert found[0] == "2" or engine.dialect.name == "postgresql"  # whose tests never wait for the disk


def test_writers_of_one_process_all_come_to_their_turn(engine: Engine) -> None:
    def count(_: int) -> None:
        with writing(engine) as session:
            session.execute(text("UPDATE audit_head SET seq = seq + 1"))

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(count, range(100)))
    with reading(engine) as session:
        assert session.scalar(text("SELECT seq FROM audit_head")) == 100
