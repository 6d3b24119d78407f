"""Numbers that carry a person's identity: citizen identity numbers and payment cards.

GB 11643-1999 (公民身份号码): six digits of region, eight of birth date, three of order, one check
character by ISO 7064 MOD 11-2. The identity number sits inside others: a disability card is the
number with two digits behind it, a pupil number (学籍号) one with a letter before it.
ISO/IEC 7812-1: a card number ends in a Luhn check digit.
"""

import re
from datetime import date
from typing import Final

_PROVINCE: Final = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[1-9])"
_MONTH_DAY: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_BORN: Final = rf"{_PROVINCE}[0-9]{{4}}(?:19|20)[0-9]{{2}}{_MONTH_DAY}[0-9]"
_NUMBER_18: Final = re.compile(rf"(?=({_BORN}[0-9]{{2}}[0-9Xx]))")
_NUMBER_15: Final = re.compile(rf"{_PROVINCE}[0-9]{{6}}{_MONTH_DAY}[0-9]{{3}}")
_BORN_PREFIX: Final = re.compile(_BORN)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS: Final = "10X98765432"
_LATEST_BIRTH_YEAR: Final = 2049

# Issuer prefixes in use in China: UnionPay (62, and the banks' own of before 2002: 60, 68, 69, 90,
# 94, 95, 98, 103 of the Agricultural Bank), Visa, Mastercard, American Express, JCB, Diners Club;
# each with the lengths it occurs in.
_CARD: Final = re.compile(
    r"62[0-9]{14,17}|(?:60|68|69|90|94|95|98)[0-9]{14,17}|103[0-9]{16}"
    r"|4[0-9]{12}(?:[0-9]{3}){0,2}|5[1-5][0-9]{14}|222[1-9][0-9]{12}|2[3-6][0-9]{14}"
    r"|27[01][0-9]{13}|2720[0-9]{12}|3[47][0-9]{13}|35(?:2[89]|[3-8][0-9])[0-9]{12}"
    r"|3(?:0[0-5]|[68][0-9])[0-9]{11}"
)


def identity_numbers(digits: str) -> tuple[tuple[int, int], ...]:
    """Spans of valid 18-character identity numbers in a run of digits (and X).

    Every starting point is tried, so that a serial number glued to the front hides nothing. A
    number counts if its region, date and check character are right: of a random run of 18 digits
    about one in 80,000.
    """
    spans: list[tuple[int, int]] = []
    for match in _NUMBER_18.finditer(digits):
        start = match.start()
        if spans and start < spans[-1][1]:
            continue
        if _is_identity_number(match.group(1).upper()):
            spans.append((start, start + 18))
    return tuple(spans)


def is_old_identity_number(digits: str) -> bool:
    """Whether 15 digits read as an identity number of before 2000 (which has no check digit)."""
    return _NUMBER_15.fullmatch(digits) is not None and _is_day("19" + digits[6:12])


def starts_like_identity_number(digits: str) -> bool:
    """Whether region and birth date are plausible, whatever the last digits are.

    A spreadsheet keeps 15 significant digits: of an identity number stored as a figure only this
    much is left, and it still tells where and when the person was born.
    """
    return _BORN_PREFIX.match(digits) is not None and _is_day(digits[6:14])


def is_card_number(digits: str) -> bool:
    """Whether 13 to 19 digits have a card issuer's prefix and a right Luhn check digit."""
    return looks_like_card_number(digits) and _luhn(digits)


def looks_like_card_number(digits: str) -> bool:
    """Whether prefix and length are a card's; the check digit is not looked at."""
    return _CARD.fullmatch(digits) is not None


def _is_identity_number(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK_CHARACTERS[total % 11] == number[17] and _is_day(number[6:14])


def _is_day(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1900 <= born.year <= _LATEST_BIRTH_YEAR


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
