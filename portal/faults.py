"""What goes wrong, as a page that says what to do."""

import logging
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from domain.problems import Problem, ProblemKind
from portal.guard import ALWAYS
from portal.pages import show
from portal.visitor import NotAllowed, NotSignedIn

_log = logging.getLogger("guanai.portal")

STATUS = {
    ProblemKind.UNKNOWN_UNIT: 404,
    ProblemKind.ITEM_UNKNOWN: 404,
    ProblemKind.ITEM_NOT_YOURS: 404,
    ProblemKind.ACCOUNT_UNKNOWN: 404,
    ProblemKind.REPORT_UNKNOWN: 404,
    ProblemKind.WORD_ABSENT: 404,
    ProblemKind.TOKEN_UNKNOWN: 404,
    ProblemKind.RECEIPT_UNKNOWN: 404,
    ProblemKind.ATTACHMENT_UNKNOWN: 404,
    ProblemKind.MESSAGE_UNKNOWN: 404,
    ProblemKind.CONTACT_UNKNOWN: 404,
    ProblemKind.STORE_UNREACHABLE: 503,
    ProblemKind.PLAN_NOT_IN_FORCE: 503,
    ProblemKind.FORM_STALE: 403,
    ProblemKind.SIGN_IN_REFUSED: 401,
    ProblemKind.ACCOUNT_LOCKED: 429,
    ProblemKind.TOO_MANY_TRIES: 429,
}
"""HTTP statuses of problems; every other one is 422: understood, and refused as it is."""

_WORDS = {
    403: ("您的账号不能使用这个页面", "如工作需要，请联系系统管理员调整角色。"),
    404: ("没有这个页面", "地址可能不完整，或内容已不在；请从首页重新进入。"),
    405: ("不能这样打开这个页面", "请从首页重新进入。"),
    413: ("发送的内容太大", "请缩小文件或分几次上传。"),
    422: ("提交的内容不完整", "请返回上一页，检查后重新提交。"),
    500: ("平台出了差错", "您刚才的内容可能没有保存。请稍后再试；仍不行的，请把时间告诉系统管理员。"),
}


def register(app: FastAPI) -> None:
    """Have the app answer everything that goes wrong with a page of ours."""
    app.add_exception_handler(NotSignedIn, _sign_in_first)
    app.add_exception_handler(NotAllowed, _not_allowed)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _incomplete)
    app.add_exception_handler(Exception, _fault)


def status_of(problem: Problem) -> int:
    """The HTTP status of a problem."""
    return STATUS.get(problem.kind, 422)


def _sign_in_first(request: Request, _error: Exception) -> Response:
    """To the sign-in page, and from there back to where somebody wanted to go."""
    if request.method != "GET":
        return _page(request, 401, "您还没有登录，或登录已超时", "请在新窗口中登录，再回到本页重新提交。")
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(wanted)}", status_code=303)


def _not_allowed(request: Request, _error: Exception) -> Response:
    return _page(request, 403, *_WORDS[403])


def _problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        raise error
    title = f"{error.title.rstrip('。')}"
    return _page(request, status_of(error), title, error.mend, error.kind.number)


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _page(request, status, *_WORDS.get(status, _WORDS[500 if status >= 500 else 422]))


def _incomplete(request: Request, _error: Exception) -> Response:
    status = 404 if request.method == "GET" else 422
    return _page(request, status, *_WORDS[status])


def _fault(request: Request, error: Exception) -> Response:
    _log.error("%s %s", request.method, request.url.path, exc_info=error)
    answer = _page(request, 500, *_WORDS[500])
    answer.headers.update(ALWAYS)  # this answer is given outside of every other layer
    return answer


def _page(request: Request, status: int, title: str, mend: str, number: int | None = None) -> Response:
    return show(request, "fault.html", status, title=title, mend=mend, number=number)
