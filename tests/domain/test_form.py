"""A form as it is typed: read as people mean it, every fault beside its field, and nothing of a child kept."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.canonical import clean_entry, entry_sha256
from domain.entries import PROGRESS, Fault, ItemEntry, State, measure_slot
from domain.entry_check import MOST_TEXT, check_entry
from domain.form import MOST_TYPED, ROOM, Form, TypedFigure, form_of, keep, read_form
from domain.problems import ProblemKind
from tests import cast

ID_NUMBER = "11010519491231002X"  # the textbook example of GB 11643, nobody's
PLAN = cast.small_plan()
VISITING = PLAN.duties_by_id["home-visits"]


def form(
    visits: str = "120", funds: str = "3.5", remark: str = "", text: str = "已逐户走访并建立台账"
) -> Form:
    figures = {cast.VISITS: TypedFigure(value=visits, remark=remark), cast.FUNDS: TypedFigure(value=funds)}
    return Form(state=State.DONE, passages={PROGRESS: text}, figures=figures)


def read(typed: Form) -> tuple[ItemEntry | None, tuple[Fault, ...]]:
    return read_form(PLAN, VISITING, cast.TOWN, cast.VISIT_Q1, typed)


def kept(typed: Form, before: Form | None = None) -> tuple[Form, list[tuple[str | None, ProblemKind]]]:
    found, faults = keep(PLAN, VISITING, cast.TOWN, cast.VISIT_Q1, typed, before or Form())
    assert ID_NUMBER not in "".join(f"{fault.field}{fault.problem}" for fault in faults)
    return found, [(fault.field, fault.problem.kind) for fault in faults]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("120", 120),
        (" １，２００ ", 1200),
        ("1,200", 1200),
        ("1 200", 1200),
        ("0", 0),
        ("+5", 5),
        ("120.0", 120),
    ],
)
def test_a_figure_is_read_as_people_type_it(typed: str, value: int) -> None:
    entry, faults = read(form(typed))
    assert faults == ()
    assert entry is not None
    assert entry.figures[0].value == Decimal(value)


def test_a_form_that_is_read_is_the_entry_that_excel_would_have_made() -> None:
    entry, _ = read(form())
    assert entry is not None
    assert entry_sha256(clean_entry(entry)) == entry_sha256(clean_entry(cast.visits()))


@pytest.mark.parametrize("typed", ["一百二十", "约120", "1.2.3", "1,20", "=1+1", "王小明"])
def test_what_is_no_figure_is_told_beside_it(typed: str) -> None:
    entry, faults = read(form(typed))
    assert [(f.field, f.problem.kind) for f in faults] == [("figure:visits", ProblemKind.FIGURE_CELL_INVALID)]
    assert entry is not None
    assert entry.figures[0].value is None
    assert "王小明" not in str(faults[0].problem)


@pytest.mark.parametrize("typed", [ID_NUMBER, "110105194912310020", "13912345678"])
def test_a_number_of_a_person_is_no_figure_and_gets_no_further(typed: str) -> None:
    entry, faults = read(form(typed))
    assert [(f.field, f.problem.kind) for f in faults] == [("figure:visits", ProblemKind.CHILD_DATA)]
    assert entry is not None
    assert typed not in f"{entry}{faults}"


def test_a_form_without_a_state_is_no_entry_yet_and_tells_its_other_faults_too() -> None:
    entry, faults = read(form("许多").model_copy(update={"state": None}))
    assert entry is None
    assert [f.field for f in faults] == ["state", "figure:visits"]


def test_a_yearly_report_needs_no_state() -> None:
    typed = Form(passages={measure_slot(1): "全年走访覆盖全部村屯"})
    entry, faults = read_form(PLAN, PLAN.annual_duty, cast.TOWN, cast.ANNUAL, typed)
    assert faults == ()
    assert entry is not None
    assert entry.state is State.DONE
    assert check_entry(PLAN, PLAN.annual_duty, cast.TOWN, clean_entry(entry), {}) == ()


@given(
    count=st.none() | st.decimals(0, 10**9, places=0),
    funds=st.decimals(0, 10**6, places=2),
    text=st.text(max_size=60),
    state=st.sampled_from(State),
)
def test_a_form_made_of_an_entry_reads_back_as_that_entry(
    count: Decimal | None, funds: Decimal, text: str, state: State
) -> None:
    entry = cast.visits(count=0, funds=str(funds), text=text).model_copy(update={"state": state})
    figures = (entry.figures[0].model_copy(update={"value": count}), entry.figures[1])
    entry = clean_entry(entry.model_copy(update={"figures": figures, "attachments": ("0" * 64,)}))
    again, faults = read(form_of(entry))
    assert again is not None
    assert faults == ()
    assert clean_entry(again) == entry


def test_a_draft_keeps_whatever_is_typed_however_unfinished() -> None:
    typed = Form(
        passages={PROGRESS: "  已走"}, figures={cast.VISITS: TypedFigure(value="约一百二", remark=" ")}
    )
    assert kept(typed) == (typed, [])


def test_what_could_identify_a_child_is_not_kept_and_takes_no_other_field_with_it() -> None:
    before = form(text="已走访")
    typed = form(visits="130", remark=f"含{ID_NUMBER}", text=f"走访了{ID_NUMBER}").model_copy(
        update={"state": State.UNDER_WAY}
    )
    found, faults = kept(typed, before)
    assert faults == [
        ("passage:progress", ProblemKind.CHILD_DATA),
        ("remark:visits", ProblemKind.CHILD_DATA),
    ]
    assert found == form(visits="130", text="已走访").model_copy(update={"state": State.UNDER_WAY})


def test_a_draft_may_be_longer_than_what_is_handed_in_but_not_without_end() -> None:
    assert kept(form(text="走" * MOST_TEXT * ROOM))[1] == []
    assert kept(form(text="走" * (MOST_TEXT * ROOM + 1)))[1] == [
        ("passage:progress", ProblemKind.PASSAGE_TOO_LONG)
    ]
    assert kept(form(visits="1" * (MOST_TYPED + 1)))[1] == [("figure:visits", ProblemKind.PASSAGE_TOO_LONG)]


def test_fields_that_are_not_asked_for_are_not_kept_nor_is_their_name_repeated() -> None:
    typed = Form(passages={ID_NUMBER: "放错了地方"}, figures={cast.TRAINING: TypedFigure(value="1")})
    found, faults = kept(typed)
    assert found == Form()
    assert [kind for _, kind in faults] == [ProblemKind.PASSAGE_NOT_ASKED, ProblemKind.FIGURE_NOT_ASKED]
