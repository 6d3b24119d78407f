"""Filling a form in as a liaison would, cell by cell: for demonstrations and trials."""

import io
from collections.abc import Mapping
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from domain.entries import STATE_NAMES, ItemEntry
from domain.problems import Problem, ProblemKind
from services.workbook.grid import Grid, read_grid
from services.workbook.guide import reporter_of
from services.workbook.layout import GUIDE_SHEET, SHEETS, STAMP_SHEET, Fill, Value
from services.workbook.stamp import Row, Stamp, read_stamp
from services.workbook.writer import put, to_bytes


def fill(path: Path, answers: Mapping[str, ItemEntry], *, by: str) -> None:
    """Fill in the form at ``path``, which stays where it is.

    Rows of items without an answer are left as they are; an answer to an item that the form does not ask for is
    passed over. Equal answers give equal files.

    Args:
        path: a form as it was exported.
        answers: what to fill in, by item key.
        by: the reporter's name (填报人).

    Raises:
        Problem: 505 where the file is no form.
    """
    workbook = load_workbook(io.BytesIO(path.read_bytes()))
    stamp = _stamp(workbook, path)
    for sheet in SHEETS:
        rows = {number: row for number, row in stamp.rows.items() if row.sheet == sheet.name}
        if not rows:
            continue
        grid = read_grid(workbook[sheet.name], sheet, rows)
        for number, row in rows.items():
            if row.key in answers:
                _fill_row(grid, number, row, answers[row.key])
    reporter = reporter_of(workbook[GUIDE_SHEET])
    if reporter is not None:
        put(reporter, by)
    path.write_bytes(to_bytes(workbook, stamp.exported_at))


def _stamp(workbook: Workbook, path: Path) -> Stamp:
    stamp = None
    if STAMP_SHEET in workbook.sheetnames:
        stamp = read_stamp(workbook[STAMP_SHEET], workbook[STAMP_SHEET].max_row)
    if stamp is None:
        raise Problem(ProblemKind.WORKBOOK_NOT_OURS, file=path.name, reason="没有可用的标识")
    return stamp


def _fill_row(grid: Grid, number: str, row: Row, entry: ItemEntry) -> None:
    figure = next((f for f in entry.figures if f.indicator == row.part), None)
    passage = next((p.text for p in entry.passages if p.slot == row.part), None)
    values: dict[Fill, Value] = {
        Fill.STATE: STATE_NAMES[entry.state],
        Fill.TEXT: passage,
        Fill.FIGURE: figure.value if figure else None,
        Fill.REMARK: (figure.remark or None) if figure else None,
    }
    for column in grid.sheet.filled:
        put(grid.cell(number, column), values[column.fill])
