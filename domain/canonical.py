"""One spelling for one content, so that equal content has an equal digest whichever door it came through."""

import hashlib
import json
import unicodedata
from decimal import Decimal

from domain.entries import FigureEntry, ItemEntry, Passage

_DIGITS = 40
"""More digits than any decimal in the store has."""


def sha256(text: str) -> str:
    """Hexadecimal SHA-256 of ``text`` in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces; Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def decimal_places(value: Decimal) -> int:
    """Digits after the point that are not trailing zeros; ``value`` must be finite."""
    if not value:
        return 0
    _, digits, exponent = value.as_tuple()
    places = -int(exponent)
    for digit in reversed(digits):
        if places <= 0 or digit:
            break
        places -= 1
    return max(places, 0)


def decimal_text(value: Decimal) -> str:
    """``value`` in plain digits without trailing zeros: ``3``, ``0.5``, ``1000``; ``value`` must be finite.

    What is beyond every figure stays in powers of ten: ``1E+999999`` would fill the memory with zeros.
    """
    if abs(value.adjusted()) > _DIGITS:
        return str(value)
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def clean_text(text: str) -> str:
    """``text`` without what no reader sees: control characters, outer blanks, foreign line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()


def person(name: str) -> str:
    """A person's name for comparison: one width, no blanks, no invisible characters."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in {"Cc", "Cf"})


def clean_entry(entry: ItemEntry) -> ItemEntry:
    """``entry`` as it is stored: clean texts, no empty passages, in a fixed order."""
    passages = (Passage(slot=p.slot, text=clean_text(p.text)) for p in entry.passages)
    figures = (
        FigureEntry(indicator=f.indicator, value=f.value, remark=clean_text(f.remark)) for f in entry.figures
    )
    return ItemEntry(
        key=entry.key,
        state=entry.state,
        passages=tuple(sorted((p for p in passages if p.text), key=lambda p: p.slot)),
        figures=tuple(sorted(figures, key=lambda f: f.indicator)),
        attachments=None if entry.attachments is None else tuple(sorted(set(entry.attachments))),
    )


def entry_sha256(entry: ItemEntry) -> str:
    """Digest of a clean entry: item, state, every passage, every figure with its remark, every attachment."""
    content: dict[str, object] = {
        "key": entry.key,
        "state": entry.state.value,
        "passages": [[p.slot, p.text] for p in entry.passages],
        "figures": [
            [f.indicator, None if f.value is None else decimal_text(f.value), f.remark] for f in entry.figures
        ],
    }
    if entry.attachments:
        content["attachments"] = list(entry.attachments)
    return sha256(canonical_json(content))
