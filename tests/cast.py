"""The cast that returns in every test of the store: a small district, its plan, its people, its calendar.

Four units: the civil-affairs bureau (民政局), which hosts the office; the education bureau (教育局); and two places,
东山镇 and 西河街道, who share every measure as a group. 李明 hands in for 东山镇, 王芳 for the education bureau;
赵强 reviews in the office. 陈静 is in the office too, and sometimes hands in for it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from domain.entries import PROGRESS, FigureEntry, ItemEntry, Passage, State
from domain.plan import Plan
from domain.workdays import BEIJING, WorkCalendar

CIVIL, EDUCATION, TOWN, STREET = "civil", "education", "town", "street"
LI_MING, WANG_FANG, ZHAO_QIANG, CHEN_JING = "李明", "王芳", "赵强", "陈静"

VISITS, TRAINING, FUNDS, GUARDED, VISIT_RATE = "visits", "trained", "funds", "guarded", "visit-rate"


def moment(text: str) -> datetime:
    """A moment in 北京时间, as ``2025-04-01 09:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def item_key(duty: str, unit: str, period: str) -> str:
    """The key of an item of the small plan."""
    return f"small/{duty}/{unit}/{period}"


VISIT_Q1 = item_key("home-visits", TOWN, "2025Q1")
VISIT_Q2 = item_key("home-visits", TOWN, "2025Q2")
ANNUAL = item_key("annual-report", TOWN, "2025")
SCHOOL = item_key("school-training", EDUCATION, "2025")


def visits(
    key: str = VISIT_Q1,
    *,
    count: Decimal | int | None = 120,
    funds: str = "3.50",
    text: str = "已逐户走访并建立台账",
) -> ItemEntry:
    """What 东山镇 hands in for its home visits of a quarter."""
    return ItemEntry(
        key=key,
        state=State.DONE,
        passages=(Passage(slot=PROGRESS, text=text),),
        figures=(
            FigureEntry(indicator=VISITS, value=None if count is None else Decimal(count)),
            FigureEntry(indicator=FUNDS, value=Decimal(funds)),
        ),
    )


def calendar() -> WorkCalendar:
    """Two years with two holidays and one make-up day; enough for the small plan."""
    return WorkCalendar(
        first=date(2024, 1, 1),
        last=date(2026, 12, 31),
        holidays={date(2025, 1, 1): "元旦", date(2025, 5, 1): "劳动节", date(2026, 1, 1): "元旦"},
        makeup_days=frozenset({date(2025, 4, 27)}),
    )


@cache
def small_plan() -> Plan:
    """Two measures, five duties, five indicators."""
    return Plan.model_validate(plan_content())


def plan_content(units: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """The small plan as it would stand in a file; ``units`` join the group of places."""
    cites = ["一"]
    places = ["town", "street", *(unit["id"] for unit in units)]
    return {
        "id": "small",
        "name": "和平区关爱服务行动方案",
        "short_name": "关爱行动",
        "start": "2025-01-01",
        "end": "2026-12-31",
        "document": {
            "title": "关于印发关爱服务行动方案的通知",
            "number": "和政办〔2024〕9号",
            "issuer": "和平区人民政府办公室",
            "issued": "2024-12-20",
            "region": "和平区",
            "addressee": "各单位",
            "cites": cites,
        },
        "leading_group": {
            "name": "领导小组",
            "office": {"name": "办公室", "host": "民政局", "director": "赵强"},
            "roster": [{"role": "lead", "name": "周平", "post": "副区长"}],
            "tasks": ["统筹协调"],
            "cites": cites,
        },
        "report": {
            "heading": "和平区民政局文件",
            "number_prefix": "和民",
            "issuer": "和平区民政局",
            "addressee": "市民政局",
            "printer": "和平区民政局",
            "subject": "关爱行动",
        },
        "units": [
            _unit(CIVIL, "民政局", "department"),
            _unit(EDUCATION, "教育局", "department"),
            _unit(TOWN, "东山镇", "township"),
            _unit(STREET, "西河街道", "street"),
            *units,
        ],
        "groups": [{"name": "各乡镇街道", "members": places}],
        "actions": [{"id": "care", "name": "关爱行动", "cites": cites}],
        "measures": [
            _measure(1, "走访探视", ["民政局", "各乡镇街道"]),
            _measure(2, "心理健康", ["教育局", "东山镇"]),
        ],
        "phases": [
            {
                "id": "all",
                "name": "实施阶段",
                "start": "2025-01-01",
                "end": "2026-12-31",
                "goal": "全面实施",
                "cites": cites,
            }
        ],
        "duties": _duties(),
        "indicators": _indicators(),
        "outline": [{"id": "一", "title": "总体要求", "sentences": ["0" * 12]}],
    }


def many_units(count: int) -> Plan:
    """The small plan with ``count`` more places, for questions of size."""
    units = [_unit(f"place-{n}", f"第{n}街道", "street") for n in range(count)]
    return Plan.model_validate(plan_content(units))


def _unit(unit: str, name: str, kind: str) -> dict[str, Any]:
    return {"id": unit, "name": name, "kind": kind, "member": True, "cites": ["一"]}


def _measure(number: int, title: str, units: Sequence[str]) -> dict[str, Any]:
    return {
        "number": number,
        "title": title,
        "action": "care",
        "units": units,
        "demands": [f"开展{title}"],
        "cites": ["一"],
    }


def _duties() -> list[dict[str, Any]]:
    return [
        _duty("census", "开展一次摸底排查", {"every": "once", "due": "2025-06-30"}, measure=1),
        _duty(
            "home-visits",
            "每季度走访",
            {"every": "quarter"},
            measure=1,
            units=["各乡镇街道"],
            indicators=[VISITS, FUNDS, GUARDED, VISIT_RATE],
        ),
        _duty("meetings", "每月例会", {"every": "month"}, units=["民政局"]),
        _duty("school-training", "每年培训", {"every": "year"}, measure=2, indicators=[TRAINING]),
        _duty(
            "annual-report",
            "每年报告进展",
            {"every": "year", "due": "12-01", "bound": "before", "opens": "10-01"},
            role="annual-report",
        ),
    ]


def _duty(duty: str, title: str, cadence: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"id": duty, "title": title, "demand": title, "cadence": cadence, "cites": ["一"], **more}


def _indicators() -> list[dict[str, Any]]:
    return [
        _indicator(VISITS, "走访人次", "人次", ["各乡镇街道"], over_time="sum", sensitivity="count"),
        _indicator(
            FUNDS, "投入资金", "万元", ["各乡镇街道"], over_time="sum", sensitivity="open", decimals=2
        ),
        _indicator(GUARDED, "监护困境儿童数", "人", ["民政局"], over_time="latest", sensitivity="sensitive"),
        _indicator(TRAINING, "培训教师", "人", ["教育局"], over_time="sum", sensitivity="open"),
        _indicator(
            VISIT_RATE,
            "走访率",
            "%",
            [],
            over_time="latest",
            sensitivity="open",
            ratio={"numerator": VISITS, "denominator": GUARDED},
        ),
    ]


def _indicator(indicator: str, name: str, unit: str, supplier: Sequence[str], **more: Any) -> dict[str, Any]:
    nature = "flow" if more["over_time"] == "sum" else "stock"
    basics = {"id": indicator, "name": name, "unit": unit, "supplier": supplier, "nature": nature}
    return {**basics, "measures": [1], "cites": ["一"], **more}
