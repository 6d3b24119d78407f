"""Tokens are the administrator's business: made, shown once, used, taken back."""

import re

from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from models.engine import reading
from models.people import ApiTokenRow
from services import audit
from tests.linhe import linhe
from tests.portal.browser import ADMIN, Browser
from tests.portal.systems import System, make_token

FORM = {"unit": "hekou", "name": " 市 平台 ", "scope": ["items:read", "reports:read"], "days": "90"}


def items(browser: Browser, secret: str) -> int:
    """What a system with a token is answered."""
    return System(TestClient(browser.client.app), secret).get("/items").status_code


def test_a_token_is_shown_once_works_and_is_taken_back(browser: Browser, store: Engine) -> None:
    browser.sign_in(ADMIN)
    shown = browser.send("/tokens", FORM).text
    (secret,) = re.findall(r'value="(guanai_[^"]+)"', shown)
    assert "河口镇的令牌“市 平台”" in shown
    assert items(browser, secret) == 200
    listed = browser.get("/tokens").text
    assert secret not in listed
    assert "市 平台" in listed
    with reading(store) as session:
        (row,) = session.scalars(select(ApiTokenRow))
        assert secret not in str(row.model_dump())
        assert secret not in "".join(line.detail for line in audit.lines(session, last=100))
    assert (row.scopes, (row.expires_at - row.made_at).days) == ("items:read reports:read", 90)
    for _ in range(2):
        assert browser.send(f"/tokens/{row.id}/revoke").status_code == 303
    assert items(browser, secret) == 401
    assert "已停用" in browser.get("/tokens").text
    with reading(store) as session:
        told = [
            (line.actor, line.action)
            for line in audit.lines(session, last=100)
            if line.subject == f"token/{row.id}"
        ]
    assert told == [("系统管理员", "token-make"), ("系统管理员", "token-revoke")]


def test_what_is_wrong_with_a_new_token_is_said_and_what_was_typed_stays(
    browser: Browser, store: Engine
) -> None:
    browser.sign_in(ADMIN)
    for wrong, number in (
        ({"name": "　"}, 1201),
        ({"name": "市" * 21}, 1201),
        ({"scope": []}, 1201),
        ({"scope": ["everything"]}, 1201),
        ({"days": "366"}, 1201),
        ({"days": "0"}, 1201),
        ({"days": "²"}, 1201),
        ({"unit": "nowhere"}, 103),
    ):
        answer = browser.send("/tokens", FORM | wrong)
        assert answer.status_code in (404, 422)
        assert f"〔{number}〕" in answer.text
    assert '<option value="hekou" selected>' in browser.send("/tokens", FORM | {"name": ""}).text
    assert browser.send("/tokens/7/revoke").status_code == 404
    with reading(store) as session:
        assert session.scalars(select(ApiTokenRow)).all() == []


def test_a_token_that_expired_is_shown_as_such(browser: Browser, store: Engine) -> None:
    make_token(store, linhe(), "edu", ago=31)
    browser.sign_in(ADMIN)
    assert "已过期" in browser.get("/tokens").text
