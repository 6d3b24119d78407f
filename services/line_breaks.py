"""Where a line of Chinese may break, beyond what Unicode's rules know.

Unicode (UAX 14) keeps 避头尾 but lets no line break beside “ ”, which it cannot tell from English quotation marks, and
lets a number be parted from its measure word. Zero-width characters mend both; they do not show in extracted text.
"""

import re

BREAK = "\u200b"
"""Zero-width space: a line may break here."""
JOIN = "\u2060"
"""Word joiner: no line may break here."""

_OPENING = "（《〈「『【〔［｛“‘("
_CLOSING = "，。、；：？！）》〉」』】〕］｝”’…—%％‰℃,.;:?!)"
_HAN = "\u3400-\u9fff\uf900-\ufaff"

_BEFORE_QUOTE = re.compile(rf"(?<=[^\s{re.escape(_OPENING)}{JOIN}{BREAK}])(?=[“‘])")
_AFTER_QUOTE = re.compile(rf"(?<=[”’])(?=[^\s{re.escape(_CLOSING)}{JOIN}{BREAK}])")
_NUMBER_SPACE_WORD = re.compile(rf"(?<=[0-9%]) (?=[{_HAN}])")
_NUMBER_WORD = re.compile(rf"(?<=[0-9])(?=[{_HAN}])|(?<=第)(?=[0-9])")
# 连接号 and 间隔号 begin no line (GB/T 15834-2011, 5.1.4 and 5.1.7); the double 破折号 may.
_HYPHEN = re.compile(rf"(?<=[^\s—{JOIN}{BREAK}])(?=[～·]|—(?!—))")


def guard_breaks(text: str) -> str:
    """Let lines break outside Chinese quotation marks, but not between a number and its measure word or before 连接号.

    “3 名”, “2025年” and “第7号” stay together; “早发现” may begin a line, but its closing mark still stays with a
    full stop that follows. Doing so twice changes nothing.

    Args:
        text: one run of text without markup. What stands before and after it is not known, so that nothing is
            added at its ends.
    """
    text = _BEFORE_QUOTE.sub(BREAK, text)
    text = _AFTER_QUOTE.sub(BREAK, text)
    text = _NUMBER_SPACE_WORD.sub("\u00a0", text)
    text = _HYPHEN.sub(JOIN, text)
    return _NUMBER_WORD.sub(JOIN, text)
