"""The part that sees to the runs: registers the plan's deployments, makes good for what was missed, takes runs itself.

Started by the supervisor as ``python -m deployments.runner``, while the server may still be starting. Once a newer
version of the plan is in force it ends, to be started again and to register that one.
"""

import asyncio
import os
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from deployments.automations import automations, reconcile_automations
from deployments.catch_up import Due, catch_up, due
from deployments.embedded import PATIENCE
from deployments.from_plan import register
from deployments.pool import keep_pool, open_pool, work, worker_name
from deployments.supervisor import RENEW, healthy
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from models.engine import reading
from services import clock
from services.plan_versions import current
from services.platform import Platform, platform
from services.settings import read_settings
from tasks.events import tell

LOOK_SECONDS = 10
"""How often it looks which version of the plan is in force."""
_PAUSE = 0.2


def main(arguments: Sequence[str] | None = None) -> None:
    """Put everything in order, then take runs until told to stop, or until another version of the plan is in force.

    What is in progress then is begun again at the next start, or by another machine.

    Raises:
        Problem: 108 where no plan is in force; 709 where the server does not answer.
    """
    told = _parser().parse_args(arguments)
    at = clock.now()
    settings = read_settings()
    with platform(settings) as here:
        owed = due(here, at)
        _wait_for_server()
        asyncio.run(_serve(here, told, owed, at, settings.dead_after))


async def _serve(here: Platform, told: Namespace, owed: Sequence[Due], at: datetime, dead_after: int) -> None:
    """Everything in its order, then runs; schedules stay as they are when we stop."""
    version = str(here.version.number)
    await keep_pool(told.pool_runs)
    await put_in_order(here.plan, version, owed, at, dead_after=dead_after, alone=not told.pool)
    await asyncio.to_thread(tell, here)
    await open_pool()
    await asyncio.gather(work(worker_name(), told.runs, watched=True), _end_with_the_version(here))


async def put_in_order(
    plan: Plan, version: str, owed: Sequence[Due], at: datetime, *, dead_after: int, alone: bool
) -> None:
    """Have on the server what the plan asks for and nothing else of ours, and make good for what was missed."""
    ids = await register(plan, version)
    await reconcile_automations(automations(plan, ids, timedelta(seconds=dead_after)))
    await catch_up(plan, list(ids.values()), owed, at, alone=alone)


async def _end_with_the_version(here: Platform) -> None:
    """End the process once another version of the plan is in force.

    At once, as a kill would: a worker that stops in order has its runs recorded as crashed, while those of one that
    is gone are begun again at the next start.
    """
    while await asyncio.to_thread(_in_force, here) == here.version.number:
        await asyncio.sleep(LOOK_SECONDS)
    os._exit(RENEW)


def _in_force(here: Platform) -> int:
    """The number of the version in force; ours while the store does not answer, which others will tell."""
    with suppress(DBAPIError), reading(here.engine) as session:
        found = current(session, here.plan.id)
        return found[1].number if found else here.version.number
    return here.version.number


def _parser() -> ArgumentParser:
    parser = ArgumentParser()
    parser.add_argument("--pool", action="store_true", help="other machines take runs as well")
    parser.add_argument("--runs", type=int, required=True, help="runs at once on this machine")
    parser.add_argument("--pool-runs", type=int, required=True, help="runs at once on all machines")
    return parser


def _wait_for_server() -> None:
    for _ in range(int(PATIENCE / _PAUSE)):
        if healthy(f"{os.environ['PREFECT_API_URL']}/health"):
            return
        time.sleep(_PAUSE)
    raise Problem(ProblemKind.ENGINE_SILENT, log=Path(os.environ["PREFECT_HOME"]))


if __name__ == "__main__":
    main()
