"""The office's way from the shell: open, hand out, take in, review; each command as an office would type it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from domain.duties import work_items
from services import clock
from services.plans import load_plan
from services.sample.behaviour import Behaviour
from services.sample.spec import SampleSpec
from services.workbook.filling import fill
from services.workcalendar import work_calendar
from tests.linhe import LINHE, linhe

Guanai = Callable[..., Result]


@pytest.fixture
def guanai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guanai:
    """The command on a new home with 临河县's plan, its clock at the end of 2025."""
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GUANAI_PLAN", str(LINHE))
    monkeypatch.setenv("COLUMNS", "200")  # wide enough for a key in one line
    runner = CliRunner()

    def run(*args: str | Path) -> Result:
        return runner.invoke(app, [str(arg) for arg in args])

    return run


def test_nothing_can_be_done_before_the_plan_is_in_force(guanai: Guanai) -> None:
    told = guanai("review", "list", "--year", "2025")
    assert told.exit_code == 1
    assert "〔108〕" in told.output
    assert "guanai open" in told.output


def test_opening_twice_opens_once(guanai: Guanai) -> None:
    first = guanai("open", "--year", "2025", "--as-of", "2025-12-31")
    again = guanai("open", "--year", "2025", "--as-of", "2025-12-31")
    assert first.exit_code == again.exit_code == 0
    assert "此前已开 0 项" in first.output
    assert "新开 0 项" in again.output


def test_a_plan_that_is_adopted_at_its_beginning_has_nothing_past_due(guanai: Guanai) -> None:
    early = guanai("open", "--year", "2025", "--as-of", "2025-02-20")  # nothing was due by then
    assert "已过截止日" not in early.output


def test_at_the_first_adoption_alone_it_is_said_how_much_is_past_due(guanai: Guanai) -> None:
    first = guanai("open", "--year", "2025", "--as-of", "2025-12-31")
    again = guanai("open", "--year", "2025", "--as-of", "2025-12-31")
    calendar = work_calendar(linhe().rules.calendar.beyond_known)
    past = [item for item in work_items(linhe(), 2025, calendar) if item.due < date(2025, 12, 31)]
    assert f"其中 {len(past)} 项在 2025-12-31 以前已过截止日" in first.output
    assert "补报" in first.output
    assert "已过截止日" not in again.output


def test_opening_takes_the_year_of_the_day(guanai: Guanai) -> None:
    told = guanai("open", "--as-of", "2026-03-31")
    assert told.exit_code == 0
    assert told.output.startswith("2026 年度")
    assert clock.today().year >= 2026  # else this test could not tell the two apart


@pytest.fixture
def waiting(guanai: Guanai, tmp_path: Path) -> str:
    """河口镇's ledger for the first quarter, handed in by Excel and waiting for the office; its key."""
    guanai("open", "--year", "2025", "--as-of", "2025-12-31")
    out = tmp_path / "forms"
    assert guanai("workbook", "export", "--unit", "河口镇", "--year", "2025", "--out", out).exit_code == 0
    (form,) = out.iterdir()
    plan = load_plan(LINHE)
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    behaviour = Behaviour(plan, SampleSpec(), seed=1)
    item = next(i for i in work_items(plan, 2025, calendar) if i.duty == "ledger" and i.unit == "hekou")
    fill(form, {item.key: behaviour.entry(item)}, by="高远")
    told = guanai("workbook", "import", form)
    assert told.exit_code == 0, told.output
    return item.key


def test_what_came_in_by_excel_waits_for_the_office_until_it_is_accepted(
    guanai: Guanai, waiting: str
) -> None:
    assert waiting in guanai("review", "list", "--year", "2025").output.replace("\n", "")
    assert "已完成" in guanai("review", "show", waiting).output
    accepted = guanai("review", "accept", waiting, "--by", "周岚")
    assert accepted.exit_code == 0, accepted.output
    assert "待审核（0 项）" in guanai("review", "list", "--year", "2025").output
    assert "周岚" in guanai("review", "show", waiting).output


def test_nobody_accepts_from_the_shell_what_they_handed_in(guanai: Guanai, waiting: str) -> None:
    told = guanai("review", "accept", waiting, "--by", "高 远")
    assert told.exit_code == 1
    assert "〔405〕" in told.output


def test_a_return_says_why(guanai: Guanai, waiting: str) -> None:
    assert guanai("review", "return", waiting, "--by", "周岚", "--reason", " ").exit_code == 1
    told = guanai("review", "return", waiting, "--by", "周岚", "--reason", "请补充走访情况")
    assert told.exit_code == 0, told.output
    assert "退回：请补充走访情况" in guanai("review", "show", waiting).output


def test_one_unknown_item_among_several_accepts_none(guanai: Guanai, waiting: str) -> None:
    told = guanai("review", "accept", waiting, "linhe-2025/ledger/nobody/2025Q1", "--by", "周岚")
    assert told.exit_code == 1
    assert "〔401〕" in told.output
    assert "待审核（1 项）" in guanai("review", "list", "--year", "2025").output


def test_a_plan_changed_behind_the_stores_back_is_not_taken_up_silently(
    guanai: Guanai, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guanai("open", "--year", "2025", "--as-of", "2025-12-31")
    changed = tmp_path / "changed"
    changed.mkdir()
    words = (LINHE / "plan.yaml").read_text(encoding="utf-8")
    (changed / "plan.yaml").write_text(words.replace("已检修书屋数", "已整修书屋数"), encoding="utf-8")
    monkeypatch.setenv("GUANAI_PLAN", str(changed))
    refused = guanai("open", "--year", "2025")
    assert refused.exit_code == 1
    assert "--adopt" in refused.output
    taken = guanai("open", "--year", "2025", "--as-of", "2025-12-31", "--adopt")
    assert taken.exit_code == 0, taken.output
    assert "新开 0 项" in taken.output


def test_every_command_has_help_in_chinese(guanai: Guanai) -> None:
    for group in ("plan", "workbook", "review", "report", "audit", "open", "demo", "test"):
        told = guanai(group, "--help")
        assert told.exit_code == 0
        assert any("一" <= char <= "鿿" for char in told.output.split("Options")[0])
