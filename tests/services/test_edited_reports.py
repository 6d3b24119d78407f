"""A Word file laid beside the report that it was made from, found by its marks in the store or in a folder."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.problems import Problem, ProblemKind
from domain.report.edits import Edit, Verdict
from models.engine import reading
from services import edited_reports, filed_reports
from services.edited_reports import Compared
from services.report_folder import SNAPSHOT
from services.word.document import document_docx
from tests.domain.report import tiedong
from tests.services.circular_files import file_circular
from tests.services.test_filed_reports import AT, PLAN, file_report
from tests.services.word.editing import control, digest, edited, packed, parts, report, snapshot, type_over


@pytest.fixture
def folder(engine: Engine, tmp_path: Path) -> Path:
    """Where the report is filed."""
    number = file_report(engine, tmp_path, snapshot())
    with reading(engine) as session:
        return filed_reports.one(session, PLAN, number).folder


def compare(engine: Engine, data: bytes) -> Compared:
    with reading(engine) as session:
        return edited_reports.compare(session, "稿.docx", edited_reports.read("稿.docx", data))


def refused(act: Callable[[], object]) -> ProblemKind:
    with pytest.raises(Problem) as refusal:
        act()
    assert "稿.docx" in refusal.value.title or "报告" in refusal.value.title
    return refusal.value.kind


def test_the_snapshot_is_found_by_what_the_file_tells(engine: Engine, folder: Path) -> None:
    del folder
    found = compare(engine, edited(lambda document: type_over(control(document), "9人")))
    assert (found.title, found.snapshot) == (snapshot().consolidated.title, digest())
    assert [(one.edit, one.after) for one in found.edits.figures] == [(Edit.CHANGED, "9人")]


def test_a_units_own_report_is_compared_with_that_units(engine: Engine, folder: Path) -> None:
    del folder
    unit = snapshot().units[3]
    found = compare(engine, document_docx(unit.document, digest(), 4))
    assert (found.title, found.edits.verdict) == (unit.document.title, Verdict.UNCHANGED)


def test_a_circular_is_compared_with_itself(engine: Engine, tmp_path: Path) -> None:
    number = file_circular(engine, tiedong.plan(), tmp_path, AT)
    with reading(engine) as session:
        (paper,) = filed_reports.papers(filed_reports.one(session, PLAN, number))
    found = compare(engine, filed_reports.word_file(paper).read_bytes())
    assert (found.title, found.edits.verdict) == (paper.title, Verdict.UNCHANGED)


def test_the_report_of_another_system_is_told_apart(engine: Engine) -> None:
    assert refused(lambda: compare(engine, report())) is ProblemKind.EDITED_FOREIGN


def test_without_a_store_the_folder_of_the_report_will_do(folder: Path) -> None:
    seen = edited_reports.read("稿.docx", report())
    assert edited_reports.compare_filed(folder, "稿.docx", seen).edits.verdict is Verdict.UNCHANGED


@pytest.mark.parametrize(("snapshot_of", "paper"), [("f" * 64, 0), (None, 99)])
def test_but_not_the_folder_of_another_report(folder: Path, snapshot_of: str | None, paper: int) -> None:
    data = document_docx(snapshot().consolidated, snapshot_of or digest(), paper)
    seen = edited_reports.read("稿.docx", data)
    kind = refused(lambda: edited_reports.compare_filed(folder, "稿.docx", seen))
    assert kind is ProblemKind.EDITED_OTHER_FOLDER


def test_a_report_that_was_touched_or_is_gone_is_no_measure(engine: Engine, folder: Path) -> None:
    (folder / SNAPSHOT).write_bytes(b"{}")
    assert refused(lambda: compare(engine, report())) is ProblemKind.REPORT_ALTERED
    seen = edited_reports.read("稿.docx", report())
    for broken in (b"{}", b"no json", b"[]"):
        (folder / SNAPSHOT).write_bytes(broken)
        kind = refused(lambda: edited_reports.compare_filed(folder, "稿.docx", seen))
        assert kind is ProblemKind.REPORT_ALTERED
    shutil.rmtree(folder)
    assert refused(lambda: compare(engine, report())) is ProblemKind.REPORT_GONE


def unmarked() -> bytes:
    files = parts(report())
    files["docProps/custom.xml"] = files["docProps/custom.xml"].replace(digest().encode(), b"-")
    files["word/document.xml"] = files["word/document.xml"].replace(b'w:name="_G_', b'w:name="_X_')
    return packed(files)


def contradictory() -> bytes:
    files = parts(report())
    files["docProps/custom.xml"] = files["docProps/custom.xml"].replace(digest().encode(), b"f" * 64)
    return packed(files)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: b"no docx", ProblemKind.EDITED_UNREADABLE),
        (lambda: packed(parts(report()) | {"word/vbaProject.bin": b""}), ProblemKind.EDITED_UNREADABLE),
        (unmarked, ProblemKind.EDITED_NOT_OURS),
        (contradictory, ProblemKind.EDITED_CONTRADICTORY),
    ],
)
def test_what_cannot_be_compared_says_why(make: Callable[[], bytes], kind: ProblemKind) -> None:
    assert refused(lambda: edited_reports.read("稿.docx", make())) is kind
