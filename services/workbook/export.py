"""Writing a unit's form as an Excel workbook: locked where it is the form's, coloured where the unit fills it in."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from domain.entries import STATE_NAMES
from services.workbook.guide import write_guide
from services.workbook.layout import (
    GUIDE_SHEET,
    STAMP_SHEET,
    Column,
    Fill,
    Form,
    Line,
    Sheet,
    Value,
    expected,
)
from services.workbook.stamp import stamp_of, written
from services.workbook.style import (
    FILL_IN,
    FILL_IN_CENTRED,
    FILL_IN_LONG,
    HEAD,
    HINT,
    LOCKED,
    LOCKED_CENTRED,
    REASON,
    TITLE,
    Look,
    figure_look,
    height,
    protect,
    set_page,
    wear,
)
from services.workbook.writer import new_workbook, put, to_bytes

HEAD_ROW = 3
FIRST_ROW = HEAD_ROW + 1
ROOM_TO_WRITE = 64.0
"""Least height in points of a row with a narrative to fill in."""

_CENTRED_COLUMNS = {"编号", "期间", "截止日期", "计量单位", "完成情况"}


def render(form: Form, plan_sha256: str, at: datetime) -> bytes:
    """The form as an .xlsx file, handed out ``at`` a moment; the same arguments give the same bytes."""
    workbook = new_workbook(f"{form.unit_name}{form.year}年度填报表", form.plan_name)
    write_guide(workbook.create_sheet(GUIDE_SHEET), form)
    for sheet in form.sheets:
        _write_sheet(workbook.create_sheet(sheet.name), sheet, form)
    _write_stamp(workbook, form, plan_sha256, at)
    workbook.security = WorkbookProtection(lockStructure=True)
    workbook.active = 0
    return to_bytes(workbook, at)


def _write_sheet(ws: Worksheet, sheet: Sheet, form: Form) -> None:
    lines = form.lines[sheet.name]
    _write_heading(ws, sheet, form)
    for row, line in enumerate(lines, start=FIRST_ROW):
        _write_line(ws, sheet, row, line)
    _validate(ws, sheet, lines)
    last = get_column_letter(len(sheet.columns))
    ws.auto_filter.ref = f"A{HEAD_ROW}:{last}{HEAD_ROW + len(lines)}"
    ws.freeze_panes = ws.cell(FIRST_ROW, sheet.kept_in_sight + 1)
    ws.sheet_view.zoomScale = 90
    set_page(ws, [column.width for column in sheet.columns], repeat_row=HEAD_ROW)
    protect(ws)


def _write_heading(ws: Worksheet, sheet: Sheet, form: Form) -> None:
    wear(ws.cell(1, 1), TITLE)
    put(ws.cell(1, 1), f"{sheet.name}（{form.unit_name}，{form.year}年度）")
    ws.row_dimensions[1].height = 30
    wear(ws.cell(2, 1), HINT)
    put(ws.cell(2, 1), sheet.hint)
    ws.row_dimensions[2].height = 22
    for position, column in enumerate(sheet.columns, start=1):
        cell = ws.cell(HEAD_ROW, position)
        wear(cell, HEAD)
        put(cell, column.title)
    ws.row_dimensions[HEAD_ROW].height = 26


def _write_line(ws: Worksheet, sheet: Sheet, row: int, line: Line) -> None:
    values = (line.number, *line.locked, *line.filled)
    for position, (column, value) in enumerate(zip(sheet.columns, values, strict=True), start=1):
        cell = ws.cell(row, position)
        wear(cell, _look(column, line, value))
        put(cell, value)
    wrapped = [(v, c.width) for c, v in zip(sheet.columns, values, strict=True) if isinstance(v, str)]
    narrative = any(column.fill is Fill.TEXT for column in sheet.columns)
    ws.row_dimensions[row].height = height(wrapped, least=ROOM_TO_WRITE if narrative else 30.0)


def _look(column: Column, line: Line, value: Value) -> Look:
    if column.fill is Fill.FIGURE or isinstance(value, Decimal):
        return figure_look(line.decimals, locked=column.fill is Fill.LOCKED)
    centred = column.title in _CENTRED_COLUMNS
    match column.fill:
        case Fill.LOCKED if column.title == "退回理由":
            return REASON
        case Fill.LOCKED:
            return LOCKED_CENTRED if centred else LOCKED
        case Fill.TEXT:
            return FILL_IN_LONG
    return FILL_IN_CENTRED if centred else FILL_IN


def _validate(ws: Worksheet, sheet: Sheet, lines: tuple[Line, ...]) -> None:
    """Drop-downs for states, and limits that Excel itself holds while figures are typed."""
    for position, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(position)
        if column.fill is Fill.STATE:
            choices = ",".join(STATE_NAMES.values())
            rule = _rule(column, type="list", formula1=f'"{choices}"')
            rule.add(f"{letter}{FIRST_ROW}:{letter}{HEAD_ROW + len(lines)}")
            ws.add_data_validation(rule)
        elif column.fill is Fill.FIGURE:
            whole = _rule(column, type="whole", operator="greaterThanOrEqual", formula1="0")
            decimal = _rule(column, type="decimal", operator="greaterThanOrEqual", formula1="0")
            for row, line in enumerate(lines, start=FIRST_ROW):
                (decimal if line.decimals else whole).add(f"{letter}{row}")
            for rule in (whole, decimal):
                if rule.sqref.ranges:
                    ws.add_data_validation(rule)


def _rule(column: Column, **conditions: str) -> DataValidation:
    return DataValidation(
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
        errorTitle="请检查",
        error=f"“{column.title}”应{expected(column.fill)}。",
        promptTitle=column.title,
        prompt=expected(column.fill),
        **conditions,
    )


def _write_stamp(workbook: Workbook, form: Form, plan_sha256: str, at: datetime) -> None:
    own = [cell.value for sheet in workbook.worksheets for cell in _outside_lines(sheet) if cell.value]
    ws = workbook.create_sheet(STAMP_SHEET)
    for row, text in enumerate(written(stamp_of(form, plan_sha256, at, own)), start=1):
        put(ws.cell(row, 1), text)
    ws.sheet_state = "veryHidden"
    ws.protection.sheet = True


def _outside_lines(ws: Worksheet) -> Iterator[Cell]:
    """The cells of the first sheet, and of the others their headings."""
    last = ws.max_row if ws.title == GUIDE_SHEET else HEAD_ROW
    for row in ws.iter_rows(max_row=last):
        yield from row
