"""Stores that are dear to make: made once for each process and database, and copied for each test."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from models.engine import make_engine, migrate, writing
from services.opening import open_year
from services.plan_versions import adopt
from tests import cast
from tests.postgres import Cluster

Fill = Callable[[Engine], None]
"""What puts something into a store; the same function gives the same template."""


def nothing(engine: Engine) -> None:
    """Leave the store empty."""


def small_plan_opened(engine: Engine) -> None:
    """Put the small plan in force, with every item of 2025 that is open by the end of the year."""
    plan, at = cast.small_plan(), cast.moment("2025-01-02 09:00")
    by: dict[str, Any] = {"at": at, "actor": cast.ZHAO_QIANG}
    with writing(engine) as session:
        version = adopt(session, plan, **by)
        last_day = cast.moment("2025-12-31 09:00").date()
        open_year(session, plan, version, 2025, as_of=last_day, calendar=cast.calendar(), **by)


@dataclass
class Templates:
    """The templates of a process.

    Attributes:
        folder: for those of SQLite.
        worker: the process's name among those of the test run, which share a PostgreSQL.
        postgresql: gives that.
    """

    folder: Path
    worker: str
    postgresql: Callable[[], Cluster]
    _made: dict[tuple[str, Fill], str] = field(default_factory=dict)

    def sqlite(self, fill: Fill = nothing) -> Path:
        """The file of a template, to be copied."""
        if (made := self._made.get(("sqlite", fill))) is None:
            empty = None if fill is nothing else self.sqlite()
            made = str(self.folder / f"{len(self._made)}.db")
            if empty is not None:
                shutil.copy(empty, made)
            self._make(f"sqlite:///{made}", fill)
            self._made["sqlite", fill] = made
        return Path(made)

    def database(self, fill: Fill = nothing) -> str:
        """The name of a template in PostgreSQL, to be copied."""
        if (made := self._made.get(("postgresql", fill))) is None:
            empty = "template1" if fill is nothing else self.database()
            made = f"template_{self.worker}_{len(self._made)}"
            self.postgresql().copy(empty, made)
            self._make(self.postgresql().url(made), fill)
            self._made["postgresql", fill] = made
        return made

    @staticmethod
    def _make(url: str, fill: Fill) -> None:
        engine = make_engine(url)
        if fill is nothing:
            migrate(engine)
        fill(engine)
        engine.dispose()  # PostgreSQL copies only what nobody uses
