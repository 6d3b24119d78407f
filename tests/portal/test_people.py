"""Who has an account is the administrator's business; a link is the office's too, but none above itself."""

import re

from domain.people import Role
from models.engine import reading
from services import accounts
from tests.portal.browser import ADMIN, GAO_YUAN, LUO_MIN, XU_JING, ZHOU_LAN, Browser


def test_the_administrator_adds_a_liaison_who_comes_in_by_the_link_shown(browser: Browser) -> None:
    browser.sign_in(ADMIN)
    added = browser.send("/people", {"name": "孙莉", "login": "SunLi", "unit": ["hekou", "liulin"]})
    assert added.status_code == 303
    with reading(browser.engine) as session:
        made = accounts.find(session, "sunli")
    assert made is not None
    assert made.units == ("hekou", "liulin")
    shown = browser.send(f"/people/{made.id}/link").text
    (path,) = re.findall(r'value="http://testserver(/enter/[^"]+)"', shown)
    browser.client.cookies.clear()
    answer = browser.client.post(path, data={"csrf": browser.csrf(path)}, follow_redirects=False)
    assert answer.status_code == 303
    assert "孙莉" in browser.get("/account").text


def test_what_is_wrong_with_a_new_account_is_said_and_what_was_typed_stays(browser: Browser) -> None:
    browser.sign_in(ADMIN)
    for fields, number in (
        ({"name": "高原", "login": "gaoyuan2", "role": "leader"}, 1002),
        ({"name": "高 原", "login": "gaoyuan2", "role": "leader"}, 1002),
        ({"name": "孙莉", "login": "gaoyuan", "role": "leader"}, 1002),
        ({"name": "孙莉", "login": "sun li", "role": "leader"}, 1001),
        ({"name": "孙莉", "login": "sunli"}, 1003),
        ({"name": "孙莉", "login": "sunli", "unit": "nowhere"}, 103),
        ({"name": "", "login": "sunli", "role": "leader"}, 418),
    ):
        answer = browser.send("/people", fields)
        assert answer.status_code in (404, 422)
        assert f"〔{number}〕" in answer.text
        assert f'value="{fields["login"]}"' in answer.text


def test_roles_taken_away_end_the_session(browser: Browser) -> None:
    number = browser.account(GAO_YUAN)
    gao = browser.sign_in(GAO_YUAN).client.cookies["guanai"]
    browser.sign_in(ADMIN)
    assert browser.send(f"/people/{number}", {"role": "leader", "active": "1"}).status_code == 303
    browser.client.cookies.set("guanai", gao)
    assert browser.get("/account").status_code == 303
    with reading(browser.engine) as session:
        assert [grant.role for grant in accounts.get(session, number).grants] == [Role.LEADER]


def test_the_last_administrator_cannot_lock_everybody_out(browser: Browser) -> None:
    browser.sign_in(ADMIN)
    for fields in ({"role": "administrator"}, {"role": "office", "active": "1"}):
        answer = browser.send(f"/people/{browser.account(ADMIN)}", fields)
        assert answer.status_code == 422
        assert "〔1005〕" in answer.text


def test_the_office_gives_links_to_liaisons_and_leaders_only(browser: Browser) -> None:
    browser.sign_in(LUO_MIN)
    assert browser.send(f"/people/{browser.account(XU_JING)}/link").status_code == 200
    for above in (ADMIN, ZHOU_LAN):
        assert browser.send(f"/people/{browser.account(above)}/link").status_code == 403
