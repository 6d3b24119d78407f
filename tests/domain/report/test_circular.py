"""What a circular says: how it stands, what is late, what has changed, what is asked; in none, one, some and all."""

import json
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.facts import ItemFacts
from domain.problems import Problem, ProblemKind
from domain.report.blocks import Table
from domain.report.circular.document import circular, freeze_circular, title
from domain.report.circular.material import Ranked, see_period
from domain.report.frozen import from_bytes, to_bytes
from domain.report.single import SingleSnapshot
from domain.status import Light, light
from tests import cast
from tests.cast import CIVIL, EDUCATION, STREET, TOWN
from tests.domain.happenings import facts, version
from tests.domain.report import circulars
from tests.domain.report.circulars import (
    LATE,
    NEVER,
    RETURNED,
    WAITING,
    at_random,
    material,
    words,
    written,
    year,
)

VISITS, STREETS = "home-visits/town/2025Q3", "home-visits/street/2025Q3"
WHEN = [
    ("2025Q3", "2025-10-14"),
    ("2025Q1", "2025-04-10"),
    ("2025-08", "2025-08-20"),
    ("2025H1", "2025-07-20"),
]
ERRORS = (
    "。。",
    "，，",
    "；；",
    "、、",
    "，。",
    "；。",
    "、。",
    "：。",
    "，；",
    "；，",
    "、，",
    "（）",
    "“”",
    "None",
    "均均",
)


def of_2025(**ways: str) -> str:
    """The third quarter's circular where all went well but for some items, as ``visits=NEVER``."""
    names = {"visits": VISITS, "street": STREETS, "before": "home-visits/street/2025Q2"}
    return written(year(cast.small_plan(), cast.calendar(), {names[n]: way for n, way in ways.items()}))


def test_where_all_went_well_it_says_so_once_and_praises() -> None:
    told = of_2025()
    assert "第三季度到期事项5项，均已按期报送并一次审核通过。" in told
    assert "目前没有逾期事项。" in told
    assert "民政局、东山镇、西河街道3个单位第三季度到期事项全部按期报送、一次审核通过，予以通报表扬。" in told
    assert "各单位均没有逾期事项。" in told
    assert "限期" not in told
    assert "均持平，均为100%。" in told


def test_one_late_item_is_named_with_its_unit_and_its_days() -> None:
    told = of_2025(visits=NEVER)
    assert "目前有1项事项逾期，为东山镇的“每季度走访”（2025年第三季度），已逾期10个工作日。" in told
    assert "东山镇有1项事项逾期，已逾期10个工作日。" in told
    assert "请东山镇于2025年10月21日前（含当日）完成附件“逾期事项清单”所列逾期事项的报送或补正" in told
    assert "书面说明原因" not in told  # by ten working days and no more


def test_what_was_sent_back_and_not_mended_is_late_like_what_never_came() -> None:
    told = of_2025(visits=RETURNED, street=NEVER)
    assert "目前有2项事项逾期未报送或退回后未补正，涉及东山镇、西河街道，逾期均为10个工作日。" in told
    rows = _rows(year(cast.small_plan(), cast.calendar(), {VISITS: RETURNED, STREETS: NEVER}), "逾期事项清单")
    assert {(row[0], row[5]) for row in rows} == {("东山镇", "退回未补正"), ("西河街道", "未报送")}


def test_what_waits_for_the_office_is_the_offices_to_do() -> None:
    told = of_2025(visits=WAITING)
    assert "目前有1项已报送事项待审核。" in told
    assert "1项待审核事项由办公室于2025年10月21日前（含当日）审核完毕。" in told
    assert "目前没有逾期事项。" in told


def test_what_is_late_from_earlier_is_told_apart() -> None:
    told = of_2025(before=NEVER)
    assert (
        "为西河街道的“每季度走访”（2025年第二季度），已逾期76个工作日，系第三季度以前到期、至今没有办结。"
        in told
    )
    assert "请西河街道分管负责同志牵头督办" in told


