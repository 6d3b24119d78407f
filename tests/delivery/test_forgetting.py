"""What messages said is forgotten after a set time; that somebody was told, when and how, is not."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update
from sqlmodel import col

from domain.messages import MessageKind, MessageState
from domain.problems import Problem
from models.channel_windows import take
from models.engine import reading, writing
from models.ledger import Filters
from models.messages import ChannelWindowRow, ContactAddressRow, ContactRow, MessageItemRow, MessageRow
from services import audit
from services.delivery import ledger
from services.delivery.forgetting import Forgotten, forget
from services.delivery.sending import send_due
from tests import cast
from tests.delivery import scene
from tests.delivery.scene import AT, Clock

KEPT = timedelta(days=180)
LATER = AT + timedelta(days=181)


@pytest.fixture
def told(opened: Engine, tmp_path: Path) -> int:
    """A message that went out."""
    number = scene.owe(opened, scene.contact(opened, ("outbox", "liming@town.example.cn")), "outbox")
    send_due(scene.room(opened, tmp_path, scene.channels(tmp_path, scene.OUTBOX)), worker="one", now=Clock())
    return number


def run(engine: Engine, at: object = LATER) -> Forgotten:
    return forget(engine, "small", kept=KEPT, by="系统", at=at)  # type: ignore[arg-type]


def test_a_message_loses_its_content_and_keeps_its_story(opened: Engine, told: int) -> None:
    assert run(opened, LATER - timedelta(days=2)) == Forgotten(0, 0)
    assert run(opened) == Forgotten(1, 0)
    assert run(opened) == Forgotten(0, 0)
    assert scene.message(opened, told).content is None
    assert scene.story(opened, told) == ["planned", "claimed", "delivered"]
    with reading(opened) as session:
        assert session.scalar(select(func.count()).select_from(MessageItemRow)) == 1
        assert ledger.account(session, cast.small_plan(), told).said is None
        (line,) = audit.lines_of(session, "small/messages", last=5)
    assert line.action == "forget"


def test_what_still_waits_is_kept_and_sent(opened: Engine, tmp_path: Path) -> None:
    number = scene.owe(opened, scene.contact(opened, ("outbox", "a@example.cn")), "outbox", next_at=LATER)
    assert run(opened, LATER + timedelta(days=1)) == Forgotten(0, 0)
    clock = Clock(LATER + timedelta(days=1))
    send_due(scene.room(opened, tmp_path, scene.channels(tmp_path, scene.OUTBOX)), worker="one", now=clock)
    assert scene.state(opened, number) is MessageState.DELIVERED


def test_somebody_who_left_is_forgotten_and_somebody_in_office_is_not(opened: Engine, told: int) -> None:
    here = scene.message(opened, told).contact_id
    left = scene.contact(
        opened, ("outbox", "b@example.cn"), ("sms", "13800000000"), name="孙梅", active=False
    )
    assert run(opened) == Forgotten(1, 1)
    with reading(opened) as session:
        assert session.get_one(ContactRow, left).name == ""
        assert session.get_one(ContactRow, here).name == cast.LI_MING
        owners = set(session.scalars(select(col(ContactAddressRow.contact_id))))
    assert owners == {here}


def test_somebody_who_left_is_kept_as_long_as_a_message_to_them_is(opened: Engine, told: int) -> None:
    gone = scene.message(opened, told).contact_id
    with writing(opened) as session:
        session.execute(update(ContactRow).where(col(ContactRow.id) == gone).values(active=False))
        later = AT + timedelta(days=100)
        session.execute(update(MessageRow).where(col(MessageRow.id) == told).values(made_at=later))
    assert run(opened) == Forgotten(0, 0)


def test_a_forgotten_message_cannot_be_sent_again(opened: Engine, told: int) -> None:
    run(opened)
    with writing(opened) as session:
        session.execute(update(MessageRow).where(col(MessageRow.id) == told).values(state="given-up"))
    with pytest.raises(Problem, match="〔1508〕"), writing(opened) as session:
        ledger.retry(session, cast.small_plan(), told, by=cast.ZHAO_QIANG, at=LATER)


def test_counts_of_channels_go_after_two_days(opened: Engine) -> None:
    with writing(opened) as session:
        take(session, "mail", AT, per_minute=5, per_day=5)
    run(opened, AT + timedelta(days=1))
    with reading(opened) as session:
        assert session.scalars(select(ChannelWindowRow)).all() != []
    run(opened, AT + timedelta(days=3))
    with reading(opened) as session:
        left = [row.seconds for row in session.scalars(select(ChannelWindowRow))]
    assert set(left) <= {0}


def test_the_ledger_is_shown_in_pages_and_streamed_whole(opened: Engine) -> None:
    to = scene.contact(opened, ("outbox", "a@example.cn"))
    for day in range(120):
        scene.owe(opened, to, "outbox", [], subject=f"report/{day}", kind=MessageKind.CIRCULAR)
    with reading(opened) as session:
        pages = [ledger.page(session, cast.small_plan(), Filters(), number) for number in (1, 2, 3, 4)]
        streamed = [row.number for row in ledger.stream(session, cast.small_plan(), Filters(), 110)]
    assert [len(page.rows) for page in pages] == [50, 50, 20, 0]
    assert (pages[0].total, pages[0].pages) == (120, 3)
    assert [row.number for page in pages for row in page.rows][:110] == streamed
