"""How units do by the plan's own rules: their ranking over a term, and the working of each, as pages and spreadsheets."""

from collections.abc import Iterator

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from domain.scoring import CRITERION_NAMES
from portal.desk import TheDesk
from portal.office.scene import Scene, scene
from portal.office.sheets import sheet
from portal.pages import show
from portal.terms import AskedTerm, choices, term_asked
from portal.visitor import OfficeAccount
from services.scoring import Ranking, ranking
from services.supervision import supervision
from services.workbook.table import Value

router = APIRouter()

_HEADS = [("名次", 8.0), ("单位", 22.0), ("得分", 10.0), ("到期事项", 10.0)]
_RANKING = [*_HEADS, *((name, 10.0) for name in CRITERION_NAMES.values()), ("优秀案例加分", 14.0)]
_LINES = [
    *(("单位", 22.0), ("举措", 8.0), ("事项", 36.0), ("期间", 18.0), ("截止日", 12.0), ("事项得分", 10.0)),
    *(("扣分项", 12.0), ("扣分", 8.0), ("说明", 40.0), ("申诉成立", 10.0)),
]


@router.get("/office/supervision", response_class=HTMLResponse)
def ranking_page(
    request: Request, desk: TheDesk, _account: OfficeAccount, period: AskedTerm = ""
) -> HTMLResponse:
    """Units by their score over a term."""
    with scene(desk) as now:
        found = _ranking(now, period)
    return show(
        request,
        "office_supervision.html",
        now=now,
        found=found,
        terms=choices(now.plan, now.day),
        names=CRITERION_NAMES,
        rules=now.plan.rules.scoring,
    )


@router.get("/office/supervision.xlsx")
def ranking_workbook(desk: TheDesk, account: OfficeAccount, period: AskedTerm = "") -> Response:
    """The same as a spreadsheet."""
    with scene(desk) as now:
        found = _ranking(now, period)
    return sheet(desk, account, "得分排名", _title(now, found), _RANKING, _ranked(found))


@router.get("/office/supervision/lines.xlsx")
def lines_workbook(desk: TheDesk, account: OfficeAccount, period: AskedTerm = "") -> Response:
    """The working of all units, line by line."""
    with scene(desk) as now:
        found = _ranking(now, period)
    return sheet(desk, account, "得分明细", _title(now, found), _LINES, _worked(now, found))


@router.get("/office/supervision/{unit}", response_class=HTMLResponse)
def unit_page(
    request: Request, desk: TheDesk, _account: OfficeAccount, unit: str, period: AskedTerm = ""
) -> HTMLResponse:
    """One unit: its score with the working, and all that was done to have its work done."""
    with scene(desk) as now:
        term = term_asked(period, now.plan, now.day)
        found = supervision(now.session, now.plan, unit, term.code, now.day, now.calendar)
    return show(
        request,
        "office_unit_supervision.html",
        now=now,
        found=found,
        term=term,
        terms=choices(now.plan, now.day),
        titles={duty.id: duty.title for duty in now.plan.duties},
        names=CRITERION_NAMES,
    )


def _ranking(now: Scene, period: str) -> Ranking:
    code = term_asked(period, now.plan, now.day).code
    return ranking(now.session, now.plan, code, now.day, now.calendar)


def _title(now: Scene, found: Ranking) -> str:
    full = now.plan.rules.scoring.full
    return f"{now.plan.short_name}：{found.term.label}（截至 {now.day}；每个事项满分 {full} 分，单位得分为各事项平均）"


def _ranked(found: Ranking) -> Iterator[tuple[Value, ...]]:
    for place in found.places:
        score = place.score
        lost = [score.lost(criterion) or None for criterion in CRITERION_NAMES]
        added = sum(one.points for one in score.bonuses) or None
        yield (place.rank, place.unit, place.points, len(score.items), *lost, added)


def _worked(now: Scene, found: Ranking) -> Iterator[tuple[Value, ...]]:
    for place in found.places:
        for one in place.score.items:
            item = one.item
            measure = "保障" if item.measure is None else f"{item.measure:02}"
            head = (place.unit, measure, now.duty_title(item.duty), item.period_label, item.due, one.points)
            for line in one.lines:
                struck = "是" if line.struck else ""
                name = CRITERION_NAMES[line.id.criterion]
                yield (*head, name, line.counted, line.words, struck)
            if not one.lines:
                yield (*head, "", None, "", "")
