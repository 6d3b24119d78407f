"""Whoever doubts a report can check it: page against data, data against itself, and both against the store."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from sqlmodel import Session

from domain.problems import Problem, ProblemKind
from domain.report.blocks import FigureRef, Paragraph
from domain.report.material import Issue
from domain.report.snapshot import Snapshot, from_bytes, to_bytes
from models.engine import make_engine, reading, writing
from services import reporting
from services.evidence import FIGURES, OWN, Evidence, read_evidence
from services.orders import circular_order
from services.plans import load_plan
from services.proof import Check, Verdict, check_pdf_itself, check_store, trace
from services.report_folder import SNAPSHOT
from tests.linhe import LINHE
from tests.reports import DAY, YEAR, make_report, settings_of


@pytest.fixture(scope="module")
def consolidated(filed: Path) -> Path:
    return filed / reporting.jobs(reporting.read_filed(filed))[0].name


@pytest.fixture(scope="module")
def own(filed: Path) -> Path:
    """A unit's own report."""
    return min((filed / "各单位").glob("*.pdf"))


@pytest.fixture(scope="module")
def circular(year: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Session]]:
    """A circular of the second quarter, made at the end of the year; and the store that it was made from."""
    home = tmp_path_factory.mktemp("circular") / "home"
    shutil.copytree(year, home)
    settings, out = settings_of(home), home / "out"
    order = circular_order("2025Q2", DAY, out, Issue(sample=True))
    (pdf,) = make_report(settings, out, order=order).glob("*.pdf")
    engine = make_engine(settings.store_url)
    with reading(engine) as session:
        yield pdf, session
    engine.dispose()


@pytest.fixture
def store(filed: Path, year: Path, tmp_path: Path) -> Iterator[Session]:
    """The store that the report was made from, where it is recorded as filed."""
    home = tmp_path / "home"
    shutil.copytree(year, home)
    shutil.copytree(filed, home / "out" / filed.name)
    settings = settings_of(home)
    make_report(settings, home / "out")
    engine = make_engine(settings.store_url)
    with reading(engine) as session:
        yield session
    engine.dispose()


def verdicts(checks: Iterator[Check]) -> dict[str, Verdict]:
    return {check.title: check.verdict for check in checks}


def altered(pdf: Path, target: Path, change: Callable[[Snapshot], Snapshot]) -> Path:
    """The PDF with its snapshot changed, and everything else as it was."""
    shutil.copy(pdf, target)
    with pikepdf.open(target, allow_overwriting_input=True) as document:
        old = from_bytes(document.attachments[SNAPSHOT].get_file().read_bytes())
        document.attachments[SNAPSHOT] = pikepdf.AttachedFileSpec(document, to_bytes(change(old)))
        document.save(target)
    return target


@pytest.mark.parametrize("which", ["consolidated", "own"])
def test_a_filed_report_is_right_in_every_respect(
    which: str, request: pytest.FixtureRequest, store: Session
) -> None:
    pdf: Path = request.getfixturevalue(which)
    evidence = read_evidence(pdf)
    checks = [*check_pdf_itself(pdf, evidence), *check_store(store, load_plan(LINHE), evidence)]
    assert [c.title for c in checks if c.verdict is Verdict.WRONG] == []
    assert len(checks) == 7
    assert all(c.found for c in checks)


def test_a_circular_is_right_in_every_respect(circular: tuple[Path, Session]) -> None:
    pdf, store = circular
    with pikepdf.open(pdf) as document:
        assert set(document.attachments) == {OWN, f"{FIGURES}.csv", f"{FIGURES}.xlsx"}
    evidence = read_evidence(pdf)
    assert any(f.owner and f.released.kind == "shown" for f in evidence.ledger.figures)
    checks = [*check_pdf_itself(pdf, evidence), *check_store(store, load_plan(LINHE), evidence)]
    assert [c.title for c in checks if c.verdict is not Verdict.RIGHT] == []
    assert len(checks) == 7


