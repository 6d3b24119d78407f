"""Connections to the store: SQLite without set-up, or PostgreSQL; and its migrations, run once at a start.

Whoever changes anything does so inside :func:`writing`; whoever only looks uses :func:`reading`, which sees one
state of the store however many queries it takes.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session

from domain.problems import Problem, ProblemKind
from models.migrations import HEAD, REVISIONS

BUSY_SECONDS = 30
"""How long a writer waits for another one before it gives up."""

_READ_ONLY = "guanai_read_only"
_NOT_LASTING = "guanai_not_lasting"
_TURN = "guanai_turn"
_MIGRATION_LOCK = 0x6775616E  # any number that nobody else locks in this database
_WAL_TRIES = 50
_KEEPALIVE = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}


def make_engine(url: str) -> Engine:
    """An engine for ``sqlite:///FILE`` or ``postgresql://...``; connects on first use.

    Raises:
        Problem: 301 for an address that is neither.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise _bad_address() from None
    match address.get_backend_name():
        case "sqlite" if address.database and address.database != ":memory:":
            return _sqlite(address)
        case "postgresql" | "postgres":
            return create_engine(
                address.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True
            )
    raise _bad_address()


def open_store(url: str) -> Engine:
    """An engine whose store exists, answers and is at this program's version.

    Raises:
        Problem: 301 for a wrong address; 302 where nothing answers; 303 for a store of a newer program.
    """
    engine = make_engine(url)
    migrate(engine)
    return engine


@contextmanager
def writing(engine: Engine, *, lasting: bool = True) -> Iterator[Session]:
    """One transaction that may change the store: committed whole at the end, or not at all.

    Args:
        engine: the store.
        lasting: whether it outlives a power cut from its end on, for which it waits for the disk. What only tells that
            somebody looked need not: it outlives a killed process all the same, and is on the disk with the next
            transaction that lasts.
    """
    store = engine if lasting else engine.execution_options(**{_NOT_LASTING: True})
    with _turn(engine), Session(store, expire_on_commit=False) as session, session.begin():
        if not lasting and engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL synchronous_commit = off"))
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One consistent look at the store, which holds nobody up and can change nothing."""
    looking = engine.execution_options(**_read_only(engine))
    with Session(looking, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def trying(engine: Engine) -> Iterator[Session]:
    """One transaction in which anything may be done to see what would come of it; all of it is taken back at the end."""
    with Session(engine, expire_on_commit=False) as session, session.begin() as transaction:
        yield session
        transaction.rollback()


@contextmanager
def only_holder(engine: Engine, family: int, number: int = 0) -> Iterator[bool]:
    """Hold a place of which a PostgreSQL store has one, for the block; gives False where another program holds it.

    The place goes with the connection, however its program ends; a machine that lost its power is missed after a
    minute. A SQLite store is one machine's own, which keeps order there by locks on files: it always gives True.

    Args:
        engine: the store.
        family: what kind of place it is; any number that nobody else uses.
        number: which one of its kind, below 2**32.
    """
    if engine.dialect.name == "sqlite":
        yield True
        return
    with engine.connect() as connection:
        connection.detach()  # closed at the end and not kept for others: the place is the connection's
        for option, value in _KEEPALIVE.items():
            connection.execute(text(f"SET {option} = {value}"))
        taken = text("SELECT pg_try_advisory_lock(:family, :number)")
        signed = number - 2**32 if number >= 2**31 else number
        mine = bool(connection.scalar(taken, {"family": family, "number": signed}))
        connection.commit()  # no transaction stays open meanwhile
        yield mine


def migrate(engine: Engine) -> None:
    """Bring the store to this program's version; two programs starting at once are safe.

    Where there is nothing to do, this costs one query and does not load Alembic.

    Raises:
        Problem: 302 where the store does not answer; 303 where a newer program has changed it.
    """
    try:
        with reading(engine) as session:
            found = stored_revision(session.connection())
        if found == HEAD:
            return
        _refuse_newer(found)
        if engine.dialect.name == "sqlite":
            _use_wal(engine)
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            found = stored_revision(connection)  # again: somebody may have been faster
            _refuse_newer(found)
            if found != HEAD:
                _upgrade(connection)
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        reason = next(iter(str(cause).strip().splitlines()), "")
        raise Problem(ProblemKind.STORE_UNREACHABLE, reason=reason) from error


def stored_revision(connection: Connection) -> str | None:
    """The migration that the store is at; None for an empty store."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _refuse_newer(found: str | None) -> None:
    if found is not None and found not in REVISIONS:
        raise Problem(ProblemKind.STORE_NEWER, found=found)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - only a store that is behind pays for loading it

    from models.migrations.config import alembic_config  # noqa: PLC0415 - as above

    command.upgrade(alembic_config(connection), "head")


def _bad_address() -> Problem:
    return Problem(
        ProblemKind.SETTING_INVALID,
        name="GUANAI_DATABASE_URL",
        found="不是可用的数据库地址",  # the address itself may hold a password
        mend="请写成 sqlite:////路径/文件.db 或 postgresql://用户:口令@主机/库名。",
    )


def _read_only(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "postgresql":
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return {_READ_ONLY: True}


def _sqlite(address: URL) -> Engine:
    database = address.database or ""
    if not database.startswith("file:"):
        Path(database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(
        address.set(drivername="sqlite+pysqlite"),
        connect_args={"timeout": BUSY_SECONDS},
        hide_parameters=True,  # what units wrote has no place in a log, not even where a statement fails
        execution_options={_TURN: Lock()},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    """Foreign keys and the triggers' reach are a connection's own affair in SQLite."""
    dbapi_connection.isolation_level = None  # sqlite3 would begin transactions on its own, and too late
    cursor = dbapi_connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA recursive_triggers = ON")  # else INSERT OR REPLACE deletes without a trigger
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Writers queue up at the start; one that began by reading could only fail when it comes to write."""
    options = connection.get_execution_options()
    reads = options.get(_READ_ONLY, False)
    _set(connection, "query_only", "ON" if reads else "OFF")
    if not reads:
        _set(connection, "synchronous", "NORMAL" if options.get(_NOT_LASTING) else "FULL")
    connection.exec_driver_sql("BEGIN DEFERRED" if reads else "BEGIN IMMEDIATE")


def _set(connection: Connection, pragma: str, value: str) -> None:
    """Have a connection work in a way, unless it already does."""
    if connection.info.get(pragma) != value:
        connection.exec_driver_sql(f"PRAGMA {pragma} = {value}")
        connection.info[pragma] = value


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Let the writers of this process come one after the other, in SQLite.

    Left to SQLite, each would try, sleep up to a tenth of a second and try again, and those who sleep be overtaken.
    """
    turn: Lock | None = engine.get_execution_options().get(_TURN)
    mine = turn is not None and turn.acquire(timeout=BUSY_SECONDS)
    try:
        yield
    finally:
        if turn is not None and mine:
            turn.release()


def _use_wal(engine: Engine) -> None:
    """Put the file into write-ahead mode, which it keeps: readers and the writer do not wait for each other.

    SQLite does not wait for a lock here as it does elsewhere, so two first starts at once take turns by hand.
    """
    for attempt in range(_WAL_TRIES):
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == _WAL_TRIES - 1:
                raise
            time.sleep(BUSY_SECONDS / _WAL_TRIES / 10)
        else:
            return
        finally:
            connection.close()
