"""Lists of items with filters in the address, as pages and as a spreadsheet."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from domain.piles import PILE_NAMES
from domain.status import LIGHT_NAMES, OWED, STAGE_NAMES
from portal.desk import TheDesk
from portal.office.address import ItemsQuery
from portal.office.scene import Scene, scene
from portal.office.sheets import sheet
from portal.pages import moment_text, show
from portal.visitor import OfficeAccount
from services.urging import urges_of
from services.worklist import PAGE, Line, Order, Page, work_list

router = APIRouter()

Asked = Annotated[ItemsQuery, Query()]

MOST_ROWS = 20_000
"""How many items a spreadsheet holds; it says so where there are more."""
ORDER_NAMES = {Order.DUE: "截止日", Order.SUBMITTED: "报送时间", Order.UNIT: "单位"}
_COLUMNS = [
    *(("状态", 9.0), ("单位", 22.0), ("举措", 8.0), ("事项", 36.0), ("期间", 18.0), ("截止日", 12.0)),
    *(("逾期天数", 10.0), ("进度", 18.0), ("版次", 7.0), ("报送时间", 22.0), ("填报人", 12.0)),
    *(("退回次数", 10.0), ("退回理由", 40.0)),
]


@router.get("/office/items", response_class=HTMLResponse)
def items_page(request: Request, desk: TheDesk, _account: OfficeAccount, asked: Asked) -> HTMLResponse:
    """A page of a list."""
    with scene(desk) as now:
        found = _list(now, asked, asked.page, PAGE)
        urges = urges_of(now.session, [line.number for line in found.lines])
    return show(
        request,
        "office_items.html",
        now=now,
        asked=asked,
        turn=lambda page: asked.address("/office/items", page=page),
        found=found,
        title=_title(now, asked),
        piles=[(pile.value, name) for pile, name in PILE_NAMES.items()],
        lights=[(light.name.lower(), name) for light, name in LIGHT_NAMES.items() if light],
        orders=[(order.value, name) for order, name in ORDER_NAMES.items()],
        stages=STAGE_NAMES,
        most=MOST_ROWS,
        urges=urges,
        owing=any(line.stage in OWED for line in found.lines),
    )


@router.get("/office/items.xlsx")
def items_workbook(desk: TheDesk, account: OfficeAccount, asked: Asked) -> Response:
    """The same list, all pages of it."""
    with scene(desk) as now:
        found = _list(now, asked, 1, MOST_ROWS)
        title = f"{now.plan.short_name}：{_title(now, asked)}（截至 {now.day}，共 {found.total} 项）"
    if found.total > MOST_ROWS:
        title += f"；只列出前 {MOST_ROWS} 项，请缩小筛选范围后分次下载"
    return sheet(desk, account, "事项清单", title, _COLUMNS, map(_row, found.lines))


def _list(now: Scene, asked: ItemsQuery, number: int, size: int) -> Page:
    return work_list(
        now.session,
        now.plan,
        now.day,
        now.calendar,
        asked.filters(now.plan),
        order=asked.order,
        descending=asked.descending,
        number=number,
        size=size,
    )


def _title(now: Scene, asked: ItemsQuery) -> str:
    """What a list shows, in words."""
    parts = [
        now.unit_name(asked.unit) if asked.unit else "",
        dict(now.measures).get(asked.measure, f"举措 {asked.measure}") if asked.measure else "",
        f"“{now.duty_title(asked.duty)}”" if asked.duty else "",
        f"{asked.year}年" if asked.year else "",
        asked.period or "",
        LIGHT_NAMES[asked.light] if asked.light is not None else "",
        PILE_NAMES[asked.pile] if asked.pile else "",
        f"{asked.first or '—'} 至 {asked.last or '—'}到期" if asked.first or asked.last else "",
        f"含“{asked.text}”" if asked.text.strip() else "",
    ]
    return "，".join(part for part in parts if part) or "全部事项"


def _row(line: Line) -> tuple[str | int | None, ...]:
    return (
        LIGHT_NAMES[line.light],
        line.unit,
        "保障" if line.measure is None else f"{line.measure:02}",
        line.title,
        line.period,
        line.due.isoformat(),
        line.days if line.days > 0 and line.stage.value in ("open", "returned") else None,
        STAGE_NAMES[line.stage],
        line.version,
        moment_text(line.submitted_at) if line.submitted_at else "",
        line.by or "",
        line.returns or None,
        line.reason,
    )
