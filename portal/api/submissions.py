"""Handing in over the API: checked without being stored, or stored once however often the same request comes."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response

from domain.canonical import canonical_json, clean_text, sha256
from domain.entries import FigureEntry, ItemEntry, Passage, Refused
from models.engine import reading, writing
from portal.api.faults import not_taken
from portal.api.gate import Sender
from portal.api.given import Checked, GivenSubmission, ReceiptShape, Submitted
from portal.api.items import Key
from portal.api.responses import Responses, body_problems
from portal.desk import TheDesk
from services import clock, intake
from services.idempotency import KEPT, MOST_KEY, Answer, Asked, answered, keep

router = APIRouter()

DOOR = "api"
RECEIPTS = "/api/v1/receipts/"
"""Where receipts are asked for."""
_HOURS = int(KEPT.total_seconds() // 3600)

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]+$",
        max_length=MOST_KEY,
        description="由报送方为每份内容另取的值（如 UUID）；"
        f"{_HOURS} 小时内以同一个值重发同一份内容，得到同一份应答，不会重复收存",
        examples=["5f0c6b1e-7a58-4f5e-9d0a-1c6b5a0d9e21"],
    ),
]
_UNCHANGED: Responses = {200: {"model": Submitted, "description": "内容与最新一版相同，没有另存新版"}}
_PLACE = {"description": "回执的地址", "required": True, "schema": {"type": "string"}}
_STORED: Responses = {201: {"headers": {"Location": _PLACE}}}


@router.post(
    "/items/{key:item}/submissions",
    operation_id="submit",
    summary="报送一个事项",
    description="要么整份收下，要么一处也不存，并在 faults 中逐处说明。退回后、审核前都可以再报，存为新的一版。",
    status_code=201,
    response_description="已收下，存为新的一版",
    responses={**body_problems(404, 409), **_UNCHANGED, **_STORED},
    response_model=Submitted,
)
def submit(
    desk: TheDesk, token: Sender, key: Key, given: GivenSubmission, idempotency_key: IdempotencyKey
) -> Response:
    """Store a version, or give the answer that was given to the same request before."""
    at = clock.now()
    asked = Asked(token, idempotency_key, _digest(key, given))
    try:
        with writing(desk.engine) as session:
            plan, _ = desk.in_force(session)
            answer = answered(session, asked, at=at)
            if answer is None:
                (receipt,) = intake.submit(
                    session,
                    plan,
                    [_entry(key, given)],
                    unit=token.unit,
                    by=given.by,
                    at=at,
                    door=DOOR,
                    actor=f"{' '.join(clean_text(given.by).split())}（{token.label}）",
                )
                shape = Submitted(**ReceiptShape.of(receipt).model_dump(), unchanged=receipt.unchanged)
                answer = Answer(200 if receipt.unchanged else 201, shape.model_dump_json())
                keep(session, asked, answer, at=at)
    except Refused as refused:
        raise not_taken(given, key, refused) from refused
    stored = Response(answer.body, answer.status, media_type="application/json")
    if answer.status == 201:
        number = Submitted.model_validate_json(answer.body).number
        stored.headers["Location"] = f"{RECEIPTS}{number}"
    return stored


@router.post(
    "/items/{key:item}/checks",
    operation_id="check",
    summary="检查而不报送",
    description="与报送同样检查，什么也不存。",
    responses=body_problems(404, 409),
)
def check(desk: TheDesk, token: Sender, key: Key, given: GivenSubmission) -> Checked:
    """Look for faults."""
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        faults = intake.check(session, plan, _entry(key, given), unit=token.unit, by=given.by, at=clock.now())
    if faults:
        raise not_taken(given, key, Refused(faults))
    return Checked(item=key, acceptable=True)


def _entry(key: str, given: GivenSubmission) -> ItemEntry:
    return ItemEntry(
        key=key,
        state=given.state,
        passages=tuple(Passage(slot=p.slot, text=p.text) for p in given.passages),
        figures=tuple(
            FigureEntry(
                indicator=f.indicator, value=None if f.value is None else Decimal(f.value), remark=f.remark
            )
            for f in given.figures
        ),
        attachments=None if given.attachments is None else tuple(dict.fromkeys(given.attachments)),
    )


def _digest(key: str, given: GivenSubmission) -> str:
    """What a request asks for; blanks and the order of members in its JSON make no other request of it."""
    return sha256(canonical_json(["submit", key, given.model_dump(mode="json")]))
