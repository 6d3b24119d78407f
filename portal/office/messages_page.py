"""The ledger of messages (消息台账): a list with filters in the address, its spreadsheet, each message with its story."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.messages import KIND_NAMES, POST_NAMES, STATE_NAMES, MessageKind, MessageState, Post
from domain.plan import Plan
from domain.problems import Problem
from models.engine import reading, writing
from models.ledger import Filters, Row
from portal.desk import Desk, TheDesk
from portal.faults import status_of
from portal.office.address import Query as AddressQuery
from portal.office.address import Text
from portal.office.scene import Scene, scene
from portal.office.sheets import sheet
from portal.pages import moment_text, show
from portal.visitor import OfficeAccount
from services import clock
from services.delivery import ledger
from services.delivery.channels_file import DEFAULT, Channels, read_channels

router = APIRouter()

LEDGER = "/office/messages"
MOST_ROWS = 20_000
"""How many messages a spreadsheet holds; it says so where there are more."""
_COLUMNS = [
    *(("编号", 8.0), ("种类", 8.0), ("日期", 12.0), ("状态", 22.0), ("单位", 22.0), ("收件人", 12.0)),
    *(("职务", 16.0), ("渠道", 14.0), ("事项数", 8.0), ("尝试次数", 10.0), ("发出时间", 22.0)),
    *(("签收时间", 22.0), ("曾存疑", 8.0), ("代替", 8.0), ("已由代替", 10.0), ("原因", 40.0)),
]

Words = Annotated[str, Form()]


class MessagesQuery(AddressQuery):
    """Which messages a list shows, in the words of :class:`models.ledger.Filters`."""

    troubled: bool = False
    doubted: bool = False
    state: MessageState | None = None
    kind: MessageKind | None = None
    channel: Text = ""
    unit: str | None = None
    subject: Text = ""
    first: date | None = None
    last: date | None = None

    def filters(self, plan: Plan) -> Filters:
        """The same for the store.

        Raises:
            Problem: 103 for a unit that the plan does not know.
        """
        return Filters(
            troubled=self.troubled,
            doubted=self.doubted,
            state=self.state,
            kind=self.kind,
            channel=self.channel,
            unit=plan.unit(self.unit).id if self.unit else "",
            subject=self.subject,
            first=self.first,
            last=self.last,
        )


Asked = Annotated[MessagesQuery, Query()]


def troubled_address() -> str:
    """The list of the messages that the office should look at."""
    return MessagesQuery(troubled=True).address(LEDGER)


@router.get(LEDGER, response_class=HTMLResponse)
def messages_page(request: Request, desk: TheDesk, _account: OfficeAccount, asked: Asked) -> HTMLResponse:
    """A page of the ledger."""
    with scene(desk) as now:
        found = ledger.page(now.session, now.plan, asked.filters(now.plan), asked.page)
    channels, faults = _channels(desk)
    return show(
        request,
        "office_messages.html",
        now=now,
        asked=asked,
        turn=lambda page: asked.address(LEDGER, page=page),
        found=found,
        faults=faults,
        channels=[(name, name) for name in (*channels.by_name, *channels.faults)],
        states=[(state.value, name) for state, name in STATE_NAMES.items()],
        kinds=[(kind.value, name) for kind, name in KIND_NAMES.items() if kind is not MessageKind.TEST],
        state_names=STATE_NAMES,
        kind_names=KIND_NAMES,
        most=MOST_ROWS,
    )


@router.get(f"{LEDGER}.xlsx")
def messages_workbook(desk: TheDesk, account: OfficeAccount, asked: Asked) -> Response:
    """The same list, all pages of it."""
    with scene(desk) as now:
        filters = asked.filters(now.plan)
        total = ledger.page(now.session, now.plan, filters).total
        title = f"{now.plan.short_name}：消息台账（截至 {now.day}，共 {total} 条）"
        if total > MOST_ROWS:
            title += f"；只列出前 {MOST_ROWS} 条，请缩小筛选范围后分次下载"
        rows = [_line(now, row) for row in ledger.stream(now.session, now.plan, filters, MOST_ROWS)]
    return sheet(desk, account, "消息台账", title, _COLUMNS, rows)


@router.get(f"{LEDGER}/{{message}}", response_class=HTMLResponse)
def message_page(request: Request, desk: TheDesk, _account: OfficeAccount, message: int) -> HTMLResponse:
    """One message with everything that became of it."""
    return _message_page(request, desk, message)


@router.post(f"{LEDGER}/{{message}}/retry", response_class=HTMLResponse)
def retry(request: Request, desk: TheDesk, account: OfficeAccount, message: int) -> Response:
    """Have it sent at the next chance."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            ledger.retry(session, plan, message, by=account.name, at=clock.now())
    except Problem as problem:
        return _message_page(request, desk, message, problem)
    return _back(message)


