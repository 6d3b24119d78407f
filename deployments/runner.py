"""The part that sees to the runs: registers the plan's deployments, makes good for what was missed, takes runs itself.

Started by the supervisor as ``python -m deployments.runner``, while the server may still be starting.
"""

import asyncio
import os
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from deployments.automations import automations, reconcile_automations
from deployments.catch_up import Due, catch_up, due
from deployments.embedded import PATIENCE
from deployments.from_plan import register
from deployments.pool import keep_pool, open_pool, work, worker_name
from deployments.supervisor import healthy
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from services import clock
from services.platform import platform
from services.settings import read_settings

_PAUSE = 0.2


def main(arguments: Sequence[str] | None = None) -> None:
    """Put everything in order, then take runs until told to stop.

    What is in progress when it is stopped is begun again at the next start, or by another machine.

    Raises:
        Problem: 108 where no plan is in force; 709 where the server does not answer.
    """
    told = _parser().parse_args(arguments)
    at = clock.now()
    settings = read_settings()
    with platform(settings) as here:
        plan, owed, version = here.plan, due(here, at), str(here.version.number)
    _wait_for_server()

    async def serve() -> None:
        await keep_pool(told.pool_runs)
        await put_in_order(plan, version, owed, at, dead_after=settings.dead_after, alone=not told.pool)
        await open_pool()
        await work(worker_name(), told.runs, watched=True)

    asyncio.run(serve())


async def put_in_order(
    plan: Plan, version: str, owed: Sequence[Due], at: datetime, *, dead_after: int, alone: bool
) -> None:
    """Have on the server what the plan asks for and nothing else of ours, and make good for what was missed."""
    ids = await register(plan, version)
    await reconcile_automations(automations(plan, ids, timedelta(seconds=dead_after)))
    await catch_up(plan, list(ids.values()), owed, at, alone=alone)


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
