"""Attachments over the API: put to an item, which hands nothing in yet, and listed."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from pydantic import Field
from starlette.responses import Response

from domain.canonical import clean_text
from domain.facts import ItemFacts
from models.engine import reading, writing
from portal.api.gate import Reader, Sender
from portal.api.given import MOST_BY
from portal.api.items import Key, own_of
from portal.api.responses import Responses, body_problems, token_problems
from portal.api.shapes import Shape
from portal.desk import TheDesk
from services import attachments, clock
from services.attaching.inspector import Kind
from services.attachments import MOST_BYTES, Attachment, Files
from services.facts import own_facts
from services.tries import UPLOAD

router = APIRouter()

_MEGABYTES = MOST_BYTES // 1024 // 1024


class AttachmentShape(Shape):
    """A file that was put to an item."""

    sha256: str = Field(description="校验值；报送时写入 attachments，即随该版报送")
    name: str = Field(description="文件名；其中含有个人信息的已隐去")
    kind: Kind = Field(description="按内容判断的种类")
    size: int = Field(description="字节数")
    by: str = Field(description="上传人")
    at: datetime = Field(description="上传时间")

    @classmethod
    def of(cls, file: Attachment) -> "AttachmentShape":
        """A file as it is sent."""
        return cls(sha256=file.sha256, name=file.name, kind=file.kind, size=file.size, by=file.by, at=file.at)


class HandedIn(AttachmentShape):
    """A file with the versions that it was handed in with."""

    versions: list[int] = Field(description="随哪几版报送过；尚未报送的为空")

    @classmethod
    def told(cls, file: Attachment, facts: ItemFacts, files: Files) -> "HandedIn":
        """A file of an item."""
        shown = AttachmentShape.of(file).model_dump()
        versions = [v.version for v in facts.submissions if file in files.handed_in.get(v.id, ())]
        return cls(**shown, versions=versions)


class Attachments(Shape):
    """Every file of an item, oldest first."""

    item: str
    attachments: list[HandedIn]


_SAME: Responses = {
    200: {"model": AttachmentShape, "description": "内容相同的文件已在这个事项之下，没有另存"}
}


@router.post(
    "/items/{key:item}/attachments",
    operation_id="attach",
    summary="上传一个附件",
    description=f"收 PDF、Word（.docx）、Excel（.xlsx）和纯文本，每个不超过 {_MEGABYTES} MB，不收图片；"
    "其中有能够识别儿童的信息的，整个不收。只是上传，还没有报送：报送时把 sha256 写入 attachments。",
    status_code=201,
    response_description="已收下",
    responses={**body_problems(404), **_SAME},
    response_model=AttachmentShape,
)
def attach(
    desk: TheDesk,
    token: Sender,
    key: Key,
    file: Annotated[UploadFile, File(description="文件")],
    by: Annotated[str, Form(min_length=1, max_length=MOST_BY, description="上传人姓名")],
) -> Response:
    """Inspect a file and put it to the item; the same content again changes nothing."""
    with reading(desk.engine) as session:
        own_of(desk, session, token, key)
    desk.tries.count(UPLOAD, "token", str(token.id))
    checked = attachments.check(file.filename or "", file.file.read(MOST_BYTES + 1))
    with writing(desk.engine) as session:
        plan, own = own_of(desk, session, token, key)
        known = {one.sha256 for one in attachments.of_item(session, own).put}
        stored = attachments.store(
            session,
            plan,
            desk.settings.home,
            key,
            checked,
            unit=token.unit,
            by=by,
            at=clock.now(),
            actor=f"{' '.join(clean_text(by).split())}（{token.label}）",
        )
    shape = AttachmentShape.of(stored)
    status = 200 if stored.sha256 in known else 201
    return Response(shape.model_dump_json(), status, media_type="application/json")


@router.get(
    "/items/{key:item}/attachments",
    operation_id="listAttachments",
    summary="一个事项的附件",
    description="上传过的都在，最早的在前，注明随哪几版报送过。",
    responses=token_problems(404),
)
def list_attachments(desk: TheDesk, token: Reader, key: Key) -> Attachments:
    """Every file that was put to the item."""
    with reading(desk.engine) as session:
        _, own = own_of(desk, session, token, key)
        facts, files = own_facts(session, own), attachments.of_item(session, own)
    return Attachments(item=key, attachments=[HandedIn.told(one, facts, files) for one in files.put])
