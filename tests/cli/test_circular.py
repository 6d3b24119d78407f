"""``guanai report circular``, ``phase``, ``list``, ``release``, as an office types them; no engine, as none is made."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from cli.app import app
from models.engine import open_store, writing
from services import clock
from services.plan_versions import adopt
from services.settings import read_settings
from tests.linhe import LINHE, linhe
from tests.services.circular_files import add_contacts, file_circular

Guanai = Callable[..., Result]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The store of a new home with 临河县's plan in force."""
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GUANAI_PLAN", str(LINHE))
    monkeypatch.setenv("COLUMNS", "200")
    engine = open_store(read_settings().store_url)
    with writing(engine) as session:
        adopt(session, linhe(), at=clock.now(), actor="周岚")
    return engine


@pytest.fixture
def guanai(store: Engine) -> Guanai:
    """The command on that home."""
    del store
    return lambda *args: CliRunner().invoke(app, [str(arg) for arg in args])


@pytest.mark.parametrize(
    ("arguments", "number"),
    [
        (["--period", "next"], "1401"),
        (["--period", "2024Q3"], "1402"),
        (["--period", "2026Q2", "--as-of", "2026-01-10"], "1404"),
    ],
)
def test_a_period_that_cannot_be_told_of_is_refused_at_once(
    guanai: Guanai, arguments: list[str], number: str
) -> None:
    told = guanai("report", "circular", *arguments)
    assert told.exit_code == 1
    assert f"〔{number}〕" in told.output


@pytest.mark.parametrize(
    ("arguments", "number"),
    [(["--phase", "third"], "901"), (["--phase", "促提升", "--as-of", "2025-12-31"], "1410")],
)
def test_a_phase_that_cannot_be_assessed_is_refused_at_once(
    guanai: Guanai, arguments: list[str], number: str
) -> None:
    told = guanai("report", "phase", *arguments)
    assert told.exit_code == 1
    assert f"〔{number}〕" in told.output


def test_a_circular_is_listed_and_released_and_those_out_of_reach_are_named(
    guanai: Guanai, store: Engine, tmp_path: Path
) -> None:
    assert "还没有归档的报告" in guanai("report", "list").output
    number = file_circular(store, linhe(), tmp_path, clock.now())
    add_contacts(store, linhe(), ["civil"], clock.now())
    assert "2025年第三季度通报  2025-10-14  未发布" in guanai("report", "list").output
    told = guanai("report", "release", str(number), "--by", "周岚")
    assert told.exit_code == 0
    assert "将发给 1 个单位的联络员和分管领导" in told.output
    assert "县教育局" in told.output
    assert "〔712〕" in guanai("report", "release", str(number), "--by", "周岚").output
    assert "周岚" in guanai("report", "list").output


def test_where_nobody_can_be_reached_it_says_so(guanai: Guanai, store: Engine, tmp_path: Path) -> None:
    number = file_circular(store, linhe(), tmp_path, clock.now())
    assert "各单位都没有登记联络方式" in guanai("report", "release", str(number), "--by", "周岚").output
