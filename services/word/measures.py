"""Lengths of GB/T 9704-2012 in the units of Word: a twip is a twentieth of a point, an EMU 1/12700 of one."""

from itertools import pairwise

MM = 1440 / 25.4
"""Twips of a millimetre."""
EMU_OF_POINT = 12700
EMU_OF_MM = 36000

A4 = round(210 * MM), round(297 * MM)
TEXT_WIDTH, TEXT_HEIGHT = round(156 * MM), round(225 * MM)
ROW = TEXT_HEIGHT // 22
"""One of 22 lines on a page, rounded down: a twip more, and the last one would not fit."""
TRACKING = -5
"""What each character is set closer by: 28 of 16 pt are 2 mm wider than the type area."""
INDENT = round(31.552 * 20)
"""Two characters of the body as they are set."""


def twips(points: float) -> int:
    """Points in twips."""
    return round(points * 20)


def half_points(points: float) -> int:
    """Points in half points, in which Word tells sizes of type."""
    return round(points * 2)


def widths(shares: tuple[float, ...], whole: int) -> tuple[int, ...]:
    """Widths of a table's columns that sum up to ``whole``, from their shares of it."""
    edges = [0]
    total, reached = sum(shares), 0.0
    for share in shares:
        reached += share
        edges.append(round(whole * reached / total))
    return tuple(right - left for left, right in pairwise(edges))
