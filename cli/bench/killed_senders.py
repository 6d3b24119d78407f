"""Two senders at once that are killed (``kill -9``) again and again, over the plan's years: what came of each message.

Half of the time a sender is killed at a random moment, half of the time at the worst one: when the server has taken a
message and has not said so yet. Time is simulated by a file with the moment, which all senders read.
"""

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, cast

from sqlalchemy import Engine, func, select
from sqlmodel import col

from cli.bench.sinks import Taken, bot_sink, mail_sink
from domain.messages import MessageKind, MessageState, Post
from domain.plan import Plan
from domain.workdays import BEIJING
from models.engine import make_engine, migrate, reading, writing
from models.messages import ContactAddressRow, ContactRow, MessageEventRow, MessageRow
from models.tables import WorkItemRow
from services.delivery.sending import HANGING
from services.enqueue import Owed, enqueue_all
from services.opening import open_year
from services.plan_versions import adopt
from services.workcalendar import work_calendar

BY = "测速"
_MAIL, _BOT = "mail", "bot"
_SETTLE_SECONDS = 60.0
_WORST = 0.6
"""How often a sender is killed at the worst moment rather than at a random one."""
_A_WHILE = 10.0
"""Seconds that a few messages may take on a busy machine."""
_SOON = 0.02
_FINAL = {MessageState.SENT, MessageState.DELIVERED, MessageState.DOUBTFUL, MessageState.GIVEN_UP}


@dataclass(frozen=True)
class Figures:
    """What came of it.

    Attributes:
        messages: how many were owed.
        kills: how often a sender was killed.
        lost: messages that did not arrive and of which the ledger says otherwise.
        twice: messages that arrived twice where a copy cannot be known, or without a doubt in the ledger.
        doubts: messages that were in doubt.
        copies: copies that the receiver was sent and drops by their Message-ID.
        open_doubts: messages in doubt for the office to settle, where a copy cannot be known.
        seconds: how long it took.
    """

    messages: int
    kills: int
    lost: int
    twice: int
    doubts: int
    copies: int
    open_doubts: int
    seconds: float


@dataclass
class _Clock:
    path: Path
    at: datetime

    def set(self, at: datetime) -> None:
        """Whole or not at all: senders read it all the time."""
        self.at = at
        part = self.path.with_suffix(".part")
        part.write_text(str(at.timestamp()))
        part.replace(self.path)


@dataclass
class _Senders:
    """Two senders; one that is killed has a successor at once."""

    order: IO[str]
    answers: IO[str]
    running: list[int] = field(default_factory=list)
    kills: int = 0

    def fill(self) -> None:
        """Have two of them."""
        while len(self.running) < 2:
            self.order.write("start\n")
            self.order.flush()
            self.running.append(int(self.answers.readline()))

    def kill(self, which: int) -> None:
        """Kill one of them."""
        os.kill(self.running.pop(which), signal.SIGKILL)
        self.kills += 1

    def kill_both(self) -> None:
        """Kill whoever runs."""
        while self.running:
            self.kill(0)


def killed_senders(
    folder: Path, plan_folder: Path, plan: Plan, *, messages: int, kills: int, seed: int, url: str = ""
) -> Figures:
    """Send so many messages by two senders of which so many are killed.

    Args:
        folder: an empty folder for everything.
        plan_folder: where the plan lies.
        plan: the plan.
        messages: how many are owed, at most one for each item of the plan.
        kills: how often somebody is killed.
        seed: for what is random.
        url: the store, at this program's version; a SQLite file in ``folder`` where it is empty.
    """
    dice = random.Random(seed)  # noqa: S311 - to repeat it, not to hide it
    store = url or f"sqlite:///{folder / 'guanai.db'}"
    engine = make_engine(store)
    migrate(engine)
    began = time.perf_counter()
    mails, chats = Taken(), Taken()
    with ExitStack() as stack:
        port, address = stack.enter_context(mail_sink(mails)), stack.enter_context(bot_sink(chats))
        _write_channels(folder, port, address)
        moments = _owe(engine, plan, messages, dice)
        clock = _Clock(folder / "clock", moments[0])
        clock.set(moments[0])
        job = {"plan": str(plan_folder), "home": str(folder), "clock": str(clock.path), "store": store}
        senders = stack.enter_context(_started(job))
        _kill_along(senders, clock, moments, [mails, chats], kills, dice)
        _settle(engine, senders, clock, moments[-1])
    seconds = time.perf_counter() - began
    found = _count(engine, mails, chats, senders.kills, seconds)
    engine.dispose()
    return found


