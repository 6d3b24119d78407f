"""What people do to a form, and what the reader makes of it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from domain.entries import PROGRESS as PROGRESS_SLOT
from domain.entries import State
from domain.problems import Problem, ProblemKind
from services.workbook.reading import MAX_CELLS
from tests import cast
from tests.services.workbook_forms import (
    ANNUAL,
    FIGURES,
    GUIDE,
    NAME,
    PROGRESS,
    REPORTER_CELL,
    VISIT,
    blank,
    cell_of,
    edited,
    figure_in,
    form_of,
    items,
    put,
    read,
    repacked,
    reporter,
    told,
    visited,
)

ID_NUMBER = "210302201503072217"  # made up; the check digit is right
MOBILE = 13812345678


def place(sheet: str, number: str, title: str) -> tuple[str, str]:
    """Where a cell of the blank form is."""
    found: list[str] = []
    edited(blank(), lambda wb: found.append(cell_of(wb[sheet], number, title).coordinate))
    return sheet, found[0]


def refusal(data: bytes, name: str = NAME, unit: str | None = None) -> Problem:
    with pytest.raises(Problem) as caught:
        read(data, name, unit)
    return caught.value


def test_a_form_with_nothing_filled_in_hands_nothing_in() -> None:
    filled = read(blank())
    assert (filled.entries, filled.faults, filled.notices, filled.reporter) == ((), (), (), "")


def test_what_was_filled_in_is_read_and_untouched_items_are_left_out() -> None:
    filled = read(edited(blank(), reporter(), *visited()))
    assert filled.faults == ()
    assert filled.reporter == cast.LI_MING
    assert [entry.key for entry in filled.entries] == [cast.VISIT_Q1]
    (entry,) = filled.entries
    assert entry.state is State.DONE
    assert [(p.slot, p.text) for p in entry.passages] == [(PROGRESS_SLOT, "已逐户走访并建立台账")]
    assert {f.indicator: f.value for f in entry.figures} == {
        cast.VISITS: Decimal(120),
        cast.FUNDS: Decimal("3.5"),
    }


def test_a_renamed_file_is_known_by_its_stamp() -> None:
    filled = read(edited(blank(), *visited()), "最终版2.xlsx")
    assert filled.stamp.unit == cast.TOWN


def test_a_file_named_after_another_unit_is_refused() -> None:
    problem = refusal(blank(), "填报表（西河街道，2025年度）.xlsx")
    assert problem.kind is ProblemKind.WORKBOOK_OTHER_UNIT
    assert "东山镇" in problem.title
    assert "西河街道" in problem.title


def test_a_file_named_after_its_own_and_another_unit_is_taken() -> None:
    assert read(blank(), "东山镇报西河街道汇总.xlsx").stamp.unit == cast.TOWN


def test_another_unit_than_the_one_asked_for_is_refused() -> None:
    assert refusal(blank(), unit=cast.EDUCATION).kind is ProblemKind.WORKBOOK_OTHER_UNIT
    assert read(blank(), unit=cast.TOWN).stamp.unit == cast.TOWN


def test_a_workbook_without_a_stamp_is_no_form() -> None:
    def drop(workbook: Workbook) -> None:
        del workbook["_stamp"]

    assert refusal(edited(blank(), drop)).kind is ProblemKind.WORKBOOK_NOT_OURS


@pytest.mark.parametrize("cell", ["A1", "A2"])
def test_a_stamp_that_was_tampered_with_is_no_form(cell: str) -> None:
    def tamper(workbook: Workbook) -> None:
        stamp = workbook["_stamp"][cell]
        stamp.value = stamp.value.replace("town", "street") if cell == "A2" else "0" * 64

    assert refusal(edited(blank(), tamper)).kind is ProblemKind.WORKBOOK_NOT_OURS


def test_a_form_of_another_plan_version_is_old() -> None:
    from services.workbook.reading import read_form  # noqa: PLC0415 - the helper fixes the edition

    with pytest.raises(Problem) as caught:
        read_form(blank(), NAME, cast.small_plan(), "f" * 64)
    assert caught.value.kind is ProblemKind.WORKBOOK_OUTDATED


def test_a_form_of_an_older_layout_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.workbook.reading.LAYOUT_VERSION", 2)
    assert refusal(blank()).kind is ProblemKind.WORKBOOK_OUTDATED


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (120, 120),
        ("120", 120),
        ("３０", 30),
        ("１，２８０", 1280),
        ("1,280", 1280),
        ("1 280", 1280),
        (" 30 ", 30),
        ("＋30", 30),
        (120.0, 120),
        (29.999999999999996, 30),
        (0, 0),
        ("0", 0),
    ],
)
def test_a_number_is_read_however_it_was_typed(typed: object, meant: int) -> None:
    filled = read(edited(blank(), *visited(count=typed)))
    assert filled.faults == ()
    assert figure_in(filled, cast.VISITS) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(12.30000001, "12.30"), (0.1 + 0.2, "0.3"), ("12.30", "12.3"), ("１２．５", "12.5"), (1e-7, "0")],
)
def test_stray_digits_of_floats_are_rounded_away(typed: object, meant: str) -> None:
    assert figure_in(read(edited(blank(), *visited(funds=typed))), cast.FUNDS) == Decimal(meant)


def test_digits_that_somebody_typed_are_not_rounded_away() -> None:
    assert figure_in(read(edited(blank(), *visited(funds=12.345))), cast.FUNDS) == Decimal("12.345")


def test_zero_and_empty_differ() -> None:
    assert figure_in(read(edited(blank(), *visited(count=0))), cast.VISITS) == 0
    assert figure_in(read(edited(blank(), *visited(count=None))), cast.VISITS) is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("约30", "文字“约30”"),
        ("30余人次", "文字"),
        ("三十", "文字"),
        ("3²", "文字"),
        ("٣٠", "文字"),
        ("1,28", "文字"),
        ("—", "文字"),
        ("nan", "文字"),
        ("=SUM(1,2)", "公式"),
        (True, "逻辑值"),
        (date(2025, 3, 1), "日期"),
        (datetime(2025, 3, 1, 8, 0), "日期"),  # noqa: DTZ001 - spreadsheets know no zones
        (time(8, 30), "日期或时间"),
        (timedelta(hours=30), "日期或时间"),
        ("#DIV/0!", "错误值 #DIV/0!"),
    ],
)
def test_what_is_no_number_is_told_with_its_cell(typed: object, found: str) -> None:
    filled = read(edited(blank(), *visited(count=typed)))
    faults = [f for f in filled.faults if f.problem.kind is ProblemKind.FIGURE_CELL_INVALID]
    (fault,) = faults
    assert (fault.place.sheet, fault.place.cell) == place(FIGURES, "1-1-1", "本期数")
    assert found in fault.problem.title
    assert "走访人次" in fault.problem.title
    assert "数字" in fault.problem.mend


def test_a_word_in_a_figure_cell_is_not_repeated_for_it_may_be_a_name() -> None:
    filled = read(edited(blank(), *visited(count="欧阳小雨")))
    assert filled.faults
    assert all("小雨" not in str(fault.problem) for fault in filled.faults)


def test_a_state_that_is_not_in_the_list_is_refused() -> None:
    filled = read(edited(blank(), *visited(), put(PROGRESS, VISIT, "完成情况", "基本完成")))
    assert told(filled) == [(*place(PROGRESS, VISIT, "完成情况"), 513)]
    assert "已完成、推进中" in filled.faults[0].problem.mend


def test_an_item_without_a_state_is_refused() -> None:
    filled = read(edited(blank(), put(FIGURES, "1-1-1", "本期数", 30)))
    assert told(filled) == [(*place(PROGRESS, VISIT, "完成情况"), 514)]


@pytest.mark.parametrize("title", ["进展情况", "完成情况"])
def test_a_formula_where_words_belong_is_refused(title: str) -> None:
    filled = read(edited(blank(), *visited(), put(PROGRESS, VISIT, title, '=A1&"x"')))
    assert told(filled) == [(*place(PROGRESS, VISIT, title), 513)]


def test_numbers_and_days_among_words_are_read_as_they_look() -> None:
    remark = put(FIGURES, "1-1-1", "说明", 2024)
    other = put(FIGURES, "1-1-2", "说明", date(2025, 4, 1))
    (entry,) = read(edited(blank(), *visited(), remark, other)).entries
    assert {f.indicator: f.remark for f in entry.figures} == {cast.VISITS: "2024", cast.FUNDS: "2025-04-01"}


def test_line_ends_and_escapes_of_office_programs_are_undone() -> None:
    (entry,) = read(edited(blank(), *visited(text="第一_x000D_\n第二\n\n第三  "))).entries
    assert entry.passages[0].text == "第一\n第二\n\n第三"


# --- rows and sheets that were moved about


def test_sorted_rows_are_found_by_their_numbers() -> None:
    def reverse(workbook: Workbook) -> None:
        ws = workbook[FIGURES]
        rows = [[cell.value for cell in row] for row in ws.iter_rows(min_row=4)]
        for row, values in enumerate(reversed(rows), start=4):
            for column, value in enumerate(values, start=1):
                ws.cell(row, column).value = value

    filled = read(edited(blank(), *visited(), reverse))
    assert filled.faults == ()
    assert figure_in(filled, cast.VISITS) == 120


@pytest.mark.parametrize("row", [1, 3, 5])
def test_inserted_blank_rows_do_no_harm(row: int) -> None:
    filled = read(edited(blank(), *visited(), lambda wb: wb[FIGURES].insert_rows(row, 3)))
    assert filled.faults == ()
    assert figure_in(filled, cast.VISITS) == 120


def test_an_inserted_or_moved_column_does_no_harm() -> None:
    filled = read(edited(blank(), *visited(), lambda wb: wb[FIGURES].insert_cols(3, 2)))
    assert filled.faults == ()
    assert figure_in(filled, cast.VISITS) == 120


def test_a_deleted_row_is_told() -> None:
    def delete(workbook: Workbook) -> None:
        workbook[FIGURES].delete_rows(cell_of(workbook[FIGURES], "1-1-2", "编号").row)

    filled = read(edited(blank(), *visited(), delete))
    assert told(filled) == [(FIGURES, "", 510)]
    assert "1-1-2" in filled.faults[0].problem.title


def test_a_copied_row_is_told() -> None:
    def copy(workbook: Workbook) -> None:
        ws = workbook[FIGURES]
        row = cell_of(ws, "1-1-2", "编号").row
        ws.append([cell.value for cell in ws[row]])

    assert [number for _, _, number in told(read(edited(blank(), *visited(), copy)))] == [511]


def test_a_row_sorted_by_half_is_told_and_not_taken_for_another() -> None:
    def half_sort(workbook: Workbook) -> None:
        ws = workbook[FIGURES]
        one, two = cell_of(ws, "1-1-1", "编号"), cell_of(ws, "1-1-2", "编号")
        one.value, two.value = two.value, one.value

    assert {number for _, _, number in told(read(edited(blank(), *visited(), half_sort)))} == {512}


def test_a_row_of_ones_own_is_told() -> None:
    def add(workbook: Workbook) -> None:
        workbook[PROGRESS].append(["9-9", "自拟", "自拟事项", "", "", "", "", "已完成", "做了很多工作"])

    assert [number for _, _, number in told(read(edited(blank(), add)))] == [517]


def test_a_changed_heading_is_told() -> None:
    def rename(workbook: Workbook) -> None:
        workbook[FIGURES]["H3"].value = "数字"

    filled = read(edited(blank(), *visited(), rename))
    assert (FIGURES, "A3", 509) in told(filled)
    assert "本期数" in filled.faults[0].problem.title


@pytest.mark.parametrize("sheet", [PROGRESS, FIGURES, ANNUAL, GUIDE])
def test_a_sheet_that_was_removed_or_renamed_is_told(sheet: str) -> None:
    def remove(workbook: Workbook) -> None:
        del workbook[sheet]

    def rename(workbook: Workbook) -> None:
        workbook[sheet].title = f"{sheet}2"

    assert (sheet, "", 508) in told(read(edited(blank(), remove)))
    assert (sheet, "", 508) in told(read(edited(blank(), rename)))


def test_merged_cells_in_the_table_are_told() -> None:
    def merge(workbook: Workbook) -> None:
        workbook[PROGRESS].merge_cells("I4:I6")

    assert (PROGRESS, "I4", 516) in told(read(edited(blank(), *visited(), merge)))


def test_hidden_rows_and_columns_count_like_any_other() -> None:
    def hide(workbook: Workbook) -> None:
        ws = workbook[FIGURES]
        ws.row_dimensions[cell_of(ws, "1-1-1", "编号").row].hidden = True
        ws.column_dimensions["H"].hidden = True

    assert figure_in(read(edited(blank(), *visited(), hide)), cast.VISITS) == 120


def test_an_unlocked_form_is_read_like_any_other() -> None:
    def unlock(workbook: Workbook) -> None:
        for ws in workbook.worksheets:
            ws.protection.sheet = False

    assert read(edited(blank(), *visited(), unlock)).faults == ()


def test_other_programs_strings_are_read_alike() -> None:
    """openpyxl saves shared strings, the form itself has inline ones; some programs write neither's types."""

    def plain(sheet: bytes) -> bytes:
        return sheet.replace(b"<v>120</v>", b"<v>1.2E2</v>")

    sheet = "xl/worksheets/sheet3.xml"
    data = repacked(edited(blank(), *visited()), replace={sheet: plain})
    assert data != repacked(edited(blank(), *visited()))
    assert figure_in(read(data), cast.VISITS) == 120


