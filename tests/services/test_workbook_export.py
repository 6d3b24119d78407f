"""The form as a unit gets it."""

from datetime import date
from decimal import Decimal

import pytest
from openpyxl.cell.cell import Cell

from domain.duties import open_items
from domain.entries import ItemEntry, Passage, State
from domain.facts import ItemFacts, Review, Submission, Verdict
from domain.plausibility import LastFigure
from services.places import shipped_plan
from services.plans import load_plan
from services.workbook.composing import Material, build_form
from services.workbook.export import render
from services.workbook.layout import file_name
from services.workbook.reading import read_form
from services.workbook.writer import CELL_CHARACTERS, new_workbook, put, to_bytes
from services.workcalendar import work_calendar
from tests import cast
from tests.services.workbook_forms import (
    ANNUAL,
    AT,
    DAY,
    EDITION,
    FIGURES,
    GUIDE,
    PROGRESS,
    VISIT,
    blank,
    cell_of,
    form_of,
    items,
    opened_book,
    read,
)


def with_submission(
    entry: ItemEntry, verdict: Verdict | None = None, reason: str = ""
) -> tuple[ItemFacts, ...]:
    """Every item, one of them handed in and perhaps reviewed."""
    review = None
    if verdict:
        review = Review(verdict=verdict, reason=reason, reviewer=cast.ZHAO_QIANG, at=AT, day=DAY)
    handed_in = Submission(
        id=1,
        version=1,
        by=cast.LI_MING,
        at=AT,
        day=DAY,
        door="excel",
        content_sha256="0" * 64,
        review=review,
        **entry.model_dump(exclude={"key"}),
    )
    return tuple(
        facts.model_copy(update={"submissions": (handed_in,)}) if facts.item.key == entry.key else facts
        for facts in items()
    )


def text(sheet: str, number: str, title: str, data: bytes) -> object:
    return cell_of(opened_book(data)[sheet], number, title).value


def test_the_form_has_a_sheet_for_each_thing_to_fill_in_and_a_stamp_nobody_sees() -> None:
    workbook = opened_book(blank())
    assert workbook.sheetnames == [GUIDE, PROGRESS, FIGURES, ANNUAL, "_stamp"]
    assert workbook["_stamp"].sheet_state == "veryHidden"
    assert workbook.security.lockStructure


def test_the_guide_says_who_until_when_and_what_must_not_be_in_it() -> None:
    words = " ".join(str(c.value) for row in opened_book(blank())[GUIDE].iter_rows() for c in row if c.value)
    for expected in (
        "东山镇",
        "2025年",
        "2025年11月30日\n（最后工作日11月28日）",
        "填报人",
        "证件号码",
        "照片",
    ):
        assert expected in words


@pytest.mark.parametrize("sheet", [PROGRESS, FIGURES, ANNUAL])
def test_only_coloured_cells_can_be_filled_in(sheet: str) -> None:
    ws = opened_book(blank())[sheet]
    assert ws.protection.sheet
    colours = {True: set[str](), False: set[str]()}
    for row in ws.iter_rows(min_row=4):
        for cell in row:
            assert isinstance(cell, Cell)
            colours[cell.protection.locked].add(cell.fill.fgColor.rgb)
    assert len(colours[True]) == len(colours[False]) == 1
    assert colours[True] != colours[False]


@pytest.mark.parametrize("sheet", [PROGRESS, FIGURES, ANNUAL])
def test_the_heading_stays_in_sight_on_screen_and_on_paper(sheet: str) -> None:
    ws = opened_book(blank())[sheet]
    assert ws.freeze_panes in {"D4", "C4"}
    assert ws.print_title_rows == "$3:$3"
    assert (ws.page_setup.orientation, int(ws.page_setup.paperSize)) == ("landscape", 9)
    assert (ws.page_setup.fitToWidth, ws.page_setup.fitToHeight) == (1, 0)
    assert ws.sheet_properties.pageSetUpPr.fitToPage


def test_states_come_from_a_list_and_figures_are_limited_while_typed() -> None:
    workbook = opened_book(blank())
    (states,) = workbook[PROGRESS].data_validations.dataValidation
    assert (states.type, states.formula1) == ("list", '"已完成,推进中,未开展,本期无此情形"')
    rules = {rule.type: rule for rule in workbook[FIGURES].data_validations.dataValidation}
    assert set(rules) == {"whole", "decimal"}
    funds = cell_of(workbook[FIGURES], "1-1-2", "本期数")
    assert funds.coordinate in rules["decimal"].sqref
    assert funds.number_format == "#,##0.00"
    assert all((rule.operator, rule.formula1) == ("greaterThanOrEqual", "0") for rule in rules.values())


def test_every_row_is_high_enough_for_its_longest_text() -> None:
    entry = cast.visits(text="长" * 500)
    ws = opened_book(form_of(with_submission(entry)))[PROGRESS]
    cell = cell_of(ws, VISIT, "进展情况")
    lines = 500 * 2 / ws.column_dimensions["I"].width
    assert ws.row_dimensions[cell.row].height >= lines * 14
    assert all(ws.row_dimensions[row].height for row in range(1, ws.max_row + 1))


