"""What somebody typed for a figure, as people mean it; the same in a cell and on a page. Pure."""

import re
from decimal import Decimal, InvalidOperation

from domain.canonical import decimal_places

NOISE = Decimal("0.000001")
"""Binary floats stray from what was typed by far less than this; no indicator has more than four decimals."""

FIGURE_EXPECTED = "只填不小于 0 的数字"
"""What belongs where a figure is asked for, as told to whoever filled it in."""

_WIDE = str.maketrans("０１２３４５６７８９．，＋－　", "0123456789.,+- ")
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_TELLABLE = re.compile("[0-9.,+%~/— 约近超余多不足到左右大概无人次名户场个件份条万千百十元-]{1,16}")
"""Texts that may be shown again, because nobody is called so."""
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


class UnfitError(ValueError):
    """The place holds something that does not belong there; ``found`` says what, in Chinese."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(found)


def typed_figure(typed: str, decimals: int) -> Decimal | None:
    """The figure that somebody typed; None for nothing, which is not zero.

    Full-width digits (全角), blanks and thousands separators are read as people mean them. Whether the figure is in
    range is not asked here.

    Args:
        typed: the text.
        decimals: digits after the point that the indicator may have.

    Raises:
        UnfitError: for anything that is no number.
    """
    typed = typed.strip()
    if not typed:
        return None
    plain = typed.translate(_WIDE).replace(" ", "")
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _PLAIN.fullmatch(plain):
        raise UnfitError(f"文字“{typed}”" if _TELLABLE.fullmatch(plain) else "文字")
    return without_noise(Decimal(plain), decimals)


def without_noise(value: Decimal, decimals: int) -> Decimal:
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
