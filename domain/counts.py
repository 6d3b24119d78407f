"""Figures before and after the decision whether they may leave the office.

A `RawCount` is what units reported or what was added up from it. It cannot be turned into text, a
number, HTML or JSON, so a template that is handed one stops instead of printing it. A `Released`
figure is what the rule on small counts (`domain.suppression`) let through: shown, withheld or
missing. Missing is not zero.
"""

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    TypeAdapter,
    field_validator,
)
from pydantic_core import core_schema

WITHHELD_MARK = "＊"
MISSING_MARK = "—"


class Sensitivity(StrEnum):
    """What a figure can tell about a single child (plan data, one per indicator)."""

    OPEN = "open"  # sessions, leaflets, posts: tells nothing about a child
    COUNT = "count"  # children: 1 to threshold - 1 is small
    SENSITIVE = "sensitive"  # children of a group whose absence tells as much: 0 is small too
    INTERNAL = "internal"  # never leaves the office, whatever its size


class RawCountLeakError(RuntimeError):
    """A raw count was about to become readable outside the rule on small counts.

    No TypeError: Jinja's `int` filter turns those into a 0, which would then be printed.
    """

    def __init__(self) -> None:
        super().__init__(
            "A raw count may not be printed, compared, converted or serialised; pass it through "
            "domain.suppression and use the released figure (原始数不得直接输出, 须先经小数保护)."
        )


def _refuse(*_: object) -> NoReturn:
    raise RawCountLeakError


class RawCount:
    """A figure that has not passed the rule on small counts.

    Everything by which a figure could slip into a text, a sum or a file raises
    `RawCountLeakError`, truth and equality included: a template that asks `{% if count == 1 %}`
    tells as much as one that prints it.
    """

    __slots__ = ("__value",)

    def __init__(self, value: Decimal | int) -> None:
        figure = Decimal(value)
        if not figure.is_finite():
            raise ValueError("A count is a finite number.")
        self.__value = figure

    def reveal_inside_office(self) -> Decimal:
        """Return the figure for arithmetic inside the office; never for a text or a page."""
        return self.__value

    # Jinja's sandbox refuses to call what carries this mark.
    reveal_inside_office.unsafe_callable = True  # type: ignore[attr-defined] # functions carry any

    if not TYPE_CHECKING:  # so that mypy, too, finds a raw count in a sum or a text
        __str__ = __repr__ = __format__ = __html__ = _refuse
        __int__ = __float__ = __complex__ = __index__ = __bool__ = __round__ = __trunc__ = _refuse
        __floor__ = __ceil__ = __abs__ = __neg__ = __pos__ = _refuse
        __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
        __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _refuse
        __pow__ = __rpow__ = __divmod__ = __rdivmod__ = _refuse
        __reduce__ = __reduce_ex__ = _refuse  # nor into a pickle: task results are stored as such
        __hash__ = None  # what has no equality has no hash

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Let a model hold a raw count, take it as such only, and refuse to write it out."""
        del source, handler
        return core_schema.is_instance_schema(
            cls, serialization=core_schema.plain_serializer_function_ser_schema(_refuse)
        )


class WithheldReason(StrEnum):
    """Why a reader does not see a figure.

    Primary and complementary suppression share one reason on purpose: a reader who could tell
    them apart would know which of two withheld figures is the small one.
    """

    PROTECTED = "protected"
    INTERNAL = "internal"

    @property
    def explanation(self) -> str:
        """The sentence that stands under a table that has the mark."""
        if self is WithheldReason.INTERNAL:
            return "该项仅供内部掌握，不予公布"
        return "为保护儿童个人信息，不予公布"


class _Figure(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Shown(_Figure):
    """A figure that may be read by everybody who gets the report."""

    kind: Literal["shown"] = "shown"
    value: Decimal

    @field_validator("value")
    @classmethod
    def _plain(cls, value: Decimal) -> Decimal:
        """Write 1E+3 as 1000 and -0 as 0, so that equal figures give equal bytes."""
        return Decimal(format(abs(value) if value.is_zero() else value, "f"))

    @classmethod
    def of(cls, value: Decimal | int) -> Self:
        """Build from a whole or decimal number."""
        return cls(value=Decimal(value))

    def text(self, unit: str = "") -> str:
        """The figure as printed: no thousands marks (GB/T 15835), its unit directly behind."""
        return f"{self.value:f}{unit}"


class Withheld(_Figure):
    """A figure that exists and is not published."""

    kind: Literal["withheld"] = "withheld"
    reason: WithheldReason = WithheldReason.PROTECTED

    def text(self, unit: str = "") -> str:
        """The mark for a withheld figure; a mark takes no unit."""
        del unit
        return WITHHELD_MARK


class Missing(_Figure):
    """A figure that nobody reported; it is not zero."""

    kind: Literal["missing"] = "missing"
    reason: str = "未报送"

    def text(self, unit: str = "") -> str:
        """The mark for a missing figure; a mark takes no unit."""
        del unit
        return MISSING_MARK


ReleasedFigure = Shown | Withheld | Missing
Released = Annotated[ReleasedFigure, Field(discriminator="kind")]
"""What a template may be given; a field of this type reads itself back from JSON."""

RELEASED: TypeAdapter[ReleasedFigure] = TypeAdapter(Released)
"""Reads and writes a single released figure."""
