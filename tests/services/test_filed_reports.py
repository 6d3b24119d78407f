"""Filed reports: read as they were filed, released once and for good, and compared with what was released before."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.problems import Problem, ProblemKind
from domain.report.snapshot import Snapshot, freeze, sha256, to_bytes
from models.engine import reading, writing
from models.reports import record_report
from services import audit, filed_reports, report_folder, reporting
from services.orders import ANNUAL
from services.report_folder import SNAPSHOT
from tests import cast
from tests.domain.report import tiedong

PLAN = "tiedong-2024"
AT = cast.moment("2025-12-02 09:00")


def file_report(engine: Engine, out: Path, snapshot: Snapshot) -> int:
    """File a snapshot with papers that are no real PDFs; says its number."""
    content = to_bytes(snapshot)
    folder = report_folder.report_folder(out, "2025年度报告", sha256(content))
    report_folder.prepare(folder)
    report_folder.put(folder, SNAPSHOT, content)
    for job in reporting.jobs(snapshot):
        report_folder.put(folder, job.name, job.name.encode())
        report_folder.put(folder, job.word, job.word.encode())
    report_folder.seal(folder, {})
    with writing(engine) as session:
        audit.lock(session)
        assert record_report(
            session,
            kind=ANNUAL,
            plan_id=snapshot.plan,
            year=snapshot.year,
            as_of=snapshot.as_of,
            snapshot_sha256=sha256(content),
            folder=str(folder.final),
            filed_at=AT,
        )
    with reading(engine) as session:
        return filed_reports.filed(session, snapshot.plan)[0].id


@pytest.fixture
def first(engine: Engine, tmp_path: Path) -> int:
    """The first report of 2025, filed."""
    return file_report(engine, tmp_path, freeze(tiedong.material(), "plan"))


def test_every_paper_of_a_report_can_be_read(engine: Engine, first: int) -> None:
    with reading(engine) as session:
        report = filed_reports.one(session, PLAN, first)
    papers = filed_reports.papers(report)
    units = list(tiedong.plan().units_by_id)
    assert [paper.unit for paper in papers[: 1 + len(units)]] == [None, *units]
    assert [paper.path.stem for paper in papers[1 + len(units) :]] == [
        "领导参阅",
        "公开版",
    ]
    third = filed_reports.paper(report, 3)
    assert third.path.read_bytes().decode().startswith("各单位/03-")
    assert filed_reports.word_file(third) == third.path.with_suffix(".docx")


def test_a_report_filed_before_there_were_word_files_says_so(engine: Engine, first: int) -> None:
    with reading(engine) as session:
        report = filed_reports.one(session, PLAN, first)
    for paper in filed_reports.papers(report):
        filed_reports.word_file(paper).unlink()
    with pytest.raises(Problem) as refusal:
        filed_reports.word_file(filed_reports.papers(report)[0])
    assert refusal.value.kind is ProblemKind.WORD_ABSENT


@pytest.mark.parametrize("harm", ["changed", "removed"])
def test_a_report_that_was_touched_is_neither_shown_nor_released(
    engine: Engine, first: int, harm: str
) -> None:
    with reading(engine) as session:
        report = filed_reports.one(session, PLAN, first)
    victim = filed_reports.papers(report)[5].path
    victim.write_bytes(b"another") if harm == "changed" else victim.unlink()
    with pytest.raises(Problem) as refusal:
        filed_reports.paper(report, 0)
    assert refusal.value.kind is ProblemKind.REPORT_ALTERED
    with pytest.raises(Problem) as refusal, writing(engine) as session:
        filed_reports.release(session, PLAN, first, by="赵强", at=AT)
    assert refusal.value.kind is ProblemKind.REPORT_ALTERED
    with reading(engine) as session:
        assert filed_reports.filed(session, PLAN, released=True) == ()


def test_a_report_is_released_once_and_the_audit_chain_says_by_whom(engine: Engine, first: int) -> None:
    with writing(engine) as session:
        released = filed_reports.release(session, PLAN, first, by="赵强", at=AT)
    assert (released.released_by, released.released_at) == ("赵强", AT)
    with pytest.raises(Problem) as refusal, writing(engine) as session:
        filed_reports.release(session, PLAN, first, by="陈静", at=AT)
    assert refusal.value.kind is ProblemKind.REPORT_RELEASED
    with reading(engine) as session:
        assert [report.id for report in filed_reports.filed(session, PLAN, released=True)] == [first]
        assert [(line.actor, line.action) for line in audit.lines(session, last=1)] == [("赵强", "release")]


def test_a_report_that_is_not_there_says_so(engine: Engine, first: int, tmp_path: Path) -> None:
    with reading(engine) as session:
        for number in (0, first + 1):
            with pytest.raises(Problem) as refusal:
                filed_reports.one(session, PLAN, number)
            assert refusal.value.kind is ProblemKind.REPORT_UNKNOWN
        report = filed_reports.one(session, PLAN, first)
    with pytest.raises(Problem):
        filed_reports.paper(report, 99)
    report.folder.rename(tmp_path / "moved")
    with pytest.raises(Problem) as refusal:
        filed_reports.papers(report)
    assert refusal.value.kind is ProblemKind.REPORT_GONE


def test_what_changed_is_told_against_the_last_report_that_was_released(
    engine: Engine, first: int, tmp_path: Path
) -> None:
    snapshot = freeze(tiedong.material(), "plan")
    brief, public = snapshot.others
    other = brief.document.model_copy(update={"face": ("请领导阅示",)})
    altered = snapshot.model_copy(
        update={
            "consolidated": snapshot.consolidated.model_copy(update={"face": ("尚有材料未审核",)}),
            "others": (brief.model_copy(update={"document": other}), public),
        }
    )
    second = file_report(engine, tmp_path, altered.model_copy(update={"as_of": date(2025, 12, 9)}))
    with reading(engine) as session:
        reports = filed_reports.filed(session, PLAN)
    assert filed_reports.changes_since_release(reports, reports[0]) == (None, ())
    with writing(engine) as session:
        filed_reports.release(session, PLAN, first, by="赵强", at=AT)
    with reading(engine) as session:
        reports = filed_reports.filed(session, PLAN)
    last, changes = filed_reports.changes_since_release(reports, reports[0])
    assert last is not None
    assert (last.id, reports[0].id) == (first, second)
    (change,), (of_brief,) = (one.changes for one in changes)
    assert (change.place, change.after) == ("首页提示", ("尚有材料未审核",))
    assert (changes[1].title, of_brief.after) == (other.title, ("请领导阅示",))
