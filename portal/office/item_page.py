"""One item, down to what was handed in: figures, words, files, verdicts, and what changed between versions."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, HTMLResponse

from domain.entries import STATE_NAMES
from domain.flags import FLAG_NAMES
from domain.people import Account
from domain.problems import Problem
from domain.status import STAGE_NAMES, light, stage
from models.engine import writing
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.office.address import runs_address
from portal.office.scene import engine_pages, scene
from portal.pages import show
from portal.visitor import OfficeAccount
from services import attachments, clock, instructions, viewing
from services.attaching.inspector import Kind
from services.item_file import ItemFile, item_file
from services.urging import urges_of

router = APIRouter()

DOORS = {"page": "页面", "excel": "填报表", "api": "接口"}
ACTIONS = {
    "open": "开出",
    "submit": "报送",
    "accept": "审核通过",
    "return": "退回",
    "allow-correction": "允许更正",
    "ask-extension": "申请延期",
    "grant-extension": "同意延期",
    "refuse-extension": "不同意延期",
    "attach": "上传附件",
    "read-attachment": "打开附件",
    "view": "查看",
    "urge": "催办",
    "instruct": "批示",
    "answer-instruction": "反馈批示",
    "appeal": "申诉",
    "uphold-appeal": "申诉成立",
    "refuse-appeal": "申诉不成立",
}
"""What the audit chain calls acts, as people say it."""
MEDIA = {
    Kind.PDF: "application/pdf",
    Kind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.TEXT: "text/plain; charset=utf-8",
}

Version = Annotated[int | None, Query(ge=1)]


@router.get("/office/items/{number}", response_class=HTMLResponse)
def item_page(
    request: Request, desk: TheDesk, account: OfficeAccount, number: int, version: Version = None
) -> HTMLResponse:
    """An item with one version of it, the newest where none is named."""
    return show_item(request, desk, account, number, version=version)


@router.get("/office/attachments/{number}")
def open_attachment(desk: TheDesk, account: OfficeAccount, number: int) -> FileResponse:
    """A file that was handed in; it is never shown within our pages."""
    with writing(desk.engine) as session:
        plan, _ = desk.in_force(session)
        found, path = attachments.read(
            session, plan, desk.settings.home, number, by=account.name, at=clock.now()
        )
    return FileResponse(path, media_type=MEDIA[found.kind], filename=found.name)


def show_item(
    request: Request,
    desk: Desk,
    account: Account,
    number: int,
    *,
    version: int | None = None,
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The page of an item, after an act that was refused with its problem and what was typed, by field."""
    engine = engine_pages(request, desk)
    with scene(desk) as now:
        found = item_file(now.session, now.plan, number, now.day, now.calendar, version=version)
        urges = urges_of(now.session, [number]).get(number, ())
        given = instructions.of_item(now.session, number)
    _leave_line(desk, account, found)
    own = found.facts
    return show(
        request,
        "office_item.html",
        200 if problem is None else status_of(problem),
        now=now,
        file=found,
        item=own.item,
        number=number,
        stage=stage(own),
        light=light(own, now.day, now.plan.rules.lights, now.calendar),
        days=(now.day - own.item.due).days,
        own=found.own_of(account.name),
        stage_names=STAGE_NAMES,
        state_names=STATE_NAMES,
        flag_names=FLAG_NAMES,
        doors=DOORS,
        actions=ACTIONS,
        runs=runs_address(engine, now.plan, own.item.measure),
        problem=problem,
        typed=typed or {},
        urges=urges,
        urged_today=any(one.day == now.day for one in urges),
        instructions=given,
        leaders=[one for one in now.plan.leading_group.roster if one.role != "member"],
    )


def _leave_line(desk: Desk, account: Account, found: ItemFile) -> None:
    """Write down that somebody has seen what was handed in; nothing where nothing was."""
    key = found.facts.item.key
    viewing.leave_line(desk.engine, key, found.shown, actor=account.name, at=clock.now(), door="page")
