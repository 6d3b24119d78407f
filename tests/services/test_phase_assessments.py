"""The assessment of a phase out of the store, made once like any report; which one is due; and that it can be verified."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from domain.problems import Problem, ProblemKind
from domain.report.blocks import Table
from domain.report.material import Issue
from domain.report.single import SingleSnapshot
from models.engine import make_engine, reading, writing
from models.reports import record_report
from services import audit, filed_reports, phase_assessments
from services.evidence import FIGURES, OWN, read_evidence
from services.layout_check.check import check_layout_file
from services.orders import PHASE, Order, phase_order
from services.plan_versions import current
from services.plans import load_plan
from services.proof import Verdict, check_pdf_itself, check_store
from services.settings import Settings
from tests import cast
from tests.domain.report import tiedong
from tests.linhe import LINHE, linhe
from tests.reports import make_report, settings_of

DAY = date(2026, 3, 2)
"""The working day after 临河县's first phase, which ends on Saturday 2026-02-28."""


@pytest.fixture
def settings(year: Path, tmp_path: Path) -> Settings:
    """A copy of the year that a test may report on."""
    shutil.copytree(year, tmp_path / "home")
    return settings_of(tmp_path / "home")


@pytest.fixture
def store(settings: Settings) -> Iterator[Session]:
    engine = make_engine(settings.store_url)
    with reading(engine) as session:
        yield session
    engine.dispose()


def ordered(out: Path, phase: str = "base", as_of: date = DAY) -> Order:
    return phase_order(linhe().phase(phase), as_of, out, Issue(sample=True))


def test_an_assessment_is_filed_once_and_proves_what_it_says(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    final = make_report(settings, out, order=ordered(out))
    assert make_report(settings, out, order=ordered(out)) == final
    assert final.name.startswith("打基础阶段评估-20260302-")
    (pdf,) = final.glob("*.pdf")
    assert check_layout_file(pdf).broken == ()
    assert pdf.with_suffix(".docx").is_file()
    with pikepdf.open(pdf) as document:
        assert set(document.attachments) == {OWN, f"{FIGURES}.csv", f"{FIGURES}.xlsx"}
    evidence = read_evidence(pdf)
    assert evidence.kind == "phase"
    engine = make_engine(settings.store_url)
    with reading(engine) as session:
        (filed,) = filed_reports.filed(session, "linhe-2025")
        checks = [*check_pdf_itself(pdf, evidence), *check_store(session, load_plan(LINHE), evidence)]
        gone = evidence.ledger.sources[0].model_copy(update={"submission": 10**6})
        ledger = evidence.ledger.model_copy(update={"sources": (gone,)})
        changed = evidence.model_copy(update={"ledger": ledger})
        missed = {c.title: c for c in check_store(session, load_plan(LINHE), changed)}
    engine.dispose()
    assert [c.title for c in checks if c.verdict is not Verdict.RIGHT] == []
    assert missed["原始记录"].verdict is Verdict.WRONG
    assert (filed.kind, filed.period, filed.year, filed.title) == ("phase", "base", 2026, "打基础阶段评估")


def test_its_data_lists_the_versions_that_its_annex_names(store: Session) -> None:
    snapshot = _frozen(store, "base", DAY)
    (annex,) = snapshot.document.annexes
    printed = {
        row.cells[4].text
        for block in annex.blocks
        if isinstance(block, Table)
        for row in block.rows
        if row.kind == "body"
    } - {"—"}
    assert snapshot.ledger is not None
    assert snapshot.ledger.figures == ()
    assert printed
    assert {str(source.submission) for source in snapshot.ledger.sources} == printed


def test_one_of_a_phase_that_is_not_over_says_so(store: Session, tmp_path: Path) -> None:
    snapshot = _frozen(store, "打基础", date(2025, 10, 9))
    assert snapshot.interim
    assert snapshot.document.face == ("本阶段尚未结束，以下为截至2025年10月9日的情况。",)
    order = ordered(tmp_path, as_of=date(2025, 10, 9))
    assert order.name == "打基础阶段评估（阶段尚未结束）-20251009"


@pytest.mark.parametrize(
    ("name", "kind"), [("raise", ProblemKind.PHASE_NOT_ASSESSABLE), ("third", ProblemKind.PHASE_UNKNOWN)]
)
def test_what_has_not_begun_or_is_no_phase_is_refused(store: Session, name: str, kind: ProblemKind) -> None:
    with pytest.raises(Problem) as refusal:
        _frozen(store, name, date(2025, 12, 31))
    assert refusal.value.kind is kind


def test_it_is_due_until_one_is_filed_that_was_made_after_the_end(opened: Engine) -> None:
    plan = tiedong.plan()
    _file(opened, "implementation", "2025-12-30")  # made early, it stands for nothing
    _file(opened, "consolidation", "2026-01-04")
    with reading(opened) as session:
        days = ("2026-01-03", "2026-01-04", "2026-01-14", "2026-01-15")
        found = [phase_assessments.due(session, plan, date.fromisoformat(day)) for day in days]
    assert [phase.id if phase else None for phase in found] == [
        None,
        "implementation",
        "implementation",
        None,
    ]
    _file(opened, "implementation", "2026-01-04")
    with reading(opened) as session:
        assert phase_assessments.due(session, plan, date(2026, 1, 5)) is None


def _frozen(session: Session, name: str, day: date) -> SingleSnapshot:
    found = current(session, linhe().id)
    assert found is not None
    return phase_assessments.frozen(session, *found, name, day, Issue(sample=True))


def _file(engine: Engine, phase: str, as_of: str) -> None:
    with writing(engine) as session:
        audit.lock(session)
        record_report(
            session,
            kind=PHASE,
            plan_id=tiedong.plan().id,
            year=2025,
            period=phase,
            as_of=date.fromisoformat(as_of),
            snapshot_sha256=(phase + as_of).ljust(64, "0"),
            folder="/",
            filed_at=cast.moment(f"{as_of} 15:00"),
        )
