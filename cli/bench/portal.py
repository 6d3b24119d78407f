"""The portal of a large office while many ask at once, beside a page that asks nothing of anybody; and many who hand in.

A real portal's process on loopback, as the supervisor starts it. Whoever asks is in this process, so that on two cores
each has one.
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from cli.bench.bare import FACTORY
from cli.bench.busy_office import BusyOffice, busy_office
from cli.bench.crowd import Answer, Latency, Request, ask, at_once
from cli.bench.measure import Cost
from cli.bench.processes import RunFailedError, children_of, cpu_of, memory_of
from cli.bench.results import Result, Row, Target
from cli.bench.scene import Scene
from cli.bench.stores import Stores
from cli.terminal import tracked
from deployments.embedded import PATIENCE, free_port
from deployments.parts import LOOPBACK, PORTAL, portal_command
from deployments.supervisor import healthy
from models.engine import reading
from models.tables import SubmissionRow
from services.settings import DATABASE_URL, DATABASE_URL_FILE, HOME, PREFIX

OFFICE_PAGE, UNIT_PAGE = Target(p95=0.2), Target(p95=0.1)
NOTES = (
    "“不停”：每人一得到应答就再请求；“每秒一次”：每人每秒看一页。请求由测试进程的线程用标准库 http.client 发出。",
    "“处理器用时”只计页面进程的；每个进程同一时刻只应答一人，同时请求的人依次得到应答。",
)


@dataclass(frozen=True)
class Load:
    """How much is asked of the portal.

    Attributes:
        units: of the plan.
        people: who ask at once.
        pages: how many each looks at.
        submissions: how many hand in at once.
        pause: seconds between two looks of somebody who reads.
        processes: that answer.
    """

    units: int
    people: int
    pages: int
    submissions: int
    pause: float = 1.0
    processes: int = 1


def portal(scene: Scene, stores: Stores, plan: Path, folder: Path, load: Load) -> Result:
    """Every page of the list, then the submissions.

    Args:
        scene: the plan, with its sample.
        stores: the kind of store.
        plan: folder of the plan, by which the portal finds it.
        folder: for its home and log.
        load: how much.

    Raises:
        RuntimeError: where a page is refused or an answer is missing, or a submission that got a receipt.
    """
    with stores.fresh() as engine:
        for _ in tracked(range(1), f"准备数据（{stores.name}，{load.units:,} 个单位）", 1):
            office = busy_office(engine, scene, load.units)
        own = {
            HOME: str(folder),
            PREFIX + "PLAN": str(plan),
            DATABASE_URL: engine.url.render_as_string(hide_password=False),
        }
        with (
            _server(PORTAL, own, folder, load.processes) as ours,
            _server(FACTORY, own, folder, load.processes) as bare,
        ):
            rows = [*_pages(office, load, ours, bare), *_submissions(office, load, ours)]
            rows.append(Row("内存：页面进程", memory=sum(map(memory_of, ours.processes))))
    size = f"{len(office.scene.plan.units):,} 个单位，{len(office.items):,} 项"
    title = f"页面（{stores.name}，{size}，{load.processes} 个页面进程）"
    return Result("portal", title, tuple(rows), NOTES)


@dataclass(frozen=True)
class _Server:
    """A web server's processes."""

    port: int
    processes: tuple[int, ...]

    def row(self, what: str, crowd: Callable[[], list[Answer]], people: int, good: Sequence[int]) -> Row:
        """What it takes to answer a crowd; every answer must be good."""
        before, started = self._cpu(), time.perf_counter()
        answers = crowd()
        wall, cpu = time.perf_counter() - started, self._cpu() - before
        for answer in answers:
            if answer.status not in good:
                raise RuntimeError(f"{what}: {answer.status} {answer.body[-500:].decode(errors='replace')}")
        latency = Latency.of(answers)
        return Row(what, Cost(wall, cpu), len(answers), "个应答", latency=latency, at_once=people)

    def _cpu(self) -> float:
        return sum(map(cpu_of, self.processes))


def _pages(office: BusyOffice, load: Load, ours: _Server, bare: _Server) -> Iterator[Row]:
    desks, liaisons = office.sessions(load.people)
    own = [(f"/units/{unit}", cookie) for unit, cookie in liaisons]
    items = office.last_items([unit for unit, _ in liaisons])
    forms = [(f"/units/{unit}/items/{items[unit]}", cookie) for unit, cookie in liaisons]
    pages = (
        ("我的账号（不问事项）", [("/account", cookie) for cookie in desks], None),
        ("平台状态 /platform", [("/platform", cookie) for cookie in desks], OFFICE_PAGE),
        ("办公室首页 /office", [("/office", cookie) for cookie in desks], OFFICE_PAGE),
        ("单位首页 /units/…", own, UNIT_PAGE),
        ("填报页 /units/…/items/…", forms, UNIT_PAGE),
    )
    for title, asked, target in tracked(pages, "页面", len(pages)):
        requests = [Request(path, {"Cookie": cookie}) for path, cookie in asked]
        (first,) = ask(ours.port, requests[0])
        if first.status == 404:
            yield Row(f"{title}：本版本没有此页，未测")
            continue
        people = [[request] * load.pages for request in requests]
        nothing = [[Request(f"/{len(first.body)}")] * load.pages] * len(people)
        for how, pause in (("不停", 0.0), (_each(load.pause), load.pause)):
            floor = bare.row(
                "└ 对照：同样大小的空页", partial(at_once, bare.port, nothing, pause), load.people, (200,)
            )
            row = ours.row(
                f"{title}，{load.people} 人{how}",
                partial(at_once, ours.port, people, pause),
                1 if pause else load.people,
                (200,),
            ).compared(floor, "对照")
            each = replace(target, cores=load.processes) if target else None
            yield from (row.held_to(each) if each else row, floor)


def _each(pause: float) -> str:
    return "每秒一次" if pause == 1 else f"每 {pause:g} 秒一次"


def _submissions(office: BusyOffice, load: Load, ours: _Server) -> Iterator[Row]:
    """As many units hand in at the same moment; each must get a receipt, and be there."""
    sent = office.submissions(load.submissions)
    before = _stored(office)
    row = ours.row(
        f"报送：{len(sent)} 个单位同时经接口报送",
        partial(at_once, ours.port, [[request] for request in sent]),
        len(sent),
        (201,),
    )
    if (found := _stored(office) - before) != len(sent):
        raise RuntimeError(f"of {len(sent)} submissions with a receipt {found} are there")
    yield row


def _stored(office: BusyOffice) -> int:
    with reading(office.engine) as session:
        return session.scalar(select(func.count()).select_from(SubmissionRow)) or 0


@contextmanager
def _server(factory: str, own: dict[str, str], folder: Path, processes: int) -> Iterator[_Server]:
    """A web server of so many processes; ended with the block, and with this process however that ends."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k != DATABASE_URL_FILE} | own
    log = folder / f"{factory.partition('.')[0]}.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - our own command
            (
                "/usr/bin/setpriv",
                "--pdeathsig",
                "KILL",
                *portal_command(LOOPBACK, port, factory, processes=processes),
            ),
            env=environment,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        ) as process,
    ):
        try:
            deadline = time.monotonic() + PATIENCE
            while not healthy(f"http://{LOOPBACK}:{port}/health"):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RunFailedError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
                time.sleep(0.05)
            yield _Server(port, (process.pid, *children_of(process.pid)))
        finally:
            process.terminate()
