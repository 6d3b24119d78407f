"""Items: what a unit owes, what is asked for, and what it has handed in."""

import re
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from sqlmodel import Session
from starlette.convertors import Convertor, register_url_convertor

from domain.entry_check import shown
from domain.facts import ItemFacts
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.status import Stage
from domain.tokens import Token
from domain.workdays import ONE_DAY
from models.engine import reading
from portal.api.gate import Reader
from portal.api.given import ReceiptShape
from portal.api.item_shapes import ItemDetail, Items, ItemShape, Version, Versions
from portal.api.responses import token_problems
from portal.desk import Desk, TheDesk
from services import attachments, clock, facts, viewing
from services.items import OwnItem, own_item
from services.receipts import find_receipt
from services.unit_items import unit_items
from services.workcalendar import work_calendar
from services.worklist import Filters

router = APIRouter()

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

_DAY_TWO = date.min + ONE_DAY
"""The first day that has one before it."""

LARGEST = 2**31 - 1
"""The largest number that a row can have."""


class ItemKey(Convertor[str]):
    """The part of an address that is an item's key: four parts, which may stand with their slashes as they are."""

    regex = "[^/]+(?:/[^/]+){3}"

    def convert(self, value: str) -> str:
        """As it stands."""
        return value

    def to_string(self, value: str) -> str:
        """As it stands."""
        return value


register_url_convertor("item", ItemKey())

Key = Annotated[
    str,
    Path(
        pattern=r"^[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+/[A-Za-z0-9-]+$",
        max_length=300,
        description="事项编号，如“方案/职责/单位/报送期”，其中的斜线可以照写",
        examples=["tiedong-2024/home-visits/yema/2025Q3"],
    ),
]


def _iso(day: object) -> object:
    """A day as ISO 8601 has it; pydantic alone would take a number of seconds for one."""
    if isinstance(day, str) and not _DAY.fullmatch(day):
        raise PydanticCustomError("date_parsing", "not a day")
    return day


class ItemQuery(BaseModel):
    """Which items are asked for, and which part of them."""

    year: int | None = Field(default=None, ge=2000, le=9999, description="截止日所在的年度")
    state: Stage | None = Field(default=None, description="所处环节")
    measure: int | None = Field(default=None, ge=1, le=LARGEST, description="任务举措编号")
    due_before: Annotated[date, BeforeValidator(_iso)] | None = Field(
        default=None, description="截止日早于这一天的"
    )
    cursor: int = Field(default=0, ge=0, le=LARGEST, description="上一部分应答中的 next")
    limit: int = Field(default=50, ge=1, le=200, description="最多几项")


@router.get(
    "/items",
    operation_id="listItems",
    summary="本单位的事项",
    description="按开出的先后排列；翻到下一部分时，把应答中的 next 作为 cursor 再问，直到它为 null。",
    responses=token_problems(422),
)
def list_items(desk: TheDesk, token: Reader, query: Annotated[ItemQuery, Query()]) -> Items:
    """A part of the unit's items."""
    filters = Filters(
        units=(token.unit,),
        year=query.year,
        stage=query.state,
        measures=() if query.measure is None else (query.measure,),
        last=None if query.due_before is None else max(query.due_before, _DAY_TWO) - ONE_DAY,
    )
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        calendar = work_calendar(plan.rules.calendar.beyond_known)
        today, most = clock.today(), query.limit + 1
        found = unit_items(session, plan, today, calendar, filters, after=query.cursor, most=most)
    part = found[: query.limit]
    return Items(
        items=[ItemShape.of(plan, item) for item in part],
        next=part[-1].id if len(found) > query.limit else None,
    )


@router.get(
    "/items/{key:item}/submissions",
    operation_id="listSubmissions",
    summary="一个事项历次报送的内容和审核意见",
    description="最早的一版在前。查看记入审计记录。",
    responses=token_problems(404),
)
def list_submissions(desk: TheDesk, token: Reader, key: Key) -> Versions:
    """Every version with its verdict."""
    with reading(desk.engine) as session:
        _, own = own_of(desk, session, token, key)
        found, files = facts.own_facts(session, own), attachments.of_item(session, own)
    _leave_line(desk, token, found)
    return Versions(item=found.item.key, versions=[Version.of(one, files) for one in found.submissions])


@router.get(
    "/items/{key:item}",
    operation_id="getItem",
    summary="一个事项：要填什么、期限、依据，最新一版和审核意见",
    description="报送前先看这里：slots 是文字栏目，indicators 是须填报的指标（附上期数值）。查看记入审计记录。",
    responses=token_problems(404),
)
def get_item(desk: TheDesk, token: Reader, key: Key) -> ItemDetail:
    """One item with what is asked for."""
    with reading(desk.engine) as session:
        plan, own = own_of(desk, session, token, key)
        found, last = facts.own_facts(session, own), facts.figures_before(session, own)
        files = attachments.of_item(session, own)
    _leave_line(desk, token, found)
    return ItemDetail.told(plan, found, last, files)


@router.get(
    "/receipts/{receipt}",
    operation_id="getReceipt",
    summary="一份回执",
    description="凭编号核对：什么时候收到的、第几版、内容校验值。",
    responses=token_problems(404),
)
def get_receipt(
    desk: TheDesk,
    token: Reader,
    receipt: Annotated[
        str, Path(pattern=r"^[0-9]{8}-[0-9]{6,9}$", description="回执编号", examples=["20251120-000042"])
    ],
) -> ReceiptShape:
    """A receipt by its number."""
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        found = find_receipt(session, plan, receipt, unit=token.unit)
    return ReceiptShape.of(found.receipt)


def own_of(desk: Desk, session: Session, token: Token, key: str) -> tuple[Plan, OwnItem]:
    """The plan in force, and the item if it is the unit's own; another's is as one that is not there.

    Raises:
        Problem: 108 where no plan is in force; 401 for no such item of the unit.
    """
    plan, _ = desk.in_force(session)
    found = own_item(session, plan, key, None)
    if found.item.unit != token.unit:
        raise Problem(ProblemKind.ITEM_UNKNOWN, key=shown(key))
    return plan, found


def _leave_line(desk: Desk, token: Token, found: ItemFacts) -> None:
    """Write down that somebody has seen what was handed in; nothing where nothing was."""
    viewing.leave_line(
        desk.engine, found.item.key, found.latest, actor=token.label, at=clock.now(), door="api"
    )
