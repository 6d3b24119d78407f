"""The annual report on disk: whole or not there, once, and the same again; with real PDFs and real kills."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pypdfium2
import pytest
from sqlmodel import col, select

from domain.counts import RawCount, RawCountLeakError
from domain.problems import Problem, ProblemKind
from domain.report.blocks import Paragraph, plain
from domain.report.material import Issue
from models.engine import make_engine, reading
from models.tables import AuditLineRow, ReportRow
from services import reporting
from services.documents import document_pdf
from services.layout_check.check import check_layout_file
from services.orders import annual_order
from services.plans import load_plan
from services.report_folder import MANIFEST, SNAPSHOT, WORK, digest, only_one, word_name
from services.settings import Settings
from tests.linhe import LINHE
from tests.postgres import Cluster
from tests.reports import DAY, YEAR, make_report, settings_of
from tests.stores import Templates


@pytest.fixture
def settings(year: Path, tmp_path: Path) -> Settings:
    """A copy of the year that a test may report on."""
    home = tmp_path / "home"
    shutil.copytree(year, home)
    return settings_of(home)


@pytest.fixture
def out(filed: Path, tmp_path: Path) -> Path:
    """A folder in which the year's report is filed, of which this home's store knows nothing yet."""
    shutil.copytree(filed, tmp_path / "out" / filed.name)
    return tmp_path / "out"


def contents(folder: Path) -> dict[str, str]:
    """Every file with its digest."""
    return {str(p.relative_to(folder)): digest(p) for p in sorted(folder.rglob("*")) if p.is_file()}


def text_of(pdf: Path) -> str:
    """All words of a PDF, without spaces and line ends."""
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def test_a_filed_report_holds_every_document_and_a_manifest_of_them(filed: Path) -> None:
    plan = load_plan(LINHE)
    manifest = json.loads((filed / MANIFEST).read_text())
    pdfs = [name for name in manifest["files"] if name.endswith(".pdf")]
    others = [other.name for other in reporting.read_filed(filed).others]
    assert others[:2] == ["领导参阅", "公开版"]
    assert len(pdfs) == 1 + len(plan.units) + len(others)
    assert {name for name in manifest["files"] if name.endswith(".docx")} == {
        word_name(name) for name in pdfs
    }
    assert manifest["files"] == {n: d for n, d in contents(filed).items() if n != MANIFEST}
    assert manifest["snapshot_sha256"] == digest(filed / SNAPSHOT)


def test_every_filed_pdf_keeps_the_standard(filed: Path) -> None:
    broken = {pdf.name: check_layout_file(pdf).broken for pdf in filed.rglob("*.pdf")}
    assert {name: findings for name, findings in broken.items() if findings} == {}


def test_a_report_run_again_finds_what_is_there_and_records_it_once(settings: Settings, out: Path) -> None:
    first = make_report(settings, out)
    times = {p: p.stat().st_mtime_ns for p in first.rglob("*")}
    assert make_report(settings, out) == first
    assert {p: p.stat().st_mtime_ns for p in first.rglob("*")} == times
    engine = make_engine(settings.store_url)
    with reading(engine) as session:
        assert len(session.exec(select(ReportRow)).all()) == 1
        lines = session.exec(select(AuditLineRow).where(col(AuditLineRow.action) == "report")).all()
        assert len(lines) == 1
    engine.dispose()


def report_once_free(settings: Settings, out: Path) -> Path:
    """Make the report as soon as nothing of the killed run holds its lock: a process that it was just starting may."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return make_report(settings, out)
        except Problem as problem:
            if problem.kind is not ProblemKind.REPORT_BUSY or time.monotonic() > deadline:
                raise


