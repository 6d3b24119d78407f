"""What units of 临河县 have handed in, and what the office made of it, for the pages that show it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, select
from sqlmodel import col

from domain.entries import PROGRESS, FigureEntry, ItemEntry, Passage, State
from models.engine import reading, writing
from models.tables import WorkItemRow
from services import clock, review
from services.intake import Receipt, submit
from tests.linhe import linhe

VISITS = "linhe-2025/visits/hekou/2025H1"
VISITS_LATER = "linhe-2025/visits/hekou/2025H2"
LEDGER = "linhe-2025/ledger/liulin/2025H1"
CHECKUPS = "linhe-2025/checkups/edu/2025"
LESSONS = "linhe-2025/lessons/women/2025"
HOTLINE = "linhe-2025/hotline/women/once"

Figures = Mapping[str, int | tuple[int | None, str]]


def number_of(engine: Engine, key: str) -> int:
    """The number of an item in the store."""
    with reading(engine) as session:
        found = session.scalar(select(col(WorkItemRow.id)).where(col(WorkItemRow.key) == key))
    assert found is not None
    return found


def hand_in(
    engine: Engine,
    key: str,
    figures: Figures | None = None,
    *,
    by: str = "孙莉",
    text: str = "已逐户走访，并登记台账。",
    state: State = State.DONE,
    at: datetime | None = None,
    files: tuple[str, ...] | None = None,
) -> Receipt:
    """A version of an item by its unit; a figure with a remark is a pair."""
    pairs = {name: one if isinstance(one, tuple) else (one, "") for name, one in (figures or {}).items()}
    entry = ItemEntry(
        key=key,
        state=state,
        passages=(Passage(slot=PROGRESS, text=text),),
        figures=tuple(
            FigureEntry(indicator=n, value=value, remark=remark) for n, (value, remark) in pairs.items()
        ),
        attachments=files,
    )
    with writing(engine) as session:
        unit = key.split("/")[2]
        (receipt,) = submit(session, linhe(), [entry], unit=unit, by=by, at=at or clock.now(), door="page")
    return receipt


def accept(engine: Engine, key: str, version: int = 1) -> None:
    """罗敏 accepts."""
    with writing(engine) as session:
        review.accept(session, linhe(), key, version=version, reviewer="罗敏", at=clock.now())


def send_back(engine: Engine, key: str, version: int = 1, reason: str = "请补充台账更新的日期。") -> None:
    """罗敏 sends back."""
    with writing(engine) as session:
        review.send_back(
            session, linhe(), key, version=version, reviewer="罗敏", at=clock.now(), reason=reason
        )


def allow_correction(engine: Engine, key: str, version: int = 1) -> None:
    """罗敏 lets a unit correct."""
    with writing(engine) as session:
        review.allow_correction(
            session, linhe(), key, version=version, by="罗敏", at=clock.now(), reason="体检人数有误。"
        )


def busy_morning(engine: Engine) -> None:
    """A morning with something on every pile."""
    hand_in(engine, VISITS, {"families": 120, "visited": 118})
    hand_in(engine, VISITS_LATER, {"families": (400, "新并入两个村"), "visited": (118, "新村尚未走访")})
    hand_in(engine, LEDGER, {"children": 210}, by="马健", text="台账已更新。")
    send_back(engine, LEDGER)
    hand_in(
        engine, CHECKUPS, {"pupils": 5200, "checked": 5100}, by="许静", text="体检已完成，结果已反馈家长。"
    )
    accept(engine, CHECKUPS)
    allow_correction(engine, CHECKUPS)
    hand_in(engine, LESSONS, by="周岚", text="开课十二次，覆盖所有乡镇。")
