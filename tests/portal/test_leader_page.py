"""What a leader sees: the phases, what is red and whose it is, and the reports that the office let them read."""

from pathlib import Path

from models.engine import reading
from services import audit
from tests.linhe import linhe
from tests.portal.browser import GAO_YUAN, ZHENG_MING, Browser
from tests.portal.systems import release_reports


def test_one_page_says_how_it_stands_and_whose_the_red_is(browser: Browser) -> None:
    told = browser.sign_in(ZHENG_MING).get("/leader").text
    for words in (
        "打基础",
        "建成统一台账",
        "亮红灯的举措",
        "8. 建立统一台账",
        "河口镇",
        "办公室还没有发布报告",
    ):
        assert words in told


def test_a_leader_reads_what_was_released_and_the_reading_is_on_record(
    browser: Browser, tmp_path: Path
) -> None:
    number = release_reports(browser.engine, linhe(), tmp_path)
    browser.sign_in(ZHENG_MING)
    assert f'href="/reports/{number}/papers/0"' in browser.get("/leader").text
    read = browser.get(f"/reports/{number}/papers/0")
    assert read.headers["content-type"] == "application/pdf"
    with reading(browser.engine) as session:
        assert audit.lines(session, last=1)[0].actor == "郑明"


def test_a_leader_takes_the_word_file_to_edit_and_that_is_on_record_too(
    browser: Browser, tmp_path: Path
) -> None:
    number = release_reports(browser.engine, linhe(), tmp_path)
    browser.sign_in(ZHENG_MING)
    address = f"/reports/{number}/papers/0/word"
    assert f'href="{address}"' in browser.get("/leader").text
    taken = browser.get(address)
    assert taken.headers["content-type"].endswith("wordprocessingml.document")
    assert ".docx" in taken.headers["content-disposition"]
    with reading(browser.engine) as session:
        line = audit.lines(session, last=1)[0]
    assert (line.actor, line.action) == ("郑明", "download")
    assert '"form":"docx"' in line.detail


def test_a_liaison_has_no_business_there(browser: Browser) -> None:
    assert browser.sign_in(GAO_YUAN).get("/leader").status_code == 403
