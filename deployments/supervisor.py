"""Keeps the parts of the platform running: starts them, waits until each answers, brings back what dies, stops all.

One loop and no threads: it sleeps until a part ends (a pidfd), a signal comes, or the next thing is due.
"""

import contextlib
import ctypes
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from types import FrameType
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from deployments.parts import Part
from domain.problems import Problem, ProblemKind
from services.running import PartState

PATIENCE = 180
"""Seconds until a part that does not answer is given up; a first start migrates Prefect's own database."""
LOOK_SECONDS = 15.0
MISSES = 4
"""How often in a row a part may fail to answer before it is killed and started again."""
FIRST_TRIES = 3
"""How often a part may end before it has ever answered; the platform then stops and says so."""
STEADY_SECONDS = 120
"""After so long without dying a part is trusted again, and the next wait begins at the shortest."""
RENEW = 75
"""With this exit status a part asks to be started anew at once: what it was started for has changed."""
BACK_OFF = (0.5, 1, 2, 5, 10, 30, 60)
_STARTING_LOOK = 0.1
_PR_SET_CHILD_SUBREAPER = 36

Tell = Callable[[str], None]
_open = build_opener(ProxyHandler({})).open  # our own addresses are not to be asked for at a proxy


def healthy(address: str, timeout: float = 1) -> bool:
    """Whether somebody answers 200 there."""
    try:
        with _open(address, timeout=timeout) as answer:
            return bool(answer.status == 200)
    except (URLError, HTTPException, OSError):
        return False