@router.post(f"{LEDGER}/{{message}}/settle", response_class=HTMLResponse)
def settle(
    request: Request,
    desk: TheDesk,
    account: OfficeAccount,
    message: int,
    sent: Annotated[bool, Form()] = False,  # noqa: FBT002 - a form's field
) -> Response:
    """End the doubt about it."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            ledger.settle(session, plan, message, sent=sent, by=account.name, at=clock.now())
    except Problem as problem:
        return _message_page(request, desk, message, problem)
    return _back(message)


@router.post(f"{LEDGER}/{{message}}/drop", response_class=HTMLResponse)
def drop(
    request: Request, desk: TheDesk, account: OfficeAccount, message: int, reason: Words = ""
) -> Response:
    """Send it no more, for a reason."""
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            ledger.let_go(session, plan, message, reason=reason, by=account.name, at=clock.now())
    except Problem as problem:
        return _message_page(request, desk, message, problem, reason)
    return _back(message)


def _message_page(
    request: Request, desk: Desk, number: int, problem: Problem | None = None, reason: str = ""
) -> HTMLResponse:
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        found = ledger.account(session, plan, number)
    return show(
        request,
        "office_message.html",
        200 if problem is None else status_of(problem),
        found=found,
        unit=_unit(plan, found.row.unit),
        post=POST_NAMES.get(Post(found.row.post)),
        titles={told.number: _title(plan, told.duty) for told in found.told},
        unit_names={told.unit: _unit(plan, told.unit) for told in found.told},
        state_names=STATE_NAMES,
        kind_names=KIND_NAMES,
        may=ledger.may(found.row.state),
        problem=problem,
        reason=reason,
    )


def _channels(desk: Desk) -> tuple[Channels, list[Problem]]:
    """The channels of now, and what is wrong with their file."""
    try:
        found = read_channels(desk.settings.channels, desk.settings.home)
    except Problem as problem:
        return DEFAULT, [problem]
    return found, list(found.faults.values())


def _back(number: int) -> RedirectResponse:
    return RedirectResponse(f"{LEDGER}/{number}", status_code=303)


def _line(now: Scene, row: Row) -> tuple[str | int | None, ...]:
    return (
        row.number,
        KIND_NAMES[row.kind],
        row.day.isoformat(),
        STATE_NAMES[row.state],
        now.unit_name(row.unit) if row.unit else "",
        row.contact,
        POST_NAMES[Post(row.post)],
        row.channel,
        row.items or None,
        row.attempts or None,
        moment_text(row.sent_at) if row.sent_at else "",
        moment_text(row.acknowledged_at) if row.acknowledged_at else "",
        "是" if row.doubted else "",
        row.stands_in_for,
        row.taken_over,
        row.error,
    )


def _unit(plan: Plan, unit: str) -> str:
    known = plan.units_by_id.get(unit)
    return known.name if known else unit


def _title(plan: Plan, duty: str) -> str:
    known = plan.duties_by_id.get(duty)
    return known.title if known else duty
