from collections import Counter
from datetime import date
from functools import cache

import pytest

from domain.cadence import Festivals, Monthly, Quarterly, Standing, Yearly, last_day, on_year
from domain.counts import Sensitivity
from domain.duties import occurrences, work_items
from domain.plan import Plan
from services.places import PLANS
from services.plans import check_plan, load_plan
from services.workcalendar import work_calendar

FOLDER = PLANS / "tiedong-2024"
TOWNSHIPS_AND_STREETS = {
    "山门镇",
    "叶赫满族镇",
    "石岭镇",
    "城东乡",
    "黄土坑街道",
    "北门街道",
    "四马路街道",
    "七马路街道",
    "北市场街道",
    "平南街道",
    "平东街道",
    "解放街道",
}


@cache
def plan() -> Plan:
    return load_plan(FOLDER)


def names(units: tuple[str, ...]) -> set[str]:
    return {plan().units_by_id[unit].name for unit in units}


def test_the_plan_has_no_fault() -> None:
    assert check_plan(FOLDER) == []


def test_there_are_29_units_of_which_28_sit_on_the_roster() -> None:
    members = [unit for unit in plan().units if unit.member]
    assert (len(plan().units), len(members)) == (29, 28)
    outside = [unit.name for unit in plan().units if not unit.member]
    assert outside == ["区统战部"]


def test_every_roster_unit_is_a_member_and_each_member_has_one_officer_of_rank_member() -> None:
    roster = plan().leading_group.roster
    assert Counter(officer.role for officer in roster) == {"lead": 1, "deputy": 2, "member": 28}
    seats = Counter(plan().unit(o.unit).id for o in roster if o.role == "member" and o.unit)
    assert seats == Counter(unit.id for unit in plan().units if unit.member)


def test_there_are_5_actions_18_measures_and_3_phases() -> None:
    assert [len(plan().actions), len(plan().measures), len(plan().phases)] == [5, 18, 3]
    assert [measure.number for measure in plan().measures] == list(range(1, 19))
    by_action = Counter(measure.action for measure in plan().measures)
    assert [by_action[action.id] for action in plan().actions] == [3, 4, 5, 3, 3]


def test_the_measures_come_to_116_assignments() -> None:
    assert sum(len(plan().measure_units(m.number)) for m in plan().measures) == 116
    named = [name for measure in plan().measures for name in measure.units]
    assert len(named) - named.count("各乡镇街道") == 68
    assert named.count("各乡镇街道") == 4


def test_the_group_of_townships_and_streets_has_4_and_8_members() -> None:
    members = plan().expand(["各乡镇街道"])
    assert names(members) == TOWNSHIPS_AND_STREETS
    kinds = Counter(plan().units_by_id[unit].kind.value for unit in members)
    assert kinds == {"township": 4, "street": 8}


def test_the_group_of_members_is_exactly_the_roster() -> None:
    assert set(plan().expand(["各成员单位"])) == {unit.id for unit in plan().units if unit.member}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("区公安局", "公安局铁东分局"),
        ("区网信办", "区互联网信息中心"),
        ("区政务服务局", "区政务服务中心"),
        ("七马路街", "七马路街道"),
        ("解放街", "解放街道"),
        ("平南街", "平南街道"),
    ],
)
def test_a_unit_is_found_by_each_name_that_the_notice_gives_it(written: str, meant: str) -> None:
    assert plan().unit(written).name == meant


def test_no_measure_has_a_lead_because_the_notice_names_none() -> None:
    assert [measure.number for measure in plan().measures if measure.lead] == []


def test_civil_affairs_hosts_the_office_and_shares_all_measures_but_1_and_15() -> None:
    assert plan().host.name == "区民政局"
    shared = {measure.number for measure in plan().unit_measures(plan().host.id)}
    assert set(range(1, 19)) - shared == {1, 15}


def test_finance_and_religious_affairs_are_on_the_roster_but_in_no_measure() -> None:
    idle = {unit.name for unit in plan().units if not plan().unit_measures(unit.id)}
    assert idle == {"区财政局", "区民族宗教服务中心"}


def test_every_unit_named_for_a_measure_owes_at_least_one_duty_of_it() -> None:
    owed = {(d.measure, unit) for d in plan().duties for unit in plan().duty_units(d)}
    named = {(m.number, unit) for m in plan().measures for unit in plan().measure_units(m.number)}
    assert named - owed == set()


def test_no_unit_owes_a_duty_of_a_measure_that_does_not_name_it() -> None:
    strangers = [
        (duty.id, unit)
        for duty in plan().duties
        if duty.measure is not None
        for unit in plan().duty_units(duty)
        if unit not in plan().measure_units(duty.measure)
    ]
    assert strangers == []


def test_all_29_units_owe_the_yearly_report_before_1_december() -> None:
    duty = plan().annual_duty
    assert duty is not None
    assert len(plan().duty_units(duty)) == 29
    assert isinstance(duty.cadence, Yearly)
    due = [last_day(on_year(duty.cadence.due, year), duty.cadence.bound) for year in plan().years]
    assert due == [date(2024, 11, 30), date(2025, 11, 30), date(2026, 11, 30)]


