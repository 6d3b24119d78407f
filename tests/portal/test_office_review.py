"""The queue: longest waiting first, what is out of the ordinary said beside, several accepted at once."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from domain.entries import State
from tests.portal.browser import LUO_MIN, ZHOU_LAN, Browser
from tests.portal.handed_in import (
    CHECKUPS,
    LEDGER,
    LESSONS,
    VISITS,
    VISITS_LATER,
    accept,
    busy_morning,
    hand_in,
    number_of,
)

PAPER = re.compile(r'<section class="paper">.*?</section>', re.DOTALL)


@pytest.fixture
def office(browser: Browser, store: Engine) -> Browser:
    """罗敏 of the office, on a busy morning."""
    busy_morning(store)
    return browser.sign_in(LUO_MIN)


def papers(office: Browser, address: str = "/office/review") -> dict[int, str]:
    """What the queue shows of each item, in its order."""
    found = PAPER.findall(office.get(address).text)
    return {int(number[1]): one for one in found if (number := re.search(r"/office/items/(\d+)", one))}


def ticks(paper: str) -> list[str]:
    return re.findall(r'name="chosen" value="([^"]+)"', paper)


def tags(paper: str) -> list[str]:
    return re.findall(r'<span class="tag">([^<]+)</span>', paper)


def test_what_waits_longest_comes_first_with_its_figures_and_words(office: Browser, store: Engine) -> None:
    found = papers(office)
    assert [*found] == [number_of(store, key) for key in (VISITS, VISITS_LATER, LESSONS)]
    told = found[number_of(store, VISITS_LATER)]
    for words in ("困难家庭数", "400 户", "120", "新并入两个村", "已逐户走访，并登记台账。"):
        assert words in told


def test_what_is_out_of_the_ordinary_is_said_and_cannot_be_ticked(office: Browser, store: Engine) -> None:
    hand_in(store, LEDGER, {"children": 212}, by="马健", text="台账已于6月更新。")
    hand_in(store, CHECKUPS, {"pupils": 5200, "checked": 5000}, by="许静", text="更正体检人数。")
    hand_in(
        store, "linhe-2025/hotline/police/once", by="石磊", state=State.NOT_STARTED, text="尚未开展，待落实。"
    )
    hand_in(
        store,
        "linhe-2025/stocktaking/hekou/2025H1",
        {"books": (None, "盘点中"), "books-new": 1, "books-old": 1},
    )
    found = papers(office)
    expected = {
        VISITS: [],
        VISITS_LATER: ["数值变动大", "有说明"],
        LESSONS: [],
        LEDGER: ["曾退回"],
        CHECKUPS: ["更正"],
        "linhe-2025/hotline/police/once": ["未开展"],
        "linhe-2025/stocktaking/hekou/2025H1": ["缺数", "有说明"],
    }
    assert {key: tags(found[number_of(store, key)]) for key in expected} == expected
    for key, flags in expected.items():
        assert bool(ticks(found[number_of(store, key)])) != bool(flags), key


def test_several_are_accepted_at_once(office: Browser, store: Engine) -> None:
    chosen = [tick for paper in papers(office).values() for tick in ticks(paper)]
    assert len(chosen) == 2
    answer = office.send("/office/review", {"chosen": chosen})
    assert answer.headers["location"] == "/office/review?done=2"
    assert "已通过 2 份" in office.get(answer.headers["location"]).text
    assert [*papers(office)] == [number_of(store, VISITS_LATER)]
    assert "审核通过" in office.get(f"/office/items/{number_of(store, LESSONS)}").text


def test_what_changed_meanwhile_is_not_accepted_with_the_others(office: Browser, store: Engine) -> None:
    chosen = [tick for paper in papers(office).values() for tick in ticks(paper)]
    hand_in(store, VISITS, {"families": 121, "visited": 118})
    answer = office.send("/office/review", {"chosen": chosen})
    assert answer.status_code == 422
    assert "已通过 1 份" in answer.text
    assert "有 1 份没有通过" in answer.text
    assert "〔408〕" in answer.text
    assert number_of(store, VISITS) in papers(office)


def test_flags_cannot_be_passed_by_by_hand(office: Browser, store: Engine) -> None:
    number = number_of(store, VISITS_LATER)
    for chosen in ([f"{number}:1"], ["x:1", "²:1", f"{number}"]):
        answer = office.send("/office/review", {"chosen": chosen})
        assert "已通过" not in answer.text
        assert number in papers(office)
    accept(store, VISITS)
    answer = office.send("/office/review", {"chosen": [f"{number_of(store, VISITS)}:1"]})
    assert "有 1 份没有通过" in answer.text


def test_ones_own_is_shown_and_not_offered(browse: Callable[[], Browser], store: Engine) -> None:
    busy_morning(store)
    zhou, number = browse().sign_in(ZHOU_LAN), number_of(store, LESSONS)
    paper = papers(zhou)[number]
    assert tags(paper) == ["本人提交，须由另一位同志审核"]
    assert ticks(paper) == []
    assert "/accept" not in paper
    answer = zhou.send("/office/review", {"chosen": [f"{number}:1"]})
    assert "〔405〕" in answer.text


def test_the_queue_is_filtered_by_its_address_and_a_verdict_leads_back_there(
    office: Browser, store: Engine
) -> None:
    for query, keys in (
        ("unit=women", [LESSONS]),
        ("measure=4", [VISITS, VISITS_LATER]),
        ("duty=lessons", [LESSONS]),
        ("text=%E6%B2%B3%E5%8F%A3", [VISITS, VISITS_LATER]),
        ("measure=none", []),
        ("page=2", []),
    ):
        assert [*papers(office, f"/office/review?{query}")] == [number_of(store, key) for key in keys], query
    paper = papers(office, "/office/review?unit=women")[number_of(store, LESSONS)]
    assert 'name="back" value="/office/review?unit=women"' in paper
