"""The answers that every operation declares, for the OpenAPI."""

from collections.abc import Sequence
from typing import Any

from portal.api.problems import MEDIA_TYPE, ProblemShape

Responses = dict[int | str, dict[str, Any]]

_WORDS = {
    400: "请求的内容不是可读的 JSON 或表单",
    401: "没有可用的访问令牌",
    403: "令牌没有所需的权限",
    404: "没有这个地址，或其中的内容不归本单位",
    409: "事项未到起报日，或已审核通过且未准予更正",
    413: "请求的内容过大",
    422: "请求或报送的内容有误，逐处列在 faults 中",
    429: "请求过于频繁，请在 Retry-After 头所示的秒数之后再试",
    500: "平台出了差错",
    503: "方案尚未启用，或数据暂不可用",
}
_ALWAYS = (500, 503)
_WITH_TOKEN = (401, 403, 429)
_WITH_BODY = (400, 413, 422)


def problems(*more: int) -> Responses:
    """Problems of an operation that needs no token."""
    return _declared((*more, *_ALWAYS))


def token_problems(*more: int) -> Responses:
    """Problems of an operation that needs a token."""
    return _declared((*_WITH_TOKEN, *more, *_ALWAYS))


def body_problems(*more: int) -> Responses:
    """Problems of an operation to which something is sent."""
    return token_problems(*_WITH_BODY, *more)


def _declared(statuses: Sequence[int]) -> Responses:
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemShape.__name__}"}}}
    return {status: {"description": _WORDS[status], "content": content} for status in sorted(statuses)}
