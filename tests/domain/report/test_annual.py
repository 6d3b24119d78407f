"""The consolidated report over the shipped plan: what it says, what it may not say, and where each figure is from."""

import re

import pytest

from domain.entries import HIGHLIGHTS, NEXT_STEPS, SHORTCOMINGS, measure_slot
from domain.facts import ItemFacts, Submission
from domain.report.annual import annual_report, face
from domain.report.blocks import BarChart, Document, Heading, Timeline
from domain.report.material import LOCAL_EXAMPLES, Material
from domain.report.snapshot import freeze
from domain.status import Light
from tests.domain.happenings import day, facts, swap, version
from tests.domain.report import tiedong
from tests.domain.report.tiedong import annex, handed, material, paragraph, references, rows, words

GOOD = annual_report(material())
PLACES = tiedong.plan().expand(["各乡镇街道"])


def headings(document: Document, level: int) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Heading) and b.level == level]


def test_it_has_the_five_parts_of_such_a_report() -> None:
    assert headings(GOOD, 1) == [
        "一、基本情况",
        "二、主要做法与成效",
        "三、工作亮点",
        "四、存在问题",
        "五、下一步打算",
    ]


def test_every_action_and_every_measure_of_the_plan_has_its_place() -> None:
    plan = tiedong.plan()
    assert [h for h in headings(GOOD, 2) if h.endswith("行动")] == [
        f"（{number}）{action.name}" for number, action in zip("一二三四五", plan.actions, strict=True)
    ]
    for measure in plan.measures:
        assert paragraph(GOOD, f"{measure.number}.{measure.title}。")


def test_where_all_went_well_the_face_is_clean_and_nothing_is_outstanding() -> None:
    assert GOOD.face == ()
    assert rows(GOOD, "未完成事项清单") == []
    assert "本年度到期事项均已按时报送，未发生退回。" in words(GOOD)


def test_the_groups_of_children_are_named_once_and_never_added_up() -> None:
    served = next(line for line in words(GOOD).splitlines() if line.startswith("据各单位报送"))
    assert "全区共有关爱服务对象1464人，留守儿童1092人，困境儿童732人，" in served
    assert "上述各类儿童之间有交叉，分别统计，不作合计。" in served
    assert "档案" not in served
    whole = freeze(material(), "x").model_dump_json()
    assert not re.search(r"(?<!\d)1824(?!\d)", whole)  # 留守 1092 + 困境 732


def test_every_figure_in_the_text_leads_to_a_row_of_the_sources() -> None:
    names = {i.id: i.name for i in tiedong.plan().indicators}
    numbers = {f"{rank:02} {name}" for rank, name in enumerate(names.values(), start=1)}
    listed = "\n".join(cell for row in rows(GOOD, "数据来源表") for cell in row)
    cited = {ref.id.partition("-")[0] for ref in references(GOOD)}
    assert cited
    for number in cited:
        full = next(n for n in numbers if n.startswith(number))
        assert full in listed


def test_the_sources_name_the_versions_and_their_reviewer_but_no_digest_of_what_they_say() -> None:
    listed = rows(GOOD, "数据来源表")
    digests = {s.content_sha256[:8] for f in tiedong.history(2025) for s in f.submissions}
    text = "\n".join(cell for row in listed for cell in row)
    assert "第三季度 第1版（" in text
    assert not re.search(r"\d{4}(Q\d|H\d|-\w+) 第", text)  # codes are for programs
    quarters = next(
        row[1] for row in listed if len(row) > 1 and "第三季度" in row[1] and "第二季度" in row[1]
    )
    assert quarters.index("第一季度") < quarters.index("第二季度") < quarters.index("第三季度")
    festivals = next(row[1] for row in listed if len(row) > 1 and "春节" in row[1])
    assert festivals.index("春节") < festivals.index("六一儿童节") < festivals.index("中秋节")
    assert "赵强" in text
    assert not any(digest in text for digest in digests)


