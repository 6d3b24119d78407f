"""Which face of the standard a font of a PDF is, by its name there, and whether it is the face itself or an open one."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from services.layout_check.geometry import Glyph, is_han


@dataclass(frozen=True)
class Look:
    """A face of the standard, with patterns of the names that fonts of it carry (folded, without spaces and dashes)."""

    key: str
    label: str
    own: str
    open: str


_LOOKS = (
    Look(
        "xiaobiaosong",
        "小标宋体",
        r"小标宋|xiaobiaosong|fzxbs|cesixbs",
        r"(noto|source)\w*(serif|song)\w*(bold|heavy|black|semibold)|fandolsongbold|思源宋体\w*(bold|heavy)",
    ),
    Look("fangsong", "仿宋体", r"仿宋|fangsong|simfang|fzfs|cesifs|stfang", r"fandolfang"),
    Look("kaiti", "楷体", r"楷|kaiti|simkai|fzkt|cesikt|stkai", r"fandolkai|lxgwwenkai|霞鹜文楷|ukai"),
    Look("heiti", "黑体", r"黑体|simhei|heiti|fzht|cesiht|sthei", r"fandolhei|(noto|source)\w*sans|思源黑体"),
    Look(
        "songti",
        "宋体",
        r"宋体|书宋|simsun|songti|fzss|cesiss|stsong",
        r"fandolsong|(noto|source)\w*(serif|song)|思源宋体",
    ),
)
LABELS = {look.key: look.label for look in _LOOKS}


@dataclass(frozen=True)
class Played:
    """The face that a font plays; ``key`` is its own name where the font is none of the standard's."""

    key: str
    standing_in: bool


def played(font: str) -> Played:
    """Which face a font of that name is."""
    name = re.sub(r"[\s_\-]", "", font).lower()
    for look in _LOOKS:
        if re.search(look.open, name):
            return Played(look.key, standing_in=True)
    for look in _LOOKS:
        if re.search(look.own, name):
            return Played(look.key, standing_in=False)
    return Played(font, standing_in=False)


def counted(glyphs: Iterable[Glyph]) -> Counter[str]:
    """How many Chinese characters are in which font."""
    return Counter(glyph.font for glyph in glyphs if is_han(glyph.text))


def told(fonts: Counter[str]) -> str:
    """Fonts as a finding names them, the commonest first: 仿宋体（FandolFang，以开源字体代替）."""
    words = []
    for font, _ in fonts.most_common(3):
        face = played(font)
        label = LABELS.get(face.key)
        if label is None:
            words.append(font or "未命名的字体")
        else:
            words.append(f"{label}（{font}{'，以开源字体代替' if face.standing_in else ''}）")
    return "、".join(words) or "无汉字"


def all_in(fonts: Counter[str], key: str, *, but: float = 0.02) -> bool:
    """Whether all Chinese characters are in one face, but for a few that the face lacks (rare ones of names)."""
    whole = sum(fonts.values())
    return whole > 0 and sum(n for font, n in fonts.items() if played(font).key != key) <= but * whole


def stand_ins(glyphs: Iterable[Glyph]) -> dict[str, str]:
    """The open font that stands in most, by the standard's face."""
    found: dict[str, str] = {}
    for font, _ in counted(glyphs).most_common():
        face = played(font)
        if face.standing_in:
            found.setdefault(LABELS[face.key], font)
    return found
