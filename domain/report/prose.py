"""Sentences from what units wrote and from figures, put together as an office would; nothing is invented."""

import re
from collections.abc import Iterable, Mapping, Sequence

from domain.plan import Plan, Unit
from domain.report.blocks import Run, Text

ENDS = "。！？；"
CLOSING = "”’）》」』"
SENTENCE = re.compile(rf"[^{ENDS}]*[{ENDS}]?[{CLOSING}]*")
OPEN_ENDED = "，、：,:"
PRONOUN = re.compile(r"(?:我|本)(?:单位|部门|局|院|镇|乡|街道|街|办事处|办|中心|部|委|会)")


def lines(text: str) -> tuple[str, ...]:
    """A text's lines, white space tidied; each ends as a sentence does."""
    found = (line.strip() for line in text.splitlines())
    return tuple(_ended(line) for line in found if line)


def sentences(text: str) -> tuple[str, ...]:
    """A text's sentences, line by line; each line's last one gets a full stop where it lacks an end."""
    return tuple(part.strip() for line in lines(text) for part in SENTENCE.findall(line) if part.strip())


def brief(text: str, limit: int) -> str:
    """The leading whole sentences of a text that fit into ``limit`` characters; at least the first one."""
    kept: list[str] = []
    length = 0
    for sentence in sentences(text):
        if kept and length + len(sentence) > limit:
            break
        kept.append(sentence)
        length += len(sentence)
    whole = "".join(kept)
    return whole[:-1] + "。" if whole.endswith("；") else whole


def told_by(unit: Unit, text: str) -> str:
    """A unit's words with the unit as their subject: instead of 我局 or 本镇, or before them; unless it is named."""
    if not text or text.startswith((unit.name, *unit.aliases)):
        return text
    spoken = PRONOUN.match(text)
    if spoken:
        return unit.name + text[spoken.end() :]
    return f"{unit.name}：{text}" if text.startswith(("我", "本")) else unit.name + text


def _ended(line: str) -> str:
    bare = line.rstrip(CLOSING)
    if bare and bare[-1] in ENDS:
        return line
    return line.rstrip(OPEN_ENDED) + "。"


def listing(names: Sequence[str], most: int = 6) -> str:
    """Names joined by 、; more than ``most`` are counted: 山门镇、石岭镇等8个单位.

    A single one more is named too: 等 would hide no more than it says.
    """
    if len(names) <= most + 1:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等{len(names)}个单位"


def counted(plan: Plan, items: Mapping[str, int]) -> list[str]:
    """Units with how many items each has, those with most first and else in the plan's order: 山门镇2项.

    Args:
        plan: whose units.
        items: how many each has, by id; units that have none may be missing.
    """
    ordered = sorted((unit for unit in plan.units if items.get(unit.id)), key=lambda unit: -items[unit.id])
    return [f"{unit.name}{items[unit.id]}项" for unit in ordered]


def runs(parts: Iterable[str | Run]) -> tuple[Run, ...]:
    """Strings and figures as the runs of a paragraph, neighbouring strings joined."""
    joined: list[Run] = []
    for part in parts:
        run = Text(text=part) if isinstance(part, str) else part
        if isinstance(run, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(text=joined[-1].text + run.text)
        elif not (isinstance(run, Text) and not run.text):
            joined.append(run)
    return tuple(joined)
