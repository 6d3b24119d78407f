"""A plan's draft from fictional notices of several styles."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.drafting.draft import Draft, draft
from domain.drafting.lines import ROW, Line, paragraphs
from domain.notice import outline
from domain.plan import Plan
from domain.plan_check import check
from tests.notices import DANJIANG, QINGHE, YUNXI

HEAD = (
    "某政办〔2025〕1号\n某县人民政府办公室关于印发《某县关爱方案》的通知\n各镇人民政府：\n现印发给你们。\n"
    "某县人民政府办公室\n2025年1月2日\n某县关爱方案\n"
)


unhurried = settings(max_examples=50, deadline=None)  # a draft goes through every reader


def drafted(text: str) -> Draft:
    made = draft(paragraphs([Line.of(line, f"第{n}行") for n, line in enumerate(text.split("\n"), 1)]), "x")
    assert made is not None
    return made


def doubts(made: Draft) -> str:
    return "\n".join(f"{one.place} {one.cite} {one.text}" for one in made.doubts)


def units_of(made: Draft) -> list[tuple[str, str, str]]:
    return [(m["title"], "、".join(m.get("lead", [])), "、".join(m["units"])) for m in made.measures]


def duty(made: Draft, cite: str, every: str) -> dict[str, Any]:
    (found,) = [d for d in made.duties if d["cites"] == [cite] and d["cadence"]["every"] == every]
    return found


class TestBracketStyle:
    made = drafted(YUNXI.read_text("utf-8"))

    def test_the_head_and_what_the_notice_rests_on_are_read(self) -> None:
        document = self.made.plan["document"]

        assert (
            document["title"]
            == "云溪区人民政府办公室关于印发《云溪区儿童关爱三年行动方案（2025—2027年）》的通知"
        )
        assert document["number"] == "云政办发〔2025〕12号"
        assert (document["issuer"], document["region"]) == ("云溪区人民政府办公室", "云溪区")
        assert document["issued"] == date(2025, 3, 18)
        assert [dict(one) for one in document["basis"]] == [
            {
                "number": "江民发〔2024〕31号",
                "title": "关于加强儿童关爱服务的实施意见",
                "issuer": "市民政局等八部门",
            }
        ]
        assert "《江州市困境儿童保障办法》没有写文号" in doubts(self.made)
        assert (self.made.plan["start"], self.made.plan["end"]) == (date(2025, 1, 1), date(2027, 12, 31))

    def test_measures_bear_their_units_as_named(self) -> None:
        assert units_of(self.made) == [
            ("建设乡村书屋", "", "区教育局、区妇联、各镇（街道）"),
            ("开展安全教育", "区公安局", "区教育局"),
            ("做好健康体检", "", "区卫生健康局"),
            ("完善信息台账", "区民政局", "区卫健局、各镇（街道）"),
        ]
        assert [a["name"] for a in self.made.actions] == ["阅读守护行动", "健康守护行动"]
        assert self.made.assignments == 13

    def test_names_of_one_body_are_one_unit_and_groups_have_the_roster_s_members(self) -> None:
        names = {u["id"]: (u["name"], u.get("aliases", [])) for u in self.made.units}

        assert names["health"] == ("区卫健局", ["区卫生健康局"])
        assert names["police"] == ("公安局云溪分局", ["区公安局"])
        assert [dict(g) for g in self.made.groups if g["name"] == "各镇（街道）"] == [
            {"name": "各镇（街道）", "members": ["清泉镇", "南浦街道办事处", "东门街"]}
        ]
        assert "区卫健局、区卫生健康局按同一单位处理" in doubts(self.made)

    def test_the_leading_group_is_read_with_its_roster_and_office(self) -> None:
        group = self.made.plan["leading_group"]

        assert group["name"] == "云溪区儿童关爱工作领导小组"
        assert dict(group["office"]) == {"name": "领导小组办公室", "host": "区民政局", "director": "何静"}
        assert [(o["role"], o["name"], o.get("unit")) for o in group["roster"]][:4] == [
            ("lead", "方远", None),
            ("deputy", "何静", "区民政局"),
            ("member", "林晓", "区教育局"),
            ("member", "罗明", "区卫健局"),
        ]
        assert group["tasks"] == ["统筹全区儿童关爱工作", "定期研究重大事项"]

    def test_phases_have_their_days_and_dated_results_in_their_order(self) -> None:
        found = [
            (p["name"], p["start"], p["end"], [(m["due"], m["cites"][0]) for m in p["milestones"]])
            for p in self.made.phases
        ]

        assert found == [
            ("部署启动", date(2025, 3, 1), date(2025, 5, 31), [(date(2025, 5, 17), "四（二）4#1")]),
            (
                "全面推进",
                date(2025, 6, 1),
                date(2026, 12, 31),
                [
                    (date(2025, 9, 1), "四（一）1#1"),
                    (date(2026, 6, 30), "五（二）#1"),
                    (date(2026, 6, 30), "四（二）4#4"),
                ],
            ),
            ("总结提升", date(2027, 1, 1), date(2027, 10, 31), [(date(2027, 10, 20), "五（三）#1")]),
        ]

    def test_every_recurrence_and_every_day_is_a_duty_of_whom_the_sentence_names(self) -> None:
        assert duty(self.made, "四（一）1#1", "half-year")["units"] == ["区教育局"]
        assert duty(self.made, "四（一）1#1", "once")["title"] == "建成十个书屋"
        assert duty(self.made, "四（一）1#2", "standing")["units"] == ["区妇联"]
        assert duty(self.made, "四（一）2#1", "quarter")["units"] == ["区公安局"]
        assert duty(self.made, "四（一）2#2", "festival")["units"] == ["区公安局"]
        assert duty(self.made, "四（二）3#1", "year")["cadence"] == {"every": "year", "due": "05-31"}
        assert duty(self.made, "四（二）4#1", "month")["cadence"] == {"every": "month"}
        assert duty(self.made, "四（二）4#4", "once")["cadence"] == {
            "every": "once",
            "due": date(2026, 6, 30),
        }

    def test_the_yearly_report_is_known_and_is_everybody_s(self) -> None:
        report = duty(self.made, "六（二）#1", "year")

        assert report["role"] == "annual-report"
        assert report["cadence"] == {"every": "year", "due": "12-10", "bound": "before"}
        assert "units" not in report

    def test_what_is_misnumbered_is_told_with_its_line(self) -> None:
        told = doubts(self.made)

        assert "第24行 三 标题序号“4”按顺序应为第3" in told
        assert "第44行 四（二） 标题序号“3”" in told
        assert "第45行 四（二）3 标题序号“4”按顺序应为第3" in told
        assert [n["kind"] for n in self.made.notes].count("misprint") == 4

    def test_each_doubt_is_a_note_and_stands_beside_its_entry(self) -> None:
        assert len(self.made.notes) == len(self.made.doubts)
        (note,) = [n for n in self.made.notes if "“定期”没有写明多久一次" in n["text"]]
        assert (note["kind"], note["cites"]) == ("open", ["四（二）3#2"])
        assert any("“定期”" in words for words in self.made.duties[8].doubts)

    def test_a_goal_for_a_year_is_told_and_no_duty(self) -> None:
        assert "一#1 写有“2027年”，是总的目标" in doubts(self.made)


class TestLabelStyle:
    made = drafted(DANJIANG.read_text("utf-8"))

    def test_half_width_marks_and_chinese_dates_are_read(self) -> None:
        document = self.made.plan["document"]

        assert (document["number"], document["issued"]) == ("丹政发[2024]8号", date(2024, 6, 20))
        assert document["addressee"] == "各乡（镇）人民政府，县直各有关单位"

    def test_labels_on_lines_of_their_own_name_units(self) -> None:
        assert units_of(self.made) == [
            ("建设助餐点", "县民政局", "县财政局、县市场监管局、各乡（镇）"),
            ("培训护理员", "县人力资源社会保障局", "县民政局、县总工会"),
            ("排查安全隐患", "", "县消防救援大队、县应急管理局、县市场监督管理局"),
        ]

    def test_time_limits_beside_the_units_are_duties_and_milestones(self) -> None:
        assert duty(self.made, "二1#2", "once")["cadence"]["due"] == date(2024, 12, 31)
        titles = [m["title"] for p in self.made.phases for m in p["milestones"]]
        assert titles == ["将实施方案报县民政局", "完成中期检查", "建设助餐点", "培训护理员"]

    def test_what_recurs_in_a_phase_is_a_duty(self) -> None:
        assert duty(self.made, "三（二）#2", "half-year")["units"] == ["县民政局"]

    def test_points_of_the_covering_letter_bind_too(self) -> None:
        assert duty(self.made, "印发一", "once")["cadence"] == {
            "every": "once",
            "due": date(2024, 7, 15),
            "bound": "before",
        }

    def test_a_group_whose_members_are_not_told_is_left_open(self) -> None:
        assert [dict(g) for g in self.made.groups] == [{"name": "各乡（镇）", "members": []}]
        assert "通知没有列出“各乡（镇）”包括哪些单位" in doubts(self.made)

    def test_a_leading_group_told_in_a_sentence_is_read(self) -> None:
        group = self.made.plan["leading_group"]

        assert (group["name"], group["office"]["host"]) == ("丹江县养老服务工作专班", "县民政局")
        assert [(o["role"], o["name"]) for o in group["roster"]] == [("lead", "周正"), ("deputy", "吴桐")]

    def test_stages_without_numbers_are_phases(self) -> None:
        assert [(p["name"], p["start"], p["end"]) for p in self.made.phases] == [
            ("动员部署", date(2024, 6, 1), date(2024, 7, 31)),
            ("组织实施", date(2024, 8, 1), date(2025, 10, 31)),
            ("总结验收", date(2025, 11, 1), date(2025, 12, 31)),
        ]


class TestArticles:
    made = drafted(QINGHE.read_text("utf-8"))

    def test_chapters_articles_and_points_are_read(self) -> None:
        assert units_of(self.made) == [
            ("建档立册", "", "旗残联、旗卫健委"),
            ("资金保障", "", "旗财政局"),
        ]
        assert [m["cites"] for m in self.made.measures] == [["第二章第三条（一）"], ["第二章第三条（二）"]]

    def test_points_that_name_their_own_units_are_duties_of_these(self) -> None:
        assert duty(self.made, "第二章第三条（一）#4", "year")["units"] == ["旗残联"]
        assert self.made.measures[0]["demands"] == ["一是摸清底数", "二是规范管理"]

    def test_persons_defined_by_an_article_are_service_objects(self) -> None:
        (one,) = self.made.plan["service_objects"]

        assert (one["name"], one["definition"]) == ("残疾儿童", "居住在本旗、持有残疾人证的未成年人")

    def test_what_is_not_there_is_left_out_and_told(self) -> None:
        assert self.made.plan["document"]["number"] is None
        assert self.made.phases == []
        for what in ("发文字号", "印发日期", "阶段", "领导小组", "方案期限"):
            assert f"没有读出{what}" in doubts(self.made)


def test_units_behind_the_last_point_are_the_whole_section_s() -> None:
    made = drafted(
        HEAD
        + "一、任务\n（一）甲事项\n1.子事。做。\n2.丑事。做。\n（责任单位：县民政局）\n"
        + "（二）乙事项\n1.寅事。做。\n2.卯事。做。\n（责任单位：县教育局）"
    )

    assert units_of(made) == [("甲事项", "", "县民政局"), ("乙事项", "", "县教育局")]
    assert made.measures[0]["demands"] == ["子事", "丑事"]
    assert "单位写在最后一点之后" in doubts(made)


def test_a_measure_that_names_nobody_stands_with_its_siblings_and_is_told() -> None:
    made = drafted(
        HEAD + "一、任务\n1.甲事。做。（县民政局负责）\n2.乙事。做。\n3.丙事。做。（县教育局负责）"
    )

    assert units_of(made) == [("甲事", "", "县民政局"), ("乙事", "", ""), ("丙事", "", "县教育局")]
    assert "没有读出“乙事”的责任单位" in doubts(made)


def test_a_notice_that_names_no_units_has_its_measures_by_their_shape() -> None:
    made = drafted(
        HEAD
        + "一、目标\n好。\n二、主要任务\n（一）阅读行动\n1.甲事。做。\n2.乙事。做。\n（二）健康行动\n3.丙事。做。"
    )

    assert [m["title"] for m in made.measures] == ["甲事", "乙事", "丙事"]
    assert [a["name"] for a in made.actions] == ["阅读行动", "健康行动"]


def test_a_chapter_that_goes_unit_by_unit_has_a_measure_for_each() -> None:
    made = drafted(
        HEAD
        + "一、目标\n好。\n二、职责分工\n（一）县教育局：负责控辍保学。每学期走访一次。\n"
        + "（二）县公安局、县司法局。每季度普法一次。\n"
        + "（三）各乡镇：每月入户走访。"
    )

    assert units_of(made) == [
        ("县教育局的职责", "", "县教育局"),
        ("县公安局、县司法局的职责", "", "县公安局、县司法局"),
        ("各乡镇的职责", "", "各乡镇"),
    ]
    assert duty(made, "二（一）", "standing")["demand"] == "负责控辍保学"
    assert duty(made, "二（三）", "month")["demand"] == "每月入户走访"
    assert duty(made, "二（二）#1", "quarter")["title"] == "每季度普法一次"


TABLE = "\n".join(
    ROW + ROW.join(cells)
    for cells in [
        ("序号", "工作任务", "牵头单位", "配合单位", "完成时限"),
        ("1", "建设乡村书屋", "县教育局", "县妇联、县财政局", "2025年9月底前"),
        ("序号", "工作任务", "牵头单位", "配合单位", "完成时限"),
        ("2", "排查校园隐患", "县公安局", "县教育局", "每季度"),
    ]
)


def test_a_table_names_the_units_of_the_text_s_measures() -> None:
    made = drafted(HEAD + "一、任务\n1.建设乡村书屋。做。\n2.排查校园隐患。做。\n附件2\n任务分工表\n" + TABLE)

    assert units_of(made) == [
        ("建设乡村书屋", "县教育局", "县妇联、县财政局"),
        ("排查校园隐患", "县公安局", "县教育局"),
    ]
    assert [d["cadence"] for d in made.duties if d["cadence"]["every"] != "standing"] == [
        {"every": "once", "due": date(2025, 9, 30)},
        {"every": "quarter"},
    ]


def test_a_table_alone_is_the_measures() -> None:
    made = drafted(HEAD + "一、工作要求\n抓好落实。\n附件2\n任务分工表\n" + TABLE)

    assert units_of(made) == [
        ("建设乡村书屋", "县教育局", "县妇联、县财政局"),
        ("排查校园隐患", "县公安局", "县教育局"),
    ]
    assert "取自表格的一行" in doubts(made)


def test_a_roster_without_colons_and_a_director_named_behind_the_office_are_read() -> None:
    made = drafted(
        HEAD.replace("现印发给你们。", "决定建立某县关爱工作联席会议制度。")
        + "一、组成人员\n总召集人 方  远 县政府副县长\n副召集人 何 静 县民政局局长\n"
        + "成  员 林晓 县教育局副局长\n罗 明 县关工委办公室主任\n"
        + "联席会议办公室设在县民政局，何静同志兼任办公室主任，成员单位各确定1名联络员。"
    )
    group = made.plan["leading_group"]

    assert group["name"] == "某县关爱工作联席会议"
    assert dict(group["office"]) == {"name": "联席会议办公室", "host": "县民政局", "director": "何静"}
    assert [(o["role"], o["name"], o.get("unit")) for o in group["roster"]] == [
        ("lead", "方远", None),
        ("deputy", "何静", "县民政局"),
        ("member", "林晓", "县教育局"),
        ("member", "罗明", "县关工委办公室"),
    ]


def test_a_list_of_annexes_under_the_letter_is_no_chapter_and_a_table_alone_will_do() -> None:
    letter = HEAD.replace("现印发给你们。\n", "现分解下达。\n附件：1.任务分解表\n2.联系表\n")

    made = drafted(letter + "附件1\n" + TABLE)

    assert [m["title"] for m in made.measures] == ["建设乡村书屋", "排查校园隐患"]
    assert {tuple(m["cites"]) for m in made.measures} == {("附件1",)}


def test_a_text_without_numbers_is_no_notice() -> None:
    assert draft([Line.of("只有一句话。", "第1行")], "x") is None
    assert draft([], "x") is None


PIECES = [
    "一、主要任务",
    "二、实施步骤",
    "三、组织机构",
    "四、保障措施",
    "（一）阅读行动。",
    "（二）第一阶段（2025年3月至5月）。2025年4月底前完成。",
    "1.建书屋。每年9月1日前完成。（县教育局、各镇按职责分工负责）",
    "2.查隐患。",
    "牵头单位：县公安局",
    "责任单位：",
    "组  长：张  三  副县长",
    "成  员：李  四  县教育局局长",
    "成立县领导小组，办公室设在县民政局。",
    "①一是做好。二是做实。",
    "各单位于每年12月1日前将进展情况报县民政局。",
    ROW + ROW.join(("任务", "责任单位", "时限")),
    ROW + ROW.join(("建书屋", "县教育局", "年底前")),
    "附件1",
    "各镇人民政府：",
    "2025年1月2日",
    "印发之日起30日内完成（",
    "",
]


@unhurried
@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_whatever_pieces_a_notice_is_made_of_each_entry_cites_what_is_there(pieces: list[str]) -> None:
    made = draft([Line.of(text, f"第{n}行") for n, text in enumerate(pieces, 1)], "x")
    if made is None:
        return
    known = {p.id: len(p.sentences) for p in made.outline}
    entries = [*made.units, *made.actions, *made.measures, *made.phases, *made.duties, *made.notes]
    entries += [m for p in made.phases for m in p["milestones"]]
    for entry in entries:
        for cite in entry["cites"]:
            paragraph, _, number = cite.partition("#")
            assert paragraph in known
            assert not number or 1 <= int(number) <= known[paragraph]
    assert [d["id"] for d in made.duties] == list(dict.fromkeys(d["id"] for d in made.duties))


@pytest.mark.parametrize("path", [YUNXI, DANJIANG, QINGHE])
def test_the_same_notice_gives_the_same_draft(path: Any) -> None:
    text = path.read_text("utf-8")

    assert drafted(text) == drafted(text)


def test_a_limit_that_cannot_be_reckoned_leaves_a_standing_duty_and_a_doubt() -> None:
    made = drafted(HEAD + "一、任务\n1.甲事。三年内建成，定期检修。（县民政局负责）")

    assert duty(made, "一1#1", "standing")["demand"] == "三年内建成，定期检修"
    assert "“三年内”没有写从哪天算起，没有列入期限" in doubts(made)
    assert "“定期”没有写明多久一次" in doubts(made)


def filled(made: Draft) -> dict[str, Any]:
    """The draft as a plan's data, with stand-ins where a person must fill in."""
    unit = {
        "id": "filled-in",
        "name": "某单位",
        "kind": "department",
        "member": False,
        "cites": made.notes[0]["cites"],
    }
    stand_ins = {
        "start": date(2024, 1, 1),
        "end": date(2027, 12, 31),
        "issued": date(2025, 1, 2),
        "host": "某单位",
    }

    def fill(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: fill(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            if not value and key in ("members", "units"):
                return ["某单位"]
            return [fill(inner) for inner in value]
        return stand_ins.get(key, "某") if value is None else value

    parts = ("groups", "actions", "measures", "phases", "duties", "notes")
    data = {**fill(made.plan), **{part: fill(getattr(made, part)) for part in parts}}
    return data | {"units": [unit, *fill(made.units)], "outline": outline(made.outline)}


TASKS = [
    "（一）实施阅读行动。",
    "（二）健康行动",
    "1.建书屋。每年9月1日前完成，2025年底前全覆盖。（县教育局、各镇按职责分工负责）",
    "2.查隐患。公安机关每季度排查。（县公安局牵头，县教育局、县人民法院配合）",
    "2.查隐患。春节、重要节假日走访慰问。三年内建成。",
    "3.一是做好台账。每月更新。（县民政局负责）二是做实服务。定期回访。（县妇联、团县委负责）",
    "牵头单位：县公安局",
    "责任单位：清泉镇、南浦街道办事处、爱心联盟",
    "完成时限：2026年6月底前",
    "①到2027年全面建成。",
    "各单位于每年12月1日前将进展情况报县民政局。",
    ROW + ROW.join(("任务", "责任单位", "时限")),
    ROW + ROW.join(("建书屋", "县教育局", "每半年")),
]
STAGES = [
    "（一）部署（2025年3月至5月）。2025年4月底前完成。",
    "（二）推进（2025年6月—2026年12月）。年底前取得成果。",
    "第三阶段：总结（2027年1月至10月）。10月20日前总结。",
    "（四）收尾（2027年12月底前）。",
    "（五）长期坚持。",
]
OTHERS = [
    "三、组织机构",
    "组  长：张  三  副县长",
    "成  员：李  四  县教育局局长",
    "王  五  清泉镇副镇长",
    "成员单位：县民政局、县公安局、南浦街道",
    "成立县领导小组，办公室设在县民政局。",
    "四、保障措施",
    "（一）各成员单位每年向县民政局报送工作情况。",
    "（二）县财政局要在印发之日起30日内安排资金，并每半年报告。",
]


@unhurried
@given(
    st.lists(st.sampled_from(TASKS), min_size=1, max_size=8),
    st.lists(st.sampled_from(STAGES), min_size=1, max_size=4, unique=True),
    st.lists(st.sampled_from(OTHERS), max_size=7),
)
def test_a_draft_whose_gaps_are_filled_is_a_sound_plan(
    tasks: list[str], stages: list[str], others: list[str]
) -> None:
    text = "\n".join([HEAD + "一、主要任务", *tasks, "二、实施步骤", *stages, *others])
    made = drafted(text)
    if not (made.measures and made.duties):
        return

    plan = Plan.model_validate(filled(made))

    told = [f"{finding.loc} {finding.message}" for finding in check(plan)]
    of_the_notice = ("日期重叠", "超出方案期限", "不在阶段", "早于开始日期", "名册上却没有它的人")
    assert [line for line in told if not any(fault in line for fault in of_the_notice)] == []
