"""Correcting what was accepted: only where the office allows it, and the accepted version counts until then."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.aggregate import unit_figures, year_to_date
from domain.entries import Refused
from domain.facts import ItemFacts
from domain.gates import PhaseState
from domain.problems import Problem, ProblemKind
from domain.rates import rates
from domain.status import Light, light
from models.engine import reading, writing
from models.states import seen, unfinished
from services import audit
from services.audit_content import check_contents
from services.facts import item_facts, year_facts
from services.intake import Receipt, submit
from services.reckoning import measure_progress
from services.review import Correction, accept, allow_correction, open_correction, send_back
from services.workbook.delivery import forms
from services.workbook.layout import PROGRESS_SHEET
from tests import cast
from tests.services.test_gates import gate, hand_in_the_census, plan

MARCH = cast.moment("2025-03-30 09:00")
APRIL = cast.moment("2025-04-02 09:00")
MAY = cast.moment("2025-05-12 09:00")
JUNE = cast.moment("2025-06-03 09:00")


@pytest.fixture
def accepted(opened: Engine) -> Engine:
    """A store in which 东山镇's visits of the first quarter are accepted."""
    _submit(opened, count=120, at=MARCH)
    _accept(opened, 1, APRIL)
    return opened


def _submit(engine: Engine, count: int, at: object = MAY) -> Receipt:
    how: dict[str, Any] = {"unit": cast.TOWN, "by": cast.LI_MING, "at": at, "door": "page"}
    with writing(engine) as session:
        return submit(session, cast.small_plan(), [cast.visits(count=count)], **how)[0]


def _accept(engine: Engine, version: int, at: object) -> None:
    how: dict[str, Any] = {"version": version, "reviewer": cast.ZHAO_QIANG, "at": at}
    with writing(engine) as session:
        accept(session, cast.small_plan(), cast.VISIT_Q1, **how)


def _allow(
    engine: Engine, by: str = cast.ZHAO_QIANG, version: int = 1, reason: str = "第一季度人次口径有误，请更正"
) -> None:
    with writing(engine) as session:
        allow_correction(
            session, cast.small_plan(), cast.VISIT_Q1, version=version, by=by, at=MAY, reason=reason
        )


def _refused(engine: Engine, **how: Any) -> ProblemKind:
    with pytest.raises(Problem) as refusal:
        _allow(engine, **how)
    return refusal.value.kind


def _facts(engine: Engine) -> ItemFacts:
    with reading(engine) as session:
        return next(f for f in year_facts(session, cast.small_plan(), 2025) if f.item.key == cast.VISIT_Q1)


def _visits(engine: Engine, as_of: date) -> Decimal | None:
    found = unit_figures(cast.small_plan(), [_facts(engine)], year_to_date(2025, as_of), as_of)
    return found[cast.VISITS, cast.TOWN].value


def _stands(engine: Engine) -> Light:
    """The item's light on 3 June, from its facts; the store must count it alike."""
    one = light(_facts(engine), JUNE.date(), cast.small_plan().rules.lights, cast.calendar())
    with reading(engine) as session:
        progress = measure_progress(session, cast.small_plan(), JUNE.date(), cast.calendar(), 1)
    (line,) = [line for line in progress.lines if line.occurrence.period == "2025Q1"]
    assert line.lights == {one: 1, Light.RED: 1}  # the other is 西河街道's, which has sent nothing
    return one


def test_an_accepted_item_stays_closed_until_the_office_allows_a_correction(accepted: Engine) -> None:
    with pytest.raises(Refused) as refusal:
        _submit(accepted, count=118)
    assert [f.problem.kind for f in refusal.value.faults] == [ProblemKind.ITEM_CLOSED]
    _allow(accepted)
    assert _submit(accepted, count=118).version == 2


def test_a_correction_that_was_accepted_closes_the_item_again(accepted: Engine) -> None:
    _allow(accepted)
    _submit(accepted, count=118)
    _accept(accepted, 2, JUNE)
    with pytest.raises(Refused):
        _submit(accepted, count=117, at=JUNE)


def test_the_accepted_version_counts_until_its_correction_is_accepted(accepted: Engine) -> None:
    _allow(accepted)
    _submit(accepted, count=118)
    assert _visits(accepted, MAY.date()) == 120
    _accept(accepted, 2, JUNE)
    assert _visits(accepted, MAY.date()) == 120
    assert _visits(accepted, JUNE.date()) == 118


def test_neither_light_nor_rate_falls_while_a_correction_waits_or_comes_back(accepted: Engine) -> None:
    before = rates([_facts(accepted)], JUNE.date())
    _allow(accepted)
    _submit(accepted, count=118)
    assert _stands(accepted) == Light.GREEN
    with writing(accepted) as session:
        how: dict[str, Any] = {"version": 2, "reviewer": cast.ZHAO_QIANG, "at": MAY, "reason": "仍与台账不符"}
        send_back(session, cast.small_plan(), cast.VISIT_Q1, **how)
    assert _stands(accepted) == Light.GREEN
    after = rates([_facts(accepted)], JUNE.date())
    assert (after.completeness, after.timeliness) == (before.completeness, before.timeliness)
    assert after.returned == 0
    assert _submit(accepted, count=117, at=JUNE).version == 3


