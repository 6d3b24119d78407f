"""The ladder: it climbs, knows whom it tells and in which words, and leaves an hour in which to tell it."""

from collections.abc import Iterator
from itertools import pairwise

from domain.cadence import CADENCE_NAMES
from domain.ladder import COLOUR_NAMES, TEMPLATES, Colour, LadderRules, Rung, day_words
from domain.messages import MessageKind
from domain.plan import Plan
from domain.plan_check.finding import Finding, Loc, nearest

_LEAST_MINUTES = 60
_COLOURS = list(Colour)
_RESERVED = frozenset(kind.value for kind in MessageKind)

_HERE: Loc = ("rules", "ladder")


def check_ladder(plan: Plan) -> Iterator[Finding]:
    """Rungs out of order, without anybody to tell, or with unknown words; exceptions, hours and pauses that fail."""
    ladder = plan.rules.ladder
    yield from _rungs((*_HERE, "rungs"), ladder.rungs)
    for i, one in enumerate(ladder.exceptions):
        yield from _rungs((*_HERE, "exceptions", i, "rungs"), one.rungs)
    yield from _meanings(ladder)
    yield from _exceptions(plan)
    yield from _hours(ladder)
    yield from _pauses(plan)


def _rungs(loc: Loc, rungs: tuple[Rung, ...]) -> Iterator[Finding]:
    seen: set[str] = set()
    for i, rung in enumerate(rungs):
        yield from _rung((*loc, i), rung)
        if rung.id in seen:
            yield Finding((*loc, i, "id"), f"层级编号“{rung.id}”重复。", "请改用不同编号。")
        seen.add(rung.id)
    for i, (lower, higher) in enumerate(pairwise(rungs), start=1):
        if higher.workdays == lower.workdays:
            yield Finding(
                (*loc, i, "workdays"),
                f"“{higher.name}”与“{lower.name}”在同一天（{day_words(higher)}）。",
                "同一天只能有一级；请改正 workdays，或并成一级。",
            )
        elif higher.workdays < lower.workdays:
            yield Finding(
                (*loc, i, "workdays"),
                f"“{higher.name}”（{day_words(higher)}）排在“{lower.name}”（{day_words(lower)}）之后，时间却更早。",
                "请按时间先后排列各级。",
            )
        if _COLOURS.index(higher.colour) < _COLOURS.index(lower.colour):
            yield Finding(
                (*loc, i, "colour"),
                f"“{higher.name}”是{COLOUR_NAMES[higher.colour]}，比前一级的{COLOUR_NAMES[lower.colour]}还轻。",
                "颜色只能不变或加重：blue、yellow、orange、red。",
            )


def _rung(loc: Loc, rung: Rung) -> Iterator[Finding]:
    if not rung.to:
        yield Finding(
            (*loc, "to"),
            f"“{rung.name}”没有写明发给谁。",
            "请至少写一种：liaison、unit-leader、office、office-director、leader。",
        )
    if rung.template not in TEMPLATES:
        mend = nearest(rung.template, TEMPLATES) or f"可用的模板：{'、'.join(TEMPLATES)}。"
        yield Finding((*loc, "template"), f"没有模板“{rung.template}”。", mend)
    if rung.id in _RESERVED:
        yield Finding(
            (*loc, "id"), f"编号“{rung.id}”是保留字。", f"请另取编号，不用 {'、'.join(sorted(_RESERVED))}。"
        )


def _meanings(ladder: LadderRules) -> Iterator[Finding]:
    """The ledger knows a rung by its id alone: the same id in two ladders must be on the same day."""
    known: dict[str, Rung] = {rung.id: rung for rung in ladder.rungs}
    for i, one in enumerate(ladder.exceptions):
        for k, rung in enumerate(one.rungs):
            other = known.setdefault(rung.id, rung)
            if other.workdays != rung.workdays:
                yield Finding(
                    (*_HERE, "exceptions", i, "rungs", k, "id"),
                    f"编号“{rung.id}”在另一处是“{other.name}”（{day_words(other)}），这里却是{day_words(rung)}。",
                    "天数不同的层级请用不同编号。",
                )


def _exceptions(plan: Plan) -> Iterator[Finding]:
    duties: dict[str, int] = {}
    kinds: dict[str, int] = {}
    for i, one in enumerate(plan.rules.ladder.exceptions):
        loc: Loc = (*_HERE, "exceptions", i)
        if not one.duties and not one.every:
            yield Finding(loc, "例外没有写明适用于哪些事项。", "请写 duties（事项编号）或 every（周期）。")
        for k, name in enumerate(one.duties):
            yield from _duty(plan, (*loc, "duties", k), name)
            if duties.setdefault(name, i) != i:
                yield Finding((*loc, "duties", k), f"事项“{name}”已有另一个例外。", "请只保留一处。")
        for k, name in enumerate(one.every):
            if name not in CADENCE_NAMES:
                mend = nearest(name, CADENCE_NAMES) or f"可选：{'、'.join(CADENCE_NAMES)}。"
                yield Finding((*loc, "every", k), f"没有周期“{name}”。", mend)
            elif kinds.setdefault(name, i) != i:
                yield Finding((*loc, "every", k), f"周期“{name}”已有另一个例外。", "请只保留一处。")


def _hours(ladder: LadderRules) -> Iterator[Finding]:
    start, until = ladder.hours.start, ladder.hours.until
    minutes = (until.hour - start.hour) * 60 + until.minute - start.minute
    if minutes < _LEAST_MINUTES:
        yield Finding(
            (*_HERE, "hours"),
            f"可以发送的时间（{start:%H:%M} 至 {until:%H:%M}）不足一小时，消息发不出去。",
            "请写成如 {start: '08:30', until: '17:30'}，不跨午夜。",
        )


def _pauses(plan: Plan) -> Iterator[Finding]:
    for i, pause in enumerate(plan.rules.ladder.pauses):
        loc: Loc = (*_HERE, "pauses", i)
        if pause.last < pause.first:
            yield Finding((*loc, "last"), "暂缓的结束日期早于开始日期。", "请改正 first 或 last。")
        if pause.last < plan.start or pause.first > plan.end:
            yield Finding(
                (*loc, "first"), f"暂缓的日期不在方案期限（{plan.start} 至 {plan.end}）内。", "请改正日期。"
            )
        for k, name in enumerate(pause.duties):
            yield from _duty(plan, (*loc, "duties", k), name)
        for k, name in enumerate(pause.units):
            if not plan.knows_unit(name):
                names = [unit.name for unit in plan.units]
                mend = nearest(name, names) or "请核对 units 中的名称。"
                yield Finding((*loc, "units", k), f"没有定义单位“{name}”。", mend)


def _duty(plan: Plan, loc: Loc, name: str) -> Iterator[Finding]:
    if name not in plan.duties_by_id:
        mend = nearest(name, plan.duties_by_id) or "请核对 duties 中的编号。"
        yield Finding(loc, f"没有定义职责事项“{name}”。", mend)