def test_a_circular_s_figures_are_held_against_what_its_period_brought(
    circular: tuple[Path, Session],
) -> None:
    pdf, store = circular
    evidence = read_evidence(pdf)
    assert (evidence.until, evidence.as_of) == (date(2025, 6, 30), DAY)
    found = verdicts(check_store(store, load_plan(LINHE), _with(evidence, until=None)))
    assert found["单位数字"] is Verdict.WRONG  # by the end of the year more had been done


def test_a_figure_of_a_circular_leads_to_the_versions_that_it_comes_from(
    circular: tuple[Path, Session],
) -> None:
    pdf, store = circular
    evidence = read_evidence(pdf)
    printed = [
        run.id
        for block in evidence.document.blocks
        if isinstance(block, Paragraph)
        for run in block.runs
        if isinstance(run, FigureRef)
    ]
    assert printed
    for mark in printed:
        (found,) = trace(evidence, mark, store)
        assert found.sources
        assert {s.submission for s in found.sources} == set(found.digests)
        assert {s.period[:4] for s in found.sources} == {str(YEAR)}
        assert not any(s.period in {"2025Q3", "2025Q4"} for s in found.sources)


def test_a_figure_changed_in_a_circular_is_found_wherever_it_was_changed(
    circular: tuple[Path, Session], tmp_path: Path
) -> None:
    pdf, store = circular
    evidence = read_evidence(pdf)
    figures = list(evidence.ledger.figures)
    place, unit = next(
        (n, f)
        for n, f in enumerate(figures)
        if f.owner and not f.parts and f.adds_up and f.released.kind == "shown"
    )
    released = unit.released.model_copy(update={"value": unit.released.value + 1})  # type: ignore[union-attr]  # shown
    figures[place] = unit.model_copy(update={"released": released})
    changed = _with(evidence, ledger=evidence.ledger.model_copy(update={"figures": tuple(figures)}))
    found = verdicts(check_pdf_itself(pdf, changed)) | verdicts(check_store(store, load_plan(LINHE), changed))
    assert {title for title, one in found.items() if one is Verdict.WRONG} == {"合计与比率", "单位数字"}

    place, paragraph = next(
        (n, b)
        for n, b in enumerate(evidence.document.blocks)
        if isinstance(b, Paragraph) and any(isinstance(run, FigureRef) for run in b.runs)
    )
    runs = tuple(
        run.model_copy(update={"text": "999次"}) if isinstance(run, FigureRef) else run
        for run in paragraph.runs
    )
    blocks = list(evidence.document.blocks)
    blocks[place] = paragraph.model_copy(update={"runs": runs})
    changed = _with(evidence, document=evidence.document.model_copy(update={"blocks": tuple(blocks)}))
    other = tmp_path / "x.pdf"
    shutil.copy(pdf, other)
    with pikepdf.open(other, allow_overwriting_input=True) as document:
        document.attachments[OWN] = pikepdf.AttachedFileSpec(document, changed.model_dump_json().encode())
        document.save(other)
    found = verdicts(check_pdf_itself(other, read_evidence(other)))
    assert {title for title, one in found.items() if one is Verdict.WRONG} == {"页面文字", "正文数字"}


def test_the_data_and_the_figures_are_inside_the_pdf(filed: Path, consolidated: Path, own: Path) -> None:
    with pikepdf.open(consolidated) as document:
        assert set(document.attachments) == {SNAPSHOT, f"{FIGURES}.csv", f"{FIGURES}.xlsx"}
        assert document.attachments[SNAPSHOT].get_file().read_bytes() == (filed / SNAPSHOT).read_bytes()
        relation = document.attachments[SNAPSHOT].obj.AFRelationship
        assert str(relation) == "/Data"
    with pikepdf.open(own) as document:
        assert set(document.attachments) == {OWN, f"{FIGURES}.csv", f"{FIGURES}.xlsx"}