# --- what nobody asked for


def test_harmless_words_beside_the_table_are_left_aside_and_said_so() -> None:
    def scribble(workbook: Workbook) -> None:
        workbook[FIGURES]["M5"].value = "待核"
        workbook.create_sheet("草稿")["A1"].value = "汇总用"

    filled = read(edited(blank(), *visited(), scribble))
    assert filled.faults == ()
    assert len(filled.notices) == 2
    assert any("M5" in notice for notice in filled.notices)
    assert any("草稿" in notice for notice in filled.notices)


def _in_cell(workbook: Workbook) -> None:
    cell_of(workbook[PROGRESS], VISIT, "进展情况").value = f"走访对象证号{ID_NUMBER}"


def _in_figure(workbook: Workbook) -> None:
    cell_of(workbook[FIGURES], "1-1-1", "本期数").value = MOBILE


def _in_hidden_column(workbook: Workbook) -> None:
    workbook[FIGURES]["M5"].value = f"电话{MOBILE}"
    workbook[FIGURES].column_dimensions["M"].hidden = True


def _in_comment(workbook: Workbook) -> None:
    workbook[FIGURES]["H4"].comment = Comment(f"证号{ID_NUMBER}", "x")


def _in_hidden_sheet(workbook: Workbook) -> None:
    sheet = workbook.create_sheet("名单")
    sheet["A1"].value = ID_NUMBER
    sheet.sheet_state = "hidden"


