"""The watchman's rounds in the portal: says a trouble once, and gives the outside watch its sign of life in time."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from models.engine import open_store, writing
from portal.desk import Desk
from portal.watch import APPEARED, GONE, Watch
from services.plan_versions import adopt
from services.running import PartState, Running, publish, sole
from services.settings import Settings
from services.tries import FILE, Tries
from tests import cast
from tests.linhe import LINHE, linhe
from tests.services.test_watchman import outside_watch

NOW = cast.moment("2025-02-20 05:00")
DOWN = PartState(name="runner", title="调度", pid=None, up=False, restarts=1, note="意外结束（信号 9）")


def desk(home: Path, watch_url: str = "") -> Desk:
    """An installation of 临河县 with the plan in force and nothing open."""
    settings = Settings(home=home, plan=LINHE, watch_url=watch_url)
    engine = open_store(settings.store_url)
    with writing(engine) as session:
        adopt(session, linhe(), at=NOW, actor=cast.ZHAO_QIANG)
    return Desk(settings, engine, b"", linhe().id, Tries(home / FILE))


def told(parts: tuple[PartState, ...]) -> Running:
    """A platform with these parts, whose engine answers nobody."""
    return Running(pid=1, started=NOW, portal="", engine="http://127.0.0.1:1", parts=parts)


def test_a_trouble_is_said_when_it_appears_and_when_it_is_mended(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watch = Watch(desk(tmp_path))
    said: list[list[str]] = []
    with sole(tmp_path), caplog.at_level(logging.WARNING):
        for parts in ((), (DOWN,), (DOWN,), ()):
            caplog.clear()
            publish(tmp_path, told(parts))
            watch.look(NOW)
            said.append([record.message.split()[0] for record in caplog.records])
    assert said == [[], [APPEARED], [], [GONE]]


def test_the_sign_of_life_comes_every_five_minutes_and_tells_what_is_broken(tmp_path: Path) -> None:
    with outside_watch(200) as (address, called), sole(tmp_path):
        watch = Watch(desk(tmp_path, address))
        publish(tmp_path, told(()))
        for minutes in range(5):
            watch.look(NOW + timedelta(minutes=minutes))
        assert called == ["/ping/abc"]
        publish(tmp_path, told((DOWN,)))
        watch.look(NOW + timedelta(minutes=5))
    assert called == ["/ping/abc", "/ping/abc/fail"]


def test_without_an_address_nobody_is_called(tmp_path: Path) -> None:
    with outside_watch(200) as (_, called):
        Watch(desk(tmp_path)).look(NOW)
    assert called == []
