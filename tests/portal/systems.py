"""Other systems that come to the API, each with its token, and what they find there.

Everything is about 河口镇, so that the system of 县教育局 must be turned away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine

from domain.entries import PROGRESS, FigureEntry, ItemEntry, Passage, State
from domain.plan import Plan
from domain.report.material import Issue
from domain.tokens import Scope
from models.engine import reading, writing
from services import clock, filed_reports, report_folder, reporting, tokens
from services.intake import Receipt, submit
from services.orders import Order, annual_order
from services.settings import read_settings

READER, SENDER, REPORTER, OTHER, EXPIRED, REVOKED, NOBODY = (
    "reader",
    "sender",
    "reporter",
    "other unit",
    "expired",
    "revoked",
    "nobody",
)
UNIT, OTHER_UNIT = "hekou", "edu"
_ALL = tuple(Scope)
_SCOPES: Mapping[str, tuple[str, tuple[Scope, ...]]] = {
    READER: (UNIT, (Scope.ITEMS_READ,)),
    SENDER: (UNIT, (Scope.ITEMS_SUBMIT,)),
    REPORTER: (UNIT, (Scope.REPORTS_READ,)),
    OTHER: (OTHER_UNIT, _ALL),
    EXPIRED: (UNIT, _ALL),
    REVOKED: (UNIT, _ALL),
}

VISITS = "linhe-2025/visits/hekou/2025H1"
VISITS_LATER = "linhe-2025/visits/hekou/2025H2"
OTHERS = "linhe-2025/checkups/edu/2025"
"""An item of 县教育局."""
BODY: Mapping[str, Any] = {
    "by": "孙莉",
    "state": "done",
    "passages": [{"slot": "progress", "text": "上半年逐户走访，并登记台账。"}],
    "figures": [
        {"indicator": "families", "value": "120", "remark": ""},
        {"indicator": "visited", "value": "118", "remark": ""},
    ],
}
"""What 河口镇 hands in for its visits."""


@dataclass(frozen=True)
class System:
    """A system that sends requests with a token."""

    client: TestClient
    secret: str

    @property
    def headers(self) -> dict[str, str]:
        """What it sends along."""
        return {"Authorization": f"Bearer {self.secret}"} if self.secret else {}

    def get(self, path: str, **params: Any) -> Response:
        """Ask."""
        answer: Response = self.client.get(f"/api/v1{path}", params=params or None, headers=self.headers)
        return answer

    def post(self, path: str, body: Any, key: str = "") -> Response:
        """Send; with an Idempotency-Key where one is given."""
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        answer: Response = self.client.post(f"/api/v1{path}", json=body, headers=headers)
        return answer

    def submit(self, body: Any = BODY, key: str = "1", item: str = VISITS) -> Response:
        """Hand in."""
        return self.post(f"/items/{item}/submissions", body, key)


def make_token(engine: Engine, plan: Plan, unit: str, *scopes: Scope, days: int = 30, ago: int = 0) -> str:
    """A token made some days ago."""
    with writing(engine) as session:
        _, secret = tokens.make(
            session,
            plan,
            unit=unit,
            name="市平台",
            scopes=scopes or _ALL,
            days=days,
            by="系统管理员",
            at=clock.now() - timedelta(days=ago),
        )
    return secret


def make_systems(engine: Engine, plan: Plan) -> dict[str, str]:
    """The token of each system by its name; none for nobody."""
    made = {NOBODY: ""}
    for name, (unit, scopes) in _SCOPES.items():
        made[name] = make_token(engine, plan, unit, *scopes, ago=31 if name == EXPIRED else 0)
    with writing(engine) as session:
        token = tokens.find(session, made[REVOKED], at=clock.now())
        tokens.revoke(session, token.id, by="系统管理员", at=clock.now())
    return made


def hand_in_visits(engine: Engine, plan: Plan) -> Receipt:
    """What 河口镇 has handed in by another door."""
    entry = ItemEntry(
        key=VISITS,
        state=State.DONE,
        passages=(Passage(slot=PROGRESS, text="已走访全部困难家庭"),),
        figures=(
            FigureEntry(indicator="families", value=120),
            FigureEntry(indicator="visited", value=120),
        ),
    )
    with writing(engine) as session:
        (receipt,) = submit(session, plan, [entry], unit=UNIT, by="孙莉", at=clock.now(), door="page")
    return receipt


def release_reports(engine: Engine, plan: Plan, out: Path) -> int:
    """File the year's reports and release them."""
    number = file_report(engine, plan, annual_order(2025, date(2025, 12, 31), out, Issue(sample=True)))
    with writing(engine) as session:
        filed_reports.release(session, plan.id, number, by="周岚", at=clock.now())
    return number


def file_report(engine: Engine, plan: Plan, order: Order) -> int:
    """File what was ordered; each file is its own name, for drawing them takes its time."""
    settings = read_settings()
    with reporting.exclusive(settings, order):
        folder = reporting.freeze_facts(settings, order)
        for job in reporting.jobs(reporting.read_snapshot(folder)[0]):
            report_folder.put(folder, job.name, job.name.encode())
            report_folder.put(folder, job.word, job.word.encode())
        reporting.file(settings, order, folder, at=clock.now(), actor="周岚")
    with reading(engine) as session:
        return filed_reports.filed(session, plan.id)[0].id
