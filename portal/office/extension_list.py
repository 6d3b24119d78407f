"""Requests for more time that were decided, or wait: a list with filters in the address, and a spreadsheet."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from portal.desk import TheDesk
from portal.office.address import ExtensionsQuery
from portal.office.item_list import MOST_ROWS
from portal.office.scene import Scene, scene
from portal.office.sheets import sheet
from portal.pages import moment_text, show
from portal.visitor import OfficeAccount
from services.extension_list import OUTCOME_NAMES, PAGE, extension_list, outcome_of
from services.extensions import Extension

router = APIRouter()

HERE = "/office/extensions/decided"
Asked = Annotated[ExtensionsQuery, Query()]
_COLUMNS = [
    *(("单位", 22.0), ("举措", 8.0), ("事项", 36.0), ("期间", 18.0), ("原截止日", 12.0), ("申请延至", 12.0)),
    *(("申请理由", 40.0), ("申请人", 12.0), ("申请时间", 22.0), ("结果", 10.0), ("延至", 12.0)),
    *(("办理意见", 40.0), ("经办人", 12.0), ("办理时间", 22.0)),
]


@router.get(HERE, response_class=HTMLResponse)
def decided_page(request: Request, desk: TheDesk, _account: OfficeAccount, asked: Asked) -> HTMLResponse:
    """A page of the list."""
    with scene(desk) as now:
        found = extension_list(now.session, now.plan, asked.filters(now.plan), number=asked.page, size=PAGE)
    return show(
        request,
        "office_decided.html",
        now=now,
        asked=asked,
        turn=lambda page: asked.address(HERE, page=page),
        found=found,
        outcomes=[(one.value, name) for one, name in OUTCOME_NAMES.items()],
        names=OUTCOME_NAMES,
        outcome_of=outcome_of,
        most=MOST_ROWS,
    )


@router.get(f"{HERE}.xlsx")
def decided_workbook(desk: TheDesk, account: OfficeAccount, asked: Asked) -> Response:
    """The same list, all pages of it."""
    with scene(desk) as now:
        found = extension_list(now.session, now.plan, asked.filters(now.plan), size=MOST_ROWS)
    title = f"{now.plan.short_name}：延期申请（截至 {now.day}，共 {found.total} 份）"
    if found.total > MOST_ROWS:
        title += f"；只列出最近 {MOST_ROWS} 份，请缩小筛选范围后分次下载"
    rows = (_row(now, one) for one in found.requests)
    return sheet(desk, account, "延期申请", title, _COLUMNS, rows)


def _row(now: Scene, one: Extension) -> tuple[str | None, ...]:
    decision = one.decision
    return (
        now.unit_name(one.unit),
        "保障" if one.measure is None else f"{one.measure:02}",
        now.duty_title(one.duty),
        one.period_label,
        one.due.isoformat(),
        one.until.isoformat(),
        one.reason,
        one.by,
        moment_text(one.at),
        OUTCOME_NAMES[outcome_of(one)],
        decision.until.isoformat() if decision and decision.until else "",
        decision.reason if decision else "",
        decision.by if decision else "",
        moment_text(decision.at) if decision else "",
    )
