"""``guanai workbook``: what it writes, prints and ends with."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from cli.workbook import app
from domain.entries import PROGRESS, FigureEntry, ItemEntry, Passage, State
from domain.entry_check import indicators
from domain.plan import Plan
from models.engine import open_store, reading, writing
from services.facts import year_facts
from services.opening import open_year
from services.plan_versions import adopt
from services.plans import load_plan
from services.workbook.filling import fill
from services.workcalendar import work_calendar
from tests import cast
from tests.linhe import LINHE

DAY = date(2025, 12, 31)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with 临河县's plan in force and 2025 opened."""
    plan = load_plan(LINHE)
    engine = open_store(f"sqlite:///{tmp_path / 'guanai.db'}")
    at = cast.moment("2025-12-31 09:00")
    with writing(engine) as session:
        version = adopt(session, plan, at=at, actor="办公室")
        calendar = work_calendar(plan.rules.calendar.beyond_known)
        open_year(session, plan, version, 2025, as_of=DAY, calendar=calendar, at=at, actor="办公室")
    engine.dispose()
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path))
    monkeypatch.setenv("GUANAI_PLAN", str(LINHE))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args])


def exported(home: Path, unit: str) -> Path:
    result = run("export", "--unit", unit, "--year", "2025", "--as-of", "2025-12-31", "--out", home / "表")
    assert result.exit_code == 0, result.output
    (path,) = (home / "表").glob(f"*{unit}*.xlsx")
    return path


def ordinary_item(home: Path, plan: Plan, unit: str) -> ItemEntry:
    """An answer to one of the unit's items that is no yearly report."""
    engine = open_store(f"sqlite:///{home / 'guanai.db'}")
    with reading(engine) as session:
        items = [facts.item for facts in year_facts(session, plan, 2025) if facts.item.unit == unit]
    engine.dispose()
    item = next(item for item in items if plan.duties_by_id[item.duty].role is None)
    asked = indicators(plan, plan.duties_by_id[item.duty], unit)
    return ItemEntry(
        key=item.key,
        state=State.DONE,
        passages=(Passage(slot=PROGRESS, text="已按要求组织实施并建立台账"),),
        figures=tuple(FigureEntry(indicator=i.id, value=None, remark="正在统计") for i in asked),
    )


def filled(home: Path, plan: Plan) -> Path:
    unit = plan.units[0]
    path = exported(home, unit.name)
    entry = ordinary_item(home, plan, unit.id)
    fill(path, {entry.key: entry}, by="李明")
    return path


def test_a_form_for_every_unit_is_written(home: Path) -> None:
    result = run("export", "--all", "--year", "2025", "--as-of", "2025-12-31", "--out", home / "表")
    assert result.exit_code == 0, result.output
    written = list((home / "表").iterdir())
    assert f"已导出 {len(written)} 份填报表" in result.stdout
    assert {path.name for path in written} == {
        f"填报表（{unit.name}，2025年度）.xlsx" for unit in load_plan(LINHE).units
    }


@pytest.mark.parametrize("args", [(), ("--all", "--unit", "县民政局")])
def test_either_one_unit_or_all_must_be_asked_for(home: Path, args: tuple[str, ...]) -> None:
    result = run("export", "--year", "2025", "--out", home / "表", *args)
    assert result.exit_code == 2
    assert not (home / "表").exists()


def test_an_unknown_unit_is_told(home: Path) -> None:
    result = run("export", "--unit", "没有的单位", "--year", "2025", "--out", home / "表")
    assert result.exit_code == 1
    assert "〔103〕" in result.stderr


def test_a_year_without_items_is_told(home: Path) -> None:
    result = run("export", "--all", "--year", "2031", "--out", home / "表")
    assert result.exit_code == 1
    assert "〔503〕" in result.stderr


def test_a_form_that_is_there_is_only_overwritten_on_demand(home: Path) -> None:
    unit = load_plan(LINHE).units[0].name
    path = exported(home, unit)
    path.write_bytes(b"half filled in")
    again = ("export", "--unit", unit, "--year", "2025", "--as-of", "2025-12-31", "--out", home / "表")
    refused = run(*again)
    assert refused.exit_code == 1
    assert "〔515〕" in refused.stderr
    assert path.read_bytes() == b"half filled in"
    assert run(*again, "--overwrite").exit_code == 0
    assert path.read_bytes().startswith(b"PK")


def test_what_was_filled_in_is_imported_once(home: Path) -> None:
    path = filled(home, load_plan(LINHE))
    first, second = run("import", path), run("import", path)
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert "已导入 1 项" in first.stdout
    assert "此文件已导入过" in second.stdout


def test_one_refused_file_makes_the_status_1_and_the_others_are_imported(home: Path) -> None:
    path = filled(home, load_plan(LINHE))
    bad = home / "坏表.xlsx"
    bad.write_bytes(b"a,b\n")
    result = run("import", bad, path)
    assert result.exit_code == 1
    assert "已导入 1 项" in result.stdout
    assert "未导入（1 处问题）" in result.stdout
    assert "〔502〕无法读取“坏表.xlsx”" in result.stderr


def test_a_fault_is_told_with_sheet_cell_and_mend(home: Path) -> None:
    path = filled(home, load_plan(LINHE))
    workbook = load_workbook(path)
    ws = workbook["事项进展"]
    cell = next(c for row in ws.iter_rows(min_row=4) for c in row if c.value == "已完成")
    cell.value = "[bold]好[/bold]"
    workbook.save(path)
    result = run("import", path)
    assert result.exit_code == 1
    assert f"事项进展 {cell.coordinate}：〔513〕" in result.stderr
    assert "请从下拉列表中选择" in result.stderr
    assert "〔501〕" in result.stderr


def test_only_the_unit_asked_for_is_taken_and_a_name_may_be_given(home: Path) -> None:
    plan = load_plan(LINHE)
    path = filled(home, plan)
    other = run("import", path, "--unit", plan.units[1].name)
    assert other.exit_code == 1
    assert "〔507〕" in other.stderr
    assert run("import", path, "--unit", plan.units[0].name, "--by", "王芳").exit_code == 0


def test_notices_say_what_was_left_aside(home: Path) -> None:
    path = filled(home, load_plan(LINHE))
    workbook = load_workbook(path)
    workbook.create_sheet("草稿")
    workbook.save(path)
    result = run("import", path)
    assert result.exit_code == 0
    assert "工作表“草稿”不在填报范围内" in result.stdout
