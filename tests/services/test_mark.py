"""A mark changes with whatever changes a standing and with nothing else; who asks at once waits for one reckoning."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import Engine

from models.engine import reading, writing
from services import audit
from services.extensions import ask, grant
from services.gates import close_phase
from services.intake import submit
from services.mark import ACTIONS, Kept, Mark, mark
from services.opening import open_year
from services.plan_versions import adopt
from services.review import accept, allow_correction, send_back
from tests import cast

AT = cast.moment("2025-04-02 09:00")
DAY = AT.date()


def now(engine: Engine, day: date = DAY) -> Mark:
    with reading(engine) as session:
        return mark(session, day)


def test_each_act_that_changes_a_standing_changes_the_mark(engine: Engine) -> None:
    plan, calendar, known = cast.small_plan(), cast.calendar(), {now(engine)}

    def changed(action: str) -> None:
        with reading(engine) as session:
            assert audit.lines(session, last=1)[0].action == action
        assert now(engine) not in known
        known.add(now(engine))
        seen.append(action)

    seen: list[str] = []
    with writing(engine) as session:
        version = adopt(session, plan, at=AT, actor=cast.ZHAO_QIANG)
    changed("adopt")
    with writing(engine) as session:
        open_year(session, plan, version, 2025, as_of=DAY, calendar=calendar, at=AT, actor=cast.ZHAO_QIANG)
    changed("open")
    for number, spoken in ((1, "return"), (2, "accept")):
        with writing(engine) as session:
            entry = cast.visits(text=f"第{number}次报送走访情况")
            submit(session, plan, [entry], unit=cast.TOWN, by=cast.LI_MING, at=AT, door="page")
        changed("submit")
        with writing(engine) as session:
            if spoken == "return":
                send_back(
                    session,
                    plan,
                    cast.VISIT_Q1,
                    version=number,
                    reviewer=cast.ZHAO_QIANG,
                    at=AT,
                    reason="请补充",
                )
            else:
                accept(session, plan, cast.VISIT_Q1, version=number, reviewer=cast.ZHAO_QIANG, at=AT)
        changed(spoken)
    with writing(engine) as session:
        reason: dict[str, Any] = {"by": cast.ZHAO_QIANG, "at": AT, "reason": "请更正人次"}
        allow_correction(session, plan, cast.VISIT_Q1, version=2, **reason)
    changed("allow-correction")
    street = cast.item_key("home-visits", cast.STREET, "2025Q2")
    with writing(engine) as session:
        wanted: dict[str, Any] = {
            "until": date(2025, 7, 10),
            "reason": "汛期道路中断",
            "by": cast.LI_MING,
            "at": AT,
        }
        number = ask(session, plan, street, unit=cast.STREET, **wanted).number
    assert now(engine) in known
    with writing(engine) as session:
        grant(session, plan, number, by=cast.ZHAO_QIANG, at=AT, calendar=calendar)
    changed("grant-extension")
    with writing(engine) as session:
        close_phase(session, plan, "all", reason="转入下一方案", by=cast.ZHAO_QIANG, at=AT, calendar=calendar)
    changed("close-phase")
    assert set(seen) == set(ACTIONS)


def test_what_changes_no_standing_changes_no_mark_and_another_day_does(opened: Engine) -> None:
    before = now(opened)
    with writing(opened) as session:
        audit.record(session, at=AT, actor=cast.ZHAO_QIANG, action="sign-in", subject="赵强", detail={})
    assert now(opened) == before
    assert now(opened, date(2025, 4, 3)) != before


def test_several_who_ask_at_once_share_one_reckoning() -> None:
    kept: Kept[object] = Kept(4)
    everybody, may_end, reckoned = Barrier(9), Event(), []

    def reckon() -> object:
        reckoned.append(1)
        assert may_end.wait(10)
        return object()

    def ask() -> object:
        everybody.wait(10)
        return kept.answer("page", reckon)

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask) for _ in range(8)]
        everybody.wait(10)
        may_end.set()
        answers = {id(one.result(10)) for one in asking}
    assert (len(answers), len(reckoned)) == (1, 1)


def test_a_reckoning_that_failed_is_not_kept() -> None:
    kept: Kept[int] = Kept(4)

    def fail() -> int:
        raise ValueError("no store")

    with pytest.raises(ValueError, match="no store"):
        kept.answer("page", fail)
    assert kept.answer("page", lambda: 7) == 7
    assert kept.answer("page", lambda: 8) == 7


def test_what_was_not_asked_for_longest_goes_first() -> None:
    kept: Kept[int] = Kept(2)
    for key in ("a", "b", "c"):
        kept.answer(key, lambda: 1)
    assert kept.answer("a", lambda: 2) == 2
    assert kept.answer("c", lambda: 2) == 1
