"""What a report says differently from the one before is told place by place, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from domain.report.blocks import Cell, Column, Document, Heading, Paragraph, Row, Table, plain
from domain.report.comparison import changed
from domain.report.snapshot import Snapshot, UnitDocument, freeze
from tests.domain.happenings import day
from tests.domain.report.tiedong import material

TEXTS = st.lists(st.text("一二三四五", min_size=1, max_size=3), max_size=6)


def document(*texts: str, rows: tuple[str, ...] = ()) -> Document:
    """A document with a heading, paragraphs and a table."""
    table = Table(
        caption="完成情况",
        columns=(Column(title="举措", share=1),),
        rows=tuple(Row(cells=(Cell(text=row),)) for row in rows),
    )
    blocks = (Heading(level=1, text="一、基本情况"), *(Paragraph(runs=plain(text)) for text in texts), table)
    return Document(title="报告", author="办公室", day=day("2025-12-01"), sample=False, blocks=blocks)


def snapshot(consolidated: Document, **units: Document) -> Snapshot:
    """A snapshot of these documents."""
    return Snapshot(
        plan="small",
        plan_sha256="",
        year=2025,
        as_of=day("2025-12-01"),
        sample=False,
        consolidated=consolidated,
        units=tuple(UnitDocument(unit=u, name=u, document=d) for u, d in units.items()),
    )


def test_equal_reports_differ_in_nothing() -> None:
    whole = freeze(material(), "plan")
    assert changed(whole, whole) == ()


def test_a_change_names_its_place_and_both_wordings() -> None:
    before = snapshot(document("办了三期", "很好", rows=("8 走访",)), town=document("好"))
    after = snapshot(document("办了四期", "很好", rows=("8 走访", "9 救助")), town=document("好"))
    (only,) = changed(before, after)
    assert only.unit is None
    wording, row = only.changes
    assert (wording.place, wording.before, wording.after) == (
        "正文 一、基本情况",
        ("办了三期",),
        ("办了四期",),
    )
    assert (row.place, row.before, row.after) == ("正文 一、基本情况 完成情况", (), ("9 救助",))


def test_a_unit_that_is_new_is_told_as_a_whole_and_one_that_fell_away_is_not_there() -> None:
    before = snapshot(document("好"), old=document("甲"))
    after = snapshot(document("好"), new=document("乙"))
    (only,) = changed(before, after)
    assert only.unit == "new"
    assert [(c.before, c.after) for c in only.changes] == [((), ("乙",))]


@given(TEXTS, TEXTS)
def test_what_is_told_turns_the_one_wording_into_the_other(before: list[str], after: list[str]) -> None:
    found = changed(snapshot(document(*before)), snapshot(document(*after)))
    gone = [text for one in found for change in one.changes for text in change.before]
    come = [text for one in found for change in one.changes for text in change.after]
    assert sorted([*before, *come]) == sorted([*after, *gone])
    assert (found == ()) == (before == after)
