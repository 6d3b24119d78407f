"""The watchman's rounds: looks every minute, says a new trouble once, and gives an outside watch its sign of life.

It lives here and not among the runs, because a watchman that Prefect has to wake cannot tell that Prefect sleeps.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from domain.problems import Problem
from portal.desk import Desk
from services import clock
from services.running import watchman
from services.situation import Health, health
from services.watchman import Trouble, ping
from tasks import engine_runs

EVERY = 60
"""Seconds between two looks."""
PING_EVERY = timedelta(minutes=5)
APPEARED, GONE = "guanai.watchman.trouble", "guanai.watchman.mended"

Troubles = dict[tuple[str, str], Trouble]

_log = logging.getLogger("guanai.watchman")


class Watch:
    """What the watchman remembers between two looks."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: Troubles = {}
        self._pinged: datetime | None = None

    def look(self, at: datetime) -> None:
        """Look once: tell what is new and what is mended, and give the sign of life when it is time."""
        try:
            found = health(self._desk.settings, self._desk.engine, at, engine_runs.troubles)
        except Problem as problem:
            _log.warning("%s", problem)
            self._sign_of_life(at, well=False)
            return
        self._tell(found)
        self._sign_of_life(at, well=not found.broken)

    def _tell(self, found: Health) -> None:
        now: Troubles = {(trouble.kind, trouble.subject): trouble for trouble in found.troubles}
        for name, one, other in ((APPEARED, now, self._known), (GONE, self._known, now)):
            for key in one.keys() - other.keys():
                _log.warning("%s %s", name, one[key].text)
                if found.running:
                    engine_runs.tell(found.running, name, one[key], found.at)
        self._known = now

    def _sign_of_life(self, at: datetime, *, well: bool) -> None:
        address = self._desk.settings.watch_url
        if address and (self._pinged is None or at - self._pinged >= PING_EVERY):
            self._pinged = at
            if not ping(address, well=well):
                _log.warning("值守地址没有应答：%s", address)


async def keep(desk: Desk) -> None:
    """Look every minute until cancelled; what goes wrong in one look does not end the watch.

    Of several processes of the portal one looks, and the others wait for its place.
    """
    watch = Watch(desk)
    with watchman(desk.settings.home) as ours:
        while True:
            try:
                if ours():
                    await asyncio.to_thread(watch.look, clock.now())
            except Exception:  # noqa: BLE001 - the watch goes on whatever happened; the log says what
                _log.exception("watch failed")
            await asyncio.sleep(EVERY)
