"""Sending messages: beside a plain loop over ``smtplib`` on the same server; and with senders that are killed."""

import resource
import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from sqlalchemy import Engine

from cli.bench.killed_senders import BY, killed_senders
from cli.bench.measure import Stopwatch, in_turn
from cli.bench.results import Result, Row, Target
from cli.bench.scene import Scene
from cli.bench.sinks import Taken, mail_sink
from cli.bench.stores import Stores
from domain.messages import MessageKind, MessageState, Post
from domain.workdays import BEIJING
from models.engine import writing
from models.messages import ContactAddressRow, ContactRow
from services.delivery.channels_file import read_channels
from services.delivery.composing import Desk
from services.delivery.mailroom import Mailroom
from services.delivery.sending import send_due
from services.enqueue import Owed, enqueue_all
from services.plan_versions import adopt, plan_sha256

MEMORY = Target(memory=64 * 1024 * 1024)
"""What sending may hold beyond what was held before, however many messages wait."""
_WORDS = ["请于本周内报送尚未报送的工作；确有困难的，请与领导小组办公室联系。"]
NOTE = (
    "两者发给本机同一个邮件服务器，只计发送一方。本平台每条写一封有纯文本和 HTML 的邮件，发送前后各登记一次；"
    "对照只把写好的一封邮件逐条发出，什么也不登记。"
)


def sending(scene: Scene, stores: Stores, folder: Path, messages: int, rounds: int) -> Result:
    """Send a whole queue, beside a plain loop over the same number of mails.

    Args:
        scene: the plan.
        stores: the kind of store.
        folder: for the file of channels.
        messages: how many are queued.
        rounds: how often each trial is run.

    Raises:
        RuntimeError: where a message did not arrive exactly once.
    """
    taken = Taken()
    with mail_sink(taken) as port:
        trials = _Trials(scene, stores, folder, messages, taken, port)
        costs = in_turn(f"发送（{stores.name}）", {"ours": trials.ours, "bare": trials.bare}, rounds)
    bare = Row("└ 对照：smtplib 逐条发送", costs["bare"], messages, "条")
    ours = Row("发送排队的消息", costs["ours"], messages, "条").compared(bare, "对照")
    memory = Row("├ 内存：发送期间增加", memory=trials.held).held_to(MEMORY)
    return Result("reminders-send", f"发送消息（{stores.name}）", (ours, memory, bare), (NOTE,))


def killing(scene: Scene, plan_folder: Path, folder: Path, messages: int, kills: int) -> Result:
    """Have two senders killed again and again, and tell what came of the messages."""
    found = killed_senders(folder, plan_folder, scene.plan, messages=messages, kills=kills, seed=7)
    rows = (
        Row("应发的消息", count=found.messages, unit="条"),
        Row("发送程序被强行终止（kill -9）", count=found.kills, unit="次"),
        Row("丢失", count=found.lost, unit="条"),
        Row("不应有的重复", count=found.twice, unit="条"),
        Row("曾经存疑，台账中有记录", count=found.doubts, unit="条"),
        Row("└ 按同一编号再发，收件一方据以丢弃的", count=found.copies, unit="封"),
        Row("└ 对方不认得同一消息，留待办公室核实的", count=found.open_doubts, unit="条"),
    )
    note = f"两个发送程序同时运行，模拟 {len(scene.plan.years)} 个年度，用时 {found.seconds:.0f} 秒。"
    return Result("reminders-killed", "发送程序被终止", rows, (note,))


class _Trials:
    """Our sender and a plain loop, on the same server."""

    def __init__(
        self, scene: Scene, stores: Stores, folder: Path, messages: int, taken: Taken, port: int
    ) -> None:
        self._scene, self._stores, self._folder = scene, stores, folder
        self._messages, self._taken, self._port = messages, taken, port
        self._at = datetime.combine(scene.plan.start, datetime.min.time(), BEIJING) + timedelta(hours=9)
        self.held = 0

    def ours(self, watch: Stopwatch) -> None:
        """Send a queue that was filled before."""
        self._taken.copies.clear()
        with self._stores.fresh() as engine:
            self._fill(engine)
            room = self._room(engine)
            before = _most_held()
            with watch:
                done = send_due(room, worker=BY, now=lambda: self._at)
            self.held = max(self.held, _most_held() - before)
        self._see(done.came_to[MessageState.SENT])

    def bare(self, watch: Stopwatch) -> None:
        """Send one mail again and again."""
        self._taken.copies.clear()
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = (
            "office@example.cn",
            "liaison@example.cn",
            "催办：请尽快报送",
        )
        mail["Message-ID"] = ""
        mail.set_content("\n".join(_WORDS))
        with watch, smtplib.SMTP("127.0.0.1", self._port) as server:
            for _ in range(self._messages):
                mail.replace_header("Message-ID", make_msgid(domain="example.cn"))
                server.send_message(mail)
        self._see(self._messages)

    def _see(self, sent: int) -> None:
        arrived = len(self._taken.copies), sum(self._taken.copies.values())
        if (sent, *arrived) != (self._messages,) * 3:
            raise RuntimeError(f"{self._messages} were owed, {sent} sent, {arrived} arrived")

    def _room(self, engine: Engine) -> Mailroom:
        mail = f'host = "127.0.0.1"\nport = {self._port}\nsecurity = "none"\nsender = "office@example.cn"\n'
        path = self._folder / "channels.toml"
        path.write_text(f'[[channel]]\nname = "mail"\nkind = "smtp"\n{mail}', encoding="utf-8")
        desk = Desk(self._scene.plan, plan_sha256(self._scene.plan), self._scene.calendar)
        channels = read_channels(path, self._folder)
        return Mailroom(engine, self._scene.plan, channels, desk, self._folder, b"")

    def _fill(self, engine: Engine) -> None:
        plan, at = self._scene.plan, self._at
        made = {"plan_id": plan.id, "post": Post.LIAISON, "name": "联络员", "made_at": at, "made_by": BY}
        with writing(engine) as session:
            adopt(session, plan, at=at, actor=BY)
            rows = [ContactRow.model_validate(made | {"unit": unit.id}) for unit in plan.units]
            session.add_all(rows)
            session.flush()
            contacts = [row.id or 0 for row in rows]
            session.add_all(
                ContactAddressRow(contact_id=one, channel="mail", address=f"liaison-{one}@example.cn")
                for one in contacts
            )
            enqueue_all(session, plan, self._owed(contacts), by=BY, at=at)

    def _owed(self, contacts: list[int]) -> Iterator[Owed]:
        for number in range(self._messages):
            yield Owed(
                kind=MessageKind.URGE,
                contact=contacts[number % len(contacts)],
                channel="mail",
                day=self._at.date(),
                next_at=self._at,
                content={"title": "请尽快报送", "paragraphs": _WORDS},
                subject=f"urge/{number}",
            )


def _most_held() -> int:
    """The most memory that this process has held so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
