"""高原 as a contact of 县民政局, who may change their own addresses."""

from sqlalchemy import Engine

from domain.messages import Post
from models.engine import writing
from services import accounts, clock, contacts
from services.addresses import Address
from tests.linhe import linhe
from tests.portal.browser import NAMES


def contact_of(engine: Engine, login: str, unit: str = "civil") -> int:
    """The number of somebody's contact as liaison of a unit, who is put on the list where they are not yet."""
    with writing(engine) as session:
        own = accounts.find(session, login)
        assert own is not None
        if known := contacts.of_account(session, linhe(), own.id):
            return known[0].number
        made = contacts.add(
            session,
            linhe(),
            unit=unit,
            post=Post.LIAISON,
            name=f"{NAMES[login]}本人",
            addresses=[Address("outbox", login)],
            login=login,
            by="周岚",
            at=clock.now(),
        )
    return made.number
