"""Fixtures that every room's tests share: a store on either database, and the small plan in it."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter
from sqlalchemy import Engine

from models.engine import make_engine, migrate, writing
from services.opening import open_year
from services.places import PROJECT
from services.plan_versions import adopt
from tests import cast, postgres

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
    """One process more than there are processors: some tests wait, for a server to come up or a machine to be missed."""
    return len(os.sched_getaffinity(0)) + 1


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
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for stores that tests copy rather than build."""
    return tmp_path_factory.mktemp("templates")


@pytest.fixture(scope="session")
def sqlite_template(templates: Path) -> Path:
    """An empty SQLite store at the program's version."""
    path = templates / "empty.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: postgres.Cluster, worker_id: str) -> str:
    """An empty PostgreSQL store at the program's version, to be copied."""
    name = f"template_{worker_id}"
    postgresql.execute(f"CREATE DATABASE {name}")
    engine = make_engine(postgresql.url(name))
    migrate(engine)
    engine.dispose()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database with nothing in it, not even tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
        return
    cluster: postgres.Cluster = request.getfixturevalue("postgresql")
    with cluster.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty store, on each database in turn."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            path = tmp_path / "guanai.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            yield f"sqlite:///{path}"
        else:
            cluster: postgres.Cluster = request.getfixturevalue("postgresql")
            yield stack.enter_context(cluster.database(request.getfixturevalue("postgresql_template")))


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """An empty store, on each database in turn."""
    engine = make_engine(store_url)
    yield engine
    engine.dispose()


@pytest.fixture
def opened(engine: Engine) -> Engine:
    """A store with the small plan in force and every item of 2025 that is open by the end of the year."""
    with writing(engine) as session:
        at = cast.moment("2025-01-02 09:00")
        version = adopt(session, cast.small_plan(), at=at, actor=cast.ZHAO_QIANG)
        last_day = cast.moment("2025-12-31 09:00").date()
        open_year(
            session,
            cast.small_plan(),
            version,
            2025,
            as_of=last_day,
            calendar=cast.calendar(),
            at=at,
            actor=cast.ZHAO_QIANG,
        )
    return engine