def test_a_unit_s_report_carries_no_other_unit_s_figures(own: Path) -> None:
    evidence = read_evidence(own)
    assert {f.owner for f in evidence.ledger.figures} == {evidence.unit}
    names = {s.unit for s in evidence.ledger.sources}
    assert names == {load_plan(LINHE).units_by_id[evidence.unit].name}


def test_no_digest_of_a_version_is_in_a_pdf(consolidated: Path, store: Session) -> None:
    digests = [row[0] for row in store.execute(text("SELECT content_sha256 FROM submission"))]
    with pikepdf.open(consolidated) as document:
        inside = b"".join(spec.get_file().read_bytes() for spec in document.attachments.values())
    assert digests
    assert not any(digest[:8].encode() in inside for digest in digests)


def test_the_table_of_figures_says_what_the_report_says(consolidated: Path, tmp_path: Path) -> None:
    with pikepdf.open(consolidated) as document:
        (tmp_path / "f.xlsx").write_bytes(document.attachments[f"{FIGURES}.xlsx"].get_file().read_bytes())
    sheet = load_workbook(tmp_path / "f.xlsx").active
    assert sheet is not None
    rows = {(row[0], row[1]): row for row in sheet.iter_rows(min_row=3, values_only=True)}
    figures = read_evidence(consolidated).ledger.figures
    assert len(rows) == len(figures)
    for figure in figures:
        assert rows[figure.id, str(figure.year)][5] == figure.released.text()


def test_a_figure_leads_to_the_versions_that_it_comes_from(consolidated: Path, store: Session) -> None:
    evidence = read_evidence(consolidated)
    total = next(f for f in evidence.ledger.figures if not f.owner and len(f.sources) > 1)
    (found,) = (one for one in trace(evidence, total.id, store) if one.figure.year == total.year)
    assert {s.submission for s in found.sources} == set(total.sources)
    assert set(found.digests) >= set(total.sources)
    stored = store.execute(
        text("SELECT content_sha256 FROM submission WHERE id = :id"), {"id": total.sources[0]}
    ).scalar_one()
    assert found.digests[total.sources[0]] == stored
    assert trace(evidence, total.id)[0].digests == {}


def test_a_mark_that_is_not_there_is_said_to_be_none(consolidated: Path) -> None:
    with pytest.raises(Problem) as refused:
        trace(read_evidence(consolidated), "99-99")
    assert refused.value.kind is ProblemKind.MARK_UNKNOWN


# --- Faults that somebody put in -----------------------------------------------------------------


def test_words_changed_in_the_data_do_not_fit_the_pages_nor_the_mark(
    consolidated: Path, tmp_path: Path
) -> None:
    def other_title(snapshot: Snapshot) -> Snapshot:
        changed = snapshot.consolidated.model_copy(update={"title": "另一份报告"})
        return snapshot.model_copy(update={"consolidated": changed})

    pdf = altered(consolidated, tmp_path / "x.pdf", other_title)
    found = verdicts(check_pdf_itself(pdf, read_evidence(pdf)))
    assert found["所附数据"] is Verdict.WRONG
    assert found["页面文字"] is Verdict.WRONG


def test_a_total_that_is_not_the_sum_is_found_by_reckoning_again(consolidated: Path, tmp_path: Path) -> None:
    wrong: list[str] = []

    def one_more(snapshot: Snapshot) -> Snapshot:
        assert snapshot.ledger is not None
        figures = list(snapshot.ledger.figures)
        place, total = next(
            (n, f) for n, f in enumerate(figures) if not f.owner and f.adds_up and f.released.kind == "shown"
        )
        released = total.released.model_copy(update={"value": total.released.value + 1})  # type: ignore[union-attr]  # shown
        figures[place] = total.model_copy(update={"released": released})
        wrong.append(total.id)
        ledger = snapshot.ledger.model_copy(update={"figures": tuple(figures)})
        return snapshot.model_copy(update={"ledger": ledger})

    pdf = altered(consolidated, tmp_path / "x.pdf", one_more)
    found = {c.title: c for c in check_pdf_itself(pdf, read_evidence(pdf))}
    assert found["合计与比率"].verdict is Verdict.WRONG
    assert wrong[0] in found["合计与比率"].found


