"""One Prefect server for all tests of a process, and a store of the platform's own for each test."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.plan import Plan
from models.engine import make_engine, reading, writing
from models.rounds import happenings
from models.tables import HappeningRow
from services.plan_versions import adopt
from services.plans import load_plan
from tests import cast
from tests.linhe import LINHE
from tests.stores import Templates

START_LIMIT = 120
"""Seconds: a first start migrates Prefect's database, on a machine that has other things to do."""


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A server of Prefect with the pool on it; its settings stand in the environment before Prefect is imported."""
    from deployments.embedded import QUIET  # noqa: PLC0415 - as below

    os.environ.setdefault("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    from prefect.testing.utilities import prefect_test_harness  # noqa: PLC0415 - Prefect reads its settings on import

    from deployments.pool import keep_pool  # noqa: PLC0415 - as above

    with prefect_test_harness(server_startup_timeout=START_LIMIT):
        asyncio.run(keep_pool(16))
        yield


@pytest.fixture
def home(tmp_path: Path, templates: Templates, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A GUANAI_HOME with an empty store, which flows find through the settings."""
    (tmp_path / "guanai.db").write_bytes(templates.sqlite().read_bytes())
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path))
    for name in ("GUANAI_DATABASE_URL", "GUANAI_DATABASE_URL_FILE", "GUANAI_PLAN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@dataclass(frozen=True)
class County:
    """临河县's platform: its store, which flows find through the settings."""

    engine: Engine
    plan: Plan

    def happenings(self) -> list[HappeningRow]:
        with reading(self.engine) as session:
            return list(happenings(session, self.plan.id))


@contextmanager
def platform_of(home: Path, plan: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[County]:
    """The plan in a folder, put into force in the store of ``home``, where flows find both."""
    monkeypatch.setenv("GUANAI_PLAN", str(plan))
    engine, content = make_engine(f"sqlite:///{home / 'guanai.db'}"), load_plan(plan)
    with writing(engine) as session:
        adopt(session, content, at=cast.moment("2025-02-20 09:00"), actor=cast.ZHAO_QIANG)
    yield County(engine, content)
    engine.dispose()


@pytest.fixture
def county(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[County]:
    """临河县's platform, on which nothing has run yet."""
    with platform_of(home, LINHE, monkeypatch) as county:
        yield county
