"""Access tokens of vendors' applications: fetched once, used until they end, and fetched anew where one is refused."""

from collections.abc import Callable
from datetime import datetime, timedelta

from services.delivery.adapters.http import Answer

_SPARE = timedelta(minutes=5)


class Token:
    """A token that is fetched when it is first needed.

    Args:
        fetch: gives a token and the seconds that it lasts.
    """

    def __init__(self, fetch: Callable[[datetime], tuple[str, int]]) -> None:
        self._fetch = fetch
        self._held: tuple[str, datetime] | None = None

    def used(self, ask: Callable[[str], Answer], at: datetime, refused: Callable[[Answer], bool]) -> Answer:
        """The answer to ``ask``, which is asked once more with a new token where the old one was ``refused``."""
        held = self._held
        answer = ask(self._good(at))
        if held is not None and refused(answer):
            self._held = None
            return ask(self._good(at))
        return answer

    def _good(self, at: datetime) -> str:
        if self._held is None or at >= self._held[1]:
            token, seconds = self._fetch(at)
            self._held = (token, at + timedelta(seconds=seconds) - _SPARE)
        return self._held[0]
