"""A program that tells which days and hours it sees, as JSON; ``test_zones`` starts it in zones of its own.

Its home holds an empty store; the run that it starts was scheduled for half past midnight in Beijing.
"""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from prefect.client.orchestration import get_client
from prefect.flow_engine import run_flow
from prefect.server.schemas.schedules import CronSchedule
from prefect.states import Scheduled

from deployments.catch_up import due
from deployments.from_plan import deployments
from domain.workdays import BEIJING
from flows.daily_round import daily_round
from models.engine import open_store, reading, writing
from models.rounds import happenings
from services import clock
from services.plan_versions import adopt
from services.plans import load_plan
from services.platform import platform
from services.settings import read_settings

NIGHT = datetime(2025, 9, 30, 16, 30, tzinfo=UTC)
"""Half past midnight of 1 October in Beijing: noon of the 30th in New York, and 1 October already on Kiritimati."""
MORNING = datetime(2025, 9, 30, 22, 30, tzinfo=UTC)
"""Half past six in Beijing: the day's first run should have begun."""


def main() -> None:
    """Look at the clock and the schedules, do a day's round, and tell."""
    settings = read_settings()
    plan = load_plan(settings.plan)
    engine = open_store(settings.store_url)
    with writing(engine) as session:
        adopt(session, plan, at=NIGHT, actor="周岚")
    with platform(settings) as here:
        owed = {one.timetable.name: one.fired.isoformat() for one in due(here, MORNING)}
    with get_client(sync_client=True) as client:
        run = client.create_flow_run(daily_round, state=Scheduled(scheduled_time=NIGHT))
        run_flow(daily_round, flow_run=run, parameters={})
        name = client.read_flow_run(run.id).name
    with reading(engine) as session:
        days = {row.subject: row.day.isoformat() for row in happenings(session, plan.id)}
    told = {
        "offset": str(clock.now().utcoffset()),
        "owed": owed,
        "run": name,
        "happenings": days,
        "starts": {one.name: _starts(one.schedules) for one in deployments(plan)},
    }
    print(json.dumps(told, ensure_ascii=False))  # noqa: T201 - the test listens


def _starts(schedules: Any) -> list[str]:
    """The next two starts of each schedule as Prefect's server reckons them, in Beijing time."""
    found = []
    for one in schedules:
        line = CronSchedule(cron=one.schedule.cron, timezone=one.schedule.timezone)
        found += asyncio.run(line.get_dates(2, start=MORNING))
    return [start.astimezone(BEIJING).isoformat() for start in sorted(found)]


if __name__ == "__main__":
    main()
