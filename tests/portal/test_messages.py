"""The ledger of messages on the office's desk."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, update
from sqlmodel import col

from domain.messages import MessageState
from models.engine import reading, writing
from models.messages import MessageRow
from services import audit
from tests.portal import messages
from tests.portal.browser import LUO_MIN, Browser


@pytest.fixture
def luo(browse: Callable[[], Browser]) -> Browser:
    """罗敏 before the office's desk."""
    return browse().sign_in(LUO_MIN)


def state(engine: Engine, number: int) -> MessageState:
    with reading(engine) as session:
        return MessageState(session.get_one(MessageRow, number).state)


def test_what_failed_or_is_in_doubt_is_counted_on_the_days_page_and_the_count_leads_to_it(
    luo: Browser, store: Engine
) -> None:
    messages.leave(store, MessageState.SENT, "")
    lost, doubtful = messages.leave(store), messages.leave(store, MessageState.DOUBTFUL, "没有应答")
    day = luo.get("/office").text
    address = "/office/messages?troubled=True"
    assert f'href="{address}"' in day
    found = luo.get(address).text
    assert "2 条，需要处理" in found
    for number in (lost, doubtful):
        assert f'href="/office/messages/{number}"' in found
    for told in ("发送失败，已停止重试", "是否发出存疑", "邮件服务器不接受收件地址", "高原", "县民政局"):
        assert told in found


def test_filters_in_the_address_narrow_the_list_and_the_spreadsheet_has_the_same(
    luo: Browser, store: Engine
) -> None:
    messages.leave(store, MessageState.SENT, "")
    messages.leave(store)
    for query, count in (
        ("state=sent", 1),
        ("kind=ladder", 0),
        ("unit=civil", 2),
        ("unit=edu", 0),
        ("channel=outbox", 2),
    ):
        assert f"<small>{count} 条</small>" in luo.get(f"/office/messages?{query}").text, query
    answer = luo.get("/office/messages.xlsx?state=sent")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert "已发出" in cells
    assert "发送失败，已停止重试" not in cells


def test_one_message_is_shown_with_what_it_said_and_what_became_of_it(luo: Browser, store: Engine) -> None:
    page = luo.get(f"/office/messages/{messages.leave(store)}").text
    for told in (
        "请尽快报送",
        "请于本周内报送。",
        "待发送",
        "发送失败，已停止重试",
        "高原本人（县民政局单位联络员）",
    ):
        assert told in page
    assert luo.get("/office/messages/999").status_code == 404


def test_the_office_retries_what_failed_and_that_is_in_the_audit_chain(luo: Browser, store: Engine) -> None:
    number = messages.leave(store)
    assert luo.send(f"/office/messages/{number}/retry").status_code == 303
    assert state(store, number) is MessageState.PLANNED
    again = luo.send(f"/office/messages/{number}/retry")
    assert again.status_code == 422
    assert "〔1506〕" in again.text
    with reading(store) as session:
        (line,) = audit.lines_of(session, f"message/{number}", last=5)
    assert (line.action, line.actor) == ("message-retry", "罗敏")


@pytest.mark.parametrize(("sent", "then"), [("true", MessageState.SENT), ("false", MessageState.PLANNED)])
def test_the_office_settles_a_doubt(luo: Browser, store: Engine, sent: str, then: MessageState) -> None:
    number = messages.leave(store, MessageState.DOUBTFUL, "没有应答")
    assert "不能确定是否已经收到" in luo.get(f"/office/messages/{number}").text
    assert luo.send(f"/office/messages/{number}/settle", {"sent": sent}).status_code == 303
    assert state(store, number) is then
    assert "曾存疑" in luo.get("/office/messages?doubted=true").text


def test_the_office_lets_a_message_go_with_a_reason_and_not_without_one(luo: Browser, store: Engine) -> None:
    number = messages.leave(store)
    assert "〔1509〕" in luo.send(f"/office/messages/{number}/drop", {"reason": " "}).text
    assert luo.send(f"/office/messages/{number}/drop", {"reason": "已电话告知"}).status_code == 303
    assert state(store, number) is MessageState.DROPPED
    assert "不再发送：已电话告知" in luo.get(f"/office/messages/{number}").text


def test_what_is_forgotten_says_so_and_keeps_its_story(luo: Browser, store: Engine) -> None:
    number = messages.leave(store)
    with writing(store) as session:
        session.execute(update(MessageRow).where(col(MessageRow.id) == number).values(content=None))
    page = luo.get(f"/office/messages/{number}").text
    assert "内容已过保存期限" in page
    assert "请尽快报送" not in page
    assert "尽快重发" not in page


def test_a_fault_in_the_channels_file_is_told_where_messages_are_looked_at(
    luo: Browser, store: Engine, home: Path
) -> None:
    del store
    (home / "channels.toml").write_text('[[channel]]\nname = "mail"\nkind = "smtp"\n', encoding="utf-8")
    page = luo.get("/office/messages").text
    assert "〔1502〕" in page
    assert "缺少 host" in page
