"""The form's hidden stamp: whose form it is, of which plan and layout, and what each row of it answers.

The stamp is what a form is known by; file names and sheets can be changed by anybody. Its digest shows damage and
careless edits. It is no proof of origin: whatever a forged stamp claims is checked again against the store.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from services.workbook.layout import LAYOUT_VERSION, Form, Line
from services.workbook.prints import exact_print_of, print_of

CHUNK = 30_000
"""Characters in one cell of the stamp; Excel holds 32767."""


class Row(BaseModel):
    """What one row of the form answers, and how it looked when it was handed out.

    ``locked`` is the print of the form's own cells (``layout.print_of``), ``filled`` of those to fill in
    (``layout.exact_print_of``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheet: str
    key: str
    part: str
    locked: str
    filled: str
    decimals: int = 0


class Stamp(BaseModel):
    """The identity of one handed-out form.

    ``rows`` are by their number (编号); ``own`` are prints of every other text that the form itself wrote, so that
    the guard looks only at what somebody else put there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    layout: int
    plan: str
    plan_sha256: str
    unit: str
    year: int
    exported_at: datetime
    rows: dict[str, Row]
    own: tuple[str, ...]


class _Cell(Protocol):
    value: object


class _Sheet(Protocol):
    def cell(self, row: int, column: int) -> _Cell: ...


def stamp_of(form: Form, plan_sha256: str, at: datetime, own: Iterable[object]) -> Stamp:
    """The stamp of a form that is handed out ``at`` a moment, with its ``own`` texts outside the rows."""
    return Stamp(
        layout=LAYOUT_VERSION,
        plan=form.plan_id,
        plan_sha256=plan_sha256,
        unit=form.unit,
        year=form.year,
        exported_at=at,
        rows={line.number: _row(name, line) for name, lines in form.lines.items() for line in lines},
        own=tuple(sorted({print_of([text]) for text in own})),
    )


def written(stamp: Stamp) -> tuple[str, ...]:
    """The texts that stand in the stamp sheet's first column: the digest, then the stamp in pieces."""
    body = stamp.model_dump_json()
    pieces = (body[start : start + CHUNK] for start in range(0, len(body), CHUNK))
    return (_digest(body), *pieces)


def read_stamp(sheet: _Sheet, rows: int) -> Stamp | None:
    """The stamp in a stamp sheet of so many rows; None where it was damaged or altered."""
    texts = [str(sheet.cell(row=row, column=1).value or "") for row in range(1, rows + 1)]
    body = "".join(texts[1:])
    if not texts or not hmac.compare_digest(_digest(body).encode(), texts[0].encode()):
        return None
    try:
        return Stamp.model_validate_json(body)
    except ValidationError:
        return None  # a stamp of another layout, or made up


def _row(sheet: str, line: Line) -> Row:
    return Row(
        sheet=sheet,
        key=line.key,
        part=line.part,
        locked=print_of(line.locked),
        filled=exact_print_of(line.filled),
        decimals=line.decimals,
    )


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
