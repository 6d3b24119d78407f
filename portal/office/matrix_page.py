"""The matrix (举措×单位): every unit's light for every measure, as a page and as a spreadsheet."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from domain.status import LIGHT_NAMES, LIGHT_SIGNS
from portal.desk import TheDesk
from portal.office.address import SAFEGUARDS, ItemsQuery, MatrixQuery, measures, runs_address
from portal.office.scene import KIND_NAMES, Scene, engine_pages, scene
from portal.office.sheets import sheet
from portal.pages import show
from portal.visitor import OfficeAccount
from services.matrix import PAGE, Cell, Column, Matrix, matrix

router = APIRouter()

Asked = Annotated[MatrixQuery, Query()]
_SIGNS = "、".join(f"{LIGHT_SIGNS[light]}＝{name}" for light, name in LIGHT_NAMES.items())


@router.get("/office/matrix", response_class=HTMLResponse)
def matrix_page(request: Request, desk: TheDesk, _account: OfficeAccount, asked: Asked) -> HTMLResponse:
    """A page of the matrix."""
    engine = engine_pages(request, desk)
    with scene(desk) as now:
        found = _matrix(now, asked, asked.page, PAGE)
    return show(
        request,
        "office_matrix.html",
        now=now,
        asked=asked,
        turn=lambda page: asked.address("/office/matrix", page=page),
        matrix=found,
        kind_names=KIND_NAMES,
        lights=[(light.name.lower(), name) for light, name in LIGHT_NAMES.items() if light],
        items=lambda unit, column: _items(asked, unit, column),
        engine=engine,
        runs=lambda number: runs_address(engine, now.plan, number),
    )


@router.get("/office/matrix.xlsx")
def matrix_workbook(desk: TheDesk, account: OfficeAccount, asked: Asked) -> Response:
    """The whole matrix, all pages of it."""
    with scene(desk) as now:
        found = _matrix(now, asked, 1, max(1, len(now.plan.units)))
    return sheet(
        desk,
        account,
        "举措单位矩阵",
        f"{now.plan.short_name}：各单位各项举措的状态（截至 {now.day}；{_SIGNS}）",
        [("单位", 22.0), ("类别", 10.0), *((_head(column), 11.0) for column in found.columns)],
        [(row.unit, KIND_NAMES[row.kind], *(_words(cell) for cell in row.cells)) for row in found.rows],
    )


def _matrix(now: Scene, asked: MatrixQuery, number: int, size: int) -> Matrix:
    return matrix(
        now.session,
        now.plan,
        now.day,
        now.calendar,
        kinds=(asked.kind,) if asked.kind else (),
        measures=measures(asked.measure),
        light=asked.light,
        year=asked.year,
        number=number,
        size=size,
    )


def _items(asked: MatrixQuery, unit: str, column: Column) -> str:
    """Address of the items behind a cell."""
    measure = SAFEGUARDS if column.number is None else str(column.number)
    return ItemsQuery(unit=unit, measure=measure, year=asked.year).address("/office/items")


def _head(column: Column) -> str:
    return column.title if column.number is None else f"{column.number:02} {column.title}"


def _words(cell: Cell | None) -> str:
    """逾 3/9: the sign, and how many of the cell's items are late; 完 9 where none is."""
    if cell is None:
        return ""
    sign = LIGHT_SIGNS[cell.light]
    if not cell.items:
        return sign
    return f"{sign} 逾期{cell.late}/{cell.items}" if cell.late else f"{sign} {cell.finished}/{cell.items}"