def test_what_came_after_all_is_an_improvement() -> None:
    plan, calendar = cast.small_plan(), cast.calendar()
    ways = {"home-visits/street/2025Q2": NEVER, "home-visits/town/2025Q2": NEVER}
    then = [f for f in year(plan, calendar, ways) if f.item.key.partition("/")[2] in ways]
    came = facts(then[0].item, version("2025-08-04", accepted="2025-08-05"))
    history = [came if f.item.key == came.item.key else f for f in year(plan, calendar, ways)]
    told = written(history)
    assert "当时逾期的2项事项，已有1项报送或补正，仍有1项未办结。" in told
    assert f"{'东山镇' if came.item.unit == TOWN else '西河街道'}的逾期事项已全部办结。" in told


def test_a_first_period_has_nothing_to_be_compared_with() -> None:
    history = year(cast.small_plan(), cast.calendar(), {})
    assert "相比的变化" not in words(circular(material(history, "2025Q1", "2025-04-14")))
    assert "四、与第一季度相比的变化" in words(circular(material(history, "2025Q2", "2025-07-14")))


def test_a_period_before_is_seen_as_many_days_after_its_end() -> None:
    found = material(year(cast.small_plan(), cast.calendar(), {}))
    assert found.previous is not None
    assert found.previous.as_of == date(2025, 7, 14)
    interim = material(year(cast.small_plan(), cast.calendar(), {}), "2025Q3", "2025-08-15")
    assert interim.previous is not None
    assert interim.previous.as_of == date(2025, 5, 16)


def test_what_was_due_before_the_platform_was_used_is_not_late() -> None:
    history = year(cast.small_plan(), cast.calendar(), {}, otherwise=NEVER)
    told = words(circular(material(history, since=date(2025, 9, 1))))
    assert (
        "平台启用（2025年9月1日）或列入方案以前已到期的事项15项，单独统计，不计入逾期，均尚待补录。" in told
    )
    assert "第三季度到期事项3项" in told
    assert "尽快补录平台启用或列入方案以前到期的15项事项" in told
    assert all(
        one.facts.item.due >= date(2025, 9, 1) for one in material(history, since=date(2025, 9, 1)).late
    )


def test_an_extension_makes_an_item_fall_due_when_it_was_granted_to() -> None:
    plan, calendar = cast.small_plan(), cast.calendar()
    history = year(plan, calendar, {VISITS: NEVER})
    (own,) = [f for f in history if f.item.key.endswith(VISITS)]
    until = circulars.granted(own.item, date(2025, 10, 31), on=date(2025, 9, 20))
    moved = [f.model_copy(update={"item": until}) if f is own else f for f in history]
    assert "目前没有逾期事项。" in written(moved)
    assert "东山镇的“每季度走访”" not in written(moved)


def test_late_is_what_is_red() -> None:
    for seed in range(20):
        found = material(at_random(cast.small_plan(), cast.calendar(), Random(seed)))  # noqa: S311 - no secret
        rules = found.plan.rules.lights
        red = {
            f.item.key
            for f in found.known
            if f.item.due <= found.until and light(f, found.as_of, rules, found.calendar) is Light.RED
        }
        assert {one.facts.item.key for one in found.late} == red


def test_an_interim_circular_says_so_in_its_title() -> None:
    found = material(year(cast.small_plan(), cast.calendar(), {}), "2025Q3", "2025-08-15")
    assert title(found) == "和平区民政局关于2025年第三季度（截至8月15日）关爱行动阶段性进展情况的通报"
    assert "到2025年9月30日才结束" in circular(found).face[0]
    whole = material(year(cast.small_plan(), cast.calendar(), {}))
    assert title(whole) == "和平区民政局关于2025年第三季度关爱行动进展情况的通报"
    assert circular(whole).face == ()


@pytest.mark.parametrize(
    ("code", "as_of", "kind"),
    [
        ("nonsense", None, ProblemKind.PERIOD_INVALID),
        ("2024Q3", None, ProblemKind.PERIOD_OUTSIDE_PLAN),
        ("2027Q1", None, ProblemKind.PERIOD_OUTSIDE_PLAN),
        ("2025Q4", None, ProblemKind.PERIOD_NOT_OVER),
        ("2025Q4", date(2025, 9, 30), ProblemKind.PERIOD_NOT_BEGUN),
    ],
)
def test_a_period_that_cannot_be_told_of_is_refused(code: str, as_of: date | None, kind: ProblemKind) -> None:
    with pytest.raises(Problem) as refusal:
        see_period(cast.small_plan(), code, as_of, date(2025, 10, 14))
    assert refusal.value.kind is kind


