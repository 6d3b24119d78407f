"""What stands in one cell: a figure however it was typed, a state, a text; or what is wrong with it.

Answers never hold what was found where it could be a person's data: the guard (``domain.privacy``) looks first.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from domain.entries import STATE_NAMES, State
from domain.typed import UnfitError, typed_figure, without_noise
from services.workbook.writer import readable

SIGNIFICANT_DIGITS = 15
"""Digits that an office program keeps of a number."""

_STATES = {name: state for state, name in STATE_NAMES.items()}


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
            return without_noise(Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}"), decimals)
        case str():
            return typed_figure(readable(value), decimals)
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
