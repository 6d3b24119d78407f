"""Numbers and dates as official documents write them."""

from datetime import date

DIGITS = "〇一二三四五六七八九"


def chinese(number: int) -> str:
    """1 to 99 in Chinese numerals, as headings count: 一, 十二, 二十.

    Raises:
        ValueError: outside 1..99, which no heading reaches.
    """
    if not 1 <= number <= 99:
        raise ValueError(f"no heading is numbered {number}")
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones else "")


_ROUND = {"十": 10, "百": 100}
_DIGIT = {digit: value for value, digit in enumerate(DIGITS)} | {"○": 0, "零": 0, "两": 2}


def numeral(text: str) -> int:
    """The number that ``12``, ``十二``, ``二〇二四`` or ``⑫`` writes.

    Raises:
        ValueError: for what writes no number.
    """
    if text.isdecimal():
        return int(text)
    if len(text) == 1 and "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    if not text or any(sign not in _DIGIT and sign not in _ROUND for sign in text):
        raise ValueError(f"no number: {text}")
    if not any(sign in _ROUND for sign in text):
        return int("".join(str(_DIGIT[sign]) for sign in text))
    total, digit = 0, 0
    for sign in text:
        if sign in _ROUND:
            total, digit = total + (digit or 1) * _ROUND[sign], 0
        else:
            digit = _DIGIT[sign]
    return total + digit


def chinese_date(day: date) -> str:
    """A date with Arabic digits and no leading zeros (GB/T 9704-2012, 7.3.5.4): 2026年12月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
