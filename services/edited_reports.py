"""A report that somebody edited in Word, laid beside the snapshot that it was made from."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlmodel import Session

from domain.problems import Problem, ProblemKind
from domain.report.blocks import Document
from domain.report.edits import Edits, edits
from domain.report.frozen import Frozen
from domain.report.snapshot import sha256
from models.reports import report_of_snapshot
from services.documents import Kind
from services.office_package import UnreadableError, UnsafeError
from services.report_folder import SNAPSHOT
from services.reporting import documents, jobs
from services.word.document import document_docx
from services.word.reading import Edited, NotOneOfOursError, TooLongError, read_edited


@dataclass(frozen=True)
class Compared:
    """What was changed by hand.

    Attributes:
        title: of the document.
        day: the day from which it is seen.
        snapshot: digest of what was frozen.
        edits: what is different now.
    """

    title: str
    day: date
    snapshot: str
    edits: Edits


def read(name: str, data: bytes) -> Edited:
    """Read a Word file that people edited.

    Args:
        name: what it is called, for refusals.
        data: the whole file, of any content.

    Raises:
        Problem: 1702 for what is no Word file or no harmless one; 1703 for one that was not made here; 1704 for one
            that tells of two origins.
    """
    try:
        return read_edited(data)
    except UnreadableError as error:
        raise Problem(
            ProblemKind.EDITED_UNREADABLE, file=name, reason=error.reason, mend=error.mend
        ) from error
    except UnsafeError as error:
        mend = "请删去后再比对。"
        raise Problem(
            ProblemKind.EDITED_UNREADABLE, file=name, reason=f"含有{error.found}", mend=mend
        ) from error
    except TooLongError as error:
        told = {"reason": "内容比任何一份报告都长", "mend": "请删去与报告无关的内容后再比对。"}
        raise Problem(ProblemKind.EDITED_UNREADABLE, file=name, **told) from error
    except NotOneOfOursError as error:
        kind = ProblemKind.EDITED_CONTRADICTORY if error.contradiction else ProblemKind.EDITED_NOT_OURS
        raise Problem(kind, file=name) from error


def compare(session: Session, name: str, edited: Edited) -> Compared:
    """Compare a file with the report that the store knows it to come from.

    Raises:
        Problem: 1705 for the snapshot of another system; 708 or 711 where the filed report was changed or is gone.
    """
    row = report_of_snapshot(session, edited.origin.snapshot)
    if row is None:
        raise Problem(ProblemKind.EDITED_FOREIGN, file=name, snapshot=edited.origin.snapshot[:8])
    return _compare(name, edited, Path(row.folder), row.snapshot_sha256)


def compare_filed(folder: Path, name: str, edited: Edited) -> Compared:
    """Compare a file with a filed report, where no store is at hand.

    Raises:
        Problem: 1706 where the file does not come from that report; 708 or 711 where that was changed or is gone.
    """
    return _compare(name, edited, folder, None)


def _compare(name: str, edited: Edited, folder: Path, expected: str | None) -> Compared:
    try:
        content = (folder / SNAPSHOT).read_bytes()
    except OSError as error:
        raise Problem(ProblemKind.REPORT_GONE, folder=folder) from error
    digest = sha256(content)
    if expected is not None and digest != expected:
        raise Problem(ProblemKind.REPORT_ALTERED, folder=folder, files=SNAPSHOT)
    papers = _documents(content, folder)
    paper = edited.origin.paper
    if not digest.startswith(edited.origin.snapshot) or paper >= len(papers):
        raise Problem(ProblemKind.EDITED_OTHER_FOLDER, file=name, folder=folder)
    document, kind = papers[paper]
    made = read_edited(document_docx(document, digest, paper, kind))
    return Compared(document.title, document.day, digest, edits(made.passages, edited.passages))


class _One(BaseModel):
    """What is frozen of a report over districts, as far as it matters here: its one document."""

    document: Document


_CONTENT: TypeAdapter[Frozen | _One] = TypeAdapter(Frozen | _One)


def _documents(content: bytes, folder: Path) -> list[tuple[Document, Kind]]:
    """The documents of a snapshot in the order of its papers, each with its kind."""
    try:
        frozen = _CONTENT.validate_json(content)
    except ValidationError as error:
        raise Problem(ProblemKind.REPORT_ALTERED, folder=folder, files=SNAPSHOT) from error
    if isinstance(frozen, _One):
        return [(frozen.document, "annual")]
    return [(document, job.kind) for document, job in zip(documents(frozen), jobs(frozen), strict=True)]
