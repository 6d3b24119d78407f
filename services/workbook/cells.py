"""What stands in one cell: a figure however it was typed, a state, a text; or what is wrong with it.

Answers never hold what was found where it could be a person's data: the guard (``domain.privacy``) looks first.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from domain.canonical import decimal_places
from domain.entries import STATE_NAMES, State
from services.workbook.writer import readable

NOISE = Decimal("0.000001")
"""Binary floats stray from what was typed by far less than this; no indicator has more than four decimals."""
SIGNIFICANT_DIGITS = 15
"""Digits that an office program keeps of a number."""

_STATES = {name: state for state, name in STATE_NAMES.items()}
_WIDE = str.maketrans("０１２３４５６７８９．，＋－　", "0123456789.,+- ")
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_TELLABLE = re.compile("[0-9.,+%~/— 约近超余多不足到左右大概无人次名户场个件份条万千百十元-]{1,16}")
"""Texts that may be shown again, because nobody is called so."""
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


class UnfitError(ValueError):
    """The cell holds something that does not belong there; ``found`` says what, in Chinese."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(found)


def figure(value: object, data_type: str, decimals: int) -> Decimal | None:
    """The figure in a cell; None for an empty one, which is not zero.

    Full-width digits (全角) and thousands separators are read as people mean them; stray digits of binary floats
    are rounded away. Whether the figure is in range is not asked here.

    Args:
        value: the cell's value as openpyxl has it.
        data_type: the cell's type as openpyxl has it.
        decimals: digits after the point that the indicator may have.

    Raises:
        UnfitError: for anything that is no number.
    """
    _refuse_computed(value, data_type)
    match value:
        case None:
            return None
        case bool():
            raise UnfitError("逻辑值（是/否）")
        case datetime() | date() | time() | timedelta():
            raise UnfitError("日期或时间")
        case int():
            return Decimal(value)
        case float():
            return _without_noise(Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}"), decimals)
        case str():
            return _typed(readable(value).strip(), decimals)
    raise UnfitError("无法识别的内容")


def state(value: object, data_type: str) -> State | None:
    """The state (完成情况) in a cell; None for an empty one.

    Raises:
        UnfitError: for anything that is not in the drop-down list.
    """
    typed = text(value, data_type).strip()
    if not typed:
        return None
    if typed not in _STATES:
        raise UnfitError("列表以外的内容")
    return _STATES[typed]


def text(value: object, data_type: str) -> str:
    """The text in a cell as it was typed; empty for an empty one. Numbers and dates become what they look like.

    Raises:
        UnfitError: for formulas and errors, whose text nobody typed.
    """
    _refuse_computed(value, data_type)
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case float():
            return f"{value:.{SIGNIFICANT_DIGITS}g}"
        case datetime() if value.time() == time():
            return value.date().isoformat()
    return readable(str(value))


def _refuse_computed(value: object, data_type: str) -> None:
    if data_type == "f":
        raise UnfitError("公式")
    if data_type == "e":
        raise UnfitError(f"错误值 {value}")


def _typed(typed: str, decimals: int) -> Decimal | None:
    if not typed:
        return None
    plain = typed.translate(_WIDE).replace(" ", "")
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _PLAIN.fullmatch(plain):
        raise UnfitError(f"文字“{typed}”" if _TELLABLE.fullmatch(plain) else "文字")
    return _without_noise(Decimal(plain), decimals)


def _without_noise(value: Decimal, decimals: int) -> Decimal:
    """The value rounded to its decimals where it is off by noise only; else as it is, for the rules to judge."""
    if not value.is_finite():
        raise UnfitError("超出范围的数")
    try:
        rounded = value.quantize(Decimal(1).scaleb(-decimals))
    except InvalidOperation:  # too many digits to be rounded, so no noise either
        return value
    if decimal_places(value) > decimals and abs(value - rounded) <= NOISE:
        return rounded
    return value
