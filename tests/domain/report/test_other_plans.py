"""Nothing about 18 measures, three phases, districts or townships is in the code: other plans compose as well."""

from functools import cache
from pathlib import Path
from typing import Any

from domain.duties import WorkItem
from domain.plan import Plan
from domain.report.annual import annual_report
from domain.report.blocks import Document, Heading
from domain.report.material import Material
from domain.report.snapshot import freeze, to_bytes
from services.plans import load_plan
from services.workcalendar import work_calendar
from tests import cast
from tests.domain.happenings import day, good_year
from tests.domain.report.tiedong import paragraph, rows, words

LINHE = Path(__file__).parents[2] / "data" / "plans" / "linhe-2025"


@cache
def linhe() -> Document:
    """A county with six actions, eight measures, two phases, lead units; its report is due in June."""
    plan = load_plan(LINHE)
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    history = tuple(f for year in (2025, 2026) for f in good_year(plan, year, calendar, _value))
    return freeze(Material(plan, calendar, 2026, day("2026-07-10"), history), "plan").consolidated


def _value(indicator: str, item: WorkItem) -> int:
    return {"books": 100, "books-new": 40, "books-old": 60}.get(indicator, 30 + item.year % 100)


def test_a_countys_plan_of_another_shape_composes() -> None:
    heads = [b.text for b in linhe().blocks if isinstance(b, Heading) and b.level == 2]
    assert "（六）数据归集行动" in heads
    assert "8个单位共同推进6项行动、8项任务举措" in words(linhe())
    assert linhe().title.startswith("临河县妇女联合会关于2026年度")
    assert paragraph(linhe(), "4.走访困难家庭。").startswith("困难家庭168户，已走访家庭168户，走访率100%")


def test_a_figure_without_a_phrase_is_told_by_its_name_without_its_unit() -> None:
    assert paragraph(linhe(), "3.开展心理辅导。").startswith("心理辅导112人次。")


def test_it_speaks_of_the_county_and_of_its_own_phases() -> None:
    text = words(linhe())
    assert "全区" not in text
    assert "打基础阶段（2025年3月至2026年2月）已结束" in text
    assert "促提升阶段（2026年3月至2027年6月）正在进行" in text
    assert "部署启动" not in text
    assert "对照方案抓好后续节点任务：2027年6月30日前（含当日）全面总结。" in text


def test_its_tables_have_its_own_measures_and_units() -> None:
    listed = rows(linhe(), "任务举措完成情况表")
    assert [row[0] for row in listed][-3:] == ["河口镇", "柳林乡", "城关街道"]
    assert all(len(row) == 1 + 8 + 3 for row in listed)


def bare(**without: Any) -> Plan:
    content = cast.plan_content()
    content["duties"] = [duty for duty in content["duties"] if duty["id"] != "annual-report"]
    return Plan.model_validate(content | without)


def composed(plan: Plan) -> Document:
    history = tuple(good_year(plan, 2025, cast.calendar(), lambda *_: 40))
    return annual_report(Material(plan, cast.calendar(), 2025, day("2025-12-20"), history))


def test_a_plan_without_a_yearly_report_composes_and_blames_nobody_for_it() -> None:
    document = composed(bare())
    assert document.face == ()
    assert "本年度未要求各单位报送年度工作进展情况。" in words(document)
    assert "年度工作进展情况报送情况表" not in [annex.title for annex in document.annexes]
    assert [annex.number for annex in document.annexes] == list(range(1, len(document.annexes) + 1))


def test_a_plan_without_indicators_has_no_annex_of_figures() -> None:
    content = cast.plan_content()
    duties = [{**duty, "indicators": []} for duty in content["duties"]]
    document = composed(Plan.model_validate(content | {"indicators": [], "duties": duties}))
    assert [annex.title for annex in document.annexes] == [
        "任务举措完成情况表",
        "阶段与里程碑情况表",
        "年度工作进展情况报送情况表",
        "未完成事项清单",
    ]


def test_a_year_without_any_item_composes_too() -> None:
    plan = cast.small_plan()
    nothing = Material(plan, cast.calendar(), 2026, day("2026-01-01"), ())
    assert b"2026" in to_bytes(freeze(nothing, "plan"))


def test_a_plan_with_more_measures_than_a_page_is_wide_parts_its_table() -> None:
    content = cast.plan_content()
    first = content["measures"][0]
    content["measures"] = [{**first, "number": n, "title": f"举措{n}"} for n in range(1, 31)]
    document = composed(Plan.model_validate(content))
    tables = document.annexes[0].blocks
    assert [len(table.columns) - 4 for table in tables if table.kind == "table"] == [24, 6]
