"""A circular out of the store, made once like any report; and which one is to be made by itself."""

import json
import shutil
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import Engine

from domain.problems import Problem, ProblemKind
from domain.report.material import Issue
from domain.report.single import SingleSnapshot
from models.engine import make_engine, reading, writing
from models.reports import record_report
from services import audit, circulars, filed_reports, reporting
from services.layout_check.check import check_layout_file
from services.orders import CIRCULAR, Order, annual_order, circular_order
from services.pdf_checks import check_pdf
from services.plan_versions import current
from services.report_folder import MANIFEST
from services.settings import Settings
from tests import cast
from tests.reports import make_report, settings_of
from tests.services.eventful import fill

DAY = date(2025, 10, 15)


@pytest.fixture
def settings(year: Path, tmp_path: Path) -> Settings:
    """A copy of the year that a test may report on."""
    shutil.copytree(year, tmp_path / "home")
    return settings_of(tmp_path / "home")


def ordered(out: Path, period: str = "2025Q3", as_of: date = DAY) -> Order:
    return circular_order(period, as_of, out, Issue(sample=True))


def test_a_circular_is_filed_once_with_a_sound_pdf(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = make_report(settings, out, order=ordered(out))
    assert make_report(settings, out, order=ordered(out)) == first
    assert first.name.startswith("2025年第三季度通报-20251015-")
    (pdf,) = first.glob("*.pdf")
    assert check_pdf(pdf) == []
    assert check_layout_file(pdf).broken == ()
    with pypdfium2.PdfDocument(pdf) as document:
        words = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    for told in (
        "临河县妇女联合会文件",
        "各有关单位：",
        "关于2025年第三季度",
        "一、总体进展",
        "抄送：领导小组组长、副组长",
        "示例数据",
    ):
        assert told in words
    assert "签发人" not in words
    assert json.loads((first / MANIFEST).read_text())["period"] == "2025Q3"
    engine = make_engine(settings.store_url)
    with reading(engine) as session:
        (filed,) = filed_reports.filed(session, "linhe-2025")
        made = [line for line in audit.lines(session, last=5) if line.action == "report"]
    engine.dispose()
    assert (filed.kind, filed.period, filed.title) == ("circular", "2025Q3", "2025年第三季度通报")
    assert [json.loads(line.detail)["period"] for line in made] == ["2025Q3"]
    assert isinstance(reporting.read_filed(first), SingleSnapshot)


def test_an_interim_one_and_an_annual_report_are_other_reports(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    interim = reporting.freeze_facts(settings, ordered(out, as_of=date(2025, 8, 15)))
    snapshot, _ = reporting.read_snapshot(interim)
    assert isinstance(snapshot, SingleSnapshot)
    assert snapshot.interim
    assert "阶段性" in snapshot.document.title
    annual = reporting.freeze_facts(settings, annual_order(2025, DAY, out, Issue(sample=True)))
    assert annual.final.name.startswith("2025年度报告-")


@pytest.mark.parametrize(
    ("period", "kind"),
    [
        ("2024Q4", ProblemKind.PERIOD_OUTSIDE_PLAN),
        ("third", ProblemKind.PERIOD_INVALID),
        ("2026Q1", ProblemKind.PERIOD_NOT_BEGUN),
    ],
)
def test_a_period_without_a_circular_is_refused(
    settings: Settings, tmp_path: Path, period: str, kind: ProblemKind
) -> None:
    with pytest.raises(Problem) as refusal:
        reporting.freeze_facts(settings, ordered(tmp_path / "out", period=period))
    assert refusal.value.kind is kind


def test_where_nothing_has_fallen_due_there_is_nothing_to_tell(opened: Engine) -> None:
    with reading(opened) as session:
        found = current(session, "small")
        assert found is not None
        with pytest.raises(Problem) as refusal:
            circulars.frozen(session, *found, "2025Q1", date(2025, 1, 15), Issue())
    assert refusal.value.kind is ProblemKind.CIRCULAR_NOTHING


@pytest.mark.parametrize(
    ("day", "period"),
    [
        ("2025-09-30", None),  # the second quarter's was not made by July, and is the office's to order
        ("2025-10-13", None),  # the fourth working day: 9, 10, 11 (Saturday, make-up), 13
        ("2025-10-14", "2025Q3"),
        ("2025-12-31", "2025Q3"),
        ("2026-01-07", None),
        ("2026-01-08", "2025Q4"),
    ],
)
def test_a_circular_is_due_some_working_days_after_its_period(
    opened: Engine, day: str, period: str | None
) -> None:
    for code, as_of in (("2025Q2", "2025-07-08"), ("2025Q3", "2025-09-20")):
        _file(opened, code, as_of)  # and the third quarter's interim one stands for nothing
    with reading(opened) as session:
        found = circulars.due(session, cast.small_plan(), date.fromisoformat(day))
    assert (found.code if found else None) == period


def test_one_that_is_filed_is_not_due_again(opened: Engine) -> None:
    _file(opened, "2025Q3", "2025-10-15")
    with reading(opened) as session:
        assert circulars.due(session, cast.small_plan(), date(2025, 10, 16)) is None


def test_none_is_due_before_the_plan_or_where_the_plan_schedules_none(opened: Engine) -> None:
    plan = cast.small_plan()
    quiet = plan.rules.circular.model_copy(update={"scheduled": False})
    silent = plan.model_copy(update={"rules": plan.rules.model_copy(update={"circular": quiet})})
    with reading(opened) as session:
        assert circulars.due(session, plan, date(2025, 4, 20)) is not None
        assert circulars.due(session, plan, date(2025, 1, 20)) is None
        assert circulars.due(session, plan, date(2027, 4, 20)) is None
        assert circulars.due(session, silent, date(2025, 10, 20)) is None


def test_none_is_due_while_nothing_has_fallen_due(engine: Engine) -> None:
    fill(engine, cast.small_plan(), date(2024, 12, 31))
    with reading(engine) as session:
        assert circulars.due(session, cast.small_plan(), date(2025, 4, 20)) is None


def _file(engine: Engine, code: str, as_of: str) -> None:
    with writing(engine) as session:
        audit.lock(session)
        record_report(
            session,
            kind=CIRCULAR,
            plan_id="small",
            year=2025,
            period=code,
            as_of=date.fromisoformat(as_of),
            snapshot_sha256=(code + as_of).ljust(64, "0"),
            folder="/",
            filed_at=cast.moment(f"{as_of} 14:00"),
        )