def _in_locked_cell(workbook: Workbook) -> None:
    cell_of(workbook[FIGURES], "1-1-1", "口径").value = f"证号{ID_NUMBER}"


def _in_guide(workbook: Workbook) -> None:
    workbook[GUIDE]["B8"].value = f"证号{ID_NUMBER}"


def _in_formula(workbook: Workbook) -> None:
    workbook[FIGURES]["M5"].value = f'="{ID_NUMBER}"'


@pytest.mark.parametrize(
    "leak",
    [
        _in_cell,
        _in_figure,
        _in_hidden_column,
        _in_comment,
        _in_hidden_sheet,
        _in_locked_cell,
        _in_guide,
        _in_formula,
    ],
)
def test_personal_data_is_refused_wherever_it_stands_and_never_repeated(
    leak: Callable[[Workbook], None],
) -> None:
    filled = read(edited(blank(), *visited(), leak))
    privacy = [f for f in filled.faults if f.problem.kind is ProblemKind.CHILD_DATA]
    assert privacy
    assert all(fault.place.cell for fault in privacy)
    words = " ".join(str(f.problem) for f in filled.faults) + " ".join(filled.notices)
    assert ID_NUMBER not in words
    assert str(MOBILE) not in words


def test_a_telephone_number_in_a_figure_gets_no_further() -> None:
    assert figure_in(read(edited(blank(), *visited(count=MOBILE))), cast.VISITS) is None