def test_what_was_handed_in_stands_in_the_form_and_is_not_handed_in_again() -> None:
    data = form_of(with_submission(cast.visits(count=120, text="=已走访")))
    assert text(PROGRESS, VISIT, "完成情况", data) == "已完成"
    assert text(PROGRESS, VISIT, "进展情况", data) == "=已走访"
    assert text(FIGURES, "1-1-1", "本期数", data) == 120
    assert read(data).entries == ()


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    for looks in ("=1+1", "+86", "-走访", "@各村"):
        cell = cell_of(
            opened_book(form_of(with_submission(cast.visits(text=looks))))[PROGRESS], VISIT, "进展情况"
        )
        assert (cell.data_type, cell.value, bool(cell.quotePrefix)) == ("s", looks, True)


def test_an_accepted_item_is_left_out() -> None:
    data = form_of(with_submission(cast.visits(), Verdict.ACCEPTED))
    assert cast.VISIT_Q1 not in {row.key for row in read(data).stamp.rows.values()}
    assert cast.VISIT_Q2 in {row.key for row in read(data).stamp.rows.values()}


def test_a_returned_item_shows_why() -> None:
    data = form_of(with_submission(cast.visits(), Verdict.RETURNED, "请补充走访户数"))
    assert text(PROGRESS, VISIT, "退回理由", data) == "请补充走访户数"


def test_last_periods_figures_stand_beside() -> None:
    last = {cast.VISIT_Q1: {cast.VISITS: LastFigure(value=Decimal(96), period="2024年第四季度")}}
    assert text(FIGURES, "1-1-1", "上期数", form_of(items(), last=last)) == 96


def test_the_yearly_report_has_a_sheet_only_while_it_is_open() -> None:
    early = tuple(facts for facts in items() if facts.item.key != cast.ANNUAL)
    assert ANNUAL not in opened_book(form_of(early)).sheetnames
    entry = ItemEntry(key=cast.ANNUAL, state=State.DONE, passages=(Passage(slot="highlights", text="做法"),))
    assert ANNUAL in opened_book(form_of(with_submission(entry))).sheetnames
    assert ANNUAL not in opened_book(form_of(with_submission(entry, Verdict.ACCEPTED))).sheetnames


def test_items_that_open_later_are_left_out() -> None:
    plan = cast.small_plan()
    material = Material(items(), {}, date(2025, 5, 1))
    form = build_form(plan, cast.TOWN, 2025, material)
    assert form is not None
    keys = {line.key for lines in form.lines.values() for line in lines}
    assert cast.VISIT_Q2 in keys
    assert cast.item_key("home-visits", cast.TOWN, "2025Q3") not in keys


def test_a_unit_with_nothing_open_has_no_form() -> None:
    assert build_form(cast.small_plan(), cast.TOWN, 2025, Material((), {}, DAY)) is None


def test_an_item_whose_duty_the_plan_no_longer_has_is_still_asked_for() -> None:
    (one,) = (facts for facts in items() if facts.item.key == cast.VISIT_Q1)
    gone = one.model_copy(
        update={"item": one.item.model_copy(update={"duty": "old-duty", "key": "small/old/town/1"})}
    )
    data = form_of((gone,))
    assert text(PROGRESS, VISIT, "事项", data) == "old-duty"


def test_the_same_form_gives_the_same_bytes() -> None:
    assert form_of(items()) == form_of(tuple(reversed(items())))


def test_the_file_is_named_after_unit_and_year() -> None:
    assert file_name("东山镇", 2025) == "填报表（东山镇，2025年度）.xlsx"


def test_no_form_of_the_shipped_plan_alarms_the_guard() -> None:
    plan = load_plan(shipped_plan())
    year = plan.years[1]
    day = date(year, 12, 31)
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    facts = tuple(ItemFacts(item=item) for item in open_items(plan, year, day, calendar))
    for unit in (plan.host.id, plan.units[-1].id):
        form = build_form(plan, unit, year, Material(facts, {}, day))
        assert form is not None
        filled = read_form(render(form, EDITION, AT), "表.xlsx", plan, EDITION)
        assert (filled.entries, filled.faults, filled.notices) == ((), (), ())


def test_a_text_longer_than_a_cell_is_refused_rather_than_cut_off() -> None:
    workbook = new_workbook("标题", "单位")
    cell = workbook.create_sheet("表")["A1"]
    put(cell, "长" * CELL_CHARACTERS)
    with pytest.raises(ValueError, match="32767"):
        put(cell, "😀" * (CELL_CHARACTERS // 2 + 1))


def test_a_file_bears_no_moment_but_the_one_given() -> None:
    workbook = new_workbook("标题", "单位")
    workbook.create_sheet("表")
    properties = opened_book(to_bytes(workbook, AT)).properties
    assert properties.created == properties.modified
    assert properties.created.isoformat() == "2025-12-31T01:00:00"
