"""The data inside a report's PDF: what it was rendered from and where its figures come from; put in, and read back.

A consolidated report carries its whole snapshot, any other document only what is its own; all carry the figures as tables.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path

import pikepdf
from pydantic import TypeAdapter, ValidationError

from domain.problems import Problem, ProblemKind
from domain.report.blocks import Document, Part
from domain.report.frozen import Frozen
from domain.report.frozen import from_bytes as read_frozen
from domain.report.ledger import FigureLine, Ledger
from domain.report.single import SingleSnapshot
from domain.report.snapshot import from_bytes, sha256
from domain.workdays import BEIJING
from services import workers
from services.documents import Kind, document_pdf
from services.rendering import EmbeddedFile
from services.report_folder import SNAPSHOT, ReportFolder, put, word_name
from services.word.document import document_docx
from services.workbook.table import render_table

OWN = "evidence.json"
"""What any other than a consolidated report carries in place of the snapshot."""
FIGURES = "figures"
MOST_BYTES = 400 * 1024**2
_COLUMNS = (
    ("编号", 10),
    ("年度", 8),
    ("指标", 40),
    ("计量单位", 10),
    ("单位", 22),
    ("数值", 14),
    ("是否报齐", 10),
    ("提交号", 40),
)


class Evidence(Part):
    """What a PDF was rendered from.

    Attributes:
        snapshot_sha256: of the snapshot that it belongs to.
        until: the last due day that its figures speak of, where that may be before ``as_of``; None where it is that day.
        unit: whose own report it is; empty for any other.
        kind: the template that draws it.
    """

    plan: str
    plan_sha256: str
    year: int
    as_of: date
    until: date | None = None
    snapshot_sha256: str
    unit: str
    kind: Kind
    document: Document
    ledger: Ledger


_EVIDENCE = TypeAdapter(Evidence)


def evidence(snapshot: Frozen, digest: str, unit: str | None, paper: int = 0) -> Evidence | None:
    """What the PDF of a snapshot's document is rendered from; None for a snapshot that has no ledger.

    Args:
        snapshot: the snapshot.
        digest: its own.
        unit: id of the unit whose own report it is; None for the others.
        paper: its place among the papers of the snapshot; 0 for the consolidated one.
    """
    if snapshot.ledger is None:
        return None
    if isinstance(snapshot, SingleSnapshot):
        return _evidence(snapshot, digest, "", snapshot.kind, snapshot.document, snapshot.ledger)
    if unit is None and paper:
        other = snapshot.others[paper - 1 - len(snapshot.units)]
        return _evidence(snapshot, digest, "", other.kind, other.document, other.ledger)
    if unit is None:
        return _evidence(snapshot, digest, "", "annual", snapshot.consolidated, snapshot.ledger)
    document = next(one.document for one in snapshot.units if one.unit == unit)
    own = tuple(f for f in snapshot.ledger.figures if f.owner == unit)
    used = {number for figure in own for number in figure.sources}
    sources = tuple(s for s in snapshot.ledger.sources if s.submission in used)
    return _evidence(snapshot, digest, unit, "unit", document, Ledger(figures=own, sources=sources))


def filed_evidence(folder: Path, unit: str | None, paper: int) -> Evidence | None:
    """What a paper of a filed report was rendered from; None for one without a ledger (format 1).

    Args:
        folder: of the report.
        unit: id of the unit whose own report it is; None for the others.
        paper: its place among the papers.
    """
    content = (folder / SNAPSHOT).read_bytes()
    return evidence(read_frozen(content), sha256(content), unit, paper)


def attachments(content: bytes, found: Evidence) -> tuple[EmbeddedFile, ...]:
    """The files that go into the PDF.

    Args:
        content: the snapshot.
        found: of :func:`evidence`.
    """
    data = EmbeddedFile(SNAPSHOT, "数据快照", content)
    if found.kind != "annual":
        data = EmbeddedFile(OWN, "本报告的数据", _EVIDENCE.dump_json(found, indent=2) + b"\n")
    at = datetime.combine(found.as_of, time(), BEIJING)
    title = f"{found.document.title}：数字及其来源"
    rows = list(_rows(found.ledger.figures))
    return (
        data,
        EmbeddedFile(f"{FIGURES}.csv", "数字及其来源（CSV）", table_csv(_COLUMNS, rows)),
        EmbeddedFile(
            f"{FIGURES}.xlsx", "数字及其来源（Excel）", render_table("数字", title, _COLUMNS, rows, at)
        ),
    )


def read_evidence(pdf: Path) -> Evidence:
    """The data inside a PDF.

    Raises:
        Problem: 1901 where the file is no PDF; 1902 where it carries no data of ours; 1903 where that is faulty.
    """
    try:
        with pikepdf.open(pdf) as document:
            inside = {
                name: spec.get_file().read_bytes()
                for name, spec in document.attachments.items()
                if _ours(name, spec)
            }
    except (pikepdf.PdfError, OSError, ValueError) as error:
        raise Problem(ProblemKind.PDF_UNREADABLE, file=pdf.name) from error
    try:
        if SNAPSHOT in inside:
            found = evidence(from_bytes(inside[SNAPSHOT]), sha256(inside[SNAPSHOT]), None)
        else:
            found = _EVIDENCE.validate_json(inside[OWN]) if OWN in inside else None
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Problem(ProblemKind.EVIDENCE_FAULTY, file=pdf.name, reason=where or "JSON") from error
    if found is None:
        raise Problem(ProblemKind.EVIDENCE_MISSING, file=pdf.name)
    return found


def file_document(folder: ReportFolder, name: str, unit: str | None, paper: int) -> None:
    """Render a document of a folder's snapshot into it, with its data inside; runs in a process of its own.

    Args:
        folder: of reports, with the snapshot in it.
        name: of the PDF; the Word file beside it has the same one with its own suffix.
        unit: id of the unit whose own report it is; None for the others.
        paper: its place among the papers of the snapshot.
    """
    content = (folder.work / SNAPSHOT).read_bytes()
    found = evidence(read_frozen(content), sha256(content), unit, paper)
    if found is None:
        raise ValueError("a snapshot of this program has a ledger")
    put(folder, word_name(name), document_docx(found.document, found.snapshot_sha256, paper, found.kind))
    put(
        folder,
        name,
        document_pdf(
            found.document, found.kind, found.snapshot_sha256, attachments=attachments(content, found)
        ),
    )
    del content, found
    workers.give_back()


def table_csv(columns: Iterable[tuple[str, float]], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV: UTF-8 with a mark, so that a spreadsheet takes the Chinese as such."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([head for head, _ in columns])
    writer.writerows(rows)
    return "\ufeff".encode() + text.getvalue().encode()


def _ours(name: str, spec: pikepdf.AttachedFileSpec) -> bool:
    return name in {SNAPSHOT, OWN} and (spec.get_file().size or 0) <= MOST_BYTES


def _evidence(
    snapshot: Frozen, digest: str, unit: str, kind: Kind, document: Document, ledger: Ledger
) -> Evidence:
    return Evidence(
        plan=snapshot.plan,
        plan_sha256=snapshot.plan_sha256,
        year=snapshot.year,
        as_of=snapshot.as_of,
        until=snapshot.until if isinstance(snapshot, SingleSnapshot) else None,
        snapshot_sha256=digest,
        unit=unit,
        kind=kind,
        document=document,
        ledger=ledger,
    )


def _rows(figures: Iterable[FigureLine]) -> Iterator[Sequence[str]]:
    for figure in figures:
        yield (
            figure.id,
            str(figure.year),
            figure.name,
            figure.measure_unit,
            figure.owner_name,
            figure.released.text(),
            "是" if figure.whole else "否",
            "、".join(map(str, figure.sources)),
        )
