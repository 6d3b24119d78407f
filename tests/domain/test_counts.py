"""A raw count cannot become readable; a released figure reads as an officer expects."""

import copy
import json
import math
import pickle
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticSerializationError

from domain.counts import (
    RELEASED,
    Missing,
    RawCount,
    RawCountLeakError,
    Released,
    Shown,
    Withheld,
    WithheldReason,
)


class Holder(BaseModel):
    """A model that holds a raw count, as those inside the office do."""

    count: RawCount


class Row(BaseModel):
    """What a template gets."""

    figure: Released


LEAKS: dict[str, Callable[[Any], object]] = {
    "str": str,
    "repr": repr,
    "f-string": lambda c: f"{c}",
    "format with a width": lambda c: f"{c:>5}",
    "percent formatting": lambda c: "%s" % c,  # noqa: UP031 - the old formatting is what is tried
    "int": int,
    "float": float,
    "truth": bool,
    "equality": lambda c: c == 3,
    "order": lambda c: c < 10,
    "sum": lambda c: c + 1,
    "sum from the right": lambda c: sum([c]),
    "product": lambda c: 2 * c,
    "rounding": round,
    "floor": math.floor,
    "absolute value": abs,
    "index": lambda c: "x" * c,
    "markup": lambda c: c.__html__(),
    "json": lambda c: json.dumps(c, default=str),
    "pickle": pickle.dumps,
    "copy": copy.deepcopy,
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS.keys())
def test_a_raw_count_refuses_to_become_readable(leak: Callable[[Any], object]) -> None:
    with pytest.raises(RawCountLeakError, match="小数保护"):
        leak(RawCount(3))


@pytest.mark.parametrize(
    "source",
    [
        "{{ c }}",
        "{{ c|string }}",
        "{{ c|int }}",
        "{{ '%s'|format(c) }}",
        "{{ c|tojson }}",
        "{% if c == 3 %}x{% endif %}",
        "{% if c %}x{% endif %}",
        "{{ [c]|sum }}",
        "{{ c|pprint }}",
        "{{ c ~ '人' }}",
    ],
)
@pytest.mark.parametrize("autoescape", [True, False])
def test_a_template_that_is_handed_a_raw_count_stops(source: str, *, autoescape: bool) -> None:
    template = Environment(autoescape=autoescape).from_string(source)  # noqa: S701 - text, no page
    with pytest.raises((RawCountLeakError, TypeError)):  # json knows no such type
        template.render(c=RawCount(3))


def test_a_sandboxed_template_may_not_reveal_a_raw_count() -> None:
    template = SandboxedEnvironment().from_string("{{ c.reveal_inside_office() }}")
    with pytest.raises(RawCountLeakError):  # its message would print the count
        template.render(c=RawCount(3))


def test_a_model_with_a_raw_count_cannot_be_written_out() -> None:
    holder = Holder(count=RawCount(3))
    with pytest.raises(PydanticSerializationError, match="小数保护"):
        holder.model_dump_json()
    with pytest.raises(PydanticSerializationError, match="小数保护"):
        holder.model_dump()
    with pytest.raises(RawCountLeakError):
        repr(holder)


def test_a_model_takes_no_bare_number_for_a_raw_count() -> None:
    with pytest.raises(ValidationError):
        Holder.model_validate({"count": 3})


def test_the_office_reads_a_raw_count_by_asking_for_it() -> None:
    assert RawCount(3).reveal_inside_office() == Decimal(3)
    assert RawCount(Decimal("14.69")).reveal_inside_office() == Decimal("14.69")


def test_the_error_does_not_repeat_the_figure() -> None:
    with pytest.raises(RawCountLeakError) as caught:
        str(RawCount(7531))
    assert "7531" not in str(caught.value)


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_no_number_is_no_count(value: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        RawCount(Decimal(value))


@pytest.mark.parametrize(
    ("figure", "unit", "text"),
    [
        (Shown.of(1280), "人", "1280人"),
        (Shown.of(0), "人", "0人"),
        (Shown.of(Decimal("98.0")), "%", "98.0%"),
        (Shown.of(Decimal("1E+3")), "", "1000"),
        (Shown.of(Decimal("-0.0")), "", "0.0"),
        (Shown.of(-12), "人", "-12人"),
        (Withheld(), "人", "＊"),
        (Withheld(reason=WithheldReason.INTERNAL), "件", "＊"),
        (Missing(), "人", "—"),
    ],
)
def test_released_figures_read_as_in_an_official_table(
    figure: Shown | Withheld | Missing, unit: str, text: str
) -> None:
    assert figure.text(unit) == text


def test_missing_is_not_zero() -> None:
    missing, zero = RELEASED.dump_python(Missing()), RELEASED.dump_python(Shown.of(0))
    assert missing != zero
    assert Missing().text() != Shown.of(0).text()


def test_a_withheld_figure_does_not_say_whether_it_is_the_small_one() -> None:
    assert [reason.value for reason in WithheldReason] == ["protected", "internal"]
    assert Withheld().reason.explanation == "为保护儿童个人信息，不予公布"
    assert WithheldReason.INTERNAL.explanation == "该项仅供内部掌握，不予公布"


@given(
    st.one_of(
        st.decimals(allow_nan=False, allow_infinity=False, places=2).map(Shown.of),
        st.sampled_from(WithheldReason).map(lambda reason: Withheld(reason=reason)),
        st.text(max_size=20).map(lambda reason: Missing(reason=reason)),
    )
)
def test_a_released_figure_reads_itself_back_from_json(figure: Shown | Withheld | Missing) -> None:
    row = Row(figure=figure)
    assert Row.model_validate_json(row.model_dump_json()) == row
    assert RELEASED.validate_json(RELEASED.dump_json(figure)) == figure


def test_equal_figures_give_equal_bytes() -> None:
    assert Shown.of(Decimal("1E+3")).model_dump_json() == Shown.of(1000).model_dump_json()


def test_a_released_figure_cannot_be_changed() -> None:
    figure = Shown.of(12)
    with pytest.raises(ValidationError, match="frozen"):
        figure.value = Decimal(3)  # type: ignore[misc] # refusing this is what is tested