def test_a_year_so_far_stands_beside_the_same_part_of_last_year() -> None:
    table = annex(GOOD, "主要指标情况表").blocks[0]
    assert table.kind == "table"
    assert [c.title for c in table.columns][-3:] == ["2025年", "上年同期", "比上年"]
    assert indicator(GOOD, "关爱服务对象数") == ["1464", "1464", "持平"]
    assert indicator(GOOD, "节日慰问人次") == ["150", "100", "—"]  # 春节 2024 was over before the notice
    # Three quarters, and two of 2024, the first of which was over before the notice: no like for like.
    assert indicator(GOOD, "新增对象数") == ["720", "480", "—"]
    assert indicator(annual_report(material("2026-10-20", year=2026)), "新增对象数") == ["720", "720", "持平"]


def test_a_whole_year_stands_beside_the_whole_year_before() -> None:
    document = annual_report(material("2026-01-15", year=2025))
    table = annex(document, "主要指标情况表").blocks[0]
    assert table.kind == "table"
    assert [c.title for c in table.columns][-3:] == ["2025年", "2024年", "比上年"]


def test_internal_indicators_are_not_even_listed() -> None:
    assert "强制报告线索" not in "".join(cell for a in GOOD.annexes for cell in tiedong.texts(a.blocks))


def indicator(document: Document, name: str) -> list[str]:
    """An indicator's figure, last year's beside it, and the change."""
    return next(row[-3:] for row in rows(document, "主要指标情况表") if row[1:2] == [name])


UNSEEN = "未经审核的内容"
UNACCEPTED = [
    pytest.param((version("2025-11-20", words={"measure-1": UNSEEN}),), id="not reviewed"),
    pytest.param(
        (version("2025-11-20", words={"measure-1": UNSEEN}, returned="2025-11-21"),), id="sent back"
    ),
    pytest.param(
        (
            version("2025-11-20", words={"measure-1": UNSEEN}, returned="2025-11-21"),
            version("2025-11-25", words={"measure-1": "开展普法。"}, accepted="2025-11-26"),
        ),
        id="an older version",
    ),
    pytest.param(
        (version("2025-12-10", words={"measure-1": UNSEEN}, accepted="2025-12-11"),), id="tomorrow's"
    ),
]


@pytest.mark.parametrize("versions", UNACCEPTED)
def test_nothing_of_what_is_not_accepted_on_the_day_is_told(versions: tuple[Submission, ...]) -> None:
    told = material("2025-12-08", handed("court", *versions))
    assert UNSEEN not in freeze(told, "x").model_dump_json()


def test_figures_that_are_not_accepted_are_not_told_either() -> None:
    item = next(f.item for f in tiedong.history(2025) if f.item.key.endswith("visits-quarterly/yehe/2025Q2"))
    pending = facts(item, version("2025-06-20", {"visits-good-due": 98765, "visits-good-done": 98765}))
    assert "98765" not in freeze(material("2025-12-08", pending), "x").model_dump_json()


def test_the_face_lists_who_is_silent_and_whose_report_is_not_reviewed() -> None:
    late = material("2025-12-08", handed("court"), handed("justice", version("2025-11-28")))
    assert face(late) == (
        "1个单位尚未报送年度工作进展情况：区法院。",
        "1个单位的年度工作进展情况尚未审核通过，内容未采用：区司法局。",
    )


def test_before_its_day_the_face_says_when_the_report_is_due() -> None:
    told = face(material("2025-11-20", *[handed(unit.id) for unit in tiedong.plan().units]))
    assert told[0].startswith("29个单位尚未报送年度工作进展情况（2025年11月30日截止）：")
    assert told[0].endswith("等29个单位。")


def test_the_face_counts_other_items_that_are_due_and_not_accepted() -> None:
    items = [
        f.item for f in tiedong.history(2025) if f.item.duty == "data-exchange" and f.item.unit == "court"
    ]
    seen = material("2025-12-08", *(facts(i) for i in items))
    assert face(seen) == ("有3项到期事项未报送或未审核通过。",)
    document = annual_report(seen)
    assert document.face == ("有3项到期事项未报送或未审核通过，详见“未完成事项清单”。",)
    assert "未完成事项清单" in {annex.title for annex in document.annexes}


def test_what_is_not_due_yet_makes_no_unit_look_behind() -> None:
    told = material("2025-02-10")
    assert not [light for light in told.lights.values() if light in {Light.YELLOW, Light.RED}]
    assert "需要督促" not in words(annual_report(told))


