"""Who is named for a task, in all the wordings of notices."""

import pytest

from domain.drafting.assignments import Assignment, brackets, in_brackets, inline, labelled
from domain.drafting.names import Group, Namer, group_of, split_names
from domain.plan import UnitKind


def told(found: Assignment) -> tuple[str, str, str]:
    return "、".join(found.lead), "、".join(found.share), found.when


@pytest.mark.parametrize(
    ("text", "lead", "share", "when"),
    [
        ("（区法院、区教育局、团区委按照职责分工负责）", "", "区法院、区教育局、团区委", ""),
        ("（区民政局负责）", "", "区民政局", ""),
        ("（责任单位：区教育局、区卫健局，各镇街）", "", "区教育局、区卫健局、各镇街", ""),
        ("（区民政局牵头，区财政局、区卫健委等部门按职责分工负责）", "区民政局", "区财政局、区卫健委", ""),
        ("（由区民政局牵头，区财政局配合）", "区民政局", "区财政局", ""),
        (
            "（县政府办公室牵头，县级各有关部门及各乡镇政府按职责分工负责）",
            "县政府办公室",
            "县级各有关部门、各乡镇政府",
            "",
        ),
        (
            "（牵头单位：区民政局；责任单位：区财政局、各乡镇（街道）；完成时限：2024年12月底前）",
            "区民政局",
            "区财政局、各乡镇（街道）",
            "2024年12月底前",
        ),
        ("〔主责单位：县水利局 协办单位：县财政局〕", "县水利局", "县财政局", ""),
        (
            "【责任部门：区发展和改革局、区人力资源和社会保障局】",
            "",
            "区发展和改革局、区人力资源和社会保障局",
            "",
        ),
        ("（区教育局（区体育局）、区民政局按职责负责）", "", "区教育局（区体育局）、区民政局", ""),
        ("（区民政局会同区财政局负责）", "", "区民政局、区财政局", ""),
        ("（民政局和教育局负责）", "", "民政局、教育局", ""),
        ("（区教育局、区体育局）", "", "区教育局、区体育局", ""),
    ],
)
def test_brackets_name_units(text: str, lead: str, share: str, when: str) -> None:
    ((_, _, found),) = in_brackets("做好工作。" + text)

    assert told(found) == (lead, share, when)


@pytest.mark.parametrize(
    "text",
    ["（残疾等级为一至二级，下同）", "（2023-2025年）", "（街道）", "（社工站）", "（含参照孤儿保障的对象）"],
)
def test_other_brackets_name_nobody(text: str) -> None:
    assert list(in_brackets(text)) == []


def test_brackets_that_never_close_or_open_are_no_harm() -> None:
    assert list(brackets("（甲（乙）")) == []
    assert list(brackets("甲）乙")) == []


@pytest.mark.parametrize(
    ("line", "lead", "share", "when"),
    [
        ("牵头单位：区发改局", "区发改局", "", ""),
        ("责任单位： 高新区，各街道、区直各部门", "", "高新区、各街道、区直各部门", ""),
        (
            "牵头单位：县民政局　责任单位：县财政局　责任人：李四　完成时限：2025年6月底",
            "县民政局",
            "县财政局",
            "2025年6月底",
        ),
        ("配合部门：县残联、县妇联。", "", "县残联、县妇联", ""),
        ("区民政局责任重大。", "", "", ""),
    ],
)
def test_lines_with_labels_name_units(line: str, lead: str, share: str, when: str) -> None:
    assert told(labelled(line)) == (lead, share, when)


def test_a_sentence_itself_may_name_units() -> None:
    assert told(inline("县教育局牵头，河口镇、柳林乡配合，每年9月1日前检修书屋。")) == (
        "县教育局",
        "河口镇、柳林乡",
        "",
    )
    assert told(inline("县公安局、县妇联负责，公布电话。")) == ("", "县公安局、县妇联", "")
    assert not inline("各级领导要亲自负责，抓好落实。")


def test_what_does_not_look_like_a_unit_is_kept_and_marked() -> None:
    found = labelled("责任单位：区民政局、爱心联盟")

    assert found.share == ["区民政局", "爱心联盟"]
    assert found.unsure == ["爱心联盟"]


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("各乡镇街道", Group.PLACES),
        ("各镇（街道）", Group.PLACES),
        ("各乡镇（街道办事处）", Group.PLACES),
        ("镇街", Group.PLACES),
        ("各乡镇人民政府", Group.TOWNSHIPS),
        ("街道办事处", Group.STREETS),
        ("各街道", Group.STREETS),
        ("领导小组各成员单位", Group.MEMBERS),
        ("各有关部门", Group.OTHERS),
        ("区直各部门", Group.OTHERS),
        ("县级各有关部门", Group.OTHERS),
        ("各学校", Group.OTHERS),
        ("区民政局", None),
        ("清泉镇", None),
        ("南浦街道", None),
        ("区市场监管局", None),
    ],
)
def test_a_name_of_several_units_is_told_from_one_unit_s(name: str, group: Group | None) -> None:
    assert group_of(name) is group


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("区民政局", "民政局"),
        ("区民政局", "云溪区民政局"),
        ("区民政局", "江州市云溪区民政局"),
        ("区卫健局", "区卫生健康局"),
        ("区卫健委", "区卫生健康委员会"),
        ("区公安局", "公安局云溪分局"),
        ("团区委", "共青团云溪区委"),
        ("区委宣传部", "宣传部"),
        ("区法院", "区人民法院"),
        ("南浦街道", "南浦街道办事处"),
        ("南浦街道", "南浦街"),
        ("清泉镇", "清泉镇人民政府"),
        ("区人社局", "区人力资源和社会保障局"),
    ],
)
def test_short_and_full_names_are_one_body_s(one: str, other: str) -> None:
    namer = Namer("江州市云溪区")

    assert namer.key(one) == namer.key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("区民政局", "市民政局"), ("区市场监管局", "区场监管局"), ("清泉镇", "清泉乡")]
)
def test_different_bodies_stay_apart(one: str, other: str) -> None:
    namer = Namer("江州市云溪区")

    assert namer.key(one) != namer.key(other)


def test_the_kind_of_a_body_is_known_by_its_name() -> None:
    namer = Namer("云溪区")

    assert [
        namer.kind(name) for name in ("清泉镇", "南浦街道办事处", "区妇联", "区法院", "高新区管委会")
    ] == [
        UnitKind.TOWNSHIP,
        UnitKind.STREET,
        UnitKind.MASS_ORGANISATION,
        UnitKind.COURT,
        UnitKind.DEPARTMENT,
    ]


def test_lists_are_taken_apart_outside_brackets_only() -> None:
    assert list(split_names("区教育局（含区体校、区少年宫）、区民政局；各镇（街道）")) == [
        "区教育局（含区体校、区少年宫）",
        "区民政局",
        "各镇（街道）",
    ]
