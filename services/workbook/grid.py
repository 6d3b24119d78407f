"""A sheet as somebody left it: where its heading and its rows are now, whatever was moved, hidden or inserted."""

from dataclasses import dataclass, field

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from domain.problems import Problem, ProblemKind
from services.workbook.layout import NUMBER, Column, Sheet
from services.workbook.prints import print_of
from services.workbook.stamp import Row
from services.workbook.writer import readable

HEADING_WITHIN = 30
"""Rows from the top among which the heading is looked for."""


@dataclass(frozen=True)
class Place:
    """A cell (or the sheet, where ``cell`` is empty), as its user finds it."""

    sheet: str
    cell: str = ""


@dataclass(frozen=True)
class CellFault:
    """One thing wrong with a filled-in form, and where."""

    place: Place
    problem: Problem


@dataclass
class Grid:
    """One sheet, read.

    Attributes:
        sheet: what the sheet should be.
        ws: the sheet itself.
        heading: number of the row that bears the heading.
        columns: column number by heading.
        rows: row number by the number (编号) that stands in it.
        faults: what is wrong with the sheet's build.
        intact: coordinates of cells that are still as the form wrote them.
        stray: coordinates of cells with content that nobody asked for.
    """

    sheet: Sheet
    ws: Worksheet
    heading: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    intact: set[str] = field(default_factory=set)
    stray: list[str] = field(default_factory=list)

    def cell(self, number: str, column: Column) -> Cell | MergedCell:
        """The cell of a row, by its number, in a column."""
        return self.ws.cell(self.rows[number], self.columns[column.title])

    def fault(self, cell: str, kind: ProblemKind, **details: object) -> None:
        """Note something wrong at a cell."""
        self.faults.append(CellFault(Place(self.sheet.name, cell), Problem(kind, **details)))


def read_grid(ws: Worksheet, sheet: Sheet, rows: dict[str, Row]) -> Grid:
    """Find heading and rows of a sheet; what does not fit is in the grid's faults.

    Args:
        ws: the sheet as it came in.
        sheet: what it should be.
        rows: the stamp's rows of this sheet, by number.
    """
    grid = Grid(sheet, ws)
    if not _find_heading(grid):
        return grid
    _find_rows(grid, rows)
    _check_merged(grid)
    for number, row in rows.items():
        if number in grid.rows:
            _check_locked(grid, number, row)
        else:
            grid.fault("", ProblemKind.ROW_MISSING, number=number)
    return grid


def _find_heading(grid: Grid) -> bool:
    """Whether every column of the sheet was found again, in whatever order."""
    wanted = [column.title for column in grid.sheet.columns]
    for cells in grid.ws.iter_rows(max_row=min(grid.ws.max_row, HEADING_WITHIN)):
        found = {str(c.value).strip(): c.column for c in reversed(cells) if c.value is not None}
        if NUMBER in found and any(title in found for title in wanted[1:]):
            grid.heading = cells[0].row
            grid.columns = {title: found[title] for title in wanted if title in found}
            break
    missing = [title for title in wanted if title not in grid.columns]
    if missing:
        at = f"A{grid.heading}" if grid.heading else ""
        grid.fault(at, ProblemKind.HEADING_CHANGED, titles="、".join(missing), expected="、".join(wanted))
    return not missing


def _find_rows(grid: Grid, rows: dict[str, Row]) -> None:
    """Match the rows below the heading with the stamp's by their numbers, and note what stands elsewhere."""
    asked = set(grid.columns.values())
    fill_in = {grid.columns[column.title] for column in grid.sheet.filled}
    for cells in grid.ws.iter_rows(min_row=grid.heading + 1):
        content = [cell for cell in cells if not _blank(cell)]
        if not content:
            continue
        number = str(cells[grid.columns[NUMBER] - 1].value or "").strip()
        if number not in rows:
            if any(cell.column in fill_in for cell in content):
                grid.fault(content[0].coordinate, ProblemKind.ROW_UNKNOWN)
            else:
                grid.stray += [cell.coordinate for cell in content]
            continue
        if number in grid.rows:
            grid.fault(content[0].coordinate, ProblemKind.ROW_TWICE, number=number)
            continue
        grid.rows[number] = cells[0].row
        grid.stray += [cell.coordinate for cell in content if cell.column not in asked]


def _check_locked(grid: Grid, number: str, row: Row) -> None:
    """A row whose own cells were changed may be another row's by now: sorted by half, or dragged over."""
    own = [grid.cell(number, column) for column in grid.sheet.locked]
    values = [readable(c.value) if isinstance(c.value, str) else c.value for c in own]
    where = grid.ws.cell(grid.rows[number], grid.columns[NUMBER]).coordinate
    if print_of(values) == row.locked:
        grid.intact |= {cell.coordinate for cell in own} | {where}
    else:
        grid.fault(where, ProblemKind.ROW_CHANGED, number=number)


def _check_merged(grid: Grid) -> None:
    """Merged cells in the table hide what belongs to which row."""
    columns = set(grid.columns.values())
    rows = {grid.heading, *grid.rows.values()}
    for merged in grid.ws.merged_cells.ranges:
        if columns.isdisjoint(range(merged.min_col, merged.max_col + 1)):
            continue
        if rows.isdisjoint(range(merged.min_row, merged.max_row + 1)):
            continue
        at = f"{get_column_letter(merged.min_col)}{merged.min_row}"
        grid.fault(at, ProblemKind.CELLS_MERGED, range=merged.coord)


def _blank(cell: Cell | MergedCell) -> bool:
    return cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())
