"""Every clause, in the standard's order, on one document."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2

from domain.problems import Problem, ProblemKind
from services.layout_check import (
    close_clauses,
    faces,
    fine_setting,
    folio_clauses,
    head_clauses,
    page_clauses,
)
from services.layout_check.anatomy import Anatomy
from services.layout_check.findings import Finding, LayoutReport
from services.layout_check.reading import read_sheets

_CLAUSES: tuple[Callable[[Anatomy], Iterator[Finding]], ...] = (
    page_clauses.paper,
    page_clauses.margins,
    page_clauses.body_type,
    page_clauses.lines_and_characters,
    page_clauses.colour,
    page_clauses.outside,
    head_clauses.letterhead,
    head_clauses.title,
    head_clauses.addressee,
    head_clauses.text,
    close_clauses.annex_list,
    close_clauses.signature,
    close_clauses.annexes,
    close_clauses.imprint,
    folio_clauses.page_numbers,
    folio_clauses.turned_tables,
    page_clauses.grid,
    fine_setting.line_ends,
    fine_setting.page_ends,
    fine_setting.tables,
)


def check_layout(pdf: bytes, name: str = "") -> LayoutReport:
    """Measure a PDF against GB/T 9704-2012.

    Args:
        pdf: whoever made it; nothing is taken for granted but that its text is text.
        name: what to call it in a refusal.

    Raises:
        Problem: 1901 where it is no PDF that can be read; 1601 where its pages carry no text.
    """
    try:
        sheets = read_sheets(pdf)
    except pypdfium2.PdfiumError as error:
        raise Problem(ProblemKind.PDF_UNREADABLE, file=name) from error
    glyphs = [g for sheet in sheets for line in (*sheet.lines, *sheet.downward) for g in line.glyphs]
    if not glyphs:
        raise Problem(ProblemKind.PDF_WITHOUT_TEXT, file=name)
    found = Anatomy(sheets)
    return LayoutReport(
        pages=len(sheets),
        findings=tuple(finding for clause in _CLAUSES for finding in clause(found)),
        stand_ins=faces.stand_ins(glyphs),
    )


def check_layout_file(path: Path) -> LayoutReport:
    """Measure a file, as :func:`check_layout` does.

    Raises:
        Problem: 1901 where it is not there or cannot be read; 1601 where it carries no text.
    """
    try:
        pdf = path.read_bytes()
    except OSError as error:
        raise Problem(ProblemKind.PDF_UNREADABLE, file=path.name) from error
    return check_layout(pdf, path.name)
