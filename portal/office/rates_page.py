"""Completeness, timeliness and quality (完整率、及时率、一次合格率): by unit, by measure, and quarter by quarter."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Query as InAddress
from starlette.responses import HTMLResponse, Response

from domain.plan import UnitKind
from domain.rates import Rate, Rates
from portal.desk import TheDesk
from portal.office.address import SAFEGUARDS, AMeasure, ItemsQuery, Query, Year, measures
from portal.office.scene import KIND_NAMES, Scene, scene
from portal.office.sheets import sheet
from portal.pages import show
from portal.visitor import OfficeAccount
from services.performance import MeasureRates, Point, RatesOrder, measure_rates, trend, unit_rates
from services.standing import standing
from services.workbook.table import Value

router = APIRouter()

LAST_POINTS = 12
"""How many quarters the trend shows."""
ORDER_NAMES = {
    RatesOrder.PLAN: "方案顺序",
    RatesOrder.COMPLETENESS: "完整率由低到高",
    RatesOrder.TIMELINESS: "及时率由低到高",
    RatesOrder.QUALITY: "一次合格率由低到高",
}
NAMES = (("completeness", "完整率"), ("timeliness", "及时率"), ("quality", "一次合格率"))
"""The three rates, as :class:`domain.rates.Rates` and as people call them."""
_COLUMNS = [
    *(("类别", 8.0), ("单位或举措", 36.0), ("到期", 9.0)),
    *((title, 11.0) for _, name in NAMES for title in (f"{name}：项数", f"{name}（%）")),
]
_WIDTH, _HEIGHT, _LEFT, _TOP = 640, 180, 40, 12


class RatesQuery(Query):
    """Which units are shown, and over what."""

    order: RatesOrder = RatesOrder.PLAN
    kind: UnitKind | None = None
    measure: AMeasure | None = None
    year: Year | None = None


@dataclass(frozen=True)
class Curve:
    """A rate over time: ``points`` as SVG takes them, and the places of its dots."""

    name: str
    key: str
    points: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Chart:
    """The picture of a trend; ``lines`` are the heights of 0, 50 and 100 per cent."""

    width: int
    height: int
    left: int
    lines: tuple[tuple[str, float], ...]
    labels: tuple[tuple[str, float], ...]
    curves: tuple[Curve, ...]


@router.get("/office/rates", response_class=HTMLResponse)
def rates_page(
    request: Request, desk: TheDesk, _account: OfficeAccount, asked: Annotated[RatesQuery, InAddress()]
) -> HTMLResponse:
    """The three rates."""
    with scene(desk) as now:
        kinds, numbers = ((asked.kind,) if asked.kind else ()), measures(asked.measure)
        units = unit_rates(
            now.session,
            now.plan,
            now.day,
            order=asked.order,
            kinds=kinds,
            measures=numbers,
            year=asked.year,
            number=asked.page,
        )
        by_measure = measure_rates(now.session, now.plan, now.day, year=asked.year)
        points = trend(now.session, now.plan, now.day, measures=numbers)[-LAST_POINTS:]
        whole = standing(now.session, now.plan, now.day, now.calendar).rates
    return show(
        request,
        "office_rates.html",
        now=now,
        asked=asked,
        turn=lambda page: asked.address("/office/rates", page=page),
        units=units,
        by_measure=by_measure,
        points=points,
        chart=_chart(points),
        whole=whole,
        names=NAMES,
        workbook=asked.address("/office/rates.xlsx"),
        sorted_by=lambda key: asked.address("/office/rates", order=RatesOrder(key)),
        orders=[(order.value, name) for order, name in ORDER_NAMES.items()],
        unit_items=lambda unit: ItemsQuery(unit=unit, measure=asked.measure, year=asked.year).address(
            "/office/items"
        ),
        measure_items=lambda number: ItemsQuery(
            measure=SAFEGUARDS if number is None else str(number), year=asked.year
        ).address("/office/items"),
    )


@router.get("/office/rates.xlsx")
def rates_workbook(
    desk: TheDesk, account: OfficeAccount, asked: Annotated[RatesQuery, InAddress()]
) -> Response:
    """The three rates of every unit asked for, and beneath them of every measure."""
    with scene(desk) as now:
        units = unit_rates(
            now.session,
            now.plan,
            now.day,
            order=asked.order,
            kinds=(asked.kind,) if asked.kind else (),
            measures=measures(asked.measure),
            year=asked.year,
            size=len(now.plan.units),
        )
        by_measure = measure_rates(now.session, now.plan, now.day, year=asked.year)
        title = f"{now.plan.short_name}：{_words(now, asked)}（截至 {now.day}，以已到期的事项为分母）"
    rows = [
        *(_row("单位", one.unit, one.rates) for one in units.units),
        *(_row("举措", _measure(one), one.rates) for one in by_measure),
    ]
    return sheet(desk, account, "完成质量", title, _COLUMNS, rows)


def _words(now: Scene, asked: RatesQuery) -> str:
    """What the table of units is about, in words."""
    parts = [
        "完成质量",
        f"{asked.year}年" if asked.year else "",
        dict(now.measures).get(asked.measure, "") if asked.measure else "",
        KIND_NAMES[asked.kind] if asked.kind else "",
    ]
    return "，".join(part for part in parts if part)


def _measure(one: MeasureRates) -> str:
    return one.title if one.number is None else f"{one.number:02} {one.title}"


def _row(kind: str, name: str, found: Rates) -> tuple[Value, ...]:
    rates: list[Rate] = [getattr(found, key) for key, _ in NAMES]
    counts = [value for rate in rates for value in (rate.count if rate.of else None, rate.percent)]
    return kind, name, found.due, *counts


def _chart(points: tuple[Point, ...]) -> Chart | None:
    """The picture; None where there are too few quarters for one."""
    if len(points) < 2:
        return None
    step = (_WIDTH - _LEFT - 30) / (len(points) - 1)

    def x(place: int) -> float:
        return round(_LEFT + 10 + place * step, 1)

    def y(share: float) -> float:
        return round(_TOP + (1 - share) * (_HEIGHT - _TOP - 30), 1)

    def curve(key: str, name: str) -> Curve:
        found: list[Rate] = [getattr(point.rates, key) for point in points]
        dots = tuple((x(place), y(rate.count / rate.of)) for place, rate in enumerate(found) if rate.of)
        return Curve(name, key, " ".join(f"{a},{b}" for a, b in dots), dots)

    return Chart(
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        lines=tuple((f"{percent}%", y(percent / 100)) for percent in (0, 50, 100)),
        labels=tuple(
            (f"{point.start:%y}.{(point.start.month + 2) // 3}", x(place))
            for place, point in enumerate(points)
        ),
        curves=tuple(curve(key, name) for key, name in NAMES),
    )
