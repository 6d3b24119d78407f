"""The sender: takes what is due from the queue, channel by channel, and records what came of each message.

Any number may run at once, on one machine or several. A message is claimed before it is sent; what a sender leaves claimed
when it dies is in doubt, and is sent again only where the other side would know it for a copy.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.channels import Channel, next_try
from domain.messages import MessageState
from domain.problems import Problem, ProblemKind
from models import channel_windows, message_queue
from models.engine import reading, writing
from models.message_queue import Outcome, Place, still
from models.messages import MessageRow
from services.delivery import claiming, failing
from services.delivery.adapters import Adapter, make_adapter
from services.delivery.claiming import Claimed, Full
from services.delivery.composing import Addressee, compose
from services.delivery.confirming import LATER, RECEIPT, confirm
from services.delivery.letter import Receipt, Undelivered
from services.delivery.mailroom import Mailroom

HANGING = timedelta(minutes=10)
"""Longer than any attempt takes: whoever has a message claimed for so long is dead."""
PAGE = 200
MOST_IN_A_ROW = 3
"""After so many failures of the channel itself, one after the other, the rest of its messages wait for the next run."""
LONGEST_REASON = 500
RETRY_UNKNOWN = timedelta(hours=1)
ASTRAY = timedelta(minutes=5)
"""So far a clock may be behind the ledger before it is said to have been set back."""

Now = Callable[[], datetime]


@dataclass
class Sent:
    """What a run did.

    Attributes:
        came_to: how many messages came to which state; several for one message where it was taken over.
        troubles: what the office or the administrator has to mend.
        full_until: when the first of the channels that were full takes messages again; None where none was full.
    """

    came_to: Counter[MessageState] = field(default_factory=Counter)
    troubles: list[Problem] = field(default_factory=list)
    full_until: datetime | None = None


def send_due(room: Mailroom, *, worker: str, now: Now) -> Sent:
    """Send what is due by now.

    Args:
        room: where it is sent from.
        worker: name of this sender, unlike any other's.
        now: tells the moment.
    """
    done = Sent()
    _look_at_clock(room, now(), done)
    replay(room, worker=worker, now=now, done=done)
    with reading(room.engine) as session:
        named = message_queue.due_channels(session, room.plan.id, now())
    for name in named:
        try:
            channel = room.channels.get(name)
        except Problem as problem:
            done.troubles.append(problem)
            _refuse(room, name, problem, worker, now)
            continue
        _serve(room, channel, worker, now, done)
    for channel in room.channels.by_name.values():
        if channel.kind in LATER:
            confirm(room, channel, worker=worker, at=now())
    return done


def replay(room: Mailroom, *, worker: str, now: Now, done: Sent) -> None:
    """See to what dead senders left claimed: nobody knows whether it went out, and the ledger says so."""
    at = now()
    with writing(room.engine) as session:
        for message in message_queue.hanging(session, room.plan.id, at - HANGING, at + HANGING):
            doubt = Outcome(MessageState.DOUBTFUL, "发送程序中途停止，不能确定对方是否收到")
            hangs = still(message.attempts, MessageState.CLAIMED)
            if not message_queue.move(session, hangs, message.id or 0, at, worker, doubt):
                continue
            done.came_to[MessageState.DOUBTFUL] += 1
            channel = room.channels.by_name.get(message.channel)
            again = failing.repeated(channel, message, at, room.allowed) if channel is not None else None
            if again is not None:
                doubted = still(message.attempts, MessageState.DOUBTFUL)
                message_queue.move(session, doubted, message.id or 0, at, worker, again)


def _serve(room: Mailroom, channel: Channel, worker: str, now: Now, done: Sent) -> None:
    """Send what is due by a channel."""
    in_a_row = 0
    with closing(make_adapter(channel, room.home)) as adapter:
        for number in _due(room, channel, now):
            taken = _take(room, channel, number, worker, now)
            if isinstance(taken, Full):
                done.full_until = min(done.full_until or taken.until, taken.until)
                break
            if taken is None:
                continue
            failure = _send(room, channel, adapter, taken, worker, now, done)
            in_a_row = in_a_row + 1 if failure is not None and failure.channel else 0
            if in_a_row == MOST_IN_A_ROW or (failure is not None and failure.wait is not None):
                break


def _due(room: Mailroom, channel: Channel, now: Now) -> Iterator[int]:
    """What is due by a channel, a page in memory at a time."""
    after: Place | None = None
    while True:
        with reading(room.engine) as session:
            page = message_queue.due_page(session, room.plan.id, channel.name, now(), after, PAGE)
        yield from (number for _, number in page)
        if len(page) < PAGE:
            return
        after = page[-1]


def _take(room: Mailroom, channel: Channel, number: int, worker: str, now: Now) -> Claimed | Full | None:
    with writing(room.engine) as session:
        taken = claiming.take(session, room, channel, number, worker, now())
        if isinstance(taken, Full):
            session.rollback()
    return taken


def _send(
    room: Mailroom, channel: Channel, adapter: Adapter, taken: Claimed, worker: str, now: Now, done: Sent
) -> Undelivered | None:
    """Write a letter, hand it over and record what came of it; returns why it did not go out."""
    failure: Undelivered | None = None
    receipt = Receipt()
    try:
        receipt = _hand_over(room, adapter, taken, now, done)
    except Undelivered as found:
        failure = found
    except Exception as error:  # noqa: BLE001 - whatever one message meets, the others still go
        failure = Undelivered(f"程序出错（{type(error).__name__}：{error}）", unsure=True)
    if failure is not None and taken.whom is not None:
        failure.reason = _unnamed(failure.reason, taken.whom)
    _record(room, channel, taken.message, worker, now, done, failure or receipt)
    return failure


def _unnamed(reason: str, whom: Addressee) -> str:
    """A reason without name and address, which servers like to repeat: the ledger's lines outlive the contact."""
    for known, put in ((whom.address, "（地址）"), (whom.contact.name, "（联系人）")):
        if known:
            reason = re.sub(re.escape(known), put, reason, flags=re.IGNORECASE)
    return reason[:LONGEST_REASON]