def test_townships_and_streets_are_counted_and_a_few_of_them_speak() -> None:
    told = paragraph(GOOD, "5.完善委托照护制度。")
    assert "12个乡镇街道均按计划推进本项工作。" in told
    assert sum(f"{tiedong.plan().units_by_id[u].name}落实" in told for u in PLACES) == LOCAL_EXAMPLES


def test_those_speak_first_whose_work_was_timely_and_accepted_at_once() -> None:
    careless = [
        facts(f.item, version("2025-12-07", accepted="2025-12-08", words={"measure-5": f"{u}晚报。"}))
        for u in PLACES[:4]
        for f in tiedong.history(2025)
        if f.item == tiedong.annual_item(u)
    ]
    told = paragraph(annual_report(material("2025-12-08", *careless)), "5.完善委托照护制度。")
    best = [tiedong.plan().units_by_id[u].name for u in PLACES[4:6]]
    assert all(f"{name}落实" in told for name in best)
    assert "晚报" not in told


def test_units_that_say_the_same_are_told_together() -> None:
    told = {HIGHLIGHTS: "群众满意。", SHORTCOMINGS: "人手不足。", NEXT_STEPS: "加强培训。"}
    same = [
        handed(unit, version("2025-11-20", words=told, accepted="2025-11-21"))
        for unit in ("court", "justice", *PLACES)
    ]
    text = words(annual_report(material("2025-12-08", *same)))
    assert "区法院、区司法局：人手不足。" in text
    assert "山门镇人手不足。其余11个乡镇街道的情况见各自年度报告。" in text


def test_overdue_items_are_counted_by_unit_and_listed_with_their_delay() -> None:
    missing = [
        facts(f.item)
        for f in tiedong.history(2025)
        if f.item.duty == "data-exchange" and f.item.unit == "court"
    ]
    document = annual_report(material("2025-12-08", *missing))
    assert "有3项事项逾期未报送或退回后未补正：区法院3项。" in words(document)
    listed = rows(document, "未完成事项清单")
    assert [row[0] for row in listed] == ["区法院"] * 3
    assert listed[-1][-1] == "未报，逾期44天"  # from 9 October 2025, with 11 October worked


def test_the_table_of_reports_says_who_was_late_returned_or_silent() -> None:
    mended = (
        version("2025-11-20", returned="2025-11-21"),
        version("2025-12-02", accepted="2025-12-03"),
    )
    changed = [
        handed("court"),
        handed("justice", version("2025-12-02", accepted="2025-12-03")),
        handed("health", *mended),
        handed("finance", version("2025-11-20")),
    ]
    document = annual_report(material("2025-12-08", *changed))
    assert "全年退回补正1次，部分材料填报质量有待提高。" in words(document)
    assert "到期事项中有2项未在期限内首次报送。" in words(document)
    told = {row[0]: row[1:] for row in rows(document, "年度工作进展情况报送情况表")}
    assert told["区法院"] == ["未报送", "否", "—", "—", "—", "—"]
    assert told["区司法局"] == ["2025年12月2日", "否", "第1版", "—", "通过", "2025年12月3日"]
    assert told["区卫健局"] == ["2025年11月20日", "是", "第2版", "1次", "通过", "2025年12月3日"]
    assert told["区财政局"] == ["2025年11月20日", "是", "第1版", "—", "待审核", "—"]
    assert "29个单位中，27个按时报送，1个逾期报送（区司法局），1个尚未报送（区法院）。" in words(document)


def test_the_completion_table_has_every_unit_and_a_sign_where_it_shares_the_measure() -> None:
    listed = rows(GOOD, "任务举措完成情况表")
    assert [row[0] for row in listed] == [unit.name for unit in tiedong.plan().units]
    signs = sum(bool(cell) for row in listed for cell in row[1:19])
    assert signs == 116


def test_phases_and_milestones_are_told_with_their_state() -> None:
    text = words(GOOD)
    assert "部署启动阶段（2024年1月至2月）已结束，所设1项里程碑时限早于方案印发。" in text
    assert "巩固提升阶段（2026年1月至10月）尚未开始，所设1项里程碑未到期。" in text
    assert (
        "推进实施阶段（2024年3月至2025年12月）正在进行，所设4项里程碑中，已达成1项、未到期2项、待认定1项。"
        in text
    )
    (annex,) = (annex for annex in GOOD.annexes if annex.title == "阶段与里程碑情况表")
    assert f"见附件“{annex.title}”" in text
    timeline = annex.blocks[0]
    assert isinstance(timeline, Timeline)
    assert len(timeline.marks) == 6
    assert timeline.today == day("2025-12-08")


