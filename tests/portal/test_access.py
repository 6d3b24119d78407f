"""Every route, asked for by everybody: who is to be let through is, and nobody else."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine
from starlette.routing import Mount

from tests.linhe import linhe
from tests.portal import messages, people_told, unit_items
from tests.portal.access import API_ROWS, EVERYBODY, ROWS, STRANGER
from tests.portal.browser import GAO_YUAN, XU_JING, Browser
from tests.portal.circulars import newest_circular, release_circular
from tests.portal.systems import (
    BODY,
    NOBODY,
    VISITS,
    System,
    hand_in_visits,
    make_systems,
    make_token,
    release_reports,
)

TURNED_AWAY = frozenset({401, 403, 404})


def routes(app: FastAPI, under: str = "") -> Iterator[tuple[str, str]]:
    """Method and address of every route, the API's too; files of ours are open to everybody."""
    for route in iter_route_contexts(app.routes):
        for method in (route.methods or set()) - {"HEAD", "OPTIONS"}:
            yield method, f"{under}{route.path}"
    for mount in app.routes:
        if isinstance(mount, Mount) and isinstance(mount.app, FastAPI):
            yield from routes(mount.app, mount.path)


def filled(address: str, browser: Browser) -> str:
    """An address about 高原 and 县民政局."""
    names: dict[str, object] = {
        "number": browser.account(GAO_YUAN),
        "token": "x",
        "unit": "civil",
        "report": 1,
        "phase": "base",
        "asked": 1,
        "message": 1,
    }
    names["run"] = UUID(int=1)
    names["paper"] = 2  # the consolidated one is 0, 县妇联's 1
    names["circular"] = newest_circular(browser.engine, linhe())
    if address.startswith("/units/"):
        names |= {
            "number": unit_items.number(browser.engine, unit_items.BUILD),
            "attachment": 1,
            "version": 1,
        }
        names |= {"receipt": unit_items.hand_in(browser.engine).number, "colleague": browser.account(XU_JING)}
    if address.startswith("/office/attachments"):
        names["number"] = 1
    if "{held}" in address:
        make_token(browser.engine, linhe(), "civil")
        names["held"] = 1
    if "{contact}" in address:
        names["contact"] = people_told.contact_of(browser.engine, GAO_YUAN)
    return address.format(**names)


def let_through(answer: Response, address: str) -> bool:
    """Whether somebody came in; a wrong link or a missing form is told to people who are inside."""
    if answer.status_code == 303:
        to_sign_in = answer.headers["location"].startswith("/sign-in")
        return not to_sign_in or address in ("/", "/sign-out")
    return answer.status_code not in TURNED_AWAY or address in ("/sign-in", "/enter/x")


def test_every_route_has_a_row_and_every_row_a_route(app: FastAPI) -> None:
    assert sorted(set(routes(app)) ^ {*ROWS, *API_ROWS}) == []


@pytest.mark.parametrize("login", sorted(EVERYBODY))
def test_who_is_to_be_let_through_is_and_nobody_else(
    browse: Callable[[], Browser], store: Engine, tmp_path: Path, login: str
) -> None:
    release_reports(store, linhe(), tmp_path)
    messages.leave(store)
    release_circular(store, linhe(), tmp_path)
    unit_items.hand_in(store, attachments=(unit_items.attach(store).sha256,))
    browser, wrong = browse(), []
    unit_items.draft(store, browser.account(XU_JING), "另一位同志写的")
    for (method, address), row in ROWS.items():
        browser.client.cookies.clear()  # as a browser that was just opened
        if login != STRANGER:
            browser.sign_in(login)
        path = filled(address, browser)
        fields = {"csrf": browser.csrf("/sign-in" if login == STRANGER else "/account"), **row.fields}
        answer = (
            browser.get(path)
            if method == "GET"
            else browser.client.post(path, data=fields, follow_redirects=False)
        )
        assert answer.status_code < 500, (method, path, answer.text)
        if let_through(answer, path) != (login in row.who):
            wrong.append((method, path, answer.status_code))
    assert wrong == []


@pytest.fixture
def addresses(store: Engine, home: Path) -> dict[tuple[str, str], str]:
    """Every address of the API, about 河口镇 and what it has handed in."""
    receipt, report = hand_in_visits(store, linhe()), release_reports(store, linhe(), home / "reports")
    names = {"number": 401, "receipt": receipt.number, "report": report}
    return {row: row[1].replace("{key:item}", VISITS).format(**names) for row in API_ROWS}


