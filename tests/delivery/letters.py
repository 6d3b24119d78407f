"""A letter of the cast's, for adapters."""

from dataclasses import replace
from datetime import date
from typing import Any

from services.delivery.letter import Letter
from tests import cast

LETTER = Letter(
    uid="6b1d9a52-6a5e-4d57-9a53-0d1f6a1f1f10",
    to="liming@town.example.cn",
    name=cast.LI_MING,
    day=date(2025, 3, 24),
    at=cast.moment("2025-03-24 08:30"),
    subject="关爱行动：1 项工作即将到期，最早3月31日截止",
    lines=("关爱行动：1 项工作即将到期", "· 每季度走访（2025年第一季度）3月31日截止"),
    text="李明同志：\n\n.每季度走访，3月31日截止\n",
    html="<p>每季度走访，3月31日截止</p>",
    link="https://care.example.cn/units/town",
)


def letter(**changed: Any) -> Letter:
    """The letter with something else about it."""
    return replace(LETTER, **changed)


LONG = tuple(f"第{n}项：每季度走访（2025年第一季度）3月31日截止" for n in range(100))
"""Far beyond 2048 bytes, and within 20,000."""
