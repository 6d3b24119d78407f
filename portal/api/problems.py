"""What goes wrong, as RFC 9457 has it (application/problem+json), with the numbers of :mod:`domain.problems`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from domain.privacy import find
from domain.problems import Problem, ProblemKind
from portal.faults import STATUS

MEDIA_TYPE = "application/problem+json"
TYPES = "/api/v1/problems/"
"""Where a kind of problem is described, by its number; the ``type`` of a problem leads there."""

_STATUS = STATUS | {
    ProblemKind.ATTACHMENT_UNKNOWN: 422,  # here it is part of what is sent, and no address
    ProblemKind.ITEM_NOT_OPEN: 409,
    ProblemKind.ITEM_CLOSED: 409,
    ProblemKind.REPORT_ALTERED: 503,
    ProblemKind.REPORT_GONE: 503,
    ProblemKind.TOKEN_REFUSED: 401,
    ProblemKind.SCOPE_MISSING: 403,
    ProblemKind.NOT_THERE: 404,
    ProblemKind.METHOD_WRONG: 405,
    ProblemKind.BODY_TOO_LARGE: 413,
    ProblemKind.BODY_UNREADABLE: 400,
    ProblemKind.SERVICE_FAULT: 500,
}
"""Statuses of problems as the API tells them; every other one is 422."""


class FaultShape(BaseModel):
    """One thing wrong with a request, and where."""

    number: int = Field(description="问题编号")
    title: str = Field(description="问题")
    detail: str = Field(description="如何处理")
    pointer: str | None = Field(
        default=None,
        description="请求内容中的位置（JSON Pointer，RFC 6901）；空字符串为整个内容",
        examples=["/figures/0/value"],
    )
    parameter: str | None = Field(default=None, description="有误的查询参数或请求头")


class ProblemShape(BaseModel):
    """A problem as RFC 9457 has it."""

    type: str = Field(description="问题种类的地址", examples=["/api/v1/problems/412"])
    title: str = Field(description="问题")
    status: int = Field(description="HTTP 状态码")
    detail: str = Field(description="如何处理")
    instance: str | None = Field(default=None, description="出问题的地址")
    number: int = Field(description="问题编号，含义固定不变")
    faults: list[FaultShape] = Field(default=[], description="逐处列出的问题")


@dataclass(frozen=True)
class Told:
    """One thing wrong with a request: a place in its body as JSON pointer, or the name of a parameter."""

    problem: Problem
    pointer: str | None = None
    parameter: str | None = None


class Faulty(Exception):  # noqa: N818 - a verdict on a request, not an error of the program
    """A request is refused for what stands in it.

    Args:
        faults: everything wrong with it.
        whole: how to call that together where it is not all of one kind.
    """

    def __init__(self, faults: Sequence[Told], whole: Problem | None = None) -> None:
        self.faults = tuple(faults)
        kinds = {fault.problem.kind for fault in faults}
        self.problem = faults[0].problem if whole is None or len(kinds) == 1 else whole
        super().__init__(str(self.problem))


def status_of(kind: ProblemKind) -> int:
    """The HTTP status with which the API tells a problem."""
    return _STATUS.get(kind, 422)


def problem_answer(
    request: Request, problem: Problem, faults: Sequence[Told] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """A problem as answer; nothing of what was sent is repeated in it."""
    status, path = status_of(problem.kind), str(request.scope["path"])
    shape = ProblemShape(
        type=f"{TYPES}{problem.kind.number}",
        title=problem.title,
        status=status,
        detail=problem.mend,
        instance=None if find(path) else quote(path)[:400],
        number=problem.kind.number,
        faults=[_fault(fault) for fault in faults],
    )
    body = shape.model_dump_json(exclude_none=True)
    return Response(body, status, {**_headers(problem), **(headers or {})}, MEDIA_TYPE)


def _fault(told: Told) -> FaultShape:
    return FaultShape(
        number=told.problem.kind.number,
        title=told.problem.title,
        detail=told.problem.mend,
        pointer=told.pointer,
        parameter=told.parameter,
    )


def _headers(problem: Problem) -> dict[str, str]:
    """What HTTP wants said beside some refusals (RFC 6750, RFC 9110)."""
    match problem.kind:
        case ProblemKind.TOKEN_REFUSED:
            return {"WWW-Authenticate": "Bearer"}
        case ProblemKind.SCOPE_MISSING:
            return {
                "WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{problem.details["scope"]}"'
            }
        case ProblemKind.TOO_MANY_TRIES:
            return {"Retry-After": str(problem.details["seconds"])}
    return {}
