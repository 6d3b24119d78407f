"""The part that starts runs: registers the plan's deployments with Prefect's server and serves their schedules.

Started by the supervisor as ``python -m deployments.runner``, while the server may still be starting.
"""

import asyncio
import os
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner

from deployments.catch_up import Due, catch_up, due
from deployments.embedded import PATIENCE
from deployments.from_plan import deployments, reconcile
from deployments.supervisor import healthy
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from services import clock
from services.platform import platform
from services.settings import read_settings

_PAUSE = 0.2


def main() -> None:
    """Serve until told to stop.

    Raises:
        Problem: 108 where no plan is in force; 709 where the server does not answer.
    """
    at = clock.now()
    with platform(read_settings()) as here:
        plan, owed = here.plan, due(here, at)
        wanted = deployments(plan, str(here.version.number))
    _wait_for_server()
    asyncio.run(_serve(plan, wanted, owed, at))


async def _serve(plan: Plan, wanted: Sequence[RunnerDeployment], owed: Sequence[Due], at: datetime) -> None:
    """Register, make good for what was missed, then serve; schedules stay as they are when we stop."""
    runner = Runner(name="guanai", pause_on_shutdown=False, webserver=True)
    ids = [await runner.aadd_deployment(deployment) for deployment in wanted]
    await reconcile(plan)
    await catch_up(plan, ids, owed, at)
    runner.last_polled = clock.now()  # its health address reckons from here, and stumbles over None
    await runner.start()


def _wait_for_server() -> None:
    for _ in range(int(PATIENCE / _PAUSE)):
        if healthy(f"{os.environ['PREFECT_API_URL']}/health"):
            return
        time.sleep(_PAUSE)
    raise Problem(ProblemKind.ENGINE_SILENT, log=Path(os.environ["PREFECT_HOME"]))


if __name__ == "__main__":
    main()
