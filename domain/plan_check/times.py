"""Dates: phases, milestones and duties lie inside the plan, and no season is empty."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from domain.cadence import Festivals, Once, Yearly, last_day, on_year
from domain.plan import Duty, Phase, Plan
from domain.plan_check.finding import Finding, Loc


def check_times(plan: Plan) -> Iterator[Finding]:
    """Spans that run backwards, overlap or leave the plan."""
    if plan.end < plan.start:
        yield Finding(("end",), "方案的结束日期早于开始日期。", "请改正 start 或 end。")
        return
    if plan.document.issued > plan.end:
        yield Finding(("document", "issued"), "印发日期晚于方案结束日期。", "请核对 document.issued 与 end。")
    for i, phase in enumerate(plan.phases):
        yield from _phase(plan, ("phases", i), phase)
    yield from _overlaps(plan)
    for i, duty in enumerate(plan.duties):
        yield from _span(plan, ("duties", i), duty)
        yield from _cadence(plan, ("duties", i, "cadence"), duty)


def _phase(plan: Plan, loc: Loc, phase: Phase) -> Iterator[Finding]:
    if phase.end < phase.start:
        yield Finding((*loc, "end"), f"阶段“{phase.name}”的结束日期早于开始日期。", "请改正 start 或 end。")
        return
    for key, day in (("start", phase.start), ("end", phase.end)):
        if not plan.start <= day <= plan.end:
            yield Finding(
                (*loc, key),
                f"阶段“{phase.name}”超出方案期限（{plan.start} 至 {plan.end}）。",
                "请核对阶段或方案的日期。",
            )
    for k, milestone in enumerate(phase.milestones):
        due = last_day(milestone.due, milestone.bound)
        if not phase.start <= due <= phase.end:
            yield Finding(
                (*loc, "milestones", k, "due"),
                f"节点“{milestone.title}”的日期 {due} 不在阶段“{phase.name}”（{phase.start} 至 {phase.end}）内。",
                "请改正日期，或移到所属阶段。",
            )


def _overlaps(plan: Plan) -> Iterator[Finding]:
    ordered = sorted(enumerate(plan.phases), key=lambda pair: pair[1].start)
    for (_, earlier), (i, later) in pairwise(ordered):
        if later.start <= earlier.end:
            yield Finding(
                ("phases", i, "start"),
                f"阶段“{later.name}”与“{earlier.name}”的日期重叠。",
                f"“{later.name}”应在 {earlier.end} 之后开始。",
            )


def _span(plan: Plan, loc: Loc, duty: Duty) -> Iterator[Finding]:
    first, last = duty.active_from, duty.active_until
    if first and last and last < first:
        yield Finding(
            (*loc, "active_until"), "停止日期早于起始日期。", "请改正 active_from 或 active_until。"
        )
    for key, day in (("active_from", first), ("active_until", last)):
        if day and not plan.start <= day <= plan.end:
            yield Finding(
                (*loc, key), f"{day} 超出方案期限（{plan.start} 至 {plan.end}）。", "请改正日期，或删去此项。"
            )


def _cadence(plan: Plan, loc: Loc, duty: Duty) -> Iterator[Finding]:
    match duty.cadence:
        case Once() as once:
            due = last_day(once.due, once.bound)
            if not plan.start <= due <= plan.end:
                yield Finding(
                    (*loc, "due"),
                    f"期限 {due} 超出方案期限（{plan.start} 至 {plan.end}）。",
                    "请改正日期。",
                )
            if once.opens and once.opens > due:
                yield Finding(
                    (*loc, "opens"), f"开始日期 {once.opens} 晚于期限 {due}。", "请改正 opens 或 due。"
                )
        case Yearly() as yearly if _is_empty(yearly, plan.start):
            yield Finding(
                (*loc, "due"),
                "“之前”不含当日，这样一天也不剩。",
                "请把 opens 提早，或把 due 推后。",
            )
        case Festivals() as festivals:
            seen: set[str] = set()
            for k, festival in enumerate(festivals.festivals):
                if festival.id in seen:
                    yield Finding(
                        (*loc, "festivals", k, "id"), f"节日编号“{festival.id}”重复。", "请改用不同编号。"
                    )
                seen.add(festival.id)


def _is_empty(yearly: Yearly, start: date) -> bool:
    due = last_day(on_year(yearly.due, start.year), yearly.bound)
    return due < on_year(yearly.opens, start.year)
