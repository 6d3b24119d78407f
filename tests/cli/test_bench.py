"""``guanai bench``: it measures, compares and leaves nothing behind. How fast anything is, no test says."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from cli.bench.crowd import Latency, Request, ask
from cli.bench.measure import Cost, Stopwatch, in_turn
from cli.bench.processes import RunFailedError, cpu_of, peak
from cli.bench.results import Row, Target, Verdict
from cli.bench.scene import scene
from cli.bench.stores import PostgresqlStores, SqliteStores, Stores
from deployments.embedded import free_port
from models.engine import writing
from services.plan_versions import adopt, current
from services.plans import load_plan
from tests import cast, postgres
from tests.linhe import LINHE

Bench = Callable[..., Result]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The command with 临河县's plan, and a home that it must leave alone."""
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path / "office"))
    monkeypatch.setenv("GUANAI_PLAN", str(LINHE))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setattr("tempfile.tempdir", None)  # it remembers the folder of before

    def run(*args: str) -> Result:
        result = CliRunner().invoke(app, ["bench", "--quick", *args])
        assert result.exit_code == 0, result.output
        return result

    return run


@pytest.mark.slow(25)
def test_everything_is_measured_beside_its_baseline_and_told_as_a_table(bench: Bench, tmp_path: Path) -> None:
    told = bench("opening", "workbooks", "report").stdout
    for title in ("开出一年的事项（SQLite）", "导出、导入填报表", "年度综合报告"):
        assert title in told
    for target in ("≤ 10 秒", "≤ 1.2 倍"):
        assert target in told
    assert len(re.findall(r"对照的 \d+\.\d\d 倍", told)) == 7
    assert Verdict.TOO_SMALL in told
    assert not list(tmp_path.iterdir()), "something was left behind, or the office's home was touched"


def test_json_says_the_same_as_data(bench: Bench) -> None:
    told: dict[str, Any] = json.loads(bench("--json", "opening").stdout)
    (found,) = told["benchmarks"]
    assert (told["quick"], found["name"]) == (True, "opening")
    small, small_bare, large, large_bare = found["rows"]
    assert (small["count"], large["count"]) == (small_bare["count"], large_bare["count"])
    assert large["ratio"] == pytest.approx(large["cost"]["cpu"] / large_bare["cost"]["cpu"])
    assert large["growth"] == pytest.approx(
        (large["cost"]["cpu"] / large["count"]) / (small["cost"]["cpu"] / small["count"])
    )
    assert large["target"]["seconds"] == 10