def test_a_breakdown_is_drawn_only_where_each_of_its_parts_is_published() -> None:
    titles = [b.title for b in GOOD.blocks if isinstance(b, BarChart)]
    assert titles == ["留守儿童按年龄分布", "留守儿童按照护人分布"]
    few = [
        with_figure(f, "left-behind-0-5", 0) for f in tiedong.history(2025) if f.item.duty == "ledger-update"
    ]
    drawn = annual_report(material("2025-12-08", *few[:-8]))
    assert [b.title for b in drawn.blocks if isinstance(b, BarChart)][-1] == "留守儿童按照护人分布"


def with_figure(item: ItemFacts, indicator: str, value: int) -> ItemFacts:
    (given,) = item.submissions
    figures = tuple(
        f.model_copy(update={"value": value}) if f.indicator == indicator else f for f in given.figures
    )
    return item.model_copy(update={"submissions": (given.model_copy(update={"figures": figures}),)})


def test_a_partial_figure_says_so_in_the_text_and_in_the_table() -> None:
    missing = [f for f in tiedong.history(2025) if f.item.key.endswith("visits-priority/yehe/2025Q2")]
    document = annual_report(material("2025-12-08", *(facts(f.item) for f in missing)))
    assert "走访重点关注儿童家庭1750户次" in paragraph(document, "8.开展摸底走访建档。")
    assert "（部分数据尚未报齐）" in paragraph(document, "8.开展摸底走访建档。")
    assert indicator(document, "重点走访户次") == ["1750△", "1200", "—"]


def test_a_rate_is_told_before_its_parts_or_instead_of_them() -> None:
    told = paragraph(GOOD, "8.开展摸底走访建档。")
    assert "监护状况较好家庭走访率为80%" in told
    assert "应访" not in told


def test_before_anything_is_due_it_says_so() -> None:
    told = annual_report(material("2025-01-03"))
    text = words(told)
    assert "截至2025年1月3日，本年度事项均未到期。" in text
    assert text.count("本年度事项均未到期。") == 2
    assert "本年度尚无审核通过的服务对象底数数据。" in text


def test_a_measure_of_which_nobody_has_told_says_that() -> None:
    silent = [handed(unit.id) for unit in tiedong.plan().units]
    figures = [f for f in tiedong.history(2025) if f.item.duty in {"net-reports", "summer-net"}]
    document = annual_report(material("2025-12-08", *silent, *(facts(f.item) for f in figures)))
    told = paragraph(document, "15.加强网络保护工作。")
    assert told == "承担单位的工作进展情况尚未报送或尚未审核通过，暂无可汇总的内容。"


def test_the_assumed_calendar_is_named_on_the_face() -> None:
    first = tiedong.history(2025)[0]
    occurrence = first.item.occurrence.model_copy(update={"assumed": True})
    assumed = first.model_copy(update={"item": first.item.model_copy(update={"occurrence": occurrence})})
    history = swap(tiedong.history(2024, 2025), assumed)
    told = Material(tiedong.plan(), tiedong.calendar(), 2025, day("2025-12-08"), history)
    assert "部分期限所依据的放假调休安排尚未公布，按周一至周五为工作日推定。" in face(told)


def test_the_words_of_a_unit_stand_under_its_measure_only() -> None:
    told = version("2025-11-20", words={measure_slot(1): "讲授民法典。"}, accepted="2025-11-21")
    document = annual_report(material("2025-12-08", handed("court", told)))
    assert "区法院讲授民法典。" in paragraph(document, "1.加强思想道德建设。")
    assert words(document).count("讲授民法典") == 1


def test_the_letterhead_leaves_the_number_to_be_filled_in() -> None:
    assert GOOD.letterhead is not None
    assert GOOD.letterhead.number == "四东民〔2025〕　　号"
    assert (
        GOOD.title
        == "四平市铁东区民政局关于2025年度留守儿童和困境儿童关爱服务质量提升三年行动工作进展情况的报告"
    )
