"""The numbers that Word makes by itself: 一、 （一） 1. of automatic lists, which the text of a paragraph lacks."""

import re
from typing import Any

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from domain.numerals import chinese

_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "chineseLegalSimplified",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCountingThousand",
    "koreanDigital2",
}
_CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}
MOST_LEVELS = 9


class Numbering:
    """Counts a document's lists, paragraph by paragraph in their order."""

    def __init__(self, document: Any) -> None:
        self._abstract: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        part = next(
            (r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None
        )
        root = getattr(part, "element", None)
        if root is None:
            return
        for abstract in root.findall(qn("w:abstractNum")):
            levels = {
                int(level.get(qn("w:ilvl"), 0)): _level(level) for level in abstract.findall(qn("w:lvl"))
            }
            self._abstract[str(abstract.get(qn("w:abstractNumId")))] = levels
        for number in root.findall(qn("w:num")):
            link = number.find(qn("w:abstractNumId"))
            if link is not None:
                self._lists[str(number.get(qn("w:numId")))] = str(link.get(qn("w:val")))

    def label(self, paragraph: Paragraph) -> str:
        """The number before a paragraph, as Word shows it; empty where it bears none."""
        found = _place(paragraph)
        if found is None:
            return ""
        number, level = found
        abstract = self._lists.get(number, "")
        levels = self._abstract.get(abstract, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, [0] * MOST_LEVELS)
        counts[level] = counts[level] + 1 if counts[level] else levels[level][2]
        counts[level + 1 :] = [0] * (MOST_LEVELS - level - 1)
        return re.sub(r"%(\d)", lambda m: self._shown(levels, counts, int(m.group(1)) - 1), levels[level][1])

    @staticmethod
    def _shown(levels: dict[int, tuple[str, str, int]], counts: list[int], level: int) -> str:
        kind = levels[level][0] if level in levels else "decimal"
        count = counts[level] if 0 <= level < MOST_LEVELS else 0
        if kind in _CHINESE and 0 < count < 100:
            return chinese(count)
        if kind in _CIRCLED and 0 < count <= 20:
            return chr(ord("①") + count - 1)
        return str(count)


def _level(level: Any) -> tuple[str, str, int]:
    """A level's kind of number, its text with places, and where it starts; bullets have no text."""
    values = {
        name: found.get(qn("w:val"))
        for name in ("numFmt", "lvlText", "start")
        if (found := level.find(qn(f"w:{name}"))) is not None
    }
    kind = str(values.get("numFmt") or "decimal")
    start = values.get("start")
    text = "" if kind in ("bullet", "none") else str(values.get("lvlText") or "")
    return kind, text, int(start) if start and str(start).isdigit() else 1


def _place(paragraph: Paragraph) -> tuple[str, int] | None:
    """The list and level of a paragraph, its own or its style's; None where it is in none."""
    for properties in (paragraph._p.pPr, *_style_properties(paragraph)):  # noqa: SLF001 - no public way to numbering
        found = None if properties is None else properties.find(qn("w:numPr"))
        if found is None:
            continue
        number, level = found.find(qn("w:numId")), found.find(qn("w:ilvl"))
        if number is None:
            continue
        at = str(level.get(qn("w:val"))) if level is not None else "0"
        listed = str(number.get(qn("w:val")))
        return (listed, int(at)) if listed != "0" and at.isdigit() and int(at) < MOST_LEVELS else None
    return None


def _style_properties(paragraph: Paragraph) -> list[Any]:
    """The properties of a paragraph's style and of those that it is based on."""
    found: list[Any] = []
    style = paragraph.style
    while style is not None and len(found) < MOST_LEVELS:
        found.append(style.element.find(qn("w:pPr")))
        style = style.base_style
    return found
