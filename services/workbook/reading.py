"""Reading a form back: whose it is, what was filled in, and every fault with its cell. No store is asked here."""

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from domain.canonical import clean_text
from domain.entries import ItemEntry
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.typed import UnfitError
from services.workbook.answers import Field, collect
from services.workbook.cells import text
from services.workbook.grid import CellFault, Grid, Place, read_grid
from services.workbook.guide import reporter_of
from services.workbook.layout import GUIDE_SHEET, LAYOUT_VERSION, SHEETS, STAMP_SHEET
from services.workbook.safety import inspect
from services.workbook.scan import scan
from services.workbook.stamp import Stamp, read_stamp

MAX_CELLS = 200_000
"""Cells of one sheet, blank ones included, that are gone through."""


@dataclass(frozen=True)
class Filled:
    """What a form says.

    Attributes:
        stamp: whose form it is.
        reporter: the name in 填报人; empty where there is none.
        contact: the cell for that name.
        entries: what the unit hands in, item by item; the readable part of it where there are faults.
        faults: everything wrong with the form, in the order of sheets and cells.
        places: where each field of each item stands.
        notices: what was found and left aside, for its author to know.
    """

    stamp: Stamp
    reporter: str
    contact: Place
    entries: tuple[ItemEntry, ...]
    faults: tuple[CellFault, ...]
    places: Mapping[Field, Place]
    notices: tuple[str, ...]


def read_form(data: bytes, name: str, plan: Plan, plan_sha256: str, *, unit: str | None = None) -> Filled:
    """Read a filled-in form.

    Args:
        data: the whole file.
        name: the file's name as it may be shown.
        plan: the plan in force.
        plan_sha256: its digest; a form of another version is refused.
        unit: id of the unit whose form this has to be; None where any will do.

    Raises:
        Problem: 502 to 507 where the file as a whole cannot be taken: unreadable, unsafe, no form, an old form,
            another unit's form.
    """
    inspect(data, name)
    workbook = load(data, name)
    stamp = _identify(workbook, name)
    _check_version(stamp, name, plan, plan_sha256)
    _check_unit(stamp, name, plan, unit)
    grids, faults = _grids(workbook, stamp)
    reporter, contact, found = _reporter(workbook)
    answers = collect(plan, grids, stamp.rows)
    intact = {sheet: grid.intact for sheet, grid in grids.items()}
    faults += found + answers.faults + list(scan(workbook, set(stamp.own), intact, contact))
    return Filled(
        stamp=stamp,
        reporter=reporter,
        contact=contact,
        entries=tuple(answers.entries),
        faults=in_order(faults),
        places=answers.places,
        notices=_notices(workbook, grids),
    )


def in_order(faults: list[CellFault]) -> tuple[CellFault, ...]:
    """Faults by sheet, row and column, each once."""
    sheets = {name: n for n, name in enumerate((GUIDE_SHEET, *(sheet.name for sheet in SHEETS)))}

    def position(fault: CellFault) -> tuple[int, str, int, int, str]:
        place = fault.place
        letters = place.cell.rstrip("0123456789")
        row = int(place.cell[len(letters) :] or 0)
        return sheets.get(place.sheet, len(sheets)), place.sheet, row, len(letters), letters

    once = {(fault.place, str(fault.problem)): fault for fault in faults}
    return tuple(sorted(once.values(), key=position))


