"""What 县民政局 and others owe in 临河县, and their forms as a browser fills them in."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from httpx import Response
from sqlalchemy import Engine

from domain.entries import PROGRESS, FigureEntry, ItemEntry, Passage, State
from domain.form import Form
from models import queries
from models.engine import reading, writing
from services import attachments, audit, clock, drafts, extensions, review
from services.attachments import Attachment
from services.intake import Receipt, submit
from services.items import own_item
from services.settings import read_settings
from tests.linhe import linhe
from tests.portal.browser import Browser

BUILD = "linhe-2025/ledger-build/civil/once"
LEDGER = "linhe-2025/ledger/civil/2025H1"
YEARLY = "linhe-2025/report/civil/2025"
CHECKUPS = "linhe-2025/checkups/edu/2025"
"""An item of 县教育局, with two figures."""
ID_NUMBER = "11010519491231002X"
"""The textbook example of GB 11643, nobody's."""
ROOT = "/units/civil"
TEXT = "已建成统一台账，三个乡镇街道全部录入。"


def number(engine: Engine, key: str) -> int:
    """The number of an item in the store."""
    with reading(engine) as session:
        found = queries.items_by_key(session, [key])[key].id
    assert found is not None
    return found


def address(engine: Engine, key: str = BUILD) -> str:
    """The address of an item's page."""
    return f"/units/{key.split('/')[2]}/items/{number(engine, key)}"


def typed(text: str = TEXT, state: str = "done", **more: Any) -> dict[str, Any]:
    """What somebody types into the form of an ordinary item."""
    return {"state": state, "passage:progress": text, **more}


def hidden(page: str) -> dict[str, str]:
    """What the form of an item's page carries along unseen."""
    return dict(re.findall(r'<input type="hidden" name="(revision|seen)" value="(\d+)">', page))


def press(browser: Browser, path: str, button: str, fields: Mapping[str, Any], **more: Any) -> Response:
    """Open an item's page, fill its form in, and press a button."""
    return browser.send(f"{path}/{button}", {**hidden(browser.get(path).text), **fields}, **more)


def hand_in(
    engine: Engine,
    key: str = BUILD,
    text: str = TEXT,
    by: str = "高原",
    figures: Mapping[str, int] = MappingProxyType({}),
    attachments: tuple[str, ...] | None = None,
) -> Receipt:
    """What a unit has handed in by another door."""
    entry = ItemEntry(
        key=key,
        state=State.DONE,
        passages=(Passage(slot=PROGRESS, text=text),),
        figures=tuple(FigureEntry(indicator=name, value=Decimal(n)) for name, n in figures.items()),
        attachments=attachments,
    )
    unit = key.split("/")[2]
    with writing(engine) as session:
        (receipt,) = submit(session, linhe(), [entry], unit=unit, by=by, at=clock.now(), door="page")
    return receipt


def send_back(engine: Engine, reason: str, key: str = BUILD, version: int = 1) -> None:
    """The office sends a version back."""
    with writing(engine) as session:
        review.send_back(
            session, linhe(), key, version=version, reviewer="罗敏", at=clock.now(), reason=reason
        )


def accept(engine: Engine, key: str = BUILD, version: int = 1) -> None:
    """The office accepts a version."""
    with writing(engine) as session:
        review.accept(session, linhe(), key, version=version, reviewer="罗敏", at=clock.now())


def draft(engine: Engine, account: int, text: str, key: str = BUILD) -> None:
    """Somebody has typed something."""
    form = Form(passages={PROGRESS: text})
    with writing(engine) as session:
        drafts.save(
            session,
            linhe(),
            key,
            unit=key.split("/")[2],
            account=account,
            content=form,
            base_revision=0,
            at=clock.now(),
        )


def attach(engine: Engine, key: str = BUILD) -> Attachment:
    """A file that a unit has put to an item."""
    checked = attachments.check("台账说明.txt", "各村台账已核对。".encode())
    home, unit = read_settings().home, key.split("/")[2]
    with writing(engine) as session:
        return attachments.store(session, linhe(), home, key, checked, unit=unit, by="高原", at=clock.now())


def asked_for(engine: Engine, key: str) -> list[tuple[date, str, str]]:
    """The requests for more time: until when, why, who."""
    with reading(engine) as session:
        found = extensions.of_item(session, own_item(session, linhe(), key, None))
    return [(one.until, one.reason, one.by) for one in found]


def acts(engine: Engine) -> list[tuple[str, str, str]]:
    """Who did what to what, newest last."""
    with reading(engine) as session:
        return [(line.actor, line.action, line.subject) for line in audit.lines(session, last=100)]
