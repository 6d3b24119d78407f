"""How often somebody may try: counted together by every process of the portal, and over its restarts.

The counts stand in a small file of their own, so that no attempt to guess a password makes work for the store. The
libraries that count for several processes ask a server of their own for it (Redis, Memcached), which nobody here has.
"""

import math
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from domain.problems import Problem, ProblemKind
from services import clock

FILE = "tries.db"
_SECONDS = 60
_WAIT = 10
"""Seconds that one process waits for another; each holds the file for less than a thousandth."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS try (whose TEXT NOT NULL, at REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS try_whose ON try (whose, at)",
    "CREATE INDEX IF NOT EXISTS try_at ON try (at)",
)


@dataclass(frozen=True)
class Limit:
    """How many tries of a kind one person, address or token has within any minute."""

    kind: str
    most: int


SIGN_IN = Limit("sign-in", 20)
"""Attempts to sign in from one address; an account's own lockout is in :mod:`services.sign_in`."""
UPLOAD = Limit("upload", 30)
"""Files that one account may send."""
API = Limit("api", 600)
"""Requests of one token; and tokens that one address may guess."""


class Tries:
    """Counts tries by what and whose they are.

    Args:
        file: where the counts stand; made at the first try.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._store: sqlite3.Connection | None = None
        self._turn = Lock()

    def count(self, limit: Limit, *whose: str) -> None:
        """Count one try.

        Raises:
            Problem: 1011 where there were too many; says when the next may come.
        """
        now = clock.now().timestamp()
        with self._turn:
            first = self._counted("\n".join((limit.kind, *whose)), limit.most, now)
        if first is not None:
            raise Problem(ProblemKind.TOO_MANY_TRIES, seconds=max(1, math.ceil(first + _SECONDS - now)))

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            if self._store is not None:
                self._store.close()
                self._store = None

    def _counted(self, whose: str, most: int, now: float) -> float | None:
        """Write a try down; where there were too many, nothing is written, and it gives the moment of the first."""
        store = self._opened()
        store.execute("BEGIN IMMEDIATE")
        with store:  # commits
            store.execute("DELETE FROM try WHERE at <= ?", (now - _SECONDS,))
            row: tuple[int, float | None] = store.execute(
                "SELECT count(*), min(at) FROM try WHERE whose = ?", (whose,)
            ).fetchone()
            if row[0] >= most:
                return row[1]
            store.execute("INSERT INTO try VALUES (?, ?)", (whose, now))
        return None

    def _opened(self) -> sqlite3.Connection:
        if self._store is None:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            store = sqlite3.connect(self._file, timeout=_WAIT, isolation_level=None, check_same_thread=False)
            store.execute("PRAGMA journal_mode = WAL")
            store.execute("PRAGMA synchronous = NORMAL")  # a count that a power cut takes away is no loss
            for statement in _TABLE:
                store.execute(statement)
            self._store = store
        return self._store
