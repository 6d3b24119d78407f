"""How a long title is parted into lines: words whole, the lines a trapezoid or a lozenge (GB/T 9704-2012, 7.3.1)."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from services.charts import text_width
from services.line_breaks import BREAK, JOIN, guard_breaks

SIZE = 22.0
"""2号, in points."""
WIDTH, HEIGHT = 156 / 25.4 * 72, 225 / 25.4 * 72
"""Of the type area, in points."""

_WORDS = (
    "关于|印发|转发|批转|报送|农村|城市|留守|儿童|未成年人|困境|流动|妇女|老年人|残疾人|关爱|服务|保护|保障|救助|帮扶|质量|提升|三年|"
    "行动|专项|实施|方案|工作|任务|举措|进展|情况|完成|落实|推进|督办|督查|通报|通知|报告|总结|评估|考核|办法|意见|请示|批复|年度|半年|"
    "季度|月度|阶段|中期|终期|综合|第一|第二|第三|第四|领导|小组|办公室|委员会|人民政府|人民检察院|人民法院|民政|教育|公安|财政|卫生|"
    "健康|司法|街道|办事处|社区|单位|部门|全面|加强|深化|建设|体系|机制|管理|规划|计划|试点|示范|表扬|公开|简报"
)
_WORD = re.compile(_WORDS)
_TERM = re.compile(
    "留守儿童|困境儿童|流动儿童|留守妇女|留守老年人|关爱服务|关爱保护|质量提升|三年行动|专项行动|实施方案|总结报告|情况报告|领导小组|"
    "工作进展|进展情况|第[一二三四]季度"
)
"""What is understood at a glance while it stands on one line, though each of its words would be whole on two."""
_OPENING, _CLOSING = "（《〈“‘【〔", "，。、；：？！）》〉”’】〕"
_MOST_LINES = 4
_INSIDE_WORD, _INSIDE_TERM, _UNKNOWN, _EDGE, _GOOD = 8.0, 2.5, 2.0, 0.6, 0.0


def title_lines(text: str, *, turned: bool = False) -> tuple[str, ...]:
    """A title's lines; one where it fits the type area, which is wider where the page is ``turned``.

    Words are known by a short list of those that titles of official documents are made of. Where no parting gives a
    trapezoid or a lozenge in four lines or fewer, the renderer breaks it as it breaks any text.
    """
    whole, room = text_width(text, SIZE), HEIGHT if turned else WIDTH
    if whole <= room:
        return (text,)
    costs = _costs(text)
    count = int(whole / room) + 1
    for lines in range(count, _MOST_LINES + 1):
        found = [parting for parting in _partings(text, costs, lines, room) if parting[1]]
        if found:
            return min(found)[1]
    return (text,)


def _costs(text: str) -> dict[int, float]:
    """What it costs to part a title before its n-th character; places where it may not be parted are left out."""
    guarded = guard_breaks(text)
    joined, place = set(), 0
    for char in guarded:
        if char == JOIN:
            joined.add(place)
        elif char != BREAK:
            place += 1
    inside, parting = (
        {n for found in known.finditer(text) for n in range(found.start() + 1, found.end())}
        for known in (_WORD, _TERM)
    )
    edges = {n for word in _WORD.finditer(text) for n in word.span()}
    costs = {}
    for n in range(1, len(text)):
        before, after = text[n - 1], text[n]
        if n in joined or before in _OPENING or after in _CLOSING or after == "的":
            continue
        if (before.isascii() and after.isascii()) or (before == "第" and after.isascii()):
            continue
        if n in inside:
            costs[n] = _INSIDE_WORD
        elif n in parting:
            costs[n] = _INSIDE_TERM
        elif text.startswith("关于", n) or before in _CLOSING:
            costs[n] = _GOOD
        else:
            costs[n] = _EDGE if n in edges or before in "和与及的" else _UNKNOWN
    return costs


def _partings(
    text: str, costs: dict[int, float], lines: int, room: float
) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Every parting into so many lines that fit the room and stand as they should, with what it costs."""
    cheap = [n for n, cost in costs.items() if cost < _INSIDE_WORD]
    for places in combinations(cheap, lines - 1):
        parts = tuple(text[a:b] for a, b in pairwise((0, *places, len(text))))
        widths = [text_width(part, SIZE) / SIZE for part in parts]
        if max(widths) * SIZE > room or not _well_shaped(widths):
            continue
        mean = sum(widths) / lines
        uneven = sum((width - mean) ** 2 for width in widths) / lines / 8
        yield sum(costs[n] for n in places) + uneven, parts


def _well_shaped(widths: list[float]) -> bool:
    """Whether lines grow or shrink, or grow and then shrink, each time by a character or more."""
    steps = [b - a for a, b in pairwise(widths)]
    growing = [step > 0 for step in steps]
    return all(abs(step) >= 1 for step in steps) and growing == sorted(growing, reverse=True)
