"""Forms on their way through the store: handed out, filled in, taken over whole or not at all."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import SQLModel, col

from domain.entries import ItemEntry
from domain.facts import ItemFacts
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from models.tables import AuditLineRow, ReceivedFileRow, SubmissionRow
from services.facts import year_facts
from services.plan_versions import adopt, plan_sha256
from services.review import accept, send_back
from services.workbook.delivery import Edition, forms, hand_out, refuse_overwriting
from services.workbook.filling import fill
from services.workbook.receiving import Outcome, Sender, receive
from tests import cast
from tests.services.workbook_forms import FIGURES, GUIDE, PROGRESS, REPORTER_CELL, edited, put

JULY = cast.moment("2025-07-01 10:00")
LATER = cast.moment("2025-07-08 10:00")
BOTH = {cast.VISIT_Q1: cast.visits(), cast.VISIT_Q2: cast.visits(cast.VISIT_Q2, count=130)}


def edition() -> Edition:
    return Edition(cast.small_plan(), plan_sha256(cast.small_plan()))


def handed_out(engine: Engine, folder: Path, unit: str = cast.TOWN) -> Path:
    with reading(engine) as session:
        ((_, form),) = forms(session, cast.small_plan(), 2025, JULY.date(), [unit])
    assert form is not None
    return hand_out(form, edition(), folder, JULY)


def filled(engine: Engine, folder: Path, answers: dict[str, ItemEntry], by: str = cast.LI_MING) -> Path:
    path = handed_out(engine, folder)
    fill(path, answers, by=by)
    return path


def taken(engine: Engine, path: Path, sender: Sender | None = None) -> Outcome:
    return receive(engine, edition(), path, sender or Sender(JULY))


def count(engine: Engine, table: type[SQLModel]) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def facts_of(engine: Engine, key: str) -> ItemFacts:
    with reading(engine) as session:
        return next(f for f in year_facts(session, cast.small_plan(), 2025) if f.item.key == key)


def cells(outcome: Outcome) -> list[tuple[str, str, ProblemKind]]:
    return [(f.place.sheet, f.place.cell, f.problem.kind) for f in outcome.faults]


def test_a_filled_in_form_is_taken_over(opened: Engine, tmp_path: Path) -> None:
    path = filled(opened, tmp_path, BOTH)
    outcome = taken(opened, path)
    assert not outcome.refused
    assert [receipt.key for receipt in outcome.receipts] == [cast.VISIT_Q1, cast.VISIT_Q2]
    latest = facts_of(opened, cast.VISIT_Q1).latest
    assert latest is not None
    assert (latest.by, latest.door, latest.day) == (cast.LI_MING, "excel", JULY.date())
    assert {f.indicator: f.value for f in latest.figures} == {
        cast.VISITS: Decimal(120),
        cast.FUNDS: Decimal("3.5"),
    }
    with reading(opened) as session:
        (received,) = session.scalars(select(ReceivedFileRow)).all()
    assert (received.unit, received.year, received.name) == (cast.TOWN, 2025, path.name)


def test_the_same_file_again_changes_nothing(opened: Engine, tmp_path: Path) -> None:
    path = filled(opened, tmp_path, BOTH)
    taken(opened, path)
    before = count(opened, SubmissionRow), count(opened, AuditLineRow), count(opened, ReceivedFileRow)
    renamed = path.rename(tmp_path / "再报一次.xlsx")
    outcome = taken(opened, renamed, Sender(LATER))
    assert outcome.seen_before
    assert not outcome.refused
    assert (
        count(opened, SubmissionRow),
        count(opened, AuditLineRow),
        count(opened, ReceivedFileRow),
    ) == before


def test_the_same_content_in_another_file_changes_nothing(opened: Engine, tmp_path: Path) -> None:
    path = filled(opened, tmp_path, BOTH)
    taken(opened, path)
    path.write_bytes(edited(path.read_bytes()))
    outcome = taken(opened, path, Sender(LATER))
    assert not outcome.seen_before
    assert all(receipt.unchanged for receipt in outcome.receipts)
    assert count(opened, SubmissionRow) == 2


def test_one_fault_keeps_the_whole_file_out(opened: Engine, tmp_path: Path) -> None:
    path = filled(opened, tmp_path, BOTH)
    path.write_bytes(edited(path.read_bytes(), put(FIGURES, "1-1-1", "本期数", "约30")))
    before = count(opened, AuditLineRow)
    outcome = taken(opened, path)
    assert [kind for _, _, kind in cells(outcome)] == [ProblemKind.FIGURE_CELL_INVALID]
    assert (count(opened, SubmissionRow), count(opened, ReceivedFileRow)) == (0, 0)
    assert count(opened, AuditLineRow) == before


def test_faults_of_form_and_of_content_are_told_together_each_at_its_cell(
    opened: Engine, tmp_path: Path
) -> None:
    path = filled(opened, tmp_path, BOTH)
    path.write_bytes(
        edited(
            path.read_bytes(),
            put(PROGRESS, "1-1", "进展情况", "好"),
            put(FIGURES, "1-1-1", "本期数", "约30"),
            put(FIGURES, "1-1-2", "本期数", -1),
            put(FIGURES, "1-3-2", "本期数", 1.234),
        )
    )
    assert cells(taken(opened, path)) == [
        (PROGRESS, "I4", ProblemKind.PASSAGE_MISSING),
        (FIGURES, "H4", ProblemKind.FIGURE_CELL_INVALID),
        (FIGURES, "H5", ProblemKind.FIGURE_INVALID),
        (FIGURES, "H7", ProblemKind.FIGURE_INVALID),
    ]


def test_an_empty_figure_needs_a_reason_and_a_zero_does_not(opened: Engine, tmp_path: Path) -> None:
    path = filled(opened, tmp_path, {cast.VISIT_Q1: cast.visits(count=None)})
    assert cells(taken(opened, path)) == [(FIGURES, "H4", ProblemKind.FIGURE_MISSING)]
    path.write_bytes(edited(path.read_bytes(), put(FIGURES, "1-1-1", "说明", "系统升级，暂缺")))
    assert not taken(opened, path).refused
    path = filled(opened, tmp_path, {cast.VISIT_Q1: cast.visits(count=0)})
    assert not taken(opened, path).refused


def test_a_figure_far_off_last_periods_needs_a_reason(opened: Engine, tmp_path: Path) -> None:
    taken(opened, filled(opened, tmp_path, {cast.VISIT_Q1: cast.visits(count=120)}))
    path = filled(opened, tmp_path, {cast.VISIT_Q2: cast.visits(cast.VISIT_Q2, count=1200)})
    outcome = taken(opened, path)
    assert cells(outcome) == [(FIGURES, "H6", ProblemKind.FIGURE_FAR_OFF)]
    assert "120" in outcome.faults[0].problem.title
    path.write_bytes(edited(path.read_bytes(), put(FIGURES, "1-3-1", "说明", "本季度开展了集中走访")))
    assert not taken(opened, path).refused


def test_last_periods_figure_stands_in_the_form(opened: Engine, tmp_path: Path) -> None:
    taken(opened, filled(opened, tmp_path, {cast.VISIT_Q1: cast.visits(count=120)}))
    found: list[object] = []
    edited(
        handed_out(opened, tmp_path).read_bytes(),
        lambda workbook: found.append(workbook[FIGURES]["G6"].value),
    )
    assert found == [120]


def test_without_a_reporter_nothing_is_taken_over(opened: Engine, tmp_path: Path) -> None:
    path = filled(opened, tmp_path, BOTH, by="")
    assert cells(taken(opened, path)) == [(GUIDE, REPORTER_CELL, ProblemKind.PERSON_MISSING)]
    assert not taken(opened, path, Sender(JULY, by=cast.LI_MING)).refused


def test_a_form_with_nothing_new_leaves_no_trace(opened: Engine, tmp_path: Path) -> None:
    outcome = taken(opened, handed_out(opened, tmp_path))
    assert (outcome.refused, outcome.receipts) == (False, ())
    assert count(opened, ReceivedFileRow) == 0


def test_a_form_of_the_plan_before_its_revision_is_refused(opened: Engine, tmp_path: Path) -> None:
    path = filled(opened, tmp_path, BOTH)
    revised = cast.small_plan().model_copy(update={"name": "修订后的方案"})
    with writing(opened) as session:
        version = adopt(session, revised, at=LATER, actor=cast.ZHAO_QIANG)
    outcome = receive(opened, Edition(revised, version.sha256), path, Sender(LATER))
    assert outcome.problem is not None
    assert outcome.problem.kind is ProblemKind.WORKBOOK_OUTDATED


def test_an_older_copy_of_the_form_does_not_undo_what_was_sent_since(opened: Engine, tmp_path: Path) -> None:
    taken(opened, filled(opened, tmp_path, {cast.VISIT_Q1: cast.visits(count=100)}))
    older = handed_out(opened, tmp_path).rename(tmp_path / "旧表.xlsx")  # shows 100
    taken(opened, filled(opened, tmp_path, {cast.VISIT_Q1: cast.visits(count=110)}), Sender(LATER))
    fill(older, {cast.VISIT_Q2: cast.visits(cast.VISIT_Q2)}, by=cast.LI_MING)
    outcome = taken(opened, older, Sender(LATER))
    assert [receipt.key for receipt in outcome.receipts] == [cast.VISIT_Q2]
    latest = facts_of(opened, cast.VISIT_Q1).latest
    assert latest is not None
    assert latest.version == 2


def test_a_returned_item_can_be_answered_and_an_accepted_one_cannot(opened: Engine, tmp_path: Path) -> None:
    path = filled(opened, tmp_path, BOTH)
    taken(opened, path)
    plan, reviewer = cast.small_plan(), cast.ZHAO_QIANG
    with writing(opened) as session:
        send_back(
            session, plan, cast.VISIT_Q1, version=1, reviewer=reviewer, at=LATER, reason="请补充走访户数"
        )
        accept(session, plan, cast.VISIT_Q2, version=1, reviewer=reviewer, at=LATER)
    path.write_bytes(
        edited(path.read_bytes(), *(put(PROGRESS, n, "进展情况", "补充：共走访96户") for n in ("1-1", "1-3")))
    )
    assert cells(taken(opened, path, Sender(LATER))) == [(PROGRESS, "H6", ProblemKind.ITEM_CLOSED)]
    path.write_bytes(edited(path.read_bytes(), put(PROGRESS, "1-3", "进展情况", "已逐户走访并建立台账")))
    outcome = taken(opened, path, Sender(LATER))
    assert [(r.key, r.version, r.unchanged) for r in outcome.receipts] == [
        (cast.VISIT_Q1, 2, False),
        (cast.VISIT_Q2, 1, True),
    ]


def test_personal_data_is_nowhere_in_the_outcome_nor_in_the_store(opened: Engine, tmp_path: Path) -> None:
    mobile = 13812345678
    path = filled(opened, tmp_path, {cast.VISIT_Q1: cast.visits(text=f"联系电话{mobile}，已走访")})
    path.write_bytes(edited(path.read_bytes(), put(FIGURES, "1-1-1", "本期数", mobile)))
    path = path.rename(tmp_path / f"报表{mobile}.xlsx")
    outcome = taken(opened, path)
    assert {kind for _, _, kind in cells(outcome)} == {ProblemKind.CHILD_DATA}
    assert len(outcome.faults) == 2
    assert str(mobile) not in f"{outcome}{[str(f.problem) for f in outcome.faults]}"
    path.write_bytes(filled(opened, tmp_path, BOTH).read_bytes())
    assert not taken(opened, path).refused
    with reading(opened) as session:
        (name,) = session.scalars(select(col(ReceivedFileRow.name))).all()
    assert str(mobile) not in name


def test_a_missing_file_is_told(opened: Engine, tmp_path: Path) -> None:
    outcome = taken(opened, tmp_path / "没有.xlsx")
    assert outcome.problem is not None
    assert outcome.problem.kind is ProblemKind.WORKBOOK_UNREADABLE


def test_forms_of_units_with_nothing_open_are_none(engine: Engine) -> None:
    with reading(engine) as session:
        found = list(forms(session, cast.small_plan(), 2025, JULY.date(), [cast.TOWN, cast.CIVIL]))
    assert found == [(cast.TOWN, None), (cast.CIVIL, None)]


def test_a_form_that_may_be_half_filled_in_is_not_overwritten(opened: Engine, tmp_path: Path) -> None:
    path = handed_out(opened, tmp_path)
    with reading(opened) as session:
        found = [
            form for _, form in forms(session, cast.small_plan(), 2025, JULY.date(), [cast.TOWN]) if form
        ]
    with pytest.raises(Problem) as caught:
        refuse_overwriting(found, tmp_path)
    assert caught.value.kind is ProblemKind.WORKBOOK_EXISTS
    assert [p.name for p in tmp_path.glob("*.xlsx")] == [path.name]
    refuse_overwriting(found, tmp_path / "另一处")
