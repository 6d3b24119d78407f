"""The description of the API as a page of ours, drawn from its OpenAPI; it asks no outside host for anything."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from domain.tokens import SCOPE_NAMES
from portal.api.app import UNDER, VERSION, Api
from portal.pages import show

router = APIRouter()

Json = Mapping[str, Any]
_TYPES = {"string": "文字", "integer": "整数", "boolean": "true 或 false", "array": "列表", "object": "对象"}
_FORMATS = {"date": "日期", "date-time": "时间"}
_PLACES = {"path": "地址", "query": "查询", "header": "请求头"}


@dataclass(frozen=True)
class Field:
    """A parameter, or a member of what is sent or answered; ``name`` tells where it stands: ``passages[].text``."""

    name: str
    kind: str
    required: bool
    words: str


@dataclass(frozen=True)
class Operation:
    """What can be asked of one address."""

    id: str
    method: str
    path: str
    title: str
    words: str
    open: bool
    parameters: tuple[Field, ...]
    sent: tuple[Field, ...]
    answered: tuple[Field, ...]
    statuses: tuple[tuple[str, str], ...]


@router.get("/api/v1/docs", response_class=HTMLResponse)
def docs_page(request: Request) -> HTMLResponse:
    """Every operation, in Chinese; open to everybody, as there is nothing of any unit in it."""
    api: Api = request.app.state.api
    found = tuple(operations(api.described))
    return show(
        request,
        "api.html",
        operations=found,
        scope_names=SCOPE_NAMES,
        openapi=f"{UNDER}{VERSION}/openapi.json",
        words=api.described["info"]["description"],
    )


def operations(description: Json) -> Iterator[Operation]:
    """The operations of an OpenAPI description, in its order."""
    under, schemas = description["servers"][0]["url"], description["components"]["schemas"]
    for path, methods in description["paths"].items():
        for method, one in methods.items():
            yield Operation(
                id=one["operationId"],
                method=method.upper(),
                path=under + path,
                title=one["summary"],
                words=one["description"],
                open="security" not in one,
                parameters=tuple(_parameter(p) for p in one.get("parameters", ())),
                sent=_content(one.get("requestBody", {}), schemas),
                answered=_content(next(iter(one["responses"].values())), schemas),
                statuses=tuple(
                    (status, told["description"]) for status, told in sorted(one["responses"].items())
                ),
            )


def _parameter(parameter: Json) -> Field:
    words = f"（{_PLACES[parameter['in']]}）{parameter.get('description', '')}"
    return Field(parameter["name"], _kind(parameter["schema"], {}), parameter["required"], words)


def _content(holder: Json, schemas: Json) -> tuple[Field, ...]:
    content = holder.get("content", {})
    shape = content.get("application/json") or content.get("multipart/form-data") or {}
    return tuple(_members(shape.get("schema", {}), schemas, ""))


def _members(schema: Json, schemas: Json, before: str) -> Iterator[Field]:
    """Every member of a shape, and of shapes within it."""
    schema = _meant(schema, schemas)
    if "items" in schema:
        yield from _members(schema["items"], schemas, f"{before}[]" if before else before)
        return
    for name, member in schema.get("properties", {}).items():
        place = f"{before}.{name}" if before else name
        required = name in schema.get("required", ())
        yield Field(place, _kind(member, schemas), required, member.get("description", ""))
        yield from _members(member, schemas, place)


def _meant(schema: Json, schemas: Json) -> Json:
    """The schema itself where another is only named, or where null is the alternative."""
    if "anyOf" in schema:
        return _meant(next(one for one in schema["anyOf"] if one.get("type") != "null"), schemas)
    if "$ref" in schema:
        found: Json = schemas.get(schema["$ref"].rsplit("/", 1)[-1], {})
        return found
    return schema


def _kind(schema: Json, schemas: Json) -> str:
    """What kind of value it is, in words."""
    meant = _meant(schema, schemas)
    nullable = "，或 null" if any(one.get("type") == "null" for one in schema.get("anyOf", ())) else ""
    if "contentMediaType" in meant:
        return "文件（multipart/form-data）"
    if "enum" in meant:
        return " | ".join(meant["enum"]) + nullable
    return _FORMATS.get(meant.get("format", ""), _TYPES.get(meant.get("type", ""), "")) + nullable
