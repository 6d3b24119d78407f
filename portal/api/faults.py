"""Every error under /api becomes a problem: what is wrong with a request, where, and in which words."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from domain.entries import Refused
from domain.entry_check import shown
from domain.problems import Problem, ProblemKind
from portal.api.given import GivenSubmission
from portal.api.problems import Faulty, Told, problem_answer
from services.attachments import MOST_BYTES as MOST_FILE

MOST_BYTES = 1024 * 1024
"""What one request may send: the longest report of a unit several times over."""
_FILES, _AROUND = "/attachments", 64 * 1024
"""How addresses end to which a file is sent, and what may come around it."""

_log = logging.getLogger("guanai.portal.api")

_WORDS = {
    "missing": "缺失",
    "extra_forbidden": "不在约定的内容之内",
    "string_type": "应为文字",
    "string_too_long": "过长",
    "string_too_short": "为空",
    "string_pattern_mismatch": "写法不合要求",
    "string_unicode": "含有无效的字符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "greater_than_equal": "超出范围",
    "less_than_equal": "超出范围",
    "date_type": "应为日期（年-月-日）",
    "date_parsing": "应为日期（年-月-日）",
    "date_from_datetime_parsing": "应为日期（年-月-日）",
    "date_from_datetime_inexact": "应为日期（年-月-日）",
    "enum": "不是可用的值",
    "list_type": "应为列表",
    "too_long": "项数过多",
    "model_attributes_type": "应为 JSON 对象（Content-Type: application/json）",
}
"""What pydantic calls a fault, in words; what was sent is not repeated."""


def most_of(scope: Scope) -> int:
    """What a request to an address may send."""
    return MOST_FILE + _AROUND if scope["path"].endswith(_FILES) else MOST_BYTES


def register(api: FastAPI) -> None:
    """Have the API answer everything that goes wrong with a problem."""
    api.add_exception_handler(Problem, _problem)
    api.add_exception_handler(Faulty, _faulty)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _fault)


async def too_large(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers where too much is announced."""
    problem = Problem(ProblemKind.BODY_TOO_LARGE, limit=most_of(scope) // 1024)
    answer = problem_answer(Request(scope), problem, headers={"Connection": "close"})
    await answer(scope, receive, send)


def not_taken(given: GivenSubmission, key: str, refused: Refused) -> Exception:
    """What is raised for a submission that was refused, with the places where it is wrong."""
    faults = [
        Told(fault.problem, pointer=_pointer(given, fault.field, fault.problem)) for fault in refused.faults
    ]
    hidden = {ProblemKind.ITEM_UNKNOWN, ProblemKind.ITEM_NOT_YOURS}
    if any(fault.problem.kind in hidden for fault in faults):
        return Problem(ProblemKind.ITEM_UNKNOWN, key=shown(key))  # another unit's is as one that is not there
    return Faulty(faults, Problem(ProblemKind.ENTRY_REFUSED, key=shown(key), count=len(faults)))


def _pointer(given: GivenSubmission, field: str | None, problem: Problem) -> str:
    if field is None:
        return "/by" if problem.kind is ProblemKind.PERSON_MISSING else ""
    part, _, name = field.partition(":")
    if part == "passage":
        return _place("passages", [passage.slot for passage in given.passages], name, "text")
    if part in ("figure", "remark"):
        member = "value" if part == "figure" else "remark"
        return _place("figures", [figure.indicator for figure in given.figures], name, member)
    return f"/{part}"


def _place(part: str, names: Sequence[str], name: str, member: str) -> str:
    """The member of what bears the name; the whole list where nothing does."""
    return f"/{part}/{names.index(name)}/{member}" if name in names else f"/{part}"


def _problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        raise error
    return problem_answer(request, error)


def _faulty(request: Request, error: Exception) -> Response:
    if not isinstance(error, Faulty):
        raise error
    return problem_answer(request, error.problem, error.faults)


def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    if any(one["loc"][0] == "path" for one in found):
        return problem_answer(request, Problem(ProblemKind.NOT_THERE))
    if any(one["type"] == "json_invalid" for one in found):
        return problem_answer(request, Problem(ProblemKind.BODY_UNREADABLE))
    return _faulty(request, Faulty(list(_told(found))))


def _told(found: Sequence[Any]) -> Iterator[Told]:
    for one in found:
        where, *names = one["loc"]
        words = _WORDS.get(one["type"], "不合要求")
        path = "".join(f"/{_escaped(name)}" for name in names)
        if where == "body":
            place = f"“{path}”" if path else "内容"
            yield Told(Problem(ProblemKind.REQUEST_INVALID, place=place, fault=words), pointer=path)
        else:
            name = shown(str(names[0]))
            yield Told(Problem(ProblemKind.REQUEST_INVALID, place=f"“{name}”", fault=words), parameter=name)


def _escaped(name: object) -> str:
    """A part of a JSON pointer (RFC 6901); names that the sender chose are kept short, and out of it for a child's."""
    return shown(str(name)).replace("~", "~0").replace("/", "~1")


def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    problems = {
        400: Problem(ProblemKind.BODY_UNREADABLE),
        404: Problem(ProblemKind.NOT_THERE),
        405: Problem(ProblemKind.METHOD_WRONG, method=request.method),
        413: Problem(ProblemKind.BODY_TOO_LARGE, limit=most_of(request.scope) // 1024),
    }
    problem = problems.get(error.status_code, Problem(ProblemKind.SERVICE_FAULT))
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(sorted(_allowed(request)))
    return problem_answer(request, problem, headers=headers)


def _allowed(request: Request) -> set[str]:
    """Every method of the address; the router itself names those of one route only."""
    path = request.scope["path"].removeprefix(request.scope["root_path"])
    return {
        method
        for route in iter_route_contexts(request.app.routes)
        if compile_path(route.path or "")[0].match(path)
        for method in route.methods or ()
    }


def _fault(request: Request, error: Exception) -> Response:
    _log.error("%s under /api", request.method, exc_info=error)
    return problem_answer(request, Problem(ProblemKind.SERVICE_FAULT))
