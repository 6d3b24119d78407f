"""``guanai status`` from the shell, with nothing running."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from services import clock
from services.running import PartState, Running, publish, sole
from tests.linhe import LINHE

Guanai = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of the command."""
    return tmp_path / "home"


@pytest.fixture
def guanai(home: Path, monkeypatch: pytest.MonkeyPatch) -> Guanai:
    """The command on a new home with 临河县's plan."""
    monkeypatch.setenv("GUANAI_HOME", str(home))
    monkeypatch.setenv("GUANAI_PLAN", str(LINHE))
    monkeypatch.setenv("COLUMNS", "160")
    runner = CliRunner()

    def run(*args: str) -> Result:
        return runner.invoke(app, args)

    return run


def test_before_the_plan_is_in_force_it_is_broken_and_says_what_to_do(guanai: Guanai) -> None:
    told = guanai("status")
    assert told.exit_code == 3
    assert "〔108〕" in told.output


def test_a_store_that_does_not_answer_is_broken(guanai: Guanai, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANAI_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    told = guanai("status")
    assert told.exit_code == 3
    assert "〔302〕" in told.output


def test_with_nothing_late_it_is_fine_though_nothing_runs(guanai: Guanai) -> None:
    guanai("open", "--year", "2025", "--as-of", "2025-01-01")
    told = guanai("status")
    assert told.exit_code == 0, told.output
    assert "平台没有在运行，没有逾期事项。" in told.output
    assert "逾期未报：无" in told.output


def test_with_something_late_it_says_what_and_ends_with_1(guanai: Guanai) -> None:
    guanai("open", "--year", "2025", "--as-of", "2025-12-31")
    told = guanai("status")
    assert told.exit_code == 1
    assert "逾期未报" in told.output
    assert "河口镇" in told.output
    assert "另有" in told.output  # not all of a year fits


def test_json_holds_everything_where_all_is_asked_for_and_ends_alike(guanai: Guanai) -> None:
    guanai("open", "--year", "2025", "--as-of", "2025-12-31")
    told = guanai("status", "--json", "--all")
    content = json.loads(told.output)
    assert told.exit_code == content["level"] == 1
    late = content["standing"]["late"]
    assert late["total"] == len(late["lines"]) > 15
    assert late["lines"][0].keys() >= {"key", "unit", "due", "days"}
    assert len(json.loads(guanai("status", "--json").output)["standing"]["late"]["lines"]) == 15
    assert content["running"] is None


def test_with_a_part_down_it_ends_with_3(guanai: Guanai, home: Path) -> None:
    guanai("open", "--year", "2025", "--as-of", "2025-12-31")
    down = PartState(
        name="engine", title="流程引擎", pid=None, up=False, restarts=3, note="意外结束（信号 9）"
    )
    with sole(home) as alone:
        assert alone
        state = Running(pid=1, started=clock.now(), portal="", engine="http://127.0.0.1:1", parts=(down,))
        publish(home, state)
        told = guanai("status")
    assert told.exit_code == 3
    assert "“流程引擎”意外结束（信号 9）。" in told.output
    assert "平台有 1 处异常" in told.output
