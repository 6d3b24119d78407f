"""The one place that writes spreadsheets: a text stays a text, and the same content gives the same bytes.

Source of the first rule: a cell that begins with ``=``, ``+``, ``-`` or ``@`` is taken for a formula by office programs
(CWE-1236). openpyxl alone would turn a text that begins with ``=`` into one.
"""

import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.workbook import Workbook
from openpyxl.xml.functions import tostring

CELL_CHARACTERS = 32_767
"""What one cell holds, in UTF-16 units (Excel specifications and limits)."""

_FORMULA_STARTS = ("=", "+", "-", "@")
_XML_FORBIDDEN = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_CORE = "docProps/core.xml"


def put(cell: Cell, value: str | Decimal | int | None) -> None:
    """Write a text or a number into a cell; a text is never taken for a formula or an error.

    Raises:
        ValueError: for a text longer than a cell holds, which openpyxl would cut off silently.
    """
    if not isinstance(value, str):
        cell.value = value
        return
    text = _writable(value)
    if len(text.encode("utf-16-le")) // 2 > CELL_CHARACTERS:
        raise ValueError(f"a cell holds {CELL_CHARACTERS} characters at most")
    cell.value = text
    cell.data_type = "s"
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True  # else a double click in Excel makes it a formula after all


def readable(text: str) -> str:
    """The text of a cell as somebody typed it, without control characters with a line feed at line ends.

    Office programs write a control character as ``_x000D_`` (ECMA-376 part 1, ST_Xstring).
    """
    plain = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text
    plain = plain.replace("\r\n", "\n").replace("\r", "\n")
    return _XML_FORBIDDEN.sub("", ILLEGAL_CHARACTERS_RE.sub("", plain))


def to_bytes(workbook: Workbook, at: datetime) -> bytes:
    """The workbook as a file; ``at`` is the only moment that it bears, so that equal content is equal bytes."""
    moment = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    raw = io.BytesIO()
    workbook.properties.created = moment
    workbook.save(raw)
    workbook.properties.modified = moment  # saving set it to the clock
    core = tostring(workbook.properties.to_tree())
    packed = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, core if name == _CORE else source.read(name))
    return packed.getvalue()


def new_workbook(title: str, creator: str) -> Workbook:
    """An empty workbook with its document properties, and no sheet yet."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties = DocumentProperties(title=title, creator=creator)
    return workbook


def _writable(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _XML_FORBIDDEN.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))
    return _LOOKS_ESCAPED.sub("_x005F_", text)
