"""``guanai plan``: what it prints and the status it ends with."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.plan import app
from services.places import shipped_plan
from services.plans import load_plan
from tests.linhe import LINHE, LINHE_NOTICE, LINHE_PLAN


def run(*args: str | Path, plan: Path | None = None) -> Result:
    setting = {"GUANAI_PLAN": str(plan) if plan else None}
    return CliRunner().invoke(app, [str(arg) for arg in args], env=setting)


def shown(path: Path | None = None) -> dict[str, Any]:
    result = run("show", *([path] if path else []), "--json")
    assert result.exit_code == 0, result.output
    view = json.loads(result.stdout)
    assert isinstance(view, dict)
    return view


class TestCheck:
    def test_the_shipped_plan_passes_without_a_path(self) -> None:
        result = run("check")

        assert result.exit_code == 0
        assert "检查通过：5 项行动、18 项举措、3 个阶段、29 个单位" in result.stdout

    def test_another_district_passes_with_its_notice(self) -> None:
        result = run("check", LINHE, "--notice", LINHE_NOTICE)

        assert result.exit_code == 0
        assert "6 项行动、8 项举措、2 个阶段、8 个单位" in result.stdout
        assert "出处与通知原文一致" in result.stdout

    def test_without_a_path_the_plan_in_use_is_meant(self) -> None:
        assert "临河县儿童关爱计划" in run("check", plan=LINHE).stdout

    def test_faults_are_listed_with_file_line_and_mend_and_status_1(self, tmp_path: Path) -> None:
        text = LINHE_PLAN.read_text("utf-8").replace("lead: [县卫健局]", "lead: [县卫生健康局]")
        (tmp_path / "plan.yaml").write_text(text, "utf-8")
        line = text[: text.index("县卫生健康局")].count("\n") + 1

        result = run("check", tmp_path)

        assert result.exit_code == 1
        assert f"plan.yaml 第 {line} 行（measures › 2 › lead › 第1项）" in result.stdout
        assert "没有定义单位“县卫生健康局”。是否应为“县卫健局”？" in result.stdout
        assert "共 " in result.stderr

    def test_another_notice_does_not_bear_the_citations_out(self) -> None:
        result = run("check", shipped_plan(), "--notice", LINHE_NOTICE)

        assert result.exit_code == 1
        assert "通知原文没有" in result.stdout

    def test_a_missing_plan_or_notice_is_a_mistake_in_using_the_command(self, tmp_path: Path) -> None:
        for wrong in ([tmp_path / "no"], ["--notice", tmp_path / "no.txt"]):
            result = run("check", *wrong)
            assert result.exit_code == 2
            assert "找不到" in result.stderr
            assert "Traceback" not in result.output

    def test_an_unknown_option_is_a_mistake_in_using_the_command(self) -> None:
        assert run("check", "--nonsense").exit_code == 2


class TestShow:
    def test_the_json_bears_every_part(self) -> None:
        view = shown()

        assert view["document"]["number"]
        for part in ("phases", "actions", "measures", "units", "duties", "indicators"):
            assert len(view[part]) == len(getattr(load_plan(shipped_plan()), part))

    @pytest.mark.parametrize(
        ("part", "keys"),
        [
            ("phases", {"name", "start", "end", "milestones"}),
            ("actions", {"id", "name"}),
            ("measures", {"number", "title", "action", "units", "unit_names", "depends_on"}),
            ("units", {"id", "name", "aliases", "kind", "member"}),
            ("duties", {"id", "measure", "title", "cadence", "units", "after", "indicators", "cites"}),
            ("indicators", {"id", "name", "unit", "supplier", "sensitivity"}),
        ],
    )
    def test_every_entry_bears_its_keys(self, part: str, keys: set[str]) -> None:
        for path in (None, LINHE_PLAN):
            assert all(keys <= set(entry) for entry in shown(path)[part])

    def test_milestones_bear_due_title_measures_and_citation(self) -> None:
        found = [m for phase in shown()["phases"] for m in phase["milestones"]]

        assert found
        assert all({"due", "title", "measures", "cites"} <= set(m) for m in found)

    def test_groups_are_expanded_to_ids_and_kept_as_written(self) -> None:
        view = shown()
        ids = {unit["id"] for unit in view["units"]}
        written = next(m for m in view["measures"] if m["number"] == 8)

        assert written["unit_names"] == ["区民政局", "各乡镇街道"]
        assert len(written["units"]) == 13
        assert all(set(m["units"]) <= ids for m in view["measures"])
        assert sum(len(m["units"]) for m in view["measures"]) == 116

    def test_lead_units_are_among_the_units(self) -> None:
        measure = shown(LINHE_PLAN)["measures"][1]

        assert measure["unit_names"] == ["县卫健局", "县教育局"]
        assert measure["units"] == ["edu", "health"]
        assert measure["lead"] == ["health"]

    def test_dependencies_are_numbers_and_ids_with_reasons_beside(self) -> None:
        view = shown(LINHE_PLAN)
        visits = next(d for d in view["duties"] if d["id"] == "visits")

        assert view["measures"][3]["depends_on"] == [8]
        assert visits["after"] == ["ledger"]
        assert visits["dependencies"][0]["because"] == "走访使用统一台账"

    def test_the_ladder_is_shown_with_its_days_and_whom_it_tells(self) -> None:
        told = run("show", LINHE).output

        for words in ("督办阶梯", "超期催报", "截止日后 2 个工作日", "橙色", "不提醒"):
            assert words in told

    def test_nothing_of_the_shipped_plan_shows_in_another(self) -> None:
        for result in (run("show", LINHE), run("show", LINHE, "--json")):
            assert result.exit_code == 0
            assert "铁东" not in result.stdout
            assert "临河县" in result.stdout

    def test_people_see_every_measure_duty_and_indicator(self) -> None:
        result = run("show", LINHE)
        flat = "".join(c for c in result.stdout if c.isalnum() or c in "、，：“”（）")

        plan = load_plan(LINHE)
        for title in [m.title for m in plan.measures] + [i.id for i in plan.indicators]:
            assert "".join(c for c in title if c.isalnum()) in flat

    def test_a_faulty_plan_is_not_shown(self, tmp_path: Path) -> None:
        (tmp_path / "plan.yaml").write_text("id: x\n", "utf-8")

        result = run("show", tmp_path)

        assert result.exit_code == 1
        assert "guanai plan check" in result.stderr


class TestOutline:
    def test_the_outline_can_be_put_into_a_plan(self, tmp_path: Path) -> None:
        text = LINHE_PLAN.read_text("utf-8")
        (tmp_path / "plan.yaml").write_text(text[: text.index("# 通知各段")], "utf-8")
        (tmp_path / "outline.yaml").write_text(run("outline", LINHE_NOTICE).stdout, "utf-8")

        assert run("check", tmp_path).exit_code == 0

    def test_sentences_are_shown_with_the_numbers_to_cite(self) -> None:
        assert "三（六）8#2　维权和走访使用该台账。" in run("outline", LINHE_NOTICE, "--text").stdout


class TestCalendar:
    def test_one_unit_s_items_bear_their_dates(self) -> None:
        result = run("calendar", LINHE, "--year", "2025", "--unit", "教体局", "--json")
        items = {item["key"]: item for item in json.loads(result.stdout)}

        report = items["linhe-2025/report/edu/2025"]
        assert (report["opens"], report["due"], report["act_by"]) == (
            "2025-05-15",
            "2025-06-30",
            "2025-06-30",
        )
        assert {item["unit"] for item in items.values()} == {"edu"}
        assert not report["assumed"]

    def test_an_assumed_date_is_marked_for_people_too(self) -> None:
        result = run("calendar", LINHE, "--year", "2027", "--unit", "县公安局")

        assert "（推定）" in result.stdout.replace("\n", "").replace("│", "").replace(" ", "")
        assert "尚未公布" in result.stdout

    def test_a_known_year_bears_no_mark(self) -> None:
        assert "推定" not in run("calendar", LINHE, "--year", "2025", "--unit", "县公安局").stdout

    @pytest.mark.parametrize(
        "args", [["--year", "2031"], ["--year", "2025", "--unit", "县气象局"], ["--year", "二五"], []]
    )
    def test_a_wrong_year_or_unit_is_a_mistake_in_using_the_command(self, args: list[str]) -> None:
        result = run("calendar", LINHE, *args)

        assert result.exit_code == 2
        assert "Traceback" not in result.output
