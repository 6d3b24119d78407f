"""``guanai score``: units by their score over a term, and the working of one unit, from the shell."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.terminal import open_desk, telling_problems
from domain.canonical import decimal_text
from domain.plan import Duty
from domain.scoring import CRITERION_NAMES
from domain.terms import quarter_of
from models.engine import reading
from services import clock
from services.scoring import Place, Ranking, ranking
from services.workcalendar import work_calendar


@telling_problems
def score_command(
    *,
    period: Annotated[
        str, typer.Option(help="期间：2026Q3、2026H2、2026 或 2026-09；不写为本季度。", show_default=False)
    ] = "",
    unit: Annotated[str, typer.Option(help="只看一个单位，列出逐条明细。", show_default=False)] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供其他程序读取。")] = False,
) -> None:
    """Rank the units, or tell the working of one."""
    desk, today = open_desk(), clock.today()
    calendar = work_calendar(desk.plan.rules.calendar.beyond_known)
    code = period or quarter_of(today).code
    with reading(desk.engine) as session:
        found = ranking(session, desk.plan, code, today, calendar)
    wanted = desk.plan.unit(unit).id if unit else None
    places = [place for place in found.places if wanted in (None, place.unit_id)]
    if as_json:
        typer.echo(json.dumps(_json(found, places), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    console.print(f"[bold]{found.term.label}得分[/bold]　截至 {today}")
    if wanted is None:
        console.print(_table(places))
    for place in places if wanted else ():
        _print_working(console, desk.plan.duties_by_id, place)


def _table(places: list[Place]) -> Table:
    table = Table("名次", "单位", "得分", "到期", *CRITERION_NAMES.values(), "加分")
    for place in places:
        score = place.score
        lost = [score.lost(criterion) for criterion in CRITERION_NAMES]
        added = sum((one.points for one in score.bonuses), Decimal(0))
        table.add_row(
            "—" if place.rank is None else str(place.rank),
            escape(place.unit),
            _text(place.points),
            str(len(score.items)),
            *(decimal_text(points) if points else "" for points in lost),
            decimal_text(added) if added else "",
        )
    return table


def _print_working(console: Console, duties: Mapping[str, Duty], place: Place) -> None:
    rank = "不排名" if place.rank is None else f"第 {place.rank} 名"
    console.print(f"{place.unit}：{_text(place.points)} 分，{rank}", markup=False)
    for one in place.score.items:
        duty = duties.get(one.item.duty)
        title = duty.title if duty else one.item.duty
        told = f"  {decimal_text(one.points)} 分　{title}（{one.item.period_label}，{one.item.due} 截止）"
        console.print(told, markup=False, soft_wrap=True)
        for line in one.lines:
            struck = "，申诉成立，不扣分" if line.struck else ""
            words = (
                f"    {decimal_text(line.points)}　{CRITERION_NAMES[line.id.criterion]}：{line.words}{struck}"
            )
            console.print(words, markup=False, soft_wrap=True)
    for bonus in place.score.bonuses:
        console.print(
            f"  +{decimal_text(bonus.points)}　优秀案例：{bonus.title}", markup=False, soft_wrap=True
        )


def _text(points: Decimal | None) -> str:
    return "—" if points is None else decimal_text(points)


def _json(found: Ranking, places: list[Place]) -> dict[str, Any]:
    return {
        "period": found.term.code,
        "label": found.term.label,
        "as_of": found.as_of.isoformat(),
        "units": [
            {
                "rank": place.rank,
                "unit": place.unit_id,
                "name": place.unit,
                "points": None if place.points is None else decimal_text(place.points),
                "items": [
                    {
                        "number": one.item.number,
                        "duty": one.item.duty,
                        "period": one.item.period_label,
                        "due": one.item.due.isoformat(),
                        "points": decimal_text(one.points),
                        "lines": [
                            {
                                "criterion": line.id.criterion.value,
                                "points": decimal_text(line.points),
                                "words": line.words,
                                "struck": line.struck,
                            }
                            for line in one.lines
                        ],
                    }
                    for one in place.score.items
                ],
                "cases": [
                    {"title": one.title, "points": decimal_text(one.points)} for one in place.score.bonuses
                ],
            }
            for place in places
        ],
    }
