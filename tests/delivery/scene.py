"""The cast as contacts, messages that are owed to them, and a mailroom with the channels of a test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from domain.messages import MessageKind, MessageState, Post
from domain.people import Grant, Role
from domain.plan import Plan
from models.engine import reading, writing
from models.messages import ContactAddressRow, ContactRow, MessageEventRow, MessageRow
from models.tables import WorkItemRow
from services import accounts
from services.delivery.channels_file import Channels, read_channels
from services.delivery.composing import Desk
from services.delivery.mailroom import Mailroom
from services.enqueue import ToldOf, enqueue
from services.intake import submit
from services.plan_versions import plan_sha256
from tests import cast

AT = cast.moment("2025-03-24 09:00")
PORTAL = "https://care.example.cn"


@dataclass
class Clock:
    """A clock that stands still until somebody moves it."""

    at: datetime = AT

    def __call__(self) -> datetime:
        return self.at

    def on(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


def channels(folder: Path, *entries: str, head: str = "") -> Channels:
    """A channels file with these entries, read."""
    path = folder / "channels.toml"
    path.write_text(head + "".join(f"[[channel]]\n{entry}\n" for entry in entries), encoding="utf-8")
    return read_channels(path, folder)


def mail(port: int, name: str = "mail", more: str = "") -> str:
    """The entry of a mail channel."""
    where = f'host = "127.0.0.1"\nport = {port}\nsecurity = "none"\ntimeout = 5\n'
    return f'name = "{name}"\nkind = "smtp"\nsender = "office@example.cn"\n{where}{more}'


OUTBOX = 'name = "outbox"\nkind = "file"'


def room(engine: Engine, home: Path, found: Channels, plan: Plan | None = None, portal: str = "") -> Mailroom:
    """A mailroom over a store."""
    plan = plan or cast.small_plan()
    desk = Desk(plan, plan_sha256(plan), cast.calendar(), portal, found.templates, (home,))
    return Mailroom(engine, plan, found, desk, home, b"k" * 32)


def contact(
    engine: Engine, *addresses: tuple[str, str], name: str = cast.LI_MING, unit: str = cast.TOWN, **more: Any
) -> int:
    """Somebody with addresses, the first tried first."""
    with writing(engine) as session:
        basics: dict[str, Any] = {"plan_id": "small", "unit": unit, "post": Post.LIAISON, "name": name}
        row = ContactRow(**basics | {"made_at": AT, "made_by": cast.ZHAO_QIANG} | more)
        session.add(row)
        session.flush()
        assert row.id is not None
        for rank, (channel, address) in enumerate(addresses):
            session.add(ContactAddressRow(contact_id=row.id, channel=channel, address=address, rank=rank))
        return row.id


def liaison_account(engine: Engine, *more: Grant, name: str = cast.LI_MING) -> int:
    """李明's account, by which 东山镇 hands in."""
    with writing(engine) as session:
        grants = [Grant(Role.LIAISON, cast.TOWN), *more]
        plan, by = cast.small_plan(), cast.ZHAO_QIANG
        return accounts.add(session, plan, login="liming", name=name, grants=grants, by=by, at=AT).id


def item(session: Session, key: str, rung: str = "due-soon") -> ToldOf:
    """An item as a message tells of it."""
    row = session.scalars(select(WorkItemRow).where(col(WorkItemRow.key) == key)).one()
    assert row.id is not None
    return row.id, row.due, rung


def owe(engine: Engine, to: int, channel: str, keys: Sequence[str] = (cast.VISIT_Q1,), **how: Any) -> int:
    """A message of the ladder that is owed."""
    with writing(engine) as session:
        wanted: dict[str, Any] = {
            "kind": MessageKind.LADDER,
            "subject": "",
            "contact": to,
            "channel": channel,
            "day": AT.date(),
            "next_at": AT,
            "content": {},
            "items": [item(session, key) for key in keys],
            "by": "系统",
            "at": AT,
        }
        number = enqueue(session, cast.small_plan(), **(wanted | how))
    assert number is not None
    return number


def hand_in(engine: Engine, key: str = cast.VISIT_Q1, unit: str = cast.TOWN) -> None:
    """A unit hands in for an item."""
    with writing(engine) as session:
        submit(session, cast.small_plan(), [cast.visits(key)], unit=unit, by=cast.LI_MING, at=AT, door="page")


def text(mail: EmailMessage) -> str:
    """What a mail says in plain text."""
    body = mail.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def markup(mail: EmailMessage) -> str:
    """What a mail says in HTML."""
    body = mail.get_body(("html",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def message(engine: Engine, number: int) -> MessageRow:
    """A message as it stands."""
    with reading(engine) as session:
        return session.get_one(MessageRow, number)


def state(engine: Engine, number: int) -> MessageState:
    """How far a message has come."""
    return MessageState(message(engine, number).state)


def story(engine: Engine, number: int) -> list[str]:
    """The states that a message went through."""
    with reading(engine) as session:
        events = select(col(MessageEventRow.state)).where(col(MessageEventRow.message_id) == number)
        return list(session.scalars(events.order_by(col(MessageEventRow.id))))
