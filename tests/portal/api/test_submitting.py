"""Handing in over the API: stored once, as sent, with a receipt; refused whole, with the place of every fault."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, Engine, event, func, select, update

from models.engine import reading, writing
from models.people import IdempotencyRow
from models.tables import SubmissionRow
from services import audit, clock
from services.audit_content import check_contents
from services.idempotency import KEPT
from services.review import accept, send_back
from tests.linhe import linhe
from tests.portal.api.conftest import Connect
from tests.portal.systems import BODY, OTHER_UNIT, OTHERS, VISITS, System

ID_NUMBER = "11010519491231002X"  # the textbook example of GB 11643, nobody's


@pytest.fixture
def home(home: Path, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose store is on each database in turn."""
    monkeypatch.setenv("GUANAI_DATABASE_URL", store_url)
    return home


def body(**other: Any) -> dict[str, Any]:
    """What 河口镇 hands in, with something other in it."""
    return {**BODY, **other}


def stored(engine: Engine) -> int:
    """How many versions there are."""
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(SubmissionRow)) or 0


def faults(answer: Any) -> list[tuple[int, str]]:
    """Numbers and places of what is refused."""
    return [(fault["number"], fault["pointer"]) for fault in answer.json()["faults"]]


def test_what_is_handed_in_is_stored_with_a_receipt_that_can_be_asked_for(
    system: System, store: Engine
) -> None:
    answer = system.submit()
    assert answer.status_code == 201
    receipt = answer.json()
    assert (receipt["item"], receipt["version"], receipt["unchanged"]) == (VISITS, 1, False)
    assert receipt["at"].endswith("+08:00")
    assert answer.headers["location"] == f"/api/v1/receipts/{receipt['number']}"
    again = system.get(answer.headers["location"].removeprefix("/api/v1")).json()
    assert again == {name: value for name, value in receipt.items() if name != "unchanged"}
    (version,) = system.get(f"/items/{VISITS}/submissions").json()["versions"]
    assert {name: version[name] for name in BODY} == BODY
    assert (version["door"], version["receipt"], version["review"]) == ("api", receipt["number"], None)
    with reading(store) as session:
        assert check_contents(session) == ()


def test_the_audit_names_the_person_and_the_token(system: System, store: Engine) -> None:
    system.submit(body(by="孙\x00莉 "))
    with reading(store) as session:
        (line,) = audit.lines(session, last=1)
        (row,) = session.scalars(select(SubmissionRow))
    assert (line.actor, line.action, line.subject) == ("孙莉（令牌1 市平台）", "submit", VISITS)
    assert row.by == "孙莉"


def test_the_same_content_under_another_key_stores_nothing(system: System, store: Engine) -> None:
    first, again = system.submit(), system.submit(key="2")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "unchanged": True}
    assert stored(store) == 1


def test_the_same_request_again_gets_the_same_answer(system: System, store: Engine) -> None:
    first = system.submit()
    system.submit(body(state="under-way"), key="2")
    reordered = dict(reversed(body().items()))
    again = system.submit(reordered)
    assert (again.status_code, again.text) == (first.status_code, first.text)
    assert stored(store) == 2


def test_another_body_under_the_same_key_is_refused(system: System, store: Engine) -> None:
    system.submit()
    for answer in (system.submit(body(state="under-way")), system.submit(item=VISITS.replace("H1", "H2"))):
        assert (answer.status_code, answer.json()["number"]) == (422, 1207)
    assert stored(store) == 1


def test_a_key_belongs_to_its_token(connect: Connect, store: Engine) -> None:
    assert connect().submit().status_code == 201
    assert connect().submit(body(state="under-way")).status_code == 201
    assert stored(store) == 2


def test_a_key_is_forgotten_after_a_day(system: System, store: Engine) -> None:
    system.submit()
    with writing(store) as session:
        session.execute(update(IdempotencyRow).values(at=clock.now() - KEPT - timedelta(seconds=1)))
    assert system.submit(body(state="under-way")).status_code == 201
    with reading(store) as session:
        assert session.scalar(select(func.count()).select_from(IdempotencyRow)) == 1


def test_a_refused_request_leaves_its_key_free(system: System, store: Engine) -> None:
    assert system.submit(body(by=" ")).json()["number"] == 418
    assert stored(store) == 0
    assert system.submit().status_code == 201


def test_a_key_must_be_there(system: System) -> None:
    answer = system.submit(key="")
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["parameter"] == "Idempotency-Key"


def test_the_same_request_sent_eight_times_at_once_is_stored_once(system: System, store: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: system.submit(), range(8)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert stored(store) == 1


def test_different_requests_at_once_are_each_stored(system: System, store: Engine) -> None:
    def hand_in(number: int) -> int:
        figures = [{"indicator": "families", "value": "120"}, {"indicator": "visited", "value": str(number)}]
        return system.submit(body(figures=figures), key=str(number)).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(hand_in, range(100, 108))) == [201] * 8
    assert stored(store) == 8
    with reading(store) as session:
        assert audit.verify(session).intact


def test_what_a_cut_off_transaction_stored_is_gone_with_its_answer(
    app: FastAPI, system: System, store: Engine
) -> None:
    system.get("/plan")  # from here on, nothing but the submission is written
    engine: Engine = app.state.desk.engine

    def cut_off(connection: Connection) -> None:
        if connection.scalar(select(func.count()).select_from(IdempotencyRow)):
            raise OSError("the power is gone")

    event.listen(engine, "commit", cut_off)
    answer = system.submit()
    event.remove(engine, "commit", cut_off)
    assert (answer.status_code, answer.json()["number"]) == (500, 1212)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "power" not in answer.text
    assert stored(store) == 0
    assert system.submit().status_code == 201


