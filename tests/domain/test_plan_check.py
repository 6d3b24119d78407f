"""The checks of a plan: a sound one passes, and each way to spoil it is found where it was done."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.notice import parse_notice
from domain.plan_check import Finding, check, check_outline
from domain.plan_check.finding import cycles, nearest
from tests.linhe import LINHE_NOTICE, entry, linhe

Data = dict[str, Any]


def spoilt(spoil: Callable[[Data], object]) -> list[Finding]:
    return check(linhe(spoil))


def change(part: str, name: str | int, /, **values: object) -> Callable[[Data], object]:
    return lambda data: entry(data, part, name).update(values)


def change_indicator(name: str, /, **values: object) -> Callable[[Data], object]:
    return change("indicators", name, **values)


def change_duty(name: str, /, **values: object) -> Callable[[Data], object]:
    return change("duties", name, **values)


def change_milestone(**values: object) -> Callable[[Data], object]:
    return lambda data: data["phases"][0]["milestones"][0].update(values)


LADDER: tuple[str | int, ...] = ("rules", "ladder")


def change_ladder(**values: object) -> Callable[[Data], object]:
    return lambda data: data["rules"]["ladder"].update(values)


def change_rung(number: int, /, **values: object) -> Callable[[Data], object]:
    return lambda data: data["rules"]["ladder"]["rungs"][number].update(values)


def copy_of(part: str, name: str | int, /, **values: object) -> Callable[[Data], object]:
    return lambda data: data[part].append({**entry(data, part, name), **values})


def test_a_sound_plan_has_no_findings() -> None:
    assert check(linhe()) == []


SPOILT: list[tuple[str, Callable[[Data], object], tuple[str | int, ...], str]] = [
    # names
    (
        "单位编号重复",
        copy_of("units", "edu", name="另一局", aliases=[]),
        ("units", 8, "id"),
        "单位编号“edu”重复",
    ),
    ("单位名称重复", change("units", "health", name="县教育局"), ("units", 3, "name"), "已经是单位 edu"),
    ("别名重复", change("units", "health", aliases=["教体局"]), ("units", 3, "aliases", 0), "已经是单位 edu"),
    (
        "行动编号重复",
        change("actions", "health", id="reading"),
        ("actions", 1, "id"),
        "行动编号“reading”重复",
    ),
    ("行动名称重复", change("actions", "health", name="阅读陪伴行动"), ("actions", 1, "name"), "行动名称"),
    ("举措序号重复", change("measures", 7, number=6), ("measures", 6, "number"), "举措序号“6”重复"),
    ("举措名称重复", change("measures", 7, title="畅通举报渠道"), ("measures", 6, "title"), "举措名称"),
    (
        "表扬的未知阶段",
        lambda d: d.update(rules={"commendation": {"phase": "rise"}}),
        ("rules", "commendation", "phase"),
        "没有定义阶段“rise”",
    ),
    ("阶段编号重复", change("phases", "raise", id="base"), ("phases", 1, "id"), "阶段编号"),
    (
        "节点编号重复",
        lambda d: d["phases"][1]["milestones"][0].update(id="ledger-built"),
        ("phases", 1, "milestones", 0, "id"),
        "节点编号",
    ),
    ("事项编号重复", copy_of("duties", "ledger", title="又一次"), ("duties", 12, "id"), "职责事项编号"),
    ("指标编号重复", copy_of("indicators", "children", name="又一个"), ("indicators", 15, "id"), "指标编号"),
    ("指标名称重复", change_indicator("pupils", name="台账儿童数"), ("indicators", 4, "name"), "指标名称"),
    (
        "单位组与单位同名",
        lambda d: d.update(groups=[{"name": "河口镇", "members": ["柳林乡"]}]),
        ("groups", 0, "name"),
        "已经在用",
    ),
    (
        "单位组含未知单位",
        lambda d: d.update(groups=[{"name": "各乡镇", "members": ["柳林乡", "河口乡"]}]),
        ("groups", 0, "members", 1),
        "没有定义单位“河口乡”",
    ),
    (
        "单位组先用后定义",
        lambda d: d.update(
            groups=[{"name": "全部", "members": ["各乡镇"]}, {"name": "各乡镇", "members": ["柳林乡"]}]
        ),
        ("groups", 0, "members", 0),
        "没有定义单位“各乡镇”",
    ),
    (
        "举措的未知单位",
        change("measures", 4, units=["河口镇", "柳林镇"]),
        ("measures", 3, "units", 1),
        "柳林镇",
    ),
    ("未知牵头单位", change("measures", 2, lead=["县卫生局"]), ("measures", 1, "lead", 0), "县卫生局"),
    ("事项的未知单位", change_duty("stocktaking", units=["河口"]), ("duties", 2, "units", 0), "河口"),
    (
        "未知供数单位",
        change_indicator("hazards", supplier=["公安"]),
        ("indicators", 13, "supplier", 0),
        "公安",
    ),
    (
        "节点的未知单位",
        change_milestone(units=["县财政局"]),
        ("phases", 0, "milestones", 0, "units", 0),
        "县财政局",
    ),
    (
        "办公室不在任何单位",
        lambda d: d["leading_group"]["office"].update(host="县政府"),
        ("leading_group", "office", "host"),
        "县政府",
    ),
    (
        "名册上的未知单位",
        lambda d: d["leading_group"]["roster"][2].update(unit="县财政局"),
        ("leading_group", "roster", 2, "unit"),
        "县财政局",
    ),
    (
        "名册上有而未标成员单位",
        change("units", "police", member=False),
        ("leading_group", "roster", 5, "unit"),
        "未标为成员单位",
    ),
    (
        "标了成员单位而名册上没有",
        change("units", "hekou", member=True),
        ("units", 5, "member"),
        "名册上却没有",
    ),
    ("未知行动", change("measures", 3, action="helth"), ("measures", 2, "action"), "没有定义行动“helth”"),
    ("没有举措的行动", change("measures", 8, action="rights"), ("actions", 5), "没有任何举措"),
    ("事项的未知举措", change_duty("lessons", measure=70), ("duties", 9, "measure"), "没有序号为 70 的举措"),
    (
        "依赖未知举措",
        lambda d: entry(d, "measures", 7)["depends_on"][0].update(measure=9),
        ("measures", 6, "depends_on", 0, "measure"),
        "没有序号为 9 的举措",
    ),
    ("指标的未知举措", change_indicator("pupils", measures=[2, 9]), ("indicators", 4, "measures", 1), "9"),
    ("节点的未知举措", change_milestone(measures=[88]), ("phases", 0, "milestones", 0, "measures", 0), "88"),
    (
        "等待未知事项",
        lambda d: entry(d, "duties", "visits")["after"][0].update(duty="legder"),
        ("duties", 5, "after", 0, "duty"),
        "legder",
    ),
    ("节点的未知事项", change_milestone(duties=["x"]), ("phases", 0, "milestones", 0, "duties", 0), "“x”"),
    ("说明的未知事项", lambda d: d["notes"][0].update(duties=["y"]), ("notes", 0, "duties", 0), "“y”"),
    ("收集未知指标", change_duty("hotline", indicators=["calls"]), ("duties", 8, "indicators", 0), "calls"),
    ("关联未知指标", change_indicator("police-hours", linked=["z"]), ("indicators", 14, "linked", 0), "“z”"),
    ("部分于未知总数", change_indicator("books-new", part_of="bok"), ("indicators", 11, "part_of"), "“bok”"),
    (
        "比率的未知分子",
        change_indicator("visit-rate", ratio={"numerator": "vsited", "denominator": "families"}),
        ("indicators", 3, "ratio", "numerator"),
        "vsited",
    ),
    # citations
    (
        "没有这一段",
        change_duty("hotline", cites=["三（七）9"]),
        ("duties", 8, "cites", 0),
        "没有“三（七）9”段",
    ),
    ("没有这一句", change_duty("hotline", cites=["三（五）6#2"]), ("duties", 8, "cites", 0), "只有 1 句"),
    ("没有第零句", change_duty("hotline", cites=["三（五）6#0"]), ("duties", 8, "cites", 0), "没有第 0 句"),
    (
        "依赖的出处没有",
        lambda d: entry(d, "measures", 4)["depends_on"][0].update(cites=["九"]),
        ("measures", 3, "depends_on", 0, "cites", 0),
        "没有“九”段",
    ),
    # times
    ("方案倒置", lambda d: d.update(end="2024-01-01"), ("end",), "早于开始日期"),
    (
        "印发在结束之后",
        lambda d: d["document"].update(issued="2028-01-01"),
        ("document", "issued"),
        "晚于方案结束",
    ),
    ("阶段倒置", change("phases", "base", end="2025-02-28"), ("phases", 0, "end"), "早于开始日期"),
    ("阶段超出方案", change("phases", "raise", end="2027-07-31"), ("phases", 1, "end"), "超出方案期限"),
    ("阶段重叠", change("phases", "raise", start="2026-02-28"), ("phases", 1, "start"), "日期重叠"),
    ("节点在阶段之外", change_milestone(due="2026-04-01"), ("phases", 0, "milestones", 0, "due"), "不在阶段"),
    (
        "节点不含当日后在阶段之外",
        change_milestone(due="2025-03-01"),
        ("phases", 0, "milestones", 0, "due"),
        "2025-02-28 不在阶段",
    ),
    (
        "停止早于起始",
        change_duty("lessons", active_from="2026-02-01", active_until="2026-01-01"),
        ("duties", 9, "active_until"),
        "早于起始",
    ),
    (
        "起始在方案之外",
        change_duty("lessons", active_from="2024-02-01"),
        ("duties", 9, "active_from"),
        "超出方案期限",
    ),
    (
        "一次性期限在方案之外",
        change_duty("hotline", cadence={"every": "once", "due": "2027-07-01"}),
        ("duties", 8, "cadence", "due"),
        "超出方案期限",
    ),
    (
        "一次性开始晚于期限",
        change_duty("hotline", cadence={"every": "once", "due": "2025-06-30", "opens": "2025-07-01"}),
        ("duties", 8, "cadence", "opens"),
        "晚于期限",
    ),
    (
        "季节为空",
        change_duty(
            "lessons", cadence={"every": "year", "opens": "09-01", "due": "09-01", "bound": "before"}
        ),
        ("duties", 9, "cadence", "due"),
        "一天也不剩",
    ),
    (
        "节日编号重复",
        lambda d: entry(d, "duties", "festival-visits")["cadence"]["festivals"][1].update(id="spring"),
        ("duties", 6, "cadence", "festivals", 1, "id"),
        "节日编号“spring”重复",
    ),
    # duties
    (
        "有单位没有事项",
        change_duty("checkups", units=["县教育局"]),
        ("measures", 1, "units"),
        "举措 2 之下，县卫健局没有任何职责事项",
    ),
    (
        "整个举措没有事项",
        change_duty("lessons", measure=6),
        ("measures", 6, "units"),
        "举措 7 的责任单位在它之下没有任何职责事项",
    ),
    (
        "举措循环依赖",
        change("measures", 8, depends_on=[{"measure": 4, "because": "反过来", "cites": ["五"]}]),
        ("measures", 3, "depends_on"),
        "4 → 8 → 4",
    ),
    (
        "事项等待自己",
        change_duty("ledger", after=[{"duty": "ledger", "because": "自己"}]),
        ("duties", 11, "after"),
        "ledger → ledger",
    ),
    (
        "事项循环等待",
        change_duty("ledger", after=[{"duty": "visits", "because": "反过来"}]),
        ("duties", 5, "after"),
        "visits → ledger → visits",
    ),
    (
        "周期不同没有同期",
        lambda d: entry(d, "duties", "stocktaking")["after"][0].update(period="same"),
        ("duties", 2, "after", 0, "period"),
        "没有“同期”可言",
    ),
    (
        "没有共同的单位",
        change_duty("lessons", after=[{"duty": "ledger", "scope": "same-unit", "because": "台账"}]),
        ("duties", 9, "after", 0, "scope"),
        "没有一个单位同时承担",
    ),
    ("两个年度报告", change_duty("lessons", role="annual-report"), ("duties", 9, "role"), "只能有一项"),
    (
        "年度报告不是每年",
        change_duty("report", cadence={"every": "quarter"}),
        ("duties", 0, "cadence"),
        "必须每年一次",
    ),
    # indicators
    ("没有供数单位", change_indicator("hazards", supplier=[]), ("indicators", 13), "没有供数单位"),
    ("没有事项收集", change_duty("campus-checks", indicators=[]), ("indicators", 13), "没有职责事项收集"),
    (
        "供数单位无处填报",
        change_indicator("hazards", supplier=["县公安局", "县民政局"]),
        ("indicators", 13, "supplier"),
        "县民政局不承担",
    ),
    (
        "比率有供数单位",
        change_indicator("visit-rate", supplier=["河口镇"]),
        ("indicators", 3, "supplier"),
        "计算出来",
    ),
    (
        "比率被收集",
        change_duty("visits", indicators=["families", "visited", "visit-rate"]),
        ("duties", 5, "indicators", 2),
        "不能填报",
    ),
    (
        "分子分母相同",
        change_indicator("visit-rate", ratio={"numerator": "families", "denominator": "families"}),
        ("indicators", 3, "ratio"),
        "分子与分母相同",
    ),
    (
        "比率的比率",
        change_indicator("visit-rate", ratio={"numerator": "checkup-rate", "denominator": "families"}),
        ("indicators", 3, "ratio", "numerator"),
        "本身是比率",
    ),
    (
        "分子不能相加",
        change_indicator("visited", over_units="none"),
        ("indicators", 3, "ratio", "numerator"),
        "各单位不相加",
    ),
    (
        "分子分母范围不一",
        change_indicator("visited", supplier=["河口镇"]),
        ("indicators", 3, "ratio"),
        "供数单位不同",
    ),
    (
        "没写分组方式",
        change_indicator("books-new", breakdown=None),
        ("indicators", 11, "part_of"),
        "按什么分组",
    ),
    ("没写总数", change_indicator("books", breakdown="新旧"), ("indicators", 10, "breakdown"), "没有写总数"),
    ("重叠的部分", change_indicator("books-new", overlaps=True), ("indicators", 11, "part_of"), "有重叠"),
    ("计量单位不一", change_indicator("books-new", unit="本"), ("indicators", 11, "unit"), "部分与总数"),
    (
        "互为部分",
        change_indicator("books", part_of="books-new", breakdown="新旧"),
        ("indicators", 10, "part_of"),
        "books → books-new → books",
    ),
    (
        "与自己关联",
        change_indicator("hazards", linked=["hazards"]),
        ("indicators", 13, "linked"),
        "与自己关联",
    ),
    # the ladder
    ("层级倒序", change_rung(1, workdays=-5), (*LADDER, "rungs", 1, "workdays"), "时间却更早"),
    ("层级同一天", change_rung(2, workdays=2), (*LADDER, "rungs", 2, "workdays"), "在同一天"),
    ("层级没有收件人", change_rung(0, to=[]), (*LADDER, "rungs", 0, "to"), "没有写明发给谁"),
    ("层级模板未知", change_rung(0, template="due-sooon"), (*LADDER, "rungs", 0, "template"), "“due-soon”"),
    ("层级颜色变轻", change_rung(2, colour="yellow"), (*LADDER, "rungs", 2, "colour"), "颜色只能"),
    ("层级编号重复", change_rung(1, id="ahead"), (*LADDER, "rungs", 1, "id"), "层级编号“ahead”重复"),
    ("层级编号是保留字", change_rung(1, id="urge"), (*LADDER, "rungs", 1, "id"), "保留字"),
    (
        "同一编号两个意思",
        change_ladder(
            exceptions=[
                {
                    "every": ["month"],
                    "rungs": [
                        {
                            "id": "late",
                            "name": "催",
                            "workdays": 5,
                            "colour": "red",
                            "to": ["office"],
                            "template": "due",
                        }
                    ],
                }
            ]
        ),
        (*LADDER, "exceptions", 0, "rungs", 0, "id"),
        "请用不同编号",
    ),
    (
        "例外的事项未知",
        change_ladder(exceptions=[{"duties": ["lesson"]}]),
        (*LADDER, "exceptions", 0, "duties", 0),
        "“lessons”",
    ),
    (
        "例外的周期未知",
        change_ladder(exceptions=[{"every": ["quarterly"]}]),
        (*LADDER, "exceptions", 0, "every", 0),
        "“quarter”",
    ),
    ("例外不知适用于谁", change_ladder(exceptions=[{}]), (*LADDER, "exceptions", 0), "适用于哪些事项"),
    (
        "一个事项两个例外",
        change_ladder(exceptions=[{"duties": ["lessons"]}, {"duties": ["lessons"]}]),
        (*LADDER, "exceptions", 1, "duties", 0),
        "已有另一个例外",
    ),
    (
        "一个周期两个例外",
        change_ladder(exceptions=[{"every": ["once"]}, {"every": ["once"]}]),
        (*LADDER, "exceptions", 1, "every", 0),
        "已有另一个例外",
    ),
    (
        "没有可以发送的时间",
        change_ladder(hours={"start": "17:30", "until": "08:30"}),
        (*LADDER, "hours"),
        "不足一小时",
    ),
    (
        "暂缓倒序",
        change_ladder(pauses=[{"first": "2025-08-02", "last": "2025-08-01", "reason": "防汛"}]),
        (*LADDER, "pauses", 0, "last"),
        "早于开始日期",
    ),
    (
        "暂缓在期限之外",
        change_ladder(pauses=[{"first": "2030-08-01", "last": "2030-08-02", "reason": "防汛"}]),
        (*LADDER, "pauses", 0, "first"),
        "不在方案期限",
    ),
    (
        "暂缓的单位和事项未知",
        change_ladder(
            pauses=[
                {
                    "first": "2025-08-01",
                    "last": "2025-08-02",
                    "reason": "防汛",
                    "units": ["河口"],
                    "duties": ["lesson"],
                }
            ]
        ),
        (*LADDER, "pauses", 0, "units", 0),
        "没有定义单位“河口”",
    ),
]


@pytest.mark.parametrize(("spoil", "loc", "told"), [pytest.param(*s[1:], id=s[0]) for s in SPOILT])
def test_a_spoilt_plan_is_found_where_it_was_spoilt(
    spoil: Callable[[Data], object], loc: tuple[str | int, ...], told: str
) -> None:
    findings = spoilt(spoil)

    assert any(f.loc == loc and told in f.message + f.mend for f in findings), findings
    assert all(f.message.endswith(("。", "？")) and f.mend for f in findings)


def test_a_misspelt_name_comes_with_a_suggestion() -> None:
    (finding, *_) = spoilt(change("measures", 3, action="helth"))

    assert finding.mend == "是否应为“health”？"


def test_a_roster_without_any_units_asks_no_unit_to_sit_on_it() -> None:
    def strip(data: Data) -> None:
        for officer in data["leading_group"]["roster"]:
            officer.pop("unit", None)

    assert spoilt(strip) == []


def test_standing_duties_share_their_period_with_yearly_ones() -> None:
    after = [{"duty": "report", "period": "same", "because": "一并报送"}]

    assert spoilt(change_duty("counselling", after=after)) == []


def test_a_suggestion_is_made_only_where_something_is_near() -> None:
    assert nearest("县教育", ["县教育局", "县公安局"]) == "是否应为“县教育局”？"
    assert nearest("省气象台", ["县教育局"]) == ""


def test_every_separate_circle_is_named() -> None:
    found = list(cycles({1: [2], 2: [1], 3: [4], 4: [5], 5: [3], 6: [1]}))

    assert sorted(sorted(set(path)) for path in found) == [[1, 2], [3, 4, 5]]
    assert all(path[0] == path[-1] for path in found)


class TestAgainstTheNotice:
    text = LINHE_NOTICE.read_text("utf-8")

    def test_the_outline_of_the_very_notice_agrees(self) -> None:
        assert check_outline(linhe(), parse_notice(self.text)) == []

    def test_a_changed_word_is_found_in_its_sentence(self) -> None:
        changed = self.text.replace("每半年更新一次", "每季度更新一次")

        (finding,) = check_outline(linhe(), parse_notice(changed))

        assert "“三（六）8”段第 1 句与原文不符" in finding.message

    def test_white_space_is_no_change(self) -> None:
        changed = self.text.replace("县民政局牵头，", "县民政局 牵头，\n")

        assert check_outline(linhe(), parse_notice(changed)) == []

    def test_a_changed_heading_is_found(self) -> None:
        (finding,) = check_outline(linhe(), parse_notice(self.text.replace("畅通举报渠道", "公开举报渠道")))

        assert finding.loc[-1] == "title"

    def test_an_added_sentence_is_found(self) -> None:
        (finding,) = check_outline(linhe(), parse_notice(self.text.replace("开设。", "开设。另行通知。")))

        assert "原文有 2 句，这里有 1 句" in finding.message

    def test_paragraphs_on_one_side_only_are_found(self) -> None:
        longer = check_outline(linhe(), parse_notice(self.text + "\n六、附则\n"))
        shorter = check_outline(linhe(), parse_notice(self.text[: self.text.index("五、工作要求")]))

        assert "没有收入：六" in longer[0].message
        assert "原文没有“五”段" in shorter[0].message
