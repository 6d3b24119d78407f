"""What is asked of the store, statement by statement, to show that it does not grow with what the store holds."""

from collections.abc import Callable

from sqlalchemy import Engine, event


def asked(engine: Engine, act: Callable[[], object]) -> list[str]:
    """The statements that ``act`` sends; what opens and closes connections and transactions is not among them."""
    found: list[str] = []

    def note(*seen: object) -> None:
        if not str(seen[2]).startswith(("BEGIN", "PRAGMA")):
            found.append(str(seen[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return found
