"""The portal is killed while two hundred units hand in at once: every receipt holds, nothing is half or twice there."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Barrier, Lock
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from cli.bench.scene import scene
from deployments.embedded import free_port
from deployments.parts import LOOPBACK, portal_command
from domain.plan import Plan
from models.engine import make_engine, reading, writing
from models.tables import FigureRow, PassageRow, SubmissionRow, WorkItemRow
from services import audit, clock
from services.audit_content import check_contents
from services.opening import open_year
from services.plan_versions import adopt
from services.workcalendar import work_calendar
from tests.linhe import LINHE, linhe
from tests.portal.systems import BODY, make_token
from tests.processes import newcomer, program, until_healthy

UNITS = 200
KILLED_AFTER = 50
"""Receipts; by then every unit has sent its own."""

Answers = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Office:
    """A district in which two hundred units owe their visits of a half-year, each with a token."""

    engine: Engine
    environment: dict[str, str]
    secrets: dict[str, str]

    @contextmanager
    def portal(self) -> Iterator[tuple[str, int]]:
        """Its portal as a process of its own: address, and process."""
        port = free_port()
        with program(portal_command(LOOPBACK, port), self.environment) as running:
            address = f"http://{LOOPBACK}:{port}"
            until_healthy(f"{address}/health", running.alive)
            yield address, running.process.pid


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    """The district, on each database in turn."""
    plan, engine = _large(linhe()), make_engine(store_url)
    calendar, at, day = work_calendar(plan.rules.calendar.beyond_known), clock.now(), date(2025, 12, 31)
    with writing(engine) as session:
        version = adopt(session, plan, at=at, actor="周岚")
        open_year(session, plan, version, 2025, as_of=day, calendar=calendar, at=at, actor="周岚")
    with reading(engine) as session:
        visits = select(col(WorkItemRow.unit)).where(
            col(WorkItemRow.duty) == "visits", col(WorkItemRow.period) == "2025H1"
        )
        units = session.scalars(visits.limit(UNITS)).all()
    assert len(units) == UNITS
    secrets = {f"linhe-2025/visits/{unit}/2025H1": make_token(engine, plan, unit) for unit in units}
    own = {"GUANAI_HOME": str(tmp_path), "GUANAI_PLAN": str(LINHE), "GUANAI_DATABASE_URL": store_url}
    yield Office(engine, newcomer(**own), secrets)
    engine.dispose()


def _large(plan: Plan) -> Plan:
    return scene(LINHE, plan).of(UNITS + len(plan.units)).plan


@dataclass
class Rush:
    """Units that hand in all at once, each its own item under a key of its own."""

    address: str
    secrets: dict[str, str]
    at_receipt: Callable[[int], None] = lambda _: None
    receipts: Answers = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def run(self, items: Iterable[str]) -> Answers:
        """Hand in; gives the receipts that arrived, by item."""
        waiting = list(items)
        together = Barrier(len(waiting))
        limits = httpx.Limits(max_connections=len(waiting))
        with (
            httpx.Client(base_url=self.address, trust_env=False, timeout=60, limits=limits) as client,
            ThreadPoolExecutor(len(waiting)) as threads,
        ):
            list(threads.map(lambda item: self._hand_in(client, together, item), waiting))
        return self.receipts

    def _hand_in(self, client: httpx.Client, together: Barrier, item: str) -> None:
        headers = {"Authorization": f"Bearer {self.secrets[item]}", "Idempotency-Key": item}
        together.wait()
        try:
            answer = client.post(f"/api/v1/items/{item}/submissions", json=dict(BODY), headers=headers)
        except httpx.TransportError:
            return
        assert answer.status_code == 201, answer.text
        with self._lock:
            self.receipts[item] = answer.json()
            self.at_receipt(len(self.receipts))


def versions(session: Session) -> dict[str, list[SubmissionRow]]:
    """What is stored, by item."""
    rows = select(col(WorkItemRow.key), SubmissionRow).join(
        SubmissionRow, col(SubmissionRow.item_id) == col(WorkItemRow.id)
    )
    found: dict[str, list[SubmissionRow]] = {}
    for key, row in session.execute(rows):
        found.setdefault(key, []).append(row)
    return found


def kept_whole(engine: Engine, receipts: Answers) -> int:
    """See that each receipt's version is stored as it says, and everything stored is whole; says how many there are."""
    with reading(engine) as session:
        stored = versions(session)
        for item, receipt in receipts.items():
            (row,) = stored[item]
            assert (row.version, row.content_sha256) == (receipt["version"], receipt["content_sha256"])
        assert all(len(rows) == 1 for rows in stored.values())
        assert session.scalar(select(func.count()).select_from(PassageRow)) == len(stored)
        assert session.scalar(select(func.count()).select_from(FigureRow)) == 2 * len(stored)
        assert check_contents(session) == ()
        assert audit.verify(session).intact
        return len(stored)


@pytest.mark.slow(10)
def test_every_receipt_survives_the_portals_death_and_what_had_no_answer_is_stored_once_when_repeated(
    office: Office,
) -> None:
    with office.portal() as (address, process):
        rush = Rush(
            address, office.secrets, lambda n: os.kill(process, signal.SIGKILL) if n == KILLED_AFTER else None
        )
        before = dict(rush.run(office.secrets))
    assert KILLED_AFTER <= len(before) < UNITS
    stored = kept_whole(office.engine, before)
    assert len(before) <= stored < UNITS, "it was killed after the rush"

    with office.portal() as (address, _):
        after = Rush(address, office.secrets).run(office.secrets.keys() - before.keys())
        again = Rush(address, office.secrets).run(before)
    assert again == before
    assert kept_whole(office.engine, before | after) == len(before | after) == UNITS
