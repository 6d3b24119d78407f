"""A plain table as a workbook, for whoever wants to sort or print what a page shows."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from openpyxl.utils import get_column_letter

from services.workbook.style import HEAD, HINT, TEXT, set_page, wear
from services.workbook.writer import new_workbook, put, to_bytes

Value = str | Decimal | int | date | None

_HEAD_ROW = 2


def render_table(
    name: str, title: str, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[Value]], at: datetime
) -> bytes:
    """A workbook of one sheet, every text a text; days are written as 2025-06-30.

    Args:
        name: of the sheet.
        title: what it shows, above the heads.
        columns: heads and widths.
        rows: as many values each as there are columns.
        at: the only moment that the file bears.
    """
    workbook = new_workbook(title, "")
    ws = workbook.create_sheet(name)
    first = ws.cell(1, 1)
    wear(first, HINT)
    put(first, title)
    for position, (head, _) in enumerate(columns, start=1):
        cell = ws.cell(_HEAD_ROW, position)
        wear(cell, HEAD)
        put(cell, head)
    last = _HEAD_ROW
    for last, row in enumerate(rows, start=_HEAD_ROW + 1):
        for position, value in enumerate(row, start=1):
            cell = ws.cell(last, position)
            wear(cell, TEXT)
            put(cell, value.isoformat() if isinstance(value, date) else value)
    ws.auto_filter.ref = f"A{_HEAD_ROW}:{get_column_letter(len(columns))}{last}"
    ws.freeze_panes = ws.cell(_HEAD_ROW + 1, 2)
    set_page(ws, [width for _, width in columns], repeat_row=_HEAD_ROW)
    return to_bytes(workbook, at)
