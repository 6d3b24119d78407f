"""Signing in as people do it, and as others try it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from services import accounts, audit, clock, sign_in
from services.sign_in import IDLE, LOCKED, LONGEST, MOST_FAILURES, SEEN_EVERY
from tests.linhe import linhe
from tests.portal.browser import GAO_YUAN, LUO_MIN, NAMES, PASSWORD, ZHOU_LAN, Browser


def with_password(browser: Browser, login: str) -> None:
    """Give somebody the password that everybody has."""
    accounts.set_password(browser.engine, browser.account(login), PASSWORD, by="周岚", at=clock.now())


def link(browser: Browser, login: str) -> str:
    """Path of a link that somebody was sent."""
    with writing(browser.engine) as session:
        number = browser.account(login)
        return "/enter/" + sign_in.make_link(session, browser.key, number, by="周岚", at=clock.now())


def try_password(browser: Browser, login: str, password: str, wanted: str = "") -> int:
    """The status that an attempt on the sign-in page gets."""
    fields = {"csrf": browser.csrf(), "login": login, "password": password, "next": wanted}
    answer = browser.client.post("/sign-in", data=fields, follow_redirects=False)
    return int(answer.status_code)


def acts(engine: Engine) -> list[tuple[str, str]]:
    """Who did what, newest last."""
    with reading(engine) as session:
        return [(line.actor, line.action) for line in audit.lines(session, last=100)]


def test_a_stranger_is_led_to_the_sign_in_page_and_back_to_where_they_wanted(browser: Browser) -> None:
    with_password(browser, LUO_MIN)
    first = browser.get("/platform?x=1")
    assert (first.status_code, first.headers["location"]) == (303, "/sign-in?next=/platform%3Fx%3D1")
    fields = {"csrf": browser.csrf(), "login": " LuoMin ", "password": PASSWORD, "next": "/platform?x=1"}
    answer = browser.client.post("/sign-in", data=fields, follow_redirects=False)
    assert answer.headers["location"] == "/platform?x=1"
    assert browser.get("/platform").status_code == 200
    assert acts(browser.engine)[-1] == ("罗敏", "sign-in")


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "/\nSet-Cookie: a=b"]
)
def test_nobody_is_led_astray_after_signing_in(browser: Browser, elsewhere: str) -> None:
    with_password(browser, LUO_MIN)
    fields = {"csrf": browser.csrf(), "login": LUO_MIN, "password": PASSWORD, "next": elsewhere}
    answer = browser.client.post("/sign-in", data=fields, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/")
    assert "example" not in answer.headers["location"]


def test_signing_in_gives_a_new_token_out_of_reach_of_scripts(browser: Browser) -> None:
    with_password(browser, LUO_MIN)
    browser.get("/sign-in")
    before = browser.client.cookies["guanai"]
    fields = {"csrf": browser.csrf(), "login": LUO_MIN, "password": PASSWORD}
    answer = browser.client.post("/sign-in", data=fields, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert before not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_an_unknown_login_and_a_wrong_password_get_the_same_answer(browser: Browser) -> None:
    with_password(browser, LUO_MIN)
    told = []
    for login in (LUO_MIN, "nobody", GAO_YUAN):  # 高原 has no password at all
        fields = {"csrf": browser.csrf(), "login": login, "password": "wrong"}
        answer = browser.client.post("/sign-in", data=fields)
        told.append((answer.status_code, answer.text.replace(login, "")))
    assert {status for status, _ in told} == {401}
    assert len({text for _, text in told}) == 1


def test_an_account_is_locked_after_so_many_failures_and_free_again_later(browser: Browser) -> None:
    with_password(browser, LUO_MIN)
    statuses = [try_password(browser, LUO_MIN, "wrong") for _ in range(MOST_FAILURES)]
    assert statuses == [401] * MOST_FAILURES
    assert try_password(browser, LUO_MIN, PASSWORD) == 429
    assert [action for _, action in acts(browser.engine)[-2:]] == ["account-locked", "sign-in-locked"]
    later = clock.now() + LOCKED + timedelta(seconds=1)
    assert sign_in.by_password(browser.engine, LUO_MIN, PASSWORD, at=later).account.name == "罗敏"


def test_failures_that_are_not_in_a_row_lock_nothing(browser: Browser) -> None:
    with_password(browser, LUO_MIN)
    for password in (*["wrong"] * (MOST_FAILURES - 1), PASSWORD, *["wrong"] * (MOST_FAILURES - 1)):
        fields = {"csrf": browser.csrf("/sign-in"), "login": LUO_MIN, "password": password}
        browser.client.post("/sign-in", data=fields, follow_redirects=False)
        browser.client.cookies.clear()
    assert try_password(browser, LUO_MIN, PASSWORD) == 303


def test_too_many_attempts_from_one_address_are_told_to_wait(browser: Browser) -> None:
    statuses = [try_password(browser, f"guess{n}", "wrong") for n in range(25)]
    assert statuses[:20] == [401] * 20
    assert set(statuses[20:]) == {429}


def test_a_link_signs_in_by_its_button_and_not_by_being_looked_at(browser: Browser) -> None:
    path = link(browser, GAO_YUAN)
    for _ in range(3):  # a mail scanner, and somebody curious
        page = browser.get(path)
        assert page.status_code == 200
        assert "县民政局" in page.text
    assert browser.get("/account").status_code == 303
    answer = browser.client.post(path, data={"csrf": browser.csrf(path)}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?first=1")
    assert "欢迎，高原" in browser.get("/account?first=1").text


def test_a_link_is_good_once(browser: Browser, browse: Callable[[], Browser]) -> None:
    path = link(browser, GAO_YUAN)
    other = browse()
    fields = {"csrf": other.csrf(path)}
    assert (
        browser.client.post(path, data={"csrf": browser.csrf(path)}, follow_redirects=False).status_code
        == 303
    )
    replayed = other.client.post(path, data=fields, follow_redirects=False)
    assert replayed.status_code == 422
    assert "〔1009〕" in replayed.text
    assert other.get("/account").status_code == 303


def test_a_link_that_was_altered_expired_or_whose_account_is_disabled_signs_nobody_in(
    browser: Browser,
) -> None:
    at = clock.now()
    number = browser.account(GAO_YUAN)
    with writing(browser.engine) as session:
        token = sign_in.make_link(session, browser.key, number, by="周岚", at=at)
        foreign = sign_in.make_link(session, b"another installation's key", number, by="周岚", at=at)
    # Not the last character: of its six bits some only fill up, so that another one may write the same signature.
    altered = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in (0, -8)]
    for bad in (*altered, "", "x", foreign):
        with reading(browser.engine) as session, pytest.raises(Problem) as refusal:
            sign_in.look_at_link(session, browser.key, bad, at=at)
        assert refusal.value.kind is ProblemKind.LINK_USELESS
    with reading(browser.engine) as session, pytest.raises(Problem):
        sign_in.look_at_link(session, browser.key, token, at=at + sign_in.LINK_LASTS)
    with writing(browser.engine) as session:
        grants = accounts.get(session, number).grants
        accounts.change(session, linhe(), number, grants=grants, active=False, by="周岚", at=at)
    with reading(browser.engine) as session, pytest.raises(Problem):
        sign_in.look_at_link(session, browser.key, token, at=at)


def test_a_session_ends_when_idle_and_at_the_latest_after_its_longest_time(browser: Browser) -> None:
    token = browser.sign_in(LUO_MIN).client.cookies["guanai"]
    began = clock.now()

    def lives(after: timedelta) -> bool:
        with reading(browser.engine) as session:
            return sign_in.who(session, token, at=began + after) is not None

    assert lives(IDLE - SEEN_EVERY)
    assert not lives(IDLE + SEEN_EVERY)
    used = timedelta()
    while used < LONGEST - IDLE:  # somebody who works on
        used += IDLE / 2
        with writing(browser.engine) as session:
            sign_in.seen(session, token, at=began + used)
    assert lives(LONGEST - SEEN_EVERY)
    assert not lives(LONGEST + SEEN_EVERY)


def test_signing_out_ends_the_session_for_good(browser: Browser) -> None:
    token = browser.sign_in(LUO_MIN).client.cookies["guanai"]
    assert browser.send("/sign-out").status_code == 303
    browser.client.cookies.set("guanai", token)  # as a thief would
    assert browser.get("/account").status_code == 303
    assert acts(browser.engine)[-1] == ("罗敏", "sign-out")


def test_a_new_password_signs_everybody_else_out_and_this_browser_stays(
    browser: Browser, browse: Callable[[], Browser]
) -> None:
    other = browse().sign_in(GAO_YUAN)
    browser.sign_in(GAO_YUAN)
    assert browser.send("/account/password", {"password": PASSWORD, "again": PASSWORD}).status_code == 303
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    wrong = browser.send(
        "/account/password", {"password": "又一只麻雀飞走了呀", "again": "又一只麻雀飞走了呀", "old": "x"}
    )
    assert wrong.status_code == 401


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "少于 10 个字符"),
        ("aaaaaaaaaaaa", "重复的字符太多"),
        ("gaoyuan-2025!", "登录名或姓名"),
        ("1234567890", "连续的字符"),
        ("x" * 129 + "yzabc", "超过 128"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(browser: Browser, password: str, why: str) -> None:
    browser.sign_in(GAO_YUAN)
    answer = browser.send("/account/password", {"password": password, "again": password})
    assert answer.status_code == 422
    assert why in answer.text
    assert password not in answer.text


def test_what_is_stored_lets_nobody_in(browser: Browser) -> None:
    with_password(browser, LUO_MIN)
    path = link(browser, LUO_MIN)
    token = browser.sign_in(ZHOU_LAN).client.cookies["guanai"]
    with browser.engine.connect() as connection:
        tables = ("account", "sign_in_link", "session", "audit_line")
        rows = [str(row) for t in tables for row in connection.exec_driver_sql(f"SELECT * FROM {t}")]  # noqa: S608 - our own names
    stored = "\n".join(rows)
    assert NAMES[LUO_MIN] in stored
    for secret in (PASSWORD, token, path.removeprefix("/enter/")):
        assert secret not in stored
