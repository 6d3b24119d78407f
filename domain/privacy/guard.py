"""The guard: what in a text or a cell identifies a child, before anything is stored."""

from decimal import Decimal
from typing import Final

from domain.privacy import identity
from domain.privacy.counts import find_small_counts
from domain.privacy.names import find_names
from domain.privacy.numbers import find_numbers
from domain.privacy.passages import find_passages
from domain.privacy.reading import read
from domain.privacy.rules import Context, Finding, RuleId

_SIGNIFICANT_DIGITS: Final = 15  # of a figure in a spreadsheet; what follows is lost


def find(text: str, *, context: Context = Context.NARRATIVE) -> tuple[Finding, ...]:
    """What in `text` may not be stored.

    Pure, and linear in the length of the text. A finding says where and why, never what, so it
    may be logged and shown.

    Args:
        text: any text that came in from outside.
        context: what the text was written for; see `Context`.

    Returns:
        Findings in the order of the text, offsets into `text` as given; empty if it may come in.
    """
    reading = read(text)
    names = tuple(find_names(reading.text))
    spans = (
        *find_numbers(reading.text),
        *names,
        *find_passages(reading.text, tuple((start, end) for _, start, end in names)),
        *find_small_counts(reading.text),
    )
    findings = {
        Finding(*reading.original(start, end), rule)
        for rule, start, end in spans
        if not context.permits(rule)
    }
    return tuple(sorted(findings))


def find_in_value(value: object, *, context: Context = Context.NARRATIVE) -> tuple[Finding, ...]:
    """What in the value of a cell may not be stored.

    A number typed into a spreadsheet keeps 15 digits: an identity or card number stored so has
    lost its check digit and is judged by region and birth date, or by its issuer, alone. No
    figure of the plan has so many digits.

    Args:
        value: what the spreadsheet library read: text, number, date, truth value or nothing.
        context: what the cell was made for.

    Returns:
        As `find`; offsets are into the text, or into the digits of the number.
    """
    if value is None or isinstance(value, bool):
        return ()
    if isinstance(value, int | float | Decimal):
        return _find_in_number(Decimal(value), context)
    return find(str(value), context=context)


def _find_in_number(number: Decimal, context: Context) -> tuple[Finding, ...]:
    """Findings in a number, written out without powers of ten."""
    whole = number.is_finite() and abs(number) < 10**20 and number == int(number)
    digits = str(abs(int(number))) if whole else str(number)
    if len(digits) > _SIGNIFICANT_DIGITS and digits.isdigit():
        if len(digits) in (18, 20) and identity.starts_like_identity_number(digits):
            return (Finding(0, len(digits), RuleId.IDENTITY_NUMBER),)
        if identity.looks_like_card_number(digits):
            return (Finding(0, len(digits), RuleId.BANK_CARD),)
    return find(digits, context=context)