def test_a_returned_item_says_why_and_may_be_handed_in_again(system: System, store: Engine) -> None:
    system.submit()
    with writing(store) as session:
        send_back(session, linhe(), VISITS, version=1, reviewer="罗敏", at=clock.now(), reason="请核对户数")
    found = system.get(f"/items/{VISITS}").json()
    assert (found["stage"], found["newest"]["review"]["verdict"]) == ("returned", "returned")
    assert found["newest"]["review"]["reason"] == "请核对户数"
    assert system.submit(body(state="under-way"), key="2").json()["version"] == 2


def test_an_accepted_item_is_closed(system: System, store: Engine) -> None:
    system.submit()
    with writing(store) as session:
        accept(session, linhe(), VISITS, version=1, reviewer="罗敏", at=clock.now())
    answer = system.submit(body(state="under-way"), key="2")
    assert (answer.status_code, answer.json()["number"], faults(answer)) == (409, 403, [(403, "")])


BAD: list[tuple[Mapping[str, Any], list[tuple[int, str]]]] = [
    ({"passages": []}, [(415, "/passages")]),
    (
        {"passages": [{"slot": "elsewhere", "text": "放错了地方"}, *BODY["passages"]]},
        [(414, "/passages/0/text")],
    ),
    ({"figures": BODY["figures"][:1]}, [(412, "/figures")]),
    (
        {"figures": [BODY["figures"][0], {"indicator": "visited", "value": "1.5"}]},
        [(409, "/figures/1/value")],
    ),
    ({"figures": [BODY["figures"][0], {"indicator": "visited", "value": None}]}, [(412, "/figures/1/value")]),
    ({"figures": [BODY["figures"][0], {"indicator": "visited", "value": 118}]}, [(1205, "/figures/1/value")]),
    ({"figures": [*BODY["figures"], {"indicator": "nonsense", "value": "1"}]}, [(104, "/figures/2/value")]),
    ({"state": "perhaps"}, [(1205, "/state")]),
    ({"remark": "多写的"}, [(1205, "/remark")]),
    (
        {"by": "", "passages": [{"slot": "progress"}]},
        [(1205, "/by"), (1205, "/passages/0/text")],
    ),
]


def test_every_fault_is_told_with_its_place(system: System, store: Engine) -> None:
    for other, expected in BAD:
        for path in ("submissions", "checks"):
            answer = system.post(f"/items/{VISITS}/{path}", body(**other), key="1")
            assert answer.status_code == 422
            assert faults(answer) == expected
            assert answer.json()["number"] == expected[0][0]
    assert stored(store) == 0


def test_faults_of_several_kinds_have_a_number_of_their_own(system: System) -> None:
    answer = system.submit(body(passages=[], figures=[]))
    assert answer.json()["number"] == 1206
    assert faults(answer) == [(415, "/passages"), (412, "/figures"), (412, "/figures")]


@pytest.mark.parametrize("path", ["submissions", "checks"])
def test_a_child_is_never_named_and_the_value_never_repeated(
    system: System, store: Engine, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    text = f"走访了身份证号{ID_NUMBER}的儿童。"
    figures = [BODY["figures"][0], {"indicator": "visited", "value": "5", "remark": f"含{ID_NUMBER}"}]
    with caplog.at_level("DEBUG"):
        answer = system.post(
            f"/items/{VISITS}/{path}",
            body(passages=[{"slot": "progress", "text": text}], figures=figures),
            key="1",
        )
        named = system.post(f"/items/{VISITS}/{path}", body(**{ID_NUMBER: 1}), key="1")
        asked = system.get(f"/items/{VISITS.replace('2025H1', ID_NUMBER)}")
    assert (answer.status_code, answer.json()["number"]) == (422, 601)
    assert {pointer for _, pointer in faults(answer)} == {"/passages/0/text", "/figures/1/remark"}
    assert (named.status_code, asked.status_code) == (422, 404)
    said = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    assert ID_NUMBER not in "".join([answer.text, named.text, asked.text, *said])
    assert stored(store) == 0


def test_a_check_stores_nothing_and_says_what_handing_in_would(system: System, store: Engine) -> None:
    answer = system.post(f"/items/{VISITS}/checks", BODY)
    assert (answer.status_code, answer.json()) == (200, {"item": VISITS, "acceptable": True})
    assert stored(store) == 0


def test_another_units_item_is_as_one_that_is_not_there(connect: Connect, system: System) -> None:
    mine = system.submit().json()["number"]
    other = connect(OTHER_UNIT)
    missing = VISITS.replace("2025H1", "1999H1")
    for path in ("", "/submissions"):
        foreign, none = other.get(f"/items/{VISITS}{path}"), other.get(f"/items/{missing}{path}")
        assert (foreign.status_code, foreign.json()["number"]) == (404, 401)
        assert foreign.text.replace(VISITS, missing) == none.text
    for path in ("submissions", "checks"):
        foreign = other.post(f"/items/{VISITS}/{path}", BODY, key="1")
        none = other.post(f"/items/{missing}/{path}", BODY, key="1")
        assert (foreign.status_code, foreign.json()["number"]) == (404, 401)
        assert foreign.text.replace(VISITS, missing) == none.text
    assert other.get(f"/receipts/{mine}").status_code == 404
    assert system.submit(item=OTHERS, key="2").status_code == 404


def test_a_receipt_of_another_day_is_none(system: System) -> None:
    number = system.submit().json()["number"]
    assert system.get(f"/receipts/20200101-{number[-6:]}").status_code == 404
