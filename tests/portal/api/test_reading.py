"""Reading over the API: one's own and nothing else, in parts, with an audit line for whatever is looked at."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine

from domain.problems import ProblemKind
from domain.tokens import Scope
from models.engine import reading, writing
from portal.api.faults import MOST_BYTES
from services import audit, clock, tokens
from services.review import accept
from services.tries import API
from tests.linhe import linhe
from tests.portal.api.conftest import Connect
from tests.portal.systems import (
    BODY,
    OTHER_UNIT,
    UNIT,
    VISITS,
    VISITS_LATER,
    System,
    hand_in_visits,
    make_token,
    release_reports,
)

PROBLEM = "application/problem+json"


def last_line(engine: Engine) -> tuple[str, str, str]:
    """Who did what to what last."""
    with reading(engine) as session:
        (line,) = audit.lines(session, last=1)
    return line.actor, line.action, line.subject


def keys(answer: Response) -> list[str]:
    """Keys of a list of items."""
    return [item["key"] for item in answer.json()["items"]]


def test_a_list_comes_in_parts_that_together_are_all(system: System) -> None:
    whole = keys(system.get("/items", limit=200))
    parts: list[str] = []
    cursor: int | None = 0
    while cursor is not None:
        answer = system.get("/items", limit=3, cursor=cursor).json()
        parts += [item["key"] for item in answer["items"]]
        cursor = answer["next"]
    assert parts == whole
    assert len(set(parts)) == len(parts) > 6
    assert {key.split("/")[2] for key in parts} == {UNIT}


def test_a_list_can_be_narrowed(system: System, store: Engine) -> None:
    hand_in_visits(store, linhe())
    assert keys(system.get("/items", measure=4, due_before="2025-07-01", state="to-review")) == [VISITS]
    assert VISITS not in keys(system.get("/items", state="open"))
    assert VISITS_LATER not in keys(system.get("/items", due_before="2025-12-31"))
    assert keys(system.get("/items", year=2024)) == []
    with writing(store) as session:
        accept(session, linhe(), VISITS, version=1, reviewer="罗敏", at=clock.now())
    assert keys(system.get("/items", state="finished")) == [VISITS]
    assert keys(system.get("/items", state="under-way")) == keys(system.get("/items", state="returned")) == []


def test_an_item_tells_what_is_asked_why_and_what_was_before(system: System, store: Engine) -> None:
    hand_in_visits(store, linhe())
    found = system.get(f"/items/{VISITS_LATER}").json()
    assert (found["due"], found["stage"], found["newest"]) == ("2025-12-31", "open", None)
    assert found["slots"] == [{"slot": "progress", "name": "进展情况"}]
    families = found["indicators"][0]
    assert (families["indicator"], families["unit"], families["decimals"]) == ("families", "户", 0)
    assert families["last"] == {"value": "120", "period": "2025年上半年"}
    assert found["why"]["document"] == "临政办发〔2025〕3号"
    assert found["why"]["citations"] == [{"cite": "三（三）4#1", "heading": "走访困难家庭"}]


def test_a_key_may_be_written_with_its_slashes_escaped(system: System) -> None:
    escaped = system.get("/items/" + VISITS.replace("/", "%2F"))
    assert escaped.json() == system.get(f"/items/{VISITS}").json()


def test_the_plan_is_the_units_own(system: System, connect: Connect) -> None:
    mine, other = system.get("/plan").json(), connect(OTHER_UNIT).get("/plan").json()
    assert (mine["unit"]["name"], other["unit"]["name"]) == ("河口镇", "县教育局")
    assert {duty["duty"] for duty in mine["duties"]} & {"visits", "ledger", "checkups"} == {
        "visits",
        "ledger",
    }
    assert "checkups" in {duty["duty"] for duty in other["duties"]}
    assert mine["duties"][0]["cadence"] == "每年5月15日起、6月30日前（含当日）"


@pytest.mark.parametrize("path", ["", "/submissions"])
def test_whoever_sees_what_was_handed_in_leaves_a_line(system: System, store: Engine, path: str) -> None:
    system.get(f"/items/{VISITS}{path}")
    assert last_line(store)[1] == "token-make"  # nothing was handed in, so nothing was seen
    hand_in_visits(store, linhe())
    system.get(f"/items/{VISITS}{path}")
    assert last_line(store) == ("令牌1 市平台", "view", VISITS)


def test_a_unit_downloads_its_own_report_and_leaves_a_line(
    system: System, connect: Connect, store: Engine, home: Path
) -> None:
    number = release_reports(store, linhe(), home / "reports")
    (report,) = system.get("/reports").json()["reports"]
    assert (report["id"], report["year"], report["as_of"]) == (number, 2025, "2025-12-31")
    answer = system.get(f"/reports/{number}/file")
    assert answer.headers["content-type"] == "application/pdf"
    assert "河口镇" in answer.content.decode()
    assert last_line(store) == ("令牌1 市平台", "download", f"linhe-2025/report/{number}")
    assert "县教育局" in connect(OTHER_UNIT).get(f"/reports/{number}/file").content.decode()


def test_a_report_that_was_altered_is_not_given_out(system: System, store: Engine, home: Path) -> None:
    number = release_reports(store, linhe(), home / "reports")
    (pdf,) = (home / "reports").glob("*/各单位/*河口镇*.pdf")
    pdf.write_bytes(b"altered")
    answer = system.get(f"/reports/{number}/file")
    assert (answer.status_code, answer.json()["number"]) == (503, 708)
    assert str(home) not in answer.text
    (home / "reports").rename(home / "elsewhere")
    gone = system.get(f"/reports/{number}/file")
    assert (gone.status_code, gone.json()["number"]) == (503, 711)
    assert str(home) not in gone.text


def test_nothing_is_kept_by_anybody_on_the_way(system: System) -> None:
    for path in ("/items", "/nowhere", "/openapi.json"):
        assert system.get(path).headers["cache-control"] == "no-store"


def test_a_token_says_what_it_lacks(connect: Connect) -> None:
    answer = connect(UNIT, Scope.ITEMS_SUBMIT).get("/items")
    assert (answer.status_code, answer.json()["number"]) == (403, 1204)
    assert 'scope="items:read"' in answer.headers["www-authenticate"]


def test_a_token_taken_back_is_useless_at_once(system: System, store: Engine) -> None:
    assert system.get("/items").status_code == 200
    with writing(store) as session:
        tokens.revoke(session, 1, by="系统管理员", at=clock.now())
    answer = system.get("/items")
    assert (answer.status_code, answer.json()["number"]) == (401, 1203)
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_use_of_a_token_is_written_down(system: System, store: Engine) -> None:
    system.get("/items")
    with reading(store) as session:
        (token,) = tokens.everything(session)
    assert token.used_at is not None


def test_a_token_that_asks_too_often_is_told_when_to_come_again(connect: Connect, app: FastAPI) -> None:
    busy, other = connect(), connect()
    for _ in range(API.most):
        app.state.desk.tries.count(API, "token", "1")
    answer = busy.get("/items")
    assert (answer.status_code, answer.json()["number"]) == (429, 1011)
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert other.get("/items").status_code == 200


def test_guessing_tokens_is_slowed_down(connect: Connect, app: FastAPI) -> None:
    system = connect()
    guessing = System(system.client, "guanai_guess")
    assert guessing.get("/items").status_code == 401
    for _ in range(API.most - 1):
        app.state.desk.tries.count(API, "refused", "testclient")
    assert guessing.get("/items").status_code == 429
    assert system.get("/items").status_code == 200


def test_what_goes_wrong_is_a_problem_and_on_pages_a_page(system: System) -> None:
    client = system.client
    for method, path, status, number in (
        ("GET", "/api/v1/nowhere", 404, 1208),
        ("GET", "/api/v2/items", 404, 1208),
        ("GET", "/api/", 404, 1208),
        ("GET", "/api/v1/items/", 404, 1208),
        ("GET", "/api/v1/items/a/b/c/%00", 404, 1208),
        ("GET", "/api/v1/problems/99999", 404, 1208),
        ("PUT", "/api/v1/items", 405, 1209),
        ("GET", "/api/v1/items?year=soon", 422, 1205),
        ("GET", "/api/v1/items?due_before=0", 422, 1205),
    ):
        answer = client.request(method, path, headers=system.headers)
        assert answer.headers["content-type"] == PROBLEM
        told = answer.json()
        assert (answer.status_code, told["status"], told["number"]) == (status, status, number)
        assert told["type"] == f"/api/v1/problems/{number}"
        assert told["title"]
        assert told["detail"]
    assert client.get("/nowhere").headers["content-type"].startswith("text/html")
    assert client.get("/api/v1/docs").headers["content-type"].startswith("text/html")


def test_a_wrong_method_is_told_the_right_ones(system: System) -> None:
    for path, allowed in (("submissions", "GET, POST"), ("checks", "POST")):
        answer = system.client.delete(f"/api/v1/items/{VISITS}/{path}", headers=system.headers)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def send(system: System, content: Any, **headers: str) -> Response:
    """A body as it is, to be checked."""
    given = {**system.headers, "Content-Type": "application/json", **headers}
    answer: Response = system.client.post(f"/api/v1/items/{VISITS}/checks", content=content, headers=given)
    return answer


def test_what_is_no_readable_json_is_refused_gracefully(system: System) -> None:
    body = json.dumps(BODY, ensure_ascii=False)
    for content in ("{", "[" * 100_000, '{"a":' * 50_000, b"\xff\xfe", '"\\ud800'):
        answer = send(system, content)
        assert (answer.status_code, answer.json()["number"]) == (400, 1211)
    for content in ("", "[]", "null", "NaN", '"\\ud800"'):
        answer = send(system, content)
        assert (answer.status_code, answer.json()["number"]) == (422, 1205)
    assert send(system, body, **{"Content-Type": "text/plain"}).status_code == 422


@pytest.mark.parametrize("path", ["checks", "submissions"])
def test_half_a_character_is_refused_wherever_it_stands(system: System, path: str) -> None:
    body = json.dumps(BODY, ensure_ascii=False).replace('"remark": ""', '"remark": "无"', 1)
    headers = {**system.headers, "Content-Type": "application/json", "Idempotency-Key": "1"}
    for word in ("孙莉", "remark", "登记", "progress", "118", "无", "done"):
        half = body.replace(word, "\\ud800", 1)
        answer = system.client.post(f"/api/v1/items/{VISITS}/{path}", content=half, headers=headers)
        assert (answer.status_code, answer.json()["number"]) == (422, 1205), word


def test_a_body_beyond_measure_is_refused_announced_or_not(system: System) -> None:
    def much() -> Iterator[bytes]:
        for _ in range(MOST_BYTES // 1024 + 1):
            yield b" " * 1024

    for answer in (
        send(system, b" " * (MOST_BYTES + 1)),
        send(system, much()),
        send(system, b"", **{"Content-Length": str(10**12)}),
        send(system, b"", **{"Content-Length": "many"}),
    ):
        assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)
        assert answer.json()["number"] == 1210
    assert send(system, b" " * (MOST_BYTES - 4000) + json.dumps(BODY).encode()).status_code == 200


def test_every_number_is_described(app: FastAPI, store: Engine) -> None:
    client = TestClient(app)
    del store
    for kind in ProblemKind:
        told = client.get(f"/api/v1/problems/{kind.number}").json()
        assert (told["number"], told["type"]) == (kind.number, f"/api/v1/problems/{kind.number}")
        assert "{" not in told["title"] + told["detail"]


def test_a_unit_that_the_plan_no_longer_has_is_told_so(app: FastAPI, store: Engine) -> None:
    plan = linhe()
    gone = plan.units[0].model_copy(update={"id": "gone", "name": "撤并街道"})
    secret = make_token(store, plan.model_copy(update={"units": (*plan.units, gone)}), "gone")
    answer = System(TestClient(app), secret).get("/plan")
    assert (answer.status_code, answer.json()["number"]) == (404, 103)