def _hand_over(room: Mailroom, adapter: Adapter, taken: Claimed, now: Now, done: Sent) -> Receipt:
    if taken.whom is None:
        raise Undelivered(claiming.NO_ADDRESS, permanent=True)
    at = now()
    try:
        with reading(room.engine) as session:
            letter = compose(session, room.desk, taken.message, taken.told, taken.whom, at)
    except Problem as problem:
        done.troubles.append(problem)
        raise Undelivered(str(problem), permanent=problem.kind is ProblemKind.MESSAGE_FORGOTTEN) from problem
    except Exception as error:
        raise Undelivered(f"写不成消息（{type(error).__name__}：{error}）") from error
    return adapter.send(letter)


def _record(
    room: Mailroom,
    channel: Channel,
    message: MessageRow,
    worker: str,
    now: Now,
    done: Sent,
    result: Undelivered | Receipt,
) -> None:
    at = now()
    with writing(room.engine) as session:
        if isinstance(result, Receipt):
            state = MessageState.DELIVERED if result.delivered else MessageState.SENT
            outcome = Outcome(state, f"{RECEIPT}{result.reference}" if result.reference else "", sent=True)
        else:
            outcome = failing.outcome_of(channel, message, result, at, room.allowed)
        ours = message_queue.finish(session, message, worker, at, outcome)
        done.came_to[outcome.state] += 1
        if isinstance(result, Undelivered) and result.wait is not None:
            channel_windows.pause(session, channel.name, at, result.wait)
        later = next_try(channel, message.attempts, at) or at
        again = failing.repeated(channel, message, later, room.allowed)
        if ours and outcome.state is MessageState.DOUBTFUL and again is not None:
            doubted = still(message.attempts, MessageState.DOUBTFUL)
            message_queue.move(session, doubted, message.id or 0, at, worker, again)
        if ours and outcome.state is MessageState.GIVEN_UP:
            failing.stand_in(session, room.plan, room.channels, message, next_at=room.allowed(at), at=at)


def _refuse(room: Mailroom, name: str, problem: Problem, worker: str, now: Now) -> None:
    """Put off what is to go by a channel that is not there, and say why; it goes once the office has mended that."""
    at = now()
    after: Place | None = None
    while True:
        with writing(room.engine) as session:
            page = message_queue.due_page(session, room.plan.id, name, at, after, PAGE)
            later = Outcome(MessageState.FAILED, str(problem), at + RETRY_UNKNOWN)
            for _, number in page:
                message_queue.put_off(session, number, at, worker, later)
        if len(page) < PAGE:
            return
        after = page[-1]


def _look_at_clock(room: Mailroom, at: datetime, done: Sent) -> None:
    """See whether the ledger is ahead of the clock, which only a clock that was set back explains."""
    with reading(room.engine) as session:
        last = message_queue.newest_event(session)
    if last is not None and last > at + ASTRAY:
        done.troubles.append(
            Problem(ProblemKind.CLOCK_SET_BACK, now=f"{at:%Y-%m-%d %H:%M}", last=f"{last:%Y-%m-%d %H:%M}")
        )
