"""From a filed report to a package, and from packages to a report over districts, as they are typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from domain.report.snapshot import freeze
from models.engine import open_store, reading, writing
from services import audit, filed_reports
from services.places import PLANS
from services.upward.reading import read_package
from tests.domain.report import tiedong
from tests.services.test_filed_reports import AT, PLAN, file_report
from tests.services.upward.packages import package

Guanai = Callable[..., Result]


@pytest.fixture
def guanai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guanai:
    """The command in a home of its own with the shipped plan."""
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GUANAI_PLAN", str(PLANS / "tiedong-2024"))
    monkeypatch.setenv("COLUMNS", "200")
    runner = CliRunner()

    def run(*args: str | Path) -> Result:
        return runner.invoke(app, [str(arg) for arg in args])

    return run


def test_the_report_that_was_released_is_what_goes_upward(guanai: Guanai, tmp_path: Path) -> None:
    assert guanai("open", "--year", "2025", "--as-of", "2025-12-08").exit_code == 0
    nothing = guanai("report", "package", "--year", "2025", "--out", tmp_path / "上报")
    assert nothing.exit_code == 1
    assert "〔1801〕" in nothing.output

    engine = open_store(f"sqlite:///{tmp_path / 'home' / 'guanai.db'}")
    first, later = (
        file_report(engine, tmp_path / "报告", freeze(tiedong.material(day), "0" * 64))
        for day in ("2025-12-08", "2025-12-09")
    )
    early = guanai("report", "package", "--year", "2025", "--out", tmp_path / "上报")
    assert "尚未发布，所装的是最近一次归档的（截至 2025-12-09）" in early.output
    with writing(engine) as session:
        filed_reports.release(session, PLAN, first, by="赵强", at=AT)
    told = guanai("report", "package", "--year", "2025", "--out", tmp_path / "上报", "--by", "赵强")
    assert told.exit_code == 0
    assert "尚未发布" not in told.output
    with reading(engine) as session:
        chosen = filed_reports.one(session, PLAN, first)
        assert filed_reports.one(session, PLAN, later).released_at is None
        (line,) = (
            row for row in audit.lines(session, last=2) if row.action == "package" and row.actor == "赵强"
        )
    engine.dispose()
    assert chosen.snapshot[:8] in told.output
    assert line.subject == f"{PLAN}/report/{first}"

    # the level above takes it, with the fingerprint that was told
    own = next(line for line in told.output.splitlines() if "指纹：" in line).rpartition("：")[2]
    (path,) = (tmp_path / "上报").glob(f"*{chosen.snapshot[:8]}*")
    assert read_package(path).key == own


def test_a_frame_is_drafted_then_filled_in_then_used(guanai: Guanai, tmp_path: Path) -> None:
    packages = [package(tmp_path, region) for region in ("临河县", "望江区")]
    frame = tmp_path / "口径.yaml"
    drafted = guanai("rollup", *packages, "--draft", frame)
    assert drafted.exit_code == 0, drafted.output
    assert "起草" in drafted.output
    content = frame.read_text(encoding="utf-8").replace("（填写地区名称）", "江北市")
    frame.write_text(content, encoding="utf-8")
    out = tmp_path / "汇总"
    told = guanai("rollup", packages[1], "--frame", frame, "--out", out, "--day", "2025-12-20")
    assert told.exit_code == 0, told.output
    assert "尚未报送：临河县。" in told.output
    (pdf,) = out.glob("江北市2025年度汇总报告-*/*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF")


def test_one_of_drafting_and_adding_up_has_to_be_chosen(guanai: Guanai, tmp_path: Path) -> None:
    neither = guanai("rollup", tmp_path / "x.zip")
    assert neither.exit_code == 2
    assert "--frame" in neither.output
    assert "--draft" in neither.output


def test_packages_that_cannot_be_used_leave_nothing_behind(guanai: Guanai, tmp_path: Path) -> None:
    torn = tmp_path / "坏.zip"
    torn.write_bytes(package(tmp_path).read_bytes()[:1000])
    told = guanai("rollup", torn, "--draft", tmp_path / "口径.yaml")
    assert told.exit_code == 1
    assert "〔1803〕" in told.output
    assert not (tmp_path / "口径.yaml").exists()
