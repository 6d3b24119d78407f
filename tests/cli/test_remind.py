"""Reminders from the shell: what would go out on a day, what goes out today, and when nothing is to."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from cli.app import app
from services import clock
from tests import cast
from tests.linhe import LINHE

Guanai = Callable[..., Result]


@pytest.fixture
def guanai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guanai:
    """The command on a new home with 临河县's plan, on a Monday on which what was due on 31 March is late by two days."""
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GUANAI_PLAN", str(LINHE))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(clock, "now", lambda: cast.moment("2025-03-10 09:00"))
    runner = CliRunner()

    def run(*args: str | Path) -> Result:
        return runner.invoke(app, [str(arg) for arg in args])

    assert run("open", "--year", "2025", "--as-of", "2025-03-10").exit_code == 0
    monkeypatch.setattr(clock, "now", lambda: cast.moment("2025-04-02 07:30"))
    return run


def register(guanai: Guanai) -> None:
    for args in (
        ("石磊", "--unit", "县公安局", "--address", "outbox=police"),
        ("周岚", "--post", "office", "--address", "outbox=office"),
    ):
        assert guanai("contact", "add", *args).exit_code == 0


def test_a_dry_run_tells_an_officer_everything_and_changes_nothing(guanai: Guanai) -> None:
    register(guanai)
    told = guanai("remind", "--dry-run")
    assert told.exit_code == 0
    assert "2025-04-02：会发出 2 条消息" in told.output
    assert "县公安局　单位联络员　石磊（outbox，04-02 09:00 起）" in told.output
    assert "逾期未报：县公安局有 1 项工作待报送" in told.output
    assert "超期催报（橙色）" in told.output
    assert "校园隐患排查" in told.output
    assert "没有收件地址：" in told.output
    found = json.loads(guanai("remind", "--dry-run", "--json").output)
    (item,) = found["messages"][0]["items"]
    assert (item["key"], item["rung"]) == ("linhe-2025/campus-checks/police/2025Q1", "late")
    assert "已生成 2 条消息" in guanai("remind").output
    assert "已生成 0 条消息" in guanai("remind").output
    assert "2025-04-02：会发出 0 条消息" in guanai("remind", "--dry-run").output


def test_a_day_to_come_shows_what_falls_on_it_and_opens_what_will_be_open(guanai: Guanai) -> None:
    register(guanai)
    ahead = guanai("remind", "--dry-run", "--as-of", "2025-06-25").output
    assert "2025年第二季度" in ahead  # opens in April, and is not open yet
    assert "2025年第一季度" not in ahead  # told on its own days before
    assert "会发出 0 条消息" in guanai("remind", "--dry-run", "--as-of", "2025-06-23").output
    assert "不是工作日" in guanai("remind", "--dry-run", "--as-of", "2025-05-01").output
    assert "2025年第二季度" not in guanai("review", "list", "--year", "2025").output


def test_messages_are_made_for_today_only(guanai: Guanai) -> None:
    refused = guanai("remind", "--as-of", "2025-04-03")
    assert refused.exit_code == 1
    assert "〔1109〕" in refused.output
    assert guanai("remind", "--json").exit_code == 2


def test_a_pause_is_listed_and_keeps_the_ladder_silent(guanai: Guanai) -> None:
    register(guanai)
    days = ("--first", "2025-04-01", "--last", "2025-04-03")
    assert "〔1111〕" in guanai("pause", *days).output
    assert (
        "〔1110〕" in guanai("pause", "--first", "2025-03-01", "--last", "2025-03-02", "--reason", "x").output
    )
    assert "〔1112〕" in guanai("pause", *days, "--duty", "campus-check", "--reason", "统一调整").output
    assert "没有暂缓提醒" in guanai("pause").output
    made = guanai("pause", *days, "--unit", "县公安局", "--reason", "集中处置汛情")
    assert "已登记：2025-04-01 至 2025-04-03" in made.output
    assert "集中处置汛情" in guanai("pause").output
    assert "石磊" not in guanai("remind", "--dry-run").output
    assert guanai("pause", "--first", "2025-04-01").exit_code == 2


def test_contacts_are_listed_changed_and_forgotten(guanai: Guanai, tmp_path: Path) -> None:
    register(guanai)
    assert "outbox：police" in guanai("contact", "list").output
    assert "县公安局" not in guanai("contact", "list", "--missing").output.split("单位分管领导")[0]
    changed = guanai("contact", "change", "1", "--address", "短信=13800000000", "--off")
    assert "短信：13800000000，已停用" in changed.output
    assert "县公安局" in guanai("contact", "list", "--missing").output
    assert guanai("contact", "change", "1", "--on").exit_code == 0
    assert guanai("contact", "change", "1", "--address", "13800000000").exit_code == 2
    path = tmp_path / "联系人.xlsx"
    assert guanai("contact", "list", "--out", path, "--channel", "邮件").exit_code == 0
    assert "新登记 0 人，更新 2 人" in guanai("contact", "import", path).output
    workbook = load_workbook(path)
    workbook.worksheets[0]["B3"].value = "局长"
    workbook.save(path)
    refused = guanai("contact", "import", path)
    assert refused.exit_code == 1
    assert "联系人 C3：〔1108〕没有岗位“局长”" in refused.output
    assert guanai("contact", "forget", "1").exit_code == 0
    assert "〔1101〕" in guanai("contact", "change", "1").output
    assert "石磊" not in guanai("contact", "list").output


def test_status_names_the_posts_that_reminders_cannot_reach(guanai: Guanai) -> None:
    told = guanai("status").output
    assert "没有收件地址，提醒不到：办公室工作人员：未登记" in told
