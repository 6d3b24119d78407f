"""Messages from the shell, as an administrator types it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from cli.app import app
from domain.messages import MessageKind, MessageState, Post
from models.engine import make_engine, reading, writing
from models.messages import ContactAddressRow, ContactRow, MessageRow
from services import audit, clock
from services.enqueue import enqueue
from tests.delivery import stand_ins
from tests.delivery.stand_ins import StandIn
from tests.linhe import LINHE, linhe


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of 临河县 with its plan in force."""
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GUANAI_PLAN", str(LINHE))
    monkeypatch.setenv("COLUMNS", "200")
    assert guanai("open", "--year", "2025", "--as-of", "2025-12-31").exit_code == 0
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Engine:
    return make_engine(f"sqlite:///{home / 'guanai.db'}")


def guanai(*args: str) -> Result:
    """The command."""
    return CliRunner().invoke(app, args)


def owe(engine: Engine, channel: str = "outbox", address: str = "gaoyuan@example.cn") -> int:
    """A message to 高原 of 县民政局 that is due."""
    at = clock.now()
    with writing(engine) as session:
        contact = ContactRow(
            plan_id=linhe().id, unit="civil", post=Post.LIAISON, name="高原", made_at=at, made_by="周岚"
        )
        session.add(contact)
        session.flush()
        assert contact.id is not None
        session.add(ContactAddressRow(contact_id=contact.id, channel=channel, address=address))
        number = enqueue(
            session,
            linhe(),
            kind=MessageKind.URGE,
            subject=f"urge/{contact.id}",
            contact=contact.id,
            channel=channel,
            day=at.date(),
            next_at=at,
            content={"title": "请尽快报送", "paragraphs": ["请于本周内报送。"]},
            items=[],
            by="周岚",
            at=at,
        )
    assert number is not None
    return number


def state(engine: Engine, number: int) -> MessageState:
    with reading(engine) as session:
        return MessageState(session.get_one(MessageRow, number).state)


def test_without_a_channels_file_everything_goes_into_the_outbox_and_nowhere_else(
    home: Path, store: Engine
) -> None:
    number = owe(store)
    sent = guanai("notify", "send")
    assert (sent.exit_code, sent.output) == (0, "已送达 1 条。\n")
    (file,) = (home / "发件箱").iterdir()
    assert "请于本周内报送。" in file.read_text(encoding="utf-8")
    assert guanai("notify", "send").output == "没有到时间的消息。\n"
    shown = guanai("notify", "show", str(number)).output
    for told in ("催办", "已送达", "高原，县民政局", "待发送", "正在发送"):
        assert told in shown


def test_what_failed_is_listed_retried_and_let_go(home: Path, store: Engine) -> None:
    (home / "channels.toml").write_text(
        '[[channel]]\nname = "sms"\nkind = "sms"\nurl = "http://127.0.0.1:9"\ntries = 1\n', encoding="utf-8"
    )
    number = owe(store, "sms", "13800000000")
    assert "发送失败，已停止重试 1 条" in guanai("notify", "send").output
    queue = guanai("notify", "queue").output
    assert "需要处理（1 条）" in queue
    assert "连不上对方服务器" in queue
    assert guanai("notify", "retry", str(number)).exit_code == 0
    assert state(store, number) is MessageState.PLANNED
    assert guanai("notify", "drop", str(number), "--reason", "已电话告知").exit_code == 0
    assert state(store, number) is MessageState.DROPPED
    assert "没有需要处理的消息。" in guanai("notify", "queue").output


@pytest.mark.parametrize(
    ("answer", "then"), [("--sent", MessageState.SENT), ("--not-sent", MessageState.PLANNED)]
)
def test_a_doubt_is_settled(home: Path, store: Engine, answer: str, then: MessageState) -> None:
    number = owe(store, "sms", "13800000000")
    with StandIn(stand_ins.Gateway(), silent=True).serving() as vendor:
        channel = f'[[channel]]\nname = "sms"\nkind = "sms"\nurl = "{vendor.url}"\n'
        (home / "channels.toml").write_text(channel, encoding="utf-8")
        assert "是否发出存疑 1 条" in guanai("notify", "send").output
    refused = guanai("notify", "retry", str(number))
    assert (refused.exit_code, "〔1506〕" in refused.output) == (1, True)
    assert guanai("notify", "resolve", str(number), answer).exit_code == 0
    assert state(store, number) is then


def test_a_channel_is_tried_on_oneself_and_that_is_in_the_audit_chain(home: Path, store: Engine) -> None:
    with StandIn(stand_ins.wecom_bot).serving() as vendor:
        bot = f'name = "bot"\nkind = "wecom-bot"\napi = "{vendor.url}"\n'
        bad = '[[channel]]\nname = "bad"\nkind = "pigeon"\n'
        (home / "channels.toml").write_text(f'[[channel]]\n{bot}key = "good-key"\n{bad}', encoding="utf-8")
        tried = guanai("notify", "test", "--channel", "bot", "--to", "13800000000", "--by", "罗敏")
        assert "渠道“bot”已收下" in tried.output
        assert "测试消息" in vendor.asked[0].body["text"]["content"]
        for args, number in (("bad", 1502), ("pigeon", 1503)):
            refused = guanai("notify", "test", "--channel", args, "--to", "x")
            assert (refused.exit_code, f"〔{number}〕" in refused.output) == (1, True)
        (home / "channels.toml").write_text(f'[[channel]]\n{bot}key = "bad"\n', encoding="utf-8")
        refused = guanai("notify", "test", "--channel", "bot", "--to", "13800000000")
    assert (refused.exit_code, "〔1511〕" in refused.output, "93000" in refused.output) == (1, True, True)
    with reading(store) as session:
        (line,) = audit.lines_of(session, f"{linhe().id}/messages", last=5)
    assert (line.action, line.actor) == ("message-test", "罗敏")


def test_a_fault_ends_with_1_and_the_other_messages_go(home: Path, store: Engine) -> None:
    (home / "channels.toml").write_text(
        '[[channel]]\nname = "outbox"\nkind = "file"\n[[channel]]\nname = "mail"\nkind = "smtp"\n',
        encoding="utf-8",
    )
    faulty, good = owe(store, "mail"), owe(store)
    sent = guanai("notify", "send")
    assert (sent.exit_code, "〔1502〕" in sent.output) == (1, True)
    assert (state(store, faulty), state(store, good)) == (MessageState.FAILED, MessageState.DELIVERED)
    (home / "channels.toml").write_text("[[", encoding="utf-8")
    assert "〔1501〕" in guanai("notify", "send").output


@pytest.mark.usefixtures("home")
def test_a_message_that_is_not_there_is_said() -> None:
    for args in (("show", "7"), ("retry", "7"), ("resolve", "7", "--sent"), ("drop", "7", "--reason", "无")):
        told = guanai("notify", *args)
        assert (told.exit_code, "〔1505〕" in told.output) == (1, True)