def test_the_last_working_days_for_the_report_leave_out_1_december() -> None:
    duty = plan().duties_by_id["annual-report"]
    days = [occurrences(plan(), duty, year, work_calendar())[0].act_by for year in plan().years]
    assert days == [date(2024, 11, 29), date(2025, 11, 28), date(2026, 11, 30)]


def test_the_phases_run_from_january_2024_to_october_2026_without_gap() -> None:
    spans = [(phase.start, phase.end) for phase in plan().phases]
    assert spans == [
        (date(2024, 1, 1), date(2024, 2, 29)),
        (date(2024, 3, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 10, 31)),
    ]


def test_the_milestones_fall_on_the_days_of_the_notice() -> None:
    found = {m.id: (phase.id, m.due) for phase in plan().phases for m in phase.milestones}
    assert found == {
        "responsibilities": ("launch", date(2024, 2, 29)),
        "census-done": ("implementation", date(2024, 6, 30)),
        "interim-results": ("implementation", date(2024, 12, 31)),
        "five-in-one-done": ("implementation", date(2025, 12, 31)),
        "goals-reached": ("implementation", date(2025, 12, 31)),
        "summary-done": ("consolidation", date(2026, 10, 31)),
    }


def test_nobody_is_reminded_of_what_was_over_when_the_notice_came_out() -> None:
    items = work_items(plan(), 2024, work_calendar())
    assert min(item.occurrence.opens for item in items) == date(2024, 4, 29)
    assert min(item.due for item in items) > date(2024, 5, 13)


@pytest.mark.parametrize(
    ("duty", "cadence"),
    [
        ("visits-quarterly", Quarterly),
        ("visits-monthly", Monthly),
        ("system-update", Quarterly),
        ("data-comparison", Quarterly),
        ("archive-check", Yearly),
        ("director-training", Yearly),
        ("festival-visits", Festivals),
    ],
)
def test_a_duty_recurs_as_often_as_the_notice_says(duty: str, cadence: type) -> None:
    assert isinstance(plan().duties_by_id[duty].cadence, cadence)


def test_the_festivals_of_2025_are_visited_before_their_holidays_begin() -> None:
    found = occurrences(plan(), plan().duties_by_id["festival-visits"], 2025, work_calendar())
    assert [(o.label, o.due) for o in found] == [
        ("2025年春节", date(2025, 1, 27)),
        ("2025年六一儿童节", date(2025, 6, 1)),
        ("2025年中秋节", date(2025, 9, 30)),  # the joint holiday begins with National Day
    ]


def test_an_assumed_frequency_is_noted_as_an_assumption() -> None:
    noted = {duty for note in plan().notes if note.kind == "assumption" for duty in note.duties}
    stated = {
        "annual-report",
        "five-in-one",
        "final-summary",
        "census",
        "archives-setup",
        "data-entry",
        "priority-help",
    }
    recurring = {duty.id for duty in plan().duties if not isinstance(duty.cadence, Standing)}
    assert recurring - noted - stated == set()


def test_no_figure_is_collected_twice() -> None:
    collected = Counter(name for duty in plan().duties for name in duty.indicators)
    assert [name for name, times in collected.items() if times > 1] == []


def test_groups_of_children_overlap_or_break_down_another_group() -> None:
    loose = [
        indicator.id
        for indicator in plan().indicators
        if indicator.nature.value == "stock"
        and indicator.ratio is None
        and indicator.sensitivity in (Sensitivity.COUNT, Sensitivity.SENSITIVE)
        and not indicator.overlaps
        and indicator.part_of is None
    ]
    assert loose == []


def test_money_that_goes_to_counted_children_is_linked_to_their_number() -> None:
    linked = {i.id: i.linked for i in plan().indicators if i.linked}
    assert linked == {
        "orphan-allowance": ("orphans",),
        "de-facto-allowance": ("de-facto-unattended",),
        "education-aid-amount": ("education-aided",),
        "festival-amount": ("festival-visited",),
    }


def test_identities_and_balances_speak_of_collected_figures() -> None:
    spoken = {name for i in plan().identities for name in (*i.left, *i.right)}
    spoken |= {name for b in plan().balances for name in (b.stock, b.entered, b.left)}
    collected = {i.id for i in plan().indicators if i.ratio is None}
    assert spoken
    assert spoken <= collected


def test_clues_of_abuse_never_leave_the_office() -> None:
    internal = {i.id for i in plan().indicators if i.sensitivity is Sensitivity.INTERNAL}
    assert internal == {"reporting-clues"}


def test_a_quarterly_form_of_a_township_asks_for_no_more_than_20_figures() -> None:
    townships = set(plan().expand(["各乡镇街道"]))
    for unit in townships:
        figures = [
            name
            for duty in plan().duties
            if isinstance(duty.cadence, Quarterly | Monthly) and unit in plan().duty_units(duty)
            for name in duty.indicators
            if unit in plan().suppliers(plan().indicators_by_id[name])
        ]
        assert 0 < len(figures) <= 20


def test_scores_cases_and_commendation_are_set_and_cited_where_the_notice_asks_for_them() -> None:
    rules = plan().rules
    assert rules.scoring.full == 100
    assert rules.commendation.phase == plan().phases[-1].id
    assert (rules.commendation.cites, rules.cases.cites) == (("五（三）#1",), ("六（二）#1",))
    assumed = [note.text for note in plan().notes if note.kind == "assumption"]
    assert any("没有规定考核计分" in text for text in assumed)
