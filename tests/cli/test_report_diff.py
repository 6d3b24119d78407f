"""``guanai report diff`` as it is typed: what was changed, and an exit status that a script can act on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from docx.document import Document as WordDocument
from typer.testing import CliRunner, Result

from cli.app import app
from models.engine import make_engine, migrate
from services.places import PLANS
from tests.services.test_filed_reports import file_report
from tests.services.word.editing import control, digest, edited, report, snapshot, type_over

Diff = Callable[..., Result]


@pytest.fixture
def diff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Diff:
    """The command on a file of given content, in a home where the report is filed."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("GUANAI_HOME", str(home))
    monkeypatch.setenv("GUANAI_PLAN", str(PLANS / "tiedong-2024"))
    engine = make_engine(f"sqlite:///{home / 'guanai.db'}")
    migrate(engine)
    file_report(engine, tmp_path / "报告", snapshot())
    engine.dispose()

    def run(data: bytes, *args: str | Path) -> Result:
        file = tmp_path / "改过的报告.docx"
        file.write_bytes(data)
        return CliRunner().invoke(app, ["report", "diff", str(file), *map(str, args)])

    return run


def figure_changed(document: WordDocument) -> None:
    type_over(control(document), "9999人")


def words_added(document: WordDocument) -> None:
    document.paragraphs[-2].add_run("（完）")


def test_nothing_was_changed(diff: Diff) -> None:
    told = diff(report())
    assert told.exit_code == 0
    assert "没有改动" in told.output
    assert snapshot().consolidated.title in told.output


def test_only_words_were_changed(diff: Diff) -> None:
    told = diff(edited(words_added))
    assert told.exit_code == 1
    assert "数字 0 处，文字 1 处" in told.output
    assert "【增：（完）】" in told.output


def test_a_figure_was_changed(diff: Diff) -> None:
    told = diff(edited(figure_changed))
    assert told.exit_code == 2
    assert "数字 1 处，文字 0 处" in told.output
    assert "→ 9999人（数据来源编号 01）" in told.output


def test_the_same_for_programs(diff: Diff, tmp_path: Path) -> None:
    (folder,) = (path for path in (tmp_path / "报告").iterdir() if path.is_dir())
    told = diff(edited(figure_changed), "--json", "--folder", folder)
    found = json.loads(told.output)
    assert (told.exit_code, found["verdict"], found["snapshot"]) == (2, "figures", digest())
    (figure,) = found["figures"]
    assert (figure["edit"], figure["source"], figure["after"]) == ("changed", "01", "9999人")
    assert figure["before"] in "".join(
        run.text for b in snapshot().consolidated.blocks if b.kind == "paragraph" for run in b.runs
    )
    assert found["texts"] == []


def test_a_file_that_cannot_be_compared_ends_otherwise_than_any_comparison(
    diff: Diff, tmp_path: Path
) -> None:
    told = diff(b"no docx")
    assert told.exit_code == 3
    assert "〔1702〕" in told.output
    missing = CliRunner().invoke(app, ["report", "diff", str(tmp_path / "没有.docx")])
    assert missing.exit_code == 3
    assert "不存在" in missing.output
