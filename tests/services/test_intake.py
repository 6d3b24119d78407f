"""Handing in: all or nothing, every fault told at once, and never anything overwritten."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select

from domain.entries import (
    HIGHLIGHTS,
    PROGRESS,
    Fault,
    FigureEntry,
    ItemEntry,
    Passage,
    Refused,
    State,
    measure_slot,
)
from domain.problems import ProblemKind
from models.engine import reading, writing
from models.tables import FigureRow, PassageRow, SubmissionRow
from services import audit
from services.audit_content import check_contents
from services.facts import year_facts
from services.intake import Receipt, submit
from services.review import accept, send_back
from tests import cast

APRIL = cast.moment("2025-04-01 09:00")
JULY = cast.moment("2025-07-01 09:00")
NOVEMBER = cast.moment("2025-11-20 09:00")
ID_NUMBER = "11010519491231002X"  # the textbook example of GB 11643, nobody's


def _submit(
    engine: Engine, *entries: ItemEntry, unit: str = cast.TOWN, by: str = cast.LI_MING, at: object = APRIL
) -> tuple[Receipt, ...]:
    with writing(engine) as session:
        return submit(session, cast.small_plan(), entries, unit=unit, by=by, at=at, door="page")  # type: ignore[arg-type]  # moments only


def _faults(engine: Engine, *entries: ItemEntry, **how: object) -> tuple[Fault, ...]:
    with pytest.raises(Refused) as refusal:
        _submit(engine, *entries, **how)  # type: ignore[arg-type]  # as for _submit
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(SubmissionRow)) == 0
    return refusal.value.faults


def _kinds(faults: Sequence[Fault]) -> list[tuple[str | None, ProblemKind]]:
    return [(fault.field, fault.problem.kind) for fault in faults]


def _with_figures(*figures: FigureEntry) -> ItemEntry:
    return cast.visits().model_copy(update={"figures": figures})


def _figure(indicator: str, value: str | None, remark: str = "") -> FigureEntry:
    number = None if value is None else Decimal(value)
    return FigureEntry(indicator=indicator, value=number, remark=remark)


FUNDS_OK = _figure(cast.FUNDS, "3.5")


def test_what_is_handed_in_is_stored_with_a_receipt(opened: Engine) -> None:
    (receipt,) = _submit(opened, cast.visits())
    assert (receipt.key, receipt.version, receipt.at, receipt.unchanged) == (cast.VISIT_Q1, 1, APRIL, False)
    assert receipt.number == "20250401-000001"
    with reading(opened) as session:
        facts = {f.item.key: f for f in year_facts(session, cast.small_plan(), 2025)}[cast.VISIT_Q1]
    assert facts.latest is not None
    assert facts.latest.passage(PROGRESS) == "已逐户走访并建立台账"
    assert [(f.indicator, f.value) for f in facts.latest.figures] == [
        (cast.FUNDS, Decimal("3.5")),
        (cast.VISITS, Decimal(120)),
    ]
    assert facts.latest.content_sha256 == receipt.content_sha256


def test_the_same_content_again_changes_nothing(opened: Engine) -> None:
    (first,) = _submit(opened, cast.visits())
    (again,) = _submit(
        opened, cast.visits(text="  已逐户走访并建立台账\r\n", funds="3.5000"), by="别人", at=JULY
    )
    assert (again.number, again.version, again.at, again.unchanged) == (first.number, 1, first.at, True)
    with reading(opened) as session:
        assert audit.head(session).seq == 3  # adopt, open, submit


def test_other_content_becomes_the_next_version_and_the_old_one_stays(opened: Engine) -> None:
    _submit(opened, cast.visits())
    (second,) = _submit(opened, cast.visits(count=121))
    assert second.version == 2
    with reading(opened) as session:
        facts = {f.item.key: f for f in year_facts(session, cast.small_plan(), 2025)}[cast.VISIT_Q1]
    assert [s.version for s in facts.submissions] == [1, 2]
    assert [s.figures[1].value for s in facts.submissions] == [Decimal(120), Decimal(121)]


def test_receipts_come_in_the_order_of_the_entries(opened: Engine) -> None:
    _submit(opened, cast.visits())
    receipts = _submit(opened, cast.visits(cast.VISIT_Q2), cast.visits(), at=JULY)
    assert [(r.key, r.unchanged) for r in receipts] == [(cast.VISIT_Q2, False), (cast.VISIT_Q1, True)]


def test_one_bad_entry_keeps_out_the_good_ones_too(opened: Engine) -> None:
    faults = _faults(opened, cast.visits(), cast.visits(cast.VISIT_Q2, count=-1), at=JULY)
    assert [(f.key, f.field) for f in faults] == [(cast.VISIT_Q2, "figure:visits")]
    with reading(opened) as session:
        assert session.scalar(select(func.count()).select_from(PassageRow)) == 0
        assert session.scalar(select(func.count()).select_from(FigureRow)) == 0


def test_every_fault_is_told_at_once(opened: Engine) -> None:
    entry = ItemEntry(
        key=cast.VISIT_Q1,
        state=State.DONE,
        passages=(Passage(slot="elsewhere", text="放错了地方"),),
        figures=(_figure(cast.VISITS, "1.5"), _figure("nonsense", "1"), _figure(cast.GUARDED, "2")),
    )
    assert set(_kinds(_faults(opened, entry))) == {
        ("passage:elsewhere", ProblemKind.PASSAGE_NOT_ASKED),
        ("passage:progress", ProblemKind.PASSAGE_MISSING),
        ("figure:visits", ProblemKind.FIGURE_INVALID),
        ("figure:nonsense", ProblemKind.UNKNOWN_INDICATOR),
        ("figure:guarded", ProblemKind.FIGURE_NOT_YOURS),
        ("figure:funds", ProblemKind.FIGURE_MISSING),
    }


@pytest.mark.parametrize(
    ("key", "unit", "kind"),
    [
        ("small/home-visits/town/2099Q1", cast.TOWN, ProblemKind.ITEM_UNKNOWN),
        (cast.VISIT_Q1, cast.STREET, ProblemKind.ITEM_NOT_YOURS),
        (cast.VISIT_Q2, cast.TOWN, ProblemKind.ITEM_NOT_OPEN),
    ],
)
def test_an_item_must_exist_be_open_and_be_the_units_own(
    opened: Engine, key: str, unit: str, kind: ProblemKind
) -> None:
    on = cast.moment("2025-03-31 23:59")
    assert _kinds(_faults(opened, cast.visits(key), unit=unit, at=on)) == [(None, kind)]


def test_an_item_opens_at_midnight_in_beijing(opened: Engine) -> None:
    assert _submit(opened, cast.visits(cast.VISIT_Q2), at=cast.moment("2025-04-01 00:00"))


def test_an_item_may_be_late(opened: Engine) -> None:
    assert _submit(opened, cast.visits(), at=NOVEMBER)


def test_after_a_return_the_item_may_be_handed_in_again(opened: Engine) -> None:
    _submit(opened, cast.visits())
    with writing(opened) as session:
        send_back(
            session,
            cast.small_plan(),
            cast.VISIT_Q1,
            version=1,
            reviewer=cast.ZHAO_QIANG,
            at=APRIL,
            reason="请核对人次",
        )
    assert _submit(opened, cast.visits(count=118))[0].version == 2


def test_after_acceptance_only_the_same_content_passes(opened: Engine) -> None:
    _submit(opened, cast.visits())
    with writing(opened) as session:
        accept(session, cast.small_plan(), cast.VISIT_Q1, version=1, reviewer=cast.ZHAO_QIANG, at=APRIL)
    assert _submit(opened, cast.visits())[0].unchanged
    with pytest.raises(Refused) as refusal:
        _submit(opened, cast.visits(count=121))
    assert _kinds(refusal.value.faults) == [(None, ProblemKind.ITEM_CLOSED)]


@pytest.mark.parametrize(
    "value", ["-1", "0.5", "1000000001", "1E+999999999", "1E-999999999", f"1.{'0' * 40}1"]
)
def test_a_value_that_is_no_count_is_refused(opened: Engine, value: str) -> None:
    entry = _with_figures(_figure(cast.VISITS, value), FUNDS_OK)
    assert _kinds(_faults(opened, entry)) == [("figure:visits", ProblemKind.FIGURE_INVALID)]


@pytest.mark.parametrize("value", ["0", "12.00", "1E+3", "1000000000"])
def test_a_value_that_is_a_count_however_spelt_is_taken(opened: Engine, value: str) -> None:
    assert _submit(opened, _with_figures(_figure(cast.VISITS, value), FUNDS_OK))


def test_decimals_are_taken_as_far_as_the_indicator_has_them(opened: Engine) -> None:
    assert _submit(opened, cast.visits(funds="3.25"))
    with pytest.raises(Refused):
        _submit(opened, cast.visits(funds="3.255"))


def test_a_missing_value_needs_a_reason_and_zero_does_not(opened: Engine) -> None:
    missing = _with_figures(_figure(cast.VISITS, None), FUNDS_OK)
    assert _kinds(_faults(opened, missing)) == [("figure:visits", ProblemKind.FIGURE_MISSING)]
    assert _submit(opened, _with_figures(_figure(cast.VISITS, "0"), FUNDS_OK))
    assert _submit(opened, _with_figures(_figure(cast.VISITS, None, "台账尚未汇总"), FUNDS_OK))


def test_a_blank_reason_is_none(opened: Engine) -> None:
    blank = _with_figures(_figure(cast.VISITS, None, " \n\u3000"), FUNDS_OK)
    assert _kinds(_faults(opened, blank)) == [("figure:visits", ProblemKind.FIGURE_MISSING)]


def test_nothing_may_be_said_twice(opened: Engine) -> None:
    entry = cast.visits()
    doubled = entry.model_copy(
        update={"passages": entry.passages * 2, "figures": (*entry.figures, entry.figures[0])}
    )
    assert _kinds(_faults(opened, doubled)) == [
        ("passage:progress", ProblemKind.ENTRY_TWICE),
        ("figure:visits", ProblemKind.ENTRY_TWICE),
    ]
    assert (None, ProblemKind.ENTRY_TWICE) in _kinds(_faults(opened, entry, entry))


@pytest.mark.parametrize(
    ("state", "text", "taken"),
    [
        (State.DONE, "", False),
        (State.DONE, "好", False),
        (State.UNDER_WAY, "", False),
        (State.UNDER_WAY, "正在排查", True),
        (State.NOT_STARTED, "", False),
        (State.NOT_STARTED, "经费未到位，下季度开展", True),
        (State.NO_OCCASION, "", True),
    ],
)
def test_each_state_asks_for_its_text(opened: Engine, state: State, text: str, taken: bool) -> None:  # noqa: FBT001 - a column of the table
    entry = cast.visits(text=text).model_copy(update={"state": state})
    if taken:
        assert _submit(opened, entry)
    else:
        assert _kinds(_faults(opened, entry)) == [("passage:progress", ProblemKind.PASSAGE_MISSING)]


def test_a_text_has_its_limit(opened: Engine) -> None:
    assert _submit(opened, cast.visits(text="走" * 5000))
    with pytest.raises(Refused) as refusal:
        _submit(opened, cast.visits(text="走" * 5001))
    assert _kinds(refusal.value.faults) == [("passage:progress", ProblemKind.PASSAGE_TOO_LONG)]


def test_the_yearly_report_tells_of_the_units_own_measures(opened: Engine) -> None:
    passages = (
        Passage(slot=measure_slot(1), text="全年走访覆盖全部村屯"),
        Passage(slot=measure_slot(2), text="开设心理辅导课程"),
        Passage(slot=HIGHLIGHTS, text="志愿者结对做得好"),
    )
    annual = ItemEntry(key=cast.ANNUAL, state=State.DONE, passages=passages)
    street = cast.item_key("annual-report", cast.STREET, "2025")
    other = annual.model_copy(update={"key": street})
    faults = _faults(opened, other, unit=cast.STREET, at=NOVEMBER)
    assert _kinds(faults) == [("passage:measure-2", ProblemKind.PASSAGE_NOT_ASKED)]
    assert _submit(opened, annual, at=NOVEMBER)


def test_the_figures_far_off_last_periods_need_a_remark(opened: Engine) -> None:
    _submit(opened, cast.visits(count=120))
    far = cast.visits(cast.VISIT_Q2, count=361)
    with pytest.raises(Refused) as refusal:
        _submit(opened, far, at=JULY)
    (fault,) = refusal.value.faults
    assert (fault.field, fault.problem.kind) == ("figure:visits", ProblemKind.FIGURE_FAR_OFF)
    assert "2025年第一季度" in fault.problem.title
    assert "120 人次" in fault.problem.title
    explained = (_figure(cast.VISITS, "361", "新增两个村纳入走访"), FUNDS_OK)
    assert _submit(opened, far.model_copy(update={"figures": explained}), at=JULY)


def test_a_child_is_never_named_and_the_value_never_repeated(opened: Engine) -> None:
    entry = cast.visits(text=f"走访了身份证号{ID_NUMBER}的儿童").model_copy(
        update={"figures": (_figure(cast.VISITS, "5", f"含{ID_NUMBER}"), FUNDS_OK)}
    )
    faults = _faults(opened, entry)
    assert {f.field for f in faults} == {"passage:progress", "remark:visits"}
    assert {f.problem.kind for f in faults} == {ProblemKind.CHILD_DATA}
    assert ID_NUMBER not in "".join(f"{f.problem}{f.field}" for f in faults)


def test_a_child_hidden_in_a_key_is_not_repeated_either(opened: Engine) -> None:
    assert ID_NUMBER not in str(
        _faults(opened, cast.visits(f"small/home-visits/town/{ID_NUMBER}"))[0].problem
    )


def test_control_characters_neither_break_the_store_nor_make_a_version(opened: Engine) -> None:
    _submit(opened, cast.visits())
    assert _submit(opened, cast.visits(text="已逐户走访\x00并建立\x07台账"))[0].unchanged


@pytest.mark.parametrize("name", ["", "　", "李" * 61])
def test_whoever_hands_in_gives_a_name(opened: Engine, name: str) -> None:
    assert _kinds(_faults(opened, cast.visits(), by=name)) == [(None, ProblemKind.PERSON_MISSING)]


def test_nothing_handed_in_is_nothing_stored(opened: Engine) -> None:
    assert _submit(opened) == ()


def test_the_audit_tells_who_and_which_digest_but_no_figure(opened: Engine) -> None:
    (receipt,) = _submit(opened, cast.visits(count=987654))
    with reading(opened) as session:
        line = audit.lines(session, last=1)[0]
    assert (line.actor, line.action, line.subject) == (cast.LI_MING, "submit", cast.VISIT_Q1)
    assert receipt.content_sha256 in line.detail
    assert "987654" not in line.detail


def test_two_who_hand_in_at_once_make_two_versions(opened: Engine) -> None:
    counts = range(100, 108)
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda n: _submit(opened, cast.visits(count=n))[0], counts))
    assert sorted(r.version for r in receipts) == list(range(1, 9))
    with reading(opened) as session:
        assert session.scalar(select(func.count()).select_from(FigureRow)) == 16
        assert audit.verify(session).intact
        assert check_contents(session) == ()


def test_one_who_hands_in_twice_at_once_makes_one_version(opened: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda _: _submit(opened, cast.visits())[0], range(8)))
    assert {r.version for r in receipts} == {1}
    assert sorted(r.unchanged for r in receipts) == [False, *[True] * 7]


def test_handing_in_and_accepting_at_once_leave_one_of_both_orders(opened: Engine) -> None:
    _submit(opened, cast.visits())

    def hand_in() -> str:
        try:
            return f"version {_submit(opened, cast.visits(count=50))[0].version}"
        except Refused as refusal:
            return refusal.faults[0].problem.kind.name

    def take() -> str:
        try:
            with writing(opened) as session:
                accept(
                    session, cast.small_plan(), cast.VISIT_Q1, version=1, reviewer=cast.ZHAO_QIANG, at=APRIL
                )
        except Exception as error:  # noqa: BLE001 - its kind is looked at below
            return getattr(getattr(error, "kind", None), "name", repr(error))
        return "accepted"

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(hand_in), pool.submit(take)
    assert (one.result(), other.result()) in {("version 2", "REVIEW_STALE"), ("ITEM_CLOSED", "accepted")}
