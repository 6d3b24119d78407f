"""A sender's turn: what is due, then what became due meanwhile as channels took messages again, until its time is up."""

import os
import secrets
import socket
from collections.abc import Callable
from datetime import timedelta

from services.delivery.forgetting import forget
from services.delivery.mailroom import Mailroom
from services.delivery.sending import Now, Sent, send_due

PATIENCE = timedelta(minutes=8)
"""How long a turn waits for channels that are full; less than the ten minutes until the next one."""


def sender_name() -> str:
    """A name for a sender, unlike any other's."""
    return f"{socket.gethostname()[:30]}/{os.getpid()}/{secrets.token_hex(4)}"


def take_turn(
    room: Mailroom,
    *,
    now: Now,
    wait: Callable[[float], None],
    patience: timedelta = PATIENCE,
    kept: timedelta,
) -> Sent:
    """Send what is due; where a channel is full, wait until it takes more, within ``patience``; forget what is old.

    Args:
        room: where it is sent from.
        now: tells the moment.
        wait: lets so many seconds pass.
        patience: how long the turn may last.
        kept: how long contents are kept.
    """
    worker, end = sender_name(), now() + patience
    done = send_due(room, worker=worker, now=now)
    until = done.full_until
    while until is not None and until < end:
        wait(max((until - now()).total_seconds(), 1.0))
        more = send_due(room, worker=worker, now=now)
        done.came_to += more.came_to
        until = done.full_until = more.full_until
    forget(room.engine, room.plan.id, kept=kept, by="系统", at=now())
    return done