def test_nobody_waits_for_a_unit_that_corrects_what_was_accepted(accepted: Engine) -> None:
    _allow(accepted)
    _submit(accepted, count=118)
    with reading(accepted) as session:
        owing = unfinished(session, seen(session, "small", MAY.date()), ["home-visits"])
    assert owing["home-visits", "2025Q1"] == [cast.STREET]


def test_a_phase_that_closed_stays_closed_on_its_day(opened: Engine) -> None:
    hand_in_the_census(opened)
    key = cast.item_key("census", cast.TOWN, "once")
    closed = gate(opened, "2025-07-02")
    at = cast.moment("2025-08-05 09:00")
    with writing(opened) as session:
        allow_correction(
            session, plan(), key, version=1, by=cast.ZHAO_QIANG, at=at, reason="请更正摸底情况的表述"
        )
        entry = cast.visits(key, text="摸底情况已更正").model_copy(update={"figures": ()})
        submit(session, plan(), [entry], unit=cast.TOWN, by=cast.LI_MING, at=at, door="page")
    assert gate(opened, "2025-08-06") == closed
    with writing(opened) as session:
        later = cast.moment("2025-08-08 09:00")
        accept(session, plan(), key, version=2, reviewer=cast.ZHAO_QIANG, at=later)
    assert gate(opened, "2025-08-09").state is PhaseState.CLOSED
    assert gate(opened, "2025-08-09").closed_on == closed.closed_on


def test_what_waits_or_was_never_handed_in_needs_no_correction(opened: Engine) -> None:
    assert _refused(opened) is ProblemKind.CORRECTION_NOTHING
    _submit(opened, count=120)
    assert _refused(opened) is ProblemKind.CORRECTION_NOTHING


def test_a_correction_is_allowed_once_and_of_the_version_that_was_read(accepted: Engine) -> None:
    assert _refused(accepted, version=2) is ProblemKind.REVIEW_STALE
    _allow(accepted)
    assert _refused(accepted) is ProblemKind.CORRECTION_STANDS


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ({"by": " 李　明"}, ProblemKind.CORRECTION_OWN),
        ({"by": ""}, ProblemKind.PERSON_MISSING),
        ({"reason": " "}, ProblemKind.CORRECTION_REASON),
        ({"reason": "更" * 5001}, ProblemKind.PASSAGE_TOO_LONG),
        ({"reason": "请删去11010519491231002X"}, ProblemKind.CHILD_DATA),
    ],
)
def test_whoever_allows_it_is_somebody_else_and_says_why(
    accepted: Engine, how: dict[str, str], kind: ProblemKind
) -> None:
    assert _refused(accepted, **how) is kind


def test_a_correction_is_open_until_it_is_handed_in(accepted: Engine) -> None:
    _allow(accepted)
    expected = Correction(cast.VISIT_Q1, cast.TOWN, 1, "第一季度人次口径有误，请更正", cast.ZHAO_QIANG, MAY)
    assert _open(accepted) == expected
    _submit(accepted, count=118)
    assert _open(accepted) is None
    _accept(accepted, 2, JUNE)
    assert _open(accepted) is None


def _open(engine: Engine) -> Correction | None:
    with reading(engine) as session:
        found = item_facts(session, cast.small_plan(), cast.VISIT_Q1)
        assert found is not None
        return open_correction(session, found)


def test_the_form_asks_for_it_again_until_the_correction_is_accepted(accepted: Engine) -> None:
    assert _in_the_form(accepted) is None
    _allow(accepted)
    assert _in_the_form(accepted) == "可更正：第一季度人次口径有误，请更正"
    _submit(accepted, count=118)
    assert _in_the_form(accepted) == ""
    with writing(accepted) as session:
        send_back(
            session,
            cast.small_plan(),
            cast.VISIT_Q1,
            version=2,
            reviewer=cast.ZHAO_QIANG,
            at=JUNE,
            reason="仍不一致",
        )
    assert _in_the_form(accepted) == "仍不一致"
    _submit(accepted, count=117)
    _accept(accepted, 3, JUNE)
    assert _in_the_form(accepted) is None


def _in_the_form(engine: Engine) -> str | None:
    """What a form of the end of the year says of the item's return; None where the item is not in it."""
    with reading(engine) as session:
        ((_, form),) = forms(session, cast.small_plan(), 2025, date(2025, 12, 31), [cast.TOWN])
    assert form is not None
    lines = [line for line in form.lines[PROGRESS_SHEET.name] if line.key == cast.VISIT_Q1]
    return str(lines[0].locked[-1] or "") if lines else None


def test_the_chain_tells_of_the_correction_and_still_fits_the_contents(accepted: Engine) -> None:
    _allow(accepted)
    with reading(accepted) as session:
        line = audit.lines(session, last=1)[0]
    assert (line.actor, line.action, line.subject) == (cast.ZHAO_QIANG, "allow-correction", cast.VISIT_Q1)
    assert "口径" not in line.detail
    _submit(accepted, count=118)
    _accept(accepted, 2, JUNE)
    with reading(accepted) as session:
        assert audit.verify(session).intact
        assert check_contents(session) == ()
