"""The daily round (每日巡查): open what is due, remind, look at each measure and phase, record what happened.

Its run graph is the plan's: measures come after those whose ledger they use, phases after their measures and after the
phase before. A run may come late, twice or out of order.
"""

from datetime import date

from prefect import flow

from services.rounds import DAILY
from tasks.reminding import look_at_ladder
from tasks.rounds import (
    RUNNER,
    SAFEGUARDS,
    Future,
    day_of_run,
    look_at_gate,
    look_at_measure,
    open_due,
    read_plan,
    run_name,
    write_down,
)


@flow(
    name="daily-round",
    flow_run_name=run_name("每日巡查"),
    task_runner=RUNNER,
    persist_result=False,
)
def daily_round(as_of: date | None = None) -> int:
    """Do what is due on a day.

    Args:
        as_of: the day; the scheduled one where it is not given.

    Returns:
        How many happenings are new.
    """
    day = day_of_run(as_of)
    plan = read_plan()
    opened = open_due.submit(day)
    reminded = look_at_ladder(day, [opened])
    progress: dict[int, Future] = {}
    for step in plan.measures:
        used = [opened, *(progress[n] for n in step.upstream)]
        progress[step.number] = look_at_measure(step.number, step.name, day, used)
    safeguards = look_at_measure(None, SAFEGUARDS, day, [opened])
    gates: list[Future] = []
    for phase in plan.phases:
        before = [opened, *(progress[n] for n in phase.measures), *gates[-1:]]
        gates.append(look_at_gate(phase, day, before))
    new = write_down(DAILY, day, [*progress.values(), safeguards], gates)
    reminded.result()
    return new
