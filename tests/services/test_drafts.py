"""Drafts: each person's own, never lost, never another unit's, and gone when what was typed is handed in."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from domain.entries import PROGRESS, State
from domain.form import Form, TypedFigure, form_of, read_form
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from models.people import AccountRow
from services.drafts import Colleague, Draft, Saved, discard, of_item, save
from services.intake import Receipt, check, submit
from services.items import OwnItem, own_item
from tests import cast

APRIL = cast.moment("2025-04-01 09:00")
LATER = cast.moment("2025-04-01 09:10")
LI_MING, CHEN_JING = 1, 2


@pytest.fixture
def desk(opened: Engine) -> Engine:
    """A store with two accounts, of 李明 and 陈静."""
    with writing(opened) as session:
        for number, name in ((LI_MING, cast.LI_MING), (CHEN_JING, cast.CHEN_JING)):
            session.add(AccountRow(id=number, login=f"u{number}", name=name, made_at=APRIL, made_by="管理员"))
    return opened


def typed(text: str = "已走访大半", **more: Any) -> Form:
    return Form(state=State.UNDER_WAY, passages={PROGRESS: text}, **more)


def put(engine: Engine, content: Form, base: int = 0, **how: Any) -> Saved:
    given: dict[str, Any] = {"unit": cast.TOWN, "account": LI_MING, "at": APRIL}
    with writing(engine) as session:
        return save(
            session, cast.small_plan(), cast.VISIT_Q1, content=content, base_revision=base, **(given | how)
        )


def own(engine: Engine, account: int = LI_MING) -> Draft | None:
    with reading(engine) as session:
        return of_item(session, town_item(session), account=account).own


def town_item(session: Session) -> OwnItem:
    """The first quarter's visits."""
    return own_item(session, cast.small_plan(), cast.VISIT_Q1, cast.TOWN)


def hand_in(engine: Engine, content: Form | None = None, account: int | None = LI_MING) -> Receipt:
    plan = cast.small_plan()
    content = content or form_of(cast.visits())
    entry, _ = read_form(plan, plan.duties_by_id["home-visits"], cast.TOWN, cast.VISIT_Q1, content)
    assert entry is not None
    how: Mapping[str, Any] = {"unit": cast.TOWN, "by": cast.LI_MING, "at": LATER, "door": "page"}
    with writing(engine) as session:
        return submit(session, plan, [entry], account=account, **how)[0]


def revision(saved: Saved) -> int:
    assert saved.stored
    assert saved.draft is not None
    return saved.draft.revision


def test_what_was_typed_is_there_again_just_as_it_was(desk: Engine) -> None:
    content = typed(
        " 已走\n", figures={cast.VISITS: TypedFigure(value="约一百", remark="待核")}, attachments=("a" * 64,)
    )
    saved = put(desk, content)
    assert (saved.stored, saved.faults, saved.newest_version, saved.colleagues) == (True, (), 0, ())
    assert own(desk) == saved.draft
    assert saved.draft is not None
    assert (saved.draft.form, saved.draft.base_version, saved.draft.saved_at) == (content, 0, APRIL)


def test_saving_goes_on_from_revision_to_revision(desk: Engine) -> None:
    first = revision(put(desk, typed()))
    second = put(desk, typed("已走访全部"), first, at=LATER)
    assert revision(second) != first
    assert own(desk) == second.draft


def test_the_same_again_after_a_broken_network_is_saved_already(desk: Engine) -> None:
    first = revision(put(desk, typed()))
    second = revision(put(desk, typed("已走访全部"), first))
    again = put(desk, typed("已走访全部"), first, at=LATER)
    assert revision(again) == second


def test_an_older_window_is_told_and_undoes_nothing(desk: Engine) -> None:
    first = revision(put(desk, typed()))
    newer = put(desk, typed("另一窗口写的"), first)
    stale = put(desk, typed("这一窗口写的"), first, at=LATER)
    assert (stale.stored, stale.draft) == (False, newer.draft)
    assert own(desk) == newer.draft
    assert put(desk, typed("两边合在一起"), revision(newer)).stored


def test_two_windows_that_begin_at_once_do_not_overwrite_each_other(desk: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: put(desk, typed(f"第{n}个窗口写的")), range(8)))
    assert sum(saved.stored for saved in found) == 1
    assert [saved.draft for saved in found] == [own(desk)] * 8


