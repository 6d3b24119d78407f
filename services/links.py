"""Addresses that are handed out, and the link by which the first administrator comes in."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from domain.people import Grant, Role
from models.engine import writing
from services import accounts
from services.sign_in import make_link

FIRST_LOGIN, FIRST_NAME = "admin", "系统管理员"
"""The account of the first start."""
FIRST_LASTS = timedelta(hours=24)


def link_address(portal: str, token: str) -> str:
    """The address of a sign-in link on the portal at ``portal``."""
    return f"{portal.rstrip('/')}/enter/{token}"


def first_administrator(engine: Engine, key: bytes, *, by: str, at: datetime) -> str | None:
    """A token for the link of the first administrator, until one has set a password; None from then on."""
    with writing(engine) as session:
        if accounts.has_administrator(session):
            return None
        grants = [Grant(Role.ADMINISTRATOR)]
        account = accounts.find(session, FIRST_LOGIN) or accounts.add(
            session, None, login=FIRST_LOGIN, name=FIRST_NAME, grants=grants, by=by, at=at
        )
        return make_link(session, key, account.id, by=by, at=at, lasts=FIRST_LASTS)
