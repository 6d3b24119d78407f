"""How forms look: fonts that Chinese offices have (仿宋 and 黑体), colours, page set-up and row heights."""

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

_HEI, _FANG = "黑体", "仿宋"
_LINE = Side(style="thin", color="FFBFBFBF")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_PAPER, _LOCKED_PAPER, _FILL_IN_PAPER = "FF1F4E79", "FFF2F2F2", "FFFFF8DC"
AS_TEXT = "@"
"""Number format under which what begins with ``-`` or looks like a date stays what was typed."""


@dataclass(frozen=True)
class Look:
    """How a cell looks; each becomes one named style of the workbook, which is many times faster than its parts.

    ``paper`` is the colour behind the text, and ``boxed`` whether it has a frame; colours are ARGB.
    """

    name: str
    font: str = _FANG
    size: float = 11
    ink: str = "FF000000"
    paper: str | None = None
    boxed: bool = True
    centred: bool = False
    top: bool = False
    wrapped: bool = True
    unlocked: bool = False
    number_format: str = "General"


TITLE = Look("表名", font=_HEI, size=16, boxed=False, wrapped=False)
COVER = Look("封面标题", font=_HEI, size=16, boxed=False, centred=True)
HINT = Look("提示", ink="FF7F6000", boxed=False, wrapped=False)
HEAD = Look("表头", font=_HEI, ink="FFFFFFFF", paper=_HEAD_PAPER, centred=True)
SECTION = Look("分节", font=_HEI, ink="FFFFFFFF", paper=_HEAD_PAPER)
LABEL = Look("标签", font=_HEI, paper=_LOCKED_PAPER, centred=True)
TEXT = Look("正文")
WARNING = Look("警示", ink="FFC00000")
LOCKED = Look("固定", paper=_LOCKED_PAPER)
LOCKED_CENTRED = Look("固定居中", paper=_LOCKED_PAPER, centred=True)
REASON = Look("退回理由", ink="FFC00000", paper=_LOCKED_PAPER)
FILL_IN = Look("填写", paper=_FILL_IN_PAPER, unlocked=True, number_format=AS_TEXT)
FILL_IN_CENTRED = replace(FILL_IN, name="填写居中", centred=True)
FILL_IN_LONG = replace(FILL_IN, name="填写长文", top=True)

LINE_HEIGHT = 15.5
"""Points from one line of 11-point 仿宋 to the next."""
TALLEST = 409.0
"""Excel's highest row, in points."""


def figure_look(decimals: int, *, locked: bool) -> Look:
    """The look of a figure with so many digits after the point."""
    number_format = "#,##0" if decimals == 0 else "#,##0." + "0" * decimals
    base = LOCKED if locked else FILL_IN
    return replace(base, name=f"{base.name}数{decimals}", number_format=number_format)


def wear(cell: Cell, look: Look) -> None:
    """Give a cell its look; before its value, which may add to it (``writer.put``)."""
    workbook = cell.parent.parent
    if look.name not in workbook.named_styles:
        workbook.add_named_style(_named_style(look))
    cell.style = look.name


def _named_style(look: Look) -> NamedStyle:
    return NamedStyle(
        look.name,
        font=Font(name=look.font, size=look.size, color=look.ink),
        fill=PatternFill("solid", fgColor=look.paper) if look.paper else None,
        border=_BOX if look.boxed else None,
        alignment=Alignment(
            wrap_text=look.wrapped,
            vertical="top" if look.top else "center",
            horizontal="center" if look.centred else None,
        ),
        number_format=look.number_format,
        protection=Protection(locked=not look.unlocked),
    )


def height(cells: Iterable[tuple[str, float]], least: float = 24.0) -> float:
    """The height in points of a row whose texts wrap in columns of the given widths.

    Office programs do not reckon it when they open a file that somebody else wrote.
    """
    lines = max((_lines(text, width) for text, width in cells), default=1)
    return min(max(least, lines * LINE_HEIGHT + 8), TALLEST)


def set_page(sheet: Worksheet, widths: Iterable[float], repeat_row: int | None) -> None:
    """A4 across, all columns on one page's width, with the heading repeated on each page."""
    for position, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    if repeat_row is not None:
        sheet.print_title_rows = f"{repeat_row}:{repeat_row}"


def protect(sheet: Worksheet) -> None:
    """Lock what is not to be filled in; rows may still be made higher, columns wider, lists filtered.

    There is no password: the lock guards against slips, and the reader checks every locked cell anyway.
    """
    sheet.protection.sheet = True
    sheet.protection.formatRows = False
    sheet.protection.formatColumns = False
    sheet.protection.autoFilter = False


def _lines(text: str, width: float) -> int:
    room = max(2, int(width) - 1)
    return sum(max(1, math.ceil(_width(paragraph) / room)) for paragraph in text.split("\n"))


def _width(text: str) -> int:
    """Columns that a text takes: two for a Chinese character, one for a Latin one."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)
