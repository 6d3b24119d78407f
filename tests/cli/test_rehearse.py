"""``guanai rehearse`` as an officer runs it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from services.places import PLANS


@pytest.mark.slow(50)
def test_three_years_of_the_shipped_plan_go_as_the_plan_and_its_cases_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path / "home"))
    days = ("--from", "2024-04-29", "--to", "2026-12-31")
    plan = str(PLANS / "tiedong-2024")
    told = CliRunner().invoke(
        app, ["rehearse", *days, "--plan", plan, "--json", "--out", str(tmp_path), "--wheel", "2025"]
    )
    content = json.loads(told.stdout)
    assert content["mismatches"] == []
    assert told.exit_code == 0
    assert len(content["items"]) == 2097
    assert content["cases"] >= 40
    assert not (tmp_path / "home").exists()
    assert (tmp_path / "年度职责轮盘-2025.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "年度职责轮盘-2025.html").exists()


def test_days_the_wrong_way_round_are_refused_in_one_line(tmp_path: Path) -> None:
    told = CliRunner().invoke(
        app, ["rehearse", "--from", "2026-01-01", "--to", "2025-01-01", "--out", str(tmp_path / "out")]
    )
    assert told.exit_code == 1
    assert "〔906〕" in told.output
    assert not (tmp_path / "out").exists()
