"""The API's description of itself (OpenAPI 3.1)."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from portal.api.problems import FaultShape, ProblemShape

REF = "#/components/schemas/{model}"
_GUESSES = ("HTTPValidationError", "ValidationError")


def describe(api: FastAPI, under: str) -> dict[str, Any]:
    """The description, with the shape of problems beside what FastAPI finds.

    Args:
        api: the application whose operations are described.
        under: the path under which it is reached.
    """
    found = get_openapi(
        title="关爱平台接口",
        version="1",
        description="供其他系统代一个单位查看和报送。时间带时区（ISO 8601），日期如 2025-12-01，数值为十进制字符串；"
        "出错时应答 application/problem+json（RFC 9457），问题编号的含义固定不变。"
        "请勿送来任何能够识别儿童身份的信息。",
        routes=api.routes,
        servers=[{"url": under}],
    )
    schemas = found["components"]["schemas"]
    _without_guesses(found["paths"], schemas)
    for shape in (ProblemShape, FaultShape):
        schema = shape.model_json_schema(ref_template=REF)
        schema.pop("$defs", None)
        schemas[shape.__name__] = schema
    return found


def _without_guesses(paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Take out the 422 that FastAPI guesses: what is wrong in a path is answered with 404, as any address without use."""
    for guess in _GUESSES:
        schemas.pop(guess, None)
    for operation in (one for methods in paths.values() for one in methods.values()):
        content = operation["responses"].get("422", {}).get("content", {})
        if "application/json" in content:
            del operation["responses"]["422"]
