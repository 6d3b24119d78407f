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


def chinese_date(day: date) -> str:
    """A date with Arabic digits and no leading zeros (GB/T 9704-2012, 7.3.5.4): 2026年12月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
