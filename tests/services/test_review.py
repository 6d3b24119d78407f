"""The office's verdict: on the newest version, once, and never on one's own work."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from domain.facts import Review, Verdict
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from models.tables import ReviewRow
from services import audit
from services.intake import submit
from services.review import accept, pending, send_back
from tests import cast

AT = cast.moment("2025-04-02 09:00")


def _submit(engine: Engine, by: str = cast.LI_MING, count: int = 120, key: str = cast.VISIT_Q1) -> None:
    with writing(engine) as session:
        entries = [cast.visits(key, count=count)]
        submit(session, cast.small_plan(), entries, unit=cast.TOWN, by=by, at=AT, door="page")


def _accept(
    engine: Engine, reviewer: str = cast.ZHAO_QIANG, version: int = 1, key: str = cast.VISIT_Q1
) -> Review:
    with writing(engine) as session:
        return accept(session, cast.small_plan(), key, version=version, reviewer=reviewer, at=AT)


def _send_back(engine: Engine, reason: str, reviewer: str = cast.ZHAO_QIANG, version: int = 1) -> Review:
    how: dict[str, Any] = {"version": version, "reviewer": reviewer, "at": AT, "reason": reason}
    with writing(engine) as session:
        return send_back(session, cast.small_plan(), cast.VISIT_Q1, **how)


def _kind(refusal: pytest.ExceptionInfo[Problem]) -> ProblemKind:
    return refusal.value.kind


def test_what_was_handed_in_waits_until_it_is_accepted(opened: Engine) -> None:
    _submit(opened)
    with reading(opened) as session:
        (waiting,) = pending(session, cast.small_plan(), 2025)
    assert (waiting.key, waiting.unit, waiting.version, waiting.by, waiting.at) == (
        cast.VISIT_Q1,
        cast.TOWN,
        1,
        cast.LI_MING,
        AT,
    )
    verdict = _accept(opened)
    assert (verdict.verdict, verdict.reviewer, verdict.day) == (Verdict.ACCEPTED, cast.ZHAO_QIANG, AT.date())
    with reading(opened) as session:
        assert pending(session, cast.small_plan(), 2025) == ()


def test_what_was_sent_back_waits_for_the_unit_and_then_for_the_office(opened: Engine) -> None:
    _submit(opened)
    assert _send_back(opened, " 请补充台账份数\n").reason == "请补充台账份数"
    with reading(opened) as session:
        assert pending(session, cast.small_plan(), 2025) == ()
    _submit(opened, count=119)
    with reading(opened) as session:
        assert [waiting.version for waiting in pending(session, cast.small_plan(), 2025)] == [2]


def test_only_the_year_asked_for_waits(opened: Engine) -> None:
    _submit(opened)
    with reading(opened) as session:
        assert pending(session, cast.small_plan(), 2026) == ()


@pytest.mark.parametrize("alias", ["李明", " 李 明 ", "李　明", "李\u200b明"])
def test_nobody_reviews_their_own_work_however_they_spell_themselves(opened: Engine, alias: str) -> None:
    _submit(opened)
    with pytest.raises(Problem) as refusal:
        _accept(opened, reviewer=alias)
    assert _kind(refusal) is ProblemKind.REVIEW_OWN
    with pytest.raises(Problem) as refusal:
        _send_back(opened, "请补充", reviewer=alias)
    assert _kind(refusal) is ProblemKind.REVIEW_OWN


def test_latin_names_are_one_in_any_width_and_case(opened: Engine) -> None:
    _submit(opened, by="Ｌi Ming")
    with pytest.raises(Problem) as refusal:
        _accept(opened, reviewer="LI MING")
    assert _kind(refusal) is ProblemKind.REVIEW_OWN


def test_a_colleague_who_hands_in_again_does_not_free_the_first(opened: Engine) -> None:
    _submit(opened, by=cast.CHEN_JING)
    _submit(opened, by=cast.LI_MING, count=121)
    with pytest.raises(Problem) as refusal:
        _accept(opened, reviewer=cast.CHEN_JING, version=2)
    assert _kind(refusal) is ProblemKind.REVIEW_OWN


@pytest.mark.parametrize("version", [1, 3])
def test_only_the_newest_version_is_reviewed(opened: Engine, version: int) -> None:
    _submit(opened)
    _submit(opened, count=121)
    with pytest.raises(Problem) as refusal:
        _accept(opened, version=version)
    assert _kind(refusal) is ProblemKind.REVIEW_STALE


def test_a_version_is_reviewed_once(opened: Engine) -> None:
    _submit(opened)
    _accept(opened)
    with pytest.raises(Problem) as refusal:
        _accept(opened)
    assert _kind(refusal) is ProblemKind.REVIEW_NOTHING
    with pytest.raises(Problem) as refusal:
        _send_back(opened, "请补充")
    assert _kind(refusal) is ProblemKind.REVIEW_NOTHING


def test_two_who_review_at_once_make_one_verdict(opened: Engine) -> None:
    _submit(opened)

    def review(name: str) -> ProblemKind | None:
        try:
            _accept(opened, reviewer=name)
        except Problem as problem:
            return problem.kind
        return None

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(review, [cast.ZHAO_QIANG, cast.CHEN_JING]))
    assert sorted(outcomes, key=str) == sorted([None, ProblemKind.REVIEW_NOTHING], key=str)
    with reading(opened) as session:
        assert session.scalar(select(func.count()).select_from(ReviewRow)) == 1


def test_nothing_handed_in_is_nothing_to_review(opened: Engine) -> None:
    with pytest.raises(Problem) as refusal:
        _accept(opened)
    assert _kind(refusal) is ProblemKind.REVIEW_NOTHING


def test_an_item_of_nobody_is_told(opened: Engine) -> None:
    with pytest.raises(Problem) as refusal:
        _accept(opened, key="small/nothing/town/2025")
    assert _kind(refusal) is ProblemKind.ITEM_UNKNOWN


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("", ProblemKind.REVIEW_REASON),
        (" \n　", ProblemKind.REVIEW_REASON),
        ("请" * 5001, ProblemKind.PASSAGE_TOO_LONG),
        ("请删去11010519491231002X", ProblemKind.CHILD_DATA),
    ],
)
def test_sending_back_needs_a_reason_that_anybody_may_read(
    opened: Engine, reason: str, kind: ProblemKind
) -> None:
    _submit(opened)
    with pytest.raises(Problem) as refusal:
        _send_back(opened, reason)
    assert _kind(refusal) is kind
    assert "11010519491231002X" not in str(refusal.value)


@pytest.mark.parametrize("name", ["", "　", "\u200b", "赵" * 61])
def test_whoever_reviews_gives_a_name(opened: Engine, name: str) -> None:
    _submit(opened)
    with pytest.raises(Problem) as refusal:
        _accept(opened, reviewer=name)
    assert _kind(refusal) is ProblemKind.PERSON_MISSING


def test_the_audit_tells_the_verdict_but_not_its_words(opened: Engine) -> None:
    _submit(opened)
    _send_back(opened, "请补充台账份数")
    with reading(opened) as session:
        line = audit.lines(session, last=1)[0]
    assert (line.actor, line.action, line.subject) == (cast.ZHAO_QIANG, "return", cast.VISIT_Q1)
    assert "台账" not in line.detail