@pytest.mark.parametrize("step", [1, 3, "checked"])
def test_a_run_killed_at_any_moment_and_run_again_gives_the_same(
    step: int | str, settings: Settings, filed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.reports", settings.home, out],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        assert run.stdout is not None
        for number, line in enumerate(run.stdout, start=1):
            if step in {number, line.strip()}:
                run.kill()
                break
        assert run.wait() == -signal.SIGKILL
    assert [p for p in out.iterdir() if not p.name.startswith(".")] == []
    final = report_once_free(settings, out)
    assert contents(final) == contents(filed)
    assert [p.name for p in out.glob(f"{WORK}*")] == []
    assert list(final.rglob("*.part")) == []


def test_one_snapshot_gives_the_same_bytes_in_another_zone_and_folder(
    settings: Settings, filed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "别处"
    subprocess.run(
        [sys.executable, "-m", "tests.reports", settings.home, out],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
    )
    (final,) = (p for p in out.iterdir() if not p.name.startswith("."))
    assert contents(final) == contents(filed)


def test_two_runs_into_one_folder_do_not_meet(settings: Settings, tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(Problem) as refused:
        make_report(settings, tmp_path)
    assert refused.value.kind is ProblemKind.REPORT_BUSY


def test_a_report_changed_after_filing_is_not_passed_off_as_filed(settings: Settings, out: Path) -> None:
    next(out.glob("*/*.pdf")).write_bytes(b"%PDF-1.7 changed by hand")
    with pytest.raises(Problem) as refused:
        make_report(settings, out)
    assert refused.value.kind is ProblemKind.REPORT_ALTERED


def test_what_a_run_of_other_facts_left_behind_is_cleared(settings: Settings, tmp_path: Path) -> None:
    left = tmp_path / "out" / f"{WORK}0123456789abcdef"
    left.mkdir(parents=True)
    (left / "half.pdf.part").write_bytes(b"%PDF")
    reporting.freeze_facts(settings, annual_order(YEAR, DAY, tmp_path / "out", Issue()))
    assert not left.exists()


def test_a_year_in_which_nothing_was_opened_has_no_report(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        reporting.freeze_facts(
            settings_of(tmp_path / "new"), annual_order(YEAR, DAY, tmp_path / "out", Issue())
        )
    assert refused.value.kind is ProblemKind.REPORT_NOTHING


def test_a_year_outside_the_plan_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        reporting.freeze_facts(settings, annual_order(2031, DAY, tmp_path / "out", Issue()))
    assert refused.value.kind is ProblemKind.YEAR_OUTSIDE_PLAN


def test_number_and_signatory_stand_in_the_letterhead(settings: Settings, tmp_path: Path) -> None:
    issue = Issue(number="临民〔2026〕3号", signatory="周正平")
    folder = reporting.freeze_facts(settings, annual_order(YEAR, DAY, tmp_path / "out", issue))
    snapshot, sha256 = reporting.read_snapshot(folder)
    pdf = tmp_path / "issued.pdf"
    pdf.write_bytes(document_pdf(snapshot.consolidated, "annual", sha256))
    words = text_of(pdf)
    assert "临民〔2026〕3号" in words
    assert "签发人：周正平" in words
    assert "示例数据" not in words


def test_markup_in_a_units_words_is_printed_as_words(settings: Settings, tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>{{ 7*7 }}<img src='http://example.org/a.png'>"
    folder = reporting.freeze_facts(settings, annual_order(YEAR, DAY, tmp_path / "out", Issue()))
    snapshot, sha256 = reporting.read_snapshot(folder)
    document = snapshot.units[0].document
    told = document.model_copy(
        update={
            "title": f"甲{hostile}",
            "blocks": (Paragraph(lead=f"乙{hostile}", runs=plain(f"丙{hostile}")),),
        }
    )
    pdf = tmp_path / "hostile.pdf"
    pdf.write_bytes(document_pdf(told, "unit", sha256))
    words = text_of(pdf)
    for place in "甲乙丙":
        assert f"{place}{hostile}".replace(" ", "") in words


def test_a_raw_count_stops_the_render(settings: Settings, tmp_path: Path) -> None:
    folder = reporting.freeze_facts(settings, annual_order(YEAR, DAY, tmp_path / "out", Issue()))
    snapshot, sha256 = reporting.read_snapshot(folder)
    leaking = snapshot.units[0].document.model_copy(update={"title": RawCount(3)})
    with pytest.raises(RawCountLeakError):
        document_pdf(leaking, "unit", sha256)


def test_a_scheduled_report_begun_again_leaves_what_was_filed_though_it_would_read_otherwise(
    settings: Settings, out: Path
) -> None:
    (filed,) = out.iterdir()
    otherwise = Issue(number="临民〔2026〕3号")
    again = reporting.freeze_facts(settings, annual_order(YEAR, DAY, out, otherwise, once=True))
    assert (again.final, again.filed) == (filed, True)
    assert not reporting.freeze_facts(settings, annual_order(YEAR, DAY, out, otherwise)).filed


def test_one_order_is_carried_out_on_one_machine_though_their_folders_know_nothing_of_each_other(
    postgresql: Cluster, templates: Templates, tmp_path: Path
) -> None:
    with postgresql.database(templates.database()) as store:
        settings = Settings(home=tmp_path, plan=LINHE, database_url=store)
        with reporting.exclusive(settings, annual_order(YEAR, DAY, tmp_path / "one", Issue())):
            with reporting.exclusive(settings, annual_order(YEAR - 1, DAY, tmp_path / "two", Issue())):
                pass  # another order is none of its business
            elsewhere = annual_order(YEAR, DAY, tmp_path / "three", Issue())
            with pytest.raises(Problem) as refused, reporting.exclusive(settings, elsewhere):
                pass
        with reporting.exclusive(settings, elsewhere):
            pass  # once the first is done
    assert refused.value.kind is ProblemKind.REPORT_BUSY
