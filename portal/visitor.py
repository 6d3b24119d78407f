"""Who is before the page: sessions in cookies, roles, and proof that a form is ours."""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.responses import Response

from domain.people import Account, Role
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from portal.desk import Desk, TheDesk
from services import clock, sign_in

COOKIE = "guanai"
CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf-token"
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_BYTES = 32


class NotSignedIn(Exception):  # noqa: N818 - the state of a visitor, answered with the way to the sign-in page
    """A page for people with accounts was asked for without one."""


class NotAllowed(Exception):  # noqa: N818 - likewise
    """A page was asked for by somebody whose roles do not reach it."""


@dataclass(frozen=True)
class Visitor:
    """Whoever sends a request.

    Attributes:
        account: theirs; None for somebody who is not signed in.
        token: what their cookie holds; a fresh one where there is none yet.
        csrf: what a form of ours has to bring along.
    """

    account: Account | None
    token: str
    csrf: str


def visitor(request: Request, desk: TheDesk) -> Visitor:
    """Who sends this request, found out once; a session in use is prolonged."""
    found: Visitor | None = getattr(request.state, "visitor", None)
    if found is None:
        found = _find(desk, request.cookies.get(COOKIE, ""))
        request.state.visitor = found
    return found


TheVisitor = Annotated[Visitor, Depends(visitor)]


def needs(*roles: Role) -> Callable[[Visitor], Awaitable[Account]]:
    """A dependency that gives the account of somebody in one of these roles; any role where none is named."""

    async def account(who: TheVisitor) -> Account:
        return _in_role(who, *roles)

    return account


Somebody = Annotated[Account, Depends(needs())]
OfficeAccount = Annotated[Account, Depends(needs(Role.OFFICE))]
LeaderAccount = Annotated[Account, Depends(needs(Role.LEADER, Role.OFFICE))]
Administrator = Annotated[Account, Depends(needs(Role.ADMINISTRATOR))]
Overseer = Annotated[Account, Depends(needs(Role.OFFICE, Role.ADMINISTRATOR))]


async def unit_account(unit: str, who: TheVisitor) -> Account:
    """The account of a liaison of the unit that the address names; anybody else's is as if it were not there."""
    account = _in_role(who, Role.LIAISON)
    if unit not in account.units:
        raise NotAllowed
    return account


UnitAccount = Annotated[Account, Depends(unit_account)]


async def form_is_ours(request: Request, who: TheVisitor) -> None:
    """Refuse what another site makes a browser send.

    Raises:
        Problem: 1010 for a request that changes something and does not come from a page of ours.
    """
    if request.method not in _UNSAFE:
        return
    given = request.headers.get(CSRF_HEADER, "")
    if not given and request.headers.get("content-type", "").startswith(
        ("multipart/form-data", "application/x-www-form-urlencoded")
    ):
        field = (await request.form()).get(CSRF_FIELD, "")
        given = field if isinstance(field, str) else ""
    if not (_same_site(request) and hmac.compare_digest(given.encode(), who.csrf.encode())):
        raise Problem(ProblemKind.FORM_STALE)


def remember(desk: Desk, response: Response, token: str) -> None:
    """Have the browser keep a token until it is closed, out of reach of scripts."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=desk.secure, path="/")


def forget(desk: Desk, response: Response) -> None:
    """Have the browser forget its token."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=desk.secure, path="/")


def _in_role(who: Visitor, *roles: Role) -> Account:
    if who.account is None:
        raise NotSignedIn
    if roles and not who.account.may(*roles):
        raise NotAllowed
    return who.account


def _find(desk: Desk, token: str) -> Visitor:
    at = clock.now()
    account = None
    if token:
        with reading(desk.engine) as session:
            found = sign_in.who(session, token, at=at)
        if found is not None:
            account, seen_at = found
            if at - seen_at >= sign_in.SEEN_EVERY:
                with writing(desk.engine, lasting=False) as session:
                    sign_in.seen(session, token, at=at)
    token = token or secrets.token_urlsafe(_BYTES)
    return Visitor(account, token, hmac.digest(desk.key, f"csrf {token}".encode(), "sha256").hex())


def _same_site(request: Request) -> bool:
    """What the browser itself says of where a request comes from; old browsers say nothing, and have the token."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
