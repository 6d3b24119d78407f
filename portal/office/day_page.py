"""The page with which the office's day begins: what to chase, what to decide, how the phases stand."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from domain.piles import Pile
from portal.desk import TheDesk
from portal.office.address import ItemsQuery
from portal.office.messages_page import troubled_address
from portal.office.scene import Scene, scene
from portal.pages import show
from portal.visitor import OfficeAccount
from services import acknowledging, clock, filed_reports, good_cases
from services.appeals import count_undecided
from services.delivery.ledger import troubled
from services.extensions import undecided
from services.instructions import waiting
from services.office_day import OfficeDay, due_today, office_day
from services.orders import PHASE
from services.reach import gaps
from services.situation import health
from services.standing import Standing, standing

router = APIRouter()

LISTS = "/office/items"


@dataclass(frozen=True)
class Tile:
    """A count that leads to its list; ``look`` is the class of one that asks for attention."""

    title: str
    count: int
    address: str
    look: str = ""


@router.get("/office", response_class=HTMLResponse)
def day_page(request: Request, desk: TheDesk, account: OfficeAccount) -> HTMLResponse:
    """What is due, late, to review; whom to chase first; the phases; what came in last."""
    at = clock.now()
    with scene(desk) as now:
        stands = standing(now.session, now.plan, now.day, now.calendar)
        day = office_day(now.session, now.plan, now.day, now.calendar)
        extensions = len(undecided(now.session, now.plan))
        messages = troubled(now.session, now.plan)
        unreachable = gaps(now.session, now.plan)
        supervised = _supervision(now)
        circulars = _circulars(now)
        assessments = _assessments(now)
    well = health(desk.settings, desk.engine, at)
    broken = [trouble for trouble in well.troubles if trouble.broken]
    return show(
        request,
        "office_day.html",
        at=at,
        name=account.name,
        stands=stands,
        day=day,
        tiles=[
            *_tiles(stands, day, extensions),
            *supervised,
            *circulars,
            *assessments,
            Tile("消息失败或存疑", messages, troubled_address(), "urgent" if messages else ""),
            Tile("平台异常", len(broken), "/platform", "urgent" if broken else ""),
        ],
        troubles=well.troubles,
        unreachable=unreachable,
    )


def _supervision(now: Scene) -> list[Tile]:
    """What leaders and units wait for; appeals and cases only where there are any."""
    given = waiting(now.session, now.plan, now.day)
    look = "urgent" if given.late else ("soon" if given.open else "")
    title = f"批示待反馈（超期 {given.late}）" if given.late else "批示待反馈"
    others = (
        Tile("申诉", count_undecided(now.session, now.plan), "/office/appeals", "soon"),
        Tile("案例待评定", good_cases.count_undecided(now.session, now.plan), "/office/cases", "soon"),
    )
    return [Tile(title, given.open, "/office/instructions", look), *(one for one in others if one.count)]


def _circulars(now: Scene) -> list[Tile]:
    """A circular to be read and released, and who has not acknowledged the last one; nothing where there are none."""
    before = acknowledging.before_office(now.session, now.plan)
    tiles = [Tile("待发布的通报", 1, f"/office/reports/{before.unread.id}", "soon")] if before.unread else []
    if before.last and before.silent:
        tiles.append(
            Tile("未签收通报的单位", before.silent, f"/office/reports/{before.last.id}/receipts", "soon")
        )
    return tiles


def _assessments(now: Scene) -> list[Tile]:
    """The newest assessment of a phase, while it waits to be read and released."""
    found = filed_reports.filed(now.session, now.plan.id, kind=PHASE)[:1]
    unread = (one for one in found if one.released_at is None)
    return [Tile("待发布的阶段评估", 1, f"/office/reports/{one.id}", "soon") for one in unread]


def _tiles(stands: Standing, day: OfficeDay, extensions: int) -> list[Tile]:
    def piled(title: str, pile: Pile, count: int, look: str = "") -> Tile:
        return Tile(title, count, ItemsQuery(pile=pile).address(LISTS), look if count else "")

    today = due_today(stands.as_of)
    query = ItemsQuery(pile=today.pile, first=today.first, last=today.last)
    return [
        piled("逾期", Pile.LATE, stands.late.total, "urgent"),
        Tile("今日到期", day.today, query.address(LISTS), "soon" if day.today else ""),
        piled("即将到期", Pile.DUE, stands.due.total, "soon"),
        Tile("待审核", stands.to_review.total, "/office/review"),
        piled("已退回", Pile.RETURNED, stands.returned.total),
        Tile("延期申请", extensions, "/office/extensions", "soon" if extensions else ""),
        piled("可更正", Pile.AMENDING, day.amending),
    ]
