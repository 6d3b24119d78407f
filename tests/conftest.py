"""Fixtures that every room's tests share: a store on either database, and the small plan in it."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter
from sqlalchemy import Engine

from models.engine import make_engine
from services.places import PROJECT
from tests import postgres, stores

EACH = 3 * 1024**3 // 2
"""Bytes of memory for a process of the test run, with what its tests start."""

_NO_POSTGRESQL = "no PostgreSQL server on this machine (apt-get install postgresql): its tests did not run"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the browser tests leave pictures of what people see."""
    folder = PROJECT / "var" / "pictures"
    parser.addoption("--pictures", default=str(folder), help=f"folder for pictures of pages ({folder})")


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say it loudly where half of the store's tests could not run."""
    if postgres.programs() is None:
        terminalreporter.write_sep("!", _NO_POSTGRESQL, red=True, bold=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files whose tests take longest, so that none of them is left to one process at the end."""
    seconds: Counter[Path] = Counter()
    for item in items:
        if (slow := item.get_closest_marker("slow")) is not None:
            seconds[item.path] += slow.args[0]
    items.sort(key=lambda item: -seconds[item.path])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two processes more than there are processors, where memory allows: many tests wait, for a server or a browser."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(len(os.sched_getaffinity(0)) + 2, memory // EACH))


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> postgres.Cluster:
    """The test run's PostgreSQL; without one the test is skipped, and in CI it fails."""
    if postgres.programs() is None:
        if os.environ.get("CI"):
            pytest.fail(_NO_POSTGRESQL)
        pytest.skip(_NO_POSTGRESQL)
    worker = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    return postgres.cluster(base.parent if worker else base, os.getppid() if worker else os.getpid())


@pytest.fixture(scope="session")
def templates(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest, worker_id: str
) -> stores.Templates:
    """Stores that tests copy rather than build."""
    return stores.Templates(
        tmp_path_factory.mktemp("templates"), worker_id, lambda: request.getfixturevalue("postgresql")
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database with nothing in it, not even tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
        return
    cluster: postgres.Cluster = request.getfixturevalue("postgresql")
    with cluster.database() as url:
        yield url


@pytest.fixture
def store_content(request: pytest.FixtureRequest) -> stores.Fill:
    """What is in a test's store from the beginning; a file whose tests want something else has a fixture of this name."""
    return stores.small_plan_opened if "opened" in request.fixturenames else stores.nothing


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(
    request: pytest.FixtureRequest, tmp_path: Path, templates: stores.Templates, store_content: stores.Fill
) -> Iterator[str]:
    """Address of a test's own store, on each database in turn."""
    if request.param == "sqlite":
        path = tmp_path / "guanai.db"
        shutil.copy(templates.sqlite(store_content), path)
        yield f"sqlite:///{path}"
        return
    with templates.postgresql().database(templates.database(store_content)) as url:
        yield url


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """A test's own store, on each database in turn."""
    engine = make_engine(store_url)
    yield engine
    engine.dispose()


@pytest.fixture
def opened(engine: Engine) -> Engine:
    """A store with the small plan in force and every item of 2025 that is open by the end of the year."""
    return engine
