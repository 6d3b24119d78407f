"""A district with a year of sample material handed in, for tests of reports; and a program that reports on it.

Run as a program (``python -m tests.reports HOME OUT``) it makes the year's report step by step and tells each document
as it is done; ``test_reporting`` kills it.
"""

import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from domain.report.material import Issue
from models.engine import make_engine, migrate
from services import clock, reporting
from services.orders import Order, annual_order
from services.plans import load_plan
from services.sample.behaviour import Behaviour
from services.sample.desk import Desk
from services.sample.spec import SampleSpec
from services.sample.year import past
from services.settings import Settings, read_settings
from services.workcalendar import work_calendar
from tests.linhe import LINHE

YEAR = 2025
DAY = date(2025, 12, 31)


def settings_of(home: Path) -> Settings:
    """Settings of a home with 临河县's plan."""
    return Settings(home=home, plan=LINHE)


def hand_in_a_year(home: Path, store: str = "") -> None:
    """Open, hand in and accept everything that 临河县 owes for the year, in ``store`` or the home's own."""
    settings = settings_of(home).model_copy(update={"database_url": store})
    engine = make_engine(settings.store_url)
    migrate(engine)
    plan = load_plan(settings.plan)
    behaviour = Behaviour(plan, SampleSpec(), seed=1)
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    desk = Desk(engine, plan, calendar, behaviour, home / "forms")
    for _ in past(desk, YEAR):
        pass
    engine.dispose()


def make_report(
    settings: Settings,
    out: Path,
    tell: Callable[[str], None] = lambda _: None,
    issue: Issue | None = None,
    day: date = DAY,
    order: Order | None = None,
) -> Path:
    """The steps of the flow, without Prefect; of the year's report where no other is ordered."""
    order = order or annual_order(YEAR, day, out, issue or Issue(sample=True))
    with reporting.exclusive(settings, order):
        folder = reporting.freeze_facts(settings, order)
        wanted = reporting.jobs(reporting.read_snapshot(folder)[0])
        tell("frozen")
        for job in reporting.render(folder, wanted):
            tell(job.name)
        reporting.check(folder, wanted)
        tell("checked")
        return reporting.file(settings, order, folder, at=clock.now(), actor="测试")


if __name__ == "__main__":
    os.environ["GUANAI_HOME"], os.environ["GUANAI_PLAN"] = sys.argv[1], str(LINHE)
    make_report(read_settings(), Path(sys.argv[2]), lambda step: print(step, flush=True))  # noqa: T201 - to its parent
