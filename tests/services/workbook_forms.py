"""Real forms of 东山镇 for the tests of the workbook, and what people do to such files."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from domain.duties import open_items
from domain.facts import ItemFacts
from domain.plausibility import LastFigure
from services.workbook.composing import Material, build_form
from services.workbook.export import render
from services.workbook.reading import Filled, read_form
from tests import cast

EDITION = "e" * 64
AT = cast.moment("2025-12-31 09:00")
DAY = AT.date()

PROGRESS, FIGURES, ANNUAL, GUIDE = "事项进展", "指标数据", "年度报告", "填报说明"
NAME = "填报表（东山镇，2025年度）.xlsx"
REPORTER_CELL = "B5"


def items(year: int = 2025, day: date = DAY) -> tuple[ItemFacts, ...]:
    """Every item of the small plan that is open on a day, with nothing handed in."""
    found = open_items(cast.small_plan(), year, day, cast.calendar())
    return tuple(ItemFacts(item=item) for item in found)


def form_of(
    facts: Sequence[ItemFacts],
    *,
    unit: str = cast.TOWN,
    last: Mapping[str, Mapping[str, LastFigure]] | None = None,
) -> bytes:
    """A form as a file."""
    form = build_form(cast.small_plan(), unit, 2025, Material(facts, last or {}, DAY))
    if form is None:
        raise ValueError("nothing to fill in")
    return render(form, EDITION, AT)


@cache
def blank() -> bytes:
    """东山镇's form at the end of 2025, with nothing filled in."""
    return form_of(items())


def opened_book(data: bytes) -> Workbook:
    """The file as openpyxl sees it."""
    return load_workbook(io.BytesIO(data))


def edited(data: bytes, *edits: Callable[[Workbook], object]) -> bytes:
    """The file after somebody opened, changed and saved it."""
    workbook = opened_book(data)
    for edit in edits:
        edit(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def cell_of(ws: Worksheet, number: str, title: str) -> Cell:
    """The cell of the row with a number (编号), in the column with a heading."""
    heading = next(row for row in ws.iter_rows() if any(c.value == "编号" for c in row))
    column = next(c.column for c in heading if c.value == title)
    numbers = next(c.column for c in heading if c.value == "编号")
    row = next(r for r in range(1, ws.max_row + 1) if ws.cell(r, numbers).value == number)
    cell = ws.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def put(sheet: str, number: str, title: str, value: Any) -> Callable[[Workbook], None]:
    """An edit that types a value into a cell."""

    def edit(workbook: Workbook) -> None:
        cell_of(workbook[sheet], number, title).value = value

    return edit


def reporter(name: str = cast.LI_MING) -> Callable[[Workbook], None]:
    """An edit that types the reporter's name."""

    def edit(workbook: Workbook) -> None:
        workbook[GUIDE][REPORTER_CELL].value = name

    return edit


VISIT = "1-1"
"""Number of the first quarter's home visits; ``1-1-1`` is their count, ``1-1-2`` their funds."""


def visited(
    count: object = 120, funds: object = 3.5, text: str = "已逐户走访并建立台账"
) -> tuple[Callable[[Workbook], None], ...]:
    """Edits that fill the first quarter's home visits in."""
    return (
        put(PROGRESS, VISIT, "完成情况", "已完成"),
        put(PROGRESS, VISIT, "进展情况", text),
        put(FIGURES, "1-1-1", "本期数", count),
        put(FIGURES, "1-1-2", "本期数", funds),
    )


def read(data: bytes, name: str = NAME, unit: str | None = None) -> Filled:
    """What the reader makes of a file."""
    return read_form(data, name, cast.small_plan(), EDITION, unit=unit)


def told(filled: Filled) -> list[tuple[str, str, int]]:
    """The faults as sheet, cell and number."""
    return [(f.place.sheet, f.place.cell, f.problem.kind.number) for f in filled.faults]


def figure_in(filled: Filled, indicator: str) -> Decimal | None:
    """The figure of the only entry for an indicator."""
    (entry,) = filled.entries
    return next(f.value for f in entry.figures if f.indicator == indicator)


def repacked(
    data: bytes,
    more: Mapping[str, bytes] | None = None,
    replace: Mapping[str, Callable[[bytes], bytes]] | None = None,
) -> bytes:
    """The archive with further members, or with some of them rewritten."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, replace[name](content) if replace and name in replace else content)
        for name, content in (more or {}).items():
            target.writestr(name, content)
    return out.getvalue()
