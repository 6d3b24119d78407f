"""Whether the platform runs: one supervisor a home and a store, and what others can see of it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.problems import Problem, ProblemKind
from models.engine import make_engine
from services.running import STATE, PartState, Running, publish, running, sole, sole_server
from tests import cast

UP = Running(
    pid=1,
    started=cast.moment("2025-04-01 09:00"),
    portal="http://127.0.0.1:8700",
    engine="http://127.0.0.1:4200",
    parts=(PartState(name="portal", title="页面", pid=2, up=True),),
)


def test_others_see_the_platform_while_it_runs_and_no_longer(tmp_path: Path) -> None:
    assert running(tmp_path) is None
    with sole(tmp_path) as alone:
        assert alone
        assert running(tmp_path) is None  # has the place, and has told nothing yet
        publish(tmp_path, UP)
        assert running(tmp_path) == UP
    assert running(tmp_path) is None


def test_what_a_killed_platform_left_behind_is_not_believed(tmp_path: Path) -> None:
    publish(tmp_path, UP)  # and nobody holds the place
    assert running(tmp_path) is None


def test_a_home_has_one_supervisor_and_looking_takes_nobodys_place(tmp_path: Path) -> None:
    with sole(tmp_path) as first, sole(tmp_path) as second:
        assert first
        assert not second
        publish(tmp_path, UP)
    with sole(tmp_path) as alone:
        assert alone
        with sole(tmp_path):
            pass
        publish(tmp_path, UP)
        assert (tmp_path / STATE).exists()  # the one that came in vain took nothing away


def test_a_store_is_served_by_one_whatever_its_home(engine: Engine) -> None:
    other = make_engine(engine.url.render_as_string(hide_password=False))
    with sole_server(engine):
        with pytest.raises(Problem) as refusal, sole_server(other):
            pass
        assert refusal.value.kind is ProblemKind.TWO_SERVERS
    with sole_server(other):
        pass  # free again
    other.dispose()