def test_a_window_whose_draft_has_gone_is_told_and_may_begin_anew(desk: Engine) -> None:
    first = revision(put(desk, typed()))
    with writing(desk) as session:
        discard(session, cast.small_plan(), cast.VISIT_Q1, unit=cast.TOWN, account=LI_MING)
    gone = put(desk, typed("还在写"), first)
    assert (gone.stored, gone.draft, own(desk)) == (False, None, None)
    anew = revision(put(desk, typed("还在写")))
    assert not put(desk, typed("更早的窗口"), first).stored
    assert anew != first


def test_colleagues_have_a_draft_each_and_know_of_each_other(desk: Engine) -> None:
    put(desk, typed("李明写的"))
    second = put(desk, typed("陈静写的"), account=CHEN_JING, at=LATER)
    (first,) = second.colleagues
    assert (first.name, first.draft) == (cast.LI_MING, own(desk))
    with reading(desk) as session:
        seen = of_item(session, town_item(session), account=LI_MING).colleagues
    assert second.draft is not None
    assert seen == (Colleague(CHEN_JING, cast.CHEN_JING, second.draft),)


def test_a_version_handed_in_since_is_told_until_it_has_been_seen(desk: Engine) -> None:
    first = revision(put(desk, typed(), account=CHEN_JING))
    hand_in(desk)
    saved = put(desk, typed("还在写"), first, account=CHEN_JING)
    assert (saved.outdated, saved.newest_version) == (True, 1)
    seen = put(desk, typed("还在写"), revision(saved), account=CHEN_JING, seen_version=1)
    assert (seen.stored, seen.outdated) == (True, False)


def test_handing_in_takes_ones_own_draft_away_and_nobody_elses(desk: Engine) -> None:
    put(desk, typed())
    put(desk, typed(), account=CHEN_JING)
    hand_in(desk)
    assert own(desk) is None
    assert own(desk, CHEN_JING) is not None
    put(desk, typed())
    assert hand_in(desk, account=None).unchanged
    assert own(desk) is not None
    assert hand_in(desk).unchanged
    assert own(desk) is None


def test_a_draft_that_cannot_be_handed_in_stays(desk: Engine) -> None:
    put(desk, typed())
    with pytest.raises(Exception, match="未填报"):
        hand_in(desk, typed())
    assert own(desk) is not None


def test_what_could_identify_a_child_is_never_stored(desk: Engine) -> None:
    saved = put(desk, typed("走访了11010519491231002X"))
    assert [fault.field for fault in saved.faults] == ["passage:progress"]
    found = own(desk)
    assert found is not None
    assert found.form == Form(state=State.UNDER_WAY, passages={PROGRESS: ""})


@pytest.mark.parametrize(
    ("key", "unit", "kind"),
    [
        (cast.VISIT_Q1, cast.STREET, ProblemKind.ITEM_NOT_YOURS),
        ("small/home-visits/town/2031Q1", cast.TOWN, ProblemKind.ITEM_UNKNOWN),
    ],
)
def test_another_units_drafts_are_out_of_reach(desk: Engine, key: str, unit: str, kind: ProblemKind) -> None:
    put(desk, typed())
    plan = cast.small_plan()
    who: dict[str, Any] = {"unit": unit, "account": CHEN_JING}
    for attack in (
        lambda session: save(session, plan, key, content=typed(), base_revision=0, at=APRIL, **who),
        lambda session: discard(session, plan, key, **who),
    ):
        with pytest.raises(Problem) as refusal, writing(desk) as session:
            attack(session)
        assert refusal.value.kind is kind


def test_faults_are_told_at_once_without_storing_anything(desk: Engine) -> None:
    hand_in(desk)
    far = cast.visits(cast.VISIT_Q2, count=900, text="")
    with reading(desk) as session:
        faults = check(session, cast.small_plan(), far, unit=cast.TOWN, at=cast.moment("2025-07-01 09:00"))
        foreign = check(session, cast.small_plan(), far, unit=cast.STREET, at=APRIL)
    assert [(fault.field, fault.problem.kind) for fault in faults] == [
        ("passage:progress", ProblemKind.PASSAGE_MISSING),
        ("figure:visits", ProblemKind.FIGURE_FAR_OFF),
    ]
    assert [fault.problem.kind for fault in foreign] == [ProblemKind.ITEM_NOT_YOURS]
