"""The few lengths of the house layout that depend on a document's words (GB/T 9704-2012)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.charts import text_width

BODY = 16.0
"""3号, in points: one character of the body."""

ROW = 10.2272 / 25.4 * 96
"""From line to line of the body, in CSS pixels; ``--row`` of the stylesheet."""

TYPE_AREA_TOP = 37 / 25.4 * 96
"""Top margin of an upright page, in CSS pixels."""


@dataclass(frozen=True)
class SignaturePlace:
    """How far from the right edge of the type area 署名 and 成文日期 end, in points."""

    issuer: float
    day: float


def mark_size(mark: str) -> float:
    """Size of 发文机关标志 in points: large, but never so large that it takes two lines."""
    return round(min(45.0, 440.0 / max(len(mark), 1)), 1)


def place_signature(issuer: str, day: str) -> SignaturePlace:
    """Date four characters in from the right, the issuer centred over it (7.3.5.1).

    An issuer so long that it would pass the right edge ends there, and the date moves left to stay under its middle.
    """
    widths = text_width(issuer, BODY), text_width(day, BODY)
    day_right = 4 * BODY
    issuer_right = day_right + (widths[1] - widths[0]) / 2
    overhang = max(0.0, -issuer_right)
    return SignaturePlace(issuer=issuer_right + overhang, day=day_right + overhang)


def lead_level(lead: str) -> int:
    """The level of a heading that runs into its paragraph, by its number: 一、 is 1, （一） 2, 1. 3, anything else 4."""
    numbers = ("[一二三四五六七八九十]+、", "（[一二三四五六七八九十]+）", r"\d+[.．]")
    return next((level for level, number in enumerate(numbers, start=1) if re.match(number, lead)), 4)


def column_widths(shares: Sequence[float]) -> tuple[str, ...]:
    """Widths of a table's columns in per cent, from their shares of the whole."""
    whole = sum(shares)
    return tuple(f"{share / whole * 100:.3f}%" for share in shares)
