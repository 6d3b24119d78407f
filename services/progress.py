"""How far a long piece of work has come, for whoever watches in the same process; nobody need."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Watcher = Callable[[str, int, int], None]
"""Takes the step's name, how many parts are done, and how many there are."""

T = TypeVar("T")

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Let ``watcher`` hear of progress within the block."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def track(step: str, parts: Iterable[T], total: int) -> Iterator[T]:
    """Pass ``parts`` on, telling the watcher before the first and after each."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher(step, 0, total)
    for done, part in enumerate(parts, start=1):
        yield part
        if watcher is not None:
            watcher(step, done, total)