def test_an_office_on_postgresql_has_its_opening_measured_there_too(
    bench: Bench, store_url_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUANAI_DATABASE_URL", store_url_postgresql)
    told = bench("opening").stdout
    assert "开出一年的事项（SQLite）" in told
    assert "开出一年的事项（PostgreSQL）" in told


@pytest.mark.slow(15)
def test_typesetting_and_adding_up_are_measured_beside_others(bench: Bench, tmp_path: Path) -> None:
    told: dict[str, Any] = json.loads(bench("--json", "pdf", "rollup").stdout)
    pdf, rollup = told["benchmarks"]
    few, many, *others = pdf["rows"]
    assert many["growth"] == pytest.approx(
        (many["cost"]["cpu"] / many["count"]) / (few["cost"]["cpu"] / few["count"])
    )
    assert [row["what"].split("：")[1].split()[0] for row in others] == ["Chromium", "Typst"]
    assert all(row["count"] >= few["count"] and row["ratio"] > 0 for row in others)
    whole, bare = rollup["rows"]
    assert (whole["count"], whole["target"]["seconds"]) == (2, 60)
    assert whole["ratio"] == pytest.approx(whole["cost"]["cpu"] / bare["cost"]["cpu"])
    assert not list(tmp_path.iterdir()), "something was left behind, or the office's home was touched"


def test_the_documents_of_a_year_are_made_in_a_process_of_their_own_and_their_memory_is_told(
    bench: Bench, tmp_path: Path
) -> None:
    (found,) = json.loads(bench("--json", "family").stdout)["benchmarks"]
    made, resident, proportional = found["rows"]
    assert made["what"].startswith("1 份文件")
    assert made["target"]["seconds"] == 60
    assert made["count"] > 2, "pages"
    assert resident["target"]["memory"] > resident["memory"] >= proportional["memory"] > 0
    assert not list(tmp_path.iterdir()), "something was left behind, or the office's home was touched"


@pytest.mark.slow(25)
def test_a_round_on_prefect_is_measured_beside_the_services_alone(bench: Bench, tmp_path: Path) -> None:
    before = dict(os.environ)
    told: dict[str, Any] = json.loads(bench("--json", "orchestration").stdout)
    assert dict(os.environ) == before
    (found,) = told["benchmarks"]
    daily = [row for row in found["rows"] if row["what"].startswith("每日巡查")]
    assert [row["target"]["seconds"] for row in daily] == [15, 60]
    assert [row["count"] for row in daily] == [15, 15], "steps grow with units, or some are missing"
    alone = [row for row in found["rows"] if "对照" in row["what"]]
    assert daily[0]["ratio"] == pytest.approx(daily[0]["cost"]["cpu"] / alone[0]["cost"]["cpu"])
    share = next(row for row in found["rows"] if "流程引擎服务进程" in row["what"])
    assert 0 < share["cost"]["cpu"] < daily[0]["cost"]["cpu"]
    assert not list(tmp_path.iterdir()), "something was left behind, or the office's home was touched"


@pytest.mark.slow(10)
def test_sending_is_measured_beside_a_plain_loop_and_what_killed_senders_left_is_counted(
    bench: Bench,
) -> None:
    told: dict[str, Any] = json.loads(bench("--json", "reminders").stdout)
    decided, sent, killed = told["benchmarks"]
    assert decided["rows"][0]["count"] >= 500
    ours, _, bare = sent["rows"]
    assert (ours["count"], bare["count"], ours["ratio"] > 1) == (20, 20, True)
    counts = {row["what"]: row["count"] for row in killed["rows"]}
    assert (counts["应发的消息"], counts["丢失"], counts["不应有的重复"]) == (12, 0, 0)


def test_the_processor_time_of_another_process_is_told_while_it_runs() -> None:
    count = "print(sum(range(3_000_000)), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", count], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as busy:
        assert busy.stdout is not None
        busy.stdout.readline()
        assert 0.01 < cpu_of(busy.pid) < 10
        busy.communicate(b"\n")


