"""Empty stores for trials, never the office's own: files of SQLite, or schemas of their own in PostgreSQL."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from models.engine import make_engine, open_store


class Stores(Protocol):
    """Gives each trial an empty store, gone afterwards."""

    name: str

    def fresh(self) -> AbstractContextManager[Engine]:
        """A new store, at this program's version."""


class SqliteStores:
    """Stores as files in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._path = folder / "trial.db"

    @contextmanager
    def fresh(self) -> Iterator[Engine]:
        """A new file."""
        engine = open_store(f"sqlite:///{self._path}")
        try:
            yield engine
        finally:
            engine.dispose()
            for path in self._path.parent.glob(f"{self._path.name}*"):
                path.unlink()


class PostgresqlStores:
    """Stores as schemas beside the office's tables, which they cannot see."""

    name = "PostgreSQL"

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = count(1)

    @contextmanager
    def fresh(self) -> Iterator[Engine]:
        """A new schema; the role of the address must be allowed to create one."""
        schema = f"guanai_bench_{os.getpid()}_{next(self._numbers)}"
        address = make_url(self._url).update_query_dict({"options": f"-csearch_path={schema}"})
        owner = make_engine(self._url)
        try:
            with owner.begin() as connection:
                connection.execute(text(f"CREATE SCHEMA {schema}"))
            engine = open_store(address.render_as_string(hide_password=False))
            try:
                yield engine
            finally:
                engine.dispose()
                with owner.begin() as connection:
                    connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
        finally:
            owner.dispose()
