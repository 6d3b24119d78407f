"""Attachments over the API: put to an item, handed in with a version, listed; refused as at every other door."""

from typing import Any

import pytest
from httpx import Response
from sqlalchemy import Engine

from domain.tokens import Scope
from models.engine import reading
from services import audit
from services.attachments import MOST_BYTES
from tests.portal.api.conftest import Connect
from tests.portal.systems import BODY, OTHERS, UNIT, VISITS, System
from tests.portal.unit_items import ID_NUMBER

LEDGER = ("走访台账.txt", "上半年走访 120 户。".encode(), "text/plain")


def put(
    system: System, file: tuple[str, bytes, str] = LEDGER, item: str = VISITS, by: str = "孙莉"
) -> Response:
    """Upload a file."""
    answer: Response = system.client.post(
        f"/api/v1/items/{item}/attachments", headers=system.headers, data={"by": by}, files={"file": file}
    )
    return answer


def listed(system: System) -> list[dict[str, Any]]:
    """The item's files."""
    found: list[dict[str, Any]] = system.get(f"/items/{VISITS}/attachments").json()["attachments"]
    return found


def test_a_file_is_put_to_an_item_handed_in_with_a_version_and_kept_by_the_next(
    system: System, store: Engine
) -> None:
    answer = put(system)
    assert answer.status_code == 201, answer.text
    file = answer.json()
    assert (file["name"], file["kind"], file["size"], file["by"]) == ("走访台账.txt", "txt", 26, "孙莉")
    with reading(store) as session:
        (line,) = audit.lines(session, last=1)
    assert (line.action, line.actor, line.subject) == ("attach", "孙莉（令牌1 市平台）", VISITS)
    assert [one | {"versions": []} for one in listed(system)] == [file | {"versions": []}]
    for body, key, versions in (
        ({**BODY, "attachments": [file["sha256"]]}, "1", [1]),
        ({**BODY, "by": "孙莉", "state": "under-way"}, "2", [1, 2]),
        ({**BODY, "state": "under-way", "attachments": []}, "3", [1, 2]),
    ):
        assert system.submit(body, key).status_code == 201
        assert listed(system)[0]["versions"] == versions
    told = system.get(f"/items/{VISITS}/submissions").json()["versions"]
    assert [version["attachments"] for version in told] == [[file["sha256"]], [file["sha256"]], []]
    assert system.get(f"/items/{VISITS}").json()["newest"]["attachments"] == []


def test_the_same_content_again_is_there_once_and_a_name_leads_nowhere(system: System) -> None:
    first, again = put(system), put(system, ("../../etc/别名.txt", *LEDGER[1:]))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(listed(system)) == 1
    assert put(system, ("../../etc/另一份.txt", b"abc", "text/plain")).json()["name"] == "另一份.txt"


@pytest.mark.parametrize(
    ("file", "number"),
    [
        (("名单.txt", f"身份证号：{ID_NUMBER}".encode(), "text/plain"), 442),
        (("照片.txt", b"\xff\xd8\xff", "text/plain"), 441),
        (("空.txt", b"", "text/plain"), 441),
        (("大.txt", b"1" * (MOST_BYTES + 1), "text/plain"), 443),
    ],
)
def test_what_may_not_come_in_is_refused_with_the_reason(
    system: System, file: tuple[str, bytes, str], number: int
) -> None:
    answer = put(system, file)
    assert (answer.status_code, answer.json()["number"]) == (422, number)
    assert ID_NUMBER not in answer.text
    assert listed(system) == []


def test_whoever_may_not_put_a_file_there_is_turned_away_before_it_is_read(
    system: System, connect: Connect
) -> None:
    assert put(system, item=OTHERS).json()["number"] == 401
    assert put(system, item=VISITS.replace("2025H1", "2031H1")).json()["number"] == 401
    assert put(connect(UNIT, Scope.ITEMS_READ)).json()["number"] == 1204
    assert put(system, by="").status_code == 422
    answer = system.client.post(
        f"/api/v1/items/{VISITS}/attachments", headers=system.headers, content=b"x" * 22 * 1024 * 1024
    )
    assert (answer.status_code, answer.json()["number"]) == (413, 1210)
    assert listed(system) == []


def test_a_file_that_nobody_put_there_cannot_be_handed_in(system: System) -> None:
    answer = system.submit({**BODY, "attachments": ["0" * 64]})
    assert (answer.status_code, answer.json()["number"]) == (422, 445)
    assert answer.json()["faults"][0]["pointer"] == "/attachments"