def _with(evidence: Evidence, **changes: object) -> Evidence:
    return evidence.model_copy(update=changes)


def test_a_unit_s_figure_that_was_never_accepted_so_is_found_in_the_store(
    consolidated: Path, store: Session
) -> None:
    evidence = read_evidence(consolidated)
    figures = list(evidence.ledger.figures)
    place, unit = next(
        (n, f)
        for n, f in enumerate(figures)
        if f.owner and not f.parts and f.released.kind == "shown" and f.year == evidence.year
    )
    released = unit.released.model_copy(update={"value": unit.released.value + 1})  # type: ignore[union-attr]  # shown
    figures[place] = unit.model_copy(update={"released": released})
    changed = _with(evidence, ledger=evidence.ledger.model_copy(update={"figures": tuple(figures)}))
    found = verdicts(check_store(store, load_plan(LINHE), changed))
    assert found["单位数字"] is Verdict.WRONG
    assert found["原始记录"] is Verdict.RIGHT


def test_a_version_whose_content_was_changed_in_the_store_is_found(
    consolidated: Path, store: Session
) -> None:
    evidence = read_evidence(consolidated)
    engine = make_engine(str(store.get_bind().engine.url))
    with writing(engine) as session:
        session.execute(text("DROP TRIGGER figure_no_update"))
        number = evidence.ledger.sources[0].submission
        session.execute(text("UPDATE figure SET remark = '改过' WHERE submission_id = :n"), {"n": number})
    with reading(engine) as session:
        found = verdicts(check_store(session, load_plan(LINHE), evidence))
        others = tuple(s for s in evidence.ledger.sources if s.submission != number)
        ledger = evidence.ledger.model_copy(update={"sources": others})
        without = verdicts(check_store(session, load_plan(LINHE), _with(evidence, ledger=ledger)))
    engine.dispose()
    assert found["原始记录"] is Verdict.WRONG
    assert without["原始记录"] is Verdict.RIGHT  # a report answers for the versions that it lists


def test_a_report_that_was_never_filed_here_is_said_to_be_unknown(consolidated: Path, store: Session) -> None:
    stranger = _with(read_evidence(consolidated), snapshot_sha256="f" * 64)
    assert verdicts(check_store(store, load_plan(LINHE), stranger))["归档记录"] is Verdict.WRONG
    other = _with(stranger, plan="another")
    assert verdicts(check_store(store, load_plan(LINHE), other)) == {"归档记录": Verdict.UNKNOWN}


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 torn", b"PK\x03\x04"], ids=["empty", "torn", "zip"])
def test_what_is_no_pdf_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    with pytest.raises(Problem) as refused:
        read_evidence(path)
    assert refused.value.kind is ProblemKind.PDF_UNREADABLE


def test_a_pdf_without_our_data_and_one_with_broken_data_are_told_apart(
    consolidated: Path, tmp_path: Path
) -> None:
    bare, broken = tmp_path / "bare.pdf", tmp_path / "broken.pdf"
    with pikepdf.open(consolidated) as document:
        del document.attachments[SNAPSHOT]
        document.save(bare)
        document.attachments[SNAPSHOT] = pikepdf.AttachedFileSpec(document, b'{"format": 2}')
        document.save(broken)
    kinds = []
    for path in (bare, broken):
        with pytest.raises(Problem) as refused:
            read_evidence(path)
        kinds.append(refused.value.kind)
    assert kinds == [ProblemKind.EVIDENCE_MISSING, ProblemKind.EVIDENCE_FAULTY]
