"""The part that starts runs: registers the plan's deployments with Prefect's server and serves their schedules.

Started by the supervisor as ``python -m deployments.runner``, while the server may still be starting. Once a newer
version of the plan is in force it ends, to be started again and to register that one.
"""

import asyncio
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from prefect.runner import Runner
from sqlalchemy.exc import DBAPIError

from deployments.catch_up import Due, catch_up, due
from deployments.embedded import PATIENCE
from deployments.from_plan import deployments, reconcile
from deployments.supervisor import RENEW, healthy
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


def main() -> None:
    """Serve until told to stop, or until another version of the plan is in force.

    Raises:
        Problem: 108 where no plan is in force; 709 where the server does not answer.
    """
    at = clock.now()
    with platform(read_settings()) as here:
        owed = due(here, at)
        _wait_for_server()
        asyncio.run(_serve(here, owed, at))


async def _serve(here: Platform, owed: Sequence[Due], at: datetime) -> None:
    """Register, make good for what was missed, then serve; schedules stay as they are when we stop."""
    runner = Runner(name="guanai", pause_on_shutdown=False, webserver=True)
    wanted = deployments(here.plan, str(here.version.number))
    ids = [await runner.aadd_deployment(deployment) for deployment in wanted]
    await reconcile(here.plan)
    await catch_up(here.plan, ids, owed, at)
    await asyncio.to_thread(tell, here)
    runner.last_polled = clock.now()  # its health address reckons from here, and stumbles over None
    await asyncio.gather(runner.start(), _end_with_the_version(here))


async def _end_with_the_version(here: Platform) -> None:
    """End the process once another version of the plan is in force.

    At once, as a kill would: a runner that stops in order has its runs recorded as crashed, while those of one that
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


def _wait_for_server() -> None:
    for _ in range(int(PATIENCE / _PAUSE)):
        if healthy(f"{os.environ['PREFECT_API_URL']}/health"):
            return
        time.sleep(_PAUSE)
    raise Problem(ProblemKind.ENGINE_SILENT, log=Path(os.environ["PREFECT_HOME"]))


if __name__ == "__main__":
    main()