@pytest.mark.slow(20)
def test_pages_are_measured_beside_an_empty_page_and_every_receipt_is_kept(
    bench: Bench, store_url_postgresql: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GUANAI_DATABASE_URL", store_url_postgresql)
    told: dict[str, Any] = json.loads(bench("--json", "portal").stdout)
    for found, store in zip(told["benchmarks"], ("SQLite", "PostgreSQL"), strict=True):
        assert found["title"].startswith(f"页面（{store}，16 个单位")
        rows = {row["what"]: row for row in found["rows"]}
        hurried = rows["平台状态 /platform，5 人不停"]
        assert (hurried["count"], hurried["at_once"], hurried["target"]["p95"]) == (10, 5, 0.2)
        assert 0 < hurried["latency"]["p50"] <= hurried["latency"]["p95"] <= hurried["latency"]["p99"]
        assert hurried["ratio"] > 1
        for page in ("/office", "/units"):
            assert any(page in what for what in rows), f"{page} is passed over in silence"
        assert rows["报送：5 个单位同时经接口报送"]["count"] == 5
    assert not list(tmp_path.iterdir()), "something was left behind, or the office's home was touched"


@pytest.mark.parametrize(
    ("p95", "cpu", "verdict"),
    [(0.2, 0.1, Verdict.MET), (0.3, 0.039, Verdict.UNCLEAR), (0.3, 0.041, Verdict.MISSED)],
)
def test_late_answers_are_a_miss_only_where_the_work_for_all_who_ask_at_once_takes_longer(
    p95: float, cpu: float, verdict: Verdict
) -> None:
    found = Row("", Cost(1, 10 * cpu), 10, latency=Latency(0.1, p95, p95), at_once=5)
    assert found.held_to(Target(p95=0.2)).verdict() is verdict


def test_a_request_that_nobody_answers_is_told_and_not_lost() -> None:
    (answer,) = ask(free_port(), Request("/"))
    assert (answer.status, b"refused" in answer.body) == (0, True)


def test_an_unknown_name_is_refused() -> None:
    assert CliRunner().invoke(app, ["bench", "everything"]).exit_code == 2


@pytest.mark.parametrize(
    ("wall", "cpu", "verdict"),
    [(9.9, 9.9, Verdict.MET), (10.1, 9.9, Verdict.UNCLEAR), (10.2, 10.1, Verdict.MISSED)],
)
def test_a_wall_time_beyond_the_target_proves_nothing_unless_the_processor_time_is_beyond_it(
    wall: float, cpu: float, verdict: Verdict
) -> None:
    assert Row("", Cost(wall, cpu), target=Target(seconds=10)).verdict() is verdict


def test_work_on_two_processors_is_held_to_half_its_processor_time() -> None:
    row = Row("", Cost(wall=61, cpu=100), target=Target(seconds=60, cores=2))
    assert row.verdict() is Verdict.UNCLEAR


def test_ratios_and_memory_are_judged_as_they_stand() -> None:
    assert Row("", ratio=1.21, target=Target(ratio=1.2)).verdict() is Verdict.MISSED
    assert Row("", ratio=1.2, target=Target(ratio=1.2)).verdict() is Verdict.MET
    assert Row("", memory=2, target=Target(memory=1)).verdict() is Verdict.MISSED
    assert Row("", memory=1, target=Target(memory=1)).verdict() is Verdict.MET


def test_trials_take_turns_and_every_other_round_is_run_backwards() -> None:
    seen: list[str] = []

    def named(name: str) -> Callable[[Stopwatch], None]:
        def trial(watch: Stopwatch) -> None:
            with watch:
                seen.append(name)

        return trial

    costs = in_turn("", {name: named(name) for name in "ab"}, rounds=3)
    assert "".join(seen) == "abbaab"
    assert set(costs) == {"a", "b"}


def test_a_stopwatch_counts_the_processor_time_of_its_children() -> None:
    watch = Stopwatch()
    with watch:
        subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    assert watch.cost.cpu > 0.01


def test_copied_units_owe_and_count_what_their_originals_do() -> None:
    here = scene(LINHE, load_plan(LINHE))
    plan = here.of(20).plan
    assert len(plan.units) == 20
    copy = next(unit for unit in plan.units if unit.name == "河口镇1")
    for duty in plan.duties:
        units = plan.duty_units(duty)
        assert (copy.id in units) == ("hekou" in units)
    for indicator in plan.indicators:
        suppliers = plan.suppliers(indicator)
        assert (copy.id in suppliers) == ("hekou" in suppliers)


def test_a_plan_with_units_enough_stays_as_it_is() -> None:
    here = scene(LINHE, load_plan(LINHE))
    assert here.of(3).plan == here.plan


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Stores:
    """Stores for trials, on each database in turn."""
    if request.param == "sqlite":
        return SqliteStores(tmp_path)
    return PostgresqlStores(request.getfixturevalue("store_url_postgresql"))


@pytest.fixture
def store_url_postgresql(postgresql: postgres.Cluster) -> Iterator[str]:
    """Address of a database."""
    with postgresql.database() as url:
        yield url


def test_each_trial_has_an_empty_store_that_is_gone_afterwards(stores: Stores) -> None:
    plan = cast.small_plan()
    for _ in range(2):
        with stores.fresh() as engine, writing(engine) as session:
            assert current(session, plan.id) is None
            adopt(session, plan, at=cast.moment("2025-01-02 09:00"), actor=cast.ZHAO_QIANG)


def test_trials_in_postgresql_leave_no_schema_behind(store_url_postgresql: str) -> None:
    with PostgresqlStores(store_url_postgresql).fresh():
        pass
    with psycopg.connect(store_url_postgresql) as connection:
        rows = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'guanai%'").fetchall()
        tables = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert (rows, tables) == ([], [])


def test_memory_is_that_of_a_process_and_of_all_that_it_starts(tmp_path: Path) -> None:
    child = "held = b'x' * (80 << 20); sum(range(20_000_000))"
    parent = (
        f"import subprocess, sys; held = b'x' * (40 << 20); subprocess.run([sys.executable, '-c', {child!r}])"
    )
    run = peak((sys.executable, "-c", parent), dict(os.environ), tmp_path / "log")
    assert 120 << 20 < run.proportional <= run.resident < 300 << 20


def test_a_run_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(RunFailedError, match="出错了"):
        peak((sys.executable, "-c", "raise SystemExit('出错了')"), dict(os.environ), tmp_path / "log")
