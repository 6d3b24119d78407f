"""How often somebody may try: counts within this process, for the portal is one."""

import math
import time
from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from domain.problems import Problem, ProblemKind

SIGN_IN = parse("20 per minute")
"""Attempts to sign in from one address; an account's own lockout is in :mod:`services.sign_in`."""
UPLOAD = parse("30 per minute")
"""Files that one account may send."""
API = parse("600 per minute")
"""Requests of one token."""


@dataclass(frozen=True)
class Tries:
    """Counts tries by what and whose they are."""

    _limiter: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(MemoryStorage())
    )

    def count(self, limit: RateLimitItem, *whose: str) -> None:
        """Count one try.

        Raises:
            Problem: 1011 where there were too many; says when the next may come.
        """
        if self._limiter.hit(limit, *whose):
            return
        reset, _ = self._limiter.get_window_stats(limit, *whose)
        seconds = max(1, math.ceil(reset - time.time()))  # noqa: TID251 - the library's own clock
        raise Problem(ProblemKind.TOO_MANY_TRIES, seconds=seconds)
