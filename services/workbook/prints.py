"""Short digests of cells, by which the reader sees what was changed since the form was handed out."""

import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal


def print_of(values: Sequence[object]) -> str:
    """A short digest of the form's own cells, blind to spaces and line ends, which office programs alter."""
    return _digest(["".join(_canonical(v).split()) for v in values])


def exact_print_of(values: Sequence[object]) -> str:
    """A short digest of cells that the unit fills in: differs wherever what they say differs."""
    return _digest([_canonical(v) for v in values])


def _digest(texts: list[str]) -> str:
    canonical = json.dumps(texts)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _canonical(value: object) -> str:
    """A cell's content as text; a number as an office program keeps it, with 15 digits."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{float(value):.15g}"
    return "" if value is None else str(value).strip()