def test_the_ranking_stands_among_the_units_where_they_differ() -> None:
    history = year(cast.small_plan(), cast.calendar(), {VISITS: LATE})
    score = {CIVIL: "100", STREET: "100", TOWN: "62.5"}
    ranking = tuple(Ranked(u, 1 if s == "100" else 3, Decimal(s)) for u, s in score.items())
    told = words(circular(material(history, ranking=(*ranking, Ranked(EDUCATION, None, None)))))
    assert (
        "3个单位参加第三季度计分，民政局、西河街道并列第一（100分）；得分最低的是东山镇（62.5分）。" in told
    )
    alike = tuple(Ranked(u, 1, Decimal(100)) for u in score)
    assert "计分排名" not in words(circular(material(history, ranking=alike)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 10**6).map(Random),
    st.sampled_from(
        [
            ("2025Q3", "2025-10-14"),
            ("2025Q1", "2025-04-10"),
            ("2025-08", "2025-08-20"),
            ("2025H1", "2025-07-20"),
        ]
    ),
    st.sampled_from([circulars.ISSUED, date(2025, 3, 15), date(2025, 8, 20)]),
)
def test_however_it_went_the_text_reads_whole(chance: Random, when: tuple[str, str], since: date) -> None:
    history = at_random(cast.small_plan(), cast.calendar(), chance)
    document = circular(material(history, *when, since=since))
    for line in words(document).splitlines():
        for error in ERRORS:
            assert error not in line, line
        assert line.endswith(("。", "：")) or line.startswith(("一", "二", "三", "四", "五", "（")), line
        assert not [n for n in ("有0项", "、0项", "，0项", "其中0项", "0个单位") if n in line], line


def test_the_same_facts_in_another_order_give_the_same_bytes() -> None:
    chance = Random(7)  # noqa: S311 - no secret
    history = list(at_random(cast.small_plan(), cast.calendar(), chance))
    first = to_bytes(freeze_circular(material(history), "0"))
    chance.shuffle(history)
    assert to_bytes(freeze_circular(material(history), "0")) == first
    assert to_bytes(from_bytes(first)) == first


def test_one_that_was_filed_before_there_was_a_ledger_can_still_be_read() -> None:
    now = freeze_circular(material(year(cast.small_plan(), cast.calendar(), {})), "0")
    old = json.loads(to_bytes(now)) | {"format": 1}
    for later in ("kind", "until", "ledger"):
        del old[later]
    found = from_bytes(json.dumps(old).encode())
    assert isinstance(found, SingleSnapshot)
    assert (found.kind, found.document, found.ledger) == ("circular", now.document, None)


def _rows(history: tuple[ItemFacts, ...], annex: str) -> list[list[str]]:
    document = circular(material(history))
    (found,) = [one for one in document.annexes if one.title == annex]
    return [[cell.text for cell in row.cells] for t in found.blocks if isinstance(t, Table) for row in t.rows]


def test_units_with_nothing_to_tell_are_named_below_the_table() -> None:
    history = year(cast.small_plan(), cast.calendar(), {})
    assert [row[0] for row in _rows(history, "各单位完成情况表")] == ["民政局", "东山镇", "西河街道", "合计"]
    document = circular(material(history))
    notes = [
        note for annex in document.annexes for t in annex.blocks if isinstance(t, Table) for note in t.notes
    ]
    assert "教育局第三季度没有到期事项，也没有逾期事项，未列入本表。" in notes


def test_the_table_of_units_adds_up() -> None:
    history = at_random(cast.small_plan(), cast.calendar(), Random(3))  # noqa: S311 - no secret
    *units, total = _rows(history, "各单位完成情况表")
    for column in (1, 2, 6):
        assert sum(int(row[column]) for row in units) == int(total[column])
