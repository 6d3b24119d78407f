"""A notice's file, whatever kind it is, as paragraphs with their places."""

import re
from pathlib import Path

from domain.drafting.lines import ROW, Line, paragraphs
from domain.problems import Problem, ProblemKind
from services.notices.pdf import read_pdf
from services.notices.word import read_word

MOST_BYTES = 20 * 1024 * 1024
MOST_CHARACTERS = 500_000
"""A notice has some ten thousand; a book of rules some hundred thousand."""
MOST_LINES = 20_000
"""Lines with text; a notice broken into lines by its pages has a thousand."""

_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_lines(path: Path) -> tuple[Line, ...]:
    """The paragraphs of a notice, joined where pages break lines.

    Args:
        path: a text file (UTF-8, UTF-16 or the national encoding GB 18030), a Word document (.docx) or a PDF with text.

    Raises:
        Problem: 107 where there is no such file; 1501 where it cannot be read; 1502 where it is too large.
    """
    data = _content(path)
    if data.startswith(b"%PDF-"):
        lines = read_pdf(path.name, data)
    elif data.startswith(b"PK\x03\x04"):
        lines = read_word(path.name, data)
    elif data.startswith(_OLD_WORD):
        raise unreadable(
            path.name, "是旧格式（.doc、.wps），或设有密码", "请用 Word 或 WPS 另存为 .docx 后再试。"
        )
    else:
        lines = [
            _line(text, number) for number, text in enumerate(_text(path.name, data).splitlines(), start=1)
        ]
    if sum(len(line.text) for line in lines) > MOST_CHARACTERS:
        raise Problem(ProblemKind.NOTICE_TOO_LARGE, file=path.name, most=f"{MOST_CHARACTERS // 10_000} 万字")
    if sum(1 for line in lines if line.text) > MOST_LINES:
        raise Problem(ProblemKind.NOTICE_TOO_LARGE, file=path.name, most=f"{MOST_LINES // 10_000} 万行")
    if not any(line.text for line in lines):
        raise unreadable(path.name, "没有文字", "扫描件请先作文字识别，另存为文本或 Word 文档后再试。")
    return paragraphs(lines)


def unreadable(file: str, reason: str, mend: str) -> Problem:
    """The problem of a file that cannot be read as a notice."""
    return Problem(ProblemKind.NOTICE_UNREADABLE, file=file, reason=reason, mend=mend)


def _line(text: str, number: int) -> Line:
    """A line of a text; one with several upright strokes is a row of a table, as programs write them."""
    if not re.search(r"[|｜│]", text):
        return Line.of(text, f"第{number}行")
    cells = [cell.strip() for cell in re.split(r"[|｜│]", text.strip().strip("|｜│"))]
    row = ROW + ROW.join(cells) if len(cells) > 2 and any(cells) else "　".join(cells)
    return Line.of(row, f"第{number}行")


def _content(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > MOST_BYTES:
            raise Problem(
                ProblemKind.NOTICE_TOO_LARGE, file=path.name, most=f"{MOST_BYTES // 1024 // 1024} MB"
            )
        return path.read_bytes()
    except OSError as error:
        raise Problem(ProblemKind.NOTICE_NOT_FOUND, path=path) from error


def _text(file: str, data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(sign < " " and sign not in "\t\n\r\f\v" for sign in text):
            return text
    raise unreadable(file, "不是文字文件", "只能读纯文本（.txt）、Word 文档（.docx）和带文字的 PDF。")
