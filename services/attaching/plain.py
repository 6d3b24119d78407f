"""Reading plain text and CSV."""

import codecs
from collections.abc import Iterator

from services.attaching.pieces import Headings, Piece, UnfitError

_LINES = 20
"""Lines that are read together, so that what is told over a line's end is seen."""


def read_plain(data: bytes) -> Iterator[Piece | Headings]:
    """The text of a file, a few lines at a time.

    Raises:
        UnfitError: for what is no text in UTF-8, UTF-16 with its mark, or GB 18030.
    """
    lines = decoded(data).splitlines()
    for start in range(0, len(lines), _LINES):
        together = lines[start : start + _LINES]
        yield Piece(f"第 {start + 1}—{start + len(together)} 行", "\n".join(together))
    yield Headings("文件", tuple(word for line in lines for word in words(line)))


def words(line: str) -> list[str]:
    """The words of a line that blanks and separators set apart."""
    for separator in ",，;；|\t　":
        line = line.replace(separator, " ")
    return [word.strip('"“”') for word in line.split()]


def decoded(data: bytes) -> str:
    """The text that bytes stand for.

    Raises:
        UnfitError: where they are none.
    """
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(c < " " and c not in "\t\n\r\f" for c in text):
            return text
    raise UnfitError("无法识别的文件类型；附件只收 PDF、Word（.docx）、Excel（.xlsx）和纯文本（.txt、.csv）")
