"""What pydantic finds wrong with a plan, in plain Chinese."""

from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from domain.cadence import CADENCE_NAMES
from domain.plan import Plan
from domain.plan_check import Finding, nearest
from services.plan_files import Loc, Value

_BAD_DATE = ("日期{found}无效。", "请写成“年-月-日”，如 2025-06-30，并核对当月有无此日。")
_BAD_TIME = ("时刻{found}无效。", "请写成“时:分”，如 08:30。")
_WORDS = {
    "string_type": ("应为文字，实为{found}。", "纯数字或日期作文字用时请加引号。"),
    "int_type": ("应为整数，实为{found}。", "请改成整数。"),
    "int_parsing": ("应为整数，实为{found}。", "请改成整数。"),
    "int_from_float": ("应为整数，实为{found}。", "请改成整数。"),
    "decimal_type": ("应为数字，实为{found}。", "请改成数字。"),
    "decimal_parsing": ("应为数字，实为{found}。", "请改成数字。"),
    "bool_type": ("应为 true 或 false，实为{found}。", "请改成 true 或 false。"),
    "bool_parsing": ("应为 true 或 false，实为{found}。", "请改成 true 或 false。"),
    "date_type": ("应为日期，实为{found}。", "请写成“年-月-日”，如 2025-06-30。"),
    "date_parsing": _BAD_DATE,
    "date_from_datetime_parsing": _BAD_DATE,
    "date_from_datetime_inexact": _BAD_DATE,
    "time_type": _BAD_TIME,
    "time_parsing": _BAD_TIME,
    "tuple_type": ("应为列表，实为{found}。", "请写成“- 项目”的列表或 [甲, 乙]。"),
    "model_type": ("应为“键: 值”，实为{found}。", "请检查缩进与冒号。"),
    "model_attributes_type": ("应为“键: 值”，实为{found}。", "请检查缩进与冒号。"),
    "too_short": ("不能为空。", "请至少写一项。"),
    "string_too_long": ("过长。", "请缩短到 {max_length} 个字符以内。"),
    "greater_than": ("应大于 {gt}，实为{found}。", "请改正数值。"),
    "greater_than_equal": ("不得小于 {ge}，实为{found}。", "请改正数值。"),
    "decimal_max_places": ("小数位数不得超过 {decimal_places}，实为{found}。", "请改正数值。"),
    "less_than_equal": ("不得大于 {le}，实为{found}。", "请改正数值。"),
    "string_pattern_mismatch": (
        "{found}的写法不合要求。",
        "编号只用小写字母、数字和连字符；条款写成“四（三）8”或“四（三）8#2”。",
    ),
    "value_error": ("{error}。", "请改正。"),
    "union_tag_not_found": ("缺少 every（周期）。", f"请写明 every，可选：{'、'.join(CADENCE_NAMES)}。"),
}


def in_chinese(error: ValidationError, data: dict[str, Value]) -> list[Finding]:
    """Each of pydantic's errors as a finding about the plan's data, in the order found."""
    return [_finding(detail, data) for detail in error.errors()]


def _finding(detail: ErrorDetails, data: dict[str, Value]) -> Finding:
    kind, loc = detail["type"], detail["loc"]
    key = str(loc[-1]) if loc else ""
    if kind == "missing":
        inside = _in_data(loc[:-1], data)
        return Finding((*inside, key), f"缺少“{key}”。", f"请补上“{key}: …”。")
    place = _in_data(loc, data)
    if kind == "extra_forbidden":
        known = _keys_at(loc[:-1])
        mend = nearest(key, known) or f"可用的键：{'、'.join(known)}。"
        return Finding(place, f"没有名为“{key}”的键。", mend)
    if kind in ("enum", "literal_error", "union_tag_invalid"):
        return _choice(detail, place)
    message, mend = _WORDS.get(kind, ("内容{found}无效。", "请对照 plans/ 中的随附方案改正。"))
    values = {"found": _shown(detail["input"]), **detail.get("ctx", {})}
    return Finding(place, message.format(**values), mend.format(**values))


def _choice(detail: ErrorDetails, place: Loc) -> Finding:
    """A word that is none of those allowed."""
    context = detail.get("ctx", {})
    allowed = str(context.get("expected") or context.get("expected_tags"))
    words = [word.strip(" '") for word in allowed.replace(" or ", ",").split(",")]
    found = str(context.get("tag", detail["input"]))
    at = (*place, "every") if detail["type"] == "union_tag_invalid" else place
    mend = f"{nearest(found, words)}可选：{'、'.join(words)}。"
    return Finding(at, f"“{found}”不在可选范围内。", mend)


def _shown(value: object) -> str:
    if value is None:
        return "空"
    if isinstance(value, dict):
        return "一组“键: 值”"
    if isinstance(value, list):
        return "列表"
    text = str(value)
    return f"“{text[:30]}…”" if len(text) > 30 else f"“{text}”"


def _in_data(loc: Loc, data: Value) -> Loc:
    """Pydantic's place without the tags that it adds for alternatives."""
    kept: list[str | int] = []
    for part in loc:
        if isinstance(data, dict) and part in data:
            data = data[str(part)]
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            continue
        kept.append(part)
    return tuple(kept)


def _keys_at(loc: Loc) -> list[str]:
    """The keys that the plan knows at a place as pydantic tells it."""
    models: list[type[BaseModel]] = [Plan]
    for part in loc:
        if isinstance(part, int):
            continue
        fields = [model.model_fields[part].annotation for model in models if part in model.model_fields]
        models = [m for f in fields for m in _models(f)] or [m for m in models if part in _tags(m)]
    return [key for model in models for key in model.model_fields]


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models inside a type such as ``tuple[Duty, ...]`` or ``Once | Yearly``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (tuple, Union, UnionType, Annotated):
        return [model for inner in get_args(annotation) for model in _models(inner)]
    return []


def _tags(model: type[BaseModel]) -> tuple[object, ...]:
    """The values of ``every`` by which a cadence is told from the others."""
    every = model.model_fields.get("every")
    if every is None or get_origin(every.annotation) is not Literal:
        return ()
    return get_args(every.annotation)
