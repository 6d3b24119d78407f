"""The lines of a PDF, with how far each reaches across its page."""

import statistics
from collections import Counter
from collections.abc import Iterator

import pypdfium2

from domain.drafting.lines import Line
from domain.problems import Problem, ProblemKind

MOST_PAGES = 300


def read_pdf(file: str, data: bytes) -> list[Line]:
    """The lines of all pages, measured in characters from the left edge of the text.

    Raises:
        Problem: 1501 where it is damaged, has a password, or has no text; 1502 where it has too many pages.
    """
    try:
        document = pypdfium2.PdfDocument(data)
        if len(document) > MOST_PAGES:
            raise Problem(ProblemKind.NOTICE_TOO_LARGE, file=file, most=f"{MOST_PAGES} 页")
        lines = [line for number, page in enumerate(document, start=1) for line in _page(page, number)]
    except pypdfium2.PdfiumError as error:
        raise Problem(
            ProblemKind.NOTICE_UNREADABLE,
            file=file,
            reason="PDF 已损坏，或设有打开密码",
            mend="请取消密码或重新导出后再试。",
        ) from error
    return _measured(lines)


def _page(page: pypdfium2.PdfPage, number: int) -> Iterator[Line]:
    """A page's lines, ``left`` and ``right`` in points."""
    textpage = page.get_textpage()
    text = textpage.get_text_range()
    at, row = 0, 0
    for raw in text.splitlines(keepends=True):
        body = raw.strip()
        if body:
            row += 1
            first = at + len(raw) - len(raw.lstrip())
            left = _edge(textpage, first, 0)
            right = _edge(textpage, first + len(body) - 1, 2)
            yield Line(body, ((0, f"第{number}页第{row}行"),), number, left, right)
        at += len(raw)


def _edge(textpage: pypdfium2.PdfTextPage, index: int, side: int) -> float:
    if index >= textpage.count_chars():
        return 0.0
    return float(textpage.get_charbox(index, loose=True)[side])


def _measured(lines: list[Line]) -> list[Line]:
    """The lines with their reach in characters of the text, from its left edge."""
    wide = [
        (line.right - line.left) / len(line.text)
        for line in lines
        if len(line.text) > 5 and line.right > line.left
    ]
    if not wide:
        return lines
    size = statistics.median(wide)
    lefts = Counter(round(line.left) for line in lines if len(line.text) > 5)
    edge = min((left for left, often in lefts.items() if often > 1), default=min(lefts))
    return [
        Line(line.text, line.marks, line.page, max((line.left - edge) / size, 0), (line.right - edge) / size)
        for line in lines
    ]
