"""What is handed in over the API, and the receipt for it."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from domain.entries import State
from domain.entry_check import MOST_REMARK, MOST_TEXT
from portal.api.shapes import Shape
from services.intake import Receipt
from services.known import MOST_ATTACHMENTS

MOST_BY = 28
"""Characters of the name of whoever hands in, so that it stands in the audit beside the token's."""
MOST_PARTS = 100
"""Passages, or figures, of one submission: more than any form asks for."""

Figure = Annotated[
    str,
    StringConstraints(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"),
]


def _whole(text: str) -> str:
    """A text without halves of characters, which JSON can write and nothing can store."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError("string_unicode", "half a character")
    return text


Text = Annotated[str, AfterValidator(_whole)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Given(BaseModel):
    """What is sent to us; a misspelt name is refused and not passed over."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class GivenPassage(Given):
    """A piece of narrative."""

    slot: Code = Field(description="栏目，取自事项的 slots")
    text: Text = Field(description=f"文字，不超过 {MOST_TEXT} 字")


class GivenFigure(Given):
    """A figure, or why there is none."""

    indicator: Code = Field(description="指标，取自事项的 indicators")
    value: Figure | None = Field(
        description="数值；确实没有数据的写 null，并在 remark 中说明；没有发生的写 0"
    )
    remark: Text = Field(
        default="",
        description=f"说明，不超过 {MOST_REMARK} 字；没有数据或与上期相差较大时必填",
    )


class GivenSubmission(Given):
    """What a unit hands in for one item."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "by": "孙莉",
                    "state": "done",
                    "passages": [{"slot": "progress", "text": "上半年逐户走访，并登记台账。"}],
                    "figures": [{"indicator": "families", "value": "120", "remark": ""}],
                }
            ]
        }
    )

    by: str = Field(min_length=1, max_length=MOST_BY, description="填报人姓名")
    state: State = Field(description="完成情况")
    passages: list[GivenPassage] = Field(default=[], max_length=MOST_PARTS, description="文字内容")
    figures: list[GivenFigure] = Field(default=[], max_length=MOST_PARTS, description="指标数值")
    attachments: list[Digest] | None = Field(
        default=None,
        max_length=MOST_ATTACHMENTS,
        description="随本版报送的附件的校验值，须先上传；空列表为不附；null 或不写为沿用上一版的",
    )


class ReceiptShape(Shape):
    """A receipt (回执)."""

    number: str = Field(description="回执编号", examples=["20251120-000042"])
    item: str = Field(description="事项编号")
    version: int = Field(description="第几版")
    at: datetime = Field(description="收到的时间")
    content_sha256: str = Field(description="内容校验值")

    @classmethod
    def of(cls, receipt: Receipt) -> "ReceiptShape":
        """A receipt as it is sent."""
        return cls(
            number=receipt.number,
            item=receipt.key,
            version=receipt.version,
            at=receipt.at,
            content_sha256=receipt.content_sha256,
        )


class Submitted(ReceiptShape):
    """What is answered to a submission."""

    unchanged: bool = Field(description="内容与最新一版相同，没有另存新版")


class Checked(Shape):
    """What is answered to a check that found nothing wrong."""

    item: str = Field(description="事项编号")
    acceptable: bool = Field(description="可以报送（否则以问题应答）")
