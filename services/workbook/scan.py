"""The guard over a whole workbook: every cell, note and sheet name that somebody else wrote, asked for or not."""

from collections.abc import Collection, Iterator, Mapping

from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from domain.privacy import Context, Finding, find, find_in_value
from domain.problems import Problem, ProblemKind
from services.workbook.grid import CellFault, Place
from services.workbook.layout import STAMP_SHEET
from services.workbook.prints import print_of
from services.workbook.writer import readable

HIDDEN_NAME = "（文件名中有个人信息，已隐去）.xlsx"


def scan(
    workbook: Workbook, own: Collection[str], intact: Mapping[str, Collection[str]], contact: Place
) -> Iterator[CellFault]:
    """Whatever in a workbook could identify a child; the faults never hold it.

    Args:
        workbook: the workbook as it came in.
        own: prints of the form's own texts (``stamp.Stamp.own``).
        intact: by sheet, coordinates of cells that are as the form wrote them.
        contact: the cell with the reporter's name, who is an officer and may be named.
    """
    for ws in workbook.worksheets:
        if ws.title == STAMP_SHEET:
            continue
        yield from _faults(Place(ws.title), find(ws.title))
        yield from _scan_sheet(ws, own, intact.get(ws.title, ()), contact)


def shown_name(name: str) -> str:
    """A file's name as it may be shown and stored: hidden where it could identify a child."""
    return HIDDEN_NAME if find(name) else name


def _scan_sheet(
    ws: Worksheet, own: Collection[str], intact: Collection[str], contact: Place
) -> Iterator[CellFault]:
    for cells in ws.iter_rows():
        for cell in cells:
            place = Place(ws.title, cell.coordinate)
            if cell.comment is not None:
                yield from _faults(place, find(readable(cell.comment.text or "")))
            value = readable(cell.value) if isinstance(cell.value, str) else cell.value
            if value is None or cell.coordinate in intact or print_of([value]) in own:
                continue
            context = Context.CONTACT if place == contact else Context.NARRATIVE
            yield from _faults(place, find_in_value(value, context=context))


def _faults(place: Place, findings: tuple[Finding, ...]) -> Iterator[CellFault]:
    for reason in dict.fromkeys(finding.reason for finding in findings):
        yield CellFault(place, Problem(ProblemKind.CHILD_DATA, reason=reason.rstrip("。")))
