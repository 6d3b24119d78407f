"""A program that starts senders, each a process of its own that sends until it is killed.

``python -m cli.bench.sender_process JOB``: each line on its input starts one, whose number it tells on its output; at the
end of its input it ends them all. Senders are forked, so that one is there in milliseconds where another was killed.
"""

import json
import os
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.workdays import BEIJING
from models.engine import make_engine
from services.delivery.channels_file import read_channels
from services.delivery.composing import Desk
from services.delivery.mailroom import Mailroom
from services.delivery.sending import send_due
from services.plans import load_plan
from services.workcalendar import work_calendar

_REST = 0.003


def main(job: dict[str, Any]) -> None:
    """Start a sender for each line of the input."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed is gone at once
    plan = load_plan(Path(job["plan"]))
    started: list[int] = []
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            _send(job, plan)
        started.append(child)
        print(child, flush=True)  # noqa: T201 - whoever ordered it listens
    for child in started:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _send(job: dict[str, Any], plan: Any) -> None:
    """Send for ever, by a clock that somebody else moves."""
    clock, home = Path(job["clock"]), Path(job["home"])
    channels = read_channels(home / "channels.toml", home)
    desk = Desk(plan, "0" * 64, work_calendar(plan.rules.calendar.beyond_known))
    room = Mailroom(make_engine(job["store"]), plan, channels, desk, home, b"")

    def now() -> datetime:
        return datetime.fromtimestamp(float(clock.read_text()), BEIJING)

    while True:
        send_due(room, worker=str(os.getpid()), now=now)
        time.sleep(_REST)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
