"""People of the small plan who can be told, as the store holds them."""

from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import col

from domain.messages import Post
from models.engine import reading, writing
from models.messages import ContactAddressRow, ContactRow, MessageItemRow, MessageRow
from tests import cast

AT = cast.moment("2025-01-06 09:00")
MADE: dict[str, Any] = {"plan_id": "small", "made_at": AT, "made_by": cast.ZHAO_QIANG}


def add_contact(engine: Engine, unit: str, post: Post, name: str, *channels: str, active: bool = True) -> int:
    """Somebody with an address for each channel, the first one tried first."""
    with writing(engine) as session:
        row = ContactRow(unit=unit, post=post.value, name=name, active=active, **MADE)
        session.add(row)
        session.flush()
        number = row.id or 0
        session.add_all(
            ContactAddressRow(contact_id=number, channel=channel, address=f"{channel}@example.org", rank=rank)
            for rank, channel in enumerate(channels)
        )
    return number


def messages(engine: Engine) -> list[tuple[int, str, str, tuple[str, ...]]]:
    """Of every message: the contact, the channel, its kind, and the rungs on which it tells."""
    with reading(engine) as session:
        items = session.execute(
            select(col(MessageItemRow.message_id), col(MessageItemRow.rung)).order_by(col(MessageItemRow.id))
        ).all()
        return [
            (row.contact_id, row.channel, row.kind, tuple(rung for one, rung in items if one == row.id))
            for row in session.scalars(select(MessageRow).order_by(col(MessageRow.id)))
        ]


def content(engine: Engine) -> list[str]:
    """What the messages say."""
    with reading(engine) as session:
        return [one or "" for one in session.scalars(select(col(MessageRow.content)))]