def _kill_along(
    senders: _Senders,
    clock: _Clock,
    moments: list[datetime],
    sinks: list[Taken],
    kills: int,
    dice: random.Random,
) -> None:
    """Move the clock through the years, and kill on the way: once a few messages of each stretch have been taken."""
    stretch = max(len(moments) // kills, 1)
    for end in range(stretch, len(moments) + stretch, stretch):
        if senders.kills >= kills:
            return
        senders.fill()
        worst = dice.random() < _WORST
        reached = _after(senders, sinks, dice.randint(1, stretch), worst=worst)
        clock.set(moments[min(end, len(moments)) - 1])
        reached.wait(_A_WHILE)
        for sink in sinks:
            sink.accepted = sink.nothing
        if not worst:
            time.sleep(dice.uniform(0.0, _SOON))
        if senders.running:
            senders.kill(dice.randrange(len(senders.running)))


def _after(senders: _Senders, sinks: list[Taken], count: int, *, worst: bool) -> threading.Event:
    """Tells when so many messages were taken; at the ``worst`` moment kills whoever sends, before that is said."""
    reached, taken = threading.Event(), itertools.count(1)

    def one_more() -> None:
        if next(taken) == count:
            if worst:
                senders.kill_both()
            reached.set()

    for sink in sinks:
        sink.accepted = one_more
    return reached


def _settle(engine: Engine, senders: _Senders, clock: _Clock, last: datetime) -> None:
    """Let the last senders finish: what hung is found out once it hangs long enough.

    Raises:
        RuntimeError: where nothing goes on for a minute and messages still wait.
    """
    clock.set(last + timedelta(hours=1))
    left, since = _unfinished(engine), time.monotonic()
    while left:
        senders.fill()
        time.sleep(0.2)
        clock.set(clock.at + HANGING + timedelta(minutes=1))
        now = _unfinished(engine)
        left, since = (now, time.monotonic()) if now != left else (left, since)
        if time.monotonic() > since + _SETTLE_SECONDS:
            raise RuntimeError(f"{left} messages still wait")
    kills = senders.kills
    senders.kill_both()
    senders.kills = kills  # the last ones had nothing left to do


def _unfinished(engine: Engine) -> int:
    with reading(engine) as session:
        states = select(func.count()).where(col(MessageRow.state).not_in([state.value for state in _FINAL]))
        return session.scalar(states) or 0


def _count(engine: Engine, mails: Taken, chats: Taken, kills: int, seconds: float) -> Figures:
    doubtful = col(MessageEventRow.state) == MessageState.DOUBTFUL.value
    with reading(engine) as session:
        rows = session.scalars(select(MessageRow)).all()
        doubted = set(session.scalars(select(col(MessageEventRow.message_id)).where(doubtful)))
    lost = twice = copies = 0
    for row in rows:
        by_mail = row.channel == _MAIL
        arrived = mails.copies[row.uid] if by_mail else chats.copies[row.subject.rpartition("/")[2]]
        lost += arrived == 0 and row.state != MessageState.DOUBTFUL
        excess = max(arrived - 1, 0)
        known = by_mail and row.id in doubted
        copies += excess if known else 0
        twice += excess > 0 and not known
    open_doubts = sum(row.state == MessageState.DOUBTFUL for row in rows)
    return Figures(len(rows), kills, lost, twice, len(doubted), copies, open_doubts, seconds)


@contextmanager
def _started(job: dict[str, str]) -> Iterator[_Senders]:
    command = [sys.executable, "-m", "cli.bench.sender_process", json.dumps(job)]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program,  # noqa: S603 - our own
        cast("IO[str]", program.stdin) as order,
        cast("IO[str]", program.stdout) as answers,
    ):
        senders = _Senders(order, answers)
        try:
            yield senders
        finally:
            senders.kill_both()


def _write_channels(folder: Path, port: int, address: str) -> None:
    mail = f'host = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "office@example.cn"\n'
    bot = f'key = "k"\napi = "{address}"\nper_minute = 100000\n'
    text = f'[[channel]]\nname = "{_MAIL}"\nkind = "smtp"\n{mail}[[channel]]\nname = "{_BOT}"\nkind = "wecom-bot"\n{bot}'
    (folder / "channels.toml").write_text(text, encoding="utf-8")


def _owe(engine: Engine, plan: Plan, messages: int, dice: random.Random) -> list[datetime]:
    """Owe messages about items of all the plan's years to a liaison of each unit; returns when they are due, in order.

    Every fifth goes to a group's bot, which cannot know a copy; it is about a subject, by which it is counted.
    """
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    at = datetime.combine(plan.start, datetime.min.time(), BEIJING)
    with writing(engine) as session:
        version = adopt(session, plan, at=at, actor=BY)
        for year in plan.years:
            open_year(session, plan, version, year, as_of=plan.end, calendar=calendar, at=at, actor=BY)
        made = {"plan_id": plan.id, "post": Post.LIAISON, "name": "联络员", "made_at": at, "made_by": BY}
        contacts = {unit.id: ContactRow.model_validate(made | {"unit": unit.id}) for unit in plan.units}
        session.add_all(contacts.values())
        session.flush()
        for unit, row in contacts.items():
            for channel, address in ((_MAIL, f"{unit}@example.cn"), (_BOT, "-")):
                session.add(ContactAddressRow(contact_id=row.id or 0, channel=channel, address=address))
        items = session.scalars(select(WorkItemRow)).all()
        chosen = sorted(dice.sample(items, min(messages, len(items))), key=lambda item: (item.due, item.id))
        owed = []
        for place, item in enumerate(chosen):
            day = item.due - timedelta(days=7)
            bot = place % 5 == 0
            owed.append(
                Owed(
                    kind=MessageKind.URGE if bot else MessageKind.LADDER,
                    contact=contacts[item.unit].id or 0,
                    channel=_BOT if bot else _MAIL,
                    day=day,
                    next_at=datetime.combine(day, datetime.min.time(), BEIJING) + timedelta(hours=9),
                    content={"title": "催办", "paragraphs": [f"第{place}号：请尽快报送。"], "form": False},
                    items=[] if bot else [(item.id or 0, item.due, "due-soon")],
                    subject=f"urge/{place}" if bot else "",
                )
            )
        enqueue_all(session, plan, owed, by=BY, at=at)
    return [one.next_at for one in owed]
