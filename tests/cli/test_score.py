"""``guanai score`` from the shell."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from models.engine import open_store
from services.settings import read_settings
from tests import cast
from tests.linhe import LINHE
from tests.portal.conftest import fill


def guanai(*args: str) -> Result:
    """The command."""
    return CliRunner().invoke(app, args)


@pytest.fixture(autouse=True)
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """临河县 with its plan in force since its issue, the whole of 2025 open, and nothing handed in."""
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GUANAI_PLAN", str(LINHE))
    monkeypatch.setenv("COLUMNS", "200")
    engine = open_store(read_settings().store_url)
    fill(engine, cast.moment("2025-02-20 09:00"))
    engine.dispose()


def test_units_are_ranked_and_one_units_working_is_told_line_by_line() -> None:
    ranked = guanai("score", "--period", "2025")
    assert ranked.exit_code == 0, ranked.output
    for words in ("2025年得分", "县民政局", "河口镇"):
        assert words in ranked.output
    own = guanai("score", "--period", "2025", "--unit", "县民政局").output
    assert "河口镇" not in own
    for words in ("建成统一台账", "-40　完整：到期未报送", "个工作日"):
        assert words in own


def test_other_programs_read_it_as_json() -> None:
    found = json.loads(guanai("score", "--period", "2025H1", "--unit", "civil", "--json").output)
    (unit,) = found["units"]
    assert (found["period"], found["label"], unit["name"]) == ("2025H1", "2025年上半年", "县民政局")
    for one in unit["items"]:
        lost = sum(int(line["points"]) for line in one["lines"])
        assert int(one["points"]) == max(0, 100 + lost)


def test_no_term_and_no_unit_are_told() -> None:
    for args, number in ((("--period", "春天"), 1301), (("--unit", "月亮"), 103)):
        told = guanai("score", *args)
        assert told.exit_code == 1
        assert f"〔{number}〕" in told.output
