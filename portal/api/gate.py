"""Who sends a request: a token in the Authorization header and nothing else; no cookie lets anybody in here."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from domain.problems import Problem, ProblemKind
from domain.tokens import Scope, Token
from models.engine import reading, writing
from portal.desk import Desk, TheDesk
from services import clock, tokens
from services.tries import API

_bearer = HTTPBearer(
    scheme_name="token",
    description="系统管理员为一个单位生成的访问令牌，随每个请求放在 Authorization 头中。",
    auto_error=False,
)
Given = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def holds(scope: Scope) -> Callable[[Request, Desk, HTTPAuthorizationCredentials | None], Token]:
    """A dependency that gives the token of a request, which must have a scope."""

    def token(request: Request, desk: TheDesk, given: Given) -> Token:
        found = _found(request, desk, given.credentials if given else "")
        if scope not in found.scopes:
            raise Problem(ProblemKind.SCOPE_MISSING, scope=scope.value)
        return found

    return token


Reader = Annotated[Token, Depends(holds(Scope.ITEMS_READ))]
Sender = Annotated[Token, Depends(holds(Scope.ITEMS_SUBMIT))]
ReportReader = Annotated[Token, Depends(holds(Scope.REPORTS_READ))]


def _found(request: Request, desk: Desk, secret: str) -> Token:
    at = clock.now()
    try:
        with reading(desk.engine) as session:
            found = tokens.find(session, secret, at=at)
    except Problem:
        desk.tries.count(API, "refused", request.client.host if request.client else "")
        raise
    desk.tries.count(API, "token", str(found.id))
    if found.used_at is None or at - found.used_at >= tokens.SEEN_EVERY:
        with writing(desk.engine, lasting=False) as session:
            tokens.seen(session, found, at=at)
    return found
