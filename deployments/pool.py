"""The pool in which runs wait, and the worker that takes them from it: on one machine, or on as many as are wanted.

The queue is Prefect's own. A worker asks the server for runs, starts a process for each, and holds nothing that
another one would miss: which is first at hand takes the run.
"""

import os
import socket
import sys
from pathlib import Path
from typing import Any

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.exceptions import ObjectNotFound
from prefect.workers.process import ProcessWorker

from deployments.sharing import POOL

_DESCRIPTION = "方案的各项工作在这里排队，由空闲的工作机领走；同时进行的次数不超过上限。"
_COMMAND = "python -m prefect.engine"
"""Started straight: Prefect's default would look for a workspace first, at the price of two more processes a run."""


async def keep_pool(limit: int) -> None:
    """Have the pool on the server, with room for ``limit`` runs at once over all workers; nothing leaves it yet.

    It is opened by :func:`open_pool` once everything in it is as it should be.
    """
    template: dict[str, Any] = ProcessWorker.get_default_base_job_template()
    template["variables"]["properties"]["command"]["default"] = _COMMAND
    wanted = {"description": _DESCRIPTION, "base_job_template": template, "concurrency_limit": limit}
    async with get_client() as client:
        if await _found(client):
            await client.update_work_pool(POOL, WorkPoolUpdate(**wanted, is_paused=True))
        else:
            await client.create_work_pool(WorkPoolCreate(name=POOL, type="process", **wanted, is_paused=True))


async def open_pool() -> None:
    """Let workers take runs."""
    async with get_client() as client:
        await client.update_work_pool(POOL, WorkPoolUpdate(is_paused=False))


async def work(name: str, runs: int, *, watched: bool) -> None:
    """Take runs from the pool until cancelled; runs in progress are ended then, and reported as cut off.

    Args:
        name: how the worker is called on Prefect's pages.
        runs: how many runs it has in progress at once; with 0 it takes none.
        watched: whether a health address is served (PREFECT_WORKER_WEBSERVER_HOST and ``_PORT``).
    """
    own = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join(
        [own, os.environ.get("PATH", "")]
    )  # where runs find this very Python
    worker = ProcessWorker(work_pool_name=POOL, name=name, limit=runs, create_pool_if_not_found=False)
    await worker.start(with_healthcheck=watched, printer=lambda _: None)


def worker_name() -> str:
    """What a worker is called where nobody says otherwise: as its machine, in characters that Prefect takes."""
    return socket.gethostname().replace("/", "-").replace("%", "-")


async def _found(client: PrefectClient) -> bool:
    try:
        await client.read_work_pool(POOL)
    except ObjectNotFound:
        return False
    return True