@dataclass
class Child:
    """A part's process through its lives."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    watch: int = -1
    up: bool = False
    ever_up: bool = False
    restarts: int = 0
    deaths: int = 0
    misses: int = 0
    note: str = ""
    since: float = 0
    next: float = 0

    def start(self) -> None:
        """Start the process; its log goes on where the last life's ended."""
        with self.part.log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                ("/usr/bin/setpriv", "--pdeathsig", "KILL", *self.part.command),
                env=self.part.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C on the terminal is for the supervisor alone
            )
        self.watch = os.pidfd_open(self.process.pid)
        self.up, self.misses, self.since = False, 0, time.monotonic()
        self.next = self.since + _STARTING_LOOK

    def signal(self, number: int, *, group: bool = False) -> None:
        """Send a signal to the process, or to all of its group."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if group:
                os.killpg(self.process.pid, number)
            elif self.process.returncode is None:
                self.process.send_signal(number)

    def bury(self) -> int:
        """Take leave of a process that has ended; returns its exit status, negative for a signal."""
        if self.process is None:
            return 0
        code = self.process.wait()
        os.close(self.watch)
        self.process, self.watch, self.up = None, -1, False
        return code

    def state(self) -> PartState:
        """How it does, for others to read."""
        return PartState(
            name=self.part.name,
            title=self.part.title,
            pid=self.process.pid if self.process else None,
            up=self.up,
            restarts=self.restarts,
            note=self.note,
        )


@dataclass
class Supervisor:
    """All parts together.

    Attributes:
        tell: says aloud what happens, a line each.
        publish: makes known how the parts do, whenever that changes.
        renewing: says, in words, why a part has asked to be started anew.
        look_seconds: how often a part that runs is asked whether it is well.
    """

    parts: Sequence[Part]
    tell: Tell
    publish: Callable[[tuple[PartState, ...]], None]
    renewing: Callable[[], str]
    look_seconds: float = LOOK_SECONDS
    children: list[Child] = field(init=False)
    _stopping: bool = field(init=False, default=False)
    _told: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.children = [Child(part) for part in self.parts]

    def run(self, ready: Callable[[], None]) -> None:
        """Start everything and keep it running until SIGINT or SIGTERM; ``ready`` is called once all parts answer.

        Raises:
            Problem: 802 where a part does not come up at all; the others have been stopped by then.
        """
        _adopt_orphans()
        with _signals(self._stop_soon) as wakened:
            try:
                for child in self.children:
                    child.start()
                self._publish()
                while not self._stopping:
                    self._wait(wakened)
                    self._tend(ready)
            finally:
                self._stop()

    def _stop_soon(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _wait(self, wakened: socket.socket) -> None:
        """Sleep until something happens or is due."""
        poll = select.poll()
        for watch in (wakened.fileno(), *(c.watch for c in self.children if c.process)):
            poll.register(watch, select.POLLIN)
        due = min(child.next for child in self.children)
        poll.poll(max(0, due - time.monotonic()) * 1000)
        with contextlib.suppress(BlockingIOError):
            wakened.recv(100)

    def _tend(self, ready: Callable[[], None]) -> None:
        before = [child.state() for child in self.children]
        for child in self.children:
            if self._stopping:
                return
            self._tend_one(child)
        if [child.state() for child in self.children] != before:
            self._publish()
        _end_orphans({c.process.pid for c in self.children if c.process})
        if not self._told and all(child.up for child in self.children):
            self._told = True
            ready()

    def _tend_one(self, child: Child) -> None:
        now = time.monotonic()
        if child.process and select.select([child.watch], [], [], 0)[0]:
            self._ended(child, child.bury(), now)
        elif child.process is None:
            if now >= child.next:
                child.start()
        elif now >= child.next:
            self._look(child, now)

    def _look(self, child: Child, now: float) -> None:
        """Ask a part how it does."""
        if healthy(child.part.health):
            if not child.up and child.ever_up:
                self.tell(f"“{child.part.title}”已恢复。")
            child.up = child.ever_up = True
            child.misses, child.note = 0, ""
            child.next = now + self.look_seconds
            if now - child.since > STEADY_SECONDS:
                child.deaths = 0
        elif not child.up:
            child.next = now + _STARTING_LOOK
            if now - child.since > PATIENCE:
                self._give_up_life(child, f"启动后 {PATIENCE} 秒没有应答")
        else:
            child.misses += 1
            child.next = now + self.look_seconds
            if child.misses >= MISSES:
                self._give_up_life(child, "长时间没有应答")

    def _give_up_life(self, child: Child, why: str) -> None:
        self.tell(f"“{child.part.title}”{why}，强行结束后重新启动。")
        child.signal(signal.SIGKILL, group=True)  # its end is noticed like any other

    def _ended(self, child: Child, code: int, now: float) -> None:
        if code == RENEW:
            self.tell(self.renewing())
            child.note, child.next = "正在重新启动", now
            return
        self._died(child, f"信号 {-code}" if code < 0 else f"退出码 {code}", now)

    def _died(self, child: Child, how: str, now: float) -> None:
        child.deaths += 1
        if not child.ever_up and child.deaths >= FIRST_TRIES:
            raise Problem(ProblemKind.PART_SILENT, part=child.part.title, log=child.part.log)
        wait = BACK_OFF[min(child.deaths, len(BACK_OFF)) - 1]
        child.restarts += 1
        child.next = now + wait
        child.note = f"意外结束（{how}），正在重新启动"
        self.tell(
            f"“{child.part.title}”意外结束（{how}），{wait:g} 秒后重新启动（第 {child.restarts} 次）。"
            f"日志：{child.part.log}"
        )

    def _publish(self) -> None:
        self.publish(tuple(child.state() for child in self.children))

    def _stop(self) -> None:
        """Stop every part, the last one started first; whatever does not go by itself is killed."""
        for child in reversed(self.children):
            if child.process is None:
                continue
            child.signal(signal.SIGTERM)
            select.select([child.watch], [], [], child.part.seconds_to_stop)
            child.signal(signal.SIGKILL, group=True)  # also runs that a part has started
            child.bury()
        _end_orphans(set())


@contextlib.contextmanager
def _signals(handler: Callable[[int, FrameType | None], None]) -> Iterator[socket.socket]:
    """Have SIGINT and SIGTERM handled, and a socket that turns readable when one comes."""
    wakened, waker = socket.socketpair()
    for end in (wakened, waker):
        end.settimeout(0)
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup sets it
        numbers.append(signal.SIGHUP)
    old = {number: signal.signal(number, handler) for number in numbers}
    woken_before = signal.set_wakeup_fd(waker.fileno())
    try:
        yield wakened
    finally:
        signal.set_wakeup_fd(woken_before)
        for number, before in old.items():
            signal.signal(number, before)
        wakened.close()
        waker.close()


def _adopt_orphans() -> None:
    """Become the parent of whatever a dead part leaves behind."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_orphans(own: set[int]) -> None:
    """End what a dead part left behind: a run without its runner would be in the way of the same one begun again."""
    for pid in _children() - own:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _children() -> set[int]:
    with open(f"/proc/self/task/{os.getpid()}/children") as listed:  # noqa: PTH123 - no path of the project
        return {int(pid) for pid in listed.read().split()}
