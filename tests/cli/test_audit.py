"""``guanai audit`` as an administrator meets it."""

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.audit import app
from models.engine import open_store, writing
from services.intake import submit
from services.opening import open_year
from services.plan_versions import adopt
from services.settings import read_settings
from tests import cast

AT = cast.moment("2025-04-01 09:00")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose store has seen one plan, one opening and one submission."""
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path))
    monkeypatch.delenv("GUANAI_DATABASE_URL", raising=False)
    plan = cast.small_plan()
    engine = open_store(read_settings().store_url)
    with writing(engine) as session:
        version = adopt(session, plan, at=AT, actor=cast.ZHAO_QIANG)
        how = {"as_of": AT.date(), "calendar": cast.calendar(), "at": AT, "actor": cast.ZHAO_QIANG}
        open_year(session, plan, version, 2025, **how)  # type: ignore[arg-type]  # one mapping of several types
        submit(session, plan, [cast.visits()], unit=cast.TOWN, by=cast.LI_MING, at=AT, door="page")
    engine.dispose()
    return tmp_path


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def _tamper(home: Path, trigger: str, statement: str) -> None:
    with sqlite3.connect(home / "guanai.db") as store:
        store.execute(f"DROP TRIGGER {trigger}")
        store.execute(statement)


def test_an_intact_chain_is_told_with_the_value_to_keep(home: Path) -> None:
    assert home.exists()
    result = _run("verify")
    assert result.exit_code == 0
    assert "审计记录完好，共 3 条" in result.output
    kept = result.output.split()[-1]
    assert kept.startswith("3:")
    assert _run("verify", "--expect", kept).exit_code == 0


def test_a_changed_line_is_named_and_ends_with_an_error(home: Path) -> None:
    _tamper(home, "audit_line_no_update", "UPDATE audit_line SET actor = '别人' WHERE seq = 2")
    result = _run("verify")
    assert result.exit_code == 1
    assert "第 2 条：内容被改动" in result.output
    assert "〔304〕" in result.output


def test_a_changed_figure_is_named_by_its_item_and_not_shown(home: Path) -> None:
    _tamper(home, "figure_no_update", "UPDATE figure SET value = '987654' WHERE indicator = 'visits'")
    result = _run("verify")
    assert result.exit_code == 1
    assert f"事项 {cast.VISIT_Q1} 第 1 版：内容与提交时不同" in result.output
    assert "987654" not in result.output


def test_another_chain_than_the_one_kept_is_told(home: Path) -> None:
    assert home.exists()
    result = _run("verify", "--expect", f"3:{'0' * 64}")
    assert result.exit_code == 1
    assert "整体改写" in result.output


def test_a_value_to_compare_with_has_its_form(home: Path) -> None:
    assert home.exists()
    assert _run("verify", "--expect", "abc").exit_code == 2


def test_the_list_tells_who_did_what(home: Path) -> None:
    assert home.exists()
    result = _run("list", "--last", "2")
    assert result.exit_code == 0
    assert "报送" in result.output
    assert cast.LI_MING in result.output
    assert "启用方案" not in result.output
