"""Headings of the first two levels, which have faces of their own: alone on a line or run into a paragraph."""

import re

from services.layout_check.geometry import Glyph, Line

_NUMBERING = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）")

Parts = tuple[tuple[Glyph, ...], tuple[Glyph, ...]]


def part_heading(line: Line) -> Parts:
    """A line's heading and its text: the heading ends at its full stop, else it is the whole line or there is none."""
    text = line.text
    if not _NUMBERING.match(text) or ("。" not in text and text[-1] in "；，："):
        return (), line.glyphs
    end = text.find("。") + 1 or len(text)
    return line.glyphs[:end], line.glyphs[end:]


def stands_alone(line: Line, right: float) -> bool:
    """Whether a line is a heading and nothing else; ``right`` is where its type area ends."""
    head, text = part_heading(line)
    return bool(head) and not text and head[-1].text != "。" and line.right < right - line.size / 2