def sent(client: TestClient, method: str, path: str, headers: dict[str, str]) -> Response:
    """A request to the API."""
    what: dict[str, Any] = {"json": BODY} if method == "POST" else {}
    if method == "POST" and path.endswith("/attachments"):
        what = {"data": {"by": "孙莉"}, "files": {"file": ("台账.txt", b"120", "text/plain")}}
    answer: Response = client.request(method, path, headers={**headers, "Idempotency-Key": "1"}, **what)
    return answer


def test_every_system_reaches_what_it_may_and_nothing_else(
    browse: Callable[[], Browser], addresses: dict[tuple[str, str], str], store: Engine
) -> None:
    browser, wrong = browse(), []
    for name, secret in make_systems(store, linhe()).items():
        system = System(browser.client, secret)
        for (method, address), path in addresses.items():
            answer = sent(browser.client, method, path, system.headers)
            if (answer.status_code in (200, 201)) != (name in API_ROWS[method, address]):
                wrong.append((name, method, path, answer.status_code))
    assert wrong == []


def test_neither_a_cookie_nor_a_token_in_the_address_lets_anybody_into_the_api(
    browser: Browser, addresses: dict[tuple[str, str], str], store: Engine
) -> None:
    browser.sign_in(GAO_YUAN)
    secret = make_token(store, linhe(), "hekou")
    browser.client.cookies.set("token", secret)
    tries: list[tuple[str, dict[str, str]]] = [
        ("", {}),
        (f"?token={secret}&access_token={secret}", {}),
        ("", {"Authorization": f"Basic {secret}"}),
        ("", {"Authorization": secret}),
        ("", {"Authorization": "Bearer " + secret[:-1]}),
        ("", {"Authorization": "Bearer " + secret.removeprefix("guanai_")}),
    ]
    for (method, address), path in addresses.items():
        for query, headers in tries:
            answer = sent(browser.client, method, path + query, headers)
            assert (answer.status_code == 401) == (NOBODY not in API_ROWS[method, address]), (path, query)
            assert "set-cookie" not in answer.headers
    answer = browser.client.get("/account", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    browser.client.cookies.clear()
    answer = browser.client.get(
        "/people", headers={"Authorization": f"Bearer {secret}"}, follow_redirects=False
    )
    assert answer.headers["location"].startswith("/sign-in")


def test_a_form_that_another_site_sends_is_refused(browser: Browser) -> None:
    browser.sign_in(GAO_YUAN)
    ours = browser.csrf("/account")
    foreign: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}),
        ({"csrf": "0" * 64}, {}),
        ({"csrf": ours}, {"sec-fetch-site": "cross-site"}),
        ({"csrf": ours}, {"origin": "https://example.org"}),
    ]
    for fields, headers in foreign:
        answer = browser.client.post("/sign-out", data=fields, headers=headers, follow_redirects=False)
        assert answer.status_code == 403
        assert "〔1010〕" in answer.text
    assert browser.get("/account").status_code == 200


def test_a_form_of_ours_is_no_good_in_another_session(
    browser: Browser, browse: Callable[[], Browser]
) -> None:
    other = browse().sign_in(GAO_YUAN)
    browser.sign_in(GAO_YUAN)
    answer = browser.client.post("/sign-out", data={"csrf": other.csrf("/account")}, follow_redirects=False)
    assert answer.status_code == 403


def test_a_body_beyond_measure_is_refused_before_it_is_read(browser: Browser) -> None:
    answer = browser.client.post("/sign-in", content=b"", headers={"content-length": str(10**12)})
    assert answer.status_code == 413

    def much() -> Iterator[bytes]:
        for _ in range(31):
            yield b"x" * 1024 * 1024

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.client.post("/sign-in", content=much(), headers=headers).status_code == 413


def test_a_fault_of_ours_tells_nothing_of_itself(app: FastAPI, browser: Browser) -> None:
    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("secret")

    answer = browser.get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "平台出了差错" in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_an_address_that_leads_nowhere_says_what_to_do(browser: Browser) -> None:
    answer = browser.get("/nowhere")
    assert answer.status_code == 404
    assert "请从首页重新进入" in answer.text
