"""Every route, asked for by everybody: who is to be let through is, and nobody else."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx import Response
from sqlalchemy import Engine

from domain.report.material import Issue, Material
from domain.report.snapshot import freeze
from models.engine import reading, writing
from services import clock, filed_reports
from services.facts import year_facts
from services.workcalendar import work_calendar
from tests.linhe import linhe
from tests.portal.access import EVERYBODY, ROWS, STRANGER
from tests.portal.browser import GAO_YUAN, Browser
from tests.services.test_filed_reports import file_report

TURNED_AWAY = frozenset({401, 403, 404})


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and address of every route, the API's too; files of ours are open to everybody."""
    for route in iter_route_contexts(app.routes):
        for method in (route.methods or set()) - {"HEAD", "OPTIONS"}:
            yield method, route.path or ""


def filled(address: str, browser: Browser) -> str:
    """An address about 高原 and 县民政局."""
    names = {"number": browser.account(GAO_YUAN), "token": "x", "unit": "civil", "report": 1}
    return address.format(**names, paper=2)  # the consolidated one is 0, 县妇联's 1


def release_report(store: Engine, folder: Path) -> None:
    """A report of the year, filed and released."""
    plan = linhe()
    with reading(store) as session:
        facts = year_facts(session, plan, 2025)
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    material = Material(plan, calendar, 2025, date(2025, 12, 31), facts, Issue(sample=True))
    number = file_report(store, folder, freeze(material, "plan"))
    with writing(store) as session:
        filed_reports.release(session, plan.id, number, by="周岚", at=clock.now())


def let_through(answer: Response, address: str) -> bool:
    """Whether somebody came in; a wrong link or a missing form is told to people who are inside."""
    if answer.status_code == 303:
        to_sign_in = answer.headers["location"].startswith("/sign-in")
        return not to_sign_in or address in ("/", "/sign-out")
    return answer.status_code not in TURNED_AWAY or address in ("/sign-in", "/enter/x")


def test_every_route_has_a_row_and_every_row_a_route(app: FastAPI) -> None:
    assert sorted(set(routes(app)) ^ set(ROWS)) == []


@pytest.mark.parametrize("login", sorted(EVERYBODY))
def test_who_is_to_be_let_through_is_and_nobody_else(
    browse: Callable[[], Browser], store: Engine, tmp_path: Path, login: str
) -> None:
    release_report(store, tmp_path)
    wrong = []
    for (method, address), row in ROWS.items():
        browser = browse()
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
