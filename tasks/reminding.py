"""The ladder's step of the daily round as a Prefect task."""

from collections.abc import Sequence
from datetime import date

from prefect import task
from prefect.cache_policies import NO_CACHE

from services import reminding
from services.platform import ACTOR, platform
from services.settings import read_settings
from tasks.rounds import REMIND, Future


@task(name="remind", task_run_name=REMIND, cache_policy=NO_CACHE)
def remind(as_of: date) -> int:
    """Plan what the ladder owes, on a working day; says how many messages are new.

    A run that comes late looks at the present: whoever has handed in since its day is not reminded any more.
    """
    with platform(read_settings()) as here:
        job = here.round(as_of)
        return reminding.plan_now(
            here.engine, here.plan, as_of=as_of, calendar=job.calendar, at=job.at, by=ACTOR
        ).messages


def look_at_ladder(day: date, after: Sequence[Future]) -> Future:
    """Submit the ladder's step, to start once the steps ``after`` which it comes are done."""
    return remind.submit(day, wait_for=after, return_state=False)
