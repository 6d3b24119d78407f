"""What goes into the ledger of messages goes in once, whoever puts it there and how often."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from domain.messages import MessageKind, MessageState, Post
from models.engine import reading, writing
from models.messages import ContactRow, MessageEventRow, MessageItemRow, MessageRow
from models.tables import WorkItemRow
from services.enqueue import Owed, ToldOf, enqueue, enqueue_all
from tests import cast

DUE = date(2025, 3, 31)
AT = cast.moment("2025-03-24 08:30")


@pytest.fixture
def contact(opened: Engine) -> int:
    """李明 of 东山镇."""
    with writing(opened) as session:
        row = ContactRow(
            plan_id="small",
            unit=cast.TOWN,
            post=Post.LIAISON,
            name=cast.LI_MING,
            made_at=AT,
            made_by=cast.ZHAO_QIANG,
        )
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def items(engine: Engine, count: int = 2) -> list[ToldOf]:
    with reading(engine) as session:
        numbers = session.scalars(select(col(WorkItemRow.id)).order_by(col(WorkItemRow.id)).limit(count))
        return [(number, DUE, "reminder") for number in numbers if number is not None]


def put(session: Session, contact: int, told: list[ToldOf], **how: Any) -> int | None:
    wanted: dict[str, Any] = {
        "kind": MessageKind.LADDER,
        "subject": "",
        "contact": contact,
        "channel": "mail",
        "day": AT.date(),
        "next_at": AT,
        "content": {"title": "提醒"},
        "items": told,
        "by": "系统",
        "at": AT,
    }
    return enqueue(session, cast.small_plan(), **(wanted | how))


def count(engine: Engine, table: type[MessageRow | MessageItemRow | MessageEventRow]) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_message_comes_with_its_items_and_its_first_event(opened: Engine, contact: int) -> None:
    told = items(opened)
    with writing(opened) as session:
        number = put(session, contact, told)
    with reading(opened) as session:
        message = session.get_one(MessageRow, number)
        assert (message.state, message.attempts, message.next_at) == (MessageState.PLANNED, 0, AT)
        assert message.content == '{"title":"提醒"}'
        rows = session.scalars(select(MessageItemRow).order_by(col(MessageItemRow.id))).all()
        assert [(r.message_id, r.item_id, r.due, r.rung) for r in rows] == [(number, *one) for one in told]
        (event,) = session.scalars(select(MessageEventRow))
        assert (event.message_id, event.state, event.by, event.at) == (number, "planned", "系统", AT)


def test_what_was_told_falls_out_of_a_later_message_and_nothing_but_that_makes_none(
    opened: Engine, contact: int
) -> None:
    told = items(opened)
    with writing(opened) as session:
        first = put(session, contact, told[:1])
        second = put(session, contact, told)
        assert put(session, contact, told) is None
    assert None not in {first, second}
    with reading(opened) as session:
        kept = session.execute(select(col(MessageItemRow.message_id), col(MessageItemRow.item_id)))
        assert set(kept) == {(first, told[0][0]), (second, told[1][0])}
    assert count(opened, MessageRow) == count(opened, MessageEventRow) == 2


@pytest.mark.parametrize("change", [{"channel": "sms"}, {"items": "later"}])
def test_another_channel_or_a_moved_due_day_is_told_anew(
    opened: Engine, contact: int, change: dict[str, Any]
) -> None:
    told = items(opened)
    later = [(item, due + timedelta(days=30), rung) for item, due, rung in told]
    with writing(opened) as session:
        assert put(session, contact, told)
        assert put(session, contact, told, **(change | ({"items": later} if "items" in change else {})))


def test_a_subject_without_items_is_told_once_to_a_contact_by_a_channel(opened: Engine, contact: int) -> None:
    circular: dict[str, Any] = {"kind": MessageKind.CIRCULAR, "subject": "report/12"}
    with writing(opened) as session:
        assert put(session, contact, [], **circular)
        assert put(session, contact, [], **circular, day=AT.date() + timedelta(days=1)) is None
        assert put(session, contact, [], **circular, channel="sms")
        assert put(session, contact, [], **(circular | {"subject": "report/13"}))
    assert count(opened, MessageRow) == 3


def test_two_who_enqueue_at_once_make_one(opened: Engine, contact: int) -> None:
    told = items(opened)

    def one(_: int) -> int | None:
        with writing(opened) as session:
            return put(session, contact, told)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(one, range(4)))
    assert len([number for number in made if number is not None]) == 1
    assert count(opened, MessageRow) == count(opened, MessageEventRow) == 1


def test_a_stream_of_thousands_goes_in_and_a_second_time_adds_nothing(opened: Engine, contact: int) -> None:
    (told,) = items(opened, 1)

    def owed() -> Iterator[Owed]:
        for n in range(1201):
            due = DUE + timedelta(days=n)
            content = {"title": f"第{n}条"}
            yield Owed(MessageKind.LADDER, contact, "mail", due, AT, content, [(told[0], due, "urge")])

    with writing(opened) as session:
        assert enqueue_all(session, cast.small_plan(), owed(), by="系统", at=AT) == 1201
    with writing(opened) as session:
        assert enqueue_all(session, cast.small_plan(), owed(), by="系统", at=AT) == 0
        assert enqueue_all(session, cast.small_plan(), [], by="系统", at=AT) == 0
    assert (
        count(opened, MessageRow) == count(opened, MessageItemRow) == count(opened, MessageEventRow) == 1201
    )