def test_the_reporter_may_be_named_but_not_with_an_identity_number() -> None:
    assert read(edited(blank(), reporter("李明 13812345678"))).faults == ()
    assert told(read(edited(blank(), reporter(f"李明 {ID_NUMBER}")))) == [(GUIDE, REPORTER_CELL, 601)]


def test_a_sheet_stretched_to_its_last_cell_is_refused_before_it_is_gone_through() -> None:
    def stretch(workbook: Workbook) -> None:
        workbook[FIGURES].cell(MAX_CELLS, 16_384).value = "x"

    assert refusal(edited(blank(), stretch)).kind is ProblemKind.WORKBOOK_UNSAFE


def test_faults_come_in_the_order_of_sheets_and_cells() -> None:
    filled = read(
        edited(
            blank(),
            *visited(count="约3", funds="约4"),
            put(PROGRESS, VISIT, "完成情况", "好"),
            reporter(f"李明 {ID_NUMBER}"),
        )
    )
    assert [f.place.sheet for f in filled.faults] == [GUIDE, PROGRESS, FIGURES, FIGURES]


def test_a_form_that_another_unit_renamed_as_its_own_is_refused() -> None:
    theirs = form_of(items(), unit=cast.STREET)
    assert refusal(theirs, NAME).kind is ProblemKind.WORKBOOK_OTHER_UNIT
