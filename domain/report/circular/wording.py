"""The sentences of a circular: each from counts and names, and each right for none, one, some and all.

What is one is not 均; what is nothing is said so once and not counted; names are listed while they can be read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.canonical import decimal_text
from domain.numerals import chinese_date
from domain.rates import Rate, Rates

MOST_NAMES = 8
"""Units named in one place before they are counted."""
BEST_PLACES = 3
"""Units told as the first of a ranking; more where they stand alike."""


def all_of(count: int) -> str:
    """均, where there are several to be alike."""
    return "均" if count > 1 else ""


def units_named(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """山门镇; 山门镇、石岭镇; 山门镇、石岭镇、城东乡3个单位; 山门镇、石岭镇等9个单位."""
    if len(names) > most:
        return f"{'、'.join(names[: max(2, most // 2)])}等{len(names)}个单位"
    return "、".join(names) + (f"{len(names)}个单位" if len(names) > 2 else "")


def by_day(day: date) -> str:
    """A last day in time: 于2026年10月21日前（含当日）."""
    return f"于{chinese_date(day)}前（含当日）"


def handed_in(name: str, day: date, found: Rates) -> str:
    """How much of what fell due was handed in, in time, and accepted at once.

    Args:
        name: of the period, or of whatever the items have in common.
        day: of the circular.
        found: over the items.
    """
    due, complete, timely, quality = (
        found.due,
        found.completeness.count,
        found.timeliness.count,
        found.quality.count,
    )
    if not due:
        return f"{name}没有到期事项。"
    if quality == due:
        return f"{name}到期事项{due}项，{all_of(due)}已按期报送并一次审核通过。"
    if not complete:
        told = f"截至{chinese_date(day)}{all_of(due)}未报送"
        return f"{name}到期事项{due}项，{told}{'或退回后未补正' if found.returned else ''}。"
    if due == 1:
        return f"{name}到期事项1项，已{'按期' if timely else '逾期'}报送。"
    told = "；".join((_complete(day, found.completeness), _timely(found.timeliness), _quality(found.quality)))
    return f"{name}到期事项{due}项，{told}。"


def _complete(day: date, rate: Rate) -> str:
    told = f"截至{chinese_date(day)}"
    return (
        f"{told}已全部报送"
        if rate.count == rate.of
        else f"{told}已报送{rate.count}项，报送完整率{rate.text()}"
    )


def _timely(rate: Rate) -> str:
    if rate.count == rate.of:
        return "均在期限内报送"
    return f"按期报送{rate.count}项，及时率{rate.text()}" if rate.count else "没有按期报送的"


def _quality(rate: Rate) -> str:
    return f"一次审核通过{rate.count}项，一次合格率{rate.text()}" if rate.count else "没有一次审核通过的"


def open_ends(to_review: int, returned: int) -> str:
    """What the office has before it, and what it sent back; nothing where neither is."""
    told = []
    if to_review:
        told.append(f"目前{'共' if to_review > 1 else ''}有{to_review}项已报送事项待审核")
    if returned:
        told.append(f"{'另有' if told else '目前有'}{returned}项退回后待补正")
    return "，".join(told) + "。" if told else ""


@dataclass(frozen=True)
class LateItem:
    """A late item in words."""

    unit: str
    title: str
    period: str


def lateness(
    items: Sequence[LateItem], units: Sequence[str], days: Sequence[int], older: int, name: str
) -> str:
    """What is late, whose it is, and by how much.

    Args:
        items: what is late, in words.
        units: whose it is, each once.
        days: by how many working days each item is late.
        older: how many of them fell due before the period.
        name: of the period.
    """
    if not items:
        return "目前没有逾期事项。"
    if len(items) == 1:
        (one,) = items
        told = f"目前有1项事项逾期，为{one.unit}的“{quiet(one.title)}”（{one.period}），已逾期{days[0]}个工作日。"
        return f"{told[:-1]}，系{name}以前到期、至今没有办结。" if older else told
    whose = f"均由{units[0]}承担" if len(units) == 1 else f"涉及{units_named(units)}"
    worst = max(days)
    long = (
        f"逾期{all_of(len(days))}为{worst}个工作日"
        if min(days) == worst
        else f"逾期最长的已达{worst}个工作日"
    )
    told = f"目前有{len(items)}项事项逾期未报送或退回后未补正，{whose}，{long}"
    if older == len(items):
        return f"{told}，均系{name}以前到期、至今没有办结。"
    return f"{told}；其中{older}项系{name}以前到期、至今没有办结。" if older else f"{told}。"


def quiet(title: str) -> str:
    """A title that stands between quotation marks: its own become the inner ones."""
    return title.replace("“", "‘").replace("”", "’")


def recorded_later(since: date, total: int, open_: int) -> str:
    """What had fallen due before it could be demanded (补录); nothing where nothing had.

    Args:
        since: the day from which on the platform is used.
        total: how many items.
        open_: how many of them are still to be handed in.
    """
    if not total:
        return ""
    done = total - open_
    told = f"平台启用（{chinese_date(since)}）或列入方案以前已到期的事项{total}项，单独统计，不计入逾期"
    if not open_:
        return f"{told}，{all_of(total)}已补录。"
    if not done:
        return f"{told}，{all_of(total)}尚待补录。"
    return f"{told}，已补录{done}项，尚待补录{open_}项。"


def compared(names: Iterable[tuple[str, Rate, Rate]]) -> str:
    """How rates went from the period before to this one; nothing where either has none.

    Args:
        names: of each rate what it is called, how it was and how it is.
    """
    told = [(name, a, b) for name, a, b in names if a.percent is not None and b.percent is not None]
    if len(told) > 1 and all(a.percent == b.percent for _, a, b in told):
        kept = {b.text(): None for _, _, b in told}
        each = (
            f"均为{next(iter(kept))}"
            if len(kept) == 1
            else f"分别为{'、'.join(b.text() for _, _, b in told)}"
        )
        return f"{'、'.join(name for name, _, _ in told)}均持平，{each}。"
    return "，".join(_change(name, a, b) for name, a, b in told) + "。" if told else ""


def _change(name: str, before: Rate, now: Rate) -> str:
    if before.percent == now.percent:
        return f"{name}持平，为{now.text()}"
    rises = (now.percent or 0) > (before.percent or 0)
    return f"{name}由{before.text()}{'提高到' if rises else '下降到'}{now.text()}"


def settled(before: int, done: int, extended: int) -> str:
    """What became of what was late then; nothing where nothing was.

    Args:
        before: how many items were late.
        done: how many of them are handed in or mended.
        extended: how many were given more time.
    """
    if not before:
        return ""
    head, rest = f"当时逾期的{before}项事项", before - done - extended
    if done == before:
        return f"{head}，目前{'已全部' if before > 1 else '已'}报送或补正。"
    told = [f"已有{done}项报送或补正"] if done else []
    told += [f"{extended}项已准予延期"] if extended else []
    if rest == before:
        return f"{head}{all_of(before)}未办结。"
    return f"{head}，{'，'.join([*told, *([f'仍有{rest}项未办结'] if rest else [])])}。"


def turned(cleared: Sequence[str], fewer: Sequence[str], more: Sequence[str]) -> str:
    """Which units' late items have gone, become fewer or more; nothing where none has changed."""
    told = [f"{units_named(cleared)}的逾期事项已全部办结"] if cleared else []
    told += [f"{units_named(fewer)}的逾期事项有所减少"] if fewer else []
    told += [f"{units_named(more)}的逾期事项有所增加"] if more else []
    return "；".join(told) + "。" if told else ""


def ranking(groups: Sequence[tuple[Decimal, Sequence[str]]]) -> str:
    """Who stands first, up to the third place, and who last.

    Args:
        groups: two or more: points with the units that have them, the highest first.
    """
    best: list[tuple[Decimal, Sequence[str]]] = []
    for points, names in groups[:-1]:
        if best and sum(len(units) for _, units in best) + len(names) > BEST_PLACES:
            break
        best.append((points, names))
    points, names = best[0]
    if len(best) == 1:
        together = "并列第一" if len(names) > 1 else "居第一位"
        head = f"{units_named(names)}{together}（{decimal_text(points)}分）"
    else:
        each = "、".join(f"{'和'.join(units)}（{decimal_text(points)}分）" for points, units in best)
        head = f"排在前列的依次为{each}"
    points, names = groups[-1]
    return f"{head}；得分最低的是{units_named(names)}（{decimal_text(points)}分）。"