def load(data: bytes, name: str) -> Workbook:
    """The workbook in a file that :func:`services.workbook.safety.inspect` found harmless.

    Raises:
        Problem: 502 where its content is damaged; 504 where a sheet is too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions of WPS and Excel that openpyxl does not know
            workbook = load_workbook(io.BytesIO(data), keep_links=False)
    except Exception as error:
        mend = "请用 Excel 或 WPS 打开原填报表，另存为 .xlsx 后重新报送。"
        raise Problem(
            ProblemKind.WORKBOOK_UNREADABLE, file=name, reason="文件内容已损坏", mend=mend
        ) from error
    for ws in workbook.worksheets:
        if ws.max_row * ws.max_column > MAX_CELLS:
            raise Problem(ProblemKind.WORKBOOK_UNSAFE, file=name, found=f"过大的工作表“{ws.title}”")
    return workbook


def _identify(workbook: Workbook, name: str) -> Stamp:
    if STAMP_SHEET not in workbook.sheetnames:
        raise Problem(ProblemKind.WORKBOOK_NOT_OURS, file=name, reason="没有本平台导出的标识")
    ws = workbook[STAMP_SHEET]
    stamp = read_stamp(ws, ws.max_row)
    if stamp is None:
        raise Problem(ProblemKind.WORKBOOK_NOT_OURS, file=name, reason="标识已损坏或被改动")
    return stamp


def _check_version(stamp: Stamp, name: str, plan: Plan, plan_sha256: str) -> None:
    reason = ""
    if stamp.plan != plan.id:
        raise Problem(ProblemKind.WORKBOOK_NOT_OURS, file=name, reason="它属于另一个方案")
    if stamp.layout != LAYOUT_VERSION:
        reason = "表样已更新"
    elif stamp.plan_sha256 != plan_sha256:
        reason = "方案在导出之后已修订"
    if reason:
        raise Problem(ProblemKind.WORKBOOK_OUTDATED, file=name, reason=reason)


def _check_unit(stamp: Stamp, name: str, plan: Plan, unit: str | None) -> None:
    """The stamp says whose form it is; the caller and the file's name must not say otherwise."""
    expected = unit if unit is not None else _named_in(name, plan, stamp.unit)
    if expected != stamp.unit:
        raise Problem(
            ProblemKind.WORKBOOK_OTHER_UNIT,
            file=name,
            found=plan.unit(stamp.unit).name,
            expected=plan.unit(expected).name,
        )


def _named_in(name: str, plan: Plan, own: str) -> str:
    """The unit that a file's name speaks of; ``own`` where it speaks of none, or of that one too.

    Of names that contain each other, as 公安局 and 公安局铁东分局 do, the longest counts.
    """
    found = {word: unit.id for unit in plan.units for word in (unit.name, *unit.aliases) if word in name}
    longest = {word: i for word, i in found.items() if not any(word != w and word in w for w in found)}
    units = set(longest.values())
    return own if not units or own in units else min(units)


def _grids(workbook: Workbook, stamp: Stamp) -> tuple[dict[str, Grid], list[CellFault]]:
    grids: dict[str, Grid] = {}
    faults: list[CellFault] = []
    for sheet in SHEETS:
        rows = {number: row for number, row in stamp.rows.items() if row.sheet == sheet.name}
        if not rows:
            continue
        if sheet.name not in workbook.sheetnames:
            problem = Problem(ProblemKind.SHEET_MISSING, sheet=sheet.name)
            faults.append(CellFault(Place(sheet.name), problem))
            continue
        grid = read_grid(workbook[sheet.name], sheet, rows)
        faults += grid.faults
        if grid.heading and len(grid.columns) == len(sheet.columns):
            grids[sheet.name] = grid
    return grids, faults


def _reporter(workbook: Workbook) -> tuple[str, Place, list[CellFault]]:
    """The reporter's name, the cell it stands in, and what is wrong with that."""
    if GUIDE_SHEET not in workbook.sheetnames:
        problem = Problem(ProblemKind.SHEET_MISSING, sheet=GUIDE_SHEET)
        return "", Place(GUIDE_SHEET), [CellFault(Place(GUIDE_SHEET), problem)]
    cell = reporter_of(workbook[GUIDE_SHEET])
    if cell is None:
        return "", Place(GUIDE_SHEET), []
    place = Place(GUIDE_SHEET, cell.coordinate)
    try:
        return clean_text(text(cell.value, cell.data_type)), place, []
    except UnfitError as unfit:
        problem = Problem(ProblemKind.CELL_INVALID, found=unfit.found, expected="直接填写填报人姓名")
        return "", place, [CellFault(place, problem)]


def _notices(workbook: Workbook, grids: Mapping[str, Grid]) -> tuple[str, ...]:
    known = {GUIDE_SHEET, STAMP_SHEET, *(sheet.name for sheet in SHEETS)}
    notices = [f"工作表“{name}”不在填报范围内，未读取。" for name in workbook.sheetnames if name not in known]
    notices += [
        f"工作表“{name}”中表格以外的内容（{'、'.join(grid.stray[:5])}{'等' if grid.stray[5:] else ''}）未读取。"
        for name, grid in grids.items()
        if grid.stray
    ]
    return tuple(notices)
